"""Stops of a campaign as files give them."""

import json
from pathlib import Path

import pytest

from lupex.base.errors import InputError
from lupex.base.frames import map_xy_m
from lupex.io import read_stops
from lupex.model import Stop

HEADER = "label,lat_deg,lon_deg,value,dwell_hours,power_w,activity,earliest_utc,latest_utc,needs"


def table(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "stops.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def test_a_table_gives_its_stops_in_order_with_defaults_for_empty_cells(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "rim,-89.5,200.25,3.5,6,,,,,",
        "floor,-89.6,201,10,12.5,40,drill,2028-01-02,2028-01-20T12:00:00Z,dark",
    )
    rim, floor = read_stops(path, "south")
    x, y = map_xy_m(-89.5, 200.25, "south")
    assert rim == Stop(label="rim", x_m=float(x), y_m=float(y), value=3.5, dwell_s=21_600.0)
    assert (rim.activity, rim.power_w, rim.needs, rim.earliest_utc) == ("measure", None, "any", "")
    assert (floor.value, floor.dwell_s, floor.power_w, floor.activity, floor.needs) == (
        10.0,
        45_000.0,
        40.0,
        "drill",
        "dark",
    )
    assert (floor.earliest_utc, floor.latest_utc) == ("2028-01-02T00:00:00Z", "2028-01-20T12:00:00Z")


def test_a_table_in_metres_is_taken_as_it_is(tmp_path: Path) -> None:
    (stop,) = read_stops(table(tmp_path, "a,1200.5,-300,1,2", header="label,x_m,y_m,value,dwell_hours"), "north")
    assert (stop.x_m, stop.y_m) == (1200.5, -300.0)


def test_geojson_gives_the_same_stops_as_the_table(tmp_path: Path) -> None:
    path = tmp_path / "stops.geojson"
    properties = {"label": "rim", "value": 3.5, "dwell_hours": 6, "power_w": None, "needs": "lit", "colour": "red"}
    point = {"type": "Point", "coordinates": [200.25, -89.5]}
    content = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": properties, "geometry": point}],
    }
    path.write_text(json.dumps(content))
    assert read_stops(path, "south") == read_stops(table(tmp_path, "rim,-89.5,200.25,3.5,6,,,,,lit"), "south")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a,-89.5,200,x,6,,,,,", r"stops\.csv line 3: value: 'x' is not a number"),
        ("a,-89.5,200,,6,,,,,", r"line 3: value is missing"),
        ("a,-89.5,200,-1,6,,,,,", r"line 3: stop a: value is -1; give 0 or more"),
        ("a,-89.5,200,inf,6,,,,,", r"line 3: value is inf"),
        ("a,-89.5,200,1,-6,,,,,", r"line 3: stop a: dwell_s is -21600"),
        ("a,89.5,200,1,6,,,,,", r"line 3: latitude 89.5, longitude 200 is not near the south pole"),
        ("a,200,-89.5,1,6,,,,,", r"line 3: latitude 200, longitude -89.5 is not near"),
        (",-89.5,200,1,6,,,,,", r"line 3: label is missing"),
        ("ok,-89.5,200,1,6,,,,,", r"line 3: a stop ok stands further up already"),
        ("a,-89.5,200,1,6,,dig,,,", r"line 3: stop a: activity is 'dig'; give one of drill, measure"),
        ("a,-89.5,200,1,6,,,,,warm", r"line 3: stop a: needs is 'warm'; give one of any, lit, dark"),
        ("a,-89.5,200,1,6,,,soon,,", r"line 3: stop a: earliest_utc: 'soon' is not a UTC time"),
        ("a,-89.5,200,1,6,,,2028-01-02,2028-01-01,", r"work of 6 h does not fit into 2028-01-02T00:00:00Z to"),
        ("a,-89.5,200,1,6", r"line 3: not as many cells as the header has \(10\)"),
    ],
)
def test_a_bad_line_is_named_with_file_and_line(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_stops(table(tmp_path, "ok,-89.5,200.25,1,6,,,,,", line), "south")


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("label,lat_deg,lon_deg,value", "no column dwell_hours"),
        ("label,value,dwell_hours,lat_deg", "no column lat_deg and lon_deg, or x_m and y_m"),
        ("label,lat_deg,lon_deg,value,dwell_hour", "unknown name 'dwell_hour'; did you mean 'dwell_hours'?"),
    ],
)
def test_a_bad_header_is_named(tmp_path: Path, header: str, said: str) -> None:
    with pytest.raises(InputError, match=said.replace("?", r"\?")):
        read_stops(table(tmp_path, header=header), "south")


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no stops in it"):
        read_stops(table(tmp_path), "south")
    with pytest.raises(InputError, match="unknown format"):
        read_stops(tmp_path / "stops.txt", "south")
    with pytest.raises(InputError, match=r"missing\.csv"):
        read_stops(tmp_path / "missing.csv", "south")
    (tmp_path / "bad.geojson").write_text('{"features": 3}')
    with pytest.raises(InputError, match=r"bad\.geojson: not GeoJSON with features"):
        read_stops(tmp_path / "bad.geojson", "south")
    (tmp_path / "line.geojson").write_text(
        '{"features": [{"geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}}]}'
    )
    with pytest.raises(InputError, match=r"line\.geojson feature 1: geometry is a line"):
        read_stops(tmp_path / "line.geojson", "south")
    (tmp_path / "latin.csv").write_bytes(b"label\xff")
    with pytest.raises(InputError, match="not UTF-8 text"):
        read_stops(tmp_path / "latin.csv", "south")
