"""Looks as text, sub-points as GeoJSON."""

import json
from pathlib import Path

from lupex.io import looks_text, write_looks, write_sub_points_geojson

LOOK = {"time_utc": "2028-01-01T00:00:00Z", "azimuth_true_deg": 359.9996, "elevation_deg": -0.25,
        "range_km": 384400.1234567, "range_rate_km_s": -0.123456789}  # fmt: skip


def test_looks_stand_in_fixed_columns(tmp_path: Path) -> None:
    write_looks(tmp_path / "l.txt", [LOOK, {**LOOK, "azimuth_true_deg": 5.0}], "misasa", "rover")
    text = (tmp_path / "l.txt").read_text()
    assert text == looks_text([LOOK, {**LOOK, "azimuth_true_deg": 5.0}], "misasa", "rover")
    title, _, head, rule, first, second = text.splitlines()
    assert title == "misasa-To-rover: azimuth, elevation, range"
    assert len(head) == len(rule) == len(first) == len(second) == 88
    assert first.split() == ["2028-01-01T00:00:00Z", "360.000", "-0.250", "384400.123457", "-0.123456789"]
    for heading, value in (("Azimuth (deg)", "5.000"), ("Range (km)", "384400.123457")):
        assert head.index(heading) + len(heading) == second.index(value) + len(value)


def test_a_track_is_cut_at_the_180th_meridian(tmp_path: Path) -> None:
    rows = [{"time_utc": f"2028-01-01T0{k}:00:00Z", "earth_lat_deg": float(k), "earth_lon_deg": lon}
            for k, lon in enumerate((-170.0, 175.0, 160.0))]  # fmt: skip
    write_sub_points_geojson(tmp_path / "s.geojson", rows, "earth", "rover")
    held = json.loads((tmp_path / "s.geojson").read_text())
    line, *points = held["features"]
    assert line["geometry"]["coordinates"] == [
        [[-170.0, 0.0], [-180.0, 2.0 / 3.0]],
        [[180.0, 2.0 / 3.0], [175.0, 1.0], [160.0, 2.0]],
    ]
    assert [point["properties"]["time_utc"][11:13] for point in points] == ["00", "01", "02"]
    assert "crs" not in held


def test_points_on_the_moon_say_so(tmp_path: Path) -> None:
    rows = [{"time_utc": "2028-01-01T00:00:00Z", "moon_lat_deg": 1.0, "moon_lon_deg": 350.0}]
    write_sub_points_geojson(tmp_path / "s.geojson", rows, "moon", "misasa")
    held = json.loads((tmp_path / "s.geojson").read_text())
    assert held["crs"]["properties"]["name"] == "urn:ogc:def:crs:IAU:2015:30100"
    assert [one["geometry"]["coordinates"] for one in held["features"]] == [[-10.0, 1.0]]
