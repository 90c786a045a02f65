import numpy as np
import pytest

from lupex.base.errors import SpanError
from lupex.ephemeris import (
    earth_moon_series,
    earth_orientation_note,
    earth_orientation_source,
    orientation_seam_note,
    tdb_s_to_utc,
    utc_to_tdb_s,
)
from lupex.ephemeris.ground_geometry import BLOCK_S, COLUMNS, node_rows, predicted_since_tdb_s
from lupex.kernels.contact.light_path import states

START, STOP = (float(t) for t in utc_to_tdb_s(["2028-06-01", "2028-06-30"]))
ALLOWED = np.repeat([1e-10, 1e-15, 0.02, 1e-7, 1e-7, 1e-11, 1e-18, 0.02], [9, 3, 3, 3, 3, 9, 3, 3])


def test_between_its_nodes_the_series_is_what_spice_says() -> None:
    series = earth_moon_series(START, STOP)
    times = np.random.default_rng(4).uniform(START, STOP, 100)
    rows = np.empty((100, COLUMNS))
    states(times, series.first_tdb_s, BLOCK_S, series.series, rows)
    assert np.all(np.abs(rows - node_rows(times)).max(axis=0) < ALLOWED)


def test_a_time_has_the_same_state_whatever_span_was_asked() -> None:
    long, short = earth_moon_series(START, STOP), earth_moon_series(START + 9e5, START + 1e6)
    a, b = np.empty((1, COLUMNS)), np.empty((1, COLUMNS))
    time = np.array([START + 9.5e5])
    states(time, long.first_tdb_s, BLOCK_S, long.series, a)
    states(time, short.first_tdb_s, BLOCK_S, short.series, b)
    assert np.array_equal(a, b)


def test_how_well_the_earths_turn_is_known_is_said() -> None:
    past = [float(t) for t in utc_to_tdb_s(["2020-01-01", "2021-01-01"])]
    assert earth_orientation_note(*past) == ""
    assert "long-term prediction" in earth_orientation_note(START, STOP)
    end = predicted_since_tdb_s()
    assert "rapid service" in earth_orientation_note(end - 1e6, end - 1e3)


def test_days_outside_the_kernels_are_refused() -> None:
    with pytest.raises(SpanError, match="lie outside the kernels"):
        earth_moon_series(*(float(t) for t in utc_to_tdb_s(["1955-01-01", "1955-01-02"])))


def test_the_source_of_ut1_is_named_and_the_end_of_what_is_measured_is_warned_of() -> None:
    end = predicted_since_tdb_s()
    past, future = tuple(utc_to_tdb_s(["2010-01-01", "2010-02-01"]).tolist()), (end + 10.0, end + 1e6)
    assert earth_orientation_source(*past).startswith("UT1 and polar motion: measured (")
    assert "predicted (" in earth_orientation_source(*future) and "measured" not in earth_orientation_source(*future)
    across = earth_orientation_source(end - 1e6, end + 1e6)
    assert "measured, at its end from the rapid service (" in across
    assert f"predicted from {tdb_s_to_utc(end)[0]} (" in across
    assert orientation_seam_note(*past) == orientation_seam_note(*future) == ""
    assert tdb_s_to_utc(end)[0] in orientation_seam_note(end - 1e6, end + 1e6)
