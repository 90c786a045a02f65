"""Landing dates: what a life on the surface that begins on each day would see, from series made once per site."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.base.constants import DAY_S
from lupex.base.errors import SpanError
from lupex.base.gate import numbers_checked
from lupex.ephemeris import tdb_s_to_utc
from lupex.illumination.point import PointSeries
from lupex.illumination.span import even_step_s
from lupex.model import DateTable

QUANTITIES = (
    "lit_days_after_landing",
    "lit_fraction",
    "earth_fraction",
    "sun_and_earth_fraction",
    "longest_dark_hours",
    "first_dark_spell_hours",
)


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class DateLimits:
    """What a landing date must offer.

    Attributes:
        life_days: time on the surface counted from landing.
        survivable_dark_hours: dark spells up to this long do not end the lit days after landing.
        min_lit_days, min_earth_fraction: what a date needs to belong to a window.
        dark_below_disc_fraction: as in SeriesSettings.
        step_days: spacing of the landing dates.
    """

    life_days: float = 105.0
    survivable_dark_hours: float = 0.0
    min_lit_days: float = 30.0
    min_earth_fraction: float = 0.25
    dark_below_disc_fraction: float = 0.0
    step_days: float = 1.0


def date_table(series: Mapping[str, PointSeries], limits: DateLimits = DateLimits()) -> DateTable:
    """Site x landing date: one row of quantities per site, one column per date.

    Args:
        series: site name -> its series; all over the same evenly spaced times.
        limits: the life, the spacing of the dates and what a date must offer.

    ``lit_days_after_landing`` counts from landing to the first dark spell longer than survivable; it is 0 where the
    landing itself falls into one. ``first_dark_spell_hours`` is the length of the first dark spell that counts, 0 when
    none comes. Spells are cut at the end of life. Raises SpanError when a life does not fit into the series or their
    times differ.
    """
    times = next((one.times_tdb_s for one in series.values()), np.zeros(0))
    if any(not np.array_equal(one.times_tdb_s, times) for one in series.values()):
        raise SpanError("landing dates: the sites' series have different times", "make all of them from one sky table")
    step_s = even_step_s(times)
    starts, length = landing_starts(times, limits)
    dates_utc = tuple(tdb_s_to_utc(times[starts]))
    rows = [_site_row(one, starts, length, step_s, limits) for one in series.values()]
    values = {name: np.array([row[i] for row in rows]) for i, name in enumerate(QUANTITIES)}
    windows = tuple(
        _best_windows(values["lit_days_after_landing"][i], values["earth_fraction"][i], dates_utc, limits)
        for i in range(len(rows))
    )
    return DateTable(tuple(series), dates_utc, values, windows)


def landing_starts(times_tdb_s: F64, limits: DateLimits) -> tuple[NDArray[np.int64], int]:
    """Time index of every landing date (date,) and the number of steps of one life.

    Args:
        times_tdb_s: (time,) of the sky table.
        limits: spacing of the dates and length of one life (days).

    Raises SpanError when not even one life fits into the times.
    """
    step_s = even_step_s(times_tdb_s)
    length = max(1, round(limits.life_days * DAY_S / step_s))
    stride = max(1, round(limits.step_days * DAY_S / step_s))
    if length > times_tdb_s.size:
        raise SpanError(
            f"landing dates: a life of {limits.life_days:g} days does not fit into a span of "
            f"{times_tdb_s.size * step_s / DAY_S:.1f} days",
            "lengthen the span or shorten the life",
        )
    return np.arange(0, times_tdb_s.size - length + 1, stride), length


def _site_row(
    series: PointSeries, starts: NDArray[np.int64], length: int, step_s: float, limits: DateLimits
) -> tuple[F64, ...]:
    lit = series.sun_disc_fraction > limits.dark_below_disc_fraction
    earth = series.earth_centre_visible
    begin, end = _spells(~lit)
    allowed = limits.survivable_dark_hours * 3600.0 / step_s
    stops = starts + length
    longest, until, first = np.zeros(starts.size), np.full(starts.size, float(length)), np.zeros(starts.size)
    low = np.searchsorted(end, starts, side="right")
    high = np.searchsorted(begin, stops, side="left")
    for i, (start, stop) in enumerate(zip(starts, stops, strict=True)):
        cut = slice(low[i], high[i])
        opened = np.maximum(begin[cut], start)
        spell = np.minimum(end[cut], stop) - opened
        if spell.size:
            longest[i] = spell.max()
            fatal = np.flatnonzero(spell > allowed)
            if fatal.size:
                until[i] = opened[fatal[0]] - start
                first[i] = spell[fatal[0]]
    hours, days = step_s / 3600.0, step_s / DAY_S
    return (
        until * days,
        _window_mean(lit, starts, length),
        _window_mean(earth, starts, length),
        _window_mean(lit & earth, starts, length),
        longest * hours,
        first * hours,
    )


def _spells(mask: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First index of every run of True and the index after its last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return edges[0::2], edges[1::2]


def _window_mean(mask: NDArray[np.bool_], starts: NDArray[np.int64], length: int) -> F64:
    total = np.concatenate([[0], np.cumsum(mask)])
    return np.asarray((total[starts + length] - total[starts]) / length)


def _best_windows(lit_days: F64, earth: F64, dates: tuple[str, ...], limits: DateLimits) -> tuple[tuple[str, str], ...]:
    """Runs of dates that fulfil the limits, those with the most lit days on average first."""
    begin, end = _spells((lit_days >= limits.min_lit_days) & (earth >= limits.min_earth_fraction))
    worth = [float(lit_days[a:b].mean()) for a, b in zip(begin, end, strict=True)]
    order = sorted(range(begin.size), key=lambda i: (-worth[i], int(begin[i])))
    return tuple((dates[begin[i]], dates[end[i] - 1]) for i in order)
