"""Made-up contacts, and copies of them whose printed numbers are spelled with other digits."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from tests.report.made_up_drive import HOUR_S, _ascending, _is_low, _tried, is_spelled

from lupex.ephemeris import tdb_s_to_utc, utc_to_tdb_s
from lupex.model import (
    BookedPass,
    ContactPlan,
    Fact,
    Pass,
    PassLink,
    PassSeries,
    Radio,
    Schedule,
    SiteContacts,
    Station,
    StationTotal,
    Windows,
)
from lupex.report.paper.times import utc_texts
from lupex.report.paper.words import number

if TYPE_CHECKING:
    from tests.report.made_up_study import Digits

SPAN = ("2028-10-12T00:00:00Z", "2029-01-25T00:00:00Z")
DAY_S = 86_400.0
NAMES = ("misasa", "goldstone", "madrid", "usuda")
"""The last has no pass."""
RADIO = Radio(
    name="lupex_rover_hga",
    title="rover, high-gain antenna",
    band="X",
    frequency_down_hz=8.45e9,
    frequency_up_hz=7.19e9,
    tx_power_w=10.0,
    tx_gain_dbi=24.0,
    data_rates_bps=(2048.0, 524288.0),
    facts=(
        Fact("tx_power_w", 10.0, "assumption: unpublished", "power at the transmitter's output"),
        Fact("band", "X", "JAXA", "radio band"),
    ),
)
LINK = PassLink(
    station="",
    worst_margin_db=4.31,
    best_margin_db=7.92,
    margin_rate_bps=524288.0,
    up_margin_db=31.4,
    highest_rate_bps=524288.0,
    volume_bits=1.93e10,
)
UNPUBLISHED = "g_t_db_k and rx_gain_dbi of band X not published, the link needs it"


def made_up_station(name: str, index: int) -> Station:
    """A station of a name; the second has a mask."""
    mask = ((0.0, 90.0, 180.0, 270.0), (6.0, 14.0, 9.0, 21.0)) if index == 1 else ((), ())
    facts = (Fact("setup_s", 3600.0, "assumption: unpublished"), Fact("dish_m", 54.0, "JAXA"))
    return Station(
        name=name,
        title=f"{name.title()} 54 m",
        site=name,
        complex=name,
        country="",
        lat_deg=36.1,
        lon_deg=138.4,
        height_m=1000.0,
        itrf_m=(0.0, 0.0, 0.0),
        accuracy_m=None,
        epoch="",
        dish_m=54.0,
        min_elevation_deg=7.0,
        mask_azimuth_deg=mask[0],
        mask_elevation_deg=mask[1],
        setup_s=3600.0,
        cost_per_hour=1.0,
        facts=facts,
    )


def made_up_pass(station: str, aos: float, los: float, index: int) -> Pass:
    """A pass from AOS to LOS; nothing in it but its ends means anything."""
    return Pass(
        station=station,
        spacecraft="S",
        aos_tdb_s=aos,
        los_tdb_s=los,
        aos_azimuth_true_deg=95.0,
        los_azimuth_true_deg=262.0,
        aos_elevation_deg=7.0,
        los_elevation_deg=7.0,
        max_elevation_deg=61.3 + 0.4 * (index % 5),
        max_elevation_tdb_s=0.5 * (aos + los),
        max_elevation_azimuth_true_deg=178.0,
        min_range_m=3.74e8,
        max_range_m=3.81e8,
        min_range_rate_m_s=-412.0,
        max_range_rate_m_s=388.0,
        one_way_light_time_s=1.262,
        min_sun_angle_deg=48.3,
        limited_by_aos="min_elevation",
        limited_by_los="terrain" if index % 3 == 0 else "min_elevation",
    )


def daily_passes(span: tuple[float, float]) -> list[Pass]:
    """One pass a day at three stations eight hours apart, in the fortnights in which the site sees the Earth."""
    found = []
    for day in range(int((span[1] - span[0]) // DAY_S)):
        for index, name in enumerate(NAMES[:3]):
            aos = span[0] + DAY_S * day + (2.0 + 7.3 * index) * HOUR_S
            if np.sin(2.0 * np.pi * day / 27.21 + 0.8) > 0.05 and aos + 9.0 * HOUR_S < span[1]:
                found.append(made_up_pass(name, aos, aos + (8.1 + 0.5 * index) * HOUR_S, day))
    return found


def made_up_series(one: Pass, number_: int, known: bool = True) -> PassSeries:
    """A pass sample by sample: an arc over the south."""
    t = np.linspace(one.aos_tdb_s, one.los_tdb_s, 121)
    u = (t - t[0]) / (t[-1] - t[0])
    up = 7.0 + (one.max_elevation_deg - 7.0) * np.sin(np.pi * u)
    margin = 4.31 + 3.61 * np.sin(np.pi * u)
    rate = np.where(margin > 5.0, 524288.0, 262144.0)
    nan = np.full(t.size, np.nan)
    return PassSeries(
        station=one.station,
        number=number_,
        times_tdb_s=t,
        azimuth_true_deg=(95.0 + 167.0 * u) % 360.0,
        elevation_deg=up,
        place_azimuth_true_deg=(20.0 - 4.0 * u) % 360.0,
        place_elevation_deg=2.6 - 0.9 * u,
        place_skyline_deg=1.1 + 0.4 * np.sin(9.0 * u),
        range_m=3.78e8 - 2e6 * u,
        range_rate_m_s=388.0 - 800.0 * u,
        margin_db=margin if known else nan,
        rate_bps=rate if known else nan,
        margin_rate_bps=524288.0 if known else float("nan"),
    )


def contacts_of(
    passes: Sequence[Pass], booked: Sequence[Pass], span_utc: tuple[str, str], seconds: tuple[float, float]
) -> SiteContacts:
    """Contacts with these passes, some of them booked as a whole."""
    passes = sorted(passes, key=lambda p: (p.aos_tdb_s, p.station))
    own = {name: [p for p in passes if p.station == name] for name in NAMES}
    windows = {
        name: Windows(np.array([p.aos_tdb_s for p in w]), np.array([p.los_tdb_s for p in w]), seconds)
        for name, w in own.items()
    }
    reasons = {name: "the place never rises above its mask" for name in NAMES if not own[name]}
    plan = ContactPlan(
        spacecraft="S",
        span_tdb_s=seconds,
        passes=tuple(passes),
        windows=windows,
        reasons=reasons,
        notes=("positions of usuda are known to 1000 m only",),
    )
    days = int(np.ceil((seconds[1] - seconds[0]) / DAY_S - 1e-6))
    daily = {name: np.array(hours) for name, hours in plan.daily_hours(seconds[0], days).items()}
    links = tuple(
        PassLink(station=p.station, up_margin_db=31.4, down_reason=f"station madrid: {UNPUBLISHED}")
        if p.station == "madrid"
        else replace(LINK, station=p.station)
        for p in passes
    )
    stations = tuple(made_up_station(name, i) for i, name in enumerate(NAMES))
    any_hours = daily.pop("any")
    summary = {
        "passes": float(len(passes)),
        "contact_hours": float(any_hours.sum()),
        "contact_fraction": 0.53,
        "contact_hours_per_day_mean": float(any_hours.mean()),
        "contact_hours_per_day_least": float(any_hours.min()),
        "days_without_contact": float((any_hours == 0.0).sum()),
        "longest_gap_hours": 313.4,
        "volume_gbit": 2187.6,
        "antenna_height_m": 2.0,
    }
    best = next((i for i, p in enumerate(passes) if p.station == "goldstone"), None)
    return SiteContacts(
        plan=plan,
        span_utc=span_utc,
        stations=stations,
        antenna_height_m=2.0,
        lat_deg=-89.1,
        lon_deg=222.7,
        radio=RADIO,
        links=links,
        totals=tuple(_total(s, own[s.name], plan) for s in stations),
        days_utc=tuple(t[:10] for t in tdb_s_to_utc(seconds[0] + DAY_S * np.arange(days))),
        daily_hours=any_hours,
        daily_station_hours=daily,
        longest_gap_hours=313.4,
        longest_gap_start_utc="2028-10-23T05:10:00Z",
        sun_excluded=True,
        schedule=_schedule(booked, seconds, days) if booked else None,
        schedule_reason="" if booked else "no need was stated",
        series=None if best is None else made_up_series(passes[best], best),
        summary=summary,
    )


def _total(station: Station, own: Sequence[Pass], plan: ContactPlan) -> StationTotal:
    nan, known = float("nan"), station.name in ("misasa", "goldstone")
    hours = [p.duration_s / HOUR_S for p in own]
    return StationTotal(
        station=station.name,
        title=station.title,
        passes=len(own),
        hours=sum(hours),
        longest_hours=max(hours, default=0.0),
        max_elevation_deg=max((p.max_elevation_deg for p in own), default=nan),
        volume_bits=1.93e10 * len(own) if known else nan,
        highest_rate_bps=524288.0 if known else nan,
        worst_margin_db=4.31 if known else nan,
        best_margin_db=7.92 if known else nan,
        up_margin_db=31.4 if own else nan,
        reason=plan.reasons.get(station.name, ""),
        down_reason=f"station madrid: {UNPUBLISHED}" if station.name == "madrid" else "",
        up_reason="",
    )


def _schedule(booked: Sequence[Pass], seconds: tuple[float, float], days: int) -> Schedule:
    taken = tuple(
        BookedPass(
            station=p.station,
            spacecraft="S",
            start_tdb_s=p.aos_tdb_s,
            stop_tdb_s=p.los_tdb_s,
            activity_start_tdb_s=p.aos_tdb_s - HOUR_S,
            activity_stop_tdb_s=p.los_tdb_s + 900.0,
            aos_tdb_s=p.aos_tdb_s,
            los_tdb_s=p.los_tdb_s,
            max_elevation_deg=p.max_elevation_deg,
            cost=9.7,
            volume_bits=1.9e10,
            purposes=("daily contact",),
        )
        for p in sorted(booked, key=lambda p: (p.aos_tdb_s, p.station))
    )
    hours = [0.0] * days
    for p in booked:
        hours[int((p.aos_tdb_s - seconds[0]) // DAY_S)] += min(24.0, p.duration_s / HOUR_S)
    return Schedule(
        booked=taken,
        span_tdb_s=seconds,
        status="optimal",
        cost=9.7 * len(taken),
        objective=9.7 * len(taken),
        bound=9.6 * len(taken),
        gap_fraction=0.0103,
        unmet={"hours a day of S": 12.4},
        short_share=0.1,
        short_share_bound=0.1,
        day_start_tdb_s=seconds[0],
        daily_hours={"S": tuple(hours)},
        daily_bits={"S": (0.0,) * days},
        longest_gap_hours={"S": 313.4},
        notes=("costs are counted in hours of antennas",),
        days_utc=tuple(tdb_s_to_utc([*(seconds[0] + 86_400.0 * k for k in range(days)), seconds[1]])),
    )


def made_up_contacts(rank: int) -> SiteContacts:
    """Contacts of the site of a rank: booked at odd ranks, without a schedule at even ones."""
    seconds = (float(utc_to_tdb_s(SPAN[0])[0]), float(utc_to_tdb_s(SPAN[1])[0]))
    passes = daily_passes(seconds)
    booked = [p for p in passes if p.station == "goldstone"] if rank % 2 else []
    return contacts_of(passes, booked, SPAN, seconds)


def empty_contacts() -> SiteContacts:
    """Stations asked for, and none that ever sees the site."""
    seconds = (float(utc_to_tdb_s(SPAN[0])[0]), float(utc_to_tdb_s(SPAN[1])[0]))
    return contacts_of([], [], SPAN, seconds)


def respelled_contacts(contacts: SiteContacts, digits: "Digits", respelled: Callable[[Any, Any], Any]) -> SiteContacts:
    """The contacts with every number a report could print spelled with ``digits``: other passes, times and names."""
    low = _is_low(digits)
    begin = "2041-03-11T11:12:00Z" if low else "2078-06-06T07:16:00Z"
    count = 2 if low else 7
    times = _ascending(float(utc_to_tdb_s(begin)[0]), 2 * count + 2, 230.0 * HOUR_S, digits, _clock)
    peaks = {name: digits.value(61.3) for name in NAMES}
    passes = []
    for i in range(count):
        aos, los = (float(t) for t in times[1 + 2 * i : 3 + 2 * i])
        top = float(_ascending(aos, 2, los - aos, digits, lambda a, b, _: utc_texts([b])[0][:16])[1])
        one = made_up_pass(NAMES[1], aos, los, i)
        near, far = (_tried(lambda: digits.value(374_000_000.0), lambda m: number(m / 1e3, 0), digits) for _ in "ab")
        passes.append(
            replace(
                one,
                max_elevation_tdb_s=top,
                max_elevation_deg=peaks[one.station],
                min_range_m=near,
                max_range_m=far,
                min_range_rate_m_s=digits.value(-412.0),
                max_range_rate_m_s=digits.value(388.0),
                one_way_light_time_s=digits.value(1.262),
                min_sun_angle_deg=digits.value(48.3),
            )
        )
    booked = passes if contacts.schedule is not None else []
    span = tuple(utc_texts([times[0], times[-1]]))
    fresh = contacts_of(passes, booked, (span[0], span[1]), (float(times[0]), float(times[-1])))
    schedule = fresh.schedule
    if schedule is not None:
        schedule = replace(
            schedule,
            booked=_sum_spelled(schedule.booked, digits),
            days_utc=digits.value(schedule.days_utc),
            daily_hours={
                name: tuple(_tried(lambda: digits.value(3.7), lambda h: number(h, 2), digits) for _ in hours)
                for name, hours in schedule.daily_hours.items()
            },
            **{
                n: digits.value(getattr(schedule, n))
                for n in ("cost", "objective", "bound", "gap_fraction", "unmet", "longest_gap_hours", "notes")
            },
        )
    return replace(
        fresh,
        plan=replace(fresh.plan, notes=digits.value(fresh.plan.notes)),
        antenna_height_m=digits.value(2.0),
        radio=replace(fresh.radio, title=digits.text(fresh.radio.title)),
        stations=tuple(replace(s, title=digits.text(s.title)) for s in fresh.stations),
        links=tuple(_respelled_link(one, digits, respelled) for one in fresh.links),
        totals=tuple(_respelled_total(one, digits, respelled) for one in fresh.totals),
        longest_gap_hours=digits.value(313.4),
        longest_gap_start_utc=digits.text(fresh.longest_gap_start_utc),
        schedule=schedule,
        schedule_reason=digits.text(fresh.schedule_reason),
        summary=digits.value(fresh.summary),
    )


def _sum_spelled(booked: tuple[BookedPass, ...], digits: "Digits") -> tuple[BookedPass, ...]:
    """The same bookings, the last cut such that the hours of all are spelled."""
    *most, last = booked
    before = sum(one.duration_s for one in most)
    stop = _tried(
        lambda: last.start_tdb_s + digits.rng.uniform(0.1, 1.0) * last.duration_s,
        lambda at: number((before + at - last.start_tdb_s) / HOUR_S, 1),
        digits,
    )
    return (*most, replace(last, stop_tdb_s=stop))


def _respelled_link(link: PassLink, digits: "Digits", respelled: Callable[[Any, Any], Any]) -> PassLink:
    fresh = respelled(link, digits)
    if np.isnan(link.volume_bits):
        return replace(fresh, **{f: getattr(link, f) for f in _FLOATS if np.isnan(getattr(link, f))})
    return replace(fresh, **_in_thousands(digits, ("highest_rate_bps", "margin_rate_bps", "volume_bits")))


def _respelled_total(total: StationTotal, digits: "Digits", respelled: Callable[[Any, Any], Any]) -> StationTotal:
    fresh = respelled(total, digits)
    lacking = {
        f: getattr(total, f)
        for f in (*_FLOATS, "max_elevation_deg")
        if f != "margin_rate_bps" and np.isnan(getattr(total, f))
    }
    more = _in_thousands(digits, ("highest_rate_bps", "volume_bits"))
    return replace(fresh, passes=fresh.passes if total.passes else 0, **(more | lacking))


_FLOATS = ("worst_margin_db", "best_margin_db", "margin_rate_bps", "up_margin_db", "highest_rate_bps", "volume_bits")


def _in_thousands(digits: "Digits", names: tuple[str, ...]) -> dict[str, float]:
    """Values of which what is printed, in thousands or in units of a thousand millions, is spelled."""
    return {n: digits.value(524.3) * (1e9 if n == "volume_bits" else 1e3) for n in names}


def _clock(before: float, after: float, first: float) -> str:
    return f"{utc_texts([after])[0][:16]} {number((after - before) / HOUR_S, 1)}"


__all__ = ["empty_contacts", "is_spelled", "made_up_contacts", "made_up_series", "respelled_contacts"]
