"""Asking outside the kernels names the offending times and the span."""

import numpy as np
import pytest

from lupex.base.errors import InputError, SpanError
from lupex.ephemeris import (
    sky_cover_tdb_s,
    sky_rows,
    sky_span,
    sky_table,
    station_cover_tdb_s,
    tdb_s_to_utc,
    utc_to_tdb_s,
)

DISH = {"dish": [-3.0e6, 3.5e6, 4.4e6]}


def test_the_sky_is_covered_from_1850_to_2150():
    start, stop = sky_cover_tdb_s()
    assert start < utc_to_tdb_s("1850-01-01")[0]
    assert stop > utc_to_tdb_s("2150-01-01")[0]


def test_stations_are_covered_from_1963_to_2126():
    start, stop = station_cover_tdb_s()
    assert start < utc_to_tdb_s("1963-01-01")[0]
    assert stop > utc_to_tdb_s("2126-01-01")[0]


def test_the_very_ends_of_the_cover_can_be_asked_for():
    assert np.isfinite(sky_table(sky_cover_tdb_s()).sun_me_m).all()
    assert np.isfinite(sky_table(station_cover_tdb_s(), DISH).stations_me_m["dish"]).all()


def test_a_span_up_to_the_end_of_the_cover_needs_no_more_than_the_cover(tmp_path):
    stop = tdb_s_to_utc(sky_cover_tdb_s()[1] - 1.0)[0]
    table = sky_span("2149-12-01", stop, 3600, tmp_path)
    assert np.abs(table.earth_me_m - sky_table(table.times_tdb_s).earth_me_m).max() < 1.0


def test_times_outside_are_counted_and_named():
    times = utc_to_tdb_s(["2028-01-01", "2160-05-01T12:00", "2170-01-01"])
    with pytest.raises(SpanError) as caught:
        sky_table(times)
    message = str(caught.value)
    assert "2 of 3 times" in message
    assert "2160-05-01T12:00:00Z to 2170-01-01T00:00:00Z" in message
    assert "1849-12-26T" in message
    assert "2150-01-21T" in message
    assert "\n" not in message


def test_every_door_refuses_times_outside(tmp_path):
    early = utc_to_tdb_s("1800-01-01")
    with pytest.raises(SpanError, match="1800-01-01"):
        sky_rows(-89.5, 0.0, early)
    with pytest.raises(SpanError, match="2149-12-31T00:00:00Z to 2200-01-01T00:00:00Z"):
        sky_span("2149-12-31", "2200-01-01", 86_400, tmp_path)
    with pytest.raises(SpanError, match="1950-01-01"):
        sky_table(utc_to_tdb_s("1950-01-01"), DISH)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_times_that_are_not_finite_are_refused(value):
    with pytest.raises(InputError, match="not finite"):
        sky_table([0.0, value] if np.isinf(value) else [value])


def test_times_beyond_the_calendar_are_still_named():
    with pytest.raises(SpanError, match="1e"):
        sky_table([1e15])
