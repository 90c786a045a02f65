"""What the report says of a user's DEM: how it compares, and that its check was overridden."""

from dataclasses import replace

import pytest
from tests.report.made_up_study import made_up_study

from lupex.report.paper.document import Paragraph, Table
from lupex.report.region.dem_pages import dem_blocks, has_own_dems
from lupex.results import StudyResult
from lupex.terrain.agreement import Agreement

GOOD = Agreement(120, -0.3, 2.4, 1.001, 0.9998, 310.0)
BAD = Agreement(120, 900.0, 300.0, 2.0, 0.999, 310.0, "its heights are 2 times those of the map")


@pytest.fixture(scope="module")
def plain() -> StudyResult:
    return made_up_study()


def checked(result: StudyResult, check: str) -> StudyResult:
    mission = result.mission
    return replace(result, mission=replace(mission, terrain=replace(mission.terrain, check_dem=check)))


def test_a_study_on_the_built_in_map_says_nothing(plain: StudyResult) -> None:
    assert not has_own_dems(plain)
    assert has_own_dems(checked(plain, "off")) and has_own_dems(replace(plain, dems=(("a.tif", GOOD),)))


def test_a_dem_that_agrees_stands_in_the_table_without_a_warning(plain: StudyResult) -> None:
    blocks = dem_blocks(replace(plain, dems=(("a.tif", GOOD),)), {})
    (table,) = [block for block in blocks if isinstance(block, Table)]
    assert [cell.text for cell in table.rows[0]][:6] == ["a.tif", "120", "−0.3", "2.4", "1.001", "0.9998"]
    assert not any(isinstance(block, Paragraph) and block.kind == "warning" for block in blocks)


@pytest.mark.parametrize("check", ["note", "off"])
def test_an_override_and_what_it_lets_through_are_warned_of(plain: StudyResult, check: str) -> None:
    blocks = dem_blocks(replace(checked(plain, check), dems=(("a.tif", BAD),)), {})
    said = [block.text for block in blocks if isinstance(block, Paragraph) and block.kind == "warning"]
    assert f'check_dem = "{check}"' in said[0]
    assert "2 times those of the map" in said[1]
