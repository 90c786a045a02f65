"""Sub-points as GeoJSON: the track under the Moon (or spacecraft) on the Earth, or under a station on the Moon."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from lupex.io.atomic import write_bytes
from lupex.io.maps.seam import cut_at_180
from lupex.io.tables import plain, text_bytes


def write_sub_points_geojson(
    path: str | Path, rows: Sequence[dict[str, float | str]], body: Literal["earth", "moon"], name: str
) -> None:
    """Write a point for each row and the line through them, cut where it crosses the 180th meridian.

    Args:
        path: of the file.
        name: of the collection.
        rows: with ``time_utc``, ``<body>_lat_deg`` and ``<body>_lon_deg``, as `lupex.ground.sub_points` gives them.
        body: 'earth': WGS84, as RFC 7946 has it. 'moon': MOON_ME; the members ``crs`` and ``lupex:crs`` say so.

    Raises StoreError when it cannot be written.
    """
    places = [((float(row[f"{body}_lon_deg"]) + 180.0) % 360.0 - 180.0, float(row[f"{body}_lat_deg"])) for row in rows]
    lines = [line for line in cut_at_180(places) if len(line) > 1]
    features: list[dict[str, Any]] = []
    if lines:
        shape = {"type": "MultiLineString", "coordinates": lines}
        features.append({"type": "Feature", "geometry": shape, "properties": {"name": name}})
    for row, place in zip(rows, places, strict=True):
        point = {"type": "Point", "coordinates": place}
        features.append({"type": "Feature", "geometry": point, "properties": {"time_utc": row["time_utc"]}})
    collection: dict[str, Any] = {"type": "FeatureCollection", "name": name}
    if body == "moon":
        collection["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:IAU:2015:30100"}}
        collection["lupex:crs"] = "IAU_2015:30100"
    collection["features"] = features
    text = json.dumps(plain(collection), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    write_bytes(path, text_bytes(text))
