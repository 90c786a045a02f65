"""lupex sky: columns, times, and places."""

import csv
import io
import json

import numpy as np
import pytest
from tests.cli.command import lupex, refused
from tests.cli.files import bad_dems

from lupex.io import write_cog
from lupex.model import Grid

HEADER = [
    "utc",
    "sun_azimuth_true_deg",
    "sun_elevation_deg",
    "sun_distance_km",
    "earth_azimuth_true_deg",
    "earth_elevation_deg",
    "earth_distance_km",
]
SPAN = ["--start", "2028-01-01", "--stop", "2028-01-01T03:00:00Z", "--step", "3600"]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_span_gives_one_row_a_step_and_leaves_the_end_out():
    done = lupex("sky", "-89.5", "222.7", *SPAN, "--csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0].split(",") == HEADER
    assert [row["utc"] for row in rows(done.stdout)] == [f"2028-01-01T0{hour}:00:00Z" for hour in range(3)]


def test_numbers_are_where_sun_and_earth_can_be_at_the_south_pole():
    for row in rows(lupex("sky", "-89.5", "222.7", *SPAN, "--csv").stdout):
        assert abs(float(row["sun_elevation_deg"])) < 2.1
        assert 1.46e8 < float(row["sun_distance_km"]) < 1.53e8
        assert abs(float(row["earth_elevation_deg"])) < 7.7
        assert 3.5e5 < float(row["earth_distance_km"]) < 4.1e5
        assert 0.0 <= float(row["sun_azimuth_true_deg"]) < 360.0


@pytest.mark.parametrize("latitude", ["-89.5", "-8.95e1", "-89.50", "-.895e2"])
@pytest.mark.parametrize("longitude", ["222.7", "-137.3"])
def test_negative_numbers_are_no_options_in_any_spelling(latitude, longitude):
    first = rows(lupex("sky", latitude, longitude, *SPAN, "--csv").stdout)[0]
    assert float(first["sun_azimuth_true_deg"]) == pytest.approx(270.522232, abs=1e-4)


def test_negative_numbers_may_follow_the_options():
    assert lupex("sky", *SPAN, "--height", "-500", "-89.5", "-137.3").returncode == 0


def test_csv_is_the_default_and_json_has_the_same_columns():
    text = lupex("sky", "-89.5", "222.7", *SPAN).stdout
    columns = json.loads(lupex("sky", "-89.5", "222.7", *SPAN, "--json").stdout)
    assert sorted(columns) == sorted(HEADER)
    assert [float(row["sun_elevation_deg"]) for row in rows(text)] == columns["sun_elevation_deg"]


def test_times_come_from_a_file_in_any_order_with_comments(tmp_path):
    (tmp_path / "times.txt").write_text("# when\n2028-01-02\n\n2028-01-01T00:00:00Z  # new year\n2028-01-02\n")
    found = rows(lupex("sky", "-89.5", "222.7", "--times", "times.txt", "--csv", cwd=tmp_path).stdout)
    assert [row["utc"] for row in found] == ["2028-01-02T00:00:00Z", "2028-01-01T00:00:00Z", "2028-01-02T00:00:00Z"]
    assert found[0] == found[2]
    assert float(found[1]["sun_azimuth_true_deg"]) == pytest.approx(270.522232, abs=1e-4)


def test_times_come_from_stdin():
    done = lupex("sky", "-89.5", "222.7", "--times", "-", input="2028-01-01\n")
    assert len(rows(done.stdout)) == 1


def test_fractions_of_a_second_are_kept_apart():
    span = ["--start", "2028-01-01", "--stop", "2028-01-01T00:00:01", "--step", "0.25"]
    found = [row["utc"] for row in rows(lupex("sky", "-89.5", "222.7", *span).stdout)]
    assert found == [f"2028-01-01T00:00:00.{part}Z" for part in ("000", "250", "500", "750")]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--start", "2028-01-02", "--stop", "2028-01-01", "--step", "60"], "does not come after --start"),
        (["--start", "1700-01-01", "--stop", "1700-01-02", "--step", "3600"], "outside the kernels"),
        (["--start", "2028-01-01", "--stop", "2990-01-02", "--step", "86400"], "outside the kernels"),
        (["--start", "2028-01-01", "--stop", "2100-01-02", "--step", "0.01"], "use a step of at least"),
        (["--times", "nothing.txt"], "nothing.txt: cannot read (no such file or directory)"),
        (["--times", "."], ".: is a folder"),
        (["--times", "x", "--start", "2028-01-01"], "--times does not go with --start"),
    ],
)
def test_times_that_cannot_be_are_answered_in_one_line(tmp_path, words, part):
    assert part in refused("sky", "-89.5", "222.7", *words, cwd=tmp_path)


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "times.txt: holds no times"),
        (b"# nothing\n", "times.txt: holds no times"),
        (b"2028-01-01\nyesterday\n", "times.txt line 2: 'yesterday' is not a UTC time"),
        (b"\xff\xfe2\0", "times.txt: is UTF-16 text; save it as UTF-8"),
        (b"2017-06-30T23:59:60Z\n", "2017-06-30T23:59:60Z"),
    ],
)
def test_a_faulty_times_file_is_answered_in_one_line(tmp_path, content, part):
    (tmp_path / "times.txt").write_bytes(content)
    assert part in refused("sky", "-89.5", "222.7", "--times", "times.txt", cwd=tmp_path)


