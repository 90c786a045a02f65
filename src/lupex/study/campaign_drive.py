"""A science campaign a user asks for: which stops of a file to visit, in what order and when."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lupex.base.progress import Progress, silent
from lupex.io import read_stops
from lupex.model import Campaign, Mission, SiteDrive, Stop
from lupex.study.drive import with_margins
from lupex.study.drive_scene import DriveScene, drive_scene
from lupex.study.drive_tables import drive_summary
from lupex.study.drives import Place, drive_ground, drive_pole, place_cell, start_charge_wh
from lupex.traverse import CampaignSettings, TimeSettings, activities, plan_campaign


@dataclass(frozen=True, eq=False)
class CampaignDrive:
    """The stops asked for, the campaign over them, and its drive with margins."""

    scene: DriveScene
    stops: tuple[Stop, ...]
    campaign: Campaign
    drive: SiteDrive


def planned_campaign(
    mission: Mission, stops: Path, start: Place, begin_utc: str, progress: Progress = silent
) -> CampaignDrive:
    """The drive from a place over those stops of a file that are worth the most, ended in sunlight.

    Raises InputError for a file that cannot be read as stops and for stops nobody can drive to, GridError for a start
    off the ground, NoDrive when not even a drive without stops comes to its end.
    """
    asked = read_stops(stops, drive_pole(mission))
    terrain = drive_ground(mission, start)
    first = place_cell(terrain, start, "start")
    scene = drive_scene(mission, terrain, begin_utc, progress)
    how = TimeSettings(objective=mission.traverse.objective, workers=mission.study.workers, name="campaign")
    charge_wh = start_charge_wh(mission, scene.rover)
    campaign = plan_campaign(
        scene.edges, scene.rover, scene.light, first, charge_wh, asked, None, CampaignSettings(how), progress
    )
    drive, chances, stands = with_margins(mission, scene, campaign.traverse)
    name = f"campaign of {len(campaign.visited)} of {len(asked)} stops"
    timed = SiteDrive(scene.rover, name, scene.span_utc, scene.step_s, drive, chances, stands)
    return CampaignDrive(scene, tuple(asked), campaign, timed)


def campaign_rows(planned: CampaignDrive) -> list[dict[str, Any]]:
    """A row for every stop, those visited first in their order: times of the work, or why it is left out."""
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
    """A campaign in numbers: its value, the bound no drive exceeds, stops, and its drive as `drive_summary`."""
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
