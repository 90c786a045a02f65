"""Coming down and driving off: safe touchdown and the first drive into shadow, on the fine ground of a site.

Theory: docs/theory/touchdown.md, docs/theory/reach.md.
"""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lupex.base.running import Running
from lupex.mission import Mission
from lupex.model import Reach, Rover
from lupex.navigation.orbit.landing import landing_parts
from lupex.results import DriveScene, SiteStudy
from lupex.sites import (
    REACH_MEANINGS,
    avoided,
    cell_shares,
    dispersion_at,
    hazard_map,
    lander_limits,
    landing_ground,
    reach_at,
    reach_limits,
    reach_map,
    touchdown_at,
    touchdown_map,
)
from lupex.study.stages.drive import NEED, shadow_in_view, start_charge_wh, stay_at
from lupex.study.stages.drive_scene import time_settings
from lupex.traverse import start_needs

SHOWN_REACH = ("distance_there_km", "reachable")
MET = (
    "elevation_m",
    "slope_deg",
    "hazard_probability",
    "season_lit_fraction",
    "season_longest_lit_days",
    "season_longest_dark_days",
    "season_earth_fraction",
    "season_sun_and_earth_fraction",
    "lit_fraction_any",
    "psr_distance_km",
)
"""Layers described over the landing dispersion."""
STILL = "the light held still"


def with_landing_ellipse(mission: Mission) -> Mission:
    """The mission whose [dispersion] is what [ellipse] gives, where it asks for that; else the mission as it is.

    Args:
        mission: the settings.
    """
    if mission.ellipse.origin == "stated":
        return mission
    along, across, _ = landing_parts(mission.ellipse, mission.descent)
    return replace(mission, dispersion=replace(mission.dispersion, along_sigma_m=along, cross_sigma_m=across))


def land(mission: Mission, look: SiteStudy, scene: DriveScene, running: Running = Running()) -> SiteStudy:
    """Probabilities over the landing dispersion aimed at the site's best place, with their maps.

    The reach is judged in time, in the ``scene`` of the site's drives, and beside it with the light held still: ground
    lit at least [reach] min_lit_fraction of the season counts as light. Raises MissionError when lander or rover lack a
    fact that is needed.

    Args:
        mission: the settings.
        look: the fine look at the site.
    """
    terrain, aim = look.terrain, (look.place.x_m, look.place.y_m)
    hazard = hazard_map(terrain, lander_limits(mission.lander), mission.hazard)
    spread = dispersion_at(mission.dispersion, terrain.grid, aim)
    rng = np.random.default_rng(mission.study.seed)
    touchdown = touchdown_at(hazard, aim, spread, mission.dispersion, rng)
    after = avoided(
        hazard["hazard_probability"],
        terrain.grid,
        mission.dispersion.avoid_radius_m,
        mission.dispersion.avoid_success_fraction,
    )
    safe = touchdown_map(after, terrain.grid, spread)
    lit = look.maps["season_lit_fraction"] >= mission.reach.min_lit_fraction
    rover = scene.rover
    drive = reach_map(terrain, look.shadow, lit, rover, reach_limits(mission.rover, mission.reach))
    needs, note = needs_in_time(mission, look.shadow, scene, running)
    in_time = needs <= start_charge_wh(mission, rover)
    reach = replace(reach_at(drive, spread, aim, hazard=after, in_time=in_time), in_time_note=note)
    layers = {
        **look.maps.layers,
        "hazard_probability": hazard["hazard_probability"].astype(np.float32),
        "touchdown_probability": safe.probability.astype(np.float32),
        NEED: _finite(needs),
        **{name: _finite(drive.layers[name]) for name in SHOWN_REACH},
    }
    meanings = {
        **look.maps.meanings,
        "hazard_probability": hazard.meanings["hazard_probability"],
        "touchdown_probability": "probability of a safe touchdown when the lander aims at the cell",
        NEED: _need_meaning(mission, scene),
        **{name: f"{REACH_MEANINGS[name]}, {STILL}, within the fine map" for name in SHOWN_REACH},
    }
    shares = cell_shares(spread, terrain.grid, aim)
    met = layers | {"elevation_m": terrain.elevation_m}
    near = _around(look, mission.dispersion.aim_search_m)
    share = float(np.mean(in_time[near]))
    return replace(
        look,
        maps=replace(look.maps, layers=layers, meanings=meanings),
        touchdown=touchdown,
        reach=_limits_that_exist(reach, rover),
        touchdown_sigma=max(float(np.nanstd(safe.probability[near])), touchdown.monte_carlo_error),
        reach_sigma=math.sqrt(max(share * (1.0 - share), 0.0)),
        shares=shares,
        ground=landing_ground(met, MET, shares, mission.sites),
    )


def needs_in_time(
    mission: Mission, shadow: NDArray[np.bool_], scene: DriveScene, running: Running = Running()
) -> tuple[NDArray[np.float64], str]:
    """Least charge (row, col), Wh, at the begin of the scene to drive into ``shadow`` (row, col) in view, stay there as
    [traverse] says and come back to where it can go on living; inf where none will do. And what has to be said about
    it.

    Args:
        mission: the settings.
    """
    goals, reason = shadow_in_view(scene, shadow)
    if not goals.any():
        return np.full(scene.terrain.grid.shape, np.inf), reason
    settings = time_settings(scene)
    stay = stay_at(mission, scene.rover, goals)
    needs = start_needs(scene.edges, scene.rover, scene.light, [stay], None, settings, running=running)
    return needs, ""


def _need_meaning(mission: Mission, scene: DriveScene) -> str:
    hours = mission.traverse.stay_hours
    return (
        f"least charge at {scene.span_utc[0]} from which the rover can drive into permanent shadow, stay {hours:g} h "
        "and come back to where it can go on living, as the light moves, within the fine map; none where there is "
        "no such drive"
    )


def _around(look: SiteStudy, radius_m: float) -> NDArray[np.bool_]:
    """(row, col) cells whose map distance from the best place is at most ``radius_m``; at least its own cell."""
    x, y = look.terrain.grid.xy_m()
    reach_m = max(radius_m, look.terrain.grid.cell_m)
    return np.asarray(np.hypot(x - look.place.x_m, y - look.place.y_m) <= reach_m)


def _limits_that_exist(reach: Reach, rover: Rover) -> Reach:
    """Without the share of a limit that the rover does not have."""
    if math.isfinite(rover.max_dark_hours):
        return reach
    return replace(reach, limits={cause: share for cause, share in reach.limits.items() if cause != "dark"})


def _finite(layer: NDArray[np.floating]) -> NDArray[np.float32]:
    """Infinite values, where nothing is reached, as no data."""
    return np.where(np.isfinite(layer), layer, np.nan).astype(np.float32)
