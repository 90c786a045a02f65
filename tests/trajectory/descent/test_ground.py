import numpy as np
import pytest

from lupex.base.frames import map_xy_m
from lupex.io import default_terrain
from lupex.model import Grid, Terrain
from lupex.model.settings.descent import DescentSettings
from lupex.terrain import point_height_m
from lupex.trajectory import Propulsion, approach, descent_plan

LANDER = Propulsion(
    name="test", wet_mass_kg=6500.0, thrust_n=9000.0, isp_s=315.0, throttle_min_fraction=0.2, orbit_isp_s=315.0
)
PLAN = descent_plan(LANDER, 4500.0, DescentSettings(), 100.0)


def flat(height_m: float) -> Terrain:
    return Terrain(Grid.centred("south", 0.0, 0.0, 400, 4000.0), np.full((400, 400), height_m, np.float32))


def test_over_level_ground_the_clearance_is_the_height_of_hovering() -> None:
    found = approach(PLAN, (-89.0, 30.0), 0.0, flat(0.0))
    assert found.lowest[0] == pytest.approx(950.0, abs=150.0)


def test_the_way_in_lies_behind_the_site_against_the_direction_of_flight() -> None:
    southward = approach(PLAN, (-85.0, 30.0), 180.0, flat(0.0))
    assert southward.lat_deg[0] > -85.0 and southward.lon_deg[0] == pytest.approx(30.0, abs=1e-6)
    over_the_pole = approach(PLAN, (-85.0, 30.0), 0.0, flat(0.0))
    assert over_the_pole.lon_deg[0] == pytest.approx(210.0, abs=1e-6)
    assert over_the_pole.lat_deg.min() == pytest.approx(-90.0, abs=0.05)
    assert southward.lat_deg[-1] == pytest.approx(-85.0, abs=1e-5)


def test_a_wall_on_the_way_is_met_and_one_beside_it_is_not() -> None:
    heights = np.zeros((400, 400), np.float32)
    grid = Grid.centred("south", 0.0, 0.0, 400, 4000.0)
    row, col = grid.row_col(-86.0, 30.0)
    heights[row - 1 : row + 2, col - 1 : col + 2] = 9000.0
    terrain = Terrain(grid, heights)
    assert approach(PLAN, (-87.0, 30.0), 180.0, terrain).lowest[0] < 0.0
    assert approach(PLAN, (-87.0, 30.0), 90.0, terrain).lowest[0] > 500.0


def test_ground_off_the_map_is_said_to_be_unknown() -> None:
    small = Terrain(Grid.centred("south", 0.0, 0.0, 50, 4000.0), np.zeros((50, 50), np.float32))
    found = approach(PLAN, (-89.0, 30.0), 180.0, small)
    assert found.mapped_m < 150_000.0
    assert np.isfinite(found.terrain_m).all()


def test_the_default_map_is_flown_over_from_every_side() -> None:
    terrain = default_terrain("south")
    x, y = map_xy_m(-89.45, 222.69, "south")
    plan = descent_plan(LANDER, 4500.0, DescentSettings(), 100.0, point_height_m(terrain, float(x), float(y)))
    low = [approach(plan, (-89.45, 222.69), azimuth, terrain).lowest[0] for azimuth in (0.0, 120.0, 240.0)]
    assert min(low) > 100.0
