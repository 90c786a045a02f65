import numpy as np
import pytest

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import GridError, InputError
from lupex.base.frames import lat_lon_deg
from lupex.model import Grid, Terrain
from lupex.signals import Mast, sight_line
from lupex.signals.geometry.sight_line import terrain_height_m


def plain(size: int = 801, cell_m: float = 10.0) -> Terrain:
    return Terrain(Grid.centred("south", 20_000.0, 0.0, size, cell_m), np.zeros((size, size), np.float32))


def mast(x_m: float, y_m: float, height_m: float) -> Mast:
    lat, lon = lat_lon_deg(x_m, y_m, "south")
    return Mast(float(lat), float(lon), height_m)


def with_wall(height_m: float, at_x_m: float = 20_000.0) -> Terrain:
    ground = plain()
    heights = ground.elevation_m.copy()
    heights[:, np.abs(ground.grid.x_m() - at_x_m) < 15.0] = height_m
    return Terrain(ground.grid, heights)


def test_the_bulge_of_the_sphere_hides_masts_beyond_their_horizons() -> None:
    ground = plain()
    near = sight_line(ground, mast(18_500.0, 0.0, 1.0), mast(21_500.0, 0.0, 1.0))
    far = sight_line(ground, mast(16_100.0, 0.0, 1.0), mast(23_900.0, 0.0, 1.0))
    # The middle of a chord lies d^2 / 8R below the arc: 0.65 m over 3 km, 4.4 m over 7.8 km.
    assert near.visible and near.clearance_m == pytest.approx(1.0 - 3000.0**2 / 8 / MOON_RADIUS_M, abs=2e-3)
    assert not far.visible and far.clearance_m == pytest.approx(1.0 - 7800.0**2 / 8 / MOON_RADIUS_M, abs=5e-3)
    assert far.worst_m == pytest.approx(3900.0, abs=20.0)
    assert far.distance_m == pytest.approx(7800.0, abs=1.0)


def test_a_wall_between_hides_and_a_higher_mast_looks_over_it() -> None:
    one, low, high = mast(18_500.0, 0.0, 2.0), mast(21_500.0, 0.0, 2.0), mast(21_500.0, 0.0, 30.0)
    assert sight_line(with_wall(0.5), one, low).visible
    blocked = sight_line(with_wall(10.0), one, low)
    assert not blocked.visible
    assert blocked.clearance_m == pytest.approx(2.0 - 10.0 - 3000.0**2 / 8 / MOON_RADIUS_M, abs=0.02)
    assert blocked.worst_m == pytest.approx(1500.0, abs=16.0)
    assert sight_line(with_wall(10.0), one, high).visible


def test_a_wall_behind_or_beside_hides_nothing() -> None:
    one, other = mast(18_500.0, 0.0, 2.0), mast(21_500.0, 0.0, 2.0)
    assert sight_line(with_wall(100.0, 22_500.0), one, other).visible
    assert sight_line(with_wall(100.0, 17_500.0), one, other).visible


def test_there_is_as_back() -> None:
    one, other = mast(18_500.0, 700.0, 2.0), mast(21_500.0, -300.0, 5.0)
    a, b = (sight_line(with_wall(3.0), *pair) for pair in ((one, other), (other, one)))
    assert a.clearance_m == pytest.approx(b.clearance_m, abs=1e-9)
    assert a.worst_m == pytest.approx(a.along_m[-1] - b.worst_m, abs=1e-6)


def test_the_share_of_the_fresnel_zone_is_clearance_over_its_radius() -> None:
    seen = sight_line(with_wall(-50.0), mast(18_500.0, 0.0, 20.0), mast(21_500.0, 0.0, 20.0), 2.2e9)
    middle = np.sqrt(299_792_458.0 / 2.2e9 * 1500.0 * 1500.0 / 3000.0)
    assert middle == pytest.approx(10.11, abs=0.01)
    assert 1.7 < seen.fresnel_fraction < (20.0 - 0.6) / middle * 1.02
    assert np.isnan(sight_line(plain(), mast(18_500.0, 0.0, 1.0), mast(18_900.0, 0.0, 1.0)).fresnel_fraction)


def test_bilinear_heights_of_a_tilted_plane_are_exact_on_every_level() -> None:
    inner, outer = plain(101), Grid.centred("south", 20_000.0, 0.0, 101, 100.0)

    def tilted(grid: Grid) -> np.ndarray:
        x, y = grid.xy_m()
        return (0.01 * (x - 20_000.0) + 0.02 * y).astype(np.float32)

    ground = Terrain(inner.grid, tilted(inner.grid), Terrain(outer, tilted(outer)))
    x, y = np.array([20_013.0, 22_345.0, 30_000.0]), np.array([-7.0, 1234.0, 0.0])
    found = terrain_height_m(ground, x, y)
    assert found[:2] == pytest.approx(0.01 * (x[:2] - 20_000.0) + 0.02 * y[:2], abs=1e-4)
    assert np.isnan(found[2])


def test_bad_masts_are_refused() -> None:
    one = mast(18_500.0, 0.0, 2.0)
    with pytest.raises(InputError, match="at one place"):
        sight_line(plain(), one, one)
    with pytest.raises(InputError, match="not positive"):
        sight_line(plain(), one, mast(19_000.0, 0.0, 0.0))
    with pytest.raises(GridError, match="no terrain data between"):
        sight_line(plain(), one, mast(40_000.0, 0.0, 2.0))
