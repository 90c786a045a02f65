"""Places of cells: directions, distances and slopes."""

import numpy as np
import pytest
from tests.illumination.scenes import ground

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import GridError
from lupex.illumination.places import places
from lupex.model import Grid, HorizonMap, Terrain


@pytest.mark.parametrize(("lat_deg", "scale"), [(-90.0, 1.0), (-80.0, 1.007654), (-70.0, 1.031091)])
def test_slopes_are_rises_per_metre_of_ground_not_of_map(lat_deg, scale):
    """The map stretches lengths by 1 / cos^2(colatitude / 2)."""
    where = places(*ground(lat_deg, 90.0, size=3, rise=(0.2, -0.1)))
    assert where.slope_x[1, 1] == pytest.approx(0.2 * scale, abs=2e-6)
    assert where.slope_y[1, 1] == pytest.approx(-0.1 * scale, abs=2e-6)


def test_eyes_stand_above_the_ground_of_their_cell():
    terrain = Terrain(Grid.centred("south", 0.0, 0.0, 2, 100.0), np.array([[0.0, 500.0], [-70.0, np.nan]]))
    horizons = HorizonMap(
        grid=terrain.grid,
        azimuths_pencil_deg=np.arange(4.0) * 90,
        counts=np.zeros((4, 2, 2), np.int16),
        observer_height_m=2.0,
        search_radius_m=1e5,
    )
    above = places(terrain, horizons).distance_m - MOON_RADIUS_M
    assert above.ravel().tolist() == [2.0, 502.0, -68.0, 2.0]


def test_a_single_cell_is_level():
    where = places(*ground(-85.0, 0.0))
    assert where.slope_x[0, 0] == where.slope_y[0, 0] == 0.0
    assert where.px**2 + where.py**2 + where.pk**2 == pytest.approx(1.0, abs=1e-15)


def test_skylines_of_other_ground_are_refused():
    with pytest.raises(GridError, match="different grids"):
        places(ground(-85.0, 0.0)[0], ground(-86.0, 0.0)[1])
