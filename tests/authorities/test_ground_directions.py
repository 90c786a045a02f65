"""Directions of the Moon and of places on it against Skyfield (Rhodes 2019), which shares no code with SPICE.

Skyfield turns the Earth by IAU 2000A and its own table of UT1 and the Moon by the binary kernel read
on its own; polar motion, which it leaves out here, is below 1.5e-4 deg.
"""

from collections.abc import Iterator

import numpy as np
import pytest
from skyfield.api import load, load_file, wgs84
from skyfield.planetarylib import PlanetaryConstants

from lupex.catalogue import station
from lupex.ephemeris import tdb_s_to_utc, utc_to_tdb_s
from lupex.ephemeris.files import lunar_orientation_kernel, planetary_kernel, sky_kernels
from lupex.model import LunarPlace
from lupex.signals import track

UTC = [f"20{year}-{month:02d}-{3 + 2 * month:02d}T{(5 * month + year) % 24:02d}:13:27Z" for year in (23, 24, 25)
       for month in range(1, 13)]  # fmt: skip
PLACES = [
    LunarPlace(name="rim", lat_deg=-89.45, lon_deg=222.7, height_m=1800.0),
    LunarPlace(name="near side", lat_deg=12.0, lon_deg=-30.0, height_m=-900.0),
]


@pytest.fixture(scope="module")
def sky() -> Iterator[dict]:
    constants = PlanetaryConstants()
    with open(sky_kernels()[-1], "rb") as frames:
        constants.read_text(frames)
    turn = open(lunar_orientation_kernel(), "rb")  # read on demand
    constants.read_binary(turn)
    # The file holds two segments one after the other in time; Skyfield keeps the last.
    (held,) = [one for one in constants._binary_files[0].segments if one.initial_jd < 2_460_000.5 < one.final_jd]
    constants._segment_map[held.body] = held
    constants.variables["BODY301_RADII"] = [1737.4] * 3
    bodies = load_file(str(planetary_kernel()))
    yield {
        "bodies": bodies,
        "times": load.timescale(builtin=True),
        "frame": constants.build_frame_named("MOON_ME_DE440_ME421"),
        "constants": constants,
    }
    bodies.close()  # else a later test of the same process is told of a file left open
    turn.close()


def apart_deg(az1: np.ndarray, el1: np.ndarray, az2: np.ndarray, el2: np.ndarray) -> np.ndarray:
    east = np.radians((az1 - az2 + 180.0) % 360.0 - 180.0) * np.cos(np.radians(el1))
    return np.degrees(np.hypot(east, np.radians(el1 - el2)))


@pytest.mark.parametrize("name", ["misasa", "byalalu32", "dss14", "dss43", "malargue"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_lunar_place_stands_where_skyfield_sees_it(name: str, place: LunarPlace, sky: dict) -> None:
    dish = station(name)
    times = utc_to_tdb_s(UTC)
    ours = track(dish, place, times)
    moment = sky["times"].tdb_jd(2451545.0 + times / 86_400.0)
    target = sky["bodies"]["moon"] + sky["constants"].build_latlon_degrees(
        sky["frame"], place.lat_deg, place.lon_deg, elevation_m=place.height_m
    )
    observer = sky["bodies"]["earth"] + wgs84.latlon(dish.lat_deg, dish.lon_deg, elevation_m=dish.height_m)
    seen = observer.at(moment).observe(target)
    elevation, azimuth, _ = seen.apparent().altaz()
    off = apart_deg(azimuth.degrees, elevation.degrees, ours.azimuth_true_deg, ours.elevation_deg)
    assert tdb_s_to_utc(times)[0] == UTC[0]
    assert off.max() < 5e-4, off.max()
    assert np.abs(seen.distance().m - ours.range_m).max() < 30.0


def test_the_sun_stands_as_far_from_the_moon_as_skyfield_says(sky: dict) -> None:
    dish = station("misasa")
    times = utc_to_tdb_s(UTC)
    ours = track(dish, PLACES[1], times)
    moment = sky["times"].tdb_jd(2451545.0 + times / 86_400.0)
    observer = (sky["bodies"]["earth"] + wgs84.latlon(dish.lat_deg, dish.lon_deg, elevation_m=dish.height_m)).at(moment)
    target = sky["bodies"]["moon"] + sky["constants"].build_latlon_degrees(
        sky["frame"], 12.0, -30.0, elevation_m=-900.0
    )
    sun = observer.observe(sky["bodies"]["sun"]).apparent()
    apart = observer.observe(target).apparent().separation_from(sun).degrees
    assert np.abs(apart - ours.sun_angle_deg).max() < 5e-4
