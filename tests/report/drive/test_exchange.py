"""Files of a drive: read back they are the drive, twice written they are the same bytes."""

import csv
import json
from pathlib import Path

import numpy as np
import pyogrio
import pytest
from tests.traverse.drive_scene import START_S, at, ground, rover, sky

from lupex.base.errors import InputError
from lupex.io import read_waypoints
from lupex.model import Traverse
from lupex.report.drive.exchange import activities, write_traverse
from lupex.traverse import SimulationSettings, simulate


def drive() -> Traverse:
    points = [
        at(5.0, label="start"),
        at(105.0, activity="drill", duration_hours=1.0, label="ice, deep"),
        at(105.0, activity="charge", duration_hours=2.0),
        at(42.0, 9_988.0, label="end"),
    ]
    return simulate(points, ground(), rover(drill_power_w=20.0), sky(), SimulationSettings(600.0, 0.0, START_S, "test"))


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "csv"])
def test_what_is_written_is_read_back_as_the_same_drive(tmp_path: Path, ending: str) -> None:
    done = drive()
    write_traverse(tmp_path, done, "drive")
    points = read_waypoints(tmp_path / f"drive.{ending}", "south")
    assert len(points) == len(done)
    assert [p.x_m for p in points] == pytest.approx(list(done.x_m), abs=1e-6)
    assert [p.y_m for p in points] == pytest.approx(list(done.y_m), abs=1e-6)
    assert [p.label for p in points] == list(done.labels)
    again = simulate(points, ground(), rover(drill_power_w=20.0), sky(), SimulationSettings(600.0))
    assert again.times_tdb_s[-1] == pytest.approx(done.times_tdb_s[-1], abs=1.5)
    assert again.battery_wh[-1] == pytest.approx(done.battery_wh[-1], abs=0.2)
    assert again.distance_m[-1] == pytest.approx(done.distance_m[-1], abs=1e-3)
    assert all(np.nanmin(values) > -1.5 / 3600.0 for values in again.slack.values() if np.isfinite(values).any())
    assert again.summary["drill_hours"] == pytest.approx(1.0, abs=1e-3)


def test_equal_drives_give_equal_bytes(tmp_path: Path) -> None:
    first, second = (write_traverse(tmp_path / name, drive(), "drive") for name in ("a", "b"))
    assert [p.name for p in first] == [
        "drive.geojson", "drive.gpkg", "drive.csv", "drive_activities.csv", "drive_activities.json",
        "drive.czml",
    ]  # fmt: skip
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name
    assert sorted(p.name for p in (tmp_path / "a").iterdir()) == sorted(p.name for p in first)


def test_vipers_field_names_stand_beside_ours_with_units(tmp_path: Path) -> None:
    write_traverse(tmp_path, drive(), "drive")
    features = json.loads((tmp_path / "drive.geojson").read_text())["features"]
    viper = {"start_time", "end_time", "duration", "uuid", "item_type", "name", "color", "text_color", "activity_type"}
    assert viper | {"style", "battery_wh", "slack_battery_wh", "disc_fraction"} <= set(features[1]["properties"])
    assert [f["properties"]["item_type"] for f in features] == ["track"] + ["waypoint"] * (len(features) - 1)
    drill = next(f["properties"] for f in features if f["properties"]["activity_type"] == "drill")
    assert drill["duration"] == pytest.approx(3600.0) and drill["name"] == "ice, deep"
    assert len({f["properties"]["uuid"] for f in features}) == len(features)
    layers = dict(pyogrio.list_layers(tmp_path / "drive.gpkg").tolist())
    assert layers == {"track": "LineString", "waypoints": "Point"}


def test_the_list_of_activities_covers_the_whole_time_without_gaps(tmp_path: Path) -> None:
    done = drive()
    items = activities(done)
    assert [item["activity"] for item in items] == ["drive", "drill", "charge", "wait", "drive"]
    assert [a["stop_utc"] for a in items[:-1]] == [b["start_utc"] for b in items[1:]]
    assert sum(item["duration_hours"] for item in items) == pytest.approx(done.summary["duration_hours"])
    assert items[1]["place"] == "ice, deep"
    assert items[1]["battery_after_wh"] - items[1]["battery_before_wh"] == pytest.approx(180.0, abs=1e-6)
    write_traverse(tmp_path, done, "drive")
    with (tmp_path / "drive_activities.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["activity"] for row in rows] == [item["activity"] for item in items]
    assert json.loads((tmp_path / "drive_activities.json").read_text())["activities"] == items


def test_a_name_that_would_leave_the_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no name for a file"):
        write_traverse(tmp_path, drive(), "../drive")
