"""The figures of a site's recommended drive."""

from pathlib import Path

from lupex.report.drive.drive_map import drive_map
from lupex.report.drive.drive_profile import drive_profile
from lupex.report.paper.style import Figure
from lupex.results import SiteResult, StudyResult


def drive_figures(result: StudyResult, site: SiteResult, folder: Path) -> dict[str, Figure]:
    """Draw the map and the profile of a drive, keys 'drive_map' and 'drive_profile'; nothing when there is none."""
    drive = site.drive
    if drive is None or drive.traverse is None:
        return {}
    return {
        "drive_map": drive_map(result, site, drive, drive.traverse, folder),
        "drive_profile": drive_profile(site, drive, drive.traverse, folder),
    }
