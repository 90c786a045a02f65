"""Straight lines through routes: only over ground that allows every metre of them."""

import math

import numpy as np
import pytest

from lupex.base.errors import GridError, InputError
from lupex.model import Grid, Rover, Terrain
from lupex.traverse import drive_edges, plan_on_cost, route, smoothed

CELL = 10.0


def terrain_of(z, x0=0.0, y0=0.0):
    z = np.asarray(z, np.float32)
    return Terrain(Grid("south", *z.shape, CELL, x0, y0), z)


def rover_of(**changes):
    base = {"name": "r", "mass_kg": 350.0, "speed_m_s": 0.1, "max_up_slope_deg": 20.0, "max_down_slope_deg": 20.0,
            "max_cross_slope_deg": 20.0, "hotel_power_w": 50.0, "sleep_power_w": 20.0, "array_w": 200.0,
            "battery_wh": 2000.0}  # fmt: skip
    return Rover(**(base | changes))


def bumps(seed, shape=(48, 48), relief=6.0):
    rng = np.random.default_rng(seed)
    ky, kx = np.fft.fftfreq(shape[0])[:, None], np.fft.rfftfreq(shape[1])[None]
    k = np.hypot(ky, kx)
    k[0, 0] = 1.0
    z = np.fft.irfftn(np.fft.rfftn(rng.standard_normal(shape)) * k**-1.8, s=shape, axes=(0, 1))
    return relief * z / z.std()


@pytest.mark.parametrize("goal", [(3, 90), (17, 40), (60, 61), (2, 2)])
def test_on_a_flat_plane_one_straight_line_is_left(goal):
    flat = terrain_of(np.zeros((64, 96)))
    rover = rover_of()
    found = route(drive_edges(flat, rover), (1, 2), goal, "time")
    line = smoothed(flat, rover, found)
    run = CELL * math.hypot(goal[0] - 1, goal[1] - 2)
    assert line.x_m.size == (2 if run else 1)
    assert line.length_m == pytest.approx(run, rel=1e-6)
    assert line.time_s == pytest.approx(run / 0.1, rel=1e-6)
    assert line.energy_j == pytest.approx(75.6 * run, rel=1e-6)
    assert (line.x_m[-1], line.y_m[-1]) == (10.0 * goal[1] + 5.0, -10.0 * goal[0] - 5.0)


def exact_trouble(z, blocked, line, limits_deg, samples=4000):
    """Walk a polyline in small steps: True where it enters a closed cell or is steeper than a limit (bilinear)."""
    up, down = limits_deg
    v, u = -line.y_m / CELL - 0.5, line.x_m / CELL - 0.5
    for k in range(v.size - 1):
        if line.kept[k + 1] - line.kept[k] == 1:
            continue
        share = np.linspace(0.0, 1.0, samples)
        r, c = v[k] + share * (v[k + 1] - v[k]), u[k] + share * (u[k + 1] - u[k])
        inside = (np.floor(r + 0.5).astype(int), np.floor(c + 0.5).astype(int))
        if blocked[inside].any() or not np.isfinite(z[inside]).all():
            return True
        i, j = np.minimum(r.astype(int), z.shape[0] - 2), np.minimum(c.astype(int), z.shape[1] - 2)
        p, q = r - i, c - j
        h = (z[i, j] * (1 - p) + z[i + 1, j] * p) * (1 - q) + (z[i, j + 1] * (1 - p) + z[i + 1, j + 1] * p) * q
        run = CELL * math.hypot(v[k + 1] - v[k], u[k + 1] - u[k]) / (samples - 1)
        slope = np.degrees(np.arctan(np.diff(h) / run))
        if slope.max() > up + 1e-3 or slope.min() < -down - 1e-3:
            return True
    return False


@pytest.mark.parametrize("seed", range(6))
def test_smoothing_keeps_every_limit_and_costs_no_more(seed):
    z = bumps(seed)
    blocked = np.random.default_rng(seed).random(z.shape) < 0.03
    blocked[[1, 46], [1, 46]] = False
    ground, rover = terrain_of(z), rover_of(max_up_slope_deg=12.0, max_down_slope_deg=15.0, max_cross_slope_deg=25.0)
    edges = drive_edges(ground, rover, 8, blocked)
    found = route(edges, (1, 1), (46, 46), "time")
    line = smoothed(ground, rover, found, blocked)
    assert line.x_m.size < len(found)
    assert line.time_s < found.time_s and line.energy_j <= found.energy_j * (1 + 1e-5)
    assert line.length_m <= found.length_m * (1 + 1e-5)
    assert not exact_trouble(z.astype(np.float32).astype(float), blocked, line, (12.0, 15.0))


