"""Places and outlines: right on the map, right on the Moon, the same bytes twice."""

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from lupex.base.errors import InputError
from lupex.base.frames import map_xy_m
from lupex.io import (
    VectorLayer,
    crs_wkt,
    mask_polygons,
    same_crs,
    write_gpkg,
    write_points_geojson,
    write_points_gpkg,
    write_polygons_gpkg,
)
from lupex.model import Grid

ROWS = [
    {"name": "A", "lat_deg": -89.5, "lon_deg": 20.0, "score": 0.5, "rank": 1, "fine": True, "note": None},
    {"name": "B", "lat_deg": -85.5, "lon_deg": 220.0, "score": None, "rank": 2, "fine": False, "note": "x"},
]


def test_points_lie_where_the_frames_module_puts_them(tmp_path: Path) -> None:
    write_points_gpkg(tmp_path / "a.gpkg", ROWS, "south", "sites")
    meta, _, geometry, columns = pyogrio.raw.read(tmp_path / "a.gpkg", layer="sites")
    assert same_crs(meta["crs"], crs_wkt("south"))
    for point, row in zip(shapely.from_wkb(geometry), ROWS, strict=True):
        x, y = map_xy_m(row["lat_deg"], row["lon_deg"], "south")  # type: ignore[arg-type]
        assert (point.x, point.y) == (float(x), float(y))
    found = dict(zip(meta["fields"], columns, strict=True))
    assert found["name"].tolist() == ["A", "B"] and found["rank"].tolist() == [1, 2]
    assert found["score"][0] == 0.5 and np.isnan(found["score"][1])
    assert found["fine"].tolist() == [True, False] and found["note"].tolist() == [None, "x"]


def test_two_packages_written_at_different_times_are_the_same_bytes(tmp_path: Path) -> None:
    write_points_gpkg(tmp_path / "a.gpkg", ROWS, "south")
    time.sleep(1.1)
    write_points_gpkg(tmp_path / "b.gpkg", ROWS, "south")
    assert (tmp_path / "a.gpkg").read_bytes() == (tmp_path / "b.gpkg").read_bytes()


def test_several_layers_share_one_package(tmp_path: Path) -> None:
    square = shapely.box(0.0, 0.0, 100.0, 50.0)
    layers = [
        VectorLayer("sites", [shapely.Point(1.0, 2.0)], [{"id": 1}]),
        VectorLayer("psr", [square, shapely.MultiPolygon([square])], [{"km2": 0.5}, {"km2": 1.0}]),
    ]
    write_gpkg(tmp_path / "a.gpkg", layers, "north")
    assert pyogrio.list_layers(tmp_path / "a.gpkg")[:, 0].tolist() == ["sites", "psr"]
    with sqlite3.connect(tmp_path / "a.gpkg") as database:
        query = (
            "select organization, organization_coordsys_id, definition from gpkg_spatial_ref_sys where srs_id > 5000"
        )
        systems = database.execute(query).fetchall()
    assert systems[0][:2] == ("IAU_2015", 30130)
    assert all(same_crs(text, crs_wkt("north")) for _, _, text in systems)
    info = pyogrio.read_info(tmp_path / "a.gpkg", layer="psr")
    assert info["features"] == 2 and info["geometry_type"] == "MultiPolygon"


def test_a_layer_without_any_place_is_still_a_layer(tmp_path: Path) -> None:
    write_points_gpkg(tmp_path / "a.gpkg", [], "south")
    assert pyogrio.read_info(tmp_path / "a.gpkg")["features"] == 0


def test_geojson_has_longitude_first_and_says_that_it_is_the_moon(tmp_path: Path) -> None:
    write_points_geojson(tmp_path / "a.geojson", ROWS, "south")
    data = json.loads((tmp_path / "a.geojson").read_text())
    assert data["lupex:crs"] == "IAU_2015:30100"
    assert data["features"][1]["geometry"]["coordinates"] == [-140.0, -85.5]
    assert data["features"][1]["properties"]["score"] is None
    assert same_crs(pyogrio.read_info(tmp_path / "a.geojson")["crs"], "IAU_2015:30100")


def test_outlines_of_a_mask_have_its_area_its_holes_and_its_place(tmp_path: Path) -> None:
    grid = Grid("south", 60, 70, 100.0, -3500.0, 3000.0)
    labels = np.zeros(grid.shape, dtype=np.int32)
    labels[10:20, 20:40] = 7
    labels[14:16, 24:26] = 0
    labels[30, 5] = 9
    labels[31, 6] = 9
    outlines = mask_polygons(grid, labels)
    assert [value for value, _ in outlines] == [7, 9]
    ring, corner = outlines[0][1], outlines[1][1]
    assert ring.area == pytest.approx((200 - 4) * 1e4) and len(ring.interiors) == 1
    assert ring.bounds == (-3500 + 2000, 3000 - 2000, -3500 + 4000, 3000 - 1000)
    assert corner.geom_type == "MultiPolygon" and len(corner.geoms) == 2
    write_polygons_gpkg(tmp_path / "a.gpkg", [g for _, g in outlines], [{"label": v} for v, _ in outlines], "south")
    assert pyogrio.read_info(tmp_path / "a.gpkg", layer="psr")["features"] == 2


def test_rows_without_a_place_or_with_mixed_types_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="lon_deg"):
        write_points_gpkg(tmp_path / "a.gpkg", [{"lat_deg": -89.0}], "south")
    mixed = [{"lat_deg": -89.0, "lon_deg": 0.0, "v": 1}, {"lat_deg": -89.0, "lon_deg": 0.0, "v": "one"}]
    with pytest.raises(InputError, match="mixes"):
        write_points_gpkg(tmp_path / "a.gpkg", mixed, "south")
    assert not list(tmp_path.iterdir())


def test_every_layer_of_a_geopackage_has_the_code_of_the_moons_map(tmp_path: Path) -> None:
    layers = [VectorLayer(name, [shapely.Point(1.0, 2.0)], [{"a": 1}]) for name in ("one", "two", "three")]
    write_gpkg(tmp_path / "g.gpkg", layers, "south")
    with closing(sqlite3.connect(tmp_path / "g.gpkg")) as book:
        codes = book.execute(
            "SELECT c.table_name, s.organization, s.organization_coordsys_id FROM gpkg_contents c"
            " JOIN gpkg_spatial_ref_sys s USING (srs_id) JOIN gpkg_geometry_columns g USING (table_name, srs_id)"
        ).fetchall()
    assert codes == [(name, "IAU_2015", 30135) for name in ("one", "two", "three")]
