"""Settings of the powered descent: [descent]."""

from dataclasses import dataclass

from lupex.base.gate import numbers_checked
from lupex.model.settings.setting import setting

FLOWN = "Chandrayaan-3: rough braking 690 s from 30 km to 7.42 km, 358 m/s along, 61 m/s down (press, secondary)"


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class DescentSettings:
    """[descent]: from the deorbit burn to touchdown, in the phases Chandrayaan-3 flew."""

    perilune_km: float = setting(30.0, "height at which braking begins", FLOWN, minimum=5.0, maximum=100.0)
    gate_km: float = setting(7.42, "height at which rough braking ends", FLOWN, minimum=1.0, maximum=50.0)
    gate_speed_m_s: float = setting(358.0, "speed along the ground there", FLOWN, minimum=0.0, maximum=1000.0)
    gate_sink_m_s: float = setting(61.0, "speed down there", FLOWN, minimum=0.0, maximum=500.0)
    hold_s: float = setting(10.0, "attitude held for the altimeters", FLOWN, minimum=0.0, maximum=120.0)
    fine_braking_s: float = setting(
        175.0,
        "from there to hovering",
        "assumption: quoted from memory for Chandrayaan-3",
        minimum=20.0,
        maximum=1000.0,
    )
    hover_m: float = setting(
        800.0, "height of hovering", "Chandrayaan-3: 800 to 1300 m (press, secondary)", minimum=50.0, maximum=5000.0
    )
    hover_s: float = setting(12.0, "time of hovering", minimum=0.0, maximum=300.0)
    vertical_s: float = setting(90.0, "from hovering to 10 m over the ground", minimum=10.0, maximum=600.0)
    touchdown_m_s: float = setting(
        1.5, "speed of the last 10 m", "Chandrayaan-3: at most 2 m/s (press, secondary)", minimum=0.1, maximum=10.0
    )
    thrust_use_fraction: float = setting(
        0.92, "largest share of the thrust the nominal braking asks for; the rest is for dispersions",
        minimum=0.3, maximum=1.0,
    )  # fmt: skip
    max_sink_m_s: float = setting(
        2.0, "fastest touchdown, down", "Chandrayaan-3 (press, secondary)", minimum=0.1, maximum=20.0
    )
    max_drift_m_s: float = setting(
        0.5, "fastest touchdown, sideways", "Chandrayaan-3 (press, secondary)", minimum=0.01, maximum=20.0
    )
    max_tilt_deg: float = setting(
        20.0, "largest angle of the thrust from the vertical in the last 10 m and the way down to them",
        minimum=1.0, maximum=90.0,
    )  # fmt: skip
    orbit_error_along_m: float = setting(
        -1.0, "1-sigma error along the track of the orbit known at the start of braking; -1: as [ellipse] gives it",
        "computed from [ellipse]", minimum=-1.0, maximum=100_000.0,
    )  # fmt: skip
    orbit_error_across_m: float = setting(
        -1.0, "1-sigma error across the track and in height then; -1: as [ellipse] gives it",
        "computed from [ellipse]", minimum=-1.0, maximum=100_000.0,
    )  # fmt: skip
    orbit_error_m_s: float = setting(
        -1.0, "1-sigma error of each component of the speed then; -1: as [ellipse] gives it",
        "computed from [ellipse]", minimum=-1.0, maximum=100.0,
    )  # fmt: skip
    map_error_m: float = setting(
        30.0, "1-sigma error of the place that terrain-relative navigation finds",
        "assumption: first look at hardware in orbiter images, 30 m (LROC)", minimum=0.0, maximum=100_000.0,
    )  # fmt: skip
    terrain_navigation: bool = setting(True, "the descent sees the ground from the end of the held attitude on")
    thrust_error_fraction: float = setting(0.01, "1-sigma error of the thrust", minimum=0.0, maximum=0.2)
    isp_error_fraction: float = setting(0.003, "1-sigma error of the specific impulse", minimum=0.0, maximum=0.1)
    runs: int = setting(1000, "descents of the Monte Carlo", minimum=10, maximum=1_000_000)
