"""UTC as text: one spelling out of many, and nothing that is not a date."""

import pytest

from lupex.base.errors import InputError
from lupex.base.utc import civil_s, utc_text


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
