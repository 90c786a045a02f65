"""Derived values, limits by state and missing packets, by packet time, whatever the order of arrival."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ops.scenes import LUPEX

from lupex.base.errors import InputError
from lupex.model.telemetry.monitoring import Derived, Expected
from lupex.ops.monitor.watch import Gap, Monitor


def hk(times: list[float], **values: list[object]) -> tuple[str, np.ndarray, dict[str, np.ndarray]]:
    return "rover_hk", np.array(times), {name: np.array(column) for name, column in values.items()}


ROWS = [
    (0.0, 400.0, 200.0, 600.0, "IDLE"), (60.0, 100.0, 400.0, 500.0, "SLEEP"), (120.0, 0.0, 350.0, 300.0, "SLEEP"),
    (180.0, 0.0, 350.0, 300.0, "IDLE"), (240.0, 0.0, 250.0, 260.0, "SLEEP"), (600.0, 0.0, 500.0, 250.0, "SAFE"),
]  # fmt: skip


def seen(order: list[int]) -> Monitor:
    monitor = Monitor(LUPEX)
    for k in order:
        at, array, load, charge, mode = ROWS[k]
        monitor.see(*hk([at], rover_array_w=[array], rover_load_w=[load], rover_charge_wh=[charge], rover_mode=[mode]))
    return monitor


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(range(len(ROWS))))
def test_the_answer_does_not_depend_on_the_order_of_arrival(order: list[int]) -> None:
    ours, in_time = seen(order), seen(list(range(len(ROWS))))
    assert ours.alarms() == in_time.alarms()
    assert ours.gaps(700.0) == in_time.gaps(700.0)
    for a, b in zip(ours.derived("rover_power_balance_w"), in_time.derived("rover_power_balance_w"), strict=True):
        assert np.array_equal(a, b)


def test_derived_values_stand_at_the_times_of_their_inputs() -> None:
    times, values = seen(list(range(len(ROWS)))).derived("rover_power_balance_w")
    assert times.tolist() == [0.0, 60.0, 120.0, 180.0, 240.0, 600.0]
    assert values.tolist() == [200.0, -300.0, -350.0, -350.0, -250.0, -500.0]


def test_an_input_that_is_missing_old_or_zero_below_makes_no_value_and_no_alarm() -> None:
    monitor = Monitor(LUPEX)
    monitor.see(*hk([0.0], rover_charge_wh=[500.0]))
    monitor.see(*hk([50.0, 700.0, 750.0], rover_load_w=[100.0, 100.0, 0.0]))
    times, values = monitor.derived("rover_hours_left")
    assert times.tolist() == [0.0, 50.0, 700.0, 750.0]
    assert np.isnan(values).tolist() == [True, False, True, True]
    assert [one.parameter for one in monitor.alarms()] == []


def test_alarms_of_derived_values_and_of_limits_by_state() -> None:
    found = {(one.parameter, one.begin_tai_s): one for one in seen(list(range(len(ROWS)))).alarms()}
    hours = found["rover_hours_left", 60.0]
    assert (hours.level, hours.end_tai_s) == ("CRITICAL", None)
    label = "rover_load_w while rover_mode is SLEEP/SAFE"
    assert [(at, one.end_tai_s) for (name, at), one in found.items() if name == label] == [(60.0, 180.0), (600.0, None)]


def test_missing_packets_are_a_gap_until_late_data_fill_it() -> None:
    monitor = Monitor(LUPEX)
    monitor.see(*hk([0.0, 60.0, 600.0]))
    assert monitor.gaps() == (Gap("rover_hk", 60.0, 600.0),)
    assert monitor.gaps(1000.0)[-1] == Gap("rover_hk", 600.0, None)
    monitor.see(*hk([180.0, 300.0, 420.0, 540.0]))  # played back
    assert monitor.gaps() == ()


@pytest.mark.parametrize(
    "formula", ["", "a +", "__import__('os')", "a ** b", "a if a else b", "a.b", "'x'", "1 + 2", "a" * 300, "True + a"]
)
def test_a_formula_of_anything_but_arithmetic_is_refused(formula: str) -> None:
    with pytest.raises(InputError):
        Derived(name="d", formula=formula)


def test_what_is_watched_must_exist() -> None:
    from dataclasses import replace

    with pytest.raises(InputError, match="nowhere"):
        replace(LUPEX, derived=(Derived(name="d", formula="nowhere + 1"),))
    with pytest.raises(InputError, match="not defined"):
        replace(LUPEX, expected=(Expected("nothing", 1.0),))
    with pytest.raises(InputError, match="name of a parameter"):
        replace(LUPEX, derived=(Derived(name="rover_load_w", formula="rover_load_w"),))
