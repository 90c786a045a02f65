"""What a mission needs of its antennas, and how passes are chosen."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import InputError
from lupex.base.gate import numbers_checked
from lupex.model.fields.terrain import frozen
from lupex.model.settings.setting import setting


@dataclass(frozen=True)
class DataNeed:
    """Bits that must come down between the time they are ready and a deadline (TDB seconds past J2000)."""

    bits: float
    deadline_tdb_s: float
    ready_tdb_s: float = -math.inf
    name: str = ""

    def __post_init__(self) -> None:
        if not (0.0 < self.bits < math.inf and self.ready_tdb_s < self.deadline_tdb_s < math.inf):
            raise InputError(
                f"data need '{self.name}': {self.bits:g} bits, or a deadline not after it is ready, makes no sense",
                "give bits above 0 and a later deadline",
            )


@dataclass(frozen=True, kw_only=True)
class ContactNeeds:
    """What one spacecraft needs.

    Attributes:
        spacecraft: its name in the plan of contacts.
        daily_hours: least contact of each day (days cut by the span in proportion).
        longest_gap_hours: longest time without contact, the ends of the span counted.
        data: what must come down, and when.
        drives_tdb_s: (start, stop) of each drive, TDB seconds past J2000.
        drive_contact_fraction: share of each drive in contact.
        idle_tdb_s: (start, stop) of times in which no contact is due (asleep, or the Earth is out of view): days are
            due in proportion, gaps end where it begins and begin anew where it ends.
        command_minutes: unbroken contact with one antenna before each drive, 0 for none; it ends no earlier than
            command_within_hours before the drive begins and no later than that.
    """

    spacecraft: str
    daily_hours: float = 0.0
    longest_gap_hours: float = math.inf
    data: tuple[DataNeed, ...] = ()
    drives_tdb_s: tuple[tuple[float, float], ...] = ()
    drive_contact_fraction: float = 0.0
    command_minutes: float = 0.0
    command_within_hours: float = 12.0
    idle_tdb_s: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        wrong = {
            "daily_hours": not 0.0 <= self.daily_hours <= 24.0,
            "longest_gap_hours": not self.longest_gap_hours > 0.0,
            "drive_contact_fraction": not 0.0 <= self.drive_contact_fraction <= 1.0,
            "command_minutes": not 0.0 <= self.command_minutes < math.inf,
            "command_within_hours": not 0.0 < self.command_within_hours < math.inf,
        }
        for key, bad in wrong.items():
            if bad:
                raise InputError(
                    f"needs of {self.spacecraft}: {key} = {getattr(self, key):g}", "give a number in reach"
                )
        for word, spans in (("drives", self.drives_tdb_s), ("idle times", self.idle_tdb_s)):
            ends = [t for span in spans for t in span]
            if any(not b > a for a, b in spans) or ends != sorted(ends) or not all(map(math.isfinite, ends)):
                raise InputError(
                    f"needs of {self.spacecraft}: {word} overlap or are out of order", "sort and join them"
                )


@dataclass(frozen=True, eq=False)
class PassRate:
    """Data rate along a pass: times (n,) TDB seconds past J2000, rates (n,) bits per second.

    Between two samples the lower of their rates holds; before the first and after the last none.
    """

    times_tdb_s: NDArray[np.float64]
    rate_bps: NDArray[np.float64]

    def __post_init__(self) -> None:
        times, rates = np.asarray(self.times_tdb_s, float), np.asarray(self.rate_bps, float)
        if times.ndim != 1 or times.shape != rates.shape or times.size < 2 or np.any(np.diff(times) <= 0.0):
            raise InputError("rate along a pass: times and rates do not fit", "give two or more rising times")
        if not (np.all(np.isfinite(times)) and np.all(np.isfinite(rates)) and np.all(rates >= 0.0)):
            raise InputError("rate along a pass: a value is negative or not finite")
        object.__setattr__(self, "times_tdb_s", frozen(times))
        object.__setattr__(self, "rate_bps", frozen(rates))


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class ScheduleSettings:
    """[schedule]: how passes are cut, what they cost, which needs are hard (penalty inf) and when the search stops."""

    grid_minutes: float = setting(
        60.0,
        "antennas are booked at multiples of this after the span's start; 0: at ends of passes and needed instants",
        minimum=0.0,
        maximum=1440.0,
    )
    whole_passes: bool = setting(False, "book whole passes only, no parts")
    split_passes: bool = setting(False, "a pass may be booked in several parts")
    shortest_pass_minutes: float = setting(30.0, "shortest contact booked", minimum=0.0, maximum=1440.0)
    antennas_at_once: int = setting(0, "most antennas tracking at any moment; 0: no limit", minimum=0, maximum=100)
    charge_setup: bool = setting(True, "set-up and tear-down are paid like contact")
    cost_per_hour: float = setting(
        1.0, "of a station whose cost is unknown: 1 counts antenna hours", minimum=0.0, maximum=1e9
    )
    daily_penalty_per_hour: float = setting(
        math.inf, "cost of an hour of daily contact missing; inf: the need is hard", minimum=0.0
    )
    gap_penalty_per_hour: float = setting(math.inf, "cost of an hour beyond the longest gap; inf: hard", minimum=0.0)
    drive_penalty_per_hour: float = setting(
        math.inf, "cost of an hour of driving out of contact; inf: hard", minimum=0.0
    )
    command_penalty: float = setting(math.inf, "cost of a drive without commands before; inf: hard", minimum=0.0)
    data_penalty_per_gbit: float = setting(math.inf, "cost of 1e9 bits late; inf: hard", minimum=0.0)
    fewest_passes: bool = setting(True, "of the cheapest schedules take one with the fewest passes")
    gap_fraction: float = setting(0.0, "stop when this near to the bound", minimum=0.0, maximum=1.0)
    time_limit_s: float = setting(120.0, "longest search of one stage", minimum=0.1, maximum=1e6)
