"""Read and write maps, tables and standard messages; open and fetch data.

Names load on first use, so that writing a CSV does not import GDAL.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lupex.io.atomic import atomic_path
    from lupex.io.cog import write_cog, write_cog_blocks
    from lupex.io.crs import crs_wkt, same_crs
    from lupex.io.default_dem import default_terrain
    from lupex.io.describe import DemInfo, describe_dem, import_dem
    from lupex.io.fetch import DemProduct, FetchSettings, dem_table, fetch_dem
    from lupex.io.horizon_store import HorizonInputs, HorizonStore
    from lupex.io.labelled import as_xarray
    from lupex.io.manifest import Manifest
    from lupex.io.movingai import Scenario, read_movingai_map, read_movingai_scenarios
    from lupex.io.oem import read_oem
    from lupex.io.plain_raster import PlainRaster, read_plain_raster
    from lupex.io.read import read_terrain, with_far
    from lupex.io.stops import read_stops
    from lupex.io.styles import LayerStyle, filled_polygons_qml, ranked_points_qml, write_layer_styles
    from lupex.io.tables import csv_text, json_text, write_csv, write_json
    from lupex.io.tile_store import TileStore
    from lupex.io.tracks import write_track_geojson
    from lupex.io.vectors import (
        VectorLayer,
        mask_polygons,
        write_gpkg,
        write_points_geojson,
        write_points_gpkg,
        write_polygons_gpkg,
    )
    from lupex.io.waypoints import read_waypoints
    from lupex.io.windows import DemWindows, dem_files, dem_windows

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
    "mask_polygons": "vectors",
    "ranked_points_qml": "styles",
    "read_movingai_map": "movingai",
    "read_movingai_scenarios": "movingai",
    "read_plain_raster": "plain_raster",
    "read_oem": "oem",
    "read_stops": "stops",
    "read_terrain": "read",
    "read_waypoints": "waypoints",
    "same_crs": "crs",
    "with_far": "read",
    "write_cog": "cog",
    "write_cog_blocks": "cog",
    "write_csv": "tables",
    "write_gpkg": "vectors",
    "write_json": "tables",
    "write_layer_styles": "styles",
    "write_points_geojson": "vectors",
    "write_points_gpkg": "vectors",
    "write_polygons_gpkg": "vectors",
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
    "mask_polygons",
    "ranked_points_qml",
    "read_movingai_map",
    "read_movingai_scenarios",
    "read_plain_raster",
    "read_oem",
    "read_stops",
    "read_terrain",
    "read_waypoints",
    "same_crs",
    "with_far",
    "write_cog",
    "write_cog_blocks",
    "write_csv",
    "write_gpkg",
    "write_json",
    "write_layer_styles",
    "write_points_geojson",
    "write_points_gpkg",
    "write_polygons_gpkg",
    "write_track_geojson",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'lupex.io' has no attribute '{name}'")
    return getattr(import_module(f"lupex.io.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
