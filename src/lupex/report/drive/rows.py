"""Drives as plain rows and summaries, and as files: what the command line prints."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lupex.base.constants import HOUR_S, J_PER_WH
from lupex.base.errors import InputError
from lupex.base.frames import lat_lon_deg
from lupex.ephemeris import tdb_s_to_utc
from lupex.io import write_cog, write_csv
from lupex.model import DriveEnd, Haven, SiteDrive, Traverse, Violation
from lupex.report.drive.drive_spells import end_row
from lupex.report.drive.exchange import timeline
from lupex.results import CheckedDrive, DriveScene, ReachedGround, StaticDrive
from lupex.traverse.checks.constraints import constraint_of

ROUNDING = 1e-6
"""Share by which an hour of a map may be later: maps are float32."""
DRAWING = ("uuid", "color", "text_color", "style", "item_type", "name")
LEVELS_HOURS = (6.0, 12.0, 24.0, 48.0, 96.0, 168.0, 336.0, 720.0)
REACH_LAYERS = {
    "least_time_hours": ("hours", "least driving time from the start, light ignored"),
    "least_energy_wh": ("Wh", "least driving energy from the start, light ignored, hotel power not included"),
    "earliest_arrival_hours": ("hours", "earliest arrival after the start, with light, view and battery"),
    "earliest_return_hours": (
        "hours",
        "earliest arrival from which the rover can still come to where it can live on",
    ),
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
        "least": drive.cost,
        "length_m": line.length_m,
        "driving_hours": line.time_s / HOUR_S,
        "driving_energy_wh": line.energy_j / J_PER_WH,
        "grid_length_m": route.length_m,
        "grid_driving_hours": route.time_s / HOUR_S,
        "grid_driving_energy_wh": route.energy_j / J_PER_WH,
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


def drive_rows(drive: Traverse) -> list[dict[str, Any]]:
    """The timeline without what only drawing programs want: the columns of the CSV file of a drive."""
    return [{name: value for name, value in row.items() if name not in DRAWING} for row in timeline(drive)]


def drive_summary(scene: DriveScene, drive: SiteDrive) -> dict[str, Any]:
    """A timed drive in numbers: summary, chances, havens, and what it was planned with.

    Args:
        scene: ground, rover, steps and light of the drive.
    """
    traverse = drive.traverse
    return {
        "target": drive.target,
        "summary": None if traverse is None else _rounded(traverse.summary),
        "notes": [] if traverse is None else list(traverse.notes),
        "risk": drive.risk,
        "end": None if drive.end is None else _rounded(end_row(drive.end)),
        "havens": [_haven_row(haven, scene) for haven in drive.havens],
        "window_utc": list(drive.window_utc),
        "step_s": round(drive.step_s, 6),
        "rover": drive.rover.name,
        "ground": scene.terrain.source,
        "synthetic_below_m": scene.terrain.synthetic_below_m,
    }


def drive_sentence(drive: SiteDrive) -> str:
    """A timed drive in one line. Raises InputError when there is none."""
    traverse, chances = drive.traverse, drive.risk
    if traverse is None or chances is None:
        raise InputError(f"no drive: {drive.reason}")
    last = tdb_s_to_utc([float(traverse.times_tdb_s[-1])])[0]
    spare = traverse.summary["lowest_battery_wh"] - drive.rover.least_battery_wh
    return (
        f"{drive.target}: {_told(traverse)} ({spare:.0f} Wh to spare), done by {last}; "
        f"{_stays(drive.end)}{100.0 * chances.survival:.3g} % of {chances.draws} samples survive"
    )


def _stays(end: DriveEnd | None) -> str:
    """Where a drive ends and how long the rover may stay, for the middle of a line; '' where it is not known."""
    if end is None:
        return ""
    how = {"light": "charging there", "haven": "ends in haven"}.get(end.ends_in, "cannot go on living there")
    until = tdb_s_to_utc([end.may_stay_until_tdb_s])[0]
    stay = "may stay until at least" if end.may_stay_on else "may stay until"
    return f"{how} ({end.array_w:.0f} W of array, {end.load_w:.0f} W drawn), {stay} {until}; "


def check_summary(checked: CheckedDrive) -> dict[str, Any]:
    """Whether a drive keeps every limit; the breaks in order of time, the first first.

    Args:
        checked: the drive as played through.
    """
    drive = checked.traverse
    broken = [_broken_row(drive, one) for one in checked.broken]
    return {
        "ok": not broken,
        "first_broken": broken[0] if broken else None,
        "broken": broken,
        "sentence": _told(drive),
        "end": None if checked.end is None else _rounded(end_row(checked.end)),
        "summary": _rounded(drive.summary),
        "rover": checked.scene.rover.name,
        "ground": checked.scene.terrain.source,
        "synthetic_below_m": checked.scene.terrain.synthetic_below_m,
    }


def _broken_row(drive: Traverse, one: Violation) -> dict[str, Any]:
    lat, lon = (float(v) for v in lat_lon_deg(one.x_m, one.y_m, drive.pole))
    utc = tdb_s_to_utc([one.time_tdb_s])[0]
    passed = [label for label in drive.labels[: one.waypoint + 1] if label]
    where = f"{lat:.4f}, {lon:.4f}" + (f", from '{passed[-1]}' on" if passed else "")
    return {
        "constraint": one.constraint,
        "row": one.waypoint,
        "after": passed[-1] if passed else "",
        "utc": utc,
        "lat_deg": lat,
        "lon_deg": lon,
        "x_m": one.x_m,
        "y_m": one.y_m,
        "by": one.by,
        "sentence": f"{utc} at {where}: {constraint_of(one.constraint).words.format(by=_by(one.by))}",
    }


def _by(value: float) -> str:
    return f"{value:.0f}" if value >= 100.0 else f"{value:.3g}"


def _haven_row(haven: Haven, scene: DriveScene) -> dict[str, Any]:
    lat, lon = (float(v) for v in lat_lon_deg(haven.x_m, haven.y_m, scene.terrain.grid.pole))
    return _rounded({"lat_deg": lat, "lon_deg": lon} | asdict(haven))


def _told(drive: Traverse) -> str:
    hours = (float(drive.times_tdb_s[-1]) - float(drive.times_tdb_s[0])) / HOUR_S
    lowest = drive.summary["lowest_battery_wh"]
    return f"{drive.distance_m[-1] / 1000.0:.2f} km in {hours:.1f} h, lowest charge {lowest:.0f} Wh"


def _rounded(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers to 6 decimals: times are float64 seconds since 2000, what stands behind is noise."""
    return {name: round(value, 6) if isinstance(value, float) else value for name, value in numbers.items()}


