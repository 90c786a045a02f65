"""Dated changes: what was known when, and what changed between two dates."""

import pytest

from lupex.base.errors import InputError
from lupex.model.settings.payload import PayloadSettings
from lupex.payload import change_log, day, difference, items

CHANGE = '[[change]]\ndate = "{date}"\ninstrument = "nss"\nkey = "mass_kg"\nvalue = {value}\nsource = "letter"\n'


def test_a_change_holds_from_its_date_on_and_the_difference_names_it(tmp_path):
    path = tmp_path / "log.toml"
    path.write_text(CHANGE.format(date="2027-03-01", value=3.0) + CHANGE.format(date="2027-09-01", value=3.5))
    settings = PayloadSettings(instruments=("nss",), changes=str(path))
    known = {date: items(settings, date)[0].mass_kg for date in ("2027-01-01", "2027-03-01", "2027-12-31", "")}
    assert known == {"2027-01-01": 2.5, "2027-03-01": 3.0, "2027-12-31": 3.5, "": 3.5}
    rows = difference(items(settings, "2027-01-01"), items(settings, "2027-12-31"))
    assert [(row["key"], row["before"], row["after"]) for row in rows] == [("mass_kg", 2.5, 3.5)]
    assert "letter" in rows[0]["source"]
    assert difference(items(settings, ""), items(settings, "")) == []


def test_the_default_log_is_in_order_and_of_known_instruments():
    log = change_log()
    assert [change.date for change in log] == sorted(change.date for change in log)
    names = {item.name for item in items(PayloadSettings())}
    assert {change.instrument for change in log} <= names


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[[change]]\ndate = "2027-02-30"\ninstrument = "nss"\nkey = "a"\nvalue = 1\nsource = "x"\n',
            "no calendar day",
        ),
        ('[[change]]\ndate = "2027-02-03"\n', "change 1: not a change; give date, instrument, key, value, source"),
        (CHANGE.format(date="2027-03-01", value=1) * 2, "change 2: mass_kg of nss changes twice on 2027-03-01"),
        ("x = 1\n", "a log of changes holds tables"),
    ],
)
def test_a_bad_log_is_refused_with_place_and_remedy(tmp_path, text, said):
    path = tmp_path / "log.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        change_log(str(path))


def test_a_day_is_a_calendar_day():
    assert day("2026-11-30") == "2026-11-30"
    with pytest.raises(InputError, match="DATE1: '30.11.2026' is no calendar day; write it like 2026-11-30"):
        day("30.11.2026", "DATE1")
