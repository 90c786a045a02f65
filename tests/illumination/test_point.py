"""A single place: the series, its statistics, and that it says what the map says of the same cell."""

import numpy as np
import pytest
from tests.illumination.scenes import cycle, ground, made_up_sky, segment, south_window, years

from lupex.base.constants import MOON_RADIUS_M
from lupex.ephemeris import topocentric
from lupex.illumination import (
    PointView,
    SeriesSettings,
    daily_fractions,
    earth_windows,
    light_statistics,
    lit_windows,
    point_series,
    point_statistics,
)
from lupex.illumination.point import disc_fraction

AROUND = np.arange(360.0)


def view(scene, row=0, col=0):
    """The place of a cell with the cell's own skyline."""
    terrain, horizons = scene
    x, y = (float(a[row, col]) for a in terrain.grid.xy_m())
    eye = MOON_RADIUS_M + float(terrain.elevation_m[row, col]) + horizons.observer_height_m
    return PointView(
        pole="south",
        x_m=x,
        y_m=y,
        distance_m=eye,
        azimuths_pencil_deg=AROUND,
        elevation_deg=horizons.elevation_deg(row, col),
    )


def test_the_disc_is_the_circular_segment_and_full_or_none_beyond():
    above = np.linspace(-1.5, 1.5, 61)
    assert disc_fraction(above) == pytest.approx(segment(above), abs=1e-5)
    assert disc_fraction(np.array([-9.0, -1.0, 0.0, 1.0, 9.0])).tolist() == [0.0, 0.0, 0.5, 1.0, 1.0]
    assert disc_fraction(above) + disc_fraction(-above) == pytest.approx(1.0, abs=1e-14)


@pytest.mark.parametrize(("lat_deg", "lon_deg"), [(-89.0, 10.0), (-85.0, 130.0), (-75.0, 222.0), (-70.0, 310.0)])
def test_directions_are_those_of_the_ephemeris(lat_deg, lon_deg):
    sky = years("2028-01-01", "2028-03-01", 10_800.0)
    series = point_series(view(ground(lat_deg, lon_deg)), sky)
    for body, position in (("sun", sky.sun_me_m), ("earth", sky.earth_me_m)):
        azimuth, elevation, _ = topocentric(position, lat_deg, lon_deg)
        turn = (getattr(series, f"{body}_azimuth_true_deg") - azimuth + 180.0) % 360.0 - 180.0
        assert turn == pytest.approx(0.0, abs=1e-7)
        assert getattr(series, f"{body}_elevation_deg") == pytest.approx(elevation, abs=1e-7)


def test_a_wall_on_the_east_of_the_map_hides_only_what_stands_there():
    skyline = np.where(np.abs(AROUND - 90.0) <= 20.0, 8.0, 0.0)
    azimuth = np.arange(0.0, 360.0, 5.0)
    series = point_series(view(ground(-90.0, 0.0, skyline)), made_up_sky(azimuth, 4.0))
    assert azimuth[series.sun_disc_fraction == 0.0].tolist() == list(range(70, 111, 5))
    assert series.sun_skyline_deg[18] == pytest.approx(8.0, abs=0.0015)


def test_unknown_directions_are_level():
    series = point_series(
        PointView(
            pole="south",
            x_m=0.0,
            y_m=0.0,
            distance_m=MOON_RADIUS_M,
            azimuths_pencil_deg=AROUND,
            elevation_deg=np.full(360, -90.0),
        ),
        made_up_sky(0, -1.0),
    )
    assert series.sun_skyline_deg.tolist() == [0.0]
    assert series.sun_disc_fraction.tolist() == [0.0]


@pytest.mark.parametrize(("lat_deg", "lon_deg"), [(-89.5, 200.0), (-85.0, 31.0), (-75.0, 300.0)])
@pytest.mark.parametrize("dark_below", [0.0, 0.4])
def test_a_point_and_its_cell_agree(lat_deg, lon_deg, dark_below):
    scene, sky = south_window(lat_deg, lon_deg, 2), years("2028-01-01", "2029-01-01", 3600.0)
    maps = light_statistics(*scene, sky, None, SeriesSettings(dark_below_disc_fraction=dark_below))
    point = point_statistics(point_series(view(scene, 2, 2), sky), dark_below)
    for name in ("lit_fraction_any", "lit_fraction_disc", "earth_fraction", "sun_and_earth_fraction"):
        assert point[name] == pytest.approx(float(maps[name][2, 2]), abs=1.5 / len(sky)), name
    assert point["mean_irradiance_panel_w_m2"] == pytest.approx(
        float(maps["mean_irradiance_panel_w_m2"][2, 2]), abs=0.2
    )
    for kind in ("lit", "dark"):
        assert point[f"longest_{kind}_hours"] / 24 == pytest.approx(float(maps[f"longest_{kind}_days"][2, 2]), abs=0.05)


def test_statistics_of_a_made_up_week():
    lit = [3.0, 3.0, -3.0, -3.0, -3.0, 3.0, 3.0]
    earth = [5.0, -5.0, -5.0, 5.0, 5.0, 5.0, -5.0]
    sky = made_up_sky(0.0, np.array(lit), 180.0, np.array(earth), step_s=86_400.0)
    series = point_series(view(ground(-90.0, 0.0)), sky)
    found = point_statistics(series)
    assert found["lit_fraction"] == found["lit_fraction_any"] == pytest.approx(4 / 7, abs=1e-12)
    assert found["earth_fraction"] == pytest.approx(4 / 7, abs=1e-12)
    assert found["sun_and_earth_fraction"] == pytest.approx(2 / 7, abs=1e-12)
    assert [found[f"longest_{k}_hours"] for k in ("lit", "dark", "earth", "earth_gap")] == [48.0, 72.0, 72.0, 48.0]
    assert found["mean_irradiance_panel_w_m2"] == pytest.approx(1361.0 * 4 / 7, abs=0.1)
    assert list(lit_windows(series)) == [(0.0, 172_800.0), (432_000.0, 604_800.0)]
    assert list(earth_windows(series)) == [(0.0, 86_400.0), (259_200.0, 518_400.0)]


def test_days_count_their_hours_and_a_rest_is_left_out():
    up = np.array([3.0] * 6 + [-3.0] * 6 + [3.0] * 12 + [3.0] * 5)
    sky = made_up_sky(0.0, up, 180.0, np.tile([5.0, -5.0], 15)[:29], step_s=7200.0)
    lit, earth, both = daily_fractions(point_series(view(ground(-90.0, 0.0)), sky))
    assert lit.tolist() == [0.5, 1.0]
    assert earth.tolist() == [0.5, 0.5]
    assert both.tolist() == [0.25, 0.5]


def test_over_a_cycle_the_earth_is_up_half_the_time_at_the_pole():
    series = point_series(view(ground(-90.0, 0.0)), cycle())
    assert np.mean(series.earth_centre_visible) == pytest.approx(0.487, abs=0.002)
