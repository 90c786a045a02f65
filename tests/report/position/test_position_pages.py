"""The chapter on position: budget over days, what decides, and whether what is wanted is kept in time."""

from dataclasses import replace

import numpy as np
import pytest
from tests.report.made_up_study import made_up_study

from lupex.model import LightMap
from lupex.navigation.design.budget import BudgetRow
from lupex.navigation.orbit.landing import landing_parts
from lupex.report.paper.document import Items, Paragraph, Table
from lupex.report.position.position_pages import (
    has_position,
    position_blocks,
    position_method,
    position_row,
    site_position_blocks,
)
from lupex.results import StudyResult
from lupex.results.position import SitePosition

METHODS = ("range", "doppler", "image")


def row(days: float, methods: tuple[str, ...], sigma: float) -> BudgetRow:
    return BudgetRow(
        days=days, methods="+".join(methods), data=100, sigma_east_m=0.6 * sigma, sigma_north_m=0.8 * sigma,
        sigma_up_m=2.0, sigma_me_x_m=1.0, sigma_me_y_m=1.0, sigma_me_z_m=1.0, unobserved=(),
    )  # fmt: skip


def made_up_position(maps: LightMap, wanted_m: float = 20.0, drive_days: float = 2.0) -> SitePosition:
    rows = []
    for days, whole in ((1.0, 34.0), (3.0, 7.5)):
        rows += [row(days, (name,), 2e5) for name in METHODS]
        rows += [row(days, METHODS, whole), row(days, ("doppler", "image"), 3.0 * whole)]
        rows += [row(days, ("range", "image"), 1.1 * whole), row(days, ("range", "doppler"), 1.2 * whole)]
    layers = {"skyline_fix_m": np.full(maps.grid.shape, 9.0, np.float32)}
    return SitePosition(
        start_utc="2028-10-12T03:00:00Z", stations=("misasa",), methods=METHODS, arcs_days=(1.0, 3.0),
        rows=tuple(rows), next_rows=(row(1.0, (*METHODS, "delta_dor"), 4.2),), skyline_m=9.0,
        maps=replace(maps, layers=layers, meanings={"skyline_fix_m": "made up"}),
        wanted_m=wanted_m, wanted_days=3.0 if wanted_m < 34.0 else 1.0, first_drive_days=drive_days,
        first_drive_m=34.0 if drive_days >= 1.0 else float("nan"), notes=("A note.",),
    )  # fmt: skip


def study(**more: float) -> StudyResult:
    result = made_up_study(24, 16, 1)
    site = result.sites[0]
    return replace(result, sites=(replace(site, position=made_up_position(site.maps, **more)),))


def texts(blocks) -> str:
    said = [block.text for block in blocks if isinstance(block, Paragraph)]
    said += [text for block in blocks if isinstance(block, Items) for text in block.texts]
    said += [cell.text for block in blocks if isinstance(block, Table) for r in block.rows for cell in r]
    return "\n".join(said).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "20 m kept after 3.00 days, too late for the first drive 2.0 days after the first pass (34.0 m by then)"),
        ({"wanted_m": 50.0}, "50 m kept after 1.00 days, in time for the first drive"),
        ({"drive_days": 0.5}, "no arc ends before the first drive"),
    ],
)
def test_what_is_wanted_is_held_against_the_day_of_the_first_drive(more: dict[str, float], words: str) -> None:
    assert words in texts(position_blocks(study(**more), {}))


def test_the_page_of_a_site_names_what_decides_and_what_would_help_most() -> None:
    result = study()
    said = texts(site_position_blocks(result, result.sites[0], "S1", "site-0", {}))
    assert "What decides is the two-way range from Earth: without it 22.5 m would be left" in said
    assert "delta-DOR between two antennas would help most: after 1 day it would leave 4.20 m" in said
    assert "200000" not in said and "120000" not in said  # a sigma that says nothing is no number
    assert position_method(result)


def test_columns_of_the_sites_table_hold_the_sigma_and_what_decides() -> None:
    found = position_row(study().sites[0])
    assert found["position_sigma_m"] == pytest.approx(7.5)
    assert found["position_decided_by"] == "range"
    assert found["position_wanted_days"] == 3.0


def test_a_study_without_budgets_has_no_such_chapter() -> None:
    result = made_up_study(24, 16, 1)
    assert not has_position(result)
    assert position_blocks(result, {}) == [] and position_method(result) == []
    assert site_position_blocks(result, result.sites[0], "S1", "site-0", {}) == []
    assert position_row(result.sites[0]) == {}


@pytest.mark.parametrize(
    ("origin", "words"), [("stated", "is the one [dispersion] states"), ("computed", "is computed")]
)
def test_where_the_landing_ellipse_comes_from_stands_part_by_part(origin: str, words: str) -> None:
    result = study()
    mission = replace(result.mission, ellipse=replace(result.mission.ellipse, origin=origin))
    parts = landing_parts(mission.ellipse, mission.descent)[2]
    said = texts(position_blocks(replace(result, mission=mission, ellipse_parts=parts), {}))
    assert words in said and "guidance" in said and "together\n43.5\n37.1" in said
