"""Which passes are booked, what they cost, what they leave unmet."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import InputError
from lupex.model.glance import Glance, counted, span_words, strips

STATUSES = ("optimal", "stopped")
"""How a schedule was found: proven best, or the best known when a limit of the search was reached."""

PASS_STATES = ("operational", "tentative", "cancelled")


@dataclass(frozen=True, kw_only=True)
class BookedPass:
    """A pass, or a part of one, for which an antenna is booked. Times are TDB seconds past J2000 of reception.

    Attributes:
        station, spacecraft: names.
        start_tdb_s, stop_tdb_s: contact. activity_start_tdb_s, activity_stop_tdb_s: with set-up and tear-down.
        aos_tdb_s, los_tdb_s: of the whole pass it is cut from.
        max_elevation_deg: of the whole pass.
        cost: in the currency of the stations' cost per hour.
        volume_bits: that can come down in it, counted for the best antenna of each moment; 0 where no rate is known.
        purposes: what it serves beside hours and data, in words.
    """

    station: str
    spacecraft: str
    start_tdb_s: float
    stop_tdb_s: float
    activity_start_tdb_s: float
    activity_stop_tdb_s: float
    aos_tdb_s: float
    los_tdb_s: float
    max_elevation_deg: float
    cost: float
    volume_bits: float = 0.0
    purposes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        inside = self.aos_tdb_s <= self.start_tdb_s < self.stop_tdb_s <= self.los_tdb_s
        if not inside or self.activity_start_tdb_s > self.start_tdb_s or self.activity_stop_tdb_s < self.stop_tdb_s:
            raise InputError(f"booked pass of {self.station}: its times are out of order")

    @property
    def duration_s(self) -> float:
        """Contact (s), without set-up and tear-down."""
        return self.stop_tdb_s - self.start_tdb_s


@dataclass(frozen=True, kw_only=True, repr=False)
class Schedule(Glance):
    """The passes booked for a span, and how good the choice is proven to be.

    Attributes:
        booked: by start, then station. span_tdb_s: first and last instant.
        status: one of STATUSES. cost: of the antennas. objective: cost and the penalties of soft needs.
        bound: no schedule that misses as little of the hard needs has a lower objective.
        gap_fraction: (objective - bound) / objective, 0 when proven best.
        unmet: need, with its unit -> what is missing of it; empty when everything is met.
        short_share: sum over hard needs of the missing share of each, the least possible; 0 when all are met.
        short_share_bound: proven lower bound of it; above 0 it proves that the hard needs cannot all be met.
        day_start_tdb_s: of the first day; days have 86 400 s.
        days_utc: when each booked day begins, and when the last one ends; () where not told.
        daily_hours: spacecraft -> hours of contact of each day (any antenna).
        daily_bits: spacecraft -> bits that can come down each day.
        longest_gap_hours: spacecraft -> longest time without contact outside idle times, the ends of the span counted.
        notes: sentences a reader must know.
    """

    booked: tuple[BookedPass, ...]
    span_tdb_s: tuple[float, float]
    status: str
    cost: float
    objective: float
    bound: float
    gap_fraction: float
    unmet: dict[str, float] = field(default_factory=dict)
    short_share: float = 0.0
    short_share_bound: float = 0.0
    day_start_tdb_s: float = 0.0
    daily_hours: dict[str, tuple[float, ...]] = field(default_factory=dict)
    daily_bits: dict[str, tuple[float, ...]] = field(default_factory=dict)
    longest_gap_hours: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    days_utc: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise InputError(f"schedule: status '{self.status}' is unknown", f"known: {', '.join(STATUSES)}")

    def of(self, station: str) -> tuple[BookedPass, ...]:
        """The passes booked at one station."""
        return tuple(one for one in self.booked if one.station == station)

    @property
    def antenna_hours(self) -> dict[str, float]:
        """Hours of contact booked at each station that has any."""
        names = sorted({one.station for one in self.booked})
        return {name: sum(one.duration_s for one in self.of(name)) / 3600.0 for name in names}

    def _facts(self) -> dict[str, str]:
        booked, cost = counted(len(self.booked), "booking"), f"cost {self.cost:g}"
        missing = f"{len(self.unmet)} needs unmet" if self.unmet else "all needs met"
        span = span_words(self.span_tdb_s)
        return {"booked": booked, "status": self.status, "cost": cost, "needs": missing, "span": span}

    def _details(self) -> dict[str, str]:
        hours = {name: f"{value:.1f} h" for name, value in self.antenna_hours.items()}
        return self._facts() | hours | {f"unmet: {need}": f"{value:g}" for need, value in self.unmet.items()}

    def _picture(self) -> NDArray[np.float64]:
        rows = [[(one.start_tdb_s, one.stop_tdb_s) for one in self.of(name)] for name in self.antenna_hours]
        return strips(rows, self.span_tdb_s)


@dataclass(frozen=True)
class StationLoss:
    """What becomes of a schedule when antennas are lost: the schedules before and after.

    Attributes:
        stations: the antennas lost. before, after: the schedules with and without them.
        outage_tdb_s: first and last instant of the outage; None: the whole span.
    """

    stations: tuple[str, ...]
    before: Schedule
    after: Schedule
    outage_tdb_s: tuple[float, float] | None = None

    @property
    def cost_change(self) -> float:
        """Cost after less cost before. It says nothing by itself: what is no longer met costs nothing."""
        return self.after.cost - self.before.cost

    @property
    def unmet_change(self) -> dict[str, float]:
        """Need -> how much more of it is unmet after the loss; only those that change."""
        names = [*self.before.unmet, *(n for n in self.after.unmet if n not in self.before.unmet)]
        change = {name: self.after.unmet.get(name, 0.0) - self.before.unmet.get(name, 0.0) for name in names}
        return {name: by for name, by in change.items() if abs(by) > 1e-9}


@dataclass(frozen=True, kw_only=True)
class PassRow:
    """A pass as people exchange it: UTC text at its edges.

    Attributes:
        station: name of the antenna. site: where it stands. spacecraft: name. band: 'S', 'X' ..., '' when not said.
        start_utc, stop_utc: contact. activity_start_utc, activity_stop_utc: with set-up and tear-down.
        state: one of PASS_STATES. number: of the row, from 1.
        purposes: in words. values: further columns, named as in `lupex.model.contact.pass_columns`.
    """

    number: int
    station: str
    site: str
    spacecraft: str
    start_utc: str
    stop_utc: str
    activity_start_utc: str
    activity_stop_utc: str
    band: str = ""
    state: str = "operational"
    purposes: tuple[str, ...] = ()
    values: dict[str, float | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.state not in PASS_STATES:
            raise InputError(f"pass {self.number}: state '{self.state}' is unknown", f"known: {', '.join(PASS_STATES)}")
