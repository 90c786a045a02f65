"""A link along a pass."""

from dataclasses import replace

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.catalogue import radio, station
from lupex.signals import LinkConditions, data_rate_along, data_volume_bits, downlink, margin_along

MISASA, ROVER = station("misasa"), radio("lupex_rover_lga")
ELEVATION = np.array([5.0, 10.0, 20.0, 40.0, 20.0, 5.0])
RANGE_M = np.full(6, 390e6)


def test_margins_are_the_least_of_the_budget_at_every_sample():
    series = margin_along(MISASA, ROVER, RANGE_M, ELEVATION)
    for k in range(6):
        b = downlink(MISASA, ROVER, RANGE_M[k], ELEVATION[k])
        assert series.design_db[k] == pytest.approx(min(b.value(n) for n in b.margins), abs=1e-9)
        assert series.worst_db[k] == pytest.approx(min(float(b.worst_db(n)) for n in b.margins), abs=1e-9)
        assert series.closes[k] == bool(b.closes)
    assert set(series.limit) == {"telemetry margin"}
    assert series.worst_db.argmax() == 3


def test_the_rate_is_the_highest_that_closes_and_rises_with_the_antenna():
    dense = tuple(float(r) for r in np.geomspace(1e4, 1e7, 301))
    rates = data_rate_along(MISASA, ROVER, RANGE_M, ELEVATION, rates_bps=dense)
    assert np.all(np.diff(rates[:4]) >= 0.0) and rates[0] < rates[3]
    k = dense.index(rates[3])
    for rate, closes in ((dense[k], True), (dense[k + 1], False)):
        b = downlink(MISASA, ROVER, RANGE_M[3], 40.0, LinkConditions(rate_bps=rate))
        assert bool(b.closes) is closes


def test_no_rate_closes_through_a_watt_too_little():
    weak = replace(ROVER, tx_power_w=1e-6)
    assert np.all(data_rate_along(MISASA, weak, RANGE_M, ELEVATION) == 0.0)


def test_the_uplink_has_its_own_margins():
    series = margin_along(MISASA, ROVER, RANGE_M, ELEVATION, direction="up")
    assert set(series.limit) <= {"carrier margin", "command margin"}
    with pytest.raises(InputError, match="direction 'sideways'"):
        margin_along(MISASA, ROVER, RANGE_M, ELEVATION, direction="sideways")


def test_data_is_the_lower_rate_of_every_step_times_its_length():
    assert data_volume_bits([0.0, 10.0, 30.0], [100.0, 200.0, 50.0]) == 100.0 * 10.0 + 50.0 * 20.0
    assert data_volume_bits([0.0], [100.0]) == 0.0
    with pytest.raises(InputError, match="times and rates do not fit"):
        data_volume_bits([0.0, 0.0], [1.0, 1.0])


def test_samples_and_rates_must_fit():
    with pytest.raises(InputError, match="6 ranges and 2 elevations"):
        margin_along(MISASA, ROVER, RANGE_M, ELEVATION[:2])
    with pytest.raises(InputError, match="data_rates_bps is not known"):
        data_rate_along(MISASA, replace(ROVER, data_rates_bps=()), RANGE_M, ELEVATION)
