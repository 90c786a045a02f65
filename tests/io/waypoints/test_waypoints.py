"""Waypoints from every format, what is refused and in which words, and tracks written as GeoJSON."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from lupex.base.errors import InputError
from lupex.base.frames import lat_lon_deg, map_xy_m
from lupex.io import VectorLayer, read_waypoints, write_gpkg, write_track_geojson
from lupex.model import Waypoint


def csv(folder: Path, text: str) -> Path:
    path = folder / "drive.csv"
    path.write_text(text)
    return path


def geojson(folder: Path, features: list[Any], **members: Any) -> Path:
    path = folder / "drive.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **members}))
    return path


def feature(coordinates: Any, **properties: Any) -> dict[str, Any]:
    kind = "LineString" if isinstance(coordinates[0], list) else "Point"
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": properties}


def test_a_table_of_latitudes_becomes_waypoints(tmp_path: Path) -> None:
    found = read_waypoints(csv(tmp_path, (
        "label,lat_deg,lon_deg,arrive_utc,depart_utc,activity,duration_hours,colour\n"
        "start,-89.4,10.5,,2028-01-01T06:00,,,red\n"
        "ice,-89.45,-20,2028-01-02,2028-01-02T12:00:00Z,Drilling,6,blue\n"
    )), "south")  # fmt: skip
    x, y = (float(v) for v in map_xy_m(-89.4, 10.5, "south"))
    assert found[0] == Waypoint(
        lat_deg=-89.4,
        lon_deg=10.5,
        x_m=x,
        y_m=y,
        arrive_utc="",
        depart_utc="2028-01-01T06:00:00Z",
        activity="wait",
        duration_hours=0.0,
        label="start",
    )
    assert (found[1].lon_deg, found[1].activity, found[1].duration_hours) == (340.0, "drill", 6.0)
    assert (found[1].arrive_utc, found[1].depart_utc) == ("2028-01-02T00:00:00Z", "2028-01-02T12:00:00Z")


def test_a_table_of_map_metres_becomes_the_same_places(tmp_path: Path) -> None:
    found = read_waypoints(csv(tmp_path, "x_m,y_m,time\n1000,-2500,2028-01-01\n1500,-2500,\n"), "north")
    lat, lon = lat_lon_deg(1000.0, -2500.0, "north")
    assert (found[0].x_m, found[0].y_m) == (1000.0, -2500.0)
    assert (found[0].lat_deg, found[0].lon_deg) == (float(lat), float(lon))
    assert found[0].arrive_utc == found[0].depart_utc == "2028-01-01T00:00:00Z"  # only passed, and not before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lat_deg,lon_deg\n-89,x\n", "drive.csv line 2: lon_deg: 'x' is not a number"),
        ("lat_deg,lon_deg\n-89,\n", "drive.csv line 2: lon_deg is empty"),
        ("lat_deg,lon_deg\n-89\n", "not as many cells as the header has"),
        ("latitud,lon_deg\n-89,1\n", "no columns lat_deg and lon_deg, or x_m and y_m"),
        ("lat_deg,lon_deg,depart_utcc\n-89,1,\n", "unknown column 'depart_utcc'; did you mean 'depart_utc'"),
        ("lat_deg,lon_deg\n", "no waypoints"),
        ("lat_deg,lon_deg\n10,-89\n", "line 2: latitude 10, longitude -89 look swapped"),
        ("lat_deg,lon_deg\n120,-89\n", "look swapped"),
        ("lat_deg,lon_deg\n89,10\n", "latitude 89 is not near the south pole"),
        ("lat_deg,lon_deg\n-89,nan\n", "line 2: its place is not finite"),
        ("lat_deg,lon_deg,activity\n-89,1,dance\n", "line 2: activity: unknown word 'dance'; use one of drive, wait"),
        ("lat_deg,lon_deg,arrive_utc\n-89,1,soon\n", "line 2: arrive_utc: 'soon' is not a UTC time"),
        ("lat_deg,lon_deg,arrive_utc\n-89,1,2028-01-01T00:00:00+01:00\n", "offset from UTC"),
        ("lat_deg,lon_deg,activity,duration_hours\n-89,1,wait,-2\n", "duration_hours is -2"),
        ("lat_deg,lon_deg,time\n-89,1,2028-01-02\n-89,2,2028-01-01\n", "line 3: arrive_utc 2028-01-01T00:00:00Z is"),
        ("x_m,y_m\n9000000,0\n", "is latitude"),
    ],
)  # fmt: skip
def test_bad_tables_are_refused_in_words_that_name_line_and_field(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError) as error:
        read_waypoints(csv(tmp_path, text), "south")
    assert words in str(error.value)


def test_files_that_are_no_waypoints_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read"):
        read_waypoints(tmp_path / "none.csv", "south")
    with pytest.raises(InputError, match="no such file"):
        read_waypoints(tmp_path / "none.gpkg", "south")
    with pytest.raises(InputError, match="unknown format"):
        read_waypoints(tmp_path / "drive.kml", "south")
    (tmp_path / "x.geojson").write_text("{")
    with pytest.raises(InputError, match="not GeoJSON"):
        read_waypoints(tmp_path / "x.geojson", "south")
    (tmp_path / "x.gpkg").write_bytes(b"nothing")
    with pytest.raises(InputError, match="not a GeoPackage"):
        read_waypoints(tmp_path / "x.gpkg", "south")
    with pytest.raises(InputError, match="feature 1: geometry Polygon"):
        polygon = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[10, -89]]}, "properties": {}}
        read_waypoints(geojson(tmp_path, [polygon]), "south")


def test_broken_features_are_refused_and_never_crash(tmp_path: Path) -> None:
    broken: list[Any] = [
        None, "x", {}, {"geometry": None}, {"geometry": {"type": "Point"}}, feature([10.0]),
        {"geometry": {"type": "LineString", "coordinates": []}, "properties": {}},
        {"geometry": {"type": "Point", "coordinates": [10, -89]}, "properties": [1]},
        feature([10.0, -89.0], start_time={}), feature([10.0, -89.0], activity=3),
        feature([10.0, -89.0], start_time=1e300), feature([10.0, -89.0], duration_hours="long"),
    ]  # fmt: skip
    for each in broken:
        with pytest.raises(InputError, match="feature 1"):
            read_waypoints(geojson(tmp_path, [each]), "south")


def test_viper_segments_join_into_waypoints_with_arrival_and_departure(tmp_path: Path) -> None:
    a, b, c = [10.0, -89.0], [10.1, -89.0], [10.2, -89.01]
    path = geojson(tmp_path, [
        feature([a, b], name="Driving", start_time=1_830_297_600, end_time=1_830_297_900, duration=300, uuid="1"),
        feature([b, [10.15, -89.0], c], name="Driving", start_time=1_830_301_200, end_time=1_830_301_500, uuid="2"),
    ])  # fmt: skip
    found = read_waypoints(path, "south")
    assert [round(point.lon_deg, 2) for point in found] == [10.0, 10.1, 10.15, 10.2]
    assert found[0].depart_utc == "2028-01-01T00:00:00Z"
    assert (found[1].arrive_utc, found[1].depart_utc) == ("2028-01-01T00:05:00Z", "2028-01-01T01:00:00Z")
    assert found[2].arrive_utc == "" and found[3].arrive_utc == "2028-01-01T01:05:00Z"
    assert {point.activity for point in found} == {"drive"}


def test_viper_segments_and_stations_are_put_in_order_of_time(tmp_path: Path) -> None:
    a, b = [10.0, -89.0], [10.1, -89.0]
    path = geojson(tmp_path, [
        feature(b, name="hole", activity_type="Drill", start_time="2028-01-01T00:05Z", end_time="2028-01-01T02:00Z"),
        feature([a, b], name="Driving", start_time="2028-01-01T00:00Z", end_time="2028-01-01T00:05Z"),
    ])  # fmt: skip
    found = read_waypoints(path, "south")
    assert [point.activity for point in found] == ["drive", "drive", "drill"]
    assert (found[2].label, found[2].depart_utc) == ("hole", "2028-01-01T02:00:00Z")
    with pytest.raises(InputError, match="only points, or only lines"):
        read_waypoints(geojson(tmp_path, [feature([a, b]), feature(b)]), "south")


def test_geojson_in_metres_of_the_polar_map_is_known_by_its_crs(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:IAU:2015:30135"}}
    found = read_waypoints(geojson(tmp_path, [feature([[1000.0, 2000.0], [1500.0, 2000.0]])], crs=crs), "south")
    assert [(point.x_m, point.y_m) for point in found] == [(1000.0, 2000.0), (1500.0, 2000.0)]
    with pytest.raises(InputError, match="south pole"):
        read_waypoints(geojson(tmp_path, [feature([1000.0, 2000.0])], crs=crs), "north")
    with pytest.raises(InputError, match="are no degrees"):
        read_waypoints(geojson(tmp_path, [feature([1000.0, 2000.0])]), "south")


def test_a_geopackage_of_one_layer_or_with_waypoints_is_read(tmp_path: Path) -> None:
    points = [shapely.Point(1000.0, 2000.0), shapely.Point(1100.0, 2000.0)]
    rows = [{"name": "a", "activity": "measure", "duration_hours": 2.0}, {"name": "b", "activity": None}]
    path = tmp_path / "drive.gpkg"
    write_gpkg(path, [VectorLayer("stops", points, rows)], "south")
    found = read_waypoints(path, "south")
    assert [(p.label, p.activity, p.duration_hours, p.x_m) for p in found] == [
        ("a", "measure", 2.0, 1000.0), ("b", "drive", 0.0, 1100.0),
    ]  # fmt: skip
    with pytest.raises(InputError, match="that of the south pole"):
        read_waypoints(path, "north")
    write_gpkg(path, [VectorLayer("a", points, rows), VectorLayer("b", points, rows)], "south")
    with pytest.raises(InputError, match="layers a, b"):
        read_waypoints(path, "south")


def test_a_track_lies_on_the_moon_with_longitudes_first_and_whole(tmp_path: Path) -> None:
    rows = [{"lat_deg": -89.0, "lon_deg": 350.0, "battery_wh": np.nan}, {"lat_deg": -89.1, "lon_deg": 10.0}]
    write_track_geojson(tmp_path / "t.geojson", rows, {"item_type": "track"}, "south", "t")
    found = json.loads((tmp_path / "t.geojson").read_text())
    assert found["crs"]["properties"]["name"] == "urn:ogc:def:crs:IAU:2015:30100"
    assert [f["geometry"]["type"] for f in found["features"]] == ["LineString", "Point", "Point"]
    assert found["features"][0]["geometry"]["coordinates"] == [[-10.0, -89.0], [10.0, -89.1]]
    assert found["features"][1]["properties"]["battery_wh"] is None
    assert list(tmp_path.iterdir()) == [tmp_path / "t.geojson"]
