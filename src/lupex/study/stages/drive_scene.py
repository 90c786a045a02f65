"""The ground, the rover and the light of a drive: what every planner of drives is given."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lupex.base.constants import DAY_S, HOUR_S
from lupex.base.running import Running
from lupex.ephemeris import tdb_s_to_utc, utc_to_tdb_s
from lupex.mission import Mission
from lupex.model import Grid, LightSeries, Terrain, held
from lupex.model.fields.light_series import LightWindow
from lupex.results import DriveScene, Season
from lupex.study.stages.region import skyline_settings
from lupex.study.stages.station_light import drive_light
from lupex.terrain import horizon_map
from lupex.traverse import EDGE_CONSTRAINTS, Edges, drive_edges, rover_model
from lupex.traverse.steps.edges import DOWN, RIGHT


def drive_begin_utc(mission: Mission, season: Season | None) -> str:
    """When the first drive may begin: landing and the check-out after it.

    ``season`` may be None when the mission file states the day of landing, or the mission span begins with it.
    """
    if mission.traverse.begin != "season":
        landing = mission.traverse.begin
    else:
        landing = mission.light.start_utc if season is None else season.start_utc
    return tdb_s_to_utc([float(utc_to_tdb_s(landing)[0]) + HOUR_S * mission.traverse.first_hours])[0]


def drive_scene(mission: Mission, terrain: Terrain, begin_utc: str, running: Running = Running()) -> DriveScene:
    """Everything a drive over a terrain needs, from ``begin_utc`` on for [traverse] span_days.

    Skylines are seen from the panel's height. Raises MissionError for a rover without the facts that are needed,
    InputError for an unknown station.
    """
    settings = mission.traverse
    rover = rover_model(mission.rover, mission.reach, settings, name=mission.rover_name)
    edges = drive_edges(terrain, rover, settings.neighbours, running=running)
    horizons = horizon_map(terrain, skyline_settings(mission, mission.horizon.panel_height_m), running)
    step_s = 60.0 * settings.step_minutes
    begin_s = float(utc_to_tdb_s(begin_utc)[0])
    first, last = tdb_s_to_utc(
        np.array([begin_s + 0.5 * step_s, begin_s + max(2, round(settings.span_days * DAY_S / step_s)) * step_s]), 3
    )
    light = held(drive_light(mission, terrain, horizons, (first, last), step_s, running))
    return DriveScene(terrain, rover, edges, light)


@dataclass(frozen=True, eq=False)
class Surroundings:
    """Part of a scene: steps and light of a window whose upper left cell is (row, col) of the whole."""

    row: int
    col: int
    edges: Edges
    light: LightSeries


def around(scene: DriveScene, cells: Sequence[tuple[int, int]], margin_m: float) -> Surroundings:
    """The smallest window that holds some cells and ``margin_m`` around them; no step leads out of it."""
    grid = scene.terrain.grid
    rows, cols = np.array(cells).T
    pad = math.ceil(margin_m / grid.cell_m)
    top, left = max(0, int(rows.min()) - pad), max(0, int(cols.min()) - pad)
    bottom, right = min(grid.rows, int(rows.max()) + pad + 1), min(grid.cols, int(cols.max()) + pad + 1)
    window = (top, left, bottom - top, right - left)
    return Surroundings(top, left, _cut(scene.edges, window), LightWindow(scene.light, window))


def _cut(edges: Edges, window: tuple[int, int, int, int]) -> Edges:
    row, col, rows, cols = window
    part = (slice(None), slice(row, row + rows), slice(col, col + cols))
    length, energy, time, slope = (
        a[part].copy() for a in (edges.length_m, edges.energy_j, edges.time_s, edges.slope_deg)
    )
    blocked = edges.blocked_by[part].copy()
    r, c = np.mgrid[:rows, :cols]
    for d in range(edges.directions):
        to_row, to_col = r + DOWN[d], c + RIGHT[d]
        leaves = (to_row < 0) | (to_row >= rows) | (to_col < 0) | (to_col >= cols)
        for values in (length, energy, time):
            values[d, leaves] = np.inf
        blocked[d, leaves] = EDGE_CONSTRAINTS.index("edge of the map")
    return Edges(edges.grid.crop(*window), length, energy, time, slope, blocked)


def cell_at(grid: Grid, x_m: float, y_m: float) -> tuple[int, int]:
    """Row and column of the cell a map point lies in; points on the far edges belong to the last cell."""
    row, col = int((grid.top_m - y_m) / grid.cell_m), int((x_m - grid.left_m) / grid.cell_m)
    return min(max(row, 0), grid.rows - 1), min(max(col, 0), grid.cols - 1)
