"""Why there is no way: the value named opens one and a smaller one does not; holes and blocked ground by name."""

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.traverse.ground_scenes import PLAIN, reached, terrain_of

from lupex.base.errors import GridError, InputError
from lupex.traverse import Obstruction, drive_edges, why_cut

CELL_M = 10.0
LIMITS = ("up_slope_deg", "down_slope_deg", "cross_slope_deg", "step_m")


def at(shape, *cells):
    mask = np.zeros(shape, bool)
    for cell in cells:
        mask[cell] = True
    return mask


def wide(**limits):
    """The plain rover with limits of 80 degrees except those given."""
    slopes = {f"max_{way}_slope_deg": 80.0 for way in ("up", "down", "cross")}
    return replace(PLAIN, **(slopes | limits))


def relaxed(rover, relaxation):
    factor = relaxation.needed / relaxation.given
    names = LIMITS if relaxation.constraint == "every limit" else (relaxation.constraint,)
    return replace(rover, **{f"max_{name}": getattr(rover, f"max_{name}") * factor for name in names})


def opens(terrain, rover, start, goals, **given):
    return bool((reached(drive_edges(terrain, rover, **given), start) & goals).any())


def test_where_there_is_a_way_nothing_is_cut():
    assert why_cut(terrain_of(np.zeros((5, 6))), PLAIN, (0, 0), at((5, 6), (4, 5))) is None


def test_a_scarp_needs_the_climb_of_its_gentlest_place():
    z = np.zeros((9, 12))
    z[:, 6:] = 8.0
    z[4, 5:7] = 0.5, 5.5  # 5 m over 10 m, and 2.5 m to go
    rover = wide(max_up_slope_deg=20.0, max_cross_slope_deg=5.0)
    cut = why_cut(terrain_of(z), rover, (4, 0), at(z.shape, (4, 11)))
    assert isinstance(cut, Obstruction) and cut.constraint == "up_slope_deg" and cut.given == 20.0
    assert cut.needed == pytest.approx(math.degrees(math.atan(0.5)), rel=1e-6)
    assert (cut.x_m, cut.y_m) == (60.0, -45.0)
    expected = "no way within the rover's limits: it needs max_up_slope_deg 26.57 instead of 20 (at x 60 m, y -45 m)"
    assert cut.sentence == expected
    # The way back goes down and is open.
    assert why_cut(terrain_of(z), rover, (4, 11), at(z.shape, (4, 0))) is None


def test_the_same_scarp_seen_from_above_is_cut_by_the_descent():
    z = np.zeros((5, 8))
    z[:, 4:] = 8.0
    cut = why_cut(terrain_of(z), wide(max_down_slope_deg=25.0), (2, 7), at(z.shape, (2, 0)))
    assert (cut.constraint, cut.given) == ("down_slope_deg", 25.0)
    # Obliquely it is gentler: the diagonal's two halves rise 4 m in 7.07 m each, the straight step 8 m in 10 m.
    assert cut.needed == pytest.approx(math.degrees(math.atan(4.0 / 7.0711)), rel=1e-5)


def test_a_side_slope_along_a_ledge_is_named():
    z = CELL_M * math.tan(math.radians(30.0)) * np.arange(5.0)[:, None] + np.zeros((5, 9))
    rover = wide(max_up_slope_deg=3.0, max_down_slope_deg=3.0, max_cross_slope_deg=25.0)
    cut = why_cut(terrain_of(z), rover, (2, 0), at(z.shape, (2, 8)))
    assert cut.constraint == "cross_slope_deg" and cut.needed == pytest.approx(30.0, rel=1e-5)


def test_a_step_too_high_is_named_in_metres():
    z = np.zeros((5, 8))
    z[:, 4:] = 0.45
    cut = why_cut(terrain_of(z, 1.0), wide(max_step_m=0.3), (2, 0), at(z.shape, (2, 7)))
    assert cut.constraint == "step_m" and cut.needed == pytest.approx(0.45, rel=1e-6)


@pytest.mark.parametrize("neighbours", [8, 16])
@pytest.mark.parametrize("seed", range(12))
def test_on_rough_ground_each_value_opens_a_way_and_a_little_less_does_not(seed, neighbours):
    rng = np.random.default_rng(seed)
    z = rng.normal(0.0, 2.5, (12, 12))
    z[rng.random(z.shape) < 0.05] = np.nan
    z[0, 0] = z[11, 11] = 0.0
    blocked = rng.random(z.shape) < 0.03
    rover = replace(PLAIN, max_up_slope_deg=11.0, max_down_slope_deg=13.0, max_cross_slope_deg=15.0, max_step_m=4.0)
    terrain, start, goals = terrain_of(z), (0, 0), at(z.shape, (11, 11))
    given = {"blocked": blocked, "neighbours": neighbours}
    cut = why_cut(terrain, rover, start, goals, **given)
    if cut is None:
        assert opens(terrain, rover, start, goals, **given)
        return
    assert not opens(terrain, rover, start, goals, **given)
    by_name = {found.constraint: found for found in (cut, *cut.others)}
    for name, found in by_name.items():
        if name in ("corner", "blocked", "hole"):
            continue
        assert opens(terrain, relaxed(rover, found), start, goals, **given)
        less = replace(found, needed=found.given + (found.needed - found.given) * (1.0 - 1e-5))
        assert not opens(terrain, relaxed(rover, less), start, goals, **given)
    # A limit that is not listed does not help however far it goes.
    for name in set(LIMITS) - set(by_name):
        far = replace(rover, **{f"max_{name}": 89.9})
        assert not opens(terrain, far, start, goals, **given)
    factors = [found.needed / found.given for found in (cut, *cut.others) if found.constraint in LIMITS]
    assert factors == sorted(factors)
    if "every limit" in by_name:
        assert all(by_name["every limit"].needed <= factor for factor in factors)


