"""The ground of a map as temperatures need it: its skylines and slopes."""

from lupex.base.running import Running
from lupex.model import Terrain
from lupex.terrain import SkylineSettings, horizon_map
from lupex.terrain.slope import gradient
from lupex.thermal import Surface

AZIMUTHS = 120
"""Three degrees apart: the Sun crosses that in six hours, half a step of the columns."""


def surface_of(terrain: Terrain, azimuths: int = AZIMUTHS, running: Running = Running()) -> Surface:
    """A map's ground with its skylines (eye at 0 m) and slopes over two cells."""
    horizons = horizon_map(terrain, SkylineSettings(azimuths=azimuths), running)
    east, north = gradient(terrain, 2.0 * terrain.grid.cell_m)
    return Surface(terrain, horizons, east, north)
