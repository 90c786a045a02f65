"""Settings of drives in time: [traverse]. Slope limits and energy laws stand in [reach], the rest with the rover."""

from dataclasses import dataclass
from typing import Any

from lupex.base.gate import numbers_checked
from lupex.base.utc import utc_text
from lupex.model.settings.setting import setting


@numbers_checked
@dataclass(frozen=True)
class TraverseSettings:
    """[traverse]: the recommended drive into permanent shadow and back to light, in time."""

    objective: str = setting(
        "earliest",
        "what the drive is best at: 'earliest' back in the light, 'least_energy', or 'largest_margin' of charge",
        choices=("earliest", "least_energy", "largest_margin"),
    )
    step_minutes: float = setting(15.0, "time step of the plan", minimum=0.5, maximum=240.0)
    span_days: float = setting(21.0, "the drive must end within this time of its beginning", minimum=0.1, maximum=400.0)
    begin: str = setting("season", "day of landing: 'season' for the landing season's start, or a UTC date and time")
    first_hours: float = setting(48.0, "check-out after landing before the first drive", minimum=0.0, maximum=10_000.0)
    start_charge_fraction: float = setting(1.0, "charge when the drive begins", minimum=0.0, maximum=1.0)
    reserve_fraction: float = setting(
        0.15,
        "charge the plan keeps in hand above the least, as a share of the battery, where a drive allows it",
        minimum=0.0,
        maximum=0.9,
    )
    end_light_hours: float = setting(
        24.0,
        "a drive ends where, over this time, the array gives the hotel power and brings back end_charge_fraction",
        minimum=0.5,
        maximum=1000.0,
    )
    end_charge_fraction: float = setting(
        0.8, "share of the full charge that must come back within end_light_hours", minimum=0.0, maximum=1.0
    )
    end_haven_hours: float = setting(
        336.0,
        "or a drive ends where the rover can stand this long, asleep in the dark, in the light of the days after",
        minimum=0.5,
        maximum=10_000.0,
    )
    end_late_hours: float = setting(
        12.0,
        "the plan ends where the drive could also end up to so much later, where one allows it: faults make it late",
        minimum=0.0,
        maximum=1000.0,
    )
    end_reserve_fraction: float = setting(
        0.15,
        "and with so much less charge than planned, as a share of the battery: more may be drawn than planned",
        minimum=0.0,
        maximum=0.9,
    )
    stay_hours: float = setting(12.0, "drilling and measuring at the target", minimum=0.0, maximum=10_000.0)
    drive_law: str = setting(
        "carr", "energy of driving: 'carr' (Carr 2001) or 'resistance' (rolling resistance)",
        choices=("carr", "resistance"),
    )  # fmt: skip
    neighbours: int = setting(8, "directions of a step between cells: 8 or 16", minimum=8, maximum=16)
    station: str = setting(
        "earth",
        "who must be in view while driving: 'earth' (its centre), a station's name, or the path of its TOML file",
        catalogue="stations",
        words=("earth",),
    )
    speed_sigma_fraction: float = setting(0.1, "1-sigma uncertainty of the speed", minimum=0.0, maximum=1.0)
    energy_sigma_fraction: float = setting(0.1, "1-sigma uncertainty of what is drawn", minimum=0.0, maximum=1.0)
    delays_per_day: float = setting(0.2, "how often a fault stops the rover", minimum=0.0, maximum=100.0)
    delay_hours: float = setting(4.0, "mean length of such a stop (exponential)", minimum=0.0, maximum=1000.0)
    draws: int = setting(10_000, "drives drawn for the probability of coming through", minimum=100, maximum=1_000_000)

    def __post_init__(self) -> None:
        begin: Any = self.begin
        if not isinstance(begin, str):  # a date or time of Python or numpy
            object.__setattr__(self, "begin", utc_text(begin))
