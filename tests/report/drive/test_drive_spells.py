"""A drive as spells: what is merged, what is not, and the numbers of the whole."""

from dataclasses import replace

import numpy as np
import pytest
from tests.report.made_up_drive import START_UTC, made_up_drive, made_up_traverse
from tests.report.made_up_study import made_up_study

from lupex.ephemeris import utc_to_tdb_s
from lupex.model import Grid, Traverse
from lupex.report.drive.drive_spells import (
    distance_km,
    drive_numbers,
    drive_row,
    hours,
    longest_spells,
    spells,
    target_index,
)
from lupex.report.paper.times import utc_texts

GRID = Grid.centred("south", 20_000.0, -15_000.0, 64, 250.0)


@pytest.fixture(scope="module")
def traverse() -> Traverse:
    return made_up_traverse(GRID)


def test_cells_driven_on_end_are_one_spell_and_a_name_begins_another(traverse: Traverse) -> None:
    every = spells(traverse)
    assert [s.activity for s in every] == [
        "drive", "charge", "drive", "drill", "measure", "drive", "charge", "sleep", "end",
    ]  # fmt: skip
    assert [s.place for s in every] == ["start", "", "", "target", "", "", "", "", "end"]
    named = replace(traverse, labels=(*traverse.labels[:3], "ridge", *traverse.labels[4:]))
    assert [s.place for s in spells(named)][:2] == ["start", "ridge"]


def test_stops_carry_letters_and_one_place_has_one(traverse: Traverse) -> None:
    assert [s.letter for s in spells(traverse)] == ["", "A", "", "B", "B", "", "C", "C", ""]


def test_the_letters_after_z_are_two(traverse: Traverse) -> None:
    n = 61
    zeros = np.zeros(n)
    long = Traverse(
        name="",
        pole="south",
        times_tdb_s=np.arange(n) * 60.0,
        x_m=np.arange(n) * 1.0,
        y_m=zeros,
        activity=("drive", "wait") * 30 + ("end",),
        labels=("",) * n,
        distance_m=zeros,
        energy_wh=zeros,
        battery_wh=zeros,
        disc_fraction=zeros,
        earth_in_view=zeros > 0,
        dark_hours=zeros,
        slope_deg=zeros,
    )
    letters = [s.letter for s in spells(long) if s.letter]
    assert letters[25:28] == ["Z", "AA", "AB"]


def test_spells_cover_the_drive_without_gap(traverse: Traverse) -> None:
    every = spells(traverse)
    assert [s.first for s in every[1:]] == [s.last for s in every[:-1]]
    whole = (traverse.times_tdb_s[-1] - traverse.times_tdb_s[0]) / 3600.0
    assert sum(hours(traverse, s) for s in every) == pytest.approx(whole, rel=1e-12)
    assert sum(distance_km(traverse, s) for s in every) == pytest.approx(traverse.distance_m[-1] / 1000.0, rel=1e-12)
    assert hours(traverse, every[3]) == pytest.approx(8.0, abs=1e-6)


def test_a_stop_of_no_length_is_no_spell_unless_it_is_named(traverse: Traverse) -> None:
    at = traverse.activity.index("charge")
    times = traverse.times_tdb_s.copy()
    times[at + 1 :] -= times[at + 1] - times[at]
    short = replace(traverse, times_tdb_s=times)
    assert len(spells(short)) == len(spells(traverse)) - 1
    labels = tuple("ridge" if i == at else text for i, text in enumerate(traverse.labels))
    assert len(spells(replace(short, labels=labels))) == len(spells(traverse))


def test_a_shortened_timeline_keeps_the_ends_the_named_and_the_longest(traverse: Traverse) -> None:
    every = spells(traverse)
    kept = longest_spells(every, traverse, 4)
    assert [s.place or s.activity for s in kept] == ["start", "target", "sleep", "end"]
    assert longest_spells(every, traverse, 99) == every


def test_the_target_is_the_named_place_or_the_farthest(traverse: Traverse) -> None:
    at = traverse.labels.index("target")
    assert target_index(traverse) == at
    bare = replace(traverse, labels=("",) * len(traverse))
    assert (bare.x_m[target_index(bare)], bare.y_m[target_index(bare)]) == (traverse.x_m[at], traverse.y_m[at])


def test_times_are_utc(traverse: Traverse) -> None:
    assert utc_texts(traverse.times_tdb_s)[0] == START_UTC
    assert utc_texts([float("nan"), float(utc_to_tdb_s("2028-10-14T06:20:00Z")[0])]) == ["", "2028-10-14T06:20:00Z"]


def test_numbers_are_read_off_the_waypoints_and_lows_between_them_count() -> None:
    drive = made_up_drive(GRID, 1)
    assert drive.traverse is not None
    n = drive_numbers(drive)
    assert n["duration_hours"] == pytest.approx(26 * 1.1 + 6.5 + 8.0 + 3.75 + 34.0, abs=1e-6)
    assert n["driven_km"] == pytest.approx(26 * 1.02 * 0.25, rel=1e-9)
    assert n["lowest_battery_wh"] == drive.traverse.battery_wh.min() - 3.0
    assert n["longest_dark_hours"] == drive.traverse.dark_hours.max()
    assert drive_numbers(made_up_drive(GRID, 2)) == {}


def test_columns_of_the_sites_table_carry_the_drive_or_why_there_is_none() -> None:
    study = made_up_study(24, 16, 2)
    one, two = (drive_row(site) for site in study.sites)
    assert one["drive_survival_probability"] == 0.9731
    assert one["drive_none_because"] == ""
    assert two["drive_none_because"].startswith("the battery cuts every way back")
    assert "drive_duration_hours" not in two
    assert drive_row(replace(study.sites[0], drive=None)) == {}
