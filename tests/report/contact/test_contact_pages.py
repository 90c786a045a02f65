"""The section on the antennas on the ground: words, tables, and what is said when there is no contact."""

from dataclasses import replace

import pytest
from tests.report.made_up_contacts import empty_contacts
from tests.report.made_up_study import made_up_study

from lupex.model import GroundSettings, SiteContacts
from lupex.model.contact.contact import LIMITS as ALL_LIMITS
from lupex.model.contact.schedule import STATUSES
from lupex.report.contact.contact_booking import DAYS_SHOWN, STATUS
from lupex.report.contact.contact_pages import LIMITS, comparison_of_contacts, contact_blocks
from lupex.report.paper.document import Beside, Block, Items, Paragraph, Table
from lupex.results import StudyResult


@pytest.fixture(scope="module")
def study() -> StudyResult:
    return made_up_study(24, 32, 2)


def blocks_of(study: StudyResult, index: int, contacts: SiteContacts | None = None) -> list[Block]:
    site = study.sites[index] if contacts is None else replace(study.sites[index], contacts=contacts)
    return contact_blocks(study, site, f"S{index + 1}", "x", {})


def found(study: StudyResult, index: int) -> SiteContacts:
    contacts = study.sites[index].contacts
    assert contacts is not None
    return contacts


def tables_of(blocks: list[Block]) -> dict[str, list[list[str]]]:
    """Caption's first words -> rows."""
    inside = [b for block in blocks for b in ((block.left, *block.right) if isinstance(block, Beside) else (block,))]
    return {
        b.caption.split(":")[0].split(",")[0]: [[c.text for c in row] for row in b.rows]
        for b in inside
        if isinstance(b, Table)
    }


def texts(blocks: list[Block]) -> list[str]:
    return [b.text for b in blocks if isinstance(b, Paragraph)]


def test_the_words_say_how_much_contact_and_the_longest_time_without(study: StudyResult) -> None:
    words = texts(blocks_of(study, 0))[0]
    assert words.startswith("From 2028-10-12 00:00 to 2029-01-25 00:00 (UTC) the antennas see the site in 150 passes; ")
    assert "contact for 1185.0\u00a0h, 11.3 hours a day in the mean." in words
    assert "without any is 313.4\u00a0h, from 2028-10-23 05:10." in words
    assert "2187.6 Gbit can come down" in words
    assert "stands 2\u00a0m above the ground. Times with the Sun too near to the beam are left out." in words


def test_assumed_facts_are_named_and_published_ones_are_not(study: StudyResult) -> None:
    told = next(t for t in texts(blocks_of(study, 0)) if t.startswith("Assumptions"))
    assert "of the radio rover, high-gain antenna: tx power. Of the antennas: set-up (all)." in told
    contacts = found(study, 0)
    stations = (contacts.stations[0], *(replace(s, facts=()) for s in contacts.stations[1:]))
    told = next(t for t in texts(blocks_of(study, 0, replace(contacts, stations=stations))) if t.startswith("Assump"))
    assert "set-up (misasa)" in told
    bare = tuple(replace(s, facts=()) for s in stations)
    known = replace(contacts, stations=bare, radio=replace(contacts.radio, facts=()))
    assert not [t for t in texts(blocks_of(study, 0, known)) if t.startswith("Assumptions")]


def test_every_antenna_has_its_row_and_unknown_numbers_are_dashes(study: StudyResult) -> None:
    rows = {row[0]: row[1:] for row in tables_of(blocks_of(study, 0))["Antennas"]}
    assert rows["goldstone"] == ["Goldstone 54 m", "50", "430.0", "8.6", "62.9", "62.1", "4.3 to 7.9", "31.4", "524.3",
                                 "965.0"]  # fmt: skip
    assert rows["madrid"][6:] == ["–", "31.4", "–", "–"]
    assert rows["usuda"] == ["Usuda 54 m", "0", "0.0", "0.0", "–", "–", "–", "–", "–", "–"]
    assert Items(("usuda has no pass. The place never rises above its mask.",)) in blocks_of(study, 0)


def test_a_link_names_the_numbers_it_needs(study: StudyResult) -> None:
    needs = tables_of(blocks_of(study, 0))["Links that need a number nobody published; state it in a file of the "
                                           "station or the radio"]  # fmt: skip
    assert needs == [["madrid", "down", "g_t_db_k and rx_gain_dbi of band X"]]


def test_the_pass_table_says_when_how_high_and_what_it_carries(study: StudyResult) -> None:
    rows = dict(tables_of(blocks_of(study, 0))["The pass that brings down most"])
    assert rows["Antenna"] == "Goldstone 54 m"
    assert rows["From (UTC)"] == "2028-10-12 09:18"
    assert rows["To (UTC)"] == "2028-10-12 17:54"
    assert rows["begins by"] == "lowest elevation"
    assert rows["ends by"] == "terrain at the site"
    assert rows["Duration"] == "8.6\u00a0h"
    assert rows["Highest"] == "61.3° at 2028-10-12 13:36"
    assert rows["Distance (km)"] == "374\u202f000 to 381\u202f000"
    assert rows["Margin down (dB)"] == "4.3 to 7.9"
    assert rows["Data (Gbit)"] == "19.30"


