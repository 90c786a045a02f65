"""The light kernels against slow and obvious references."""

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.illumination.scenes import angle_deg, ground, segment

from lupex.base.constants import AU_M, MOON_RADIUS_M
from lupex.illumination.places import places
from lupex.kernels.light import steps as kernel

RNG = np.random.default_rng(20)


def bumpy(lat_deg=-86.0, lon_deg=40.0, size=2):
    """Ground under a rough skyline, different in every azimuth, between -3 and 12 degrees."""
    skyline = 4.5 + 7.0 * np.sin(np.radians(np.arange(360) * 3)) * np.cos(np.radians(np.arange(360) * 7))
    return ground(lat_deg, lon_deg, skyline, size, rise=(0.1, -0.2))


def bodies(n, distance_m=AU_M):
    """Positions (3, n) all round, within 20 degrees of the equator."""
    a, e = RNG.uniform(0, 2 * math.pi, n), RNG.uniform(-0.35, 0.35, n)
    return distance_m * np.stack([np.sin(a) * np.cos(e), np.cos(a) * np.cos(e), np.sin(e)])


def arrays(scene):
    """Kernel arguments of a scene: counts, then place arrays."""
    where = places(*scene)
    return scene[1].counts, (where.px, where.py, where.pk, where.distance_m), (where.slope_x, where.slope_y)


def test_the_disc_is_the_circular_segment():
    above = np.linspace(-1.2, 1.2, 25)
    found = [kernel.disc_fraction(a) for a in above]
    assert found == pytest.approx(segment(above), abs=2e-4)


@pytest.mark.parametrize(("above", "fraction"), [(-2.0, 0.0), (-1.0, 0.0), (0.0, 0.5), (1.0, 1.0), (3.0, 1.0)])
def test_the_disc_at_its_limits(above, fraction):
    assert kernel.disc_fraction(above) == fraction


def test_the_disc_half_a_radius_up():
    assert kernel.disc_fraction(0.5) == pytest.approx(1.0 - (math.pi / 3 - math.sqrt(3) / 4) / math.pi, abs=1e-15)


@pytest.mark.parametrize("lat_deg", [-90.0, -89.0, -85.0, -75.0, -65.0])
@pytest.mark.parametrize("distance_m", [AU_M, 3.6e8])
def test_clearance_is_elevation_less_skyline(lat_deg, distance_m):
    scene = bumpy(lat_deg, 130.0, 1)
    body = bodies(500, distance_m)
    counts, (px, py, pk, r), _ = arrays(scene)
    skylines = np.empty((1, 361), np.float32)
    kernel.load_skylines(counts, 0, 0, 1, skylines)
    out = np.empty(500)
    kernel.clearance(px[0, 0], py[0, 0], pk[0, 0], r[0, 0], *body, skylines[0], out)
    # The skyline climbs by up to 0.9 degrees per degree: azimuths good to 3e-5 degrees show as that much here.
    assert np.degrees(out) == pytest.approx(angle_deg(scene, 0, 0, body), abs=2e-4)


def test_clearance_at_any_height_of_the_body():
    scene = ground(-88.0, 10.0)
    counts, (px, py, pk, r), _ = arrays(scene)
    elevation = np.radians(np.linspace(-89.0, 89.0, 179))
    up = np.array([px[0, 0], py[0, 0], pk[0, 0]])
    side = np.cross(up, [0.0, 1.0, 0.0])
    side /= np.linalg.norm(side)
    body = r[0, 0] * up[:, None] + AU_M * (np.cos(elevation) * side[:, None] + np.sin(elevation) * up[:, None])
    out = np.empty(elevation.size)
    kernel.clearance(*up, r[0, 0], *body, np.zeros(361, np.float32), out)
    assert out == pytest.approx(elevation, abs=3e-6)


def test_skylines_close_the_circle_and_unknown_directions_are_level():
    counts = np.zeros((4, 1, 2), np.int16)
    counts[:, 0, 1] = [100, -1000, -29000, 5]
    skylines = np.empty((2, 5), np.float32)
    kernel.load_skylines(counts, 0, 0, 2, skylines)
    assert np.degrees(skylines[1]) == pytest.approx([0.3, -3.0, 0.0, 0.015, 0.3], abs=1e-6)
    assert not skylines[0].any()


def test_the_lowest_skyline_is_the_dip_from_the_highest_ground_to_the_lowest():
    dip = math.acos((MOON_RADIUS_M - 9.1e3) / (MOON_RADIUS_M + 10.8e3))
    assert -kernel.LOWEST_SKYLINE_RAD == pytest.approx(dip, abs=0.003)


@pytest.mark.parametrize("place", [(0.0, 0.0), (0.2, 0.1), (-0.3, 0.25), (0.0, -0.4)])
def test_the_ground_normal_is_across_both_axes_of_the_tilted_plane(place):
    x, y = place
    k = math.sqrt(1.0 - x * x - y * y)
    up = np.array([x, y, k])
    # The map's axes on the sphere: derivatives of the inverse stereographic projection, made unit vectors.
    a, b = 2 * x / (1 + k), 2 * y / (1 + k)
    east, north = ((unit(a + 1e-6, b) - unit(a - 1e-6, b)), (unit(a, b + 1e-6) - unit(a, b - 1e-6)))
    east, north = east / np.linalg.norm(east), north / np.linalg.norm(north)
    for rise_x, rise_y in ((0.0, 0.0), (0.3, 0.0), (0.0, 0.5), (-0.2, 0.4)):
        normal = np.cross(east + rise_x * up, north + rise_y * up)
        normal /= np.linalg.norm(normal)
        assert kernel.ground_normal(x, y, k, rise_x, rise_y) == pytest.approx(normal, abs=1e-9)


