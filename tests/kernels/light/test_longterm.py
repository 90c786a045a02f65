"""The long-term kernels: the curve of the skyline on the sky is exact, sums along it equal plain sums."""

import math

import numpy as np
import pytest
from tests.illumination.scenes import ground

from lupex.base.constants import AU_M
from lupex.illumination.places import places
from lupex.kernels.light import longterm as kernel
from lupex.kernels.light import steps as light

BINS, LOW, STEP, EDGES = 720, math.radians(-3.0), math.radians(0.02), 300


def curve(lat_deg, lon_deg, skyline_deg, distance_m, split=2, run=kernel.sky_curve):
    """Longitude, declination, squeeze and slide (4, point) all round, one point over at either end."""
    scene = ground(lat_deg, lon_deg, skyline_deg)
    where = places(*scene)
    skylines = np.empty((1, 361), np.float32)
    light.load_skylines(scene[1].counts, 0, 0, 1, skylines)
    n = 360 * split + 2
    angle = np.arange(-1, n - 1) * (2.0 * math.pi / (360 * split))
    out = np.empty((4, n))
    at = (where.px[0, 0], where.py[0, 0], where.pk[0, 0])
    run(*at, skylines[0], where.distance_m[0, 0] / distance_m, -1, np.cos(angle), np.sin(angle), split, *out)
    return np.array(at), where.distance_m[0, 0], skylines[0], out


@pytest.mark.parametrize("lat_deg", [-90.0, -89.5, -85.0, -80.0, -75.0, -70.0, -62.0])
@pytest.mark.parametrize("distance_m", [AU_M, 4.0e8, 3.6e8])
def test_a_body_at_a_point_of_the_curve_touches_the_skyline(lat_deg, distance_m):
    rough = 2.0 + 5.0 * np.sin(np.radians(np.arange(360) * 5))
    up, eye_m, skyline, (longitude, declination, _, _) = curve(lat_deg, 77.0, rough, distance_m)
    body = distance_m * np.stack(
        [np.sin(longitude) * np.cos(declination), np.cos(longitude) * np.cos(declination), np.sin(declination)]
    )
    above = np.empty(longitude.size)
    light.clearance(*up, eye_m, *body, skyline, above)
    # Longitudes carry the arcsine of a small turn, elevations the parallax to second order.
    assert np.degrees(np.abs(above)).max() < 0.0015


def test_at_the_pole_the_curve_is_the_skyline_itself():
    _, _, skyline, (longitude, declination, squeeze, slide) = curve(-90.0, 0.0, np.arange(360) / 30.0, 1e15, split=1)
    assert longitude[1:-1] == pytest.approx(np.radians(np.arange(360)), abs=1e-12)
    assert declination[1:-1] == pytest.approx(skyline[:360], abs=1e-7)
    assert squeeze == pytest.approx(1.0, abs=1e-12)
    assert slide == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("lat_deg", [-88.0, -80.0, -70.0])
def test_squeeze_and_slide_are_the_derivatives_of_the_curve(lat_deg):
    low, high = (curve(lat_deg, 200.0, h, 1e15)[3] for h in (0.9, 1.5))
    middle = curve(lat_deg, 200.0, 1.2, 1e15)[3]
    per_rad = 1.0 / math.radians(0.6)
    assert middle[2] == pytest.approx((high[1] - low[1]) * per_rad, abs=2e-3)
    near = np.abs(middle[1]) < math.radians(3.0)  # where Sun and Earth are
    assert near.any()
    assert middle[3][near] == pytest.approx(((high[0] - low[0]) * per_rad)[near], abs=2e-3)


def uniform(layers):
    """A body that is everywhere equally often between declinations -2 and 2 degrees, in tables (BINS, EDGES)."""
    edge = LOW + STEP * np.arange(EDGES)
    share = np.clip((math.radians(2.0) - edge) / math.radians(4.0), 0.0, 1.0) / BINS
    return np.repeat(np.repeat(share[None, :, None], BINS, 0), layers, 2).astype(np.float32)


