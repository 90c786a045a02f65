"""Files of the chapter on the payload: status and budgets as tables, the accommodation as JSON."""

from dataclasses import asdict
from pathlib import Path

from lupex.io import write_csv, write_json
from lupex.results import StudyResult

BUDGET_COLUMNS = ("host", "quantity", "phase", "unit", "basic", "margined", "limit", "margin")


def write_payload(result: StudyResult, folder: Path) -> None:
    """Write tables/payload_status.csv, tables/payload_budgets.csv and tables/payload.json.

    Args:
        result: of the study. folder: of the report.
    """
    found = result.payload
    if found is None:
        return
    tables = folder / "tables"
    header = list(found.status[0]) if found.status else ["instrument"]
    write_csv(tables / "payload_status.csv", header, [list(row.values()) for row in found.status])
    rows = [] if found.fit is None else [{**asdict(row), "margin": row.margin} for row in found.fit.budgets]
    write_csv(tables / "payload_budgets.csv", BUDGET_COLUMNS, [[row[name] for name in BUDGET_COLUMNS] for row in rows])
    fit = {} if found.fit is None else {k: v for k, v in asdict(found.fit).items() if k not in ("budgets", "pareto")}
    write_json(tables / "payload.json", {**fit, "worth": found.worth, "impossible": found.impossible})
