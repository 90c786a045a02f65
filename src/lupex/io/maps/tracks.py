"""A drive as GeoJSON: its track as a line and its waypoints as points, with VIPER's field names beside our own."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lupex.base.frames import Pole
from lupex.io.atomic import write_bytes
from lupex.io.tables import plain


def write_track_geojson(
    path: str | Path, rows: Sequence[dict[str, Any]], track: dict[str, Any], pole: Pole, name: str
) -> None:
    """Write one LineString through all rows and a Point for each; ``lat_deg`` and ``lon_deg`` place a row.

    Rows and ``track`` become the features' properties. Coordinates are longitude, latitude on the Moon, longitude
    first, [-180, 180]: RFC 7946 means the Earth, the members ``crs`` and ``lupex:crs`` say otherwise.

    Args:
        path: of the file.
        pole: of the polar map.
        name: of the collection.

    Raises StoreError when it cannot be written.
    """
    places = [[(row["lon_deg"] + 180.0) % 360.0 - 180.0, row["lat_deg"]] for row in rows]
    line = {"type": "LineString", "coordinates": places if len(places) > 1 else places * 2}
    features = [{"type": "Feature", "geometry": line, "properties": plain(track)}]
    for row, place in zip(rows, places, strict=True):
        point = {"type": "Point", "coordinates": place}
        features.append({"type": "Feature", "geometry": point, "properties": plain(row)})
    collection = {
        "type": "FeatureCollection",
        "name": name,
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:IAU:2015:30100"}},
        "lupex:crs": "IAU_2015:30100",
        "lupex:pole": pole,
        "features": features,
    }
    write_bytes(path, (json.dumps(plain(collection), indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode())
