"""UTC as text: one spelling out of many, and nothing that is not a date."""

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.base.utc import about_utc, civil_s, utc_span, utc_text


@pytest.mark.parametrize(
    ("text", "one_spelling"),
    [
        ("2028-01-01", "2028-01-01T00:00:00Z"),
        ("2028-01-01T12:30", "2028-01-01T12:30:00Z"),
        (" 2028-01-01 12:30:15 ", "2028-01-01T12:30:15Z"),
        ("2028-01-01T12:30:15.250z", "2028-01-01T12:30:15.250Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:60Z"),
    ],
)
def test_every_spelling_of_utc_becomes_one(text, one_spelling):
    assert utc_text(text) == one_spelling


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2028", "2028-13-01", "2027-02-29", "2028-01-01T24:00", "2028-01-01T12:30:60Z", "01/02/2028"]
    + ["2028-01-01T00:00:00+09:00", "2028-01-01T00:00:00 UTC", "2028-001", "٢٠٢٨-01-01"],
)
def test_what_is_no_utc_date_is_refused(text):
    with pytest.raises(InputError):
        utc_text(text)


def test_civil_seconds_count_days_of_86400_s():
    assert civil_s("2000-01-02") == 86_400.0
    assert civil_s("2028-01-01T00:00:00.5Z") - civil_s("2027-01-01") == 365 * 86_400.0 + 0.5
    assert civil_s("2016-12-31T23:59:60Z") == civil_s("2017-01-01")


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (date(2028, 1, 1), "2028-01-01T00:00:00Z"),
        (datetime(2028, 1, 1, 6, 30), "2028-01-01T06:30:00Z"),
        (datetime(2028, 1, 1, 6, 30, 15, 250_000, tzinfo=UTC), "2028-01-01T06:30:15.250000Z"),
        (datetime(2028, 1, 1, 3, tzinfo=timezone(timedelta(hours=9))), "2027-12-31T18:00:00Z"),
        (np.datetime64("2028"), "2028-01-01T00:00:00Z"),
        (np.datetime64("2028-01-01T06:30"), "2028-01-01T06:30:00Z"),
        (np.datetime64("2028-01-01T06:30:15.123456789", "ns"), "2028-01-01T06:30:15.123456789Z"),
        (np.array("2028-01-01", "datetime64[D]"), "2028-01-01T00:00:00Z"),
    ],
)
def test_dates_and_times_of_python_and_numpy_are_utc_where_they_name_no_zone(moment, text):
    assert utc_text(moment) == text


@pytest.mark.parametrize(
    "moment",
    [46755.25, 2028, np.float64(1.0), None, True, np.datetime64("NaT"), np.timedelta64(1, "s"), ["2028-01-01"]]
    + [
        np.arange("2028-01-01", "2028-01-03", dtype="datetime64[D]"),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=9))),
    ]
    + [np.datetime64("-0044-03-15")],
)
def test_what_is_no_single_instant_is_refused_in_one_line(moment):
    with pytest.raises(InputError, match=r"\A[^\n]+\Z"):
        utc_text(moment)


def test_a_glance_at_a_time_is_right_to_a_minute():
    assert about_utc(883_569_669.18) == "2028-01-01 00:00"
    assert about_utc(float("nan")) == "TDB nan s"


def test_a_span_is_two_instants() -> None:
    assert utc_span((date(2028, 1, 1), "2028-02-01")) == ("2028-01-01T00:00:00Z", "2028-02-01T00:00:00Z")
    assert utc_span(np.array(["2028-01-01", "2028-02-01"], "datetime64[D]"))[1] == "2028-02-01T00:00:00Z"
    for span in ("28", ("2028-01-01",), ("2028-01-01", "2028-01-02", "2028-01-03"), None, 5):
        with pytest.raises(InputError, match="first and last instant"):
            utc_span(span)
