"""Steps between cells: the defects found in public planners, analytic ground, symmetry."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.traverse.ground_scenes import PLAIN, reached, terrain_of

from lupex.base.errors import GridError, InputError
from lupex.base.running import Running
from lupex.traverse import EDGE_CONSTRAINTS, blocked_share, drive_edges, drive_energy_j_per_m, drive_speed_m_s
from lupex.traverse.steps.edges import DOWN, RIGHT

CELL_M = 10.0
TAN = {deg: math.tan(math.radians(deg)) for deg in (10, 15, 19, 25)}


def names(edges, d, r, c):
    return EDGE_CONSTRAINTS[edges.blocked_by[d, r, c]]


@pytest.mark.parametrize("neighbours", [8, 16])
@pytest.mark.parametrize("wall", ["blocked", "unknown", "50 m ridge", "50 m trench"])
@pytest.mark.parametrize("bent", [False, True])
def test_a_wall_one_cell_wide_is_not_jumped(neighbours, wall, bent):
    z = np.zeros((12, 12))
    on_wall = np.zeros(z.shape, bool)
    on_wall[:, 5] = True
    if bent:  # along a diagonal, touching only at corners
        on_wall = np.eye(12, dtype=bool)
    z[on_wall] = {"blocked": 0.0, "unknown": np.nan, "50 m ridge": 50.0, "50 m trench": -50.0}[wall]
    edges = drive_edges(terrain_of(z), PLAIN, neighbours, blocked=on_wall if wall == "blocked" else None)
    seen = reached(edges, (8, 1))
    beyond = np.triu(np.ones(z.shape, bool), 1) if bent else np.arange(12)[None, :] + np.zeros((12, 1)) > 5
    assert not seen[beyond | on_wall].any()
    assert seen.sum() > 40


@pytest.mark.parametrize("neighbours", [8, 16])
def test_the_cliff_of_50_m_between_1_m_cells_is_refused_at_a_limit_of_20_degrees(neighbours):
    z = np.zeros((9, 10))
    z[:, 5:] = 50.0
    edges = drive_edges(terrain_of(z, 1.0), PLAIN, neighbours)
    assert math.degrees(math.atan(50.0)) == pytest.approx(88.85, abs=0.01)
    assert edges.slope_deg[2, 4, 4] == pytest.approx(88.85, abs=0.01)
    assert (names(edges, 2, 4, 4), names(edges, 6, 4, 5)) == ("up_slope_deg", "down_slope_deg")
    assert not reached(edges, (4, 0))[:, 5:].any() and not reached(edges, (4, 9))[:, :5].any()


def test_a_ridge_low_enough_is_crossed_at_the_price_of_its_height():
    z = np.zeros((7, 9))
    z[:, 4] = 2.0
    edges = drive_edges(terrain_of(z), PLAIN)
    up, down = edges.length_m[2, 3, 3], edges.length_m[2, 3, 4]
    assert up == pytest.approx(math.hypot(10.0, 2.0), rel=1e-6) and down == pytest.approx(up)
    slope = math.degrees(math.atan(0.2))
    for d, c, sign in ((2, 3, 1.0), (2, 4, -1.0)):
        time = up / float(drive_speed_m_s(PLAIN, sign * slope))
        assert edges.time_s[d, 3, c] == pytest.approx(time, rel=1e-5)
        energy = up * float(drive_energy_j_per_m(PLAIN, sign * slope)) + 100.0 * time
        assert edges.energy_j[d, 3, c] == pytest.approx(energy, rel=1e-5)
    assert edges.energy_j[2, 3, 3] > edges.energy_j[2, 3, 2]


@pytest.mark.parametrize("kind", ["blocked", "unknown"])
def test_no_step_cuts_a_corner(kind):
    z = np.zeros((7, 7))
    block = np.zeros(z.shape, bool)
    block[3, 3] = True
    if kind == "unknown":
        z[3, 3] = np.nan
    edges = drive_edges(terrain_of(z), PLAIN, 16, blocked=block if kind == "blocked" else None)
    assert names(edges, 1, 3, 2) == names(edges, 5, 2, 3) == "corner"  # up-right past the left side, and back
    assert names(edges, 8, 3, 2) == names(edges, 12, 1, 3) == "corner"  # the knight's move past its upper left corner
    assert names(edges, 0, 3, 2) == "none" and names(edges, 7, 3, 2) == "none"
    expected = "hole" if kind == "unknown" else "blocked"
    assert names(edges, 2, 3, 2) == expected and names(edges, 2, 3, 3) == expected
    # A knight's move from left of the cell, one row up at its end, runs through the cell itself.
    assert names(edges, 9, 3, 2) == expected


def test_two_rooms_that_touch_at_a_corner_are_not_one():
    z = np.zeros((8, 8))
    z[:4, 4:] = z[4:, :4] = 50.0
    for neighbours in (8, 16):
        assert not reached(drive_edges(terrain_of(z), PLAIN, neighbours), (0, 0))[4:, 4:].any()


def test_flat_ground_costs_its_length_in_every_direction():
    edges = drive_edges(terrain_of(np.zeros((9, 9))), PLAIN, 16)
    length = CELL_M * np.hypot(DOWN, RIGHT)
    assert edges.length_m[:, 4, 4] == pytest.approx(length, rel=1e-6)
    assert edges.time_s[:, 4, 4] == pytest.approx(length / 0.05, rel=1e-6)
    assert edges.energy_j[:, 4, 4] == pytest.approx(length * 75.6 + length / 0.05 * 100.0, rel=1e-6)
    assert (edges.slope_deg[:, 4, 4] == 0.0).all()
    assert set(blocked_share(edges)) == set()


def test_an_inclined_plane_gives_every_direction_the_law_at_its_own_slope():
    r, c = np.mgrid[0:9, 0:9]
    slope = np.array([-TAN[10], 0.5 * TAN[10]])  # rise per metre down the rows and along the columns
    edges = drive_edges(terrain_of(CELL_M * (slope[0] * r + slope[1] * c)), PLAIN, 16)
    for d in range(16):
        run = CELL_M * math.hypot(DOWN[d], RIGHT[d])
        rise = CELL_M * (slope[0] * DOWN[d] + slope[1] * RIGHT[d])
        angle = math.degrees(math.atan(rise / run))
        length = math.hypot(run, rise)
        time = length / float(drive_speed_m_s(PLAIN, angle))
        energy = length * float(drive_energy_j_per_m(PLAIN, angle)) + 100.0 * time
        found = (edges.length_m, edges.time_s, edges.energy_j, edges.slope_deg)
        assert [float(q[d, 4, 4]) for q in found] == pytest.approx([length, time, energy, angle], rel=3e-5)


def test_each_limit_forbids_its_own_directions_on_a_ramp():
    ramp = CELL_M * TAN[15] * np.arange(12.0)[None, :] + np.zeros((9, 1))
    for rover, forbidden in ((replace(PLAIN, max_cross_slope_deg=14.0), {0, 4}),
                             (replace(PLAIN, max_up_slope_deg=14.0), {2}),
                             (replace(PLAIN, max_down_slope_deg=14.0), {6})):  # fmt: skip
        by = drive_edges(terrain_of(ramp), rover).blocked_by[:, 4, 4]
        assert {int(d) for d in np.flatnonzero(by)} == forbidden
    assert blocked_share(drive_edges(terrain_of(ramp), replace(PLAIN, max_up_slope_deg=14.0))) == {
        "up_slope_deg": pytest.approx(9 * 11 / (2 * (9 * 11 + 8 * 12 + 2 * 8 * 11)))
    }


def test_up_is_slower_and_dearer_than_down_and_may_be_forbidden_where_down_is_not():
    ramp = CELL_M * TAN[10] * np.arange(9.0)[None, :] + np.zeros((9, 1))
    edges = drive_edges(terrain_of(ramp), replace(PLAIN, slip_at_limit_fraction=0.3, drive_overhead_w=0.0))
    assert edges.length_m[2, 4, 4] == pytest.approx(edges.length_m[6, 4, 5])
    # 167.6 J/m over 1 - 0.3 / 4 for slip at half the limit, against 103.2 J/m of braking.
    assert edges.energy_j[2, 4, 4] / edges.energy_j[6, 4, 5] == pytest.approx(167.58 / 0.925 / 103.194, rel=1e-4)
    assert edges.time_s[2, 4, 4] > edges.time_s[6, 4, 5]
    assert edges.slope_deg[2, 4, 4] == pytest.approx(10.0, abs=1e-3) == -edges.slope_deg[6, 4, 5]
    one_way = drive_edges(terrain_of(ramp), replace(PLAIN, max_up_slope_deg=5.0))
    assert names(one_way, 2, 4, 4) == "up_slope_deg" and names(one_way, 6, 4, 5) == "none"


def test_a_diagonal_climbs_into_and_out_of_the_corner_it_crosses():
    z = np.zeros((6, 6))
    z[2, 3] = z[3, 2] = 1.5  # the cells beside the diagonal from (2, 2) to (3, 3); its corner is 0.75 m high
    edges = drive_edges(terrain_of(z), PLAIN)
    half = CELL_M * math.sqrt(0.5)
    assert edges.length_m[3, 2, 2] == pytest.approx(2.0 * math.hypot(half, 0.75), rel=1e-6)
    assert edges.slope_deg[3, 2, 2] == 0.0
    z[2, 3] = z[3, 2] = 6.0  # 3 m up on 7.07 m: 23 degrees, though start and end are level
    assert names(drive_edges(terrain_of(z), PLAIN), 3, 2, 2) == "up_slope_deg"


def test_the_highest_step_counts_cells_side_by_side():
    z = np.zeros((5, 6))
    z[:, 3:] = 0.4
    rover = replace(PLAIN, max_step_m=0.3)
    edges = drive_edges(terrain_of(z), rover, 16)
    assert names(edges, 2, 2, 2) == names(edges, 6, 2, 3) == names(edges, 1, 2, 2) == names(edges, 9, 2, 2) == "step_m"
    assert drive_edges(terrain_of(z), replace(PLAIN, max_step_m=0.41), 16).blocked_by[2, 2, 2] == 0


def test_holes_are_named_and_the_ground_beside_them_stays_open():
    rng = np.random.default_rng(1)
    z = rng.normal(0.0, 0.2, (20, 20))
    z[5:9, 4:15] = np.nan
    edges = drive_edges(terrain_of(z), PLAIN, 16)
    seen = reached(edges, (0, 0))
    assert (seen == np.isfinite(z)).all()
    hole = edges.blocked_by == EDGE_CONSTRAINTS.index("hole")
    assert hole[4, 4, 6] and hole[0, 9, 6] and hole[12, 3, 6] and not hole[2, 4, 6]
    assert np.isnan(edges.slope_deg[4, 4, 6])
    finite = np.isfinite(edges.energy_j)
    assert ((edges.blocked_by == 0) == finite).all() and (edges.energy_j[finite] > 0.0).all()


def test_infinite_heights_are_holes():
    z = np.zeros((5, 5))
    z[2, 2] = np.inf
    assert names(drive_edges(terrain_of(z), PLAIN), 2, 2, 1) == "hole"


def test_one_thread_and_many_give_the_same_bytes():
    z = np.random.default_rng(2).normal(0.0, 1.0, (70, 40))
    one, many = (drive_edges(terrain_of(z), PLAIN, 16, running=Running(workers)) for workers in (1, 5))
    for name in ("length_m", "energy_j", "time_s", "slope_deg", "blocked_by"):
        assert getattr(one, name).tobytes() == getattr(many, name).tobytes()


@given(seed=st.integers(0, 2**32 - 1), turns=st.integers(0, 3), mirror=st.booleans())
def test_turning_or_mirroring_the_ground_turns_or_mirrors_the_steps(seed, turns, mirror):
    rng = np.random.default_rng(seed)
    z = rng.normal(0.0, 1.2, (7, 7))
    z[rng.random(z.shape) < 0.08] = np.nan
    blocked = rng.random(z.shape) < 0.08
    rover = replace(PLAIN, max_down_slope_deg=12.0, max_cross_slope_deg=15.0, max_step_m=3.0)
    # Centred on the pole, so that the map's scale turns along.
    before = drive_edges(terrain_of(z, x_m=-35.0, y_m=35.0), rover, 16, blocked)

    def moved(array):
        array = np.rot90(array, turns)
        return np.fliplr(array) if mirror else array

    after = drive_edges(terrain_of(moved(z), x_m=-35.0, y_m=35.0), rover, 16, moved(blocked))
    for d in range(16):
        down, right = int(DOWN[d]), int(RIGHT[d])
        for _ in range(turns):  # counter-clockwise, as rot90
            down, right = -right, down
        right = -right if mirror else right
        to = next(k for k in range(16) if (DOWN[k], RIGHT[k]) == (down, right))
        assert np.array_equal(moved(before.blocked_by[d]), after.blocked_by[to])
        for name in ("length_m", "energy_j", "time_s", "slope_deg"):
            here, there = moved(getattr(before, name)[d]), getattr(after, name)[to]
            assert np.allclose(here, there, rtol=2e-6, atol=1e-5, equal_nan=True)


@given(seed=st.integers(0, 2**32 - 1))
def test_driven_backwards_a_step_is_the_same_ground_the_other_way_up(seed):
    z = np.random.default_rng(seed).normal(0.0, 1.2, (6, 8))
    rover = replace(PLAIN, max_up_slope_deg=12.0)
    swapped = replace(PLAIN, max_down_slope_deg=12.0)
    one, other = drive_edges(terrain_of(z), rover, 16), drive_edges(terrain_of(z), swapped, 16)
    for d, r, c in np.ndindex(one.blocked_by.shape):
        if one.blocked_by[d, r, c] == EDGE_CONSTRAINTS.index("edge of the map"):
            continue
        i, j, back = r + DOWN[d], c + RIGHT[d], (d + 4) % 8 + 8 * (d // 8)
        assert (one.blocked_by[d, r, c] == 0) == (other.blocked_by[back, i, j] == 0)
        assert one.slope_deg[d, r, c] == -other.slope_deg[back, i, j]


def test_bad_input_is_refused_with_what_to_do():
    terrain = terrain_of(np.zeros((4, 5)))
    with pytest.raises(InputError, match="4 neighbours; use 8 or 16"):
        drive_edges(terrain, PLAIN, 4)
    with pytest.raises(GridError, match=r"blocked ground has shape \(5, 4\), the terrain \(4, 5\)"):
        drive_edges(terrain, PLAIN, blocked=np.zeros((5, 4), bool))
