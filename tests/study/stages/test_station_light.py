"""[traverse] station: a drive is in view of an antenna when the antenna also sees the Moon."""

from dataclasses import replace

import numpy as np
from tests.study.contacts.test_plan import SPAN

from lupex.base.frames import lat_lon_deg, map_xy_m
from lupex.catalogue import station
from lupex.illumination import HorizonLight
from lupex.mission import load_mission
from lupex.model import Grid, HorizonMap, LunarPlace, Terrain
from lupex.signals import track
from lupex.study.stages.station_light import StationLight, drive_light

STEP_S = 3600.0


def scene() -> tuple[Terrain, HorizonMap]:
    """Two by two cells of level ground with a free horizon (the sphere's own)."""
    x, y = (float(v) for v in map_xy_m(-89.0, 20.0, "south"))
    grid = Grid.centred("south", x, y, 2, 100.0)
    azimuths = np.arange(8) * 45.0
    return Terrain(grid, np.zeros((2, 2), np.float32)), HorizonMap(
        grid=grid,
        azimuths_pencil_deg=azimuths,
        counts=np.zeros((8, 2, 2), np.int16),
        observer_height_m=2.0,
        search_radius_m=1000.0,
    )


def test_the_earth_is_the_default_and_a_light_of_its_own():
    light = drive_light(load_mission(None), *scene(), SPAN, STEP_S)
    assert isinstance(light, HorizonLight)


def test_a_station_is_in_view_only_while_the_moon_stands_above_its_own_horizon():
    mission = load_mission(None)
    mission = replace(mission, traverse=replace(mission.traverse, station="misasa"))
    terrain, horizons = scene()
    light = drive_light(mission, terrain, horizons, SPAN, STEP_S)
    assert isinstance(light, StationLight)
    steps = light.times_tdb_s.size - 1
    _, view = light.read(0, steps)
    middles = 0.5 * (light.times_tdb_s[1:] + light.times_tdb_s[:-1])
    grid = terrain.grid
    lat, lon = lat_lon_deg(grid.left_m + 100.0, grid.top_m - 100.0, "south")
    seen = track(station("misasa"), LunarPlace(name="p", lat_deg=float(lat), lon_deg=float(lon)), middles, 315.0)
    free = (seen.elevation_deg > 7.0) & (seen.place_elevation_deg > 0.0)
    clear = (np.abs(seen.elevation_deg - 7.0) > 0.1) & (np.abs(seen.place_elevation_deg) > 0.02)
    assert np.array_equal(view[clear, 0, 0] == 1, free[clear])
    assert 0 < free.sum() < (seen.place_elevation_deg > 0.0).sum()
    disc, _ = light.read(0, steps)
    earth = drive_light(load_mission(None), terrain, horizons, SPAN, STEP_S)
    assert np.array_equal(disc, earth.read(0, steps)[0])
    assert light.grid == earth.grid
    assert np.array_equal(light.sun_strength, earth.sun_strength)
    assert np.array_equal(light.sun_elevation_deg, earth.sun_elevation_deg)
