"""A small scene for tests of simulated drives: ground, light and a rover with round numbers."""

from typing import Any

import numpy as np

from lupex.base.frames import lat_lon_deg
from lupex.model import Grid, InMemoryLight, Rover, Terrain, Traverse, Waypoint

CELL_M = 10.0
STEP_S = 600.0
START_S = 9.0e8
"""Near mid 2028."""


def grid(rows: int = 5, cols: int = 40) -> Grid:
    """Cell (0, 0) has its upper left corner at x 0, y 10 km; 10 m cells near the south pole."""
    return Grid("south", rows, cols, CELL_M, 0.0, 10_000.0)


def ground(height_m: Any = 0.0, rows: int = 5, cols: int = 40) -> Terrain:
    """A terrain of one height, or of heights (row, col)."""
    return Terrain(grid(rows, cols), np.broadcast_to(np.asarray(height_m, np.float32), (rows, cols)).copy())


def sky(disc: Any = 255, earth: Any = 1, steps: int = 100, rows: int = 5, cols: int = 40) -> InMemoryLight:
    """Light of all cells and steps; ``disc`` and ``earth`` broadcast to (step, row, col)."""
    shape = (steps, rows, cols)
    return InMemoryLight(
        grid=grid(rows, cols),
        times_tdb_s=START_S + STEP_S * np.arange(steps + 1.0),
        disc=np.broadcast_to(np.asarray(disc, np.uint8), shape).copy(),
        earth=np.broadcast_to(np.asarray(earth, np.uint8), shape).copy(),
        sun_strength=np.ones(steps),
        sun_elevation_deg=np.full(steps, 2.0),
    )


def rover(**changes: Any) -> Rover:
    """0.1 m/s, 60 J/m on the level (6 W), hotel 100 W, asleep 20 W, array 300 W, battery 1000 Wh, slopes to 20 deg."""
    facts: dict[str, Any] = {
        "name": "test", "mass_kg": 100.0, "speed_m_s": 0.1, "max_up_slope_deg": 20.0, "max_down_slope_deg": 20.0,
        "max_cross_slope_deg": 20.0, "hotel_power_w": 100.0, "sleep_power_w": 20.0, "array_w": 300.0,
        "battery_wh": 1000.0, "level_j_kg_m": 0.6, "up_j_kg_m_deg": 0.06, "down_j_kg_m_deg": 0.0,
    }  # fmt: skip
    return Rover(**(facts | changes))


def at(x_m: float, y_m: float = 9_975.0, **more: Any) -> Waypoint:
    """A waypoint at a map place; y 9975 m is the middle of row 2."""
    lat, lon = lat_lon_deg(x_m, y_m, "south")
    return Waypoint(lat_deg=float(lat), lon_deg=float(lon), x_m=x_m, y_m=y_m, **more)


def planned(
    cols: list[int],
    steps: list[int],
    doing: list[str],
    here: Rover,
    light: InMemoryLight,
    battery_wh: float,
    metres: float = 10.0,
) -> Traverse:
    """A drive along row 2 as a planner gives it: columns, steps at which each activity begins, planner's rule."""
    n = len(cols)
    times = START_S + STEP_S * np.array(steps, float)
    battery, energy, distance, dark = [battery_wh], [0.0], [0.0], [0.0]
    for i in range(n - 1):
        e, d = battery[-1], dark[-1]
        spent = 0.0
        for k in range(steps[i], steps[i + 1]):
            share = (float(light.disc[k, 2, cols[i]]) + float(light.disc[k, 2, cols[i + 1]])) / 510.0
            power = {"drive": 100.0 + 60.0 * metres / (STEP_S * (steps[i + 1] - steps[i])),
                     "drill": 100.0 + here.drill_power_w}.get(doing[i], 100.0 if share > 0 else 20.0)  # fmt: skip
            e = min(1000.0, e + (300.0 * share - power) * STEP_S / 3600.0)
            d = 0.0 if share > 0 else d + STEP_S / 3600.0
            spent += power * STEP_S / 3600.0
        battery.append(e)
        dark.append(d)
        energy.append(energy[-1] + spent)
        distance.append(distance[-1] + (metres if doing[i] == "drive" else 0.0))
    columns = np.array(cols)
    return Traverse(
        name="planned",
        pole="south",
        times_tdb_s=times,
        x_m=5.0 + 10.0 * columns,
        y_m=np.full(n, 9_975.0),
        activity=tuple(doing),
        labels=("start", *[""] * (n - 1)),
        distance_m=np.array(distance),
        energy_wh=np.array(energy),
        battery_wh=np.array(battery),
        disc_fraction=np.zeros(n),
        earth_in_view=np.ones(n, bool),
        dark_hours=np.array(dark),
        slope_deg=np.where(np.array(doing) == "drive", 0.0, np.nan),
    )
