"""Landing dates against made-up spells and a plain count."""

import numpy as np
import pytest

from lupex.base.errors import SpanError
from lupex.illumination.dates import DateLimits, date_table, landing_starts
from lupex.illumination.point import PointSeries

STEP_S = 7200.0
PER_DAY = 12


def _times(days: float) -> np.ndarray:
    return np.arange(round(days * PER_DAY)) * STEP_S


def _series(lit: np.ndarray, earth: np.ndarray) -> PointSeries:
    n = lit.size
    zero, one = np.zeros(n), np.ones(n)
    return PointSeries(
        times_tdb_s=np.arange(n) * STEP_S,
        sun_azimuth_true_deg=zero,
        sun_elevation_deg=zero,
        sun_skyline_deg=zero,
        sun_radius_deg=one,
        sun_distance_au=one,
        sun_disc_fraction=lit.astype(float),
        earth_azimuth_true_deg=zero,
        earth_elevation_deg=np.where(earth, 1.0, -1.0),
        earth_skyline_deg=zero,
        earth_radius_deg=one,
    )


def test_lit_days_end_at_the_first_dark_spell_that_cannot_be_survived() -> None:
    times = _times(20.0)
    lit = np.ones(times.size, bool)
    lit[4 * PER_DAY : 4 * PER_DAY + 6] = False  # 12 hours from day 4
    lit[9 * PER_DAY : 11 * PER_DAY] = False  # two days from day 9
    earth = np.ones(times.size, bool)
    limits = DateLimits(life_days=10.0, survivable_dark_hours=24.0, min_lit_days=5.0)
    table = date_table({"S1": _series(lit, earth)}, limits)
    days = table.values["lit_days_after_landing"][0]
    # Day 0: only 24 h of the long spell fall into this life, survivable. Then it begins on day 9 and is fatal.
    assert days[:9] == pytest.approx([10, 8, 7, 6, 5, 4, 3, 2, 1])
    assert days[9] == 0.0
    assert days[10] == pytest.approx(10.0)  # only 24 h of the spell are left on day 10: survivable
    hours = table.values["longest_dark_hours"][0]
    assert hours[0] == pytest.approx(24.0)  # cut at the end of life on day 10
    assert hours[1] == pytest.approx(48.0)
    assert hours[10] == pytest.approx(24.0)
    assert table.values["first_dark_spell_hours"][0][10] == 0.0
    dates = table.dates_utc
    assert table.best_windows[0] == ((dates[10], dates[10]), (dates[0], dates[4]))
    assert dates[:2] == ("2000-01-01T11:58:56Z", "2000-01-02T11:58:56Z")


def test_every_quantity_equals_a_plain_count_on_random_series() -> None:
    rng = np.random.default_rng(7)
    times = _times(40.0)
    lit = np.repeat(rng.random(times.size // 5 + 1) < 0.7, 5)[: times.size]
    earth = np.repeat(rng.random(times.size // 9 + 1) < 0.5, 9)[: times.size]
    limits = DateLimits(life_days=6.0, survivable_dark_hours=20.0)
    table = date_table({"A": _series(lit, earth)}, limits)
    length = 6 * PER_DAY
    for d in range(len(table.dates_utc)):
        window = slice(d * PER_DAY, d * PER_DAY + length)
        dark_run, longest, until = 0, 0, length
        for i, is_lit in enumerate(lit[window]):
            dark_run = 0 if is_lit else dark_run + 1
            longest = max(longest, dark_run)
            if dark_run > 10 and until == length:  # ten steps are 20 hours
                until = i - dark_run + 1
        assert table.values["lit_fraction"][0][d] == pytest.approx(lit[window].mean())
        assert table.values["sun_and_earth_fraction"][0][d] == pytest.approx((lit & earth)[window].mean())
        assert table.values["longest_dark_hours"][0][d] == pytest.approx(2.0 * longest)
        assert table.values["lit_days_after_landing"][0][d] == pytest.approx(until / PER_DAY)


def test_a_life_longer_than_the_table_is_refused() -> None:
    times = _times(5.0)
    with pytest.raises(SpanError, match="does not fit"):
        landing_starts(times, DateLimits(life_days=6.0))


def test_series_of_other_times_are_refused() -> None:
    short, long = (np.ones(_times(days).size, bool) for days in (5.0, 6.0))
    with pytest.raises(SpanError, match="different times"):
        date_table({"A": _series(short, short), "B": _series(long, long)}, DateLimits(life_days=2.0))
