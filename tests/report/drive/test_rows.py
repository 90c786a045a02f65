"""Drives as rows, summaries and files: what is printed is what was computed."""

import csv
from pathlib import Path

import numpy as np
import pytest
import rasterio
from tests.study.drive_grounds import BOWL, FAR, START, bowl, place, walled, write_mission

from lupex.io import json_text, read_waypoints
from lupex.mission import load_mission
from lupex.model import SiteDrive
from lupex.report.drive.rows import (
    REACH_LAYERS,
    check_summary,
    drive_rows,
    drive_sentence,
    drive_summary,
    reach_layers,
    reach_rows,
    static_rows,
    static_summary,
    write_reach,
    write_static_drive,
)
from lupex.results import DriveScene
from lupex.study.questions.drives import ReachedGround, checked_drive, drive_in_time, reached_ground, static_drive

BEGIN = "2028-01-03T00:00:00Z"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("bowl")
    write_mission(made, bowl())
    return made


@pytest.fixture(scope="module")
def planned(folder: Path) -> tuple[DriveScene, SiteDrive]:
    return drive_in_time(load_mission(folder / "mission.toml"), place(START), place(BOWL), BEGIN)


@pytest.fixture(scope="module")
def reached(folder: Path) -> ReachedGround:
    return reached_ground(load_mission(folder / "mission.toml"), place(START), BEGIN)


def test_a_static_drive_is_told_by_its_vertices(folder: Path, tmp_path: Path) -> None:
    drive = static_drive(load_mission(folder / "mission.toml"), place(START), place(FAR), "energy")
    rows, summary = static_rows(drive), static_summary(drive)
    assert [(row["lat_deg"], row["lon_deg"]) for row in rows] == [
        pytest.approx(place(START), abs=1e-9),
        pytest.approx(place(FAR), abs=1e-9),
    ]
    assert summary["least"] == "energy" and summary["cells"] == 11 and summary["optimal_on_grid"] is True
    assert summary["length_m"] == pytest.approx(500.0, rel=1e-3)
    assert summary["driving_energy_wh"] == pytest.approx(summary["driving_hours"] * 137.0, rel=1e-4)
    again = read_waypoints(write_static_drive(drive, tmp_path), "south")
    assert [(p.x_m, p.y_m) for p in again] == [pytest.approx((row["x_m"], row["y_m"]), abs=1e-3) for row in rows]


def test_a_timed_drive_is_told_in_numbers_and_in_a_sentence(planned: tuple[DriveScene, SiteDrive]) -> None:
    scene, drive = planned
    summary = drive_summary(scene, drive)
    assert summary["summary"]["drill_hours"] == 4.0
    assert summary["window_utc"] == [BEGIN, "2028-01-06T00:00:00Z"]
    assert summary["step_s"] == 1200.0
    assert summary["synthetic_below_m"] is None and summary["rover"] == "lupex"
    assert summary["risk"].draws == 200
    assert all({"lat_deg", "lon_deg", "from_utc", "until_utc"} <= set(haven) for haven in summary["havens"])
    assert '"draws": 200' in json_text(summary)
    spare = summary["summary"]["lowest_battery_wh"] - 0.2 * 7000.0
    assert f"({spare:.0f} Wh to spare)" in drive_sentence(drive)
    assert f"{summary['summary']['distance_m'] / 1000.0:.2f} km" in drive_sentence(drive)


def test_rows_leave_out_what_only_drawing_wants(planned: tuple[DriveScene, SiteDrive]) -> None:
    way = planned[1].traverse
    assert way is not None
    rows = drive_rows(way)
    assert len(rows) == len(way)
    assert not {"uuid", "color", "style"} & set(rows[0])
    assert {"start_time", "activity", "lat_deg", "battery_wh", "safe_until_utc", "slack_battery_wh"} <= set(rows[0])


def test_a_broken_limit_is_told_with_place_time_and_the_waypoint_before(tmp_path: Path) -> None:
    mission = load_mission(write_mission(tmp_path, walled()))
    path = tmp_path / "way.csv"
    ends = ["{:.7f},{:.7f}".format(*place(cell)) for cell in (START, FAR)]
    path.write_text(f"label,lat_deg,lon_deg,depart_utc\nhome,{ends[0]},{BEGIN}\nrock,{ends[1]},\n")
    summary = check_summary(checked_drive(mission, path))
    first = summary["first_broken"]
    assert summary["ok"] is False and summary["broken"][0] == first
    assert (first["constraint"], first["after"]) == ("up_slope_deg", "home")
    assert place(START)[1] < first["lon_deg"] < place(FAR)[1]
    assert first["sentence"].startswith(
        f"{first['utc']} at {first['lat_deg']:.4f}, {first['lon_deg']:.4f}, from 'home'"
    )
    assert first["sentence"].endswith("13.7 deg steeper than the rover may climb")


def test_reach_is_nested_and_grows(reached: ReachedGround) -> None:
    rows = reach_rows(reached)
    assert [row["hours"] for row in rows] == [6.0, 12.0, 24.0, 48.0, 72.0]
    for row in rows:
        assert row["light_ignored_km2"] >= row["in_time_km2"] >= row["in_time_and_back_km2"] > 0.0
    for name in ("light_ignored_km2", "in_time_km2", "in_time_and_back_km2"):
        assert all(a[name] <= b[name] for a, b in zip(rows[:-1], rows[1:], strict=True))
    everywhere = float(reached.scene.terrain.grid.cell_area_m2().sum() / 1e6)
    assert rows[-1]["light_ignored_km2"] == pytest.approx(everywhere, rel=1e-6)


def test_maps_of_reach_read_back_as_computed(reached: ReachedGround, tmp_path: Path) -> None:
    paths = write_reach(reached, tmp_path)
    assert [path.stem for path in paths] == list(REACH_LAYERS)
    for path in paths:
        with rasterio.open(path) as file:
            values = np.where(file.read_masks(1) > 0, file.read(1), np.nan)
        np.testing.assert_array_equal(values, reach_layers(reached)[path.stem])


def test_what_leaves_the_command_reads_back_as_csv(planned: tuple[DriveScene, SiteDrive]) -> None:
    from lupex.io import csv_text

    way = planned[1].traverse
    assert way is not None
    rows = drive_rows(way)
    text = csv_text(list(rows[0]), [list(row.values()) for row in rows])
    again = list(csv.DictReader(text.splitlines()))
    assert [float(row["battery_wh"]) for row in again] == way.battery_wh.tolist()
