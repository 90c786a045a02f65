"""What the antennas on the ground mean for one place: passes, links, data, gaps, schedule."""

from dataclasses import dataclass, field

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.model.contact.contact import ContactPlan, LunarPlace
from lupex.model.contact.radio import Radio
from lupex.model.contact.schedule import Schedule
from lupex.model.contact.station import Station
from lupex.model.fields.terrain import frozen
from lupex.model.glance import Glance, counted, span_words

NAN = float("nan")


_SAMPLED = ("times_tdb_s", "azimuth_true_deg", "elevation_deg", "place_azimuth_true_deg", "place_elevation_deg",
            "place_skyline_deg", "range_m", "range_rate_m_s", "margin_db", "rate_bps")  # fmt: skip
"""Arrays of a PassSeries."""


@dataclass(frozen=True, kw_only=True)
class PassLink:
    """What one pass carries between a station and the radio at the place.

    Attributes:
        station: name.
        worst_margin_db, best_margin_db: least and greatest over the pass of the downlink's least margin (carrier,
            telemetry) at ``margin_rate_bps``, each the mean less the sigmas of [link]; NaN without a downlink budget.
        margin_rate_bps: rate those margins hold for.
        up_margin_db: least of the uplink's (carrier, command), mean less sigmas, at its worst; NaN without a budget.
        highest_rate_bps: highest telemetry rate that closes anywhere in the pass; 0 where none does, NaN unknown.
        volume_bits: brought down when every moment uses the highest rate that closes; NaN unknown.
        down_reason, up_reason: what is not published and so makes a number NaN, by name; '' otherwise.
    """

    station: str
    worst_margin_db: float = NAN
    best_margin_db: float = NAN
    margin_rate_bps: float = NAN
    up_margin_db: float = NAN
    highest_rate_bps: float = NAN
    volume_bits: float = NAN
    down_reason: str = ""
    up_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class StationTotal:
    """One station over the whole span.

    ``passes`` and ``hours`` of contact; ``longest_hours`` of one pass; ``max_elevation_deg`` reached at the station
    (NaN without a pass); ``volume_bits`` all its passes bring down and ``highest_rate_bps`` (NaN unknown);
    ``worst_margin_db``, ``best_margin_db`` and ``up_margin_db`` over its passes; ``reason``: why it has no pass at all;
    ``down_reason``, ``up_reason``: what is not published, by name.
    """

    station: str
    title: str
    passes: int
    hours: float
    longest_hours: float
    max_elevation_deg: float
    volume_bits: float
    highest_rate_bps: float
    worst_margin_db: float
    best_margin_db: float
    up_margin_db: float
    reason: str = ""
    down_reason: str = ""
    up_reason: str = ""


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class PassSeries(Glance):
    """One pass sample by sample; every array is (sample,), times of reception at the station.

    Attributes:
        station: name. number: of the pass in the plan, from 0.
        times_tdb_s: TDB seconds past J2000, ascending, AOS first and LOS last.
        azimuth_true_deg, elevation_deg: of the place at the station; the track of a sky plot.
        place_azimuth_true_deg, place_elevation_deg: of the station at the place; place_skyline_deg: the terrain there.
        range_m: path of the light. range_rate_m_s: its change, positive when receding.
        margin_db: least downlink margin (mean less the sigmas of [link]) at ``margin_rate_bps``; NaN unknown.
        rate_bps: highest telemetry rate that closes, 0 where none does; NaN unknown.
        margin_rate_bps: rate the margins hold for; NaN unknown.
    """

    station: str
    number: int
    times_tdb_s: F64
    azimuth_true_deg: F64
    elevation_deg: F64
    place_azimuth_true_deg: F64
    place_elevation_deg: F64
    place_skyline_deg: F64
    range_m: F64
    range_rate_m_s: F64
    margin_db: F64
    rate_bps: F64
    margin_rate_bps: float = NAN

    def __post_init__(self) -> None:
        shape = self.times_tdb_s.shape
        for name in _SAMPLED:
            values = getattr(self, name)
            if values.ndim != 1 or values.shape != shape:
                raise InputError(f"pass series: {name} has shape {values.shape}, times {shape}")
            object.__setattr__(self, name, frozen(values))

    def _facts(self) -> dict[str, str]:
        times = counted(self.times_tdb_s.size, "time")
        if not self.times_tdb_s.size:
            return {"times": times}
        return {"times": times, "span": span_words((self.times_tdb_s[0], self.times_tdb_s[-1]))}


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class SiteContacts(Glance):
    """Contact of the ground with one place over a span.

    Attributes:
        plan: passes, windows, reasons and notes of the span. span_utc: its first and last instant.
        stations: the antennas asked for, in the order asked.
        antenna_height_m: of the place's antenna above the ground.
        lat_deg, lon_deg: of the place, MOON_ME, east longitude.
        radio: at the place. links: one per pass of ``plan.passes``, in their order.
        totals: one per station, in the order of ``stations``.
        days_utc: (day,) ISO dates, days of 86 400 s from the first instant. daily_hours: (day,) hours in which any
            station has contact. daily_station_hours: station -> (day,) hours. The last day may be cut short.
        longest_gap_hours, longest_gap_start_utc: longest time without any station; 0 and '' when there is none.
        sun_excluded: True when passes leave out times with the Sun near the beam.
        schedule: passes chosen to book, None where none was asked for or none exists; schedule_reason then says why.
        series: one representative pass, the one that brings down most (the longest, where that is unknown); None
            without passes.
        summary: named numbers, units in the names, for comparing sites.
        place: the place with its skyline from the antenna; None in results made by hand.
    """

    plan: ContactPlan
    span_utc: tuple[str, str]
    stations: tuple[Station, ...]
    antenna_height_m: float
    lat_deg: float
    lon_deg: float
    radio: Radio
    links: tuple[PassLink, ...]
    totals: tuple[StationTotal, ...]
    days_utc: tuple[str, ...]
    daily_hours: F64
    daily_station_hours: dict[str, F64]
    longest_gap_hours: float
    longest_gap_start_utc: str
    sun_excluded: bool = False
    schedule: Schedule | None = None
    schedule_reason: str = ""
    series: PassSeries | None = None
    summary: dict[str, float] = field(default_factory=dict)
    place: LunarPlace | None = None

    def __post_init__(self) -> None:
        if len(self.links) != len(self.plan.passes):
            raise InputError(f"contacts: {len(self.links)} links for {len(self.plan.passes)} passes")
        if len(self.totals) != len(self.stations):
            raise InputError(f"contacts: {len(self.totals)} totals for {len(self.stations)} stations")
        days = (len(self.days_utc),)
        if self.daily_hours.shape != days or any(h.shape != days for h in self.daily_station_hours.values()):
            raise InputError("contacts: daily hours and days differ in number")
        object.__setattr__(self, "daily_hours", frozen(self.daily_hours))
        object.__setattr__(
            self, "daily_station_hours", {name: frozen(hours) for name, hours in self.daily_station_hours.items()}
        )

    def _facts(self) -> dict[str, str]:
        plan, schedule = self.plan, self.schedule
        booked = "nothing booked" if schedule is None else counted(len(schedule.booked), "booking")
        passes = f"{counted(len(plan.passes), 'pass', 'passes')} of {counted(len(self.stations), 'station')}"
        return {"with": plan.spacecraft, "passes": passes, "booked": booked, "span": " to ".join(self.span_utc)}

    def _details(self) -> dict[str, str]:
        return self._facts() | {name: f"{value:g}" for name, value in self.summary.items()}

    def _picture(self) -> F64:
        return self.plan._picture()
