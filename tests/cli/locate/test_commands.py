"""lupex locate: numbers scripts rely on, and what is answered to bad input."""

import json
from pathlib import Path

import pytest
from tests.cli.command import lupex, refused

PLACE = ("-89.45", "222.69")
BUDGET = ("budget", *PLACE, "--stations", "misasa,byalalu32", "--no-terrain")


def answered(*words: object) -> object:
    done = lupex("locate", *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_budget_is_the_published_one_and_names_its_columns() -> None:
    rows = answered(*BUDGET)
    assert [row["days"] for row in rows] == [1.0, 3.0, 14.0]
    horizontal = [(row["sigma_east_m"] ** 2 + row["sigma_north_m"] ** 2) ** 0.5 for row in rows]
    assert horizontal == pytest.approx([14.0, 4.6, 3.5], rel=0.05)
    assert set(rows[0]) >= {"methods", "sigma_up_m", "sigma_me_x_m", "sigma_me_y_m", "sigma_me_z_m", "unobserved"}
    assert rows[0]["methods"] == "range+doppler"


def test_frames_gives_metres() -> None:
    found = answered(
        "frames", "--from", "MOON_PA_DE440", "--to", "MOON_ME_DE421", "1554678.104", "98094.498", "765005.863"
    )
    assert [found[name] for name in ("x_m", "y_m", "z_m")] == pytest.approx(
        [1554937.504, 98604.886, 764412.81], abs=1e-3
    )


def test_letters_of_lgrs_go_both_ways() -> None:
    found = answered("frames", "--from", "geodetic", "--to", "lgrs", "-82", "-135", "7")
    assert (found["lgrs"], found["lgrs_acc"], found["zone"]) == ("ATF0421604216", "ATFD216D216", "A")
    assert (found["x_m"], found["y_m"], found["z_m"]) == pytest.approx((329216.886, 329216.886, 7.0), abs=0.01)
    back = answered("frames", "--from", "lgrs", "--to", "lgrs", "ATFD216D216", "7")
    assert back["lgrs"] == "ATF0421604216"


def test_ranges_come_with_every_term(tmp_path: Path) -> None:
    times = tmp_path / "times.txt"
    times.write_text("2026-03-01T12:00:00Z\n2026-03-01T12:00:30.5Z\n", encoding="utf-8")
    done = lupex("locate", "range", "misasa", *PLACE, "--times", times, "--csv")
    assert done.returncode == 0, done.stderr
    header, first, _ = done.stdout.splitlines()
    row = dict(zip(header.split(","), first.split(","), strict=True))
    terms = [name for name in row if name.endswith("_m") and name not in ("two_way_range_m", "newtonian_range_m")]
    assert {"sun_shapiro_m", "earth_shapiro_m", "troposphere_m"} < set(terms)
    total = float(row["newtonian_range_m"]) + sum(float(row[name]) for name in terms)
    assert float(row["two_way_range_m"]) == pytest.approx(total, abs=1e-6)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("budget", *PLACE, "--stations", "misassa"), "misassa"),
        (("budget", *PLACE, "--stations", "misasa,misasa"), "given twice"),
        (("budget", *PLACE, "--stations", "misasa", "--methods", "magic"), "no method 'magic'"),
        (("budget", *PLACE, "--stations", "misasa", "--days", "0"), "days 0 lies outside"),
        (("frames", "--from", "ME", "--to", "geodetic", "1", "2", "3"), "'ME' is unknown"),
        (("frames", "--from", "MOON_PA_DE440", "--to", "geodetic", "1554", "98", "765"), "not kilometres"),
        (("frames", "--from", "geodetic", "--to", "lgrs", "1", "2"), "2 values; a place is X Y Z"),
        (("frames", "--from", "lgrs", "--to", "geodetic", "ATF04216"), "no LGRS place"),
        (("frames", "--from", "geodetic", "--to", "lgrs", "1", "2", "x"), "x"),
        (("range", "misasa", *PLACE, "--times", "none.txt"), "none.txt"),
    ],
)
def test_bad_input_is_one_line(words: tuple[str, ...], said: str) -> None:
    assert said in refused("locate", *words)


def test_a_panorama_without_its_columns_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "p.csv"
    wrong.write_text("azimuth,elevation\n1,2\n", encoding="utf-8")
    assert "no column azimuth_deg" in refused("locate", "skyline", "default", wrong, "--around", "-89.45,222.69,5")
