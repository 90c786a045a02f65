"""Settings of the touchdown, the rover's first drive and their places: [dispersion], [ellipse], [hazard], [reach],
[position]."""

from dataclasses import dataclass

from lupex.base.gate import numbers_checked
from lupex.model.settings.setting import ASSUMPTION, setting

ROSENBURG = "Rosenburg et al. 2011, JGR 116, E02001, Table 2, south polar region (read in secondary transcriptions)"
LI = "assumption: form and coefficients after Li et al. 2017, Planet. Space Sci. 146, 30, quoted from memory"
CARR = "Carr 2001, read in the source of the open planner pextant"


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class DispersionSettings:
    """[dispersion]: where the lander comes down when it aims at a point, and how it dodges hazards."""

    along_sigma_m: float = setting(
        167.0,
        "1-sigma landing error along the ground track",
        "assumption: unpublished; 3 sigma fill the 1 km x 1 km landing area (WION 2023-11-23, secondary)",
        minimum=0.001,
        maximum=100_000.0,
    )
    cross_sigma_m: float = setting(
        167.0,
        "1-sigma landing error across the ground track",
        "assumption: unpublished; 3 sigma fill the 1 km x 1 km landing area (WION 2023-11-23, secondary)",
        minimum=0.001,
        maximum=100_000.0,
    )
    track_azimuth_true_deg: float = setting(
        0.0, "direction of the ground track at the site, clockwise from true north", minimum=-360.0, maximum=360.0
    )
    avoid_radius_m: float = setting(
        60.0,
        "how far the lander may move aside to safer ground in the last phase; 0: not at all",
        "Chandrayaan-3: 60 m to either side from 150 m up (N. Desai, ISRO/SAC, via ANI 2023-08-22, secondary)",
        minimum=0.0,
        maximum=10_000.0,
    )
    avoid_success_fraction: float = setting(
        0.9, "probability that hazard avoidance finds the safest ground and gets there", minimum=0.0, maximum=1.0
    )
    aim_search_m: float = setting(
        1000.0, "radius around a site in which the best aim point is looked for", minimum=0.0, maximum=100_000.0
    )
    draws: int = setting(100_000, "touchdowns drawn in the Monte Carlo check", minimum=100, maximum=10_000_000)


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class EllipseSettings:
    """[ellipse]: where the landing ellipse comes from."""

    origin: str = setting(
        "stated",
        "'stated': as [dispersion] says; 'computed': from the numbers below, in place of its two sigmas",
        choices=("stated", "computed"),
    )
    orbit_height_km: float = setting(
        100.0, "mean height of the last orbit", "Chandrayaan-3 waited at 153 x 163 km and left 25 x 134 km (press)",
        minimum=5.0, maximum=2000.0,
    )  # fmt: skip
    radial_sigma_m: float = setting(
        20.0, "orbit known radially, one sigma, at its last determination", minimum=0.001, maximum=1e5
    )
    along_sigma_m: float = setting(100.0, "likewise along the track", minimum=0.001, maximum=1e5)
    across_sigma_m: float = setting(50.0, "likewise across the track", minimum=0.001, maximum=1e5)
    velocity_sigma_m_s: float = setting(0.01, "likewise in each axis of the velocity", minimum=1e-6, maximum=100.0)
    hours_since_orbit: float = setting(
        2.0, "from the last orbit determination to the begin of the powered descent", minimum=0.0, maximum=240.0
    )
    unmodelled_m_s2: float = setting(1e-8, "constant push nobody models, one sigma", minimum=0.0, maximum=1e-3)
    descent_s: float = setting(
        1000.0, "powered descent without a fix", "Chandrayaan-3: rough braking of 690 s, then some 5 min (press)",
        minimum=0.0, maximum=10_000.0,
    )  # fmt: skip
    downrange_km: float = setting(
        713.5, "ground covered by it", "Chandrayaan-3 (press, secondary)", minimum=0.0, maximum=5000.0
    )
    terrain_fix_sigma_m: float = setting(
        -1.0,
        "what an image matched with the map leaves during the descent; 0: no such fix; -1: as [descent] says",
        "[descent] map_error_m",
        minimum=-1.0,
        maximum=1e5,
    )
    map_sigma_m: float = setting(10.0, "tie of the map to the axes of the orbit, one sigma", minimum=0.0, maximum=1e5)
    guidance_sigma_m: float = setting(30.0, "guidance, engine and touchdown, one sigma", minimum=0.0, maximum=1e5)


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class HazardSettings:
    """[hazard]: what the ground is like below the cell of the DEM, and its rocks."""

    slope_median_deg: float = setting(
        7.6, "median slope at slope_law_baseline_m; 0: no slope below the DEM's cells", ROSENBURG, 0.0, 30.0
    )
    slope_law_baseline_m: float = setting(17.0, "baseline of slope_median_deg", ROSENBURG, 0.1, 1000.0)
    hurst: float = setting(
        0.95, "Hurst exponent: slope grows with baseline to the power hurst - 1", ROSENBURG, 0.3, 1.0
    )
    rock_area_fraction: float = setting(
        0.004,
        "share of the ground covered by rocks of any size (k)",
        "assumption: mean of Diviner rock maps (Bandfield et al. 2011, 60 S to 60 N) quoted from memory; no polar map",
        minimum=0.0,
        maximum=0.5,
    )
    rock_decay_per_m: float = setting(0.5648, "a of q = a + b / k, the law's decay with diameter", LI, 0.0, 100.0)
    rock_decay_over_k_per_m: float = setting(0.01285, "b of q = a + b / k", LI, 0.0, 10.0)
    rock_height_ratio: float = setting(0.5, "height of a rock over its diameter", ASSUMPTION, 0.05, 1.0)


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class ReachSettings:
    """[reach]: the drive into permanent shadow and back; what is 0 comes from the rover's facts."""

    max_up_slope_deg: float = setting(
        0.0, "steepest climb; 0: the rover's max_slope_deg", "the rover's facts", minimum=0.0, maximum=60.0
    )
    max_down_slope_deg: float = setting(
        0.0, "steepest descent; 0: the rover's max_slope_deg", "the rover's facts", minimum=0.0, maximum=60.0
    )
    max_cross_slope_deg: float = setting(
        0.0, "steepest side slope; 0: the rover's max_slope_deg", "the rover's facts", minimum=0.0, maximum=60.0
    )
    range_km: float = setting(
        0.0, "longest drive there and back to light; 0: the rover's traverse_km", "the rover's facts", minimum=0.0
    )
    dark_hours: float = setting(
        0.0,
        "longest time without light on the way; 0: the rover's night_survival_hours, else only the battery limits",
        "the rover's facts",
        minimum=0.0,
    )
    min_lit_fraction: float = setting(
        0.5, "ground lit at least this fraction of the landing season counts as light", minimum=0.0, maximum=1.0
    )
    stay_hours: float = setting(12.0, "stay at the target without light, at hotel power", minimum=0.0, maximum=10_000.0)
    battery_usable_fraction: float = setting(0.8, "share of the battery a drive may take", minimum=0.01, maximum=1.0)
    slowest_fraction: float = setting(
        0.5, "speed on the steepest ground allowed over speed on the level", minimum=0.05, maximum=1.0
    )
    level_j_kg_m: float = setting(0.216, "energy of driving on the level", CARR, minimum=0.0, maximum=100.0)
    up_j_kg_m_deg: float = setting(0.02628, "added per degree of climb", CARR, minimum=0.0, maximum=10.0)
    down_j_kg_m_deg: float = setting(0.007884, "added per degree of descent: braking", CARR, minimum=0.0, maximum=10.0)


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class PositionSettings:
    """[position]: how well lander and rover will know where they are, and what hangs on it."""

    in_study: bool = setting(True, "budget of the position at every site in the study and its report")
    methods: tuple[str, ...] = setting(
        ("range", "doppler", "dem_height", "image", "skyline"),
        "methods of the budget, with the passes of the contact plan; see lupex locate methods",
        many=True,
    )
    arc_days: float = setting(14.0, "longest arc of the budget, from the first pass on", minimum=0.1, maximum=60.0)
    wanted_m: float = setting(
        50.0, "horizontal one sigma wanted of the lander's place before the first drive", minimum=0.1, maximum=1e5
    )
    panorama_sigma_deg: float = setting(
        0.1, "error of one sample of a skyline, camera and map together", minimum=0.001, maximum=10.0
    )
    drive_sigma_m: float = setting(
        0.0, "horizontal one sigma of the rover's place while it drives; 0: known exactly", minimum=0.0, maximum=1e5
    )
    widening_sigmas: float = setting(
        3.0, "steps that are forbidden anywhere within so many drive_sigma_m are not driven", minimum=0.0, maximum=10.0
    )
    worst_drive_sigma_m: float = setting(
        0.0, "no drive is planned on a place known worse than this; 0: no limit", minimum=0.0, maximum=1e5
    )
