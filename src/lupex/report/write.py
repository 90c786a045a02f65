"""Write everything a study found into one folder."""

import json
import os
import shutil
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from lupex.base.cache import clear_stale, partial_path
from lupex.base.errors import StoreError
from lupex.io import write_json
from lupex.report.chapters import all_chapters
from lupex.report.drawing import Drawn, draw
from lupex.report.gis import write_project
from lupex.report.paper.chapter import Chapter
from lupex.report.paper.document import Block, Document
from lupex.report.paper.names import site_stem, site_title, synthetic_label
from lupex.report.paper.render import html_text, write_pdf
from lupex.report.paper.style import file_stem
from lupex.report.paper.words import tidy
from lupex.report.site.tables import site_rows, study_data, write_maps, write_places, write_tables
from lupex.results import SiteResult, StudyResult

FOLDERS = ("figures", "maps", "tables")
"""Folders of every report; chapters may add their own."""
LAST = "study.json"
"""Moved into place last: when it is new, everything else is."""


def write_report(result: StudyResult, folder: str | Path, chapters: Sequence[Chapter] | None = None) -> list[Path]:
    """Write report.html, report.pdf, figures, maps, tables, places and study.json into ``folder``.

    Everything is built in a temporary folder beside it. A new folder gets its name at once when it is whole; into one
    that is there files are moved at the end, study.json last, and files that a former report left and this one does not
    make are removed. Equal results give equal bytes.

    Args:
        result: what a study found.
        folder: folder of the report; made when it is not there.
        chapters: chapters in order; those of the built-in table and of plug-ins by default.

    Returns:
        Paths written, sorted.

    Raises:
        StoreError: the disk is full or the folder cannot be written.
    """
    folder = Path(folder)
    chapters = all_chapters() if chapters is None else chapters
    try:
        partial = partial_path(folder.absolute())
        clear_stale(partial.parent)
        partial.mkdir(parents=True)
        try:
            _build(result, partial, chapters)
            if not folder.exists():
                os.replace(partial, folder)
                return sorted(path for path in folder.rglob("*") if path.is_file())
            return _move(partial, folder, {*FOLDERS, *(name for c in chapters for name in c.folders)})
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StoreError(
            f"{folder}: cannot write the report ({reason})", "make room or choose a folder you may write to"
        ) from error


def _build(result: StudyResult, folder: Path, chapters: Sequence[Chapter]) -> None:
    for name in FOLDERS:
        (folder / name).mkdir()
    result = with_distinct_names(result)
    chapters = [chapter for chapter in chapters if chapter.applies(result)]
    drawn = draw(result, folder / "figures", chapters)
    document = report_document(result, drawn, chapters)
    (folder / "report.html").write_text(html_text(document, folder / "figures"), encoding="utf-8")
    write_pdf(document, folder)
    rows = site_rows(result, [chapter.columns for chapter in chapters])
    write_tables(result, folder / "tables", rows)
    write_maps(result, folder / "maps")
    write_places(result, folder, rows)
    for chapter in chapters:
        chapter.files(result, folder)
    write_project(result, folder)
    write_json(folder / LAST, study_data(result, folder))


def with_distinct_names(result: StudyResult) -> StudyResult:
    """The result with sites renamed by their rank where two would share file names."""
    stems = Counter(file_stem(site_stem(site), "").casefold() for site in result.sites)
    renamed = [_renamed(s) if stems[file_stem(site_stem(s), "").casefold()] > 1 else s for s in result.sites]
    return replace(result, sites=tuple(renamed))


def _renamed(site: SiteResult) -> SiteResult:
    name = f"{tidy(site.site.candidate.name)[:30]}-{site.site.rank}"
    return replace(site, site=replace(site.site, candidate=replace(site.site.candidate, name=name)))


def report_document(result: StudyResult, drawn: Drawn, chapters: Sequence[Chapter]) -> Document:
    """The whole report as blocks: what chapters say first, the pages of each site, what chapters say last.

    Args:
        result: the study, its sites named apart.
        drawn: figures of each chapter by its name: of the study, and of each site in the order of ``result.sites``.
        chapters: those that apply, in order.
    """
    mission = result.mission
    labels = sorted({synthetic_label(site) for site in result.sites} - {""})
    blocks: list[Block] = [b for chapter in chapters for b in chapter.front(result, drawn[chapter.name][0])]
    for index in sorted(range(len(result.sites)), key=lambda i: result.sites[i].site.rank):
        site = result.sites[index]
        for chapter in chapters:
            figures = drawn[chapter.name][1][index]
            blocks += chapter.page(result, site, site_title(site), f"site-{index}", figures)
    blocks += [block for chapter in chapters for block in chapter.back(result, chapters)]
    title = tidy(mission.title) or tidy(mission.name) or "Landing site study"
    return Document(
        title, f"Landing site study · lupex {tidy(result.provenance.lupex_version)}", ", ".join(labels), tuple(blocks)
    )


def _move(partial: Path, folder: Path, tidied: Collection[str]) -> list[Path]:
    """Move every file into place, the list of files last, then drop what a former report alone had made."""
    former = _former_files(folder, tidied)
    names = sorted(p.relative_to(partial).as_posix() for p in partial.rglob("*") if p.is_file())
    names.sort(key=lambda name: name == LAST)
    for name in names:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(partial / name, target)
    for name in former - set(names):
        (folder / name).unlink(missing_ok=True)
    return sorted(folder / name for name in names)


def _former_files(folder: Path, tidied: Collection[str]) -> set[str]:
    """Files in the folders ``tidied`` that the study.json in ``folder`` lists; nothing when there is none."""
    try:
        listed = json.loads((folder / LAST).read_text(encoding="utf-8"))["files"]
        names = {str(name) for name in listed}
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return {n for n in names if n.split("/")[0] in tidied and n.count("/") == 1 and ".." not in n}
