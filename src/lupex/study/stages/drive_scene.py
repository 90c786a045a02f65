"""The ground, the rover and the light of a drive: what every planner of drives is given."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lupex.base.constants import DAY_S, HOUR_S
from lupex.base.errors import MissionError
from lupex.base.running import Running
from lupex.base.utc import UtcLike
from lupex.ephemeris import tdb_s_to_utc, utc_to_tdb_s
from lupex.mission import Mission
from lupex.model import LightSeries, Rover, Terrain, held
from lupex.model.fields.light_series import LightWindow
from lupex.results import DriveScene, Season
from lupex.study.stages.region import skyline_settings
from lupex.study.stages.station_light import drive_light
from lupex.terrain import horizon_map
from lupex.traverse import Edges, LivingEnds, LivingRule, TimeSettings, drive_edges, rover_model
from lupex.traverse.steps.widening import widened


def drive_begin_utc(mission: Mission, season: Season | None) -> str:
    """When the first drive may begin: landing and the check-out after it.

    ``season`` may be None when the mission file states the day of landing, or the mission span begins with it.
    """
    if mission.traverse.begin != "season":
        landing = mission.traverse.begin
    else:
        landing = mission.light.start_utc if season is None else season.start_utc
    return tdb_s_to_utc([float(utc_to_tdb_s(landing)[0]) + HOUR_S * mission.traverse.first_hours])[0]


def drive_scene(mission: Mission, terrain: Terrain, begin_utc: UtcLike, running: Running = Running()) -> DriveScene:
    """Everything a drive over a terrain needs, from ``begin_utc`` on for [traverse] span_days.

    The light goes on after the span as long as the rule of [traverse] looks ahead from where a drive ends. Skylines
    are seen from the panel's height. Raises MissionError for a rover without the facts that are needed, InputError for
    an unknown station.

    Args:
        mission: the settings.
    """
    settings = mission.traverse
    rover = rover_model(mission.rover, mission.reach, settings, name=mission.rover_name)
    edges = rover_edges(mission, terrain, rover, running)
    horizons = horizon_map(terrain, skyline_settings(mission, mission.horizon.panel_height_m), running)
    step_s = 60.0 * settings.step_minutes
    begin_s = float(utc_to_tdb_s(begin_utc)[0])
    rule = LivingRule.of(settings)
    steps = max(2, round(settings.span_days * DAY_S / step_s))
    after = math.ceil(rule.hours * HOUR_S / step_s)
    first, last = tdb_s_to_utc(np.array([begin_s + 0.5 * step_s, begin_s + (steps + after) * step_s]), 3)
    light = held(drive_light(mission, terrain, horizons, (first, last), step_s, running))
    return DriveScene(terrain=terrain, rover=rover, edges=edges, light=light, last_step=steps, rule=rule)


def rover_edges(mission: Mission, terrain: Terrain, rover: Rover, running: Running = Running()) -> Edges:
    """The steps the rover may drive, forbidden ones widened by what is not known of its place ([position]).

    Args:
        mission: the settings. terrain: the ground. rover: its limits.
        running: threads.
    """
    edges = drive_edges(terrain, rover, mission.traverse.neighbours, running=running)
    return widened(edges, mission.position.widening_sigmas * mission.position.drive_sigma_m)


def poor_fix(mission: Mission) -> str:
    """Why no drive is planned on so poor a fix, in words; '' where the fix is good enough or no limit is set."""
    known, limit = mission.position.drive_sigma_m, mission.position.worst_drive_sigma_m
    if limit <= 0.0 or known <= limit:
        return ""
    return (
        f"The rover's place is known to {known:g} m (drive_sigma_m), worse than the {limit:g} m a drive needs "
        "(worst_drive_sigma_m)"
    )


def refuse_poor_fix(mission: Mission) -> None:
    """Raise MissionError where the rover's place is known too poorly for any drive."""
    why = poor_fix(mission)
    if why:
        raise MissionError(
            f"[position]: {why[:1].lower()}{why[1:]}",
            "wait for a better fix (lupex locate budget says by which method and when), or raise worst_drive_sigma_m",
        )


def time_settings(scene: DriveScene, **changes: Any) -> TimeSettings:
    """How drives of a scene are planned: in its span, ended only where the rover can go on living.

    ``changes``: fields of `TimeSettings` that differ, such as ``objective`` or ``name``.
    """
    return replace(TimeSettings(last_step=scene.last_step, living=scene.living), **changes)


@dataclass(frozen=True, eq=False)
class SceneWindow:
    """Part of a scene: edges, light and ends of a window whose upper left cell is (row, col) of the whole."""

    row: int
    col: int
    edges: Edges
    light: LightSeries
    living: LivingEnds | None = None


def around(scene: DriveScene, cells: Sequence[tuple[int, int]], margin_m: float) -> SceneWindow:
    """The smallest window that holds some cells and ``margin_m`` around them; no step leads out of it."""
    grid = scene.terrain.grid
    rows, cols = np.array(cells).T
    pad = math.ceil(margin_m / grid.cell_m)
    top, left = max(0, int(rows.min()) - pad), max(0, int(cols.min()) - pad)
    bottom, right = min(grid.rows, int(rows.max()) + pad + 1), min(grid.cols, int(cols.max()) + pad + 1)
    window = (top, left, bottom - top, right - left)
    living = None if scene.living is None else scene.living.within(window)
    return SceneWindow(top, left, scene.edges.crop(window), LightWindow(scene.light, window), living)
