"""Drives as plain rows and summaries, and as files: what the command line prints."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lupex.base.frames import lat_lon_deg
from lupex.ephemeris import tdb_s_to_utc
from lupex.io import write_cog, write_csv
from lupex.model import SiteDrive
from lupex.study.drive_scene import HOUR_S, DriveScene
from lupex.study.drives import CheckedDrive, ReachedGround, StaticDrive

WH = 3600.0
LEVELS_HOURS = (6.0, 12.0, 24.0, 48.0, 96.0, 168.0, 336.0, 720.0)
REACH_LAYERS = {
    "least_time_hours": ("hours", "least driving time from the start, light ignored"),
    "least_energy_wh": ("Wh", "least driving energy from the start, light ignored, hotel power not included"),
    "earliest_arrival_hours": ("hours", "earliest arrival after the start, with light, view and battery"),
    "earliest_return_hours": ("hours", "earliest arrival from which the rover can still come back into light"),
    "most_battery_wh": ("Wh", "most charge the rover can ever have there"),
}


def static_rows(drive: StaticDrive) -> list[dict[str, float]]:
    """The vertices of a drive that ignores light, in order."""
    lat, lon = lat_lon_deg(drive.line.x_m, drive.line.y_m, drive.terrain.grid.pole)
    columns = zip(lat.tolist(), lon.tolist(), drive.line.x_m.tolist(), drive.line.y_m.tolist(), strict=True)
    return [{"lat_deg": a, "lon_deg": b, "x_m": x, "y_m": y} for a, b, x, y in columns]


def static_summary(drive: StaticDrive) -> dict[str, Any]:
    """What a drive that ignores light takes: cell by cell (optimal on the grid), and pulled straight."""
    route, line = drive.route, drive.line
    return {
        "length_m": line.length_m,
        "driving_hours": line.time_s / HOUR_S,
        "driving_energy_wh": line.energy_j / WH,
        "grid_length_m": route.length_m,
        "grid_driving_hours": route.time_s / HOUR_S,
        "grid_driving_energy_wh": route.energy_j / WH,
        "cells": len(route),
        "optimal_on_grid": route.exact,
        "ground": drive.terrain.source,
        "synthetic_below_m": drive.terrain.synthetic_below_m,
    }


def write_static_drive(drive: StaticDrive, folder: Path) -> Path:
    """Write the vertices as CSV, which `lupex traverse check` reads. Raises StoreError when it cannot be written."""
    rows = static_rows(drive)
    path = folder / "route.csv"
    write_csv(path, list(rows[0]), [list(row.values()) for row in rows])
    return path


def drive_summary(scene: DriveScene, drive: SiteDrive) -> dict[str, Any]:
    """A timed drive in numbers: summary, chances, havens, and what it was planned with."""
    traverse = drive.traverse
    return {
        "target": drive.target,
        "summary": None if traverse is None else traverse.summary,
        "notes": [] if traverse is None else list(traverse.notes),
        "risk": drive.risk,
        "havens": list(drive.havens),
        "window_utc": list(drive.window_utc),
        "step_s": drive.step_s,
        "rover": drive.rover.name,
        "ground": scene.terrain.source,
        "synthetic_below_m": scene.terrain.synthetic_below_m,
    }


def check_summary(checked: CheckedDrive) -> dict[str, Any]:
    """Whether a drive keeps every limit; the breaks in order of time, the first first."""
    drive = checked.traverse
    lat, lon = lat_lon_deg(drive.x_m, drive.y_m, drive.pole)
    broken = [
        {
            "constraint": one.constraint,
            "waypoint": one.waypoint,
            "utc": tdb_s_to_utc([one.time_tdb_s])[0],
            "lat_deg": float(lat[one.waypoint]),
            "lon_deg": float(lon[one.waypoint]),
            "by": one.by,
            "sentence": one.sentence,
        }
        for one in checked.broken
    ]
    hours = (float(drive.times_tdb_s[-1]) - float(drive.times_tdb_s[0])) / HOUR_S
    sentence = f"{drive.distance_m[-1] / 1000.0:.2f} km in {hours:.1f} h, lowest charge {drive.battery_wh.min():.0f} Wh"
    return {
        "ok": not broken,
        "first_broken": broken[0] if broken else None,
        "broken": broken,
        "sentence": sentence,
        "summary": drive.summary,
        "ground": checked.scene.terrain.source,
        "synthetic_below_m": checked.scene.terrain.synthetic_below_m,
    }


def reach_layers(reached: ReachedGround) -> dict[str, NDArray[np.float32]]:
    """Maps (row, col) of how far the rover gets, NaN where it does not; names with units as in REACH_LAYERS."""
    static, timed = reached.ignoring_light, reached.in_time
    begin_s = float(reached.scene.light.times_tdb_s[0])
    layers = {
        "least_time_hours": static.time_s / HOUR_S,
        "least_energy_wh": static.energy_j / WH,
        "earliest_arrival_hours": (timed.arrival_tdb_s - begin_s) / HOUR_S,
        "earliest_return_hours": (timed.return_tdb_s - begin_s) / HOUR_S,
        "most_battery_wh": timed.best_battery_wh,
    }
    return {name: np.where(np.isfinite(layer), layer, np.nan).astype(np.float32) for name, layer in layers.items()}


def reach_rows(reached: ReachedGround) -> list[dict[str, float]]:
    """Ground within reach (km2) after some hours: light ignored, in time, and in time with a way to come through."""
    layers = reach_layers(reached)
    area_km2 = reached.scene.terrain.grid.cell_area_m2() / 1e6
    span_h = (reached.scene.light.times_tdb_s[-1] - reached.scene.light.times_tdb_s[0]) / HOUR_S
    names = {
        "light_ignored_km2": "least_time_hours",
        "in_time_km2": "earliest_arrival_hours",
        "in_time_and_back_km2": "earliest_return_hours",
    }
    return [
        {"hours": hours} | {name: float(area_km2[layers[layer] <= hours].sum()) for name, layer in names.items()}
        for hours in (*(level for level in LEVELS_HOURS if level < span_h), float(span_h))
    ]


def write_reach(reached: ReachedGround, folder: Path) -> list[Path]:
    """Write the maps as GeoTIFF files. Raises StoreError when they cannot be written."""
    terrain = reached.scene.terrain
    written = []
    for name, layer in reach_layers(reached).items():
        unit, meaning = REACH_LAYERS[name]
        path = folder / f"{name}.tif"
        write_cog(path, terrain.grid, layer, name=name, unit=unit, meaning=meaning,
                  synthetic_below_m=terrain.synthetic_below_m, tags={})  # fmt: skip
        written.append(path)
    return written
