"""Means from the distribution of directions equal means over hourly steps; what is dark for ever is dark always."""

import functools

import numpy as np
import pytest
from tests.illumination.scenes import CYCLE, cycle, ground, regional, south, south_of_80, south_window, years

from lupex.base.running import Running
from lupex.illumination import LongTermSettings, light_statistics, lit_share, long_term_light
from lupex.model import HorizonMap, Terrain
from lupex.terrain import horizon_map

WINDOWS = [
    (-89.9, 0.0),
    (-89.5, 200.0),
    (-88.0, 135.0),
    (-87.0, 84.0),
    (-85.0, 45.0),
    (-85.0, 200.0),
    (-80.0, 10.0),
    (-80.0, 135.0),
    (-80.0, 300.0),
    (-75.0, 45.0),
    (-75.0, 135.0),
    (-75.0, 300.0),
    (-70.6, 300.0),
    (-70.6, 45.0),
]


def both_ways(scene):
    return long_term_light(*scene, cycle(), CYCLE), light_statistics(*scene, cycle(), CYCLE)


def furthest(a, b, name):
    return float(np.abs(a[name].astype(float) - b[name]).max())


@pytest.mark.parametrize(("lat_deg", "lon_deg"), WINDOWS)
def test_the_distribution_and_the_hourly_steps_agree(lat_deg, lon_deg):
    """25 cells each; 163 920 steps. Measured worst: any 0.0003, disc 0.0002, Earth 0.0005."""
    fast, slow = both_ways(south_window(lat_deg, lon_deg, 2))
    assert furthest(fast, slow, "lit_fraction_any") < 0.0006
    assert furthest(fast, slow, "lit_fraction_disc") < 0.0004
    assert furthest(fast, slow, "earth_fraction") < 0.001
    assert furthest(fast, slow, "earth_any_fraction") < 0.001
    assert furthest(fast, slow, "mean_irradiance_panel_w_m2") < 0.6
    assert furthest(fast, slow, "mean_irradiance_surface_w_m2") < 0.01 * 1361.0
    dark = fast["permanent_shadow"] > 0.5
    assert not slow["lit_fraction_any"][dark].any()


@pytest.mark.parametrize("row_col", [(0, 0), (0, 757), (757, 0), (400, 757)])
def test_they_agree_at_the_edge_of_the_map_where_terrain_ends(row_col):
    """In the outermost cells nothing is known outwards: taken as level, whatever the colatitude."""
    window = south().crop(*row_col, 5, 5)
    fast, slow = both_ways((window, horizon_map(window)))
    for name in ("lit_fraction_any", "lit_fraction_disc", "earth_fraction", "earth_any_fraction"):
        assert furthest(fast, slow, name) < 0.0015, name
    assert slow["lit_fraction_any"].max() < 0.6


@pytest.mark.parametrize("lat_deg", [-89.99, -85.0, -75.0, -70.0, -63.0])
@pytest.mark.parametrize("lon_deg", [0.0, 45.0, 120.0, 315.0])
def test_they_agree_on_level_ground_in_all_quarters(lat_deg, lon_deg):
    """The Earth's longitudes are covered although far from the pole the skyline turns away from its azimuth."""
    fast, slow = both_ways(ground(lat_deg, lon_deg))
    for name in ("lit_fraction_any", "lit_fraction_disc", "earth_fraction", "earth_any_fraction"):
        assert furthest(fast, slow, name) < 0.001, name


@pytest.mark.parametrize("bowl_deg", [0.6, 1.2, 1.5, 1.752, 1.806])
def test_they_agree_in_a_bowl_that_only_summers_reach(bowl_deg):
    """The hardest case: one level all round. Each summer's peak is sharper than the table's edges."""
    fast, slow = both_ways(ground(-89.0, 30.0, bowl_deg))
    assert furthest(fast, slow, "lit_fraction_any") < 0.001
    assert furthest(fast, slow, "lit_fraction_disc") < 0.0005


