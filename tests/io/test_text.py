"""Hostile names: whatever a station, place or spacecraft is called, every file of ours stays what it promises to be."""

import csv
import io
import json
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from icalendar import Calendar
from tests.io.scenes_exports import ROWS

from lupex.base.gate import file_stem
from lupex.cli.printing import aligned, say
from lupex.io import (
    OemHeader,
    ScheduleHeader,
    TdmHeader,
    read_calendar,
    read_oem,
    read_simple_schedule,
    read_tdm,
    read_waypoints,
    write_cog,
    write_csv,
    write_points_geojson,
    write_points_gpkg,
    write_sub_points_geojson,
    write_track_geojson,
)
from lupex.io.maps.project import ProjectLayer, write_qgs
from lupex.io.messages.calendar import calendar_text
from lupex.io.messages.looks import looks_text
from lupex.io.messages.oem import oem_text
from lupex.io.messages.simple_schedule import simple_schedule_text
from lupex.io.messages.tdm import tdm_text
from lupex.io.tables import csv_text, json_text
from lupex.io.text import ccsds_line, cell, file_stems, without_apostrophe
from lupex.model import Grid, OrbitTable, TrackingSegment

HOSTILE = (
    "../../etc/cron.d/x",
    "/etc/x",
    "C:\\x\\y",
    "a\nPARTICIPANT_9 = b",
    "a\r\nDATA_STOP\r\n",
    "META_START",
    '=HYPERLINK("http://x")',
    "@SUM(A1)",
    "+1+cmd|' /C calc'!A0",
    "\x1b]0;owned\x07\x1b[2J",
    "\x00\x01",
    '<a & "b" ]]>',
    "END:VEVENT\r\nBEGIN:VEVENT",
    "臼田\u2028うすだ",
    "\ud800",
    "   ",
    "x" * 5000,
)
STAMP = "2028-01-01T00:00:00Z"
LOOK = {"time_utc": STAMP, "azimuth_true_deg": 1.0, "elevation_deg": 2.0, "range_km": 3.0, "range_rate_km_s": 4.0}


@pytest.mark.parametrize("name", HOSTILE)
def test_names_choose_no_paths(name: str, tmp_path: Path) -> None:
    stem = file_stem(name)
    assert (tmp_path / f"looks_{stem}.txt").resolve().parent == tmp_path.resolve()
    assert stem.isascii() and stem.strip(".") and len(stem) <= 80
    assert len(set(file_stems([name, name, name.upper()]))) == 3


