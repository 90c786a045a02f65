"""The chapter on the payload: what it says of stand-ins, margins and what does not fit; files beside it."""

import csv
import json
from dataclasses import replace

from tests.report.made_up_study import made_up_study

from lupex.mission import load_mission
from lupex.report.paper.document import Items, Paragraph, Table
from lupex.report.payload.payload_files import write_payload
from lupex.report.payload.payload_pages import payload_blocks, payload_method
from lupex.study.questions.payload import payload_study

MISSION = load_mission()
SMALL = replace(
    MISSION.payload, instruments=("auger", "ltga", "nss", "gpr"), worth=("auger=1", "ltga=2", "nss=1", "gpr=1"),
    growth_draws=200,
)  # fmt: skip


def study_with(settings):
    return replace(made_up_study(), payload=payload_study(replace(MISSION, payload=settings)))


def texts(blocks) -> str:
    said = [block.text for block in blocks if isinstance(block, Paragraph)]
    said += [text for block in blocks if isinstance(block, Items) for text in block.texts]
    said += [cell.text for block in blocks if isinstance(block, Table) for row in block.rows for cell in row]
    return "\n".join(said)


def test_the_chapter_says_what_rides_where_and_that_numbers_are_stand_ins(tmp_path):
    result = study_with(SMALL)
    said = texts(payload_blocks(result, {}))
    assert "Of 4 instruments 4 find a place; left out: none" in said
    assert "numbers behind it are assumptions" in said
    assert "gpr: rover by JAXA's pages; lander by" in said
    assert "26.5*" in said
    assert payload_method(result)
    (tmp_path / "tables").mkdir()
    write_payload(result, tmp_path)
    rows = list(csv.DictReader((tmp_path / "tables" / "payload_budgets.csv").open()))
    assert {row["host"] for row in rows} == {"lupex_rover", "lupex_lander"}
    assert all(abs(float(row["limit"]) - float(row["margined"]) - float(row["margin"])) < 1e-9 for row in rows)
    assert json.loads((tmp_path / "tables" / "payload.json").read_text())["assignment"]["auger"] == "rover_drill"


def test_what_cannot_fit_is_said_with_its_reasons():
    result = study_with(replace(SMALL, must_ride=("ltga", "auger"), hosts=("lupex_lander",)))
    said = texts(payload_blocks(result, {}))
    assert "No accommodation keeps all requirements" in said
    assert "auger must ride, but lander_side takes 30 kg" in said


def test_a_mission_that_does_not_ask_has_no_chapter():
    result = study_with(replace(SMALL, in_study=False))
    assert result.payload is None
    assert payload_blocks(result, {}) == []
    assert payload_method(result) == []
