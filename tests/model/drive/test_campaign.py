"""Stops are checked once, when they are made."""

import pytest

from lupex.base.errors import InputError
from lupex.model import Stop


def test_times_of_a_stop_are_spelt_the_one_way() -> None:
    stop = Stop(
        label="a",
        x_m=1.0,
        y_m=2.0,
        value=3.0,
        dwell_s=7200.0,
        earliest_utc="2028-01-01",
        latest_utc="2028-01-01T02:00Z",
    )
    assert (stop.earliest_utc, stop.latest_utc) == ("2028-01-01T00:00:00Z", "2028-01-01T02:00:00Z")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"label": " "}, "no label; give every stop a name"),
        ({"x_m": float("nan")}, "stop a: its place is x nan m, y 2 m"),
        ({"value": -1.0}, "stop a: value is -1; give 0 or more"),
        ({"value": float("inf")}, "stop a: value is inf"),
        ({"dwell_s": -3.0}, "stop a: dwell_s is -3"),
        ({"power_w": -3.0}, "stop a: power_w is -3"),
        ({"activity": "wait"}, "stop a: activity is 'wait'; give one of drill, measure"),
        ({"needs": "warm"}, "stop a: needs is 'warm'; give one of any, lit, dark"),
        ({"latest_utc": "soon"}, "stop a: latest_utc: 'soon' is not a UTC time"),
        ({"earliest_utc": "2028-01-02", "latest_utc": "2028-01-01"}, "does not fit into 2028-01-02T00:00:00Z to"),
        ({"earliest_utc": "2028-01-01", "latest_utc": "2028-01-01T01:59"}, "stop a: work of 2 h does not fit"),
    ],
)
def test_a_stop_that_cannot_be_is_refused_by_its_label(changes: dict[str, object], said: str) -> None:
    facts: dict[str, object] = {"label": "a", "x_m": 1.0, "y_m": 2.0, "value": 3.0, "dwell_s": 7200.0}
    with pytest.raises(InputError) as error:
        Stop(**(facts | changes))  # type: ignore[arg-type]
    assert said in str(error.value)