def test_when_no_limit_alone_is_enough_all_grow_together():
    z = np.zeros((5, 12))
    z[:, 3:] += 5.0  # up 26.6 degrees
    z[:, 8:] -= 5.0  # and down again
    rover = wide(max_up_slope_deg=16.0, max_down_slope_deg=18.0, max_cross_slope_deg=5.0)
    cut = why_cut(terrain_of(z), rover, (2, 0), at(z.shape, (2, 11)))
    assert cut.constraint == "every limit" and cut.given == 1.0
    assert cut.needed == pytest.approx(math.degrees(math.atan(0.5)) / 16.0, rel=1e-6)
    assert cut.sentence.endswith("every limit must grow by a factor of 1.67 (at x 30 m, y -25 m)")


@pytest.mark.parametrize("kind", ["hole", "blocked"])
def test_ground_that_no_slope_opens_is_named_for_what_it_is(kind):
    z = np.zeros((6, 9))
    wall = np.zeros(z.shape, bool)
    wall[:, 5] = True
    if kind == "hole":
        z[wall] = np.nan
    blocked = wall if kind == "blocked" else None
    cut = why_cut(terrain_of(z), PLAIN, (2, 1), at(z.shape, (2, 8)), blocked)
    assert cut.constraint == kind and cut.others == () and math.isnan(cut.needed) and math.isnan(cut.given)
    assert (cut.x_m, cut.y_m) == (50.0, -25.0) and cut.sentence.endswith("first at x 50 m, y -25 m")


def test_rooms_that_meet_at_a_corner_are_cut_by_it():
    z = np.zeros((6, 6))
    blocked = np.zeros(z.shape, bool)
    blocked[:3, 3:] = blocked[3:, :3] = True
    cut = why_cut(terrain_of(z), PLAIN, (0, 0), at(z.shape, (5, 5)), blocked)
    assert cut.constraint == "corner" and (cut.x_m, cut.y_m) == (30.0, -30.0)


def test_blocked_ground_with_a_steep_way_round_lists_both():
    z = np.zeros((6, 9))
    z[4:, 4] = 6.0
    blocked = np.zeros(z.shape, bool)
    blocked[:4, 4] = True
    cut = why_cut(terrain_of(z), wide(max_up_slope_deg=20.0), (2, 1), at(z.shape, (2, 8)), blocked)
    assert cut.constraint == "up_slope_deg"
    assert [found.constraint for found in cut.others] == ["every limit", "blocked"]


@pytest.mark.parametrize(("where", "kind"), [((2, 1), "blocked"), ((2, 7), "blocked"), ((2, 1), "hole")])
def test_a_start_or_goal_nobody_can_stand_on_is_found(where, kind):
    z = np.zeros((5, 9))
    blocked = at(z.shape, where) if kind == "blocked" else None
    if kind == "hole":
        z[where] = np.nan
    cut = why_cut(terrain_of(z), PLAIN, (2, 1), at(z.shape, (2, 7)), blocked)
    assert cut.constraint == kind and abs(cut.x_m - CELL_M * (where[1] + 0.5)) <= CELL_M


def test_bad_input_is_refused_with_what_to_do():
    terrain = terrain_of(np.zeros((4, 5)))
    goals = at((4, 5), (3, 4))
    with pytest.raises(InputError, match=r"start \(9, 0\) is off the map of 4 x 5 cells"):
        why_cut(terrain, PLAIN, (9, 0), goals)
    with pytest.raises(InputError, match="no goal is given"):
        why_cut(terrain, PLAIN, (0, 0), np.zeros((4, 5), bool))
    with pytest.raises(GridError, match=r"goals have shape \(5, 4\)"):
        why_cut(terrain, PLAIN, (0, 0), goals.T)
    with pytest.raises(GridError, match="blocked ground has shape"):
        why_cut(terrain, PLAIN, (0, 0), goals, np.zeros((5, 4), bool))
    with pytest.raises(InputError, match="6 neighbours"):
        why_cut(terrain, PLAIN, (0, 0), goals, neighbours=6)
