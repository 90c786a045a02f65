"""The correctness probe other engines were measured with (project reference on illumination, section 4.2).

201 x 201 cells of 600 m at the datum; a ridge 3000 m high runs north-south 48 km east of the centre, one cell
3000 m high stands 48 km north. The ridge seen from the centre: 2.782 degrees (a plane says 3.576, the Earth's
radius 3.361). The flat ground seen from the peak: -3.365 degrees (peers: 0, -2.862, -78.69).
"""

import numpy as np
import pytest
from tests.terrain.great_circle import level_ground

from lupex.base.constants import MOON_RADIUS_M as R
from lupex.model import Terrain
from lupex.terrain import SkylineSettings, horizon_map, point_skyline_deg

EAST, SOUTH, WEST = 18, 36, 54


def probe(cells: int = 201) -> Terrain:
    ground = level_ground(cells, 600.0)
    z = ground.elevation_m.copy()
    middle = cells // 2
    z[:, middle + 80] = 3000.0
    z[middle - 80, middle] = 3000.0
    return Terrain(ground.grid, z)


@pytest.fixture(scope="module")
def horizons():
    return horizon_map(probe(), SkylineSettings(azimuths=72))


def test_the_ridge_from_the_centre_is_the_published_angle(horizons):
    assert horizons.elevation_deg(100, 100)[EAST] == pytest.approx(2.782, abs=0.004)


def test_the_ridge_from_the_centre_by_the_march_of_a_single_point():
    """Its steps are 94 m there and the crest is a knife edge that falls 5 m per m: up to 0.03 degrees low."""
    assert point_skyline_deg(probe(), 0.0, 0.0, [90.0])[0] == pytest.approx(2.782, abs=0.03)


def test_the_ridge_from_the_centre_on_slanting_azimuths(horizons):
    """The ridge is a straight column of the map; the great circles to it are computed one by one."""
    azimuths = horizons.azimuths_pencil_deg
    for k in (12, 15, 21, 24):
        slant = np.radians(azimuths[k])
        angle = 2.0 * np.arctan(48_000.0 / np.sin(slant) / (2.0 * R))
        expected = np.degrees(np.arctan2((R + 3000.0) * np.cos(angle) - R, (R + 3000.0) * np.sin(angle)))
        assert horizons.elevation_deg(100, 100)[k] == pytest.approx(expected, abs=0.02)


def test_flat_ground_from_the_peak_lies_at_the_published_dip():
    """-acos(R / (R + 3000 m)). To the south a line runs through the cell; to the west between two that stand on the
    flanks of this one-cell spike, hundreds of metres lower: 0.16 degrees short, the stated limit for spikes."""
    skyline = horizon_map(probe(501), SkylineSettings(azimuths=72)).elevation_deg(250 - 80, 250)
    assert -np.degrees(np.arccos(R / (R + 3000.0))) == pytest.approx(-3.365, abs=0.001)
    assert skyline[SOUTH] == pytest.approx(-3.365, abs=0.005)
    assert skyline[WEST] == pytest.approx(-3.365, abs=0.18)


def test_flat_ground_from_the_peak_ends_with_the_map(horizons):
    """To the south the probe ends at 108 km; its own 102 km are inside. The reference engine read -3.345."""
    assert horizons.elevation_deg(20, 100)[SOUTH] == pytest.approx(-3.365, abs=0.005)


def test_the_lone_cell_is_seen_from_the_centre(horizons):
    """One cell of 600 m at 48 km: between lines it would read 2.414; here its column goes through the centre."""
    assert horizons.elevation_deg(100, 100)[0] == pytest.approx(2.782, abs=0.03)
