"""Limits by packet time: the order in which packets arrive does not matter."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lupex.model.telemetry.types import Limits
from lupex.ops.monitor.limits import LimitWatch, verdict_of

LIMITS = Limits(warning=(0.0, 10.0), critical=(-5.0, 15.0), violations=2)


def test_verdicts_are_inclusive_and_nan_violates() -> None:
    cases = [(0.0, "IN_LIMITS"), (10.0, "IN_LIMITS"), (10.1, "WARNING"), (-5.1, "CRITICAL"), (float("nan"), "CRITICAL")]
    assert [verdict_of(LIMITS, value) for value, _ in cases] == [verdict for _, verdict in cases]
    assert verdict_of(Limits(bad_labels=("SAFE",)), "SAFE") == "CRITICAL"


def test_an_alarm_is_raised_after_so_many_in_a_row_and_ends_with_the_first_healthy_value() -> None:
    watch = LimitWatch("x", LIMITS)
    watch.see(np.arange(8.0), np.array([1.0, 11.0, 5.0, 12.0, 16.0, 13.0, 4.0, 11.0]))
    (alarm,) = watch.alarms()
    assert (alarm.begin_tai_s, alarm.raised_tai_s, alarm.end_tai_s) == (3.0, 4.0, 6.0)
    assert (alarm.level, alarm.worst, alarm.count) == ("CRITICAL", 16.0, 3)


@given(st.lists(st.floats(-20.0, 30.0), min_size=1, max_size=30), st.randoms())
def test_played_back_data_give_the_alarms_they_would_have_given_live(values: list[float], order: object) -> None:
    live, late = LimitWatch("x", LIMITS), LimitWatch("x", LIMITS)
    live.see(np.arange(len(values), dtype=float), np.array(values))
    shuffled = list(range(len(values)))
    order.shuffle(shuffled)
    for k in shuffled:
        late.see(np.array([float(k)]), np.array([values[k]]))
    assert late.alarms() == live.alarms()
    assert late.current == (len(values) - 1.0, values[-1])
    assert live.age_s(len(values) + 4.0) == 5.0
