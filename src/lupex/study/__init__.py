"""From Mission to StudyResult, on one machine; and the same engine for single places and whole DEMs.

Names load on first use, so that asking about one place does not import the whole study.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lupex.study.cap_maps import MapRequest, mission_light, tile_job, tile_plan, tiled_maps
    from lupex.study.executor import run_tiles
    from lupex.study.fresh import is_up_to_date, record_run, recorded_summary, study_key
    from lupex.study.places import light_series_at, light_summary_at, point_terrain, skyline_at
    from lupex.study.run import run_study, sites_table
    from lupex.study.search import FoundOnCap, search_cap
    from lupex.study.stores import dem_maps, horizon_store, needs_tiles
    from lupex.study.tiles import Running, Skylight, TiledLight, TileJob, light_in_tiles

_HOMES = {
    "FoundOnCap": "search",
    "MapRequest": "cap_maps",
    "Running": "tiles",
    "Skylight": "tiles",
    "TileJob": "tiles",
    "TiledLight": "tiles",
    "dem_maps": "stores",
    "horizon_store": "stores",
    "is_up_to_date": "fresh",
    "light_in_tiles": "tiles",
    "light_series_at": "places",
    "light_summary_at": "places",
    "mission_light": "cap_maps",
    "needs_tiles": "stores",
    "point_terrain": "places",
    "record_run": "fresh",
    "recorded_summary": "fresh",
    "run_study": "run",
    "run_tiles": "executor",
    "search_cap": "search",
    "sites_table": "run",
    "skyline_at": "places",
    "study_key": "fresh",
    "tile_job": "cap_maps",
    "tile_plan": "cap_maps",
    "tiled_maps": "cap_maps",
}

__all__ = [
    "FoundOnCap",
    "MapRequest",
    "Running",
    "Skylight",
    "TileJob",
    "TiledLight",
    "dem_maps",
    "horizon_store",
    "is_up_to_date",
    "light_in_tiles",
    "light_series_at",
    "light_summary_at",
    "mission_light",
    "needs_tiles",
    "point_terrain",
    "record_run",
    "recorded_summary",
    "run_study",
    "run_tiles",
    "search_cap",
    "sites_table",
    "skyline_at",
    "study_key",
    "tile_job",
    "tile_plan",
    "tiled_maps",
]


def __getattr__(name: str) -> Any:
    """Fetch a name from its module on first use. Raises AttributeError for any other."""
    if name not in _HOMES:
        raise AttributeError(f"module 'lupex.study' has no attribute '{name}'")
    return getattr(import_module(f"lupex.study.{_HOMES[name]}"), name)
