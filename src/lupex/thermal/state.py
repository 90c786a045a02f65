"""Temperatures of a map at one time: its columns, brought there by the Sun of the lunation before."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lupex.base.running import Running
from lupex.model import LightMap
from lupex.thermal.columns import Plan, Stage, Wanted, equilibrium
from lupex.thermal.maps import MapSettings, ThermalMap, depth_word
from lupex.thermal.regolith import layers_of, temperature_at_m
from lupex.thermal.sun import SunPath
from lupex.thermal.surface import Surface, surface_cells

STEPS = 480
"""Steps of the last lunation: 1.5 h each, so that the state at its end is that of the time asked for."""


def state_names(settings: MapSettings) -> tuple[str, ...]:
    """Names of the layers of `state_map`.

    Args:
        settings: of the map; its depths are those of the layers.
    """
    return ("surface_at_time_k", *(f"at_time_{depth_word(depth)}_k" for depth in settings.depths_m))


def state_map(
    surface: Surface, found: ThermalMap, last: SunPath, utc: str, settings: MapSettings = MapSettings(),
    running: Running = Running(),
) -> LightMap:  # fmt: skip
    """The map with layers of temperature at one time added: of the surface and at the depths of the settings.

    Args:
        surface: the ground ``found`` was computed for.
        found: the columns at the beginning of ``last``: a map under a Sun whose period ends there.
        last: path in MOON_ME from there to the time asked for.
        utc: that time, for the meanings.
        settings: those ``found`` was computed with.

    Raises InputError or NotConvergedError as `equilibrium` does.
    """
    pole = surface.terrain.grid.pole
    cells = replace(surface_cells(surface), facing_w_m2=found.facing_w_m2)
    layers = layers_of(found.ground, settings.layers)
    plan = Plan((Stage(STEPS, 2, 0),), 0.0, np.inf, 1, double=False)
    wanted = Wanted(start_k=found.end_k.astype(np.float64))
    state = equilibrium(found.ground, layers, cells, last.in_map_frame(pole), plan, None, wanted, running).end_k
    filled: dict[str, NDArray[np.float32]] = {}
    meanings: dict[str, str] = {}
    for name, depth in zip(state_names(settings), (0.0, *settings.depths_m), strict=True):
        layer = np.full(surface.terrain.grid.shape, np.nan, np.float32)
        layer[found.known] = temperature_at_m(layers, state, depth)
        filled[name] = layer
        where = "of the surface" if depth == 0.0 else f"at {depth:g} m"
        beside = f"{found.ground.albedo_law}; regolith {found.ground.name}"
        meanings[name] = f"temperature {where} at {utc}, real Sun ({beside})"
    maps = found.maps
    return replace(maps, layers={**maps.layers, **filled}, meanings={**maps.meanings, **meanings})
