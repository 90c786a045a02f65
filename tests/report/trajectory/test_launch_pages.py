from dataclasses import replace
from pathlib import Path

import pytest
from tests.report.made_up_study import made_up_study
from tests.report.trajectory.made_up_launches import made_up_launches

from lupex.report.paper.document import Items, Paragraph, Table
from lupex.report.trajectory.launch_figures import launch_figures
from lupex.report.trajectory.launch_files import write_launches
from lupex.report.trajectory.launch_pages import has_launches, launch_blocks, launch_method
from lupex.results import StudyResult


def study(**changed: float) -> StudyResult:
    return replace(made_up_study(24, 16, 1), launches=made_up_launches(**changed))


def texts(result: StudyResult) -> str:
    blocks = launch_blocks(result, {})
    said = [block.text for block in blocks if isinstance(block, Paragraph)]
    said += [text for block in blocks if isinstance(block, Items) for text in block.texts]
    said += [cell.text for block in blocks if isinstance(block, Table) for r in block.rows for cell in r]
    said += [block.caption for block in blocks if isinstance(block, Table)]
    return "\n".join(said).replace("\u00a0", " ")


def test_a_chapter_says_how_often_it_looked_how_far_light_is_counted_and_who_disagrees() -> None:
    said = texts(study())
    assert "one looked at every 6 h" in said
    assert "counted to at most 105 d, one life on the surface" in said
    assert "In conflict with it: 6500 kg for LUPEX" in said
    assert "2218 kg on the ground 350 kg are payload" in said
    assert launch_method(study())


@pytest.mark.parametrize(
    ("dry_kg", "words"),
    [(float("nan"), "closes if the lander weighs no more"), (1500.0, "closes, 368 kg over"), (2000.0, "132 kg short")],
)
def test_the_payload_is_held_against_what_lands(dry_kg: float, words: str) -> None:
    assert words in texts(study(dry_kg=dry_kg))


def test_without_an_open_window_the_chapter_says_what_closes_them_and_draws_what_there_is(tmp_path: Path) -> None:
    result = study(sun_deg=0.5)
    assert "Sun too low" in texts(result)
    assert "No window of any site is open" in texts(result)
    assert set(launch_figures(result, tmp_path)) == {"windows", "approach"}


def test_figures_and_tables_are_written(tmp_path: Path) -> None:
    result = study()
    figures = launch_figures(result, tmp_path)
    assert set(figures) == {"windows", "approach", "timelines", "masses"}
    assert all(figure.path.stat().st_size > 10_000 for figure in figures.values())
    (tmp_path / "tables").mkdir()
    write_launches(result, tmp_path)
    table = (tmp_path / "tables" / "launch_windows.csv").read_text().splitlines()
    assert len(table) == 1 + 40 and table[0].startswith("site,launch_utc,landing_utc,tli_m_s")
    events = (tmp_path / "tables" / "launch_timelines.csv").read_text().splitlines()
    assert len(events) == 1 + 5 * len(result.launches.sites[0].best)
    assert not has_launches(made_up_study(24, 16, 1))
