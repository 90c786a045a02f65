"""A science campaign a user asks for: which stops of a file to visit, in what order and when."""

from pathlib import Path

from lupex.base.running import Running
from lupex.base.utc import UtcLike
from lupex.io import read_stops
from lupex.mission import Mission
from lupex.model import SiteDrive
from lupex.results import CampaignDrive
from lupex.study.questions.drives import Place, drive_ground, drive_pole, place_cell
from lupex.study.stages.drive import start_charge_wh, with_margins
from lupex.study.stages.drive_scene import drive_scene, refuse_poor_fix, time_settings
from lupex.traverse import CampaignSettings, plan_campaign


def planned_campaign(
    mission: Mission, stops: Path, start: Place, begin_utc: UtcLike, running: Running = Running()
) -> CampaignDrive:
    """The drive from a place over those stops of a file that are worth the most, ended in sunlight.

    Args:
        mission: the settings.
        begin_utc: when the drive may begin.

    Raises InputError for a file that cannot be read as stops and for stops nobody can drive to, GridError for a start
    off the ground, NoDrive when not even a drive without stops comes to its end.
    """
    running = running.or_workers(mission.study.workers)
    refuse_poor_fix(mission)
    asked = read_stops(stops, drive_pole(mission))
    terrain = drive_ground(mission, start)
    first = place_cell(terrain, start, "start")
    scene = drive_scene(mission, terrain, begin_utc, running)
    how = time_settings(scene, objective=mission.traverse.objective, name="campaign")
    charge_wh = start_charge_wh(mission, scene.rover)
    campaign = plan_campaign(
        scene.edges, scene.rover, scene.light, first, charge_wh, asked, None, CampaignSettings(how), running
    )
    drive, chances, stands = with_margins(mission, scene, campaign.traverse)
    name = f"campaign of {len(campaign.visited)} of {len(asked)} stops"
    timed = SiteDrive(
        rover=scene.rover, target=name, window_utc=scene.span_utc, step_s=scene.step_s,
        traverse=drive, risk=chances, havens=stands, end=scene.end_at(drive),
    )  # fmt: skip
    return CampaignDrive(scene, tuple(asked), campaign, timed)