def light_means(scene, run=kernel.mean_light, split=2):
    where = places(*scene)
    n = 360 * split + 2
    angle = np.arange(-1, n - 1) * (2.0 * math.pi / (360 * split))
    out = np.empty((5, *scene[0].grid.shape))
    run(
        scene[1].counts, 0, scene[0].grid.rows, where.px, where.py, where.pk, where.distance_m, where.slope_x,
        where.slope_y, np.cos(angle), np.sin(angle), split, uniform(4), np.full(BINS, math.radians(2.0)), LOW, STEP,
        0.0, 1e-15, *out,
    )  # fmt: skip
    return out


@pytest.mark.parametrize(
    ("skyline_deg", "share"), [(-0.999, 0.74975), (0.0, 0.5), (1.5, 0.125), (2.499, 0.0), (-3.0, 1.0)]
)
def test_a_level_skyline_at_the_pole_cuts_a_known_share(skyline_deg, share):
    any_lit, disc, _, panel, margin = light_means(ground(-90.0, 0.0, skyline_deg))[:, 0, 0]
    assert [any_lit, disc, panel] == pytest.approx([share] * 3, abs=1e-5)
    assert math.degrees(margin) == pytest.approx(2.0 - skyline_deg, abs=1e-4)


@pytest.mark.parametrize("lat_deg", [-85.0, -75.0, -65.0])
def test_half_of_a_symmetric_sky_stands_above_a_level_horizon_anywhere(lat_deg):
    any_lit, disc, *_ = light_means(ground(lat_deg, 33.0))[:, 0, 0]
    assert [any_lit, disc] == pytest.approx([0.5, 0.5], abs=1e-5)


def test_a_bowl_of_20_degrees_at_75_south_cuts_what_the_triangle_says():
    """Body on the equator band: sin(elevation) = cos(lat) cos(hour angle) cos(dec) - sin(|lat|) sin(dec)."""
    hour = (np.arange(4000) + 0.5) * (2 * math.pi / 4000)
    declination = np.radians(np.linspace(-2.0, 2.0, 401))
    lat = math.radians(75.0)
    height = math.cos(lat) * np.cos(hour)[:, None] * np.cos(declination) + math.sin(lat) * np.sin(declination)
    for bowl_deg in (5.0, 10.0, 14.0):
        expected = float(np.mean(np.degrees(np.arcsin(height)) > bowl_deg))
        assert light_means(ground(-75.0, 0.0, bowl_deg), split=4)[0, 0, 0] == pytest.approx(expected, abs=4e-4)


def view_means(scene, run=kernel.mean_view, split=4):
    where = places(*scene)
    n = 360 * split + 2
    angle = np.arange(-1, n - 1) * (2.0 * math.pi / (360 * split))
    out = np.empty((2, *scene[0].grid.shape))
    run(
        scene[1].counts, 0, scene[0].grid.rows, where.px, where.py, where.pk, where.distance_m, -1, np.cos(angle),
        np.sin(angle), split, uniform(2), LOW, STEP, 0.0, 1e-15, *out,
    )  # fmt: skip
    return out


@pytest.mark.parametrize("lat_deg", [-90.0, -85.0, -70.0])
def test_views_of_a_point_like_body_have_no_part_that_shows_first(lat_deg):
    centre, any_part = view_means(ground(lat_deg, 250.0))[:, 0, 0]
    assert [centre, any_part] == pytest.approx([0.5, 0.5], abs=1e-5)


def test_interpreted_kernels_give_what_compiled_ones_give():
    scene = ground(-82.0, 140.0, 1.5 * np.sin(np.radians(np.arange(360) * 4)), 1, (0.1, 0.1))
    assert light_means(scene, kernel.mean_light.py_func) == pytest.approx(light_means(scene), abs=1e-7)
    assert view_means(scene, kernel.mean_view.py_func) == pytest.approx(view_means(scene), abs=1e-7)
    slow = curve(-82.0, 140.0, 3.0, 3.8e8, run=kernel.sky_curve.py_func)[3]
    assert slow == pytest.approx(curve(-82.0, 140.0, 3.0, 3.8e8)[3], abs=1e-9)
    for angle in (-1.2, -0.3, 0.0, 0.19, 0.7):
        assert kernel._sine.py_func(angle) == pytest.approx(math.sin(angle), abs=1e-8)
        assert kernel._arcsine.py_func(math.sin(angle)) == pytest.approx(angle, abs=1e-9)
