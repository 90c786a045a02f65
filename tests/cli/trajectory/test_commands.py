"""lupex trajectory: the columns scripts rely on, and one line for bad input."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from tests.cli.command import lupex, refused

from lupex.io import read_oem
from lupex.io.messages.opm_states import read_opm

COLUMNS = [
    "launch_utc", "landing_utc", "tli_m_s", "loi_m_s", "descent_m_s", "landed_mass_kg", "lit_days_after_landing",
    "sun_elevation_deg", "earth_visible", "closed_by",
]  # fmt: skip
MORE = [
    "mass_margin_kg", "flight_days", "v_infinity_m_s", "azimuth_deg", "inclination_deg", "polar_offset_deg",
    "tli_contact", "loi_contact", "landing_contact", "eclipse_hours", "orbit_shadow_fraction",
]  # fmt: skip


def test_twobody_answers_with_the_burn_of_chandrayaan_3() -> None:
    done = lupex(
        "trajectory", "twobody", "--perigee-km", "170", "--apogee-km", "36500", "--to-apogee-km", "369328", "--json"
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["delta_v_m_s"] == pytest.approx(661.9, abs=0.05)


def test_windows_have_the_columns_of_the_contract_and_say_what_closes_them() -> None:
    span = ("--start", "2028-08-20", "--stop", "2028-08-25")
    done = lupex("trajectory", "windows", *span, "--site", "-89.45,222.69", "--csv")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert list(rows[0]) == COLUMNS + MORE
    assert len(rows) == 20
    for row in rows:
        if not row["closed_by"]:
            assert row["launch_utc"] < row["landing_utc"]
            assert float(row["lit_days_after_landing"]) >= 30.0
            assert float(row["sun_elevation_deg"]) >= 1.5
            assert row["earth_visible"] == row["landing_contact"] == "true"
    assert sum(not row["closed_by"] for row in rows) >= 10


def test_where_no_window_is_open_a_line_says_what_closes_them() -> None:
    span = ("--start", "2028-06-01", "--stop", "2028-06-02")
    done = lupex("trajectory", "windows", *span, "--site", "-89.9,130", "--csv")  # inside Shackleton
    assert done.returncode == 0, done.stderr
    assert "no window is open; cells closed by" in done.stderr
    assert "light" in done.stderr


@pytest.mark.parametrize(
    "words, says",
    [
        ("twobody --perigee-km 500 --apogee-km 200 --to-apogee-km 9000", "exchange"),
        ("twobody --perigee-km nan --apogee-km 200 --to-apogee-km 9000", "outside"),
        ("twobody --body moon --perigee-km 100 --apogee-km 100 --to-apogee-km -1800", "centre"),
        ("windows --start 2028-06-02 --stop 2028-06-01", "exchange"),
        ("windows --start 2160-01-01 --stop 2160-02-01", "kernels"),
        ("windows --start 2028-06-01 --stop 2090-06-01", "shorter"),
        ("windows --start 2028-06-01 --stop 2028-06-02 --site 10,20", "DEM"),
        ("windows no_such.toml --start 2028-06-01 --stop 2028-06-02", "no_such.toml"),
    ],
)
def test_bad_input_is_refused_in_one_line(words: str, says: str) -> None:
    assert says in refused("trajectory", *words.split())


def test_descent_flies_the_profile_of_chandrayaan_3_and_compares_it_with_the_optimum() -> None:
    asked = ("--lander", "chandrayaan3", "--site", "-69.373,32.319", "--mass-kg", "1700", "--braking", "690,713.5")
    done = lupex("trajectory", "descent", *asked, "--at", "2023-08-23T12:33:00", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["braking_s"] == 690.0
    assert found["braking_downrange_m"] == pytest.approx(713_500.0, abs=10.0)
    best = found["optimum"]
    assert best["fuel_kg"] <= best["guided_fuel_kg"]
    assert best["integrated_fuel_kg"] == pytest.approx(best["fuel_kg"], abs=0.1)
    assert found["touchdown"]["lit"] is True
    assert found["touchdown"]["sun_elevation_deg"] == pytest.approx(6.0, abs=3.0)
    assert set(found["dispersion"]["kept_fraction"].values()) == {1.0}


def test_a_descent_comes_as_phases_and_as_a_track() -> None:
    phases = list(csv.DictReader(io.StringIO(lupex("trajectory", "descent", "--csv").stdout)))
    assert [row["phase"] for row in phases][0::5] == ["rough braking", "touchdown"]
    track = list(csv.DictReader(io.StringIO(lupex("trajectory", "descent", "--track", "--csv").stdout)))
    assert len(track) > 1000
    assert float(track[0]["time_s"]) == 0.0


@pytest.mark.parametrize(
    "words, says",
    [
        ("descent --mass-kg 20000", "do not brake"),
        ("descent --mass-kg -5", "outside"),
        ("descent --braking 690", "SECONDS,KM"),
        ("descent --braking 300,713", "ask for"),
        ("descent --lander nobody", "nobody"),
        ("descent --at 2200-01-01", "kernels"),
    ],
)
def test_descents_that_cannot_be_are_refused_in_one_line(words: str, says: str) -> None:
    assert says in refused("trajectory", *words.split())


MISSION = """
[mission]
name = "quick"

[trajectory]
capture_apolune_km = 4000.0
max_orbit_days = 8.0
min_lit_days = 0.0
min_sun_elevation_deg = 0.5
"""


def test_design_writes_a_folder_of_events_orbits_and_figures(tmp_path: Path) -> None:
    mission = tmp_path / "quick.toml"
    mission.write_text(MISSION)
    span = ("--start", "2028-06-18", "--stop", "2028-06-20", "--open", "--csv")
    rows = list(csv.DictReader(io.StringIO(lupex("trajectory", "windows", mission, *span).stdout)))
    launch = rows[0]["launch_utc"]
    begin = f"{launch[:11]}{int(launch[11:13]) // 6 * 6:02d}:00:00"
    done = lupex("trajectory", "design", mission, "--launch", begin, "--out", tmp_path / "out", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["launch_utc"] == launch
    assert found["perilune_km"] == pytest.approx(100.0, abs=0.1)
    assert found["tli_m_s"] == pytest.approx(float(rows[0]["tli_m_s"]))
    assert found["integrated_burns_at_moon_m_s"] == pytest.approx(found["loi_m_s"] + 16.0, rel=0.05)
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {
        "events.csv", "mass.csv", "design.json", "transfer.oem", "lunar_orbit.oem", "translunar.opm",
        "ground_track.csv", "porkchop.png", "timeline.png", "ground_track.png",
    }  # fmt: skip
    last = max((tmp_path / "out").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    assert last.name == "design.json"  # a stopped run leaves none
    table = read_oem(tmp_path / "out" / "lunar_orbit.oem")[0]
    assert (table.center, table.frame) == ("MOON", "EME2000")
    assert len(set(table.epochs)) == len(table.epochs)
    start = read_opm(tmp_path / "out" / "translunar.opm").state
    assert np.hypot(*start[:2]) < np.linalg.norm(start[:3]) == pytest.approx(6_578_136.6, abs=0.1)


def test_a_closed_window_is_refused_by_name_and_writes_nothing(tmp_path: Path) -> None:
    words = ("--launch", "2028-06-01T00:00:00", "--site", "-89.9,130", "--out", tmp_path / "out")
    assert "closed by light" in refused("trajectory", "design", *words)
    assert not (tmp_path / "out").exists()
