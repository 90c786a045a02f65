"""A campaign as plain rows and a summary: what the command line prints."""

from typing import Any

from lupex.report.drive.exchange import activities
from lupex.report.drive.rows import drive_summary
from lupex.results import CampaignDrive


def campaign_rows(planned: CampaignDrive) -> list[dict[str, Any]]:
    """A row for every stop, those visited first in their order: times of the work, or why it is left out.

    Args:
        planned: the campaign as planned.
    """
    drive = planned.drive.traverse
    worked = {} if drive is None else {item["place"]: item for item in activities(drive)}
    visited = planned.campaign.visited
    reasons = dict(planned.campaign.skipped)
    place = {label: number for number, label in enumerate(visited, 1)}
    rows = [
        {
            "label": stop.label,
            "order": place.get(stop.label),
            "value": stop.value,
            "activity": stop.activity,
            "start_utc": worked.get(stop.label, {}).get("start_utc") if stop.label in place else None,
            "stop_utc": worked.get(stop.label, {}).get("stop_utc") if stop.label in place else None,
            "reason": reasons.get(stop.label, ""),
        }
        for stop in planned.stops
    ]
    return sorted(rows, key=lambda row: place.get(row["label"], len(rows) + 1))


def campaign_summary(planned: CampaignDrive) -> dict[str, Any]:
    """A campaign in numbers: its value, the bound no drive exceeds, stops, and its drive as `drive_summary`.

    Args:
        planned: the campaign as planned.
    """
    campaign = planned.campaign
    return drive_summary(planned.scene, planned.drive) | {
        "visited": list(campaign.visited),
        "value": campaign.value,
        "bound": campaign.bound,
        "gap_fraction": campaign.gap_fraction,
        "proven": campaign.proven,
        "ended": campaign.ended,
        "stops": campaign_rows(planned),
    }
