"""A drive as GeoJSON: its track as a line and its waypoints as points, with VIPER's field names beside our own."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lupex.base.frames import Pole
from lupex.io.atomic import write_bytes
from lupex.io.maps.seam import cut_at_180
from lupex.io.tables import plain, text_bytes


def write_track_geojson(
    path: str | Path, rows: Sequence[dict[str, Any]], track: dict[str, Any], pole: Pole, name: str
) -> None:
    """Write one line through all rows and a Point for each; ``lat_deg`` and ``lon_deg`` place a row.

    Args:
        path: where; appears whole or not at all.
        rows: waypoints; they become the properties of the points. Places are degrees.
        track: properties of the line. It is a LineString, or where it crosses the 180th meridian a MultiLineString
            cut there (RFC 7946, 3.1.9).
        pole: of the map on which the line is straight.
        name: of the collection.

    Coordinates are longitude, latitude on the Moon, longitude first, [-180, 180]: RFC 7946 means the Earth, the members
    ``crs`` and ``lupex:crs`` say otherwise. Raises StoreError when it cannot be written.
    """
    places = [[(row["lon_deg"] + 180.0) % 360.0 - 180.0, row["lat_deg"]] for row in rows]
    parts = cut_at_180([(place[0], place[1]) for place in (places if len(places) > 1 else places * 2)], pole)
    kind = "LineString" if len(parts) == 1 else "MultiLineString"
    line: dict[str, Any] = {"type": kind, "coordinates": parts[0] if len(parts) == 1 else parts}
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
    write_bytes(path, text_bytes(json.dumps(plain(collection), indent=1, ensure_ascii=False, allow_nan=False) + "\n"))
