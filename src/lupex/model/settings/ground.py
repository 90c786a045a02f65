"""Settings of the antennas on the ground: [ground]. How a link is computed stands in [link]."""

from dataclasses import dataclass

from lupex.base.gate import numbers_checked
from lupex.model.settings.setting import setting, texts

STATIONS = ("misasa", "usuda", "byalalu32", "byalalu18", "dss14", "dss43", "dss63")
NO_STATIONS = ("none",)
"""What asks for no contacts at all."""


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class GroundSettings:
    """[ground]: which antennas, what counts as contact, what the schedule must give."""

    stations: tuple[str, ...] = setting(
        STATIONS,
        "list of antennas: names of the catalogue or paths of TOML files; 'none' for no contacts at all",
        "assumption: antennas of JAXA and ISRO, the DSN's 70 m (with published G/T) in support",
        catalogue="stations",
        many=True,
        words=NO_STATIONS,
    )
    radio: str = setting(
        "lupex_rover_hga",
        "radio at the place: a name of the catalogue or the path of a TOML file",
        catalogue="radios",
    )
    antenna_height_m: float = setting(
        2.0,
        "height of the place's antenna above the ground; its skyline is seen from there",
        minimum=0.0,
        maximum=100.0,
    )
    span: str = setting(
        "season", "when: the landing 'season', or the whole span of [light]: 'mission'", choices=("season", "mission")
    )
    min_elevation_deg: float = setting(
        0.0, "lowest elevation at which any antenna is used; 0: each antenna's own", minimum=0.0, maximum=89.0
    )
    sun_exclusion_deg: float = setting(
        2.0, "no contact while the Sun is nearer to the beam than this; 0: not regarded", minimum=0.0, maximum=90.0
    )
    refractivity_n_units: float = setting(
        315.0, "refractivity of the air at the antennas; 0: no refraction", "ITU-R P.453: mean at the surface",
        minimum=0.0, maximum=600.0,
    )  # fmt: skip
    skyline_margin_deg: float = setting(
        0.0, "an antenna must stand this much above the skyline of the place", minimum=-5.0, maximum=45.0
    )
    shortest_minutes: float = setting(
        0.0, "passes shorter than this do not count", "0: every contact counts", minimum=0.0, maximum=1440.0
    )
    ranging: bool = setting(False, "ranging shares the carrier")
    rate_bps: float = setting(
        0.0, "telemetry rate at which margins are stated; 0: the radio's highest", minimum=0.0, maximum=1e12
    )
    contact_hours_per_day: float = setting(
        4.0, "hours of contact the schedule must book each day, where there are so many", minimum=0.0, maximum=24.0
    )
    longest_gap_hours: float = setting(
        0.0, "longest time without contact in the schedule, where it can be kept; 0: no limit", minimum=0.0
    )
    data_gbit_per_day: float = setting(
        0.0, "data the schedule must bring down each day; 0: not regarded", minimum=0.0, maximum=1e6
    )
    command_minutes: float = setting(
        30.0, "unbroken contact booked before each drive, for its commands; 0: none", minimum=0.0, maximum=1440.0
    )
    schedule_days: float = setting(
        7.0, "days booked: from the day before the first drive or, without one, where contact is most; 0: none",
        minimum=0.0, maximum=60.0,
    )  # fmt: skip
    schedule_grid_minutes: float = setting(
        60.0, "antennas are booked at multiples of this; 0: only at ends of passes and where needs begin or end",
        minimum=0.0, maximum=1440.0,
    )  # fmt: skip
    cost_per_hour: float = setting(
        1.0, "cost of an hour of an antenna whose cost is not known; only the ratios matter", minimum=0.0
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "stations", texts(self.stations))