@pytest.mark.parametrize("name", HOSTILE)
def test_a_message_keeps_its_keyword_lines(name: str, tmp_path: Path) -> None:
    segment = TrackingSegment(participants=(name, "misasa"), path=(1, 2), times_utc=(STAMP,), range_m=np.ones(1),
                              range_rate_m_s=np.ones(1), receive_hz=np.ones(1), transmit_hz=1.0, band="X")  # fmt: skip
    header = TdmHeader(name, STAMP, name, (name,))
    (tmp_path / "x.tdm").write_text(tdm_text([segment], header), encoding="ascii")
    _, (back,) = read_tdm(tmp_path / "x.tdm")
    assert back.participants == (ccsds_line(name), "misasa") and back.range_m[0] == 1.0
    table = OrbitTable(name=name, center="MOON", frame="ICRF", time_system="UTC", epochs=("2028-01-01T00:00:00",
                       "2028-01-01T00:01:00"), position_m=np.ones((2, 3)), velocity_m_s=np.ones((2, 3)))  # fmt: skip
    (tmp_path / "x.oem").write_text(oem_text([table], OemHeader(name, STAMP, (name,))), encoding="ascii")
    assert [one.name for one in read_oem(tmp_path / "x.oem")] == [ccsds_line(name)]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_calendar_and_a_schedule_keep_their_events(name: str, tmp_path: Path) -> None:
    rows = [replace(ROWS[0], station=f"s{name}", site=name, spacecraft=f"c{name}", purposes=(name,)), ROWS[1]]
    text = calendar_text(rows, STAMP, name)
    (tmp_path / "x.ics").write_bytes(text.encode())
    assert [row.station for row in read_calendar(tmp_path / "x.ics")][1] == ROWS[1].station
    assert len(list(Calendar.from_ical(text).walk("VEVENT"))) == 2
    header = ScheduleHeader(organization=name, generation_utc=STAMP, start_utc=STAMP, stop_utc=STAMP)
    (tmp_path / "x.xml").write_bytes(simple_schedule_text(rows, header).encode())
    assert len(read_simple_schedule(tmp_path / "x.xml")[1]) == 2
    ElementTree.parse(tmp_path / "x.xml")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_table_keeps_its_rows_and_begins_no_formula(name: str, tmp_path: Path) -> None:
    rows = list(csv.reader(io.StringIO(csv_text([name, "b"], [[name, 1.5], ["x", -2.5]]))))
    assert len(rows) == 3 and rows[0][0] == rows[1][0] == cell(name) and rows[2] == ["x", "-2.5"]
    assert rows[1][0].strip()[:1] not in ("=", "+", "-", "@")
    assert json.loads(json_text({"name": name}))["name"] == name
    looks = looks_text([LOOK], name, name).splitlines()
    assert len(looks) == 5 and looks[0].isprintable() and looks[2].split()[0] == "Time"
    points = [{"time_utc": STAMP, "moon_lat_deg": 1.0, "moon_lon_deg": 2.0}]
    write_sub_points_geojson(tmp_path / "x.geojson", points, "moon", name)
    json.loads((tmp_path / "x.geojson").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", HOSTILE)
def test_maps_and_projects_hold_any_text(name: str, tmp_path: Path) -> None:
    grid = Grid.centred("south", 0.0, 0.0, 4, 100.0)
    rows = [{"lat_deg": -89.9, "lon_deg": 1.0, "name": name}]
    write_points_gpkg(tmp_path / "a.gpkg", rows, "south")
    write_points_geojson(tmp_path / "a.geojson", rows, "south")
    assert len(json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))["features"]) == 1
    write_track_geojson(tmp_path / "b.geojson", rows * 2, {"name": name}, "south", name)
    json.loads((tmp_path / "b.geojson").read_text(encoding="utf-8"))
    write_cog(tmp_path / "a.tif", grid, np.zeros(grid.shape, np.float32), name=name, unit="m", meaning=name)
    layer = ProjectLayer(title=name, group=name, source=f"{name}.tif")
    write_qgs(tmp_path / "a.qgs", name, grid, [layer])
    assert len(ElementTree.parse(tmp_path / "a.qgs").findall(".//maplayer")) == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_no_escape_sequence_reaches_the_terminal(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    say(f"written: {name}")
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and said.rstrip("\n").isprintable()
    table = aligned([[name, "x"], ["y", "z"]])
    assert table.count("\n") == 2 and all(line.isprintable() for line in table.splitlines())


@pytest.mark.parametrize("name", ["=SUM(A1)", "-haven", "@x", "+y"])
def test_an_apostrophe_of_ours_comes_off_again_and_one_of_the_users_stays(name: str, tmp_path: Path) -> None:
    assert cell(name) == f"'{name}" and without_apostrophe(cell(name)) == name
    for text in ("'tis", "Misasa", "-89.5", "''", ""):
        assert without_apostrophe(text) == text
    write_csv(tmp_path / "drive.csv", ["lat_deg", "lon_deg", "label"], [[-89.5, 1.0, name], [-89.6, 1.0, "'tis"]])
    assert [point.label for point in read_waypoints(tmp_path / "drive.csv", "south")] == [name, "'tis"]


def test_numbers_and_ordinary_names_pass_untouched() -> None:
    for text in ("misasa", "-89.5", "+1e-3", "Tidbinbilla; the 70 m", "臼田宇宙空間観測所", "a=b"):
        assert cell(text) == text
    assert file_stems(["misasa", "Misasa", "usuda"]) == ["misasa", "Misasa_2", "usuda"]