def reach_layers(reached: ReachedGround) -> dict[str, NDArray[np.float32]]:
    """Maps (row, col) of how far the rover gets, NaN where it does not; names with units as in REACH_LAYERS.

    Args:
        reached: how far the rover gets.
    """
    static, timed = reached.ignoring_light, reached.in_time
    begin_s = float(reached.scene.light.times_tdb_s[0])
    layers = {
        "least_time_hours": static.time_s / HOUR_S,
        "least_energy_wh": static.energy_j / J_PER_WH,
        "earliest_arrival_hours": (timed.arrival_tdb_s - begin_s) / HOUR_S,
        "earliest_return_hours": (timed.return_tdb_s - begin_s) / HOUR_S,
        "most_battery_wh": timed.best_battery_wh,
    }
    return {name: np.where(np.isfinite(layer), layer, np.nan).astype(np.float32) for name, layer in layers.items()}


def reach_rows(reached: ReachedGround) -> list[dict[str, float]]:
    """Ground within reach (km2) after some hours: light ignored, in time, and in time with a way to come through.

    Args:
        reached: how far the rover gets.
    """
    layers = reach_layers(reached)
    area_km2 = reached.scene.terrain.grid.cell_area_m2() / 1e6
    times = reached.scene.light.times_tdb_s
    span_h = round(float(times[reached.scene.last_step or -1] - times[0]) / HOUR_S, 6)
    names = {
        "light_ignored_km2": "least_time_hours",
        "in_time_km2": "earliest_arrival_hours",
        "in_time_and_back_km2": "earliest_return_hours",
    }
    return [
        {"hours": hours} | {name: _area_km2(area_km2, layers[layer], hours) for name, layer in names.items()}
        for hours in (*(level for level in LEVELS_HOURS if level < span_h), span_h)
    ]


def _area_km2(cells_km2: NDArray[np.float64], layer_hours: NDArray[np.float32], hours: float) -> float:
    return round(float(cells_km2[layer_hours <= hours * (1.0 + ROUNDING)].sum()), 6)


def write_reach(reached: ReachedGround, folder: Path) -> list[Path]:
    """Write the maps as GeoTIFF files. Raises StoreError when they cannot be written.

    Args:
        reached: how far the rover gets.
        folder: that receives the files.
    """
    terrain = reached.scene.terrain
    written = []
    for name, layer in reach_layers(reached).items():
        unit, meaning = REACH_LAYERS[name]
        path = folder / f"{name}.tif"
        write_cog(path, terrain.grid, layer, name=name, unit=unit, meaning=meaning,
                  synthetic_below_m=terrain.synthetic_below_m, tags={})  # fmt: skip
        written.append(path)
    return written
