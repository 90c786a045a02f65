"""The table of chapters: every row in its place, and a chapter of one's own in one row."""

from pathlib import Path

import pytest
from tests.report.made_up_study import made_up_study

from lupex.report import CHAPTERS, Chapter, write_report
from lupex.report.paper import style
from lupex.report.paper.document import Heading, Paragraph


@pytest.fixture(autouse=True)
def coarse_pictures(monkeypatch):
    monkeypatch.setattr(style, "DPI", 30)


def test_names_of_chapters_are_unique() -> None:
    names = [chapter.name for chapter in CHAPTERS]
    assert len(set(names)) == len(names)


def test_a_chapter_of_ones_own_is_said_and_written_and_one_that_does_not_apply_is_asked_nothing(
    tmp_path: Path,
) -> None:
    def fails(*_: object):
        raise AssertionError("asked all the same")

    def page(result, site, title, anchor, figures):
        return [Heading(f"Dust at {title}", 2, f"{anchor}-dust"), Paragraph("How much dust there is.")]

    dust = Chapter(
        name="dust",
        front=lambda result, figures: [Paragraph("Dust before the pages of the sites.")],
        page=page,
        back=lambda result, chapters: [Paragraph(f"Dust behind them, beside {len(chapters)} chapters.")],
        method=lambda result: ["Dust. It was swept together."],
        references=("Broom, A. (1969). On lunar dust.",),
        columns=lambda site: {"dust_kg": 4.5},
        files=lambda result, folder: (folder / "tables" / "dust.csv").write_text("dust_kg\n4.5\n") and None,
    )
    closed = Chapter(name="closed", applies=lambda result: False, figures=fails, site_figures=fails, front=fails,
                     page=fails, back=fails, method=fails, columns=fails, files=fails)  # fmt: skip
    write_report(made_up_study(24, 16, 2), tmp_path / "out", (*CHAPTERS, dust, closed))
    html = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    front, page_1, page_2, back, method, work = (
        html.index(text)
        for text in (
            "Dust before the pages", "Dust at S1", "Dust at S2", "Dust behind them", "Dust. It was swept", "Broom, A.",
        )
    )  # fmt: skip
    assert front < page_1 < page_2 < method < work < back
    header, row = (tmp_path / "out" / "tables" / "sites.csv").read_text(encoding="utf-8").splitlines()[:2]
    assert dict(zip(header.split(","), row.split(","), strict=False))["dust_kg"] == "4.5"
    assert "tables/dust.csv" in (tmp_path / "out" / "study.json").read_text(encoding="utf-8")
