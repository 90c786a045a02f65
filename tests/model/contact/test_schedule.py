"""Nouns of contact schedules refuse what cannot be."""

import math
from dataclasses import replace

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.model import BookedPass, ContactNeeds, DataNeed, PassRate, PassRow, Schedule, StationLoss, TrackingSegment

BOOKED = BookedPass("misasa", "rover", 10.0, 3610.0, 0.0, 4000.0, 5.0, 4000.0, 40.0, 2.0)


def test_a_booked_pass_lies_inside_its_pass_and_its_activity() -> None:
    assert BOOKED.duration_s == 3600.0
    for change in ({"start_tdb_s": 4.0}, {"stop_tdb_s": 4001.0}, {"stop_tdb_s": 10.0}, {"activity_start_tdb_s": 11.0}):
        with pytest.raises(InputError, match="booked pass of misasa"):
            replace(BOOKED, **change)


def test_antenna_hours_are_summed_by_station() -> None:
    other = replace(BOOKED, station="dss43", stop_tdb_s=1810.0)
    held = Schedule((BOOKED, other, BOOKED), (0.0, 5000.0), "optimal", 6.0, 6.0, 6.0, 0.0)
    assert held.antenna_hours == {"dss43": 0.5, "misasa": 2.0} and len(held.of("misasa")) == 2
    with pytest.raises(InputError, match="status 'fine'"):
        replace(held, status="fine")


def test_a_loss_tells_what_changes_and_nothing_else() -> None:
    before = Schedule((), (0.0, 1.0), "optimal", 6.0, 6.0, 6.0, 0.0, {"a (h)": 1.0, "b (h)": 2.0})
    after = replace(before, cost=4.0, unmet={"b (h)": 2.0, "c (h)": 0.5})
    loss = StationLoss("misasa", before, after)
    assert loss.cost_change == -2.0 and loss.unmet_change == {"a (h)": -1.0, "c (h)": 0.5}


@pytest.mark.parametrize(
    "change",
    [
        {"daily_hours": 25.0},
        {"longest_gap_hours": 0.0},
        {"drive_contact_fraction": 1.1},
        {"command_minutes": -1.0},
        {"command_within_hours": math.nan},
        {"drives_tdb_s": ((5.0, 5.0),)},
        {"drives_tdb_s": ((5.0, 7.0), (6.0, 8.0))},
        {"idle_tdb_s": ((0.0, math.inf),)},
    ],
)
def test_needs_that_make_no_sense_are_refused(change: dict) -> None:
    with pytest.raises(InputError, match="needs of rover"):
        ContactNeeds("rover", **change)


def test_data_needs_bits_and_time() -> None:
    for bits, deadline, ready in ((0.0, 5.0, 0.0), (1.0, 0.0, 0.0), (math.nan, 5.0, 0.0), (1.0, math.inf, 0.0)):
        with pytest.raises(InputError, match="data need"):
            DataNeed(bits, deadline, ready)


def test_rates_are_finite_and_their_times_rise() -> None:
    for times, rates in (([0.0], [1.0]), ([0.0, 0.0], [1.0, 1.0]), ([0.0, 1.0], [1.0]), ([0.0, 1.0], [1.0, -1.0])):
        with pytest.raises(InputError, match="rate along a pass"):
            PassRate(np.array(times), np.array(rates))
    held = PassRate(np.array([0.0, 1.0]), np.array([1.0, 2.0]))
    with pytest.raises(ValueError, match="read-only"):
        held.rate_bps[0] = 5.0


def test_a_row_knows_three_states() -> None:
    times = ("2028-01-01T00:00:00Z",) * 4
    with pytest.raises(InputError, match="state 'maybe'"):
        PassRow(1, "misasa", "", "rover", *times, state="maybe")


def test_tracking_has_one_number_per_time_and_a_path() -> None:
    times, one = ("2028-01-01T00:00:00Z",), np.ones(1)
    TrackingSegment(("a", "b"), (1, 2), times, one, one, one, 1.0)
    for names, path, values in ((("a", "b"), (1, 3), one), (("a",), (1,), one), (("a", "b"), (1, 2), np.ones(2))):
        with pytest.raises(InputError, match="tracking"):
            TrackingSegment(names, path, times, values, one, one, 1.0)
