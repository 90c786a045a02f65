"""The section of the recommended drive: words, tables, and what is said when there is none."""

from dataclasses import replace

import pytest
from tests.report.made_up_study import made_up_study

from lupex.model import Fact, SiteDrive
from lupex.report.drive.drive_pages import comparison_of_drives, constraint, drive_blocks, drive_name
from lupex.report.paper.document import Beside, Block, Items, Paragraph, Table
from lupex.results import StudyResult
from lupex.traverse import CONSTRAINTS


@pytest.fixture(scope="module")
def study() -> StudyResult:
    return made_up_study(24, 32, 2)


def blocks_of(study: StudyResult, index: int, drive: SiteDrive | None = None) -> list[Block]:
    site = study.sites[index] if drive is None else replace(study.sites[index], drive=drive)
    return drive_blocks(study, site, f"S{index + 1}", "x", {})


def tables_of(blocks: list[Block]) -> dict[str, dict[str, list[str]]]:
    """Caption's first words -> first cell of a row -> its other cells."""
    inside = [b for block in blocks for b in ((block.left, *block.right) if isinstance(block, Beside) else (block,))]
    return {
        (b.caption or b.header[0].text).split(".")[0]: {row[0].text: [c.text for c in row[1:]] for row in b.rows}
        for b in inside
        if isinstance(b, Table)
    }


def texts(blocks: list[Block]) -> list[str]:
    return [b.text for b in blocks if isinstance(b, Paragraph)]


def test_the_words_say_when_where_how_far_and_how_surely(study: StudyResult) -> None:
    words = texts(blocks_of(study, 0))[0]
    assert words.startswith("From 2028-10-14 06:20 to 2028-10-17 ")
    assert "into the nearest permanent shadow and back to where it can go on living: " in words
    assert "of 7000\u00a0Wh" in words
    assert "It ends charging in the light: over the next 24 h the array gives 312" in words
    assert "may stay until at least 2028-11-06 " in words
    assert words.endswith("the survival probability is 97.3\u00a0%.")


def test_assumed_facts_of_the_rover_are_named_and_published_ones_are_not(study: StudyResult) -> None:
    told = [text for text in texts(blocks_of(study, 0)) if text.startswith("Assumptions")]
    assert len(told) == 1
    assert "this rover: speed." in told[0]
    published = replace(study.mission, rover=(Fact("speed_m_s", 0.05, "a paper"),))
    assert not [t for t in texts(blocks_of(replace(study, mission=published), 0)) if t.startswith("Assumptions")]


def test_the_tables_carry_numbers_risk_and_margins(study: StudyResult) -> None:
    tables = tables_of(blocks_of(study, 0))
    numbers = tables["The drive in numbers"]
    assert numbers["Duration"] == ["80.8\u00a0h"]
    assert numbers["driving"] == ["28.6\u00a0h"]
    assert "waiting" not in numbers
    assert numbers["Ends in"] == ["light"] and numbers["hotel power"][0].startswith("95")
    assert numbers["least charge allowed"] == ["1400\u00a0Wh"]
    risk = tables["With speed, energy and delays uncertain"]
    assert risk["Survival probability (1σ)"] == ["97.3 ± 0.2\u00a0%"]
    assert risk["Monte Carlo samples"] == ["10\u202f000"]
    assert risk["ended by: charge of the battery"] == ["2.1\u00a0%"]
    assert "ended by: edge of the known map" not in risk
    assert tables["Over the samples"]["Late at the end (h)"] == ["0.0", "1.2", "7.9"]
    margins = tables["Margins: the least left of every limit on the way; –: no such limit"]
    assert list(margins) == [row.label.capitalize() for row in CONSTRAINTS]
    assert margins["Side slope"] == ["–"] and margins["Charge of the battery"][0].endswith("\u00a0Wh")