def test_the_steps_of_a_route_cost_what_their_edges_say():
    ground, rover = terrain_of(bumps(4), 40_000.0, 30_000.0), rover_of(slowest_fraction=0.4, drive_overhead_w=20.0)
    for neighbours in (8, 16):
        found = route(drive_edges(ground, rover, neighbours), (2, 3), (44, 40), "energy")
        closed = np.ones(ground.grid.shape, bool)  # no shortcut anywhere
        line = smoothed(ground, rover, found, closed)
        assert line.x_m.size == len(found)
        assert line.length_m == pytest.approx(found.length_m, rel=1e-5)
        assert line.energy_j == pytest.approx(found.energy_j, rel=1e-5)
        assert line.time_s == pytest.approx(found.time_s, rel=1e-5)


@pytest.mark.parametrize("wall", ["blocked", "hole", "ridge"])
def test_no_line_crosses_a_wall_of_one_cell(wall):
    z = np.zeros((30, 40))
    blocked = np.zeros(z.shape, bool)
    if wall == "blocked":
        blocked[:24, 20] = True
    else:
        z[:24, 20] = np.nan if wall == "hole" else 50.0
    ground, rover = terrain_of(z), rover_of()
    found = route(drive_edges(ground, rover, 16, blocked), (5, 5), (5, 35), "length")
    assert found.rows.max() >= 24
    line = smoothed(ground, rover, found, blocked)
    assert 3 <= line.x_m.size <= 7
    assert line.y_m.min() <= -245.0 and line.length_m < found.length_m
    assert not exact_trouble(np.nan_to_num(z), ~np.isfinite(z) | blocked | (z > 0), line, (20.0, 20.0))


def test_a_line_through_the_corner_between_two_closed_cells_is_refused():
    blocked = np.zeros((12, 12), bool)
    blocked[5, 6] = blocked[6, 5] = True
    ground, rover = terrain_of(np.zeros((12, 12))), rover_of()
    found = route(drive_edges(ground, rover, 8, blocked), (1, 1), (10, 10), "length")
    line = smoothed(ground, rover, found, blocked)
    assert line.x_m.size > 2 and line.length_m > 90.0 * math.sqrt(2.0) + 1.0


def test_an_88_9_degree_cliff_is_not_taken_straight():
    z = np.zeros((20, 20))
    z[:, 10:] = 50.0
    ramp = np.clip((np.arange(20) - 7) / 6.0, 0.0, 1.0) * 50.0
    z[15:, :] = ramp
    ground = Terrain(Grid("south", 20, 20, 50.0, 0.0, 0.0), z.astype(np.float32))
    rover = rover_of()
    found = route(drive_edges(ground, rover), (2, 2), (2, 17), "length")
    line = smoothed(ground, rover, found)
    assert line.y_m.min() <= -50.0 * 15.5  # round by the ramp
    assert line.x_m.size > 2


def test_a_limit_on_the_side_slope_keeps_a_line_off_the_flank():
    rows, cols = np.mgrid[:30, :60]
    z = np.where((cols > 15) & (cols < 45), np.maximum(0.0, 12 - rows) * 0.3 * CELL, 0.0)  # 16.7 deg across a strip
    z = z * np.clip(np.minimum(cols - 15, 45 - cols) / 10.0, 0.0, 1.0)
    ground, rover = terrain_of(z), rover_of(max_cross_slope_deg=6.0)
    found = route(drive_edges(ground, rover), (6, 2), (6, 57), "length")
    line = smoothed(ground, rover, found)
    for k in range(line.x_m.size - 1):
        if line.kept[k + 1] - line.kept[k] == 1:
            continue
        share = np.linspace(0.0, 1.0, 500)
        v = -(line.y_m[k] + share * np.diff(line.y_m)[k]) / CELL - 0.5
        u = (line.x_m[k] + share * np.diff(line.x_m)[k]) / CELL - 0.5
        i, j = v.astype(int), u.astype(int)
        across = np.abs(z[i + 1, j] - z[i, j]) / CELL
        assert np.degrees(np.arctan(across)).max() < 12.0
    assert line.length_m <= found.length_m * (1.0 + 1e-9)


def test_bad_input():
    ground, rover = terrain_of(np.zeros((5, 5))), rover_of()
    found = plan_on_cost(np.ones((9, 9)), 1.0, (0, 0), (8, 8))
    with pytest.raises(GridError, match="leaves the terrain"):
        smoothed(ground, rover, found)
    with pytest.raises(InputError, match="unknown cost 'risk'"):
        smoothed(ground, rover, plan_on_cost(np.ones((5, 5)), 1.0, (0, 0), (4, 4)), None, "risk")
