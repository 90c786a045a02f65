"""Render a StudyResult; compute nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lupex.model import StudyResult

__all__ = ["write_report"]


def write_report(result: "StudyResult", folder: str | Path) -> list[Path]:
    """Write report.html, report.pdf, figures, maps, tables, places and study.json; see `lupex.report.write`."""
    from lupex.report.write import write_report as write

    return write(result, folder)