@pytest.mark.parametrize(("bowl_deg", "dark"), [(1.80, 0.0), (1.845, 0.0), (1.89, 1.0), (4.0, 1.0)])
def test_a_bowl_at_the_pole_is_dark_for_ever_above_the_suns_highest_limb(bowl_deg, dark):
    """The upper limb reaches 1.8597 degrees, 1.826 at the least favoured longitude."""
    maps = long_term_light(*ground(-90.0, 0.0, bowl_deg), cycle(), CYCLE)
    assert maps["permanent_shadow"][0, 0] == dark
    assert maps["sun_margin_deg"][0, 0] == pytest.approx(1.872 - bowl_deg, abs=0.004)


@pytest.mark.parametrize(("start", "stop"), [("1960-01-01", "1979-01-01"), CYCLE, ("2050-01-01", "2069-01-01")])
def test_no_cell_dark_for_ever_is_lit_at_any_hour_of_any_span(start, stop):
    """Hour by hour: the 60 permanently dark cells south of 80 degrees that come nearest to light, and 40 others."""
    terrain, horizons = south_of_80()
    rows, cols, margin = dark_cells()
    assert margin[0] > -0.001
    assert not lit_share(terrain, horizons, years(start, stop, 3600.0), rows, cols).any()


@functools.cache
def dark_cells():
    """Rows, columns and margins (deg) of permanently dark cells, nearest to light first."""
    maps = regional()
    row, col = np.nonzero((maps["permanent_shadow"] > 0.5) & (maps.grid.lat_lon_deg()[0] < -80.0))
    order = np.argsort(-maps["sun_margin_deg"][row, col], kind="stable")
    pick = np.concatenate([order[:60], order[60 :: order.size // 40]])
    return row[pick], col[pick], maps["sun_margin_deg"][row[pick], col[pick]]


def test_a_cell_not_dark_for_ever_by_more_than_the_guard_is_lit_some_time():
    """The guard of 0.0125 degrees keeps few cells back: those with less than 0.03 degrees of margin."""
    maps, (terrain, horizons) = regional(), south_of_80()
    margin = maps["sun_margin_deg"]
    row, col = np.nonzero((margin > 0.03) & (margin < 0.06) & (maps.grid.lat_lon_deg()[0] < -80.0))
    assert row.size > 20
    for r, c in zip(row[:15].tolist(), col[:15].tolist(), strict=True):
        one = np.array([r]), np.array([c])
        assert lit_share(terrain, horizons, cycle(), *one).any(), (r, c, margin[r, c])


@pytest.mark.parametrize("workers", [1, 3])
def test_values_do_not_depend_on_the_number_of_workers(workers):
    scene = south_window(-87.0, 84.0, 8)
    some = long_term_light(*scene, cycle(), CYCLE, running=Running(workers))
    all_cores = long_term_light(*scene, cycle(), CYCLE)
    for name in all_cores.layers:
        assert some[name].tobytes() == all_cores[name].tobytes(), name


def test_cells_without_height_are_nan_in_every_layer():
    terrain, horizons = ground(-88.0, 0.0, size=3)
    z, counts = terrain.elevation_m.copy(), horizons.counts.copy()
    z[1, 2], counts[:, 1, 2] = np.nan, HorizonMap.NODATA
    maps = long_term_light(
        Terrain(terrain.grid, z),
        HorizonMap(
            grid=terrain.grid,
            azimuths_pencil_deg=horizons.azimuths_pencil_deg,
            counts=counts,
            observer_height_m=0.0,
            search_radius_m=1e5,
        ),
        cycle(),
        CYCLE,
    )
    for name, layer in maps.layers.items():
        assert np.isnan(layer[1, 2]), name
        assert np.isfinite(layer).sum() == 8, name
    assert set(maps.meanings) == set(maps.layers)


def test_finer_settings_change_nothing_that_matters():
    scene = south_window(-85.0, 200.0, 4)
    usual = long_term_light(*scene, cycle(), CYCLE)
    fine = long_term_light(*scene, cycle(), CYCLE, LongTermSettings(4, 16, 1440, 5760))
    for name in ("lit_fraction_any", "lit_fraction_disc", "earth_fraction", "earth_any_fraction"):
        assert furthest(usual, fine, name) < 0.0005, name
