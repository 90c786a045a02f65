"""What a chapter of the report is: a name, and what it draws, says and writes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lupex.report.paper.document import Block
from lupex.report.paper.style import Figure
from lupex.results import SiteResult, StudyResult

Figures = dict[str, Figure]
"""Figures of one chapter by a short key."""


def always(result: StudyResult) -> bool:
    """True for every study."""
    return True


def _no_figures(*_: Any) -> Figures:
    return {}


def _no_blocks(*_: Any) -> list[Block]:
    return []


def _no_texts(_: StudyResult) -> list[str]:
    return []


def _no_columns(_: SiteResult) -> dict[str, Any]:
    return {}


def _no_files(*_: Any) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One chapter of the report. Every part but the name may be left out; each sees the figures of its own chapter.

    Attributes:
        name: short name, unique among the chapters.
        applies: whether a study has anything for this chapter; where not, nothing else of it is called.
        figures: (result, folder) -> figures of the whole study by key, written into ``folder``.
        site_figures: (result, site, folder) -> figures of one site by key.
        front: (result, figures) -> blocks before the pages of the sites.
        page: (result, site, title, anchor, figures) -> blocks on the pages of one site; ``anchor`` starts those of
            its headings.
        back: (result, chapters that apply) -> blocks after the pages of the sites.
        method: (result) -> paragraphs on how its numbers were computed, for the chapter on the method.
        references: works it rests on, as they are printed.
        columns: (site) -> columns of the site's row in tables/sites.csv, sites.gpkg and sites.geojson.
        files: (result, folder) -> None; writes into folder/tables, folder/maps or a folder in ``folders``.
        folders: names of folders of its own; a later report tidies them.
    """

    name: str
    applies: Callable[[StudyResult], bool] = always
    figures: Callable[[StudyResult, Path], Figures] = _no_figures
    site_figures: Callable[[StudyResult, SiteResult, Path], Figures] = _no_figures
    front: Callable[[StudyResult, Figures], list[Block]] = _no_blocks
    page: Callable[[StudyResult, SiteResult, str, str, Figures], list[Block]] = _no_blocks
    back: "Callable[[StudyResult, Sequence[Chapter]], list[Block]]" = _no_blocks
    method: Callable[[StudyResult], list[str]] = _no_texts
    references: tuple[str, ...] = ()
    columns: Callable[[SiteResult], dict[str, Any]] = _no_columns
    files: Callable[[StudyResult, Path], None] = _no_files
    folders: tuple[str, ...] = ()