def unit(a, b):
    q = (a * a + b * b) / 4.0
    return np.array([a, b, 1.0 - q]) / (1.0 + q)


def statistics(scene, sun, earth, dark_below, run=kernel.run_statistics):
    """The ten layers of `run_statistics` (10, row, col)."""
    counts, place, slope = arrays(scene)
    out = np.full((10, *scene[0].grid.shape), -1.0)
    n = sun.shape[1]
    run(
        counts, 0, scene[0].grid.rows, *place, *slope, sun, np.full(n, 0.0047), np.linspace(0.97, 1.03, n),
        earth, np.full(earth.shape[1], 0.0165), dark_below, *out,
    )  # fmt: skip
    return out


@pytest.mark.parametrize("dark_below", [0.0, 0.3])
def test_statistics_are_those_of_the_plain_series(dark_below):
    scene = bumpy()
    sun, earth = bodies(400), bodies(400, 3.8e8)
    found = statistics(scene, sun, earth, dark_below)
    strength = np.linspace(0.97, 1.03, 400)
    for row in range(2):
        for col in range(2):
            above = np.radians(angle_deg(scene, row, col, sun)) / 0.0047
            disc = segment(above)
            lit = disc > dark_below
            earth_up = np.radians(angle_deg(scene, row, col, earth))
            where = places(*scene)
            normal = kernel.ground_normal(
                where.px[row, col], where.py[row, col], where.pk[row, col], where.slope_x[row, col],
                where.slope_y[row, col],
            )  # fmt: skip
            incidence = np.maximum(0.0, np.array(normal) @ (sun / np.linalg.norm(sun, axis=0)))
            start, length = longest(lit)
            expected = [
                np.mean(above > -1.0), disc.mean(), np.mean(disc * strength * incidence), np.mean(disc * strength),
                length, start, longest(~lit)[1],
                np.mean(earth_up > 0.0), np.mean(earth_up > -0.0165), np.mean((earth_up > 0.0) & lit),
            ]  # fmt: skip
            assert found[:, row, col] == pytest.approx(expected, abs=2e-4)


def longest(mask):
    """First index and length of the longest run, by looking at every start."""
    best = (0, 0)
    for i in range(mask.size):
        j = i
        while j < mask.size and mask[j]:
            j += 1
        if j - i > best[1]:
            best = (i, j - i)
    return best


def test_without_earth_times_the_rest_is_the_same():
    scene, sun = bumpy(), bodies(50)
    found = statistics(scene, sun, np.empty((3, 0)), 0.0)
    assert found[:7] == pytest.approx(statistics(scene, sun, bodies(50), 0.0)[:7], abs=0.0)
    assert not found[7:].any()


def test_cells_without_height_are_nan_in_every_layer():
    terrain, horizons = bumpy()
    counts = horizons.counts.copy()
    counts[:, 0, 1] = kernel.NO_COUNT
    holed = replace(horizons, counts=counts)
    found = statistics((terrain, holed), bodies(9), bodies(9), 0.0)
    assert np.isnan(found[:, 0, 1]).all()
    assert np.isfinite(found[:, [0, 1, 1], [0, 0, 1]]).all()


def series(scene, sun, run=kernel.disc_series):
    counts, place, _ = arrays(scene)
    out = np.empty((sun.shape[1], *scene[0].grid.shape), np.uint8)
    run(counts, 0, scene[0].grid.rows, *place, *sun, np.full(sun.shape[1], 0.0047), out)
    return out


def test_disc_series_counts_255_parts_and_keeps_none_and_all_apart():
    scene = ground(-90.0, 0.0)
    elevation = np.array([-0.005, -0.00469, -0.0046, 2e-5, 0.0046, 0.00469, 0.005]) + MOON_RADIUS_M / AU_M
    sun = AU_M * np.stack([np.zeros(7), np.cos(elevation), np.sin(elevation)])
    assert series(scene, sun)[:, 0, 0].tolist() == [0, 1, 1, 128, 254, 254, 255]


def test_interpreted_kernels_give_what_compiled_ones_give():
    scene, sun, earth = bumpy(), bodies(30), bodies(30, 3.8e8)
    assert statistics(scene, sun, earth, 0.1, kernel.run_statistics.py_func) == pytest.approx(
        statistics(scene, sun, earth, 0.1), abs=1e-12
    )
    assert np.array_equal(series(scene, sun, kernel.disc_series.py_func), series(scene, sun))
    assert kernel.disc_fraction.py_func(0.3) == pytest.approx(kernel.disc_fraction(0.3), abs=1e-15)
    tilted = (0.1, 0.2, math.sqrt(0.95), 0.3, -0.1)
    assert kernel.ground_normal.py_func(*tilted) == pytest.approx(kernel.ground_normal(*tilted), abs=1e-15)
    counts, (px, py, pk, r), _ = arrays(scene)
    slow, fast = np.empty((2, 361), np.float32), np.empty((2, 361), np.float32)
    kernel.load_skylines.py_func(counts, 0, 0, 2, slow)
    kernel.load_skylines(counts, 0, 0, 2, fast)
    assert slow == pytest.approx(fast, abs=1e-7)
    above, again = np.empty(30), np.empty(30)
    kernel.clearance(px[0, 0], py[0, 0], pk[0, 0], r[0, 0], *sun, fast[0], above)
    kernel.clearance.py_func(px[0, 0], py[0, 0], pk[0, 0], r[0, 0], *sun, fast[0], again)
    assert again == pytest.approx(above, abs=3e-6)
