"""Rows for exports, from a real plan of contacts: written, read back, the same passes."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lupex.base.constants import SPEED_OF_LIGHT_M_S
from lupex.catalogue import station
from lupex.ephemeris import tdb_s_to_utc, utc_to_tdb_s
from lupex.ground import (
    ScheduleProblem,
    booked_rows,
    contact_plan,
    look_rows,
    plan_rows,
    schedule,
    sub_points,
    tracking_segment,
)
from lupex.io import (
    ScheduleHeader,
    TdmHeader,
    read_calendar,
    read_simple_schedule,
    read_tdm,
    write_calendar,
    write_simple_schedule,
    write_tdm,
)
from lupex.model import ContactNeeds, LunarPlace
from lupex.signals import itrf_from_geodetic_m, track

STATIONS = (station("misasa"), station("dss43"))
ROVER = LunarPlace(name="rover", lat_deg=-89.45, lon_deg=222.7, height_m=1500.0)
SPAN = tuple(utc_to_tdb_s(["2028-01-03", "2028-01-05"]).tolist())
PLAN = contact_plan(STATIONS, ROVER, SPAN)
PROBLEM = ScheduleProblem(plans=(PLAN,), stations=STATIONS, needs=(ContactNeeds(spacecraft="rover", daily_hours=4.0),))
BOOKED = schedule(PROBLEM)


def test_a_booked_schedule_goes_through_calendar_and_xml_unchanged(tmp_path: Path) -> None:
    rows = booked_rows(BOOKED, STATIONS, "X")
    start, stop = tdb_s_to_utc(SPAN)
    write_simple_schedule(
        tmp_path / "s.xml",
        rows,
        ScheduleHeader(organization="lupex", generation_utc=start, start_utc=start, stop_utc=stop),
    )
    write_calendar(tmp_path / "s.ics", rows, start)
    for back, tolerance_s in (
        (read_simple_schedule(tmp_path / "s.xml")[1], 1e-3),
        (read_calendar(tmp_path / "s.ics"), 0.5001),
    ):
        assert len(back) == len(BOOKED.booked) >= 2
        for row, one in zip(back, BOOKED.booked, strict=True):
            assert (row.station, row.spacecraft, row.band) == (one.station, one.spacecraft, "X")
            times = utc_to_tdb_s([row.start_utc, row.stop_utc, row.activity_start_utc, row.activity_stop_utc])
            wanted = (one.start_tdb_s, one.stop_tdb_s, one.activity_start_tdb_s, one.activity_stop_tdb_s)
            np.testing.assert_allclose(times, wanted, atol=tolerance_s, rtol=0)


def test_rows_of_a_plan_hold_the_columns_people_ask_for() -> None:
    rows = plan_rows(PLAN, STATIONS)
    assert [row.number for row in rows] == list(range(1, len(PLAN.passes) + 1))
    first, one = rows[0], PLAN.passes[0]
    assert first.site == next(s.site for s in STATIONS if s.name == one.station)
    assert first.values["max_elevation_deg"] == one.max_elevation_deg
    assert first.values["one_way_light_time_s"] == pytest.approx(1.3, abs=0.1)
    setup_s = utc_to_tdb_s(first.start_utc)[0] - utc_to_tdb_s(first.activity_start_utc)[0]
    assert setup_s == pytest.approx(2700.0, abs=2e-3)
    assert plan_rows(PLAN, ())[0].site == ""


def test_looks_are_those_of_the_track_in_kilometres() -> None:
    seen = track(STATIONS[0], ROVER, np.linspace(*SPAN, 5))
    row = look_rows(seen)[2]
    assert row["time_utc"] == tdb_s_to_utc(seen.times_tdb_s)[2]
    assert row["range_km"] == seen.range_m[2] / 1e3 and row["range_rate_km_s"] == seen.range_rate_m_s[2] / 1e3
    assert row["light_time_s"] == pytest.approx(seen.range_m[2] / SPEED_OF_LIGHT_M_S)


def test_the_moon_stands_in_the_zenith_of_its_sub_point() -> None:
    one = STATIONS[0]
    times = np.linspace(*SPAN, 5)
    for k, row in enumerate(sub_points(track(one, ROVER, times), one, ROVER)):
        lat, lon = row["earth_lat_deg"], row["earth_lon_deg"]
        under = replace(one, lat_deg=lat, lon_deg=lon, height_m=0.0, itrf_m=itrf_from_geodetic_m(lat, lon, 0.0))
        assert track(under, ROVER, times[k : k + 1]).elevation_deg[0] == pytest.approx(90.0, abs=0.02)
        over = LunarPlace(name="under", lat_deg=row["moon_lat_deg"], lon_deg=row["moon_lon_deg"])
        assert track(one, over, times[k : k + 1]).place_elevation_deg[0] == pytest.approx(90.0, abs=0.02)
        assert abs(lat) < 29.0 and abs(row["moon_lat_deg"]) < 8.5


def test_predicted_tracking_goes_through_a_message_unchanged(tmp_path: Path) -> None:
    held = PLAN.passes[0]
    seen = track(
        next(s for s in STATIONS if s.name == held.station), ROVER, np.linspace(held.aos_tdb_s, held.los_tdb_s, 7)
    )
    made = tracking_segment(seen, 8.45e9, "X")
    write_tdm(tmp_path / "p.tdm", [made], TdmHeader("lupex", "2028-01-01T00:00:00Z"))
    _, (back,) = read_tdm(tmp_path / "p.tdm")
    assert back.participants == ("rover", held.station)
    np.testing.assert_allclose(utc_to_tdb_s(back.times_utc), seen.times_tdb_s, atol=1e-6, rtol=0)
    np.testing.assert_allclose(back.range_m, seen.range_m, atol=1e-6, rtol=0)
    np.testing.assert_allclose(back.range_rate_m_s, seen.range_rate_m_s, atol=1e-8, rtol=0)
    shift = 8.45e9 * (1.0 - seen.range_rate_m_s / SPEED_OF_LIGHT_M_S)
    np.testing.assert_allclose(back.receive_hz, shift, atol=1e-5, rtol=0)
