"""Statistics over time against closed forms, made-up skies and plain counting."""

import numpy as np
import pytest
from tests.illumination.scenes import (
    angle_deg,
    cycle,
    directions_me_m,
    ground,
    made_up_sky,
    segment,
    south_window,
    years,
)

from lupex.base.constants import AU_M, EARTH_RADIUS_M, MOON_RADIUS_M, SOLAR_IRRADIANCE_1AU_W_M2, SUN_RADIUS_M
from lupex.base.errors import SpanError
from lupex.base.running import Running
from lupex.ephemeris import angular_radius_deg, topocentric
from lupex.illumination import SeriesSettings, disc_series, light_statistics
from lupex.illumination import sky as bodies
from lupex.illumination.series import MEANINGS
from lupex.illumination.span import even_step_s
from lupex.model import HorizonMap, SkyTable, Terrain

PARALLAX_DEG = np.degrees(MOON_RADIUS_M / AU_M)


def statistics(scene, sky, **settings):
    return light_statistics(*scene, sky, None, SeriesSettings(**settings))


def one(maps, name):
    return float(maps[name][0, 0])


@pytest.mark.parametrize("lat_deg", [-89.99, -88.0, -85.0, -80.0, -75.0, -70.0])
@pytest.mark.parametrize("bowl_deg", [0.0, 0.9, 3.0])
def test_level_ground_and_bowls_are_lit_as_often_as_the_sun_is_counted_above_them(lat_deg, bowl_deg):
    """Counting with the independent azimuth-elevation of the ephemeris room."""
    lon_deg, sky = 130.0, cycle()
    maps = statistics(ground(lat_deg, lon_deg, bowl_deg), sky)
    _, sun, distance_m = topocentric(sky.sun_me_m, lat_deg, lon_deg)
    radius = angular_radius_deg(np.linalg.norm(sky.sun_me_m, axis=1), SUN_RADIUS_M)
    above = (sun - bowl_deg) / radius
    assert one(maps, "lit_fraction_any") == pytest.approx(np.mean(above > -1.0), abs=5e-5)
    disc = np.interp(above, np.linspace(-1, 1, 401), segment(np.linspace(-1, 1, 401)))
    assert one(maps, "lit_fraction_disc") == pytest.approx(disc.mean(), abs=5e-5)
    power = SOLAR_IRRADIANCE_1AU_W_M2 * disc * (AU_M / distance_m) ** 2
    assert one(maps, "mean_irradiance_panel_w_m2") == pytest.approx(power.mean(), abs=0.2)
    assert one(maps, "mean_irradiance_surface_w_m2") == pytest.approx(
        np.mean(power * np.maximum(0.0, np.sin(np.radians(sun)))), abs=0.05
    )
    _, earth, earth_m = topocentric(sky.earth_me_m, lat_deg, lon_deg)
    limb = earth + angular_radius_deg(np.linalg.norm(sky.earth_me_m, axis=1), EARTH_RADIUS_M)
    assert one(maps, "earth_fraction") == pytest.approx(np.mean(earth > bowl_deg), abs=1e-4)
    assert one(maps, "earth_any_fraction") == pytest.approx(np.mean(limb > bowl_deg), abs=1e-4)
    both = np.mean((above > -1.0) & (earth > bowl_deg))
    assert one(maps, "sun_and_earth_fraction") == pytest.approx(both, abs=1e-4)


def test_half_of_all_time_the_centre_is_up_at_the_pole():
    sky = cycle()
    _, sun, _ = topocentric(sky.sun_me_m, -90.0, 0.0)
    at_pole = statistics(ground(-90.0, 0.0), sky, dark_below_disc_fraction=0.5)
    half = np.mean(sun > 0.0)
    assert half == pytest.approx(0.51, abs=0.005)
    assert one(at_pole, "lit_fraction_any") == pytest.approx(0.562, abs=0.001)
    # One summer and one winter: the longest run with the centre up is half a draconic year.
    assert one(at_pole, "longest_lit_days") == pytest.approx(346.62 / 2, abs=6.0)
    assert one(at_pole, "longest_dark_days") == pytest.approx(346.62 / 2, abs=6.0)


