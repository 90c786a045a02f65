"""Steps against a slow reference that follows each of them piece by piece over the bilinear surface."""

import math

import numpy as np
import pytest

from lupex.kernels.drive.edges import DOWN, LAW, RIGHT, drive_edges, pace, paces
from lupex.traverse.steps.edges import DOWN as EDGE_DOWN
from lupex.traverse.steps.edges import EDGE_CONSTRAINTS
from lupex.traverse.steps.edges import RIGHT as EDGE_RIGHT

CELL_M = 10.0
RADIUS_M = 1_737_400.0
LIMITS_DEG = (20.0, 15.0, 12.0)
STEP_M = 4.0


def law_of(resistance=False, slip=0.3):
    law = np.zeros(LAW)
    law[:] = [resistance, 75.6, 9.198, 2.7594, 567.0, 0.133, 133.0, 0.05, 0.5, LIMITS_DEG[0], LIMITS_DEG[1], slip]
    return law


def edges_of(z, blocked=None, directions=16, law=None, limits_deg=LIMITS_DEG, step_m=STEP_M, places=None):
    z = np.asarray(z, np.float32)
    heights = z if blocked is None else np.where(blocked, np.float32(np.nan), z)
    out = np.full((4, directions, *z.shape), -1.0, np.float32)
    by = np.full((directions, *z.shape), 99, np.uint8)
    x_m, y_m = places or (np.zeros(z.shape[1]), np.zeros(z.shape[0]))
    limits = np.array([*np.tan(np.radians(limits_deg)), step_m])
    middle = z.shape[0] // 2
    for rows in ((0, middle), (middle, z.shape[0])):
        drive_edges(z, heights, x_m, y_m, CELL_M, limits, law_of() if law is None else law, *rows, out, by)
    return out, by


class Ground:
    """The bilinear surface over cell centres, row and column as real numbers, heights per cell length."""

    def __init__(self, z):
        self.z = np.asarray(z, np.float64)

    def height(self, row, col):
        i, j = math.floor(row), math.floor(col)
        i, j = min(i, self.z.shape[0] - 2), min(j, self.z.shape[1] - 2)
        u, v = row - i, col - j
        weights = np.outer([1 - u, u], [1 - v, v])
        return sum(w * self.z[i + a, j + b] for (a, b), w in np.ndenumerate(weights) if w > 0.0)

    def side(self, row, col, down, right):
        """Rise per cell across the direction, by a small difference that stays in the same square of centres."""
        n, h = math.hypot(down, right), 1e-4
        ahead = (right * h / n, -down * h / n)
        return (self.height(row + ahead[0], col + ahead[1]) - self.height(row - ahead[0], col - ahead[1])) / (2 * h)


def entered(d):
    """Cells a step enters, in order, then those whose corner it passes; offsets from its start."""
    down, right = int(DOWN[d]), int(RIGHT[d])
    if d < 8:
        return [(0, 0), (down, right)], [(down, 0), (0, right)] if d % 2 else []
    half_down, half_right = int(down / 2), int(right / 2)  # towards zero
    p, q = (half_down, half_right), (down - half_down, right - half_right)
    square = [(i, j) for i in range(min(0, down), max(0, down) + 1) for j in range(min(0, right), max(0, right) + 1)]
    inside = [(0, 0), p, q, (down, right)]
    return inside, [cell for cell in square if cell not in inside]


def tilt(z, r, c, along_row):
    """Rise per cell at a centre, from the sides that are known."""
    sides = []
    for sign in (-1, 1):
        i, j = (r, c + sign) if along_row else (r + sign, c)
        if 0 <= i < z.shape[0] and 0 <= j < z.shape[1] and math.isfinite(z[i, j]):
            sides.append(sign * (z[i, j] - z[r, c]))
    return sides


def slow_step(z, blocked, r, c, d, law, limits_deg=LIMITS_DEG, step_m=STEP_M):
    """What forbids the step, its length, energy, time and mean slope: as the theory page has it."""
    down, right = int(DOWN[d]), int(RIGHT[d])
    i, j = r + down, c + right
    if not (0 <= i < z.shape[0] and 0 <= j < z.shape[1]):
        return "edge of the map", None
    run = math.hypot(down, right) * CELL_M
    slope = math.degrees(math.atan((z[i, j] - z[r, c]) / run))
    inside, beside = entered(d)
    if any(not math.isfinite(z[r + a, c + b]) for a, b in inside):
        return "hole", slope
    if any(blocked[r + a, c + b] for a, b in inside):
        return "blocked", slope
    if any(not math.isfinite(z[r + a, c + b]) or blocked[r + a, c + b] for a, b in beside):
        return "corner", slope
    ground = Ground(z)
    pieces = 4 if d >= 8 else (2 if d % 2 else 1)
    ends = [(r + down * k / pieces, c + right * k / pieces) for k in range(pieces + 1)]
    if pieces == 1:
        z_ends = [z[r, c], z[i, j]]
        both = [tilt(z, *cell, along_row=down != 0) for cell in ((r, c), (i, j))]
        means = [sum(sides) / len(sides) for sides in both if sides]
        side = abs(sum(means) / len(means)) if means else 0.0
    else:
        z_ends = [ground.height(*end) for end in ends]
        at = (0.5,) if pieces == 2 else (0.25, 0.75)
        side = max(abs(ground.side(r + down * t, c + right * t, down, right)) for t in at)
    cells = [(r + a, c + b) for a, b in inside + (beside if d < 8 else [])]
    highest = max(abs(z[m] - z[n]) for m in cells for n in cells if abs(m[0] - n[0]) + abs(m[1] - n[1]) == 1)
    length = energy = time = climb = fall = 0.0
    for a, b in zip(z_ends, z_ends[1:], strict=False):
        rise = (b - a) * pieces / run
        climb, fall = max(climb, rise), max(fall, -rise)
        part = math.hypot(1.0, rise) * run / pieces
        joules, speed = pace(rise, math.degrees(math.atan(rise)), law)
        length, energy, time = length + part, energy + joules * part + 133.0 * part / speed, time + part / speed
    angles = [math.degrees(math.atan(v)) for v in (climb, fall, side / CELL_M)]
    shares = [*(v / limit for v, limit in zip(angles, limits_deg, strict=True)), highest / step_m]
    if max(shares) > 1.0:
        return EDGE_CONSTRAINTS[5 + shares.index(max(shares))], slope
    return "none", (length, energy, time, slope)


