"""Nouns as xarray keep times, numbers, units, places and projection."""

import numpy as np
import pytest
import xarray
from tests.report.made_up_drive import made_up_traverse

from lupex.base.errors import InputError
from lupex.io import default_terrain, same_crs
from lupex.model import Grid, HorizonMap, LightMap, SkyTable
from lupex.results import as_xarray

GRID = Grid("north", 4, 3, 50.0, 100.0, 900.0)


def test_terrain_has_heights_on_map_coordinates() -> None:
    terrain = default_terrain("south")
    data = as_xarray(terrain)
    assert data.elevation_m.attrs["units"] == "m" and data.elevation_m.attrs["grid_mapping"] == "crs"
    row, col = terrain.grid.row_col(-84.90229, 31.72665)
    assert (
        float(data.elevation_m.sel(x=81342.0, y=131567.0, method="nearest")) == terrain.elevation_m[row, col] == 5215.0
    )
    assert same_crs(data.crs.attrs["crs_wkt"], "IAU_2015:30135")
    assert "synthetic" not in data.attrs


def test_a_horizon_map_is_in_degrees_with_nan_where_nothing_is_known() -> None:
    counts = np.arange(8 * 12, dtype=np.int16).reshape(8, 4, 3)
    counts[2, 1, 1] = HorizonMap.NODATA
    data = as_xarray(
        HorizonMap(
            grid=GRID,
            azimuths_pencil_deg=np.arange(8) * 45.0,
            counts=counts,
            observer_height_m=2.0,
            search_radius_m=250e3,
            synthetic_below_m=1600.0,
        )
    )
    assert data.elevation_deg.dims == ("azimuth_pencil_deg", "y", "x")
    assert float(data.elevation_deg[1, 0, 2]) == pytest.approx(14 * 0.003, abs=1e-7)
    assert np.isnan(data.elevation_deg[2, 1, 1])
    assert data.attrs["observer_height_m"] == 2.0 and data.attrs["synthetic"] == "below 1600 m"
    np.testing.assert_array_equal(data.y.values, [875.0, 825.0, 775.0, 725.0])


def test_light_layers_keep_their_meaning_and_unit() -> None:
    layers = {"lit_fraction": np.full((4, 3), 0.5, np.float32), "longest_dark_hours": np.ones((4, 3), np.float32)}
    meanings = {"lit_fraction": "any part of the disc", "longest_dark_hours": "longest run of dark"}
    data = as_xarray(
        LightMap(
            grid=GRID,
            layers=layers,
            meanings=meanings,
            span_utc=("2028-01-01T00:00:00Z", "2029-01-01T00:00:00Z"),
            observer_height_m=0.0,
        )
    )
    assert data.lit_fraction.attrs == {"units": "1", "long_name": "any part of the disc", "grid_mapping": "crs"}
    assert data.longest_dark_hours.attrs["units"] == "hour"
    assert data.attrs["span_utc"] == "2028-01-01T00:00:00Z .. 2029-01-01T00:00:00Z"


def test_a_sky_table_has_time_and_axes() -> None:
    vectors = np.arange(6.0).reshape(2, 3)
    data = as_xarray(
        SkyTable(np.array([0.0, 60.0]), vectors, vectors * 2, {"usuda": vectors * 3}, (("de440s.bsp", "ab"),))
    )
    assert float(data.station_usuda_me_m.sel(axis="z").isel(time=1)) == 15.0
    assert str(data.time.values[0]) == "2000-01-01T11:58:55.816073000"  # TDB is 64.184 s ahead of UTC then
    assert data.time.dtype == "datetime64[ns]" and data.time_tdb_s.values.tolist() == [0.0, 60.0]
    assert data.sun_me_m.attrs["units"] == "m" and data.attrs["kernels"] == "de440s.bsp ab"
    assert isinstance(data, xarray.Dataset)


def test_other_things_have_no_xarray_form() -> None:
    with pytest.raises(InputError, match="dict has no xarray form"):
        as_xarray({})  # type: ignore[arg-type]


def test_a_drive_lies_over_utc_and_a_day_can_be_picked() -> None:
    drive = made_up_traverse(Grid.centred("south", 0.0, 0.0, 40, 20.0))
    data = as_xarray(drive)
    day = data.sel(time=str(data.time.values[0])[:10])
    assert 0 < day.sizes["time"] <= len(drive) and data.battery_wh.attrs["units"] == "W h"
    assert data.activity.values[-1] == "end" and data.time_tdb_s.values.tolist() == drive.times_tdb_s.tolist()
    assert {f"slack_{name}" for name in drive.slack} <= set(data.data_vars)
