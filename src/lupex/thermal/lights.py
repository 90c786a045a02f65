"""Light on slopes by the hour and season of the Sun: its own, and that of the Earth.

Formulas and their sources: docs/theory/temperature.md.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lupex.base.constants import EARTH_RADIUS_M, SOLAR_IRRADIANCE_1AU_W_M2
from lupex.base.frames import Pole, me_to_map_frame
from lupex.base.running import Running
from lupex.base.threads import over_rows
from lupex.kernels.heat.lanes import LANES
from lupex.kernels.heat.sunlight import GEOMETRY, absorb, light_constants
from lupex.thermal.cells import Cells
from lupex.thermal.regolith import Regolith
from lupex.thermal.sun import PHASES, SEASONS, SUN_RADIUS_RAD, facing_sun

F64 = NDArray[np.float64]
F32 = NDArray[np.float32]

ROWS = PHASES * SEASONS

EARTH_DISTANCE_M = 384_400e3
EARTH_BOND_ALBEDO = 0.30
"""Of the Earth as a Lambert sphere; Glenar et al. (2019) have 0.15 W/m2 in all near full Earth, this gives 0.14."""

EARTH_INFRARED_W_M2 = 240.0
"""Mean heat radiated by the Earth at the top of its air: (1 - 0.30) 1361 / 4, rounded."""

LIBRATION_DEG = (6.7, 7.9)
"""How far the Earth swings in latitude and longitude of the Moon's sky."""

LIBRATION_SAMPLES = 12

EARTH_TOO = "light and heat of the Earth too"
"""Beside the Sun's title where they are in it."""


def earth_irradiance_w_m2(phase_rad: ArrayLike, distance_m: float = EARTH_DISTANCE_M) -> tuple[F64, float]:
    """Sunlight reflected by the Earth (W/m2, like ``phase_rad``) and its infrared (W/m2), facing it, at the Moon.

    A Lambert sphere: 2/3 of its albedo times the Sun's irradiance, (sin a + (pi - a) cos a) / pi of phase, and the
    square of radius over distance; the infrared has no phase.

    Args:
        phase_rad: angle at the Earth between Sun and Moon, 0 at full Earth.
        distance_m: of the Earth.
    """
    a = np.clip(np.abs(np.asarray(phase_rad, np.float64)), 0.0, np.pi)
    solid = (EARTH_RADIUS_M / distance_m) ** 2
    part = (np.sin(a) + (np.pi - a) * np.cos(a)) / np.pi
    reflected = 2.0 / 3.0 * EARTH_BOND_ALBEDO * SOLAR_IRRADIANCE_1AU_W_M2 * solid * part
    return np.asarray(reflected), EARTH_INFRARED_W_M2 * solid


def earthshine(cells: Cells, ground: Regolith, pole: Pole | None, running: Running = Running()) -> F32:
    """(cell, row) of the Earth absorbed for each hour and season, W/m2: sunlight by its phase, and its infrared.

    The Earth is a disc behind the cell's skyline, averaged over its libration, on the mean over the Moon's longitude 0.

    Args:
        cells: in the map frame of ``pole``, or in MOON_ME where it is None.
        ground: regolith, for its albedo law and emissivity.
    """
    turn = 2.0 * np.pi * (np.arange(LIBRATION_SAMPLES) + 0.5) / LIBRATION_SAMPLES
    lat, lon = (np.radians(size) * np.sin(turn) for size in LIBRATION_DEG)
    lat, lon = (part.ravel() for part in np.meshgrid(lat, lon))
    earths = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    beams = np.column_stack(
        [earths if pole is None else me_to_map_frame(earths, pole), np.full(lat.size, 1.0 / lat.size)]
    )
    radius = float(np.arcsin(EARTH_RADIUS_M / EARTH_DISTANCE_M))
    law = (ground.albedo, ground.albedo_45deg, ground.albedo_90deg)
    light = _absorbed(cells, beams, lat.size, radius, law, running)
    heat = _absorbed(cells, beams, lat.size, radius, (1.0 - ground.emissivity, 0.0, 0.0), running)
    suns = np.array([facing_sun(row) for row in range(ROWS)])
    # seen from the Earth, Moon and Sun are as far apart as the Sun stands from the anti-Earth point of the Moon's sky
    reflected, infrared = earth_irradiance_w_m2(np.pi - np.arccos(np.clip(suns[:, 0], -1.0, 1.0)))
    return np.asarray(light * reflected.astype(np.float32) + heat * np.float32(infrared))


def direct_sunlight(cells: Cells, ground: Regolith, pole: Pole, running: Running = Running(), samples: int = 3) -> F32:
    """(cell, row) direct sunlight absorbed for each hour and season, mean over ``samples`` suns of the hour.

    Args:
        cells: the known cells of the map, as `surface_cells` gives them.
        ground: regolith, for its albedo law.
        pole: of the map frame the cells are in, 'south' or 'north'.
        samples: suns spread over each hour.
    """
    suns = np.array(
        [facing_sun(row, part) for row in range(ROWS) for part in (np.arange(samples) + 0.5) / samples - 0.5]
    )
    strength = np.full(len(suns), SOLAR_IRRADIANCE_1AU_W_M2 / samples)
    beams = np.column_stack([me_to_map_frame(suns, pole), strength])
    law = (ground.albedo, ground.albedo_45deg, ground.albedo_90deg)
    return _absorbed(cells, beams, samples, SUN_RADIUS_RAD, law, running)


def _absorbed(
    cells: Cells, beams: F64, samples: int, radius_rad: float, law: tuple[float, float, float], running: Running
) -> F32:
    """(cell, beam / samples) absorbed of discs of this radius: ``beams`` (n, 4) are unit vectors and W/m2 / samples."""
    rows = len(beams) // samples
    geometry = np.column_stack(
        [cells.east, cells.north, cells.up, cells.normal, np.sum(cells.normal * cells.up, axis=1)]
    )
    light = light_constants(cells.skyline_sine.shape[1], radius_rad, law, np.float32)
    sun = beams.astype(np.float32)
    out = np.empty((len(cells), rows), np.float32)
    blocks = -(-len(cells) // LANES)
    none, index, one = np.zeros((0, LANES), np.float32), np.zeros(rows, np.int64), np.ones(rows, np.float32)

    def work(first: int, last: int) -> None:
        for block in range(first, last):
            begin, end = block * LANES, min((block + 1) * LANES, len(cells))
            lanes = np.minimum(np.arange(begin, begin + LANES), len(cells) - 1)
            flux = np.empty((rows, LANES), np.float32)
            absorb(
                flux, sun, np.ascontiguousarray(geometry[lanes].T, np.float32).ravel(),
                np.ascontiguousarray(cells.skyline_sine[lanes].T, np.float32), np.zeros(LANES, np.float32),
                none, index, one, samples, light,
            )  # fmt: skip
            out[begin:end] = flux.T[: end - begin]

    assert geometry.shape[1] == GEOMETRY
    over_rows(work, blocks, running, "light on slopes")
    return out
