"""Coming down and driving off: safe touchdown and the first drive into shadow, on the fine ground of a site."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lupex.model import Mission, Reach, Rover
from lupex.sites import (
    REACH_MEANINGS,
    avoided,
    dispersion_at,
    hazard_map,
    lander_limits,
    reach_at,
    reach_limits,
    reach_map,
    touchdown_at,
    touchdown_map,
)
from lupex.study.looks import FineLook, Landing
from lupex.traverse import rover_model

SHOWN_REACH = ("distance_there_km", "reachable")


def land(mission: Mission, look: FineLook) -> Landing:
    """Probabilities over the landing dispersion aimed at the site's best place, and the look with their maps.

    Light is static here: ground lit at least [reach] min_lit_fraction of the season counts as light. Raises
    MissionError when lander or rover lack a fact that is needed.
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
    rover = rover_model(mission.rover, mission.reach, mission.traverse, name=mission.rover_name)
    drive = reach_map(terrain, look.shadow, lit, rover, reach_limits(mission.rover, mission.reach))
    reach = reach_at(drive, spread, aim, hazard=after)
    layers = {
        **look.maps.layers,
        "hazard_probability": hazard["hazard_probability"].astype(np.float32),
        "touchdown_probability": safe.probability.astype(np.float32),
        **{name: _finite(drive.layers[name]) for name in SHOWN_REACH},
    }
    meanings = {
        **look.maps.meanings,
        "hazard_probability": hazard.meanings["hazard_probability"],
        "touchdown_probability": "probability of a safe touchdown when the lander aims at the cell",
        **{name: f"{REACH_MEANINGS[name]}, within the fine map" for name in SHOWN_REACH},
    }
    near = _around(look, mission.dispersion.aim_search_m)
    share = float(np.mean(drive.layers["reachable"][near]))
    return Landing(
        replace(look, maps=replace(look.maps, layers=layers, meanings=meanings)),
        touchdown,
        _limits_that_exist(reach, rover),
        max(float(np.nanstd(safe.probability[near])), touchdown.monte_carlo_error),
        math.sqrt(max(share * (1.0 - share), 0.0)),
    )


def _around(look: FineLook, radius_m: float) -> NDArray[np.bool_]:
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
