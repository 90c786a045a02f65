"""From Mission to StudyResult, on one machine; and the same engine for single places and whole DEMs.

Names load on first use, so that asking about one place does not import the whole study.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lupex.study.campaign_drive import CampaignDrive, campaign_rows, campaign_summary, planned_campaign
    from lupex.study.cap_maps import MapRequest, mission_light, tile_job, tile_plan, tiled_maps
    from lupex.study.contact_files import write_contacts
    from lupex.study.contact_tables import (
        BOOKED_COLUMNS,
        PASS_COLUMNS,
        booked_rows,
        budget_rows,
        budget_summary,
        contacts_summary,
        pass_rows,
        schedule_summary,
        series_columns,
        station_rows,
        why_empty,
    )
    from lupex.study.contacts import contacts_at, contacts_without, pass_series, site_contacts
    from lupex.study.drive import site_drive
    from lupex.study.drive_scene import drive_begin_utc, drive_scene
    from lupex.study.drive_tables import (
        check_summary,
        drive_rows,
        drive_sentence,
        drive_summary,
        reach_rows,
        static_rows,
        static_summary,
        write_reach,
        write_static_drive,
    )
    from lupex.study.drives import (
        CheckedDrive,
        ReachedGround,
        StaticDrive,
        checked_drive,
        drive_in_time,
        reached_ground,
        static_drive,
    )
    from lupex.study.executor import run_tiles
    from lupex.study.fresh import is_up_to_date, record_run, recorded_summary, study_key
    from lupex.study.link import link_asked, link_budget
    from lupex.study.places import light_series_at, light_summary_at, point_terrain, skyline_at
    from lupex.study.raster_drive import RasterDrive, drive_over_raster, write_raster_drive
    from lupex.study.run import run_study, sites_table
    from lupex.study.search import FoundOnCap, search_cap
    from lupex.study.stores import dem_maps, horizon_store, needs_tiles
    from lupex.study.tiles import Running, Skylight, TiledLight, TileJob, light_in_tiles

_HOMES = {
    "BOOKED_COLUMNS": "contact_tables",
    "CampaignDrive": "campaign_drive",
    "CheckedDrive": "drives",
    "FoundOnCap": "search",
    "MapRequest": "cap_maps",
    "PASS_COLUMNS": "contact_tables",
    "RasterDrive": "raster_drive",
    "ReachedGround": "drives",
    "Running": "tiles",
    "Skylight": "tiles",
    "StaticDrive": "drives",
    "TileJob": "tiles",
    "TiledLight": "tiles",
    "booked_rows": "contact_tables",
    "budget_rows": "contact_tables",
    "budget_summary": "contact_tables",
    "campaign_rows": "campaign_drive",
    "campaign_summary": "campaign_drive",
    "check_summary": "drive_tables",
    "checked_drive": "drives",
    "contacts_at": "contacts",
    "contacts_summary": "contact_tables",
    "contacts_without": "contacts",
    "dem_maps": "stores",
    "drive_begin_utc": "drive_scene",
    "drive_in_time": "drives",
    "drive_over_raster": "raster_drive",
    "drive_rows": "drive_tables",
    "drive_scene": "drive_scene",
    "drive_sentence": "drive_tables",
    "drive_summary": "drive_tables",
    "horizon_store": "stores",
    "is_up_to_date": "fresh",
    "light_in_tiles": "tiles",
    "light_series_at": "places",
    "light_summary_at": "places",
    "link_asked": "link",
    "link_budget": "link",
    "mission_light": "cap_maps",
    "needs_tiles": "stores",
    "pass_rows": "contact_tables",
    "pass_series": "contacts",
    "planned_campaign": "campaign_drive",
    "point_terrain": "places",
    "reach_rows": "drive_tables",
    "reached_ground": "drives",
    "record_run": "fresh",
    "recorded_summary": "fresh",
    "run_study": "run",
    "run_tiles": "executor",
    "schedule_summary": "contact_tables",
    "search_cap": "search",
    "series_columns": "contact_tables",
    "site_contacts": "contacts",
    "site_drive": "drive",
    "sites_table": "run",
    "skyline_at": "places",
    "static_drive": "drives",
    "static_rows": "drive_tables",
    "static_summary": "drive_tables",
    "station_rows": "contact_tables",
    "study_key": "fresh",
    "tile_job": "cap_maps",
    "tile_plan": "cap_maps",
    "tiled_maps": "cap_maps",
    "why_empty": "contact_tables",
    "write_contacts": "contact_files",
    "write_raster_drive": "raster_drive",
    "write_reach": "drive_tables",
    "write_static_drive": "drive_tables",
}

__all__ = [
    "BOOKED_COLUMNS",
    "CampaignDrive",
    "CheckedDrive",
    "FoundOnCap",
    "MapRequest",
    "PASS_COLUMNS",
    "RasterDrive",
    "ReachedGround",
    "Running",
    "Skylight",
    "StaticDrive",
    "TileJob",
    "TiledLight",
    "booked_rows",
    "budget_rows",
    "budget_summary",
    "campaign_rows",
    "campaign_summary",
    "check_summary",
    "checked_drive",
    "contacts_at",
    "contacts_summary",
    "contacts_without",
    "dem_maps",
    "drive_begin_utc",
    "drive_in_time",
    "drive_over_raster",
    "drive_rows",
    "drive_scene",
    "drive_sentence",
    "drive_summary",
    "horizon_store",
    "is_up_to_date",
    "light_in_tiles",
    "light_series_at",
    "light_summary_at",
    "link_asked",
    "link_budget",
    "mission_light",
    "needs_tiles",
    "pass_rows",
    "pass_series",
    "planned_campaign",
    "point_terrain",
    "reach_rows",
    "reached_ground",
    "record_run",
    "recorded_summary",
    "run_study",
    "run_tiles",
    "schedule_summary",
    "search_cap",
    "series_columns",
    "site_contacts",
    "site_drive",
    "sites_table",
    "skyline_at",
    "static_drive",
    "static_rows",
    "static_summary",
    "station_rows",
    "study_key",
    "tile_job",
    "tile_plan",
    "tiled_maps",
    "why_empty",
    "write_contacts",
    "write_raster_drive",
    "write_reach",
    "write_static_drive",
]


def __getattr__(name: str) -> Any:
    """Fetch a name from its module on first use. Raises AttributeError for any other."""
    if name not in _HOMES:
        raise AttributeError(f"module 'lupex.study' has no attribute '{name}'")
    return getattr(import_module(f"lupex.study.{_HOMES[name]}"), name)
