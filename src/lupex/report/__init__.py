"""Render a StudyResult; compute nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lupex.model import SiteResult, StudyResult

__all__ = ["drive_frames", "write_report"]


def drive_frames(site: "SiteResult", folder: str | Path, every_hours: float, animation: bool = True) -> list[Path]:
    """Write frames of a site's recommended drive and a GIF of them; see `lupex.report.drive.frames`."""
    from lupex.report.drive.frames import drive_frames as write

    return write(site, folder, every_hours, animation)


def write_report(result: "StudyResult", folder: str | Path) -> list[Path]:
    """Write report.html, report.pdf, figures, maps, tables, places and study.json; see `lupex.report.write`."""
    from lupex.report.write import write_report as write

    return write(result, folder)