@pytest.mark.parametrize(
    ("rise", "sun_azimuth_deg", "cosine"),
    [
        ((0.0, 0.0), 0.0, np.sin(np.radians(10.0))),
        ((0.0, -0.5), 0.0, np.sin(np.radians(10.0) + np.arctan(0.5))),  # falls towards the Sun: faces it
        ((0.0, 0.5), 0.0, 0.0),  # rises towards the Sun: turned away
        ((-0.5, 0.0), 90.0, np.sin(np.radians(10.0) + np.arctan(0.5))),
        ((0.5, 0.0), 90.0, 0.0),
        ((0.1, 0.0), 90.0, np.sin(np.radians(10.0) - np.arctan(0.1))),
        ((0.5, 0.0), 0.0, np.sin(np.radians(10.0)) / np.sqrt(1.25)),
    ],
)
def test_a_slope_takes_sunlight_by_the_cosine_of_incidence(rise, sun_azimuth_deg, cosine):
    sky = made_up_sky(sun_azimuth_deg, np.array([10.0, 10.0]), sun_au=1.01)
    maps = statistics(ground(-90.0, 0.0, size=3, rise=rise), sky)
    power = SOLAR_IRRADIANCE_1AU_W_M2 / 1.01**2
    assert maps["mean_irradiance_surface_w_m2"][1, 1] == pytest.approx(power * cosine, abs=0.05)
    assert maps["mean_irradiance_panel_w_m2"][1, 1] == pytest.approx(power, abs=0.01)


def days_of(pattern, **settings):
    """Statistics at the pole of a Sun that is up ('x') or down (' ') by whole degrees, day by day."""
    up = np.array([3.0 if c == "x" else -3.0 for c in pattern])
    return statistics(ground(-90.0, 0.0), made_up_sky(45.0, up, step_s=86_400.0), **settings)


@pytest.mark.parametrize(
    ("pattern", "lit", "start", "dark"),
    [
        ("xx   xxxx x", 4, 5, 3),
        ("xxx xxx", 3, 0, 1),
        ("   x", 1, 3, 3),
        ("xxxxx", 5, 0, 0),
        ("     ", 0, 0, 5),
        ("x     xx", 2, 6, 5),
    ],
)
def test_longest_periods_of_made_up_days(pattern, lit, start, dark):
    maps = days_of(pattern)
    assert one(maps, "longest_lit_days") == lit
    assert one(maps, "longest_lit_start_days") == start
    assert one(maps, "longest_dark_days") == dark
    assert one(maps, "lit_fraction_any") == pytest.approx(pattern.count("x") / len(pattern), abs=1e-6)


@pytest.mark.parametrize(("dark_below", "longest"), [(0.0, 4), (0.3, 3), (0.6, 1), (0.99, 0)])
def test_dark_is_what_the_setting_calls_dark(dark_below, longest):
    """Disc fractions 0.15, 0.5, 0.8, 0.4: what counts as lit shrinks as the threshold grows."""
    above = np.interp([0.15, 0.5, 0.8, 0.4], segment(np.linspace(-1, 1, 401)), np.linspace(-1, 1, 401))
    sky = made_up_sky(10.0, above * 0.266454 + PARALLAX_DEG, step_s=86_400.0)
    maps = statistics(ground(-90.0, 0.0), sky, dark_below_disc_fraction=dark_below)
    assert one(maps, "longest_lit_days") == longest
    assert one(maps, "lit_fraction_any") == 1.0
    assert one(maps, "lit_fraction_disc") == pytest.approx(0.4625, abs=1e-3)


def test_both_is_lit_and_earth():
    sky = made_up_sky(0.0, np.array([3.0, 3.0, -3.0, -3.0, 3.0]), 180.0, np.array([5.0, -5.0, 5.0, -5.0, 5.0]))
    maps = statistics(ground(-90.0, 0.0), sky)
    assert [one(maps, f"{name}_fraction") for name in ("earth", "sun_and_earth")] == pytest.approx([0.6, 0.4], abs=1e-6)


