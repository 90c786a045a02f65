"""lupex traverse: what it prints, writes, and refuses in one line."""

import csv
import io
import json
import math
import os
import resource
import signal
import subprocess
import sys
import time
import warnings
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from tests.cli.command import environment, hear_ctrl_c, process
from tests.study.drive_grounds import BOWL, FAR, START, bowl, place, walled, word, write_mission

from lupex.cli.main import main

BEGIN = "2028-01-03T00:00:00Z"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("drives")
    write_mission(made, bowl())
    cost(made / "cost.tif", np.where(np.arange(9)[:, None] == 4, np.where(np.arange(12) < 9, -1.0, 3.0), 1.0))
    return made


def cost(path: Path, values: np.ndarray) -> Path:
    shape = {"height": values.shape[0], "width": values.shape[1], "count": 1, "dtype": "float32", "nodata": -1.0}
    with rasterio.open(path, "w", driver="GTiff", transform=from_origin(0.0, 90.0, 10.0, 10.0), **shape) as out:
        out.write(values.astype("float32"), 1)
    return path


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@dataclass(frozen=True)
class Done:
    """What a command ended with."""

    returncode: int
    stdout: str
    stderr: str


def here(folder: Path, *words: object) -> Done:
    """A command run in this process, which spares loading everything anew."""
    out, err = io.StringIO(), io.StringIO()
    with chdir(folder), redirect_stdout(out), redirect_stderr(err), warnings.catch_warnings():
        code = main(["traverse", *map(str, words)])
    return Done(code, out.getvalue(), err.getvalue())


def plan(folder: Path, *words: object) -> Done:
    return here(folder, "plan", *words)