def test_the_first_row_can_be_taken_and_the_rest_left():
    words = "sky -89.5 222.7 --start 2028-01-01 --stop 2029-01-01 --step 600"
    done = lupex(*words.split())
    assert len(done.stdout.splitlines()) == 366 * 144 + 1


YEAR = ["--start", "2028-01-01", "--stop", "2029-01-01", "--step", "7200"]
SUMMARY = {
    "elevation_m",
    "slope_deg",
    "lit_fraction",
    "longest_dark_hours",
    "longest_lit_hours",
    "earth_fraction",
    "sun_and_earth_fraction",
    "is_permanently_shadowed",
}


def test_a_skyline_has_one_row_an_azimuth_in_ascending_order():
    done = lupex("skyline", "default", "-89.5", "222.7", "--height", "2", "--csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "azimuth_true_deg,azimuth_grid_deg,elevation_deg"
    found = rows(done.stdout)
    true_deg = [float(row["azimuth_true_deg"]) for row in found]
    assert len(found) == 720
    assert true_deg == sorted(true_deg)
    for row in found:
        convergence_deg = (float(row["azimuth_grid_deg"]) - float(row["azimuth_true_deg"])) % 360.0
        assert convergence_deg == pytest.approx(222.7, abs=1e-6)
        assert -10.0 < float(row["elevation_deg"]) < 30.0


def test_the_north_pole_has_its_own_default_dem():
    assert len(rows(lupex("skyline", "default", "88", "10", "--azimuths", "16").stdout)) == 16


def test_a_place_off_the_map_is_answered_in_one_line():
    assert refused("skyline", "default", "-10", "0")


def test_the_floor_of_shackleton_is_dark_for_good():
    summary = json.loads(lupex("light", "default", "-89.67", "129.8", *YEAR, "--summary", "--json").stdout)
    assert summary["is_permanently_shadowed"] is True
    assert summary["lit_fraction"] == 0.0
    assert summary["longest_lit_hours"] == 0.0
    assert summary["longest_dark_hours"] == pytest.approx(366 * 24.0, abs=2.0)


def test_a_ridge_near_the_pole_is_lit_for_most_of_the_year():
    done = lupex("light", "default", "-89.45", "222.7", *YEAR, "--summary", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    summary = json.loads(done.stdout)
    assert set(summary) >= SUMMARY
    assert summary["is_permanently_shadowed"] is False
    assert 0.3 < summary["lit_fraction"] <= 1.0
    assert 0.3 < summary["earth_fraction"] < 0.7
    assert summary["sun_and_earth_fraction"] <= min(summary["lit_fraction"], summary["earth_fraction"])


def test_the_time_series_of_light_has_a_row_a_step():
    done = lupex("light", "default", "-89.45", "222.7", *SPAN, "--csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert [row["utc"] for row in rows(done.stdout)] == [f"2028-01-01T0{hour}:00:00Z" for hour in range(3)]


def test_light_outside_the_kernels_is_answered_in_one_line():
    span = ["--start", "2250-01-01", "--stop", "2250-02-01", "--step", "3600"]
    assert "outside the kernels" in refused("light", "default", "-89.45", "222.7", *span)


@pytest.mark.parametrize("kind", ["truncated", "nodata", "earth"])
def test_a_file_that_is_no_dem_is_refused_in_one_line(tmp_path, kind):
    path = bad_dems(tmp_path)[kind]
    assert path.name in refused("skyline", path, "-89.3", "30")


def test_without_dates_the_summary_is_the_long_term_answer():
    said = json.loads(lupex("light", "default", "-89.45", "222.7", "--summary").stdout)
    assert (said["start_utc"], said["stop_utc"]) == ("2026-01-01T00:00:00Z", "2044-09-13T04:12:00Z")
    assert 0.6 < said["lit_fraction_any"] < 1.0
    assert said["is_permanently_shadowed"] is False
    assert 4.0 < said["sun_margin_deg"] < 8.0


def test_a_series_needs_its_dates():
    assert refused("light", "default", "-89.45", "222.7", "--csv").startswith("the span is not complete; give --start")
    assert "not complete" in refused("light", "default", "-89.45", "222.7", "--summary", "--start", "2028-01-01")


def test_a_far_dem_raises_the_skyline_of_a_tile(tmp_path):
    tile, wall = Grid("south", 40, 40, 50.0, -1000.0, 1000.0), Grid("south", 60, 60, 500.0, -15_000.0, 15_000.0)
    heights = np.zeros(wall.shape, np.float32)
    heights[:, 45:] = 3000.0
    for name, grid, z in (("tile", tile, np.zeros(tile.shape, np.float32)), ("wall", wall, heights)):
        write_cog(tmp_path / f"{name}.tif", grid, z, name="elevation_m", unit="m", meaning="height")
    words = ("skyline", tmp_path / "tile.tif", "-89.99", "0", "--azimuths", "8", "--trust-dem")
    walled = rows(lupex(*words, "--far", tmp_path / "wall.tif").stdout)
    highest = max(walled, key=lambda row: float(row["elevation_deg"]))
    # The wall stands 7.5 km away and 3 km high towards +x, which is true azimuth 90 at longitude 0.
    assert (float(highest["azimuth_true_deg"]), float(highest["elevation_deg"])) == pytest.approx((90.0, 21.5), abs=1.0)
    assert "name files only" in refused(*words, "--far", "default")
    assert "nothing around it" in refused("skyline", "default", "-89.5", "0", "--far", tmp_path / "wall.tif")


def test_a_skyline_is_a_mask_for_other_programs_too(tmp_path) -> None:
    done = lupex("skyline", "default", -89.5, 222.7, "--azimuths", 72, "--aem", tmp_path / "rim.aem", "--json")
    columns = json.loads(done.stdout)
    text = (tmp_path / "rim.aem").read_text()
    pairs = [line.split() for line in text.splitlines() if line and line[0].isdigit()]
    held = {round(float(azimuth), 4): float(elevation) for azimuth, elevation in pairs}
    assert len(pairs) in (73, 74) and held[0.0] == held[360.0]
    for azimuth, elevation in zip(columns["azimuth_true_deg"], columns["elevation_deg"], strict=True):
        assert held[round(azimuth, 4)] == pytest.approx(elevation, abs=1e-6)
