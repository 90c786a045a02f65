"""The accommodation against every assignment tried; cores that are smallest; earlier objectives held."""

import itertools
import sys
from dataclasses import replace

import numpy as np
import pytest
from tests.payload.scenes import DECK, FRONT, LANDER, POLICY, ROVER, item, scene

from lupex.base.errors import InputError, NothingLeftError
from lupex.payload import Demands, budgets, core, optimum, pareto, programme
from lupex.payload.optimum import alternatives, binding, optimum_of, value
from lupex.solvers.milp import Solved


def kept(made, picks) -> bool:
    """Whether an assignment keeps all limits: by its budgets, not by the rows of the programme."""
    assignment = made.assignment(picks)
    hosts = {mount.name: mount.host for mount in made.mounts}
    if any(row.margin < -1e-9 for row in budgets(made, assignment)):
        return False
    if any(list(assignment.values()).count(mount.name) > mount.places for mount in made.mounts):
        return False
    where = {name: hosts[mount] for name, mount in assignment.items()}
    for one in made.items:
        if one.name in where and any(where.get(other) != where[one.name] for other in one.needs):
            return False
        if one.name in where and any(where.get(other) == where[one.name] for other in one.excludes):
            return False
    return True


def every(made):
    ranges = [range(a, b) for a, b in itertools.pairwise(made.first)]
    return [np.array(pick) for pick in itertools.product(*ranges) if kept(made, np.array(pick))]


def random_scene(seed: int):
    rng = np.random.default_rng(seed)
    names = "abcdef"
    items = [
        item(
            name,
            owner="JAXA" if rng.random() < 0.5 else "ISRO",
            mass_kg=float(rng.integers(10, 150)) / 10.0,
            measuring_w=float(rng.integers(2, 40)),
            measurement_mbit=float(rng.integers(1, 200)),
            failure_probability=float(rng.integers(1, 60)) * 1e-3,
            maturity=str(rng.choice(["off_the_shelf", "modified", "new"])),
            needs=(names[int(rng.integers(0, 6))],) if rng.random() < 0.3 else (),
            excludes=(names[int(rng.integers(0, 6))],) if rng.random() < 0.3 else (),
        )
        for name in names
    ]
    items = [
        replace(one, needs=tuple(n for n in one.needs if n != one.name),
                excludes=tuple(n for n in one.excludes if n != one.name))
        for one in items
    ]  # fmt: skip
    worth = {name: float(rng.integers(1, 50)) / 10.0 for name in names}
    return scene(*items, worth=worth, host_worth={"lander": 0.5})


@pytest.mark.parametrize("seed", range(8))
def test_the_optimum_is_that_of_every_assignment_tried_and_holds_earlier_objectives(seed):
    made = random_scene(seed)
    tried = every(made)
    names = ("worth", "balance", "risk", "mass")
    best = min(
        tuple(round(value(made, picks, name) * (-1 if name == "worth" else 1), 9) for name in names) for picks in tried
    )
    picks = optimum(made, names)
    found = tuple(round(value(made, picks, name) * (-1 if name == "worth" else 1), 9) for name in names)
    assert found == best
    assert np.array_equal(picks, optimum(made, names))


@pytest.mark.parametrize("seed", range(4))
def test_the_compromises_are_those_of_every_assignment_tried(seed):
    made = random_scene(seed)
    points = {
        (round(-value(made, p, "worth"), 6), round(value(made, p, "mass"), 6), round(value(made, p, "risk"), 6))
        for p in every(made)
    }
    best = {p for p in points if not any(q != p and all(a <= b for a, b in zip(q, p, strict=True)) for q in points)}
    assert {(round(-one.worth, 6), round(one.mass_kg, 6), round(one.risk, 6)) for one in pareto(made)} == best


