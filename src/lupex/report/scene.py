"""Drives, sites and orbits as scenes for a globe of the Moon (CZML)."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import InputError
from lupex.base.frames import Pole, lat_lon_deg
from lupex.ephemeris import earth_moon_series, tdb_s_to_utc
from lupex.io import SceneObject, write_czml
from lupex.model import OrbitTable, Site, Terrain, Traverse
from lupex.signals import orbit
from lupex.signals.geometry.orbit import in_moon_me

COLOURS = {"drive": "#1f77b4", "wait": "#7f7f7f", "charge": "#e6a817", "sleep": "#3b3b6d", "drill": "#b03a2e",
           "measure": "#2e8b57", "end": "#000000"}  # fmt: skip
"""Of what a rover does, on every map, table and scene."""
SITE_COLOUR = "#d62728"
ORBIT_COLOUR = "#17becf"
ORBIT_STEP_S = 60.0
MOST_STEPS = 500_000
_STANDS = ("charge", "sleep", "drill", "measure", "wait")
_NUMBERS = ("distance_m", "energy_wh", "battery_wh", "disc_fraction", "dark_hours")


def drive_scene_objects(traverse: Traverse, terrain: Terrain | None = None) -> list[SceneObject]:
    """The rover on its way, with charge and light over time, and every place where it stands.

    Args:
        traverse: the timed drive.
        terrain: the ground; without it, and where it has no height, the rover drives on the 1737.4 km sphere.
    """
    at_m = ground_m(traverse.x_m, traverse.y_m, traverse.pole, terrain)
    times = traverse.times_tdb_s
    # Two waypoints may share an instant; a viewer takes the first and would stop there, so the later one stands for it.
    last = np.append(np.diff(times) > 0.0, True)
    utc = tdb_s_to_utc(times, 3)
    made_up = "" if terrain is None or not terrain.label else f"; ground {terrain.label}"
    rover = SceneObject(
        name=traverse.name,
        description=f"{traverse.distance_m[-1] / 1000.0:.2f} km, {utc[0]} to {utc[-1]}{made_up}",
        position_m=at_m[last] if last.sum() > 1 else at_m[-1:],
        elapsed_s=(times - times[0])[last] if last.sum() > 1 else np.empty(0),
        start_utc=utc[0],
        stop_utc=utc[-1],
        colour=COLOURS["drive"],
        size_px=10.0,
        numbers={name: getattr(traverse, name)[last] for name in _NUMBERS} if last.sum() > 1 else {},
    )
    stands = [
        SceneObject(
            name=traverse.labels[i] or traverse.activity[i],
            description=f"{traverse.activity[i]} {(times[i + 1] - times[i]) / 3600.0:.2f} h, {utc[i]} to {utc[i + 1]}",
            position_m=at_m[i : i + 1],
            start_utc=utc[i],
            stop_utc=utc[i + 1],
            colour=COLOURS[traverse.activity[i]],
        )
        for i in range(len(traverse) - 1)
        if traverse.activity[i] in _STANDS and times[i + 1] > times[i]
    ]
    return [rover, *stands]


def site_objects(sites: Sequence[tuple[Site, Terrain | None]]) -> list[SceneObject]:
    """Sites as places that stand still, with their rank and what is synthetic about their ground.

    Args:
        sites: each with its ground; None: on the 1737.4 km sphere.
    """
    return [
        SceneObject(
            name=site.candidate.name,
            description=f"rank {site.rank}, {site.lat_deg:.4f} deg, {site.lon_deg:.4f} deg E"
            + (f"; ground {terrain.label}" if terrain is not None and terrain.label else ""),
            position_m=ground_m(np.array([site.x_m]), np.array([site.y_m]), site.fine_grid.pole, terrain),
            colour=SITE_COLOUR,
        )
        for site, terrain in sites
    ]


def orbit_object(table: OrbitTable, step_s: float = ORBIT_STEP_S) -> SceneObject:
    """The track of an orbiter in axes fixed to the Moon, where its states may be asked for.

    Args:
        table: states about the Moon, as `lupex.io.read_oem` reads them.
        step_s: between two positions; a viewer interpolates by a polynomial of degree 5.

    Raises InputError as `lupex.signals.orbit`, or for more than half a million steps; SpanError outside the kernels.
    """
    held = orbit(table)
    first, last = held.useable_tdb_s
    if not step_s > 0.0 or (last - first) / step_s > MOST_STEPS:
        raise InputError(f"orbit of {table.name}: a step of {step_s:g} s", "use a longer step, such as 60 s")
    # A rest far below a step is rounding of the epochs, not another position.
    times = np.append(first + step_s * np.arange(np.ceil((last - first) / step_s - 1e-6)), last)
    position, _ = in_moon_me(held, times, earth_moon_series(first - 10.0, last + 10.0))
    start, stop = tdb_s_to_utc([first, last], 3)  # an orbiter flies 1.6 m in a millisecond
    return SceneObject(
        name=table.name,
        description=f"{start} to {stop}",
        position_m=position,
        elapsed_s=times - first,
        start_utc=start,
        stop_utc=stop,
        colour=ORBIT_COLOUR,
        interpolation="LAGRANGE",
        degree=5,
    )


def write_orbit_scene(path: str | Path, tables: Sequence[OrbitTable], step_s: float = ORBIT_STEP_S) -> None:
    """Write the tracks of orbiters as one CZML file. Raises as `orbit_object`, and StoreError.

    Args:
        tables: states about the Moon.
        step_s: between two positions.
    """
    write_czml(path, ", ".join(dict.fromkeys(one.name for one in tables)), [orbit_object(t, step_s) for t in tables])


def ground_m(x_m: F64, y_m: F64, pole: Pole, terrain: Terrain | None) -> F64:
    """Map points (n,) on the ground as metres (n, 3) from the Moon's centre in MOON_ME.

    Args:
        x_m, y_m: map frame of the pole.
        terrain: heights; None, and where it has none: the 1737.4 km sphere.
    """
    height = np.zeros(x_m.size)
    if terrain is not None:
        grid = terrain.grid
        for i, (x, y) in enumerate(zip(x_m.tolist(), y_m.tolist(), strict=True)):
            if grid.contains(x, y):
                height[i] = np.nan_to_num(terrain.elevation_m[grid.cell_of(x, y)])
    lat, lon = (np.radians(angle) for angle in lat_lon_deg(x_m, y_m, pole))
    up = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    return np.asarray((MOON_RADIUS_M + height)[:, None] * up)
