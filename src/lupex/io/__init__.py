"""Read and write maps, tables and standard messages; open and fetch data.

Names load on first use, so that writing a CSV does not import GDAL.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lupex.io.atomic import atomic_path
    from lupex.io.crs import crs_wkt, same_crs
    from lupex.io.dem.default_dem import default_terrain
    from lupex.io.dem.describe import DemInfo, describe_dem, import_dem
    from lupex.io.dem.fetch import DemProduct, FetchSettings, dem_table, fetch_dem
    from lupex.io.dem.plain_raster import PlainRaster, read_plain_raster
    from lupex.io.dem.read import read_terrain, with_far
    from lupex.io.dem.windows import DemWindows, dem_files, dem_windows
    from lupex.io.manifest import Manifest
    from lupex.io.maps.cog import write_cog, write_cog_blocks
    from lupex.io.maps.labelled import as_xarray
    from lupex.io.maps.styles import LayerStyle, filled_polygons_qml, ranked_points_qml, write_layer_styles
    from lupex.io.maps.sub_points import write_sub_points_geojson
    from lupex.io.maps.tracks import write_track_geojson
    from lupex.io.maps.vectors import (
        VectorLayer,
        mask_polygons,
        write_gpkg,
        write_points_geojson,
        write_points_gpkg,
        write_polygons_gpkg,
    )
    from lupex.io.messages.calendar import read_calendar, write_calendar
    from lupex.io.messages.oem import read_oem
    from lupex.io.messages.simple_schedule import ScheduleHeader, read_simple_schedule, write_simple_schedule
    from lupex.io.messages.tdm import TdmHeader, read_tdm, write_tdm
    from lupex.io.pass_tables import looks_text, write_looks, write_passes_csv
    from lupex.io.stores.horizon_store import HorizonInputs, HorizonStore
    from lupex.io.stores.tile_store import TileStore
    from lupex.io.tables import csv_text, json_text, write_csv, write_json
    from lupex.io.waypoints.movingai import Scenario, read_movingai_map, read_movingai_scenarios
    from lupex.io.waypoints.stops import read_stops
    from lupex.io.waypoints.waypoints import read_waypoints

_HOMES = {
    "DemInfo": "describe",
    "DemProduct": "fetch",
    "DemWindows": "windows",
    "FetchSettings": "fetch",
    "HorizonInputs": "horizon_store",
    "HorizonStore": "horizon_store",
    "LayerStyle": "styles",
    "Manifest": "manifest",
    "PlainRaster": "plain_raster",
    "Scenario": "movingai",
    "ScheduleHeader": "simple_schedule",
    "TdmHeader": "tdm",
    "TileStore": "tile_store",
    "VectorLayer": "vectors",
    "as_xarray": "labelled",
    "atomic_path": "atomic",
    "crs_wkt": "crs",
    "csv_text": "tables",
    "default_terrain": "default_dem",
    "dem_files": "windows",
    "dem_table": "fetch",
    "dem_windows": "windows",
    "describe_dem": "describe",
    "fetch_dem": "fetch",
    "filled_polygons_qml": "styles",
    "import_dem": "describe",
    "json_text": "tables",
    "looks_text": "pass_tables",
    "mask_polygons": "vectors",
    "ranked_points_qml": "styles",
    "read_calendar": "calendar",
    "read_movingai_map": "movingai",
    "read_movingai_scenarios": "movingai",
    "read_oem": "oem",
    "read_plain_raster": "plain_raster",
    "read_simple_schedule": "simple_schedule",
    "read_stops": "stops",
    "read_tdm": "tdm",
    "read_terrain": "read",
    "read_waypoints": "waypoints",
    "same_crs": "crs",
    "with_far": "read",
    "write_calendar": "calendar",
    "write_cog": "cog",
    "write_cog_blocks": "cog",
    "write_csv": "tables",
    "write_gpkg": "vectors",
    "write_json": "tables",
    "write_layer_styles": "styles",
    "write_looks": "pass_tables",
    "write_passes_csv": "pass_tables",
    "write_points_geojson": "vectors",
    "write_points_gpkg": "vectors",
    "write_polygons_gpkg": "vectors",
    "write_simple_schedule": "simple_schedule",
    "write_sub_points_geojson": "sub_points",
    "write_tdm": "tdm",
    "write_track_geojson": "tracks",
}

__all__ = [
    "DemInfo",
    "DemProduct",
    "DemWindows",
    "FetchSettings",
    "HorizonInputs",
    "HorizonStore",
    "LayerStyle",
    "Manifest",
    "PlainRaster",
    "Scenario",
    "ScheduleHeader",
    "TdmHeader",
    "TileStore",
    "VectorLayer",
    "as_xarray",
    "atomic_path",
    "crs_wkt",
    "csv_text",
    "default_terrain",
    "dem_files",
    "dem_table",
    "dem_windows",
    "describe_dem",
    "fetch_dem",
    "filled_polygons_qml",
    "import_dem",
    "json_text",
    "looks_text",
    "mask_polygons",
    "ranked_points_qml",
    "read_calendar",
    "read_movingai_map",
    "read_movingai_scenarios",
    "read_oem",
    "read_plain_raster",
    "read_simple_schedule",
    "read_stops",
    "read_tdm",
    "read_terrain",
    "read_waypoints",
    "same_crs",
    "with_far",
    "write_calendar",
    "write_cog",
    "write_cog_blocks",
    "write_csv",
    "write_gpkg",
    "write_json",
    "write_layer_styles",
    "write_looks",
    "write_passes_csv",
    "write_points_geojson",
    "write_points_gpkg",
    "write_polygons_gpkg",
    "write_simple_schedule",
    "write_sub_points_geojson",
    "write_tdm",
    "write_track_geojson",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'lupex.io' has no attribute '{name}'")
    return getattr(import_module(f"lupex.io.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