def wrong(folder: Path, *words: object) -> str:
    done = here(folder, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("lupex: error: ") and done.stderr.count("\n") == 1
    return done.stderr


def test_a_way_over_a_cost_raster_goes_round_what_is_closed(folder: Path) -> None:
    done = plan(folder, "--cost", "cost.tif", "--from", "5,85", "--to", "5,5", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["path"][0] == [5.0, 85.0] and found["path"][-1] == [5.0, 5.0]
    assert [95.0, 45.0] in found["path"]
    assert found["length"] == pytest.approx(2.0 * (30.0 * math.sqrt(2.0) + 60.0 + 10.0))
    assert found["cost"] == pytest.approx(found["length"] + 2.0 * 10.0)
    table = plan(folder, "--cost", "cost.tif", "--from", "5,85", "--to", "5,5", "--out", "way")
    assert [[float(r["x"]), float(r["y"])] for r in rows(table.stdout)] == found["path"]
    assert (folder / "way" / "route.csv").read_text() == table.stdout
    cut = json.loads(
        plan(folder, "--cost", "cost.tif", "--from", "5,85", "--to", "5,5", "--cut-corners", "--json").stdout
    )
    assert cut["cost"] < found["cost"]


def test_a_thousand_by_thousand_costs_take_less_than_three_seconds_of_processor_time(tmp_path: Path) -> None:
    cost(tmp_path / "big.tif", np.random.default_rng(1).uniform(1.0, 5.0, (1000, 1000)))
    words = ("traverse", "plan", "--cost", "big.tif", "--from", "5,85", "--to", "9995,-9905", "--json")
    assert process(*words, cwd=tmp_path).returncode == 0  # the first call compiles
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = json.loads(process(*words, cwd=tmp_path).stdout)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime < 3.0
    assert found["optimal"] is True and found["cells"] >= 1000


def test_a_static_drive_names_what_it_is_best_at(folder: Path) -> None:
    words = ("mission.toml", "--from", word(START), "--to", word(FAR), "--static", "energy")
    found = json.loads(plan(folder, *words, "--json", "--out", "static").stdout)
    assert found["least"] == "energy"
    assert found["length_m"] == pytest.approx(500.0, rel=1e-3)
    assert len(found["waypoints"]) == 2
    assert len(rows((folder / "static" / "route.csv").read_text())) == 2


def test_a_drive_into_shadow_and_back_is_written_and_passes_the_check(folder: Path) -> None:
    done = plan(folder, "mission.toml", "--from", word(START), "--out", "out")
    assert done.returncode == 0, done.stderr
    table = rows(done.stdout)
    assert [row["activity"] for row in table].count("end") == 1
    assert (folder / "out" / "drive.csv").read_text() == done.stdout
    names = ["drive.csv", "drive.czml", "drive.geojson", "drive.gpkg", "drive_activities.csv", "drive_activities.json"]
    assert sorted(path.name for path in (folder / "out").iterdir()) == names
    assert "% of 200 samples survive" in done.stderr.splitlines()[-1]
    checked = here(folder, "check", "out/drive.csv", "mission.toml")
    assert checked.stdout.startswith("every limit holds: ")
    assert checked.stderr.startswith("lupex: note: It ends charging in the light: ")
    found = json.loads(here(folder, "check", "out/drive.gpkg", "mission.toml", "--json").stdout)
    assert (found["ok"], found["first_broken"], found["broken"]) == (True, None, [])
    assert found["waypoints"][-1]["activity"] == "end"


def test_a_drive_in_time_as_json_has_summary_risk_havens_and_waypoints(folder: Path) -> None:
    words = ("mission.toml", "--from", word(START), "--to", word(BOWL), "--start", "2028-01-04", "--json")
    done = plan(folder, *words)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["window_utc"][0] == "2028-01-04T00:00:00Z"
    assert found["risk"]["draws"] == 200 and 0.0 <= found["risk"]["survival"] <= 1.0
    assert found["summary"]["drill_hours"] == 4.0
    assert {"target", "havens", "notes", "rover", "ground", "waypoints"} <= set(found)


def test_the_first_broken_limit_is_printed_with_time_and_place(tmp_path: Path) -> None:
    write_mission(tmp_path, walled())
    (tmp_path / "way.csv").write_text(
        f"label,lat_deg,lon_deg,depart_utc\nhome,{word(START)},{BEGIN}\nrock,{word(FAR)},\n"
    )
    done = here(tmp_path, "check", "way.csv", "mission.toml")
    assert done.returncode == 0
    first, last = done.stdout.splitlines()
    assert first.startswith("first broken: 2028-01-03T0") and "from 'home' on" in first
    assert first.endswith("the climb is 13.7 deg steeper than the rover may climb")
    assert last.startswith("0.51 km in ")
    found = json.loads(here(tmp_path, "check", "way.csv", "mission.toml", "--json").stdout)
    assert found["ok"] is False
    assert found["first_broken"]["constraint"] == "up_slope_deg"
    line = wrong(tmp_path, "plan", "mission.toml", "--from", word(START), "--to", word(FAR), "--static", "time")
    assert "needs max_up_slope_deg 38." in line


def test_reach_prints_areas_and_writes_maps(folder: Path) -> None:
    done = here(folder, "reach", "mission.toml", "--from", word(START), "--out", "reach")
    assert done.returncode == 0, done.stderr
    table = rows(done.stdout)
    assert [float(row["hours"]) for row in table] == [6.0, 12.0, 24.0, 48.0, 72.0]
    assert all(float(row["light_ignored_km2"]) >= float(row["in_time_km2"]) for row in table)
    assert len(list((folder / "reach").glob("*.tif"))) == 5
    found = json.loads(here(folder, "reach", "mission.toml", "--from", word(START), "--json").stdout)
    assert found["start_utc"] == BEGIN
    assert [row["in_time_km2"] for row in found["reach"]] == [float(row["in_time_km2"]) for row in table]


def test_a_campaign_visits_what_is_worth_most_and_says_why_the_rest_is_left_out(folder: Path) -> None:
    (folder / "stops.csv").write_text(
        "label,lat_deg,lon_deg,value,dwell_hours,activity,latest_utc\n"
        f"ice,{word(BOWL)},10,4,drill,\nrock,{word(FAR)},3,2,measure,\n"
        f"late,{word((20, 26))},5,3,measure,2028-01-03T03:30:00Z\n"
    )
    words = ("campaign", "mission.toml", "--stops", "stops.csv", "--from", word(START))
    done = here(folder, *words)
    assert done.returncode == 0, done.stderr
    table = {row["label"]: row for row in rows(done.stdout)}
    assert {table["rock"]["order"], table["ice"]["order"]} == {"1", "2"}
    assert table["late"]["order"] == "" and table["late"]["reason"]
    assert done.stderr.startswith("lupex: worth 13 of at most 13; ")
    found = json.loads(here(folder, *words, "--json").stdout)
    assert found["value"] == found["bound"] == 13.0 and found["proven"] is True
    assert set(found["visited"]) == {"ice", "rock"}


def test_stations_of_a_survey_for_water_are_stops_of_a_campaign(folder: Path) -> None:
    lat, lon = place(BOWL)
    water = f"lat_deg = {lat!r}\nlon_deg = {lon!r}\nradius_km = 0.3\nspacing_m = 150.0\nworlds = 10\nstations = 2\n"
    mission = (folder / "mission.toml").read_text() + f"\n[water]\n{water}most_samples = 1\n"
    (folder / "water.toml").write_text(mission)
    said = io.StringIO()
    with chdir(folder), redirect_stderr(io.StringIO()), redirect_stdout(said):
        assert main(["water", "survey", "water.toml", "--out", "survey"]) == 0
    assert "% expected" in said.getvalue() and "were all stations alike" in said.getvalue()
    asked = rows((folder / "survey" / "stops.csv").read_text())
    done = here(folder, "campaign", "water.toml", "--stops", "survey/stops.csv", "--from", word(START), "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(asked) == 2 and set(found["visited"]) == {row["label"] for row in asked}
    assert found["value"] == pytest.approx(sum(float(row["value"]) for row in asked))
    assert [one["activity"] for one in found["waypoints"] if one["label"] in found["visited"]] == ["drill", "drill"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("plan --cost cost.tif --from 5,85", "--cost needs --to X,Y"),
        ("plan --cost cost.tif --from 5,85 --to shadow", "--cost needs --to X,Y"),
        ("plan --cost cost.tif --from 5,85 --to 5,45", r"goal: point (5, 45) lies on a cell without data"),
        ("plan --cost cost.tif --from 5,95 --to 5,5", "start: point (5, 95) lies outside the raster"),
        ("plan --cost none.tif --from 5,85 --to 5,5", "none.tif: no such file"),
        ("plan --cost mission.toml --from 5,85 --to 5,5", "is no GeoTIFF"),
        ("plan --cost cost.tif --from 5,85 --to 5,5 --static time", "--static does not go with --cost"),
        ("plan --cost cost.tif --from 5,85 --to 5,5 --energy-limit 0", "--energy-limit does not go with --cost"),
        ("plan mission.toml --cost cost.tif --from 5,85 --to 5,5", "a mission file does not go with --cost"),
        ("plan --from 5 --to 5,5", "'5' is not two numbers"),
        ("plan --from nan,5", "'nan,5' is not finite"),
        ("plan --from 204,-89.5", "--from 204,-89.5 is no place; give LAT,LON"),
        ("plan --from -89.5,20 --one-way", "--one-way needs --to LAT,LON"),
        ("plan --from -89.5,20 --static time", "--static needs --to LAT,LON"),
        ("plan --from -89.5,20 --to -89.5,21 --static time --start 2028-01-01", "--start does not go with --static"),
        ("plan --from -89.5,20 --energy-limit 5", "--energy-limit goes with --static"),
        ("plan --from -89.5,20 --cut-corners", "--cut-corners goes with --cost"),
        ("plan --from -89.5,20 --start yesterday", "'yesterday' is not a UTC time"),
        ("plan none.toml --from -89.5,20", "none.toml: no such file"),
        ("check none.csv mission.toml", "none.csv: cannot read"),
        ("check mission.toml way.csv", "mission.toml is a mission file; waypoints come first"),
        ("campaign mission.toml --stops none.csv --from -89.3,30", "none.csv: cannot read"),
        ("reach mission.toml --from -85,30", "place -85, 30 lies off the region of ground.tif"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(folder: Path, words: str, said: str) -> None:
    assert said in wrong(folder, *words.split())


def test_times_outside_the_ephemeris_are_refused(folder: Path) -> None:
    line = wrong(folder, "plan", "mission.toml", "--from", word(START), "--to", word(FAR), "--start", "2700-01-01")
    assert "outside the kernels" in line


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ("speed_m_s = 0", "speed_m_s is 0.0; give a positive number"),
        ("battery_wh = -5", "battery_wh: -5.0 is below the smallest allowed value"),
        ("array_kind = 'sail'", "array_kind is sail; give one of tracking"),
        ("speed = 3", "did you mean 'speed_m_s'?"),
    ],
)
def test_impossible_rovers_are_refused(tmp_path: Path, fact: str, said: str) -> None:
    write_mission(tmp_path, bowl(), rover=fact)
    words = ("plan", "mission.toml", "--from", word(START), "--to", word(FAR), "--static", "time")
    assert said in wrong(tmp_path, *words)


def worked_s(pid: int) -> float:
    """Processor time of a running process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_ctrl_c_ends_a_plan_cleanly(tmp_path: Path) -> None:
    write_mission(tmp_path, bowl(), step_minutes=2.0, span_days=10.0)
    command = [
        sys.executable,
        "-m",
        "lupex",
        "traverse",
        "plan",
        "mission.toml",
        f"--from={word(START)}",
        "--out",
        "no",
    ]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(), preexec_fn=hear_ctrl_c, stderr=subprocess.PIPE, text=True
    ) as running:
        while running.poll() is None and worked_s(running.pid) < 1.5:
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
    assert running.returncode == 130, said
    assert len(said.splitlines()) == 1 and "stopped" in said
    assert not (tmp_path / "no").exists()
