"""Contacts of a place: passes, links, data, gaps; every number from another way of counting it."""

from dataclasses import replace

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.ephemeris import tdb_s_to_utc, utc_to_tdb_s
from lupex.ground import pass_table, series_table
from lupex.mission import load_mission
from lupex.model import GroundSettings, LinkSettings, PassRate, SiteContacts, Terrain
from lupex.report import contacts_summary, why_empty
from lupex.signals import LinkConditions, downlink, track
from lupex.study import contacts_at, pass_series, point_terrain
from lupex.study.contacts.antenna_files import antenna_files
from lupex.study.contacts.chosen import asked_stations
from lupex.study.contacts.links import joined_bits
from lupex.study.places import map_point, point_view, true_skyline

AT = (-89.5, 222.7)
SPAN = ("2028-05-13T00:00:00Z", "2028-05-17T00:00:00Z")
ASKED = GroundSettings(stations="misasa, usuda, byalalu18, dss43")


@pytest.fixture(scope="module")
def terrain() -> Terrain:
    return point_terrain("default", *AT)


@pytest.fixture(scope="module")
def found(terrain: Terrain) -> SiteContacts:
    return contacts_at(terrain, AT, SPAN, ASKED)


def test_contact_holds_just_where_both_horizons_are_free(found: SiteContacts) -> None:
    place = found.place
    assert place is not None
    times = np.arange(found.plan.span_tdb_s[0] + 30.0, found.plan.span_tdb_s[1], 300.0)
    for station in found.stations:
        seen = track(station, place, times, ASKED.refractivity_n_units)
        skyline = np.interp(
            seen.place_azimuth_true_deg, place.skyline_azimuth_true_deg, place.skyline_elevation_deg, period=360.0
        )
        free = (seen.elevation_deg > station.min_elevation_deg) & (seen.place_elevation_deg > skyline)
        held = [any(a <= t < b for a, b in found.plan.windows[station.name]) for t in times]
        near = np.abs(times[:, None] - np.array([e for w in found.plan.windows[station.name] for e in w])).min(1) < 5.0
        assert np.array_equal(free[~near], np.array(held)[~near])


def test_hours_of_days_stations_and_gaps_add_up(found: SiteContacts) -> None:
    hours = found.plan.any_station().total_s / 3600.0
    assert found.daily_hours.sum() == pytest.approx(hours, abs=1e-9)
    assert found.summary["contact_hours"] == pytest.approx(hours, abs=1e-9)
    for total in found.totals:
        assert total.hours == pytest.approx(found.daily_station_hours[total.station].sum(), abs=1e-9)
        assert total.passes == len(found.plan.of(total.station))
    gaps = found.plan.gaps()
    assert gaps.total_s / 3600.0 + hours == pytest.approx(96.0, abs=1e-6)
    assert found.longest_gap_hours == pytest.approx(gaps.longest_s() / 3600.0)
    assert found.days_utc == ("2028-05-13", "2028-05-14", "2028-05-15", "2028-05-16")


def test_what_a_pass_carries_is_the_budget_at_its_samples(found: SiteContacts) -> None:
    at = next(k for k, one in enumerate(found.plan.passes) if one.station == "misasa")
    link, one = found.links[at], found.plan.passes[at]
    seen = track(found.stations[0], found.place, [one.aos_tdb_s, one.los_tdb_s], ASKED.refractivity_n_units)
    asked = LinkConditions(LinkSettings(), rate_bps=4194304.0)
    budget = downlink(found.stations[0], found.radio, seen.range_m, seen.elevation_deg, asked)
    assert link.margin_rate_bps == 4194304.0
    assert link.worst_margin_db == pytest.approx(float(budget.worst_db("telemetry margin").min()), abs=1e-6)
    assert link.highest_rate_bps == 4194304.0
    assert link.volume_bits == pytest.approx(4194304.0 * one.duration_s, rel=1e-9)
    assert (link.down_reason, link.up_reason) == ("", "")
    assert 60.0 < link.up_margin_db < 75.0


def test_what_is_not_published_is_said_by_name_and_stays_unknown(found: SiteContacts) -> None:
    usuda = found.totals[1]
    assert usuda.hours > 20.0
    assert np.isnan([usuda.volume_bits, usuda.highest_rate_bps, usuda.worst_margin_db, usuda.up_margin_db]).all()
    assert "g_t_db_k" in usuda.down_reason and "usuda" in usuda.down_reason
    assert "eirp_dbw" in usuda.up_reason
    assert "eirp_dbw" in found.totals[2].up_reason and found.totals[2].down_reason == ""


def test_data_of_overlapping_passes_counts_once_at_the_best_rate(found: SiteContacts) -> None:
    hour = PassRate(np.array([0.0, 100.0, 200.0]), np.array([10.0, 10.0, 20.0]))
    later = PassRate(np.array([150.0, 300.0]), np.array([40.0, 40.0]))
    assert joined_bits([hour]) == 10.0 * 200.0
    assert joined_bits([hour, later]) == 10.0 * 150.0 + 40.0 * 150.0
    most = 4194304.0 * found.plan.any_station().total_s
    best = max(total.volume_bits for total in found.totals if np.isfinite(total.volume_bits))
    assert best <= found.summary["volume_gbit"] * 1e9 <= most * (1.0 + 1e-9)