@pytest.mark.parametrize("scale", [1e-6, 1.0])
def test_risks_of_a_millionth_count_as_much_as_large_ones(scale):
    items = [item(name, failure_probability=risk * scale) for name, risk in (("a", 0.9), ("b", 0.1), ("c", 0.2))]
    made = scene(*items, least_of_each=(("JAXA", 2),))
    assert set(made.assignment(optimum(made, ("risk",)))) == {"b", "c"}


def test_what_one_more_place_or_kilogram_buys_is_found_by_solving_again():
    heavy = [item(name, mass_kg=12.0, mounts=("front",)) for name in "abc"]
    made = programme(heavy, (ROVER, LANDER), (replace(FRONT, places=3), DECK), POLICY, {"a": 3.0, "b": 2.0, "c": 1.5})
    picks = optimum(made, ("worth",))
    assert set(made.assignment(picks)) == {"a", "b"}
    found = binding(made, picks)
    # Three take 3 x (13.2 + 1.05) = 42.75 kg of 30 kg: a tenth of the limit, 3 kg, does not let c in.
    assert found == ()
    wider = replace(made, limit=made.limit + 12.0 * np.array([row.quantity == "mass" for row in made.rows]))
    (one,) = binding(wider, optimum(wider, ("worth",)))
    assert (one.host, one.quantity, one.more, one.gain, one.change) == ("rover", "mass", 1.0, 1.5, ("+c on rover",))


def test_an_impossible_accommodation_names_a_smallest_set_of_reasons():
    items = [item(name, mass_kg=16.0, mounts=("front",)) for name in "ab"]
    made = scene(*items, item("c"), must_ride=("a", "b", "c"))
    found = core(made)
    assert set(found) == {"a must ride", "b must ride", "mass (all) of rover within 30 kg"}
    with pytest.raises(NothingLeftError, match="a must ride; b must ride; mass"):
        optimum(made, ("worth",))
    assert core(scene(*items)) == ()


def test_a_need_that_no_host_can_meet_is_part_of_the_core():
    made = scene(item("a", mounts=("front",), needs=("b",)), item("b", mounts=("deck",)), must_ride=("a",))
    assert set(core(made)) == {"a must ride", "a needs b on its host"}


def test_alternatives_differ_in_instruments_or_hosts_and_lose_no_more_than_allowed():
    made = random_scene(2)
    picks = optimum(made, ("worth",))
    best = value(made, picks, "worth")
    found = alternatives(made, picks, 5, 0.2)
    hosts = {mount.name: mount.host for mount in made.mounts}
    seen = [{name: hosts[at] for name, at in made.assignment(picks).items()}]
    for one in found:
        where = {name: hosts[at] for name, at in one.assignment.items()}
        assert where not in seen
        assert one.worth >= 0.8 * best - 1e-9
        seen.append(where)
    worths = [round(one.worth, 9) for one in found]
    assert worths == sorted(worths, reverse=True)


def test_an_instrument_that_must_ride_and_fits_no_mount_is_refused_with_the_reason():
    large = item("a", envelope_m=(0.6, 0.2, 0.2))
    with pytest.raises(InputError, match="a must ride, but front is too small for 0.6 x 0.2 x 0.2 m"):
        scene(large, must_ride=("a",))
    assert "too small" in scene(large).refused["a"]
    with pytest.raises(InputError, match="'x' is no instrument"):
        programme([item("a")], (ROVER,), (FRONT,), POLICY, {}, Demands(must_ride=("x",)))


def test_a_solver_that_stops_is_said_and_never_taken_for_an_impossible_accommodation(monkeypatch):
    stopped = Solved(np.empty(0), np.inf, -np.inf, "stopped", "time limit")
    module = sys.modules[optimum_of.__module__]  # the room's face names a function like its module
    monkeypatch.setattr(module, "least", lambda *_: stopped)
    made = scene(item("a"))
    for asked in (lambda: optimum(made, ("worth",)), lambda: optimum_of(made, "worth"), lambda: core(made)):
        with pytest.raises(InputError, match="the solver stopped: time limit"):
            asked()
