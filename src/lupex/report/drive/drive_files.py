"""Files of the recommended drives: waypoints for maps and planners, havens as a table."""

from pathlib import Path

from lupex.io import write_csv
from lupex.report.drive.drive_pages import drive_name
from lupex.report.drive.drive_spells import END_COLUMNS, end_row
from lupex.report.drive.exchange import write_traverse
from lupex.report.paper.names import site_stem, synthetic_label
from lupex.report.paper.style import file_stem
from lupex.report.paper.words import tidy
from lupex.results import StudyResult

HAVENS = ("label", "x_m", "y_m", "from_utc", "until_utc", "lit_fraction", "lowest_wh")


def write_drives(result: StudyResult, folder: Path) -> None:
    """Write tables/drives.csv, and where there is a drive drives/site_<name>_drive.* and tables/site_<name>_havens.csv,
    into ``folder``.

    Args:
        result: of the study.
    """
    ends = [(tidy(s.site.candidate.name), end_row(None if s.drive is None else s.drive.end)) for s in result.sites]
    rows = [[name, *row.values()] for name, row in ends]
    write_csv(folder / "tables" / "drives.csv", ("site", *END_COLUMNS), rows)
    for site in result.sites:
        if site.drive is None or site.drive.traverse is None:
            continue
        (folder / "drives").mkdir(exist_ok=True)
        write_traverse(folder / "drives", site.drive.traverse, drive_name(site), site.terrain)
        if site.drive.havens:
            stem = file_stem(f"{site_stem(site)}_havens", synthetic_label(site))
            stays = [[tidy(h.label), *(getattr(h, name) for name in HAVENS[1:])] for h in site.drive.havens]
            write_csv(folder / "tables" / f"{stem}.csv", HAVENS, stays)