def test_the_representative_pass_brings_down_most_and_its_samples_span_it(found: SiteContacts) -> None:
    series = found.series
    assert series is not None
    one = found.plan.passes[series.number]
    assert (series.times_tdb_s[0], series.times_tdb_s[-1]) == (one.aos_tdb_s, one.los_tdb_s)
    known = [link.volume_bits for link in found.links if np.isfinite(link.volume_bits)]
    assert found.links[series.number].volume_bits == max(known)
    assert series.elevation_deg.max() == pytest.approx(one.max_elevation_deg, abs=0.01)
    inside = series.place_elevation_deg[1:-1] - series.place_skyline_deg[1:-1]
    assert inside.min() > -1e-3
    rate = np.gradient(series.range_m, series.times_tdb_s)[1:-1]
    assert np.abs(rate - series.range_rate_m_s[1:-1]).max() < 0.05


def test_any_pass_can_be_looked_at_and_one_that_is_not_there_is_refused(found: SiteContacts) -> None:
    first = pass_series(found, 0, ASKED, LinkSettings(), 600.0)
    columns = series_table(first, found.radio.frequency_down_hz)
    assert columns["time_utc"][0] == pass_table(found)[0]["aos_utc"]
    shift = -first.range_rate_m_s / 299_792_458.0 * 8.45e9
    assert np.abs(np.array(columns["doppler_hz"]) - shift).max() < 1e-3
    with pytest.raises(InputError, match="no pass 100, there are"):
        pass_series(found, 99, ASKED, LinkSettings())


def test_a_higher_antenna_sees_at_least_as_much(terrain: Terrain, found: SiteContacts) -> None:
    high = contacts_at(terrain, AT, SPAN, replace(ASKED, antenna_height_m=50.0))
    assert high.antenna_height_m == 50.0
    assert high.summary["contact_hours"] >= found.summary["contact_hours"] - 0.001
    for before, after in zip(found.totals, high.totals, strict=True):
        assert after.hours >= before.hours - 3.0 / 3600.0  # edges are found to 1 s


def test_one_lowest_elevation_for_all_antennas_overrides_theirs() -> None:
    assert [one.min_elevation_deg for one in asked_stations(replace(ASKED, min_elevation_deg=15.0))] == [15.0] * 4


def test_predicted_earth_orientation_and_unsurveyed_positions_are_said(found: SiteContacts) -> None:
    notes = contacts_summary(found)["notes"]
    assert any("long-term prediction" in note for note in notes)
    assert any("byalalu18 is known to 1000 m only" in note for note in notes)


def test_no_contact_at_all_says_why(terrain: Terrain) -> None:
    none = contacts_at(terrain, AT, ("2028-05-03T00:00:00Z", "2028-05-04T00:00:00Z"), ASKED)
    assert none.plan.passes == () and none.series is None
    assert none.longest_gap_hours == pytest.approx(24.0)
    assert len(why_empty(none)) == 4
    assert all("never faces the Earth" in why for why in why_empty(none))
    assert none.summary["contact_fraction"] == 0.0 and none.summary["volume_gbit"] == 0.0


def test_two_stations_of_one_name_and_no_station_are_refused(terrain: Terrain, tmp_path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('name = "misasa"\nlike = "misasa"\n')
    with pytest.raises(InputError, match="are both named misasa"):
        asked_stations(replace(ASKED, stations=f"misasa, {own}"))
    with pytest.raises(InputError, match="no stations asked for"):
        contacts_at(terrain, AT, SPAN, replace(ASKED, stations="none"))


def test_files_of_stations_and_what_they_take_over_count_as_input(tmp_path) -> None:
    (tmp_path / "base.toml").write_text('like = "usuda"\n')
    own = tmp_path / "own.toml"
    own.write_text('like = "base.toml"\n[facts]\nx_g_t_db_k = 55.0\n')
    mission = load_mission(None)
    asked = replace(mission, ground=replace(mission.ground, stations=f"misasa, {own}"))
    assert antenna_files(asked) == [tmp_path / "base.toml", own]
    assert asked_stations(asked.ground)[1].band("X").g_t_db_k == 55.0


def test_the_skyline_by_true_azimuth_is_that_of_the_place(terrain: Terrain) -> None:
    from lupex.study import skyline_at

    true, elevation = true_skyline(point_view(terrain, *map_point(terrain, *AT), 2.0))
    assert np.all(np.diff(true) > 0.0) and true[0] >= 0.0 and true[-1] < 360.0
    direct_true, _, direct = skyline_at(terrain, *AT, 2.0)
    assert np.abs(np.interp(direct_true, true, elevation, period=360.0) - direct).max() < 0.1


def test_spans_are_utc_edges(found: SiteContacts) -> None:
    assert found.span_utc == SPAN
    assert found.plan.span_tdb_s == tuple(float(t) for t in utc_to_tdb_s(list(SPAN)))
    assert tdb_s_to_utc(found.plan.span_tdb_s[0])[0] == SPAN[0]
