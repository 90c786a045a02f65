"""SiteContacts refuses tables that do not fit each other."""

from dataclasses import fields, replace

import numpy as np
import pytest

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.model import ContactPlan, PassSeries, Radio, SiteContacts, Windows

NONE = np.empty(0)
PLAN = ContactPlan(
    spacecraft="rim",
    span_tdb_s=(0.0, 86_400.0),
    passes=(),
    windows={"misasa": Windows(NONE, NONE, (0.0, 86_400.0))},
    reasons={"misasa": "terrain"},
)
EMPTY = SiteContacts(
    plan=PLAN,
    span_utc=("2000-01-01T12:00:00Z", "2000-01-02T12:00:00Z"),
    stations=(),
    antenna_height_m=2.0,
    lat_deg=-89.0,
    lon_deg=0.0,
    radio=Radio(name="r", title="R", band="X"),
    links=(),
    totals=(),
    days_utc=("2000-01-01",),
    daily_hours=np.zeros(1),
    daily_station_hours={"misasa": np.zeros(1)},
    longest_gap_hours=24.0,
    longest_gap_start_utc="2000-01-01T12:00:00Z",
)


def test_an_empty_plan_is_a_result_too():
    assert EMPTY.series is None and EMPTY.schedule is None
    assert not EMPTY.daily_hours.flags.writeable
    assert not EMPTY.daily_station_hours["misasa"].flags.writeable


def test_days_and_hours_agree_in_number():
    with pytest.raises(InputError, match="daily hours and days differ in number"):
        replace(EMPTY, daily_hours=np.zeros(2))
    with pytest.raises(InputError, match="daily hours and days differ in number"):
        replace(EMPTY, daily_station_hours={"misasa": np.zeros(3)})


def test_there_is_one_link_a_pass_and_one_total_a_station():
    from lupex.model import PassLink

    with pytest.raises(InputError, match="1 links for 0 passes"):
        replace(EMPTY, links=(PassLink(station="misasa"),))


def test_a_series_has_as_many_of_everything_as_times():
    columns = {spec.name: np.arange(3.0) for spec in fields(PassSeries) if spec.type == F64}
    assert len(columns) == 10
    assert PassSeries(station="misasa", number=0, **columns).times_tdb_s.size == 3
    columns["place_elevation_deg"] = np.arange(2.0)
    with pytest.raises(InputError, match="place_elevation_deg"):
        PassSeries(station="misasa", number=0, **columns)