def test_the_longest_gaps_come_first(study: StudyResult) -> None:
    gaps = tables_of(blocks_of(study, 0))["Longest times without any antenna"]
    hours = [float(row[2]) for row in gaps]
    assert hours == sorted(hours, reverse=True)
    assert gaps[0] == ["2028-10-22 01:42", "2028-11-05 02:00", "336.3"]


def test_the_schedule_is_printed_with_its_bound_and_what_is_missing(study: StudyResult) -> None:
    blocks = blocks_of(study, 0)
    tables = tables_of(blocks)
    numbers = dict(tables["The schedule"])
    assert numbers["Passes booked"] == "50"
    assert numbers["Cost"] == "485.0"
    assert numbers["no choice below"] == "480.0"
    assert numbers["gap to it"] == "1.0\u00a0%"
    days = tables["Hours of contact booked each day"]
    schedule = found(study, 0).schedule
    assert [row[0] for row in days] == [f"{day[:10]} {day[11:16]}" for day in schedule.days_utc[:-1]][:DAYS_SHOWN]
    assert [row[1] for row in days] == [f"{hours:.2f}" for hours in schedule.daily_hours["S"]][:DAYS_SHOWN]
    assert any(words.startswith(f"Passes are booked from {days[0][0]} to ") for words in texts(blocks))
    assert tables["Booked at each antenna"] == [["goldstone", "50", "430.0"]]
    assert tables["What stays unmet"] == [["hours a day of S", "12.40"]]
    assert "It is proven that the needs cannot all be met; this schedule misses least." in texts(blocks)
    assert "Costs are counted in hours of antennas." in next(b for b in blocks[::-1] if isinstance(b, Items)).texts


def test_no_schedule_is_said_with_its_reason(study: StudyResult) -> None:
    blocks = blocks_of(study, 1)
    assert "No schedule of passes. No need was stated." in texts(blocks)
    assert "The schedule" not in tables_of(blocks)


def test_a_schedule_that_meets_everything_says_so(study: StudyResult) -> None:
    contacts = found(study, 0)
    assert contacts.schedule is not None
    met = replace(contacts.schedule, unmet={}, short_share=0.0, short_share_bound=0.0, gap_fraction=0.0)
    blocks = blocks_of(study, 0, replace(contacts, schedule=met))
    assert "Every need is met." in texts(blocks)
    inside = next(b.left for b in blocks[::-1] if isinstance(b, Beside))
    assert isinstance(inside, Table) and inside.caption == "The schedule: proven the cheapest"


def test_no_contact_at_all_is_a_warning_with_the_reasons(study: StudyResult) -> None:
    blocks = blocks_of(study, 0, empty_contacts())
    warning = next(b for b in blocks if isinstance(b, Paragraph))
    assert warning.kind == "warning"
    assert warning.text == (
        "No antenna asked for has contact with the site from 2028-10-12 00:00 to 2029-01-25 00:00 (UTC)."
    )
    reasons = next(b for b in blocks if isinstance(b, Items))
    assert len(reasons.texts) == 4
    assert reasons.texts[0] == "misasa has no pass. The place never rises above its mask."
    assert not [b for b in blocks if isinstance(b, Table)]


def test_contacts_that_were_not_computed_are_said_in_words(study: StudyResult) -> None:
    site = replace(study.sites[0], contacts=None)
    assert texts(contact_blocks(study, site, "S1", "x", {})) == [
        "Contact with antennas on the ground was not computed in this study."
    ]
    asked = replace(study, mission=replace(study.mission, ground=GroundSettings(stations="none")))
    assert texts(contact_blocks(asked, site, "S1", "x", {})) == [
        "Contact with antennas on the ground was not computed: [ground] stations asks for none."
    ]
    assert comparison_of_contacts(replace(study, sites=(site,)), {}) == []


def test_the_comparison_has_hours_gap_and_data_of_every_site(study: StudyResult) -> None:
    table = next(b for b in comparison_of_contacts(study, {}) if isinstance(b, Table))
    one, two = ([cell.text for cell in row] for row in table.rows)
    assert [cell.text for cell in table.header][3] == "Mean (h a day)"
    assert one == ["S1", "150", "1185.0", "11.3", "0.0", "51", "313.4", "2187.6", "485.0"]
    assert two == ["S2", "150", "1185.0", "11.3", "0.0", "51", "313.4", "2187.6", "–"]


def test_every_limit_of_a_pass_and_every_status_of_a_schedule_has_its_words() -> None:
    assert set(LIMITS) == set(ALL_LIMITS)
    assert set(STATUS) == set(STATUSES)
