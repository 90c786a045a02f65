"""Write everything a study found into one folder."""

import json
import os
import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

from lupex.base.errors import StoreError
from lupex.report.background import background_blocks
from lupex.report.overview import overview_blocks
from lupex.report.paper.document import Document
from lupex.report.paper.names import site_stem, synthetic_label
from lupex.report.paper.render import html_text, write_pdf
from lupex.report.paper.style import RC, Figure, file_stem
from lupex.report.paper.words import tidy
from lupex.report.site.site_pages import site_blocks
from lupex.results import SiteResult, StudyResult

FOLDERS = ("figures", "maps", "tables", "drives", "contacts")
LAST = "study.json"
"""Moved into place last: when it is new, everything else is."""


def write_report(result: StudyResult, folder: str | Path) -> list[Path]:
    """Write report.html, report.pdf, figures, maps, tables, places and study.json into ``folder``.

    Everything is built in a temporary folder beside it and moved into place at the end, study.json last;
    files a former report left there and this one does not make are removed. Equal results give equal bytes.

    Returns:
        Paths written, sorted.

    Raises:
        StoreError: the disk is full or the folder cannot be written.
    """
    folder = Path(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".partial-{folder.name}-", dir=folder.parent))
        try:
            _build(result, partial)
            return _move(partial, folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StoreError(
            f"{folder}: cannot write the report ({reason})", "make room or choose a folder you may write to"
        ) from error


def _build(result: StudyResult, folder: Path) -> None:
    from lupex.io import write_json
    from lupex.report.contact.contact_files import write_contacts
    from lupex.report.drive.drive_files import write_drives
    from lupex.report.ranking.decision_tables import write_decision_tables
    from lupex.report.site.tables import study_data, write_maps, write_places, write_tables

    for name in ("figures", "maps", "tables"):
        (folder / name).mkdir()
    result = with_distinct_names(result)
    region, sites = _figures(result, folder / "figures")
    document = report_document(result, region, sites)
    (folder / "report.html").write_text(html_text(document, folder / "figures"), encoding="utf-8")
    write_pdf(document, folder)
    write_tables(result, folder / "tables")
    write_decision_tables(result, folder / "tables")
    write_drives(result, folder)
    write_contacts(result, folder)
    write_maps(result, folder / "maps")
    write_places(result, folder)
    write_json(folder / LAST, study_data(result, folder))


def with_distinct_names(result: StudyResult) -> StudyResult:
    """The result with sites renamed by their rank where two would share file names."""
    stems = Counter(file_stem(site_stem(site), "").casefold() for site in result.sites)
    renamed = [_renamed(s) if stems[file_stem(site_stem(s), "").casefold()] > 1 else s for s in result.sites]
    return replace(result, sites=tuple(renamed))


def _renamed(site: SiteResult) -> SiteResult:
    name = f"{tidy(site.site.candidate.name)[:30]}-{site.site.rank}"
    return replace(site, site=replace(site.site, candidate=replace(site.site.candidate, name=name)))


def _figures(result: StudyResult, folder: Path) -> tuple[dict[str, Figure], dict[int, dict[str, Figure]]]:
    import matplotlib

    from lupex.report.contact.contact_figures import contact_figures
    from lupex.report.drive.drive_figures import drive_figures
    from lupex.report.ranking.comparison_figure import ranking_figure
    from lupex.report.ranking.date_figure import dates_figure
    from lupex.report.region.region_figures import region_figures
    from lupex.report.region.season_figures import season_figures
    from lupex.report.site.site_figures import site_figures

    with matplotlib.rc_context(RC):  # type: ignore[arg-type]
        region = region_figures(result, folder) | season_figures(result, folder)
        region |= ranking_figure(result, folder) | dates_figure(result, folder)
        sites = {
            i: site_figures(result, site, folder)
            | drive_figures(result, site, folder)
            | contact_figures(result, site, folder)
            for i, site in enumerate(result.sites)
        }
    return region, sites


def report_document(result: StudyResult, region: dict[str, Figure], sites: dict[int, dict[str, Figure]]) -> Document:
    """The whole report as blocks: sites and overview, one page for each site, background."""
    mission = result.mission
    labels = sorted({synthetic_label(site) for site in result.sites} - {""})
    blocks = overview_blocks(result, region) + site_blocks(result, sites) + background_blocks(result)
    title = tidy(mission.title) or tidy(mission.name) or "Landing site study"
    return Document(
        title, f"Landing site study · lupex {tidy(result.provenance.lupex_version)}", ", ".join(labels), tuple(blocks)
    )


def _move(partial: Path, folder: Path) -> list[Path]:
    """Move every file into place, the list of files last, then drop what a former report alone had made."""
    former = _former_files(folder)
    names = sorted(p.relative_to(partial).as_posix() for p in partial.rglob("*") if p.is_file())
    names.sort(key=lambda name: name == LAST)
    for name in names:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(partial / name, target)
    for name in former - set(names):
        (folder / name).unlink(missing_ok=True)
    return sorted(folder / name for name in names)


def _former_files(folder: Path) -> set[str]:
    """Files in FOLDERS that the study.json in ``folder`` lists; nothing when there is none."""
    try:
        listed = json.loads((folder / LAST).read_text(encoding="utf-8"))["files"]
        names = {str(name) for name in listed}
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return {n for n in names if n.split("/")[0] in FOLDERS and n.count("/") == 1 and ".." not in n}
