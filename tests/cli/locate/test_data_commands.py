"""What a navigator's files may hold that is wrong: each is answered by one line, and nothing is written."""

import json
from pathlib import Path

import pytest
from tests.cli.command import lupex, refused

from lupex.study.questions.solution import simulated_files

PRIOR = ("--prior", "-89.4,222")


@pytest.fixture(scope="module")
def tdm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One day of one station."""
    out = tmp_path_factory.mktemp("tdm") / "day.tdm"
    simulated_files(out, (-89.45, 222.69, 1200.0), ("misasa",), ("2026-03-01T00:00:00Z", 1.0), 1200.0, 3)
    return out


def spoilt(tdm: Path, folder: Path, old: str, new: str) -> Path:
    text = tdm.read_text(encoding="utf-8")
    assert old in text
    path = folder / "spoilt.tdm"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("= misasa", "= atlantis", "no participant is a station of the catalogue"),
        ("RANGE_UNITS = km", "RANGE_UNITS = RU", "RANGE_UNITS is RU"),
        ("TIME_SYSTEM = UTC", "TIME_SYSTEM = TAI", "TIME_SYSTEM is TAI"),
        ("MODE = SEQUENTIAL", "MODE = SINGLE_DIFF", "MODE is SINGLE_DIFF"),
    ],
)
def test_a_spoilt_tdm_is_refused_in_one_line(tdm: Path, tmp_path: Path, old: str, new: str, said: str) -> None:
    path = spoilt(tdm, tmp_path, old, new)
    message = refused("locate", "solve", path, *PRIOR)
    assert said in message
    assert "spoilt.tdm" in message


def test_the_same_data_twice_are_refused_and_a_gap_is_not(tdm: Path, tmp_path: Path) -> None:
    assert "is given twice" in refused("locate", "solve", tdm, tdm, *PRIOR)
    lines = tdm.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if "= 2026-03-01T09:" not in line and "= 2026-03-01T10:" not in line]
    assert len(kept) == len(lines) - 18
    gap = tmp_path / "gap.tdm"
    gap.write_text("\n".join(kept) + "\n", encoding="utf-8")
    done = lupex("locate", "solve", gap, *PRIOR, "--json")
    assert done.returncode == 0, done.stderr


def test_one_station_and_one_day_say_which_direction_is_not_observed(tmp_path: Path) -> None:
    out = tmp_path / "short.tdm"
    simulated_files(out, (-89.45, 222.69, 1200.0), ("misasa",), ("2026-03-01T12:00:00Z", 0.1), 600.0, 3)
    done = lupex("locate", "solve", out, *PRIOR, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)["unobserved"]
    assert told
    assert all("not observed" in one for one in told)


def test_frames_and_units_of_an_orbit_are_not_mixed(tmp_path: Path) -> None:
    sights, orbit = tmp_path / "sights.csv", tmp_path / "orbit.opm"
    sights.write_text("method,value,sigma,utc,name\norbiter_range,1e5,1,2026-03-01T00:20:00Z,ORB\n", encoding="utf-8")
    text = (
        "CCSDS_OPM_VERS = 2.0\nCREATION_DATE = 2026-03-01T00:00:00\nORIGINATOR = X\nOBJECT_NAME = ORB\n"
        "OBJECT_ID = ORB\nCENTER_NAME = MOON\nREF_FRAME = EME2000\nTIME_SYSTEM = UTC\nEPOCH = 2026-03-01T00:00:00\n"
        "X = 1837.4\nY = 0\nZ = 0\nX_DOT = 0\nY_DOT = 0.02\nZ_DOT = 1.6335\n"
    )
    for old, new, said in (
        ("EME2000", "ITRF2000", "frame ITRF2000 is unknown"),
        ("MOON\n", "EARTH\n", "centre is EARTH"),
        ("1837.4", "1.8374", "give metres, not km"),
    ):
        orbit.write_text(text.replace(old, new), encoding="utf-8")
        assert said in refused("locate", "solve", sights, *PRIOR, "--orbit", orbit)


def test_simulate_wants_stations_or_a_table_and_makes_what_solve_reads(tmp_path: Path) -> None:
    out, table = tmp_path / "out.csv", tmp_path / "table.csv"
    place = ("locate", "simulate", "-89.45", "222.69", "--out", out)
    assert "--stations or --sights" in refused(*place)
    table.write_text("method,sigma_m\nimage,-1\n", encoding="utf-8")
    assert "table.csv line 2 sigma_m" in refused(*place, "--sights", table)
    assert not out.exists()
    table.write_text("method,sigma_m\nimage,12\ncraters,5\nskyline,8\n", encoding="utf-8")
    done = lupex(*place, "--sights", table, "--seed", "4")
    assert json.loads(done.stdout)["synthetic"] is True
    found = json.loads(lupex("locate", "solve", out, *PRIOR, "--json").stdout)
    assert found["lat_deg"] == pytest.approx(-89.45, abs=0.001)
