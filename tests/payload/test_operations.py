"""Activities on a time line: what breaks a limit, and the layout of most worth against every layout tried."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.payload import Activity, Timeline, check, plan

LINE = Timeline(
    slot_s=600.0, power_w=np.full(6, 50.0), downlink_mbit=np.array([0.0, 0.0, 0.0, 40.0, 40.0, 0.0]), energy_wh=60.0,
    storage_mbit=60.0,
)  # fmt: skip


def activity(name: str, **more) -> Activity:
    body = {"instrument": "auger", "duration_s": 600.0, "power_w": 30.0, "data_mbit": 20.0, "earliest_s": 0.0}
    return Activity(name=name, **{**body, "latest_s": 3600.0, **more})


def test_each_broken_limit_is_named():
    def words(*laid: Activity, line: Timeline = LINE) -> list[str]:
        return [one.what for one in check(laid, line)]

    assert words(activity("a", start_s=0.0)) == []
    assert words(activity("a", start_s=3300.0)) == ["outside its window"]
    first = activity("a", start_s=0.0, duration_s=900.0)
    beside = activity("b", after=("a",), start_s=600.0, alone=False)
    assert sorted(words(first, beside)) == ["before a has ended", "beside a", "power 60 W of 50 W"]
    assert words(activity("b", after=("a",), start_s=600.0), activity("a")) == ["a was not done before it"]
    assert words(activity("a", data_mbit=90.0, start_s=0.0)) == ["stored 90 Mbit of 60 Mbit"] * 3
    assert words(activity("a", power_w=45.0, duration_s=3600.0, data_mbit=0.0, start_s=0.0),
                 line=replace(LINE, energy_wh=40.0)) == ["energy 45 Wh of 40 Wh"]  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_the_plan_has_the_worth_of_the_best_layout_tried(seed):
    rng = np.random.default_rng(seed)
    asked = [
        activity(
            name,
            duration_s=float(rng.choice([600.0, 1200.0])),
            power_w=float(rng.integers(10, 50)),
            data_mbit=float(rng.integers(5, 60)),
            worth=float(rng.integers(1, 9)),
            alone=bool(rng.random() < 0.6),
            latest_s=float(rng.choice([2400.0, 3600.0])),
        )
        for name in "abc"
    ]
    asked[1] = replace(asked[1], after=("a",))
    line = replace(LINE, energy_wh=25.0)
    starts = [None, *(600.0 * k for k in range(6))]
    best = max(
        sum(one.worth for one, start in zip(asked, laid, strict=True) if start is not None)
        for laid in itertools.product(starts, repeat=3)
        if not check([replace(one, start_s=start) for one, start in zip(asked, laid, strict=True)], line)
    )
    made = plan(asked, line)
    assert check(made, line) == ()
    assert sum(one.worth for one in made if one.start_s is not None) == pytest.approx(best)


def test_bad_chains_and_names_are_refused():
    with pytest.raises(InputError, match="two activities named 'a'"):
        plan([activity("a"), activity("a")], LINE)
    with pytest.raises(InputError, match="follows 'x', which does not exist"):
        plan([activity("a", after=("x",))], LINE)
    with pytest.raises(InputError, match="follows itself"):
        plan([activity("a", after=("b",)), activity("b", after=("a",))], LINE)
    with pytest.raises(InputError, match="a duration > 0"):
        plan([activity("a", duration_s=0.0)], LINE)
