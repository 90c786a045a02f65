"""A drive as files: timed GeoJSON and GeoPackage, a timeline, and the list of what is done when."""

import re
import uuid
from pathlib import Path
from typing import Any

import numpy as np

from lupex.base.errors import InputError
from lupex.base.frames import lat_lon_deg
from lupex.ephemeris import tdb_s_to_utc
from lupex.io import VectorLayer, write_csv, write_czml, write_gpkg, write_json
from lupex.io.maps.tracks import write_track_geojson
from lupex.model import Terrain, Traverse
from lupex.report.scene import COLOURS, drive_scene_objects

TEXT_COLOURS = {"charge": "#000000"}
_SPACE = uuid.UUID("2f6a3c1e-8f0b-5d52-9a5e-6c7570657800")
"""Of the uuids of features: equal drives get equal ones."""


def write_traverse(folder: str | Path, traverse: Traverse, name: str, terrain: Terrain | None = None) -> list[Path]:
    """Write NAME.geojson, NAME.gpkg (layers 'track' and 'waypoints'), NAME.csv (timeline), NAME_activities.csv, .json
    and NAME.czml, the drive as a scene for Cesium.

    UTC to the second, angles in degrees, everything else with its unit in its name; VIPER's start_time, end_time,
    duration (s), uuid, item_type, name, color, text_color, activity_type and style stand beside them. Files are
    whole or absent, and the same for the same drive. `lupex.io.read_waypoints` reads the first three again.

    Args:
        traverse: the timed drive.
        name: how the files begin.
        terrain: heights of the scene; without it, it lies on the 1737.4 km sphere.

    Raises InputError for a name that is no file name, StoreError when the folder cannot be written.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise InputError(f"drive: '{name}' is no name for a file", "use letters, digits, '-', '_' and '.'")
    folder = Path(folder)
    rows = timeline(traverse)
    track = _viper(name, name, "track", "drive", rows[0]["start_time"], rows[-1]["end_time"], traverse) | {
        "distance_m": float(traverse.distance_m[-1])
    }
    ends = (".geojson", ".gpkg", ".csv", "_activities.csv", "_activities.json", ".czml")
    paths = [folder / f"{name}{end}" for end in ends]
    write_track_geojson(paths[0], rows, track, traverse.pole, name)
    _write_gpkg(paths[1], traverse, rows, track)
    ours = [key for key in rows[0] if key not in ("uuid", "color", "text_color", "style", "item_type", "name")]
    write_csv(paths[2], ours, [[row[key] for key in ours] for row in rows])
    doing = activities(traverse)
    header = list(_activity(traverse, 0, 0))
    write_csv(paths[3], header, [[item[key] for key in header] for item in doing])
    write_json(
        paths[4], {"name": traverse.name, "activities": doing, "summary": traverse.summary, "notes": traverse.notes}
    )
    write_czml(paths[5], f"{name}: {traverse.name}", drive_scene_objects(traverse, terrain))
    return paths


def timeline(traverse: Traverse) -> list[dict[str, Any]]:
    """A row for every waypoint: when, where, what, and the state on arrival; units in the names.

    Args:
        traverse: the timed drive.
    """
    utc = tdb_s_to_utc(traverse.times_tdb_s)
    lat, lon = lat_lon_deg(traverse.x_m, traverse.y_m, traverse.pole)
    safe = traverse.safe_until_tdb_s
    rows = []
    for i in range(len(traverse)):
        stop = utc[min(i + 1, len(utc) - 1)]
        row = _viper(traverse.name, traverse.labels[i], "waypoint", traverse.activity[i], utc[i], stop, traverse, i)
        row |= {
            "label": traverse.labels[i],
            "activity": traverse.activity[i],
            "lat_deg": float(lat[i]),
            "lon_deg": float(lon[i]),
            "x_m": float(traverse.x_m[i]),
            "y_m": float(traverse.y_m[i]),
            "distance_m": float(traverse.distance_m[i]),
            "energy_wh": float(traverse.energy_wh[i]),
            "battery_wh": float(traverse.battery_wh[i]),
            "disc_fraction": float(traverse.disc_fraction[i]),
            "earth_in_view": bool(traverse.earth_in_view[i]),
            "dark_hours": float(traverse.dark_hours[i]),
            "slope_deg": _or_none(traverse.slope_deg[i]),
        }
        row |= {f"slack_{name}": _or_none(values[i]) for name, values in traverse.slack.items()}
        if safe is not None:
            row["safe_until_utc"] = tdb_s_to_utc(safe[i])[0] if np.isfinite(safe[i]) else None
        rows.append(row)
    return rows


def activities(traverse: Traverse) -> list[dict[str, Any]]:
    """What is done when: waypoints in a row with one activity are one item; a named place begins a new one.

    Args:
        traverse: the timed drive.
    """
    begins = [
        i
        for i in range(len(traverse) - 1)
        if i == 0 or traverse.activity[i] != traverse.activity[i - 1] or traverse.labels[i]
    ]
    return [
        _activity(traverse, begin, stop)
        for begin, stop in zip(begins, [*begins[1:], len(traverse) - 1], strict=True)
        if traverse.times_tdb_s[stop] > traverse.times_tdb_s[begin]
    ]


def _activity(traverse: Traverse, begin: int, stop: int) -> dict[str, Any]:
    utc = tdb_s_to_utc(traverse.times_tdb_s[[begin, stop]])
    lat, lon = lat_lon_deg(traverse.x_m[[begin, stop]], traverse.y_m[[begin, stop]], traverse.pole)
    return {
        "start_utc": utc[0],
        "stop_utc": utc[1],
        "activity": traverse.activity[begin],
        "place": traverse.labels[begin],
        "duration_hours": round(float(traverse.times_tdb_s[stop] - traverse.times_tdb_s[begin]) / 3600.0, 6),
        "distance_m": float(traverse.distance_m[stop] - traverse.distance_m[begin]),
        "battery_before_wh": float(traverse.battery_wh[begin]),
        "battery_after_wh": float(traverse.battery_wh[stop]),
        "start_lat_deg": float(lat[0]),
        "start_lon_deg": float(lon[0]),
        "stop_lat_deg": float(lat[1]),
        "stop_lon_deg": float(lon[1]),
        "start_x_m": float(traverse.x_m[begin]),
        "start_y_m": float(traverse.y_m[begin]),
        "stop_x_m": float(traverse.x_m[stop]),
        "stop_y_m": float(traverse.y_m[stop]),
    }


def _viper(drive: str, name: str, item: str, activity: str, start: str, stop: str, traverse: Traverse, i: int = -1) -> dict[str, Any]:  # fmt: skip  # noqa: E501
    times = traverse.times_tdb_s
    seconds = times[-1] - times[0] if i < 0 else times[min(i + 1, times.size - 1)] - times[i]
    return {
        "start_time": start,
        "end_time": stop,
        "duration": round(float(seconds), 3),
        "uuid": str(uuid.uuid5(_SPACE, f"{drive}/{item}/{i}/{start}/{traverse.x_m[max(i, 0)]!r}")),
        "item_type": item,
        "name": name,
        "color": COLOURS[activity],
        "text_color": TEXT_COLOURS.get(activity, "#ffffff"),
        "activity_type": activity,
        "style": "solid" if activity == "drive" else "dot",
    }


def _write_gpkg(path: Path, traverse: Traverse, rows: list[dict[str, Any]], track: dict[str, Any]) -> None:
    import shapely

    ends = list(zip(traverse.x_m.tolist(), traverse.y_m.tolist(), strict=True))
    line = shapely.LineString(ends if len(ends) > 1 else ends * 2)
    points = [shapely.Point(*end) for end in ends]
    write_gpkg(path, [VectorLayer("track", [line], [track]), VectorLayer("waypoints", points, rows)], traverse.pole)


def _or_none(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None
