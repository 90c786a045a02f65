"""Places, spans and dense sampling for the tests of passes."""

import numpy as np

from lupex.ephemeris import utc_to_tdb_s
from lupex.ground.passes.search import skyline_of
from lupex.model import LunarPlace, Station
from lupex.signals import track

START, STOP = (float(t) for t in utc_to_tdb_s(["2028-01-01", "2028-01-11"]))
AZIMUTHS = np.arange(720) / 2.0


def rough_place(seed: int = 3, level_deg: float = 1.0) -> LunarPlace:
    """A polar place among jagged mountains."""
    rng = np.random.default_rng(seed)
    skyline = level_deg + 1.5 * np.sin(np.radians(AZIMUTHS * 3)) + rng.normal(0.0, 0.3, AZIMUTHS.size)
    return LunarPlace(
        name="rim",
        lat_deg=-89.45,
        lon_deg=222.7,
        height_m=1800.0,
        skyline_azimuth_true_deg=AZIMUTHS,
        skyline_elevation_deg=skyline,
    )


def horizon(azimuth: np.ndarray, azimuths: np.ndarray, heights: np.ndarray) -> np.ndarray:
    """Linear and round, by numpy."""
    if not len(azimuths):
        return np.full(azimuth.shape, -90.0)
    return np.interp(azimuth, azimuths, heights, period=360.0)


def dense_edges(station: Station, place: LunarPlace, start: float, stop: float, step_s: float = 1.0) -> np.ndarray:
    """Changes of contact in samples a second apart: the middle of the second."""
    times = np.arange(start, stop, step_s)
    seen = track(station, place, times)
    above = seen.elevation_deg > station.min_elevation_deg
    above &= seen.elevation_deg > horizon(
        seen.azimuth_true_deg, np.array(station.mask_azimuth_deg), np.array(station.mask_elevation_deg)
    )
    above &= seen.place_elevation_deg > horizon(seen.place_azimuth_true_deg, *skyline_of(place))
    return times[np.flatnonzero(above[1:] != above[:-1])] + 0.5 * step_s
