"""Absorbed sunlight against a disc of many points behind a skyline, drawn plainly."""

import math

import numpy as np
import pytest

from lupex.kernels.heat.lanes import LANES
from lupex.kernels.heat.sunlight import GEOMETRY, absorb, light_constants

RADIUS = math.radians(0.2666)
LAW = (0.12, 0.06, 0.25)


def frame(lat_deg, slope_deg=0.0, downhill_deg=0.0):
    lat = math.radians(lat_deg)
    up = np.array([math.cos(lat), 0.0, math.sin(lat)])
    east = np.array([0.0, 1.0, 0.0])
    north = np.cross(up, east)
    slope, way = math.radians(slope_deg), math.radians(downhill_deg)
    normal = math.cos(slope) * up + math.sin(slope) * (math.sin(way) * east + math.cos(way) * north)
    return east, north, up, normal


def absorbed(suns, frames, skyline_deg, law=LAW, base=0.0, dtype=np.float64):
    """(sun, cell) W/m2 for a flux of 1000 W/m2 behind one skyline (azimuth,)."""
    rows = [np.concatenate([*f, [f[3] @ f[2]]]) for f in frames]
    geometry = np.zeros((GEOMETRY, LANES))
    geometry[:, : len(rows)] = np.array(rows).T
    geometry[:, len(rows) :] = np.array(rows[-1])[:, None]
    horizon = np.repeat(np.sin(np.radians(skyline_deg))[:, None], LANES, axis=1).astype(dtype)
    sun = np.column_stack([suns, np.full(len(suns), 1000.0)]).astype(dtype)
    flux = np.zeros((len(suns), LANES), dtype)
    k = light_constants(len(skyline_deg), RADIUS, law, dtype)
    none = np.zeros((0, LANES), dtype)
    index, one = np.zeros(len(suns), np.int64), np.ones(len(suns), dtype)
    absorb(flux, sun, geometry.ravel().astype(dtype), horizon, np.full(LANES, base, dtype), none, index, one, 1, k)
    return flux[:, : len(frames)]


def drawn(sun, where, skyline_deg, law=(0.0, 0.0, 0.0)):
    """The same from 40,000 points of the disc, each seen or not."""
    east, north, up, normal = where
    side = np.cross(sun, up)
    side /= np.linalg.norm(side)
    over = np.cross(side, sun)
    x, y = np.meshgrid(*(2 * [(np.arange(200) + 0.5) / 100 - 1]))
    keep = x * x + y * y < 1
    points = sun + RADIUS * (x[keep][:, None] * side + y[keep][:, None] * over)
    azimuth = np.degrees(np.arctan2(points @ east, points @ north)) % 360
    count = len(skyline_deg)
    height = np.interp(azimuth, np.arange(count + 1) * 360 / count, np.append(skyline_deg, skyline_deg[0]))
    seen = np.degrees(np.arcsin(points @ up / np.linalg.norm(points, axis=1))) > height
    mu = np.clip(points @ normal, 0, None)
    i = math.acos(min(max(float(sun @ normal), 0.0), 1.0))
    reflected = law[0] + law[1] * (i / (math.pi / 4)) ** 3 + law[2] * (i / (math.pi / 2)) ** 8
    return 1000.0 * float(np.mean(seen * mu)) * (1.0 - reflected)


def direction(where, azimuth_deg, elevation_deg):
    east, north, up, _ = where
    a, e = math.radians(azimuth_deg), math.radians(elevation_deg)
    return math.cos(e) * (math.sin(a) * east + math.cos(a) * north) + math.sin(e) * up


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("elevation_deg", [-0.3, -0.2, 0.0, 0.1, 0.25, 0.5, 3.0, 60.0])
def test_the_disc_above_a_level_horizon(elevation_deg, dtype):
    where = frame(-89.0)
    suns = np.array([direction(where, azimuth, elevation_deg) for azimuth in (0.0, 77.0, 200.0, 359.9)])
    skyline = np.zeros(36)
    got = absorbed(suns, [where], skyline, (0.0, 0.0, 0.0), dtype=dtype)[:, 0]
    assert got == pytest.approx([drawn(sun, where, skyline) for sun in suns], abs=0.03)


@pytest.mark.parametrize("azimuth_deg", [1.0, 44.0, 91.0, 136.0, 224.0, 269.0, 316.0, 359.0])
def test_a_wall_hides_the_sun_on_its_own_side_only(azimuth_deg):
    where = frame(-85.0)
    wall = np.zeros(360)
    wall[int(azimuth_deg) - 1 : int(azimuth_deg) + 3] = 20.0
    ahead, behind = (direction(where, azimuth_deg + turn, 10.0) for turn in (0.0, 180.0))
    got = absorbed(np.array([ahead, behind]), [where], wall, (0.0, 0.0, 0.0))[:, 0]
    assert got == pytest.approx([0.0, 1000.0 * math.sin(math.radians(10.0))], abs=0.1)


def test_random_places_slopes_skylines_and_suns_agree_with_the_drawn_disc():
    rng = np.random.default_rng(5)
    for _ in range(40):
        where = frame(rng.uniform(-90, 90), rng.uniform(0, 25), rng.uniform(0, 360))
        skyline = 4.0 + 3.0 * np.sin(np.radians(np.arange(360) + rng.uniform(0, 360)))
        azimuth = rng.uniform(0, 360)
        elevation = np.interp(azimuth, np.arange(360), skyline) + rng.uniform(-0.3, 0.3)
        sun = direction(where, azimuth, elevation)
        if sun @ where[3] < 0.02:
            continue  # the slope cuts the disc itself: left to its skyline
        got = absorbed(sun[None], [where], skyline, LAW)[0, 0]
        assert got == pytest.approx(drawn(sun, where, skyline, LAW), abs=0.6, rel=0.01)


def test_the_albedo_rises_with_incidence_and_takes_no_more_than_all():
    where = frame(0.0)
    heights = np.array([90.0, 45.0, 20.0, 5.0])
    suns = np.array([direction(where, 90.0, height) for height in heights])
    skyline = np.full(36, -1.0)
    i = np.radians(90.0 - heights)
    reflected = 0.12 + 0.06 * (i / (np.pi / 4)) ** 3 + 0.25 * (i / (np.pi / 2)) ** 8
    got = absorbed(suns, [where], skyline)[:, 0]
    assert got == pytest.approx(1000.0 * np.sin(np.radians(heights)) * (1.0 - reflected), rel=2e-3)
    assert absorbed(suns, [where], skyline, (1.0, 0.06, 0.25), base=0.5)[:, 0] == pytest.approx(0.5, abs=1e-9)
