"""Whole maps from the command line: results, full disks, Ctrl-C and going on."""

import csv
import io
import json
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import rasterio
from tests.cli.command import SRC, environment, hear_ctrl_c, lupex, refused
from tests.cli.files import bad_dems, dem

SMALL = ["--azimuths", "32", "--search-radius-km", "60"]
SMALL_MISSION = """
[mission]
name = "small"
[terrain]
equatorward_limit_deg = 88.5
fine_cell_m = 100.0
fine_size_km = 4.0
fine_slope_baseline_m = 200.0
[horizon]
azimuths = 48
[light]
start_utc = "2028-01-01"
stop_utc = "2028-06-01"
step_hours = 6.0
[sites]
count = 2
separation_km = 5.0
max_slope_deg = 20.0
min_lit_days = 5.0
min_earth_fraction = 0.1
[thermal]
region_cells = 1024
site_cells = 400
"""


STOPPED = "lupex: stopped; nothing half-written is left; run the same command again (studies, stores and tiles go on)"


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file of a store; the lines of its manifest sorted, for they stand in the order azimuths were done."""
    found = {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    return {n: b"".join(sorted(b.splitlines(True))) if n.startswith("manifest") else b for n, b in found.items()}


@pytest.fixture(scope="module")
def large_dem(tmp_path_factory) -> Path:
    row, col = np.mgrid[0:500, 0:500]
    heights_m = 400.0 * np.sin(row / 37.0) * np.cos(col / 29.0)
    return dem(tmp_path_factory.mktemp("large") / "large.tif", heights_m, cell_m=40.0)


def test_horizons_are_stored_and_a_second_run_changes_nothing(tmp_path):
    path = dem(tmp_path / "hills.tif")
    store = tmp_path / "hills.zarr"
    done = lupex("horizons", path, "--trust-dem", "--out", store, *SMALL)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    first = bytes_of(store)
    assert first
    assert lupex("horizons", path, "--trust-dem", "--out", store, *SMALL).returncode == 0
    assert bytes_of(store) == first


def test_ctrl_c_during_horizons_is_a_clean_stop_that_resumes_to_the_same_store(tmp_path, large_dem):
    words = [large_dem, "--azimuths", "360", "--trust-dem"]
    store, whole = tmp_path / "stopped.zarr", tmp_path / "whole.zarr"
    running = subprocess.Popen(
        [sys.executable, "-m", "lupex", "horizons", *map(str, words), "--out", str(store)],
        env=environment(),
        preexec_fn=hear_ctrl_c,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 120
    while not list(tmp_path.rglob("c/*")) and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    assert running.poll() is None, running.communicate()
    running.send_signal(signal.SIGINT)
    out, said = running.communicate(timeout=120)
    assert running.returncode == 130, said
    assert said.splitlines()[-1] == STOPPED
    assert out == ""
    assert lupex("horizons", *words, "--out", store).returncode == 0
    assert lupex("horizons", *words, "--out", whole).returncode == 0
    assert bytes_of(store) == bytes_of(whole)


def test_a_full_disk_is_one_line_and_no_half_written_file(tmp_path, large_dem):
    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    words = ["dem", "import", large_dem, "--trust-dem", "--out", tmp_path / "own.tif"]
    assert "own.tif" in refused(*words, preexec_fn=little_room)
    assert list(tmp_path.iterdir()) == []
    said = refused("horizons", large_dem, "--trust-dem", "--out", tmp_path / "s.zarr", *SMALL, preexec_fn=little_room)
    assert "s.zarr" in said


@pytest.mark.parametrize(("command", "kind"), [("horizons", "truncated"), ("horizons", "nodata"), ("maps", "earth")])
def test_a_file_that_is_no_dem_is_refused_in_one_line_and_leaves_nothing(tmp_path, command, kind):
    path = bad_dems(tmp_path)[kind]
    assert path.name in refused(command, path, "--out", tmp_path / "result")
    assert not (tmp_path / "result").exists()


def test_maps_of_a_dem_are_geotiffs_with_units(tmp_path):
    path = dem(tmp_path / "hills.tif")
    done = lupex("maps", path, "--trust-dem", "--out", tmp_path / "maps", *SMALL)
    assert done.returncode == 0, done.stderr
    names = [found.name for found in (tmp_path / "maps").rglob("*.tif")]
    assert any("lit_fraction" in name for name in names), names


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The folder of a small study, and how it ended."""
    folder = tmp_path_factory.mktemp("study")
    (folder / "small.toml").write_text(SMALL_MISSION)
    done = lupex("study", "small.toml", "--out", "result", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "result", done


def test_a_small_study_ends_with_a_report_and_ranked_sites(finished):
    result, done = finished
    assert (result / "report.html").stat().st_size > 10_000
    assert "lupex: report: result/report.html" in done.stderr
    said = json.loads(done.stdout)
    assert said["mission"] == "small"
    assert [site["rank"] for site in said["sites"]] == [1, 2]
    assert said["sites"][0]["reasons"][0].startswith("rank 1 by acceptability")
    assert all(-90.0 <= site["lat_deg"] <= -88.4 for site in said["sites"])
    assert sorted(path.name for path in result.parent.iterdir()) == ["result", "small.toml"]
    before = bytes_of(result)
    again = lupex("study", "small.toml", "--out", "result", "--json", cwd=result.parent)
    assert again.stderr.startswith("lupex: nothing has changed since result was written\n")
    assert json.loads(again.stdout) == said
    assert bytes_of(result) == before


def test_a_study_stopped_again_and_again_ends_as_one_that_was_not(tmp_path, finished):
    (tmp_path / "small.toml").write_text(SMALL_MISSION)
    work = tmp_path / ".result.unfinished"
    for steps, stop in ((2, signal.SIGKILL), (7, signal.SIGINT), (16, signal.SIGTERM)):
        running = subprocess.Popen(
            [sys.executable, "-m", "lupex", "study", "small.toml", "--out", "result"],
            env=environment(),
            cwd=tmp_path,
            preexec_fn=hear_ctrl_c,
            stderr=subprocess.PIPE,
            text=True,
        )
        deadline = time.monotonic() + 300
        while _steps(work) < steps and running.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        assert running.poll() is None, running.communicate()
        running.send_signal(stop)
        said = running.communicate(timeout=120)[1].splitlines()
        assert running.returncode == {2: -9, 7: 130, 16: 143}[steps]
        assert stop is signal.SIGKILL or said[-1] == STOPPED
        assert not (tmp_path / "result").exists()
    kept = _steps(work)
    done = lupex("study", "small.toml", "--out", "result", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    told = f"lupex: goes on where it was stopped: {kept} finished steps are in .result.unfinished"
    assert done.stderr.splitlines()[0] == told
    assert done.stdout == finished[1].stdout
    assert bytes_of(tmp_path / "result") == bytes_of(finished[0])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["result", "small.toml"]


def _steps(work: Path) -> int:
    """Steps that a study has noted so far."""
    try:
        return len((work / "steps.jsonl").read_text().splitlines())
    except FileNotFoundError:
        return 0


def test_a_study_that_fails_on_its_input_leaves_nothing(tmp_path):
    (tmp_path / "small.toml").write_text(SMALL_MISSION.replace("min_lit_days = 5.0", "min_lit_days = 100.0"))
    done = lupex("study", "small.toml", "--out", "new/result", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "") and "set [sites]" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["small.toml"]


def test_sites_are_a_table(tmp_path):
    (tmp_path / "small.toml").write_text(SMALL_MISSION)
    done = lupex("sites", "small.toml", "--csv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["rank"] for row in rows] == ["1", "2"]


def test_maps_in_tiles_are_the_same_from_one_process_and_from_two(tmp_path):
    path = dem(tmp_path / "hills.tif")
    words = ["maps", path, "--trust-dem", *SMALL, "--tile", "64", "--without-span"]
    planned = lupex(*words, "--out", tmp_path / "one", "--dry-run")
    assert planned.returncode == 0, planned.stderr
    assert [line.split()[0] for line in planned.stdout.splitlines()][:3] == ["cells", "tiles", "maps"]
    assert planned.stdout.splitlines()[1].split() == ["tiles", "1"]
    assert not (tmp_path / "one").exists()
    for name, more in (("one", []), ("two", ["--workers", "2"])):
        done = lupex(*words, "--out", tmp_path / name, *more)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")
    assert "lit_fraction_any.tif" in bytes_of(tmp_path / "one")
    said = refused(*words, "--out", tmp_path / "three", "--cell", "200")
    assert "cells of 200 m from a DEM with 100 m" in said


def test_a_search_in_tiles_finds_candidates_and_a_second_one_only_picks(tmp_path):
    (tmp_path / "small.toml").write_text(SMALL_MISSION)
    words = ["sites", "small.toml", "--cell", "800", "--out", "search", "--csv"]
    assert "give --out DIR" in refused("sites", "small.toml", "--cell", "800", cwd=tmp_path)
    done = lupex(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["rank"] for row in rows] == ["1", "2"]
    assert {(row["cell_m"], row["interpolated_from_m"]) for row in rows} == {("800.0", "1600.0")}
    assert all(float(row["slope_deg"]) <= 20.0 for row in rows)
    manifest = (tmp_path / "search" / "manifest.jsonl").read_bytes()
    (tmp_path / "small.toml").write_text(SMALL_MISSION.replace("count = 2", "count = 1"))
    again = lupex(*words, cwd=tmp_path)
    assert list(csv.DictReader(io.StringIO(again.stdout))) == rows[:1], again.stderr
    assert (tmp_path / "search" / "manifest.jsonl").read_bytes() == manifest


def test_a_dem_that_shows_other_ground_is_refused_with_its_cause_unless_it_is_trusted(tmp_path):
    path = tmp_path / "double.tif"
    with rasterio.open(SRC / "lupex" / "data" / "lola_dem_south_1600m.tif") as cap:
        window = rasterio.windows.Window(370, 370, 24, 24)
        heights, place = cap.read(1, window=window), cap.window_transform(window)
        profile = {**cap.profile, "height": 24, "width": 24, "transform": place, "driver": "GTiff", "tiled": False}
    for name in ("blockxsize", "blockysize", "interleave", "compress", "predictor"):
        profile.pop(name, None)
    with rasterio.open(path, "w", **profile) as out:
        out.write((2 * heights).astype(profile["dtype"]), 1)
    for words in (("maps", path, *SMALL), ("horizons", path, *SMALL)):
        assert "its heights are 2 times those of the map" in refused(*words, "--out", tmp_path / "out")
        assert not (tmp_path / "out").exists()
    done = lupex("horizons", path, *SMALL, "--out", tmp_path / "out", "--trust-dem")
    assert done.returncode == 0 and "note: double.tif: its heights are 2 times" in done.stderr
