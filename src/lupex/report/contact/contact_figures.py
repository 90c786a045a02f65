"""The figures of a site's contacts with the antennas on the ground."""

from pathlib import Path

from lupex.report.contact.contact_pass_figure import contact_pass_figure
from lupex.report.contact.contact_timeline import contact_timeline
from lupex.report.paper.style import Figure
from lupex.results import SiteResult, StudyResult


def contact_figures(result: StudyResult, site: SiteResult, folder: Path) -> dict[str, Figure]:
    """Draw 'contact_timeline' and 'contact_pass'; nothing where there is no pass."""
    contacts = site.contacts
    if contacts is None or not contacts.plan.passes:
        return {}
    made = {"contact_timeline": contact_timeline(site, contacts, folder)}
    one = contact_pass_figure(result, site, contacts, folder)
    return made if one is None else made | {"contact_pass": one}
