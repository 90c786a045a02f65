"""Passes booked for a place: which days, which needs, for which drives."""

from dataclasses import replace

import numpy as np
import pytest
from tests.study.contacts.test_plan import ASKED, AT

from lupex.base.errors import InputError
from lupex.ground import booked_table, drives_of
from lupex.model import LinkSettings, Rover, SiteContacts, SiteDrive, Traverse
from lupex.report import schedule_summary
from lupex.study import contacts_at, contacts_without, point_terrain
from lupex.study.contacts.booking import JOIN_S, schedule_problem, scheduled

SPAN = ("2028-05-10T00:00:00Z", "2028-05-18T00:00:00Z")
BOOKED = replace(ASKED, schedule_days=3.0, schedule_grid_minutes=60.0)
HOUR_S = 3600.0


@pytest.fixture(scope="module")
def found() -> SiteContacts:
    return contacts_at(point_terrain("default", *AT), AT, SPAN, BOOKED)


def drive_of(begin_tdb_s: float, activities: list[tuple[str, float]], comm_to_drive: bool = False) -> SiteDrive:
    """A drive that does nothing but keep times: activities with their hours."""
    hours = np.cumsum([0.0, *(h for _, h in activities)])
    n = hours.size
    zeros = np.zeros(n)
    traverse = Traverse(
        name="d",
        pole="south",
        times_tdb_s=begin_tdb_s + HOUR_S * hours,
        x_m=zeros,
        y_m=zeros,
        activity=(*(a for a, _ in activities), "end"),
        labels=("",) * n,
        distance_m=zeros,
        energy_wh=zeros,
        battery_wh=zeros,
        disc_fraction=zeros,
        earth_in_view=np.ones(n, bool),
        dark_hours=zeros,
        slope_deg=zeros,
    )
    rover = Rover(
        name="r",
        mass_kg=350.0,
        speed_m_s=0.04,
        max_up_slope_deg=20.0,
        max_down_slope_deg=20.0,
        max_cross_slope_deg=20.0,
        hotel_power_w=90.0,
        sleep_power_w=30.0,
        array_w=500.0,
        battery_wh=2000.0,
        comm_to_drive=comm_to_drive,
    )
    return SiteDrive(
        rover=rover,
        target="shadow",
        window_utc=("2028-05-13T00:00:00Z", "2028-05-17T00:00:00Z"),
        step_s=900.0,
        traverse=traverse,
    )


def test_the_first_days_that_have_the_contact_asked_for_are_booked(found: SiteContacts) -> None:
    schedule = found.schedule
    assert schedule is not None and found.schedule_reason == ""
    enough = (found.daily_hours >= 4.0).tolist()
    first = found.plan.span_tdb_s[0] + 86_400.0 * next(k for k in range(6) if all(enough[k : k + 3]))
    assert schedule.span_tdb_s == pytest.approx((first, first + 3.0 * 86_400.0))
    assert schedule.status == "optimal" and schedule.unmet == {}
    assert all(hours >= 4.0 - 1e-6 for hours in schedule.daily_hours[found.plan.spacecraft])


def test_every_booking_lies_in_a_pass_of_its_station(found: SiteContacts) -> None:
    schedule = found.schedule
    assert schedule is not None
    for one in schedule.booked:
        assert any(p.aos_tdb_s <= one.start_tdb_s and one.stop_tdb_s <= p.los_tdb_s for p in found.plan.of(one.station))
    rows = booked_table(schedule)
    assert sum(row["duration_s"] for row in rows) == pytest.approx(3600.0 * sum(schedule.antenna_hours.values()))
    assert sum(row["cost"] for row in rows) == pytest.approx(schedule.cost, abs=0.01)
    summary = schedule_summary(schedule)
    assert summary["bound"] <= summary["cost"] + 1e-6


def test_what_a_booking_brings_down_is_its_rate_over_its_time(found: SiteContacts) -> None:
    schedule = found.schedule
    assert schedule is not None
    for one in schedule.booked:
        assert one.volume_bits == pytest.approx(0.0 if one.station == "usuda" else 4194304.0 * one.duration_s, rel=1e-9)
    whole = sum(one.volume_bits for one in schedule.booked)
    assert sum(schedule.daily_bits[found.plan.spacecraft]) == pytest.approx(whole)


def test_commands_are_booked_before_each_drive_and_contact_while_driving(found: SiteContacts) -> None:
    begin = found.plan.span_tdb_s[0] + 5.5 * 86_400.0
    drive = drive_of(begin, [("drive", 2.0), ("wait", 1.0), ("drive", 2.0), ("sleep", 20.0), ("drive", 3.0)])
    assert drive.traverse is not None
    spans = drives_of(drive.traverse, JOIN_S)
    assert [(b - a) / HOUR_S for a, b in spans] == pytest.approx([5.0, 3.0])
    problem = schedule_problem(found, {}, BOOKED, drive)
    assert problem.span_tdb_s[0] == found.plan.span_tdb_s[0] + 4.0 * 86_400.0
    assert problem.needs[0].command_minutes == 30.0
    assert problem.needs[0].drives_tdb_s == spans
    assert problem.needs[0].drive_contact_fraction == 0.0
    booked = scheduled(found, {}, BOOKED, drive).schedule
    assert booked is not None and not any("commands" in need for need in booked.unmet)
    for a, _ in spans:
        assert any(one.start_tdb_s <= a - 1800.0 + 1.0 and one.stop_tdb_s > a - 12.0 * HOUR_S for one in booked.booked)
    held = drive_of(begin, [("drive", 2.0)], comm_to_drive=True)
    assert schedule_problem(found, {}, BOOKED, held).needs[0].drive_contact_fraction == 1.0


def test_data_of_each_day_is_due_by_the_end_of_the_next(found: SiteContacts) -> None:
    need = schedule_problem(found, {}, replace(BOOKED, data_gbit_per_day=2.0), None).needs[0]
    assert [one.bits for one in need.data] == [2e9, 2e9]
    assert all(one.deadline_tdb_s - one.ready_tdb_s == pytest.approx(2.0 * 86_400.0) for one in need.data)


def test_a_lost_station_costs_no_less(found: SiteContacts) -> None:
    schedule = found.schedule
    assert schedule is not None
    busiest = max(schedule.antenna_hours, key=lambda name: schedule.antenna_hours[name])
    loss = contacts_without(found, busiest, BOOKED, LinkSettings())
    assert loss.before is schedule
    assert loss.after.of(busiest) == ()
    assert loss.cost_change >= -1e-6 or loss.unmet_change
    with pytest.raises(InputError, match="'dss14' cannot be lost"):
        contacts_without(found, "dss14", BOOKED, LinkSettings())


def test_without_a_schedule_the_reason_is_said_or_none_was_asked_for() -> None:
    terrain = point_terrain("default", *AT)
    dark = ("2028-05-03T00:00:00Z", "2028-05-04T00:00:00Z")
    none = contacts_at(terrain, AT, dark, BOOKED)
    assert none.schedule is None and none.schedule_reason == "No pass to book: no antenna sees the place."
    unasked = contacts_at(terrain, AT, dark, replace(BOOKED, schedule_days=0.0))
    assert unasked.schedule is None and unasked.schedule_reason == ""
