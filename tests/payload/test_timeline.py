"""The time line of a drive: where instruments may work, what goes down, and the order of work at a stop."""

from dataclasses import replace

import numpy as np
import pytest
from tests.payload.scenes import ROVER, item

from lupex.base.errors import InputError
from lupex.model import Traverse
from lupex.model.fields.windows import Windows
from lupex.payload import check, drive_timeline, plan, station_activities, working_stop_s

HOUR = 3600.0


def drive(*activity: str, lit: tuple[float, ...] = (), hours: float = 1.0) -> Traverse:
    n = len(activity) + 1
    flat = np.zeros(n)
    return Traverse(
        name="test", pole="south", times_tdb_s=1e9 + np.arange(n) * hours * HOUR, x_m=flat, y_m=flat,
        activity=(*activity, "end"), labels=("",) * n, distance_m=flat, energy_wh=flat, battery_wh=flat + 1000.0,
        disc_fraction=np.array([*(lit or (1.0,) * (n - 1)), 1.0]), earth_in_view=np.ones(n, bool), dark_hours=flat,
        slope_deg=flat,
    )  # fmt: skip


def test_power_is_of_light_or_shadow_where_the_rover_stands_and_none_while_it_drives():
    made = drive("drive", "wait", "measure", lit=(1.0, 1.0, 0.0))
    contact = Windows(np.array([1e9 + 2 * HOUR]), np.array([1e9 + 3 * HOUR]), (1e9, 1e9 + 3 * HOUR))
    line = drive_timeline(made, contact, ROVER, slot_s=HOUR)
    assert line.power_w.tolist() == [0.0, 40.0, 40.0]
    # Data of a day, 500 Mbit, for three hours, all in the one hour of contact.
    assert line.downlink_mbit == pytest.approx([0.0, 0.0, 500.0 / 8.0])
    assert line.energy_wh == pytest.approx(500.0 / 8.0)
    assert working_stop_s(made) == (HOUR, 3 * HOUR)
    assert drive_timeline(made, contact, ROVER, begin_s=2 * HOUR, slot_s=HOUR).power_w.tolist() == [40.0]


def test_radiators_limit_what_instruments_may_draw():
    nothing = Windows(np.empty(0), np.empty(0), (0.0, 1.0))
    line = drive_timeline(drive("wait"), nothing, replace(ROVER, heat_w=25.0), slot_s=HOUR)
    assert line.power_w.tolist() == [25.0]


def test_the_time_line_is_a_day_and_no_more():
    nothing = Windows(np.empty(0), np.empty(0), (0.0, 1.0))
    line = drive_timeline(drive(*["wait"] * 60), nothing, ROVER, begin_s=HOUR)
    assert len(line.power_w) == 96
    assert line.energy_wh == pytest.approx(500.0)


def test_short_stops_are_none_and_a_drive_without_duration_is_refused():
    assert working_stop_s(drive("wait", "drive", hours=0.5)) is None
    nothing = Windows(np.empty(0), np.empty(0), (0.0, 1.0))
    with pytest.raises(InputError, match="shorter than one slot"):
        drive_timeline(drive("wait", hours=0.1), nothing, ROVER)


def test_a_stop_for_work_goes_before_a_longer_one_without():
    made = drive("wait", "wait", "drive", "measure", "drill", "drive", "wait", "wait", "wait")
    assert working_stop_s(made) == (3 * HOUR, 5 * HOUR)


def test_the_hole_comes_after_the_counts_and_the_analysers_after_the_oven():
    aboard = [item(name) for name in ("triton", "ltga", "auger", "nss")]
    asked = station_activities(aboard, 10 * HOUR, {"ltga": 2.0})
    assert {one.name: one.after for one in asked} == {
        "triton": ("ltga",), "ltga": ("auger",), "auger": ("nss",), "nss": (),
    }  # fmt: skip
    everywhere = Windows(np.array([1e9]), np.array([1e9 + 10 * HOUR]), (1e9, 1e9 + 10 * HOUR))
    line = drive_timeline(drive(*["wait"] * 10), everywhere, ROVER)
    laid = plan(asked, line)
    assert check(laid, line) == ()
    assert [one.name for one in sorted(laid, key=lambda one: one.start_s)] == ["nss", "auger", "ltga", "triton"]
