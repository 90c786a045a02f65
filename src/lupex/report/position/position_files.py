"""Files of the chapter on position: the budgets as one table, all of a site as JSON."""

from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from lupex.io import write_csv, write_json
from lupex.navigation.design.budget import BudgetRow
from lupex.report.paper.names import ranked, site_title
from lupex.results import StudyResult
from lupex.results.position import SitePosition


def write_position(result: StudyResult, folder: Path) -> None:
    """Write tables/position.csv and tables/position.json; the skyline's precision stands with the site's maps.

    Args:
        result: of the study. folder: of the report.
    """
    found = {site_title(site): site.position for site in ranked(result) if site.position is not None}
    names = [spec.name for spec in fields(BudgetRow)]
    header = ["site", "start_utc", *names, "sigma_horizontal_m"]
    rows = [
        [site, one.start_utc, *(_cell(getattr(row, name)) for name in names), row.sigma_horizontal_m]
        for site, one in found.items()
        for row in one.rows
    ]
    write_csv(folder / "tables" / "position.csv", header, rows)
    write_json(folder / "tables" / "position.json", {site: position_summary(one) for site, one in found.items()})


def position_summary(found: SitePosition) -> dict[str, Any]:
    """A budget in plain values: rows, what decides, what is next, what was asked.

    Args:
        found: of one site.
    """
    name, without = found.decides
    return {
        "start_utc": found.start_utc,
        "stations": list(found.stations),
        "methods": list(found.methods),
        "rows": [asdict(row) for row in found.rows],
        "decided_by": name,
        "without_it_m": without,
        "next": [asdict(row) for row in found.next_rows],
        "skyline_m": found.skyline_m,
        "wanted_m": found.wanted_m,
        "wanted_days": found.wanted_days,
        "first_drive_days": found.first_drive_days,
        "first_drive_m": found.first_drive_m,
        "notes": list(found.notes),
    }


def _cell(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, tuple) else value
