"""Scenes for Cesium, read back: who is where, when, in metres fixed to the Moon."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.report.made_up_drive import made_up_traverse
from tests.report.made_up_study import made_up_study

from lupex.base.errors import InputError
from lupex.base.frames import lat_lon_deg
from lupex.cli import main
from lupex.ephemeris import tdb_s_to_utc, utc_to_tdb_s
from lupex.io import OemHeader, write_czml, write_oem
from lupex.model import Grid, LunarPlace, OrbitTable, Terrain
from lupex.report.scene import drive_scene_objects, orbit_object, site_objects
from lupex.signals import place_orbit

GRID = Grid.centred("south", 20_000.0, -3_000.0, 40, 20.0)
TERRAIN = Terrain(GRID, np.full(GRID.shape, 1234.0, np.float32), synthetic_below_m=1600.0)
RADIUS_M = 1_737_400.0


def read(path: Path) -> list[dict[str, Any]]:
    packets: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    assert packets[0]["id"] == "document" and packets[0]["version"] == "1.0"
    assert len({packet["id"] for packet in packets}) == len(packets)
    return packets


def at_m(lat_deg: float, lon_deg: float, height_m: float) -> np.ndarray:
    lat, lon = np.radians([lat_deg, lon_deg])
    return (RADIUS_M + height_m) * np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def rows(packet: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Seconds (n,) and metres (n, 3)."""
    assert packet["position"]["referenceFrame"] == "FIXED"
    table = np.array(packet["position"]["cartesian"]).reshape(-1, 4)
    return table[:, 0], table[:, 1:]


def test_a_drive_is_read_back_in_time_and_place_with_its_charge(tmp_path: Path) -> None:
    drive = made_up_traverse(GRID)
    write_czml(tmp_path / "d.czml", "drive", drive_scene_objects(drive, TERRAIN))
    document, rover, *stands = read(tmp_path / "d.czml")
    seconds, metres = rows(rover)
    assert seconds[-1] == pytest.approx(drive.times_tdb_s[-1] - drive.times_tdb_s[0], abs=1e-3)
    assert np.all(np.diff(seconds) > 0.0)
    assert np.linalg.norm(metres, axis=1) == pytest.approx(RADIUS_M + 1234.0, abs=2e-3)
    lat, lon = (float(v) for v in lat_lon_deg(drive.x_m[-1], drive.y_m[-1], "south"))
    assert metres[-1] == pytest.approx(at_m(lat, lon, 1234.0), abs=2e-3)
    first, last = tdb_s_to_utc(drive.times_tdb_s[[0, -1]], 3)
    assert rover["position"]["epoch"] == first and rover["availability"] == f"{first}/{last}"
    assert document["clock"]["interval"] == f"{first}/{last}"
    charge = np.array(rover["properties"]["battery_wh"]["number"]).reshape(-1, 2)
    assert charge[-1, 1] == pytest.approx(drive.battery_wh[-1], abs=1e-3)
    assert "synthetic below 1600 m" in rover["description"]
    doing = {activity for activity in drive.activity if activity not in ("drive", "end")}
    assert {stand["description"].split()[0] for stand in stands} == doing


def test_without_terrain_a_drive_lies_on_the_sphere() -> None:
    rover = drive_scene_objects(made_up_traverse(GRID))[0]
    assert np.linalg.norm(rover.position_m, axis=1) == pytest.approx(RADIUS_M, abs=1e-6)


def test_sites_stand_still_and_say_their_rank(tmp_path: Path) -> None:
    study = made_up_study(24, 16, 2)
    write_czml(tmp_path / "s.czml", "<b>sites</b>", site_objects([(one.site, one.terrain) for one in study.sites]))
    document, *places = read(tmp_path / "s.czml")
    assert "clock" not in document and [place["name"] for place in places] == list(study)
    assert all(len(place["position"]["cartesian"]) == 3 and "rank" in place["description"] for place in places)


def test_an_orbiter_keeps_its_track_from_oem_to_scene(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A place on the ground, written as an orbit in inertial axes, must stand still in axes fixed to the Moon."""
    place = LunarPlace(name="ridge", lat_deg=-89.45, lon_deg=222.69, height_m=1500.0)
    states = place_orbit(place, np.arange(9.0e8, 9.0e8 + 7200.0, 300.0))
    write_oem(tmp_path / "o.oem", [states], OemHeader("test", "2028-01-01"))
    assert main(["czml", str(tmp_path / "o.oem"), "--out", str(tmp_path / "o.czml"), "--step", "100"]) == 0
    assert capsys.readouterr().err == f"lupex: written: {tmp_path / 'o.czml'}\n"
    (packet,) = read(tmp_path / "o.czml")[1:]
    seconds, metres = rows(packet)
    assert seconds == pytest.approx(np.arange(0.0, 6901.0, 100.0), abs=1e-3)
    assert np.abs(metres - at_m(-89.45, 222.69, 1500.0)).max() < 0.05
    assert utc_to_tdb_s(packet["position"]["epoch"])[0] == pytest.approx(9.0e8, abs=1e-3)


def test_what_cannot_be_shown_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError, match="nothing to show"):
        write_czml(tmp_path / "x.czml", "x", [])
    far = OrbitTable(name="relay", center="EARTH", frame="ICRF", time_system="UTC", epochs=("2028-01-01", "2028-01-02"),
                     position_m=np.ones((2, 3)), velocity_m_s=np.ones((2, 3)))  # fmt: skip
    with pytest.raises(InputError, match="its centre is EARTH"):
        orbit_object(far)
    assert main(["czml", "o.oem", "--out", "o.json"]) == 2
    assert "does not end in .czml" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