def test_a_station_stands_in_for_the_earth():
    """A made-up station that stands behind the limb while the Earth's centre is up, and the other way round."""
    sky = made_up_sky(0.0, np.array([3.0, 3.0, 3.0, -3.0]), 180.0, np.array([0.5, 0.5, -1.0, 5.0]))
    station = directions_me_m(180.0, np.array([-0.5, 1.0, 0.4, 5.0]), 3.844e8)
    sky = SkyTable(sky.times_tdb_s, sky.sun_me_m, sky.earth_me_m, {"Usuda": station})
    seen = statistics(ground(-90.0, 0.0), sky, station="Usuda")
    earth = statistics(ground(-90.0, 0.0), sky)
    # Parallax at the pole lowers both by 0.26 degrees.
    assert [one(m, "earth_fraction") for m in (seen, earth)] == [0.75, 0.75]
    assert [one(m, "sun_and_earth_fraction") for m in (seen, earth)] == [0.5, 0.5]
    assert [one(m, "earth_any_fraction") for m in (seen, earth)] == [0.75, 0.75]
    near = statistics(ground(-90.0, 0.0, 0.2), sky, station="Usuda")
    assert one(near, "earth_fraction") == 0.5
    with pytest.raises(SpanError, match="Misasa"):
        statistics(ground(-90.0, 0.0), sky, station="Misasa")


def test_a_cell_is_the_plain_series_of_that_cell():
    scene, sky = south_window(-89.5, 200.0, 3), years("2028-01-01", "2028-04-01", 7200.0)
    maps = statistics(scene, sky)
    sun, earth = bodies.sun(sky, "south"), bodies.earth(sky, "south")
    for row, col in ((0, 0), (3, 3), (6, 2)):
        above = angle_deg(scene, row, col, sun.position_m) / np.degrees(sun.radius_rad)
        seen = angle_deg(scene, row, col, earth.position_m) > 0.0
        expected = [np.mean(above > -1.0), segment(above).mean(), seen.mean(), np.mean(seen & (above > -1.0))]
        names = ["lit_fraction_any", "lit_fraction_disc", "earth_fraction", "sun_and_earth_fraction"]
        # One step of 1080 may fall on either side.
        assert [maps[name][row, col] for name in names] == pytest.approx(expected, abs=1.0 / len(sky) + 1e-4)


@pytest.mark.parametrize("workers", [1, 3])
def test_values_do_not_depend_on_the_number_of_workers(workers):
    scene, sky = south_window(-88.0, 60.0, 8), years("2028-01-01", "2028-04-01", 7200.0)
    some = light_statistics(*scene, sky, running=Running(workers))
    all_cores = statistics(scene, sky)
    for name in all_cores.layers:
        assert some[name].tobytes() == all_cores[name].tobytes(), name
    assert disc_series(*scene, sky, Running(workers)).tobytes() == disc_series(*scene, sky).tobytes()


def holed(scene):
    """The scene with its first cell gone."""
    terrain, horizons = scene
    z, counts = terrain.elevation_m.copy(), horizons.counts.copy()
    z[0, 0], counts[:, 0, 0] = np.nan, HorizonMap.NODATA
    return Terrain(terrain.grid, z), HorizonMap(
        grid=terrain.grid,
        azimuths_pencil_deg=horizons.azimuths_pencil_deg,
        counts=counts,
        observer_height_m=0.0,
        search_radius_m=1e5,
    )


def test_cells_without_height_are_nan_and_never_lit():
    scene, sky = holed(ground(-88.0, 0.0, size=3)), made_up_sky(np.arange(0.0, 360.0, 10.0), 5.0)
    maps = statistics(scene, sky)
    for name, layer in maps.layers.items():
        assert np.isnan(layer[0, 0]), name
        assert np.isfinite(layer).sum() == 8, name
    series = disc_series(*scene, sky)
    assert not series[:, 0, 0].any()
    assert (series[:, 1:, 1:] == 255).all()


def test_every_layer_says_what_it_is():
    maps = statistics(ground(-88.0, 0.0), made_up_sky(0.0, np.zeros(3)))
    assert maps.meanings == MEANINGS
    assert maps.span_utc == ("2000-01-01T11:58:56Z", "2000-01-01T14:58:56Z")


@pytest.mark.parametrize(("times", "problem"), [([0.0], "at least two times"), ([0.0, 1.0, 3.0], "not evenly spaced")])
def test_times_must_be_two_or_more_and_even(times, problem):
    with pytest.raises(SpanError, match=problem):
        even_step_s(np.array(times))
