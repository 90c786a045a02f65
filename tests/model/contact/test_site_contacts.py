"""SiteContacts refuses tables that do not fit each other."""

from dataclasses import replace

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.model import ContactPlan, PassSeries, Radio, SiteContacts, Windows

NONE = np.empty(0)
PLAN = ContactPlan("rim", (0.0, 86_400.0), (), {"misasa": Windows(NONE, NONE, (0.0, 86_400.0))}, {"misasa": "terrain"})
EMPTY = SiteContacts(
    PLAN, ("2000-01-01T12:00:00Z", "2000-01-02T12:00:00Z"), (), 2.0, -89.0, 0.0, Radio("r", "R", "X"), (), (),
    ("2000-01-01",), np.zeros(1), {"misasa": np.zeros(1)}, 24.0, "2000-01-01T12:00:00Z",
)  # fmt: skip


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
        replace(EMPTY, links=(PassLink("misasa"),))


def test_a_series_has_as_many_of_everything_as_times():
    columns = [np.arange(3.0)] * 10
    assert PassSeries("misasa", 0, *columns).times_tdb_s.size == 3
    columns[4] = np.arange(2.0)
    with pytest.raises(InputError, match="place_elevation_deg"):
        PassSeries("misasa", 0, *columns)
