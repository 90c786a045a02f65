"""Settings of the way there: [trajectory]."""

from dataclasses import dataclass

from lupex.base.gate import numbers_checked
from lupex.model.settings.setting import setting

CHANDRAYAAN3 = "Chandrayaan-3: flown in 2023 (press, secondary)"


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class TrajectorySettings:
    """[trajectory]: launch, transfer, lunar orbit and descent."""

    launcher: str = setting(
        "h3_24l", "launcher", "ISRO release, 2025-05-15: H3-24L carries LUPEX", catalogue="launchers"
    )
    site_lat_deg: float = setting(
        -89.45, "latitude of the landing where no other place is named", minimum=-90.0, maximum=90.0
    )
    site_lon_deg: float = setting(
        222.69, "east longitude of the landing where no other place is named", minimum=-360.0, maximum=360.0
    )
    transfer: str = setting(
        "loops", "direct: one burn of the launcher; loops: burns of the lander at the perigee",
        "assumption: loops as Chandrayaan-3 flew; LUPEX's transfer is unpublished", choices=("direct", "loops"),
    )  # fmt: skip
    loop_days: float = setting(
        18.0, "days of loops about the Earth between launch and the last burn",
        "Chandrayaan-3: launch 14 July, burn 1 August 2023 (secondary)", minimum=0.0, maximum=90.0,
    )  # fmt: skip
    min_flight_days: float = setting(3.0, "shortest flight from the last burn to the Moon", minimum=2.5, maximum=4.9)
    max_flight_days: float = setting(
        4.9, "longest flight from the last burn to the Moon; at most 4.9", minimum=2.5, maximum=4.9
    )
    parking_altitude_km: float = setting(
        200.0, "height of the perigee from which the way to the Moon begins", minimum=120.0, maximum=2000.0
    )
    orbit_altitude_km: float = setting(
        100.0, "height of the polar orbit about the Moon", "Chandrayaan-1 and -2: 100 km", minimum=15.0, maximum=1000.0
    )
    capture_apolune_km: float = setting(
        18_074.0, "apolune after the first burn at the Moon", CHANDRAYAAN3, minimum=100.0, maximum=50_000.0
    )
    capture_burns: int = setting(
        5, "burns at the perilune from the hyperbola to the circular orbit, the first into capture_apolune_km",
        "Chandrayaan-3: 5, 6, 9, 14 and 16 August 2023 (press, secondary)", minimum=2, maximum=12,
    )  # fmt: skip
    max_polar_offset_deg: float = setting(
        2.0, "largest departure of the orbit's inclination from 90 degrees", minimum=0.0, maximum=90.0
    )
    min_orbit_days: float = setting(3.0, "shortest wait in orbit before landing", minimum=0.0, maximum=90.0)
    max_orbit_days: float = setting(
        30.0, "longest wait in orbit before landing",
        "assumption: Chandrayaan-3 landed 18 days after capture; a month sees every longitude twice",
        minimum=0.0, maximum=180.0,
    )  # fmt: skip
    min_sun_elevation_deg: float = setting(
        1.5, "lowest Sun over the level horizon at touchdown",
        "assumption: the whole disc over ground that rises by a degree, rocks of 0.5 m with shadows of 19 m; at 89.5 S "
        "the Sun reaches 2.0 degrees, at 85 S 6.5; Chandrayaan-2 asked for 6 at 70 S (Mathavaraj 2020)",
        minimum=-10.0, maximum=90.0,
    )  # fmt: skip
    max_sun_elevation_deg: float = setting(90.0, "highest Sun at touchdown; 90: no limit", minimum=-10.0, maximum=90.0)
    min_lit_days: float = setting(
        30.0, "least lit days after landing", "JAXA sunlight-day map: white where 30 days or more", minimum=0.0
    )
    earth_at_landing: bool = setting(True, "the Earth must be in view of the site at touchdown")
    contact_at_landing: bool = setting(
        True, "an antenna of [ground] must have the Moon in view at touchdown; not asked where there is none"
    )
    max_eclipse_hours: float = setting(
        6.0, "longest time from arrival to landing in which the Earth hides part of the Sun",
        "assumption: one eclipse of the Moon with its penumbra", minimum=0.0, maximum=1000.0,
    )  # fmt: skip
    lander_height_m: float = setting(2.0, "height of what must be lit, above the ground", minimum=0.0, maximum=100.0)
    delta_v_margin_fraction: float = setting(
        0.05, "margin on every burn", "assumption: margin on computed manoeuvres usual in early phases",
        minimum=0.0, maximum=1.0,
    )  # fmt: skip
    correction_m_s: float = setting(
        30.0, "burns that correct the transfer, keep the orbit and loops' own", minimum=0.0, maximum=1000.0
    )
    min_landed_mass_kg: float = setting(
        0.0, "least mass on the ground; 0: dry mass and payload of the lander where stated, else no limit", minimum=0.0
    )
    injection_error_m_s: float = setting(
        1.0,
        "1-sigma error of each component of the speed after the burn towards the Moon",
        "assumption: a burn of the lander ended by its accelerometers",
        minimum=0.0,
        maximum=100.0,
    )
    first_correction_days: float = setting(1.0, "from that burn to the first correction", minimum=0.1, maximum=3.0)
    last_correction_days: float = setting(1.0, "from the last correction to the perilune", minimum=0.1, maximum=2.0)
    orbit_known_km: float = setting(
        1.0, "1-sigma error of each component of the place known at a correction", minimum=0.0, maximum=1000.0
    )
    orbit_known_m_s: float = setting(
        0.02, "1-sigma error of each component of the speed known then", minimum=0.0, maximum=10.0
    )
    burn_error_fraction: float = setting(
        0.01, "1-sigma error of the size of a correction, and of its direction in radians", minimum=0.0, maximum=0.5
    )
    in_study: bool = setting(True, "a study asks when to launch for its sites, and says so in its report")
    study_days: float = setting(
        365.0, "span of launches that a study looks at, from the start of [light] on", minimum=1.0, maximum=3660.0
    )
    study_cell_hours: float = setting(
        24.0, "a study looks at one launch in every so many hours", minimum=6.0, maximum=240.0
    )
