"""GeoJSON and GeoPackage at the door: the CRS is decided by numbers, parts are joined, the seam is no wall."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from lupex.base.errors import InputError
from lupex.io import VectorLayer, read_stops, read_waypoints, write_gpkg, write_track_geojson

LINE = {"type": "LineString", "coordinates": [[-120.0, -80.0], [150.0, -75.0]]}


def saved(folder: Path, content: Any) -> Path:
    path = folder / "drive.geojson"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(content).encode())
    return path


def collection(name: str | None, geometry: Any) -> dict[str, Any]:
    crs = {} if name is None else {"crs": {"type": "name", "properties": {"name": name}}}
    return {"type": "FeatureCollection", **crs, "features": [{"type": "Feature", "geometry": geometry}]}


@pytest.mark.parametrize(
    "name", ["urn:ogc:def:crs:ESRI::103878", "urn:ogc:def:crs:IAU:2015:30135", "IAU_2015:30135",
             "+proj=stere +lat_0=-90 +k=1 +R=1737400 +units=m"],
)  # fmt: skip
def test_metres_of_the_polar_map_are_metres_whatever_the_map_is_called(tmp_path: Path, name: str) -> None:
    found = read_waypoints(saved(tmp_path, collection(name, LINE)), "south")
    assert [(p.x_m, p.y_m) for p in found] == [(-120.0, -80.0), (150.0, -75.0)]


@pytest.mark.parametrize("name", [None, "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:IAU:2015:30100"])
def test_degrees_are_degrees(tmp_path: Path, name: str | None) -> None:
    line = {"type": "LineString", "coordinates": [[10.0, -89.0], [10.1, -89.0]]}
    assert [p.lat_deg for p in read_waypoints(saved(tmp_path, collection(name, line)), "south")] == [-89.0, -89.0]


@pytest.mark.parametrize("name", ["EPSG:32633", "ESRI:103877", "urn:x", "IAU_2015:30130", "EPSG:3031"])
def test_another_or_an_unknown_projection_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"drive\.geojson: crs .*(degrees|30135)"):
        read_waypoints(saved(tmp_path, collection(name, LINE)), "south")


def test_a_bare_feature_and_parts_that_meet_across_the_seam_are_one_line(tmp_path: Path) -> None:
    parts = [[[179.5, -89.78], [180.0, -89.779]], [[-180.0, -89.779], [-179.2, -89.776]]]
    multi = {"type": "Feature", "geometry": {"type": "MultiLineString", "coordinates": parts}, "properties": None}
    assert [p.lon_deg for p in read_waypoints(saved(tmp_path, multi), "south")] == [179.5, 180.0, 180.8]
    parts[1][0][1] = -89.7
    with pytest.raises(InputError, match="parts of a MultiLineString that do not meet"):
        read_waypoints(saved(tmp_path, multi), "south")


def test_a_multi_line_of_one_part_is_read_from_a_geopackage(tmp_path: Path) -> None:
    line = shapely.MultiLineString([[(1000.0, 2000.0), (1100.0, 2000.0)]])
    write_gpkg(tmp_path / "d.gpkg", [VectorLayer("drive", [line], [{"name": "a"}])], "south")
    assert [p.x_m for p in read_waypoints(tmp_path / "d.gpkg", "south")] == [1000.0, 1100.0]


def test_a_track_across_the_seam_is_cut_and_comes_back_equal(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [{"label": str(n), "lat_deg": -89.78 + 0.002 * n, "lon_deg": lon, "item_type": "stop"}
                                  for n, lon in enumerate((179.0, 181.0, 181.5, 180.0, 179.0))]  # fmt: skip
    write_track_geojson(tmp_path / "t.geojson", rows, {"item_type": "track"}, "south", "drive")
    content = json.loads((tmp_path / "t.geojson").read_bytes())
    parts = content["features"][0]["geometry"]
    assert parts["type"] == "MultiLineString"
    for part in parts["coordinates"]:
        assert all(abs(a[0] - b[0]) < 180.0 for a, b in zip(part, part[1:], strict=False)), "a part crosses the seam"
    found = read_waypoints(tmp_path / "t.geojson", "south")
    assert [(p.label, p.lat_deg, round(p.lon_deg, 9)) for p in found] == [
        (row["label"], row["lat_deg"], row["lon_deg"]) for row in rows
    ]
    alone = {"type": "Feature", "geometry": parts}
    assert [round(p.lon_deg, 9) for p in read_waypoints(saved(tmp_path, alone), "south")] == [
        179.0, 180.0, 181.0, 181.5, 180.0, 179.0,
    ]  # fmt: skip


def test_stops_read_the_same_maps_and_refuse_properties_that_are_text(tmp_path: Path) -> None:
    point = collection("IAU_2015:30135", {"type": "Point", "coordinates": [1000.0, 2000.0]})
    point["features"][0]["properties"] = {"label": "a", "value": 1, "dwell_hours": 2}
    assert read_stops(saved(tmp_path, point), "south")[0].x_m == 1000.0
    point["features"][0]["properties"] = "x"
    with pytest.raises(InputError, match="feature 1: properties are no object"):
        read_stops(saved(tmp_path, point), "south")
