"""Timeline and pass of the contacts: what is read, what is drawn, and that nothing warns."""

import math
import warnings
from dataclasses import replace
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from tests.report.made_up_contacts import empty_contacts, made_up_series
from tests.report.made_up_study import made_up_study

from lupex.base.constants import HOUR_S
from lupex.base.errors import InputError
from lupex.model import SiteContacts
from lupex.report.contact.contact_figures import contact_figures
from lupex.report.contact.contact_pass_figure import lowest_deg
from lupex.report.contact.contact_reading import (
    above_skyline,
    booked_hours,
    calendar_of,
    longest_gaps,
    month_tdb_s,
    representative,
)
from lupex.report.paper import style
from lupex.report.paper.times import utc_texts
from lupex.results import SiteResult, StudyResult

DAY_S = 86_400.0


@pytest.fixture(scope="module", autouse=True)
def coarse_pictures():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(style, "DPI", 40)
        yield


@pytest.fixture(scope="module")
def study() -> StudyResult:
    return made_up_study(24, 32, 2)


@pytest.fixture(scope="module")
def contacts(study: StudyResult) -> SiteContacts:
    found = study.sites[0].contacts
    assert found is not None
    return found


def drawn(study: StudyResult, contacts: SiteContacts, folder: Path, site: SiteResult | None = None) -> set[str]:
    site = replace(site or study.sites[0], contacts=contacts)
    with warnings.catch_warnings(), matplotlib.rc_context(style.RC):
        warnings.simplefilter("error")
        made = contact_figures(study, site, folder)
    for figure in made.values():
        assert figure.path.stat().st_size > 2000
        assert figure.synthetic == "synthetic below 1600 m"
    return set(made)


def test_both_figures_are_drawn_without_a_warning(study, contacts, tmp_path):
    assert drawn(study, contacts, tmp_path) == {"contact_timeline", "contact_pass"}


def test_no_passes_and_no_contacts_draw_nothing(study, tmp_path):
    assert drawn(study, empty_contacts(), tmp_path) == set()
    assert contact_figures(study, replace(study.sites[0], contacts=None), tmp_path) == {}


def test_unknown_margins_closed_rates_and_missing_tracks_are_no_crash(study, contacts, tmp_path):
    one = contacts.plan.passes[contacts.series.number]
    unknown = made_up_series(one, contacts.series.number, known=False)
    assert drawn(study, replace(contacts, series=unknown), tmp_path) == {"contact_timeline", "contact_pass"}
    closed = replace(contacts.series, rate_bps=np.zeros(contacts.series.rate_bps.size))
    bare = np.empty(0)
    site = study.sites[0]
    track = replace(site.sun, times_tdb_s=bare, azimuth_true_deg=bare, elevation_deg=bare, radius_deg=bare)
    dark = replace(
        site, sun=track, earth=track, summary={}, calendar_days_utc=(), calendar_lit_fraction=bare,
        calendar_earth_fraction=bare,
    )  # fmt: skip
    assert drawn(study, replace(contacts, series=closed), tmp_path, dark) == {"contact_timeline", "contact_pass"}
    assert drawn(study, replace(contacts, series=None, schedule=None), tmp_path) == {"contact_timeline"}


def test_the_detailed_days_are_a_lunar_day_around_the_pass_inside_the_span(contacts):
    first, last = month_tdb_s(contacts)
    assert (first, last - first) == (contacts.plan.span_tdb_s[0], 29.0 * DAY_S)
    late = replace(contacts.series, times_tdb_s=contacts.series.times_tdb_s + 60.0 * DAY_S)
    first, last = month_tdb_s(replace(contacts, series=late))
    assert 0.5 * (first + last) == pytest.approx(float(late.times_tdb_s.mean()), abs=1e-3)


def test_a_track_stands_above_a_wall_only_where_the_wall_is_lower(study):
    site, n = study.sites[0], 37
    azimuth = np.arange(0.0, 360.0, 1.0)
    wall = np.where((azimuth > 90.0) & (azimuth < 270.0), 5.0, -5.0)
    track = replace(
        site.sun, times_tdb_s=np.arange(n) * HOUR_S, azimuth_true_deg=np.arange(n) * 10.0 % 360.0,
        elevation_deg=np.zeros(n), radius_deg=np.full(n, 0.27),
    )  # fmt: skip
    walled = replace(site, skyline_azimuth_true_deg=azimuth, skyline_elevation_deg=wall)
    assert above_skyline(walled, track, False) == [(0.0, 9.5 * HOUR_S), (26.5 * HOUR_S, 36.0 * HOUR_S)]
    grazing = replace(walled, skyline_elevation_deg=np.full(360, 0.2))
    assert above_skyline(grazing, track, False) == []
    assert above_skyline(grazing, track, True) == [(0.0, 36.0 * HOUR_S)]


def test_a_station_tracks_above_its_mask_and_its_lowest_elevation(contacts):
    masked = contacts.stations[1]
    np.testing.assert_allclose(lowest_deg(masked, np.array([0.0, 45.0, 90.0, 315.0])), [7.0, 10.0, 14.0, 13.5])
    np.testing.assert_allclose(lowest_deg(contacts.stations[0], np.array([0.0, 200.0])), [7.0, 7.0])


def test_gaps_are_those_of_the_plan_the_longest_first(contacts):
    gaps = longest_gaps(contacts, 3)
    longest = contacts.plan.gaps().longest()
    assert gaps[0][:2] == tuple(utc_texts(longest))
    assert gaps[0][2] == pytest.approx((longest[1] - longest[0]) / HOUR_S)
    assert len(gaps) == 3


def test_days_the_calendar_lacks_are_unknown(study, contacts):
    site = replace(study.sites[0], calendar_days_utc=study.sites[0].calendar_days_utc[:290])
    site = replace(site, calendar_lit_fraction=site.calendar_lit_fraction[:290])
    days = calendar_of(contacts, site, "calendar_lit_fraction")
    assert days.shape == (105,)
    assert days[0] == site.calendar_lit_fraction[285]
    assert np.isfinite(days).sum() == 5


def test_booked_hours_must_fit_the_days(contacts):
    assert booked_hours(contacts).sum() == pytest.approx(430.0)
    odd = replace(contacts.schedule, daily_hours={"S": (1.0, 2.0)})
    assert booked_hours(replace(contacts, schedule=odd)) is None
    assert booked_hours(replace(contacts, schedule=None)) is None


def test_a_representative_pass_that_is_not_in_the_plan_is_refused(contacts):
    with pytest.raises(InputError, match="not in the plan"):
        representative(replace(contacts, series=replace(contacts.series, number=9999)))
    assert math.isclose(representative(contacts)[0].aos_tdb_s, contacts.series.times_tdb_s[0])
