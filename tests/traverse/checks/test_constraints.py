"""The table of constraints: complete, in order, honest about what is broken and by how much."""

from dataclasses import replace

import numpy as np
import pytest
from tests.traverse.drive_scene import at, ground, rover, sky

from lupex.base.errors import InputError
from lupex.traverse import CONSTRAINTS, SimulationSettings, first_violation, simulate, violations
from lupex.traverse.checks.constraints import constraint_of, with_slack


def test_every_constraint_has_one_row_with_a_margin_a_unit_words_and_a_label() -> None:
    names = [row.name for row in CONSTRAINTS]
    assert len(set(names)) == len(names)
    assert all("{by}" in row.words and row.label and row.unit and row.tolerance > 0.0 for row in CONSTRAINTS)
    assert all(constraint_of(name).name == name for name in names)
    drive = simulate([at(5.0), at(45.0)], ground(), rover(), sky(), SimulationSettings(500.0))
    assert list(drive.slack) == names
    with pytest.raises(InputError, match="unknown constraint fuel_kg"):
        with_slack(drive, {"fuel_kg": np.zeros(len(drive))})


def test_the_first_break_is_the_first_in_time_and_equal_ones_come_in_the_order_of_the_table() -> None:
    drive = simulate([at(5.0), at(45.0)], ground(), rover(), sky(), SimulationSettings(500.0))
    n = len(drive)
    assert first_violation(drive) is None and n == 6
    slack = {
        "battery_wh": np.array([1.0, -1.0, -4.0, 2.0, -9.0, 1.0]),
        "step_m": np.array([np.nan, -0.5, np.nan, np.nan, np.nan, np.nan]),
        "comm_hours": np.array([np.nan, 0.0, -1e-9, 1.0, -2.0, 1.0]),
    }
    broken = violations(replace(drive, slack=slack))
    assert [(v.constraint, v.waypoint, v.by) for v in broken] == [
        ("step_m", 1, 0.5), ("battery_wh", 1, 4.0), ("comm_hours", 4, 2.0),
    ]  # fmt: skip
    assert broken[0].x_m == drive.x_m[1] and broken[0].time_tdb_s == drive.times_tdb_s[1]
    assert "waypoint 2" in broken[0].sentence and "0.5 m higher" in broken[0].sentence
