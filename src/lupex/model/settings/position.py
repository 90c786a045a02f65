"""Settings of positions: [position]."""

from dataclasses import dataclass

from lupex.base.gate import numbers_checked
from lupex.model.settings.setting import setting


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