def test_the_timeline_is_merged_and_in_utc(study: StudyResult) -> None:
    blocks = blocks_of(study, 0)
    table = next(b for b in blocks if isinstance(b, Table) and b.caption.startswith("Timeline"))
    assert [row[0].text for row in table.rows][:5] == ["drive", "charge", "drive", "drill", "measure"]
    assert [row[1].text for row in table.rows][:5] == ["start", "A", "", "B target", "B"]
    assert table.rows[0][2].text == "2028-10-14 06:20"
    assert table.rows[1][3].text == "6.50"
    assert table.header[-1].text == "Safe until (UTC)"
    assert f"drives/{drive_name(study.sites[0])}_activities.csv" in texts(blocks)[-2]


def test_a_long_timeline_is_shortened_and_says_where_the_whole_is(
    study: StudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lupex.report.drive.drive_pages.SPELLS_SHOWN", 5)
    blocks = blocks_of(study, 0)
    table = next(b for b in blocks if isinstance(b, Table) and b.caption.startswith("Timeline"))
    assert "…" in [row[0].text for row in table.rows]
    assert len([row for row in table.rows if row[0].text != "…"]) == 5
    assert [t for t in texts(blocks) if t.startswith("Shown are the named rows and the longest. The whole timeline:")]


def test_havens_and_notes_are_printed(study: StudyResult) -> None:
    blocks = blocks_of(study, 0)
    havens = tables_of(blocks)["Safe havens by the way: where the rover can stand out a stay"]
    assert havens["haven 1"] == ["2028-10-12", "2028-11-03", "93.0", "4100"]
    assert blocks[-1] == Items(("The light is that of eyes 2 m above the ground.", "No station is asked for."))


def test_no_drive_is_said_with_its_reason_first(study: StudyResult) -> None:
    blocks = blocks_of(study, 1)
    warning = next(b for b in blocks if isinstance(b, Paragraph))
    assert warning.kind == "warning"
    assert warning.text == (
        "No drive into the permanent shadow “Faustini” and back is recommended. The battery cuts every way back; one "
        "of 9300 Wh opens a way of 61 h."
    )
    assert "shortest drivable way there and back is 13.7\u00a0km" in texts(blocks)[1]
    assert not [b for b in blocks if isinstance(b, Table)]


def test_nothing_asked_for_is_no_section(study: StudyResult) -> None:
    site = replace(study.sites[0], drive=None)
    assert drive_blocks(study, site, "S1", "x", {}) == []
    assert comparison_of_drives(replace(study, sites=(site,)), {}) == []


def test_a_drive_without_risk_margins_or_havens_is_no_crash(study: StudyResult) -> None:
    drive = study.sites[0].drive
    assert drive is not None and drive.traverse is not None
    bare = replace(drive.traverse, slack={}, safe_until_tdb_s=None, summary={}, notes=())
    tables = tables_of(blocks_of(study, 0, replace(drive, traverse=bare, risk=None, havens=())))
    assert sorted(tables) == ["The drive in numbers", "Timeline"]


def test_the_comparison_has_a_row_for_every_site_asked_for(study: StudyResult) -> None:
    _, table, reasons = comparison_of_drives(study, {})
    assert isinstance(table, Table) and isinstance(reasons, Items)
    one, two = ([cell.text for cell in row] for row in table.rows)
    assert one[0] == "S1"
    assert one[6] == "97.3 ± 0.2" and one[7].startswith("light, 2028-11-06 ")
    assert two[:3] == ["S2", "Faustini", "–"]
    assert two[-1] == "no drive"
    assert reasons.texts == ("S2: no drive; the battery cuts every way back; one of 9300 Wh opens a way of 61 h.",)


def test_every_constraint_of_drives_has_its_words() -> None:
    assert [row.name for row in CONSTRAINTS if "_" in constraint(row.name)] == []
    assert constraint("battery_wh") == "charge of the battery"
    assert {constraint(row.name) for row in CONSTRAINTS} & {row.name.replace("_", " ") for row in CONSTRAINTS} == set()
