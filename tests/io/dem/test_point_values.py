"""Values of a raster at places: which pixel, and places off the map."""

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.base.frames import lat_lon_deg
from lupex.io import write_cog
from lupex.io.dem.point_values import values_at
from lupex.model import Grid


@pytest.fixture(scope="module")
def raster(tmp_path_factory):
    grid = Grid("south", 8, 6, 100.0, -300.0, 400.0)
    values = np.arange(48, dtype=np.float32).reshape(8, 6) / 10.0
    values[0, 0] = np.nan
    path = tmp_path_factory.mktemp("raster") / "cpr.tif"
    write_cog(path, grid, values, name="cpr", unit="1", meaning="ratio")
    return path


def at(x: float, y: float) -> tuple[float, float]:
    lat, lon = lat_lon_deg(x, y, "south")
    return float(lat), float(lon)


def test_a_place_reads_the_pixel_that_holds_it(raster):
    for row, col in ((0, 1), (3, 2), (7, 5)):
        for dx, dy in ((0.0, 0.0), (40.0, -40.0), (-45.0, 45.0)):
            lat, lon = at(-250.0 + 100.0 * col + dx, 350.0 - 100.0 * row + dy)
            assert values_at(raster, lat, lon)[0] == pytest.approx((6 * row + col) / 10.0, abs=1e-6)


def test_no_data_is_nan(raster):
    assert np.isnan(values_at(raster, *at(-250.0, 350.0))[0])


def test_a_place_off_the_map_is_named(raster):
    lat, lon = at(500.0, 0.0)
    with pytest.raises(InputError, match=r"hole 2 at -89\.98\d+, 90\.0000 lies outside the map"):
        values_at(raster, np.array([at(0.0, 0.0)[0], lat]), np.array([at(0.0, 0.0)[1], lon]), ["hole 1", "hole 2"])
