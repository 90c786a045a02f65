"""Nouns of contact schedules refuse what cannot be."""

import math
from dataclasses import replace

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.model import BookedPass, ContactNeeds, DataNeed, PassRate, PassRow, Schedule, StationLoss, TrackingSegment

BOOKED = BookedPass(
    station="misasa",
    spacecraft="rover",
    start_tdb_s=10.0,
    stop_tdb_s=3610.0,
    activity_start_tdb_s=0.0,
    activity_stop_tdb_s=4000.0,
    aos_tdb_s=5.0,
    los_tdb_s=4000.0,
    max_elevation_deg=40.0,
    cost=2.0,
)


def test_a_booked_pass_lies_inside_its_pass_and_its_activity() -> None:
    assert BOOKED.duration_s == 3600.0
    for change in ({"start_tdb_s": 4.0}, {"stop_tdb_s": 4001.0}, {"stop_tdb_s": 10.0}, {"activity_start_tdb_s": 11.0}):
        with pytest.raises(InputError, match="booked pass of misasa"):
            replace(BOOKED, **change)


def test_antenna_hours_are_summed_by_station() -> None:
    other = replace(BOOKED, station="dss43", stop_tdb_s=1810.0)
    held = Schedule(
        booked=(BOOKED, other, BOOKED),
        span_tdb_s=(0.0, 5000.0),
        status="optimal",
        cost=6.0,
        objective=6.0,
        bound=6.0,
        gap_fraction=0.0,
    )
    assert held.antenna_hours == {"dss43": 0.5, "misasa": 2.0} and len(held.of("misasa")) == 2
    with pytest.raises(InputError, match="status 'fine'"):
        replace(held, status="fine")


def test_a_loss_tells_what_changes_and_nothing_else() -> None:
    before = Schedule(
        booked=(),
        span_tdb_s=(0.0, 1.0),
        status="optimal",
        cost=6.0,
        objective=6.0,
        bound=6.0,
        gap_fraction=0.0,
        unmet={"a (h)": 1.0, "b (h)": 2.0},
    )
    after = replace(before, cost=4.0, unmet={"b (h)": 2.0, "c (h)": 0.5})
    loss = StationLoss(("misasa",), before, after)
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
        ContactNeeds(spacecraft="rover", **change)


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
    times = dict.fromkeys(("start_utc", "stop_utc"), "2028-01-01T00:00:00Z")
    times |= {f"activity_{name}": utc for name, utc in times.items()}
    with pytest.raises(InputError, match="state 'maybe'"):
        PassRow(number=1, station="misasa", site="", spacecraft="rover", state="maybe", **times)


def test_tracking_has_one_number_per_time_and_a_path() -> None:
    times, one = ("2028-01-01T00:00:00Z",), np.ones(1)
    TrackingSegment(
        participants=("a", "b"),
        path=(1, 2),
        times_utc=times,
        range_m=one,
        range_rate_m_s=one,
        receive_hz=one,
        transmit_hz=1.0,
    )
    for names, path, values in ((("a", "b"), (1, 3), one), (("a",), (1,), one), (("a", "b"), (1, 2), np.ones(2))):
        with pytest.raises(InputError, match="tracking"):
            TrackingSegment(
                participants=names,
                path=path,
                times_utc=times,
                range_m=values,
                range_rate_m_s=one,
                receive_hz=one,
                transmit_hz=1.0,
            )