@pytest.mark.parametrize("law", [law_of(), law_of(resistance=True, slip=0.0)], ids=["carr", "resistance"])
def test_every_step_on_rough_ground_is_that_of_the_slow_reference(law):
    rng = np.random.default_rng(3)
    z = rng.normal(0.0, 1.1, (11, 12)).astype(np.float32)
    z[:, :4] *= 0.4
    z[rng.random(z.shape) < 0.04] = np.nan
    blocked = rng.random(z.shape) < 0.04
    out, by = edges_of(z, blocked, law=law)
    found = set()
    for d, r, c in np.ndindex(by.shape):
        why, values = slow_step(z.astype(np.float64), blocked, r, c, d, law)
        assert EDGE_CONSTRAINTS[by[d, r, c]] == why, (d, r, c)
        found.add(why)
        if why == "none":
            assert out[:, d, r, c] == pytest.approx(values, rel=1e-5, abs=1e-5)
        else:
            assert np.isinf(out[:3, d, r, c]).all()
            expected = math.nan if values is None else values
            assert out[3, d, r, c] == pytest.approx(expected, rel=1e-5, abs=1e-5, nan_ok=True)
    assert found == set(EDGE_CONSTRAINTS)


def test_steps_are_numbered_as_in_the_noun():
    assert (DOWN == EDGE_DOWN).all() and (RIGHT == EDGE_RIGHT).all()
    back = [(d + 4) % 8 + 8 * (d // 8) for d in range(16)]
    assert (DOWN == -DOWN[back]).all() and (RIGHT == -RIGHT[back]).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (2, 1), (2, 2), (1, 7), (3, 2)])
def test_maps_of_few_cells_have_only_the_steps_that_stay_on_them(shape):
    out, by = edges_of(np.zeros(shape))
    for d, r, c in np.ndindex(by.shape):
        on = 0 <= r + DOWN[d] < shape[0] and 0 <= c + RIGHT[d] < shape[1]
        assert by[d, r, c] == (0 if on else 1)
        if on:
            assert out[0, d, r, c] == pytest.approx(CELL_M * math.hypot(DOWN[d], RIGHT[d]))


def test_lengths_on_the_ground_are_those_of_the_map_over_its_scale_at_the_middle_of_each_step():
    x_m, y_m = 300_000.0 + CELL_M * np.arange(5), 200_000.0 - CELL_M * np.arange(4)
    out, by = edges_of(np.zeros((4, 5)), places=(x_m, y_m))
    for d, r, c in np.ndindex(by.shape):
        if by[d, r, c] == 0:
            x, y = x_m[c] + 0.5 * RIGHT[d] * CELL_M, y_m[r] - 0.5 * DOWN[d] * CELL_M
            scale = 1.0 + (x * x + y * y) / (4.0 * RADIUS_M**2)
            assert scale > 1.01
            assert out[0, d, r, c] == pytest.approx(CELL_M * math.hypot(DOWN[d], RIGHT[d]) / scale, rel=1e-6)


def test_the_limit_exceeded_most_is_the_one_named():
    ramp = math.tan(math.radians(25.0)) * CELL_M * np.arange(5.0)[None, :] + np.zeros((4, 1))
    named = {}
    for limits in ((20.0, 15.0, 12.0), (20.0, 24.0, 12.0)):
        _, by = edges_of(ramp, limits_deg=limits, step_m=np.inf)
        named[limits] = [EDGE_CONSTRAINTS[by[d, 2, 2]] for d in (2, 6, 0)]
    assert named[20.0, 15.0, 12.0] == ["up_slope_deg", "down_slope_deg", "cross_slope_deg"]
    # Beside the ramp's own 25 degrees no limit but the step is exceeded by a factor of two.
    _, by = edges_of(ramp, step_m=1.0)
    assert EDGE_CONSTRAINTS[by[2, 2, 2]] == "step_m"


def test_paces_of_many_slopes_are_those_of_one():
    law = law_of()
    slopes = np.array([-40.0, -15.0, -3.0, 0.0, 7.0, 20.0, 33.0])
    joules, speed = np.empty(7), np.empty(7)
    paces(slopes, law, joules, speed)
    for k, slope in enumerate(slopes):
        assert (joules[k], speed[k]) == pytest.approx(pace(math.tan(math.radians(slope)), slope, law), rel=1e-12)
    # Slip of 0.3 at the limit of 20 deg, half speed there: 0.05 x 0.5 x 0.7; a rolling wheel goes 1 / 0.7 as far.
    assert speed[5] == pytest.approx(0.0175) and joules[5] == pytest.approx((75.6 + 20 * 9.198) / 0.7)
    assert speed[6] == speed[5] and speed[0] == pytest.approx(0.025)
