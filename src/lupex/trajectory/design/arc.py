"""Arcs integrated with the forces that count between Earth and Moon."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.integrate import DOP853

from lupex.base.arrays import F64
from lupex.base.constants import AU_M, MOON_RADIUS_M, SOLAR_IRRADIANCE_1AU_W_M2, SPEED_OF_LIGHT_M_S
from lupex.base.errors import InputError
from lupex.ephemeris import BarycentricSeries
from lupex.gravity import GravityField, factors, lunar_field, pa_from_me
from lupex.kernels.trajectory import flight as kernel
from lupex.trajectory.conics import GM_EARTH_M3_S2, GM_SUN_M3_S2

EARTH_J2 = 1.0826359e-3
EARTH_J2_RADIUS_M = 6_378_136.3
"""EGM2008, tide-free (C20 -4.84165143790815e-4 x sqrt 5)."""
BLOCK_S = 86_400.0
DEEPEST_M = 9000.0
"""Below the 1737.4 km sphere: lower than the lowest ground of the Moon."""


@dataclass(frozen=True, eq=False, kw_only=True)
class ArcForces:
    """What moves a spacecraft.

    Attributes:
        moon_centred: whether the Moon is at the centre, else the Earth.
        field: the Moon's gravity to the degree needed, its degree 0 a point mass; it counts within ``field_within_m``.
        earth_j2: of 0 for none; it acts on arcs about the Earth only.
        area_per_mass_m2_kg, reflectivity: of solar pressure, 0 for none; no pressure in the shadow of Earth and Moon.
        relative, place_m, speed_m_s: tolerances of a step; longest_step_s.
        stop_at_moon: whether the arc must not meet the Moon.
    """

    moon_centred: bool = False
    field: GravityField = field(default_factory=lambda: lunar_field().to_degree(20))
    field_within_m: float = 2.0e8
    earth_j2: float = EARTH_J2
    area_per_mass_m2_kg: float = 0.005
    reflectivity: float = 1.3
    relative: float = 1e-13
    place_m: float = 1e-6
    speed_m_s: float = 1e-9
    longest_step_s: float = 7200.0
    stop_at_moon: bool = True

    def about_moon(self, degree: int) -> "ArcForces":
        """The same about the Moon, with its field to a degree; steps short enough to see every low pass."""
        return replace(self, moon_centred=True, field=lunar_field().to_degree(degree), longest_step_s=300.0)


def arc(
    state: ArrayLike, epoch_tdb_s: float, times_s: ArrayLike, series: BarycentricSeries, forces: ArcForces = ArcForces()
) -> F64:
    """States (n, 6), m and m/s in the axes of J2000, at seconds after the epoch (n,), ascending or descending from 0.

    Args:
        state: (6,) at the epoch. epoch_tdb_s: TDB seconds past J2000. times_s: (n,) where to stop.
        series: of Earth, Moon and Sun over them. forces: see the class.

    Raises InputError when the arc meets the Moon, takes too many steps, or leaves the series.
    """
    start = np.asarray(state, np.float64)
    times = np.atleast_1d(np.asarray(times_s, np.float64))
    if start.shape != (6,) or not np.all(np.isfinite(start)) or not np.all(np.isfinite(times)):
        raise InputError("arc: a state is six finite numbers, and times are finite", "give metres, m/s and seconds")
    series.placed(np.floor(epoch_tdb_s + np.array([0.0, times.min(), times.max()])))
    numbers = np.zeros(kernel.NUMBERS)
    numbers[kernel.CENTRE] = float(forces.moon_centred)
    numbers[kernel.GM_EARTH], numbers[kernel.GM_SUN] = GM_EARTH_M3_S2, GM_SUN_M3_S2
    numbers[kernel.GM_MOON] = forces.field.gm_m3_s2
    numbers[kernel.J2], numbers[kernel.EARTH_R] = forces.earth_j2, EARTH_J2_RADIUS_M
    pressure = SOLAR_IRRADIANCE_1AU_W_M2 / SPEED_OF_LIGHT_M_S
    numbers[kernel.PRESSURE], numbers[kernel.AU] = pressure * forces.area_per_mass_m2_kg * forces.reflectivity, AU_M
    numbers[kernel.MOON_R] = MOON_RADIUS_M - DEEPEST_M if forces.stop_at_moon else 0.0
    numbers[kernel.FIELD_WITHIN] = forces.field_within_m
    tolerances = np.array([forces.relative, forces.place_m, forces.speed_m_s, forces.longest_step_s])
    out = np.empty((times.size, 6))
    gravity, table = forces.field, factors(forces.field.degree)
    a, b, c = (np.ascontiguousarray(x, np.float64) for x in (DOP853.A[:12, :12], DOP853.B, DOP853.C[:12]))
    e3, e5 = (np.ascontiguousarray(x, np.float64) for x in (DOP853.E3, DOP853.E5))
    ended = kernel.propagate(
        start, epoch_tdb_s, times, tolerances, numbers, series.first_tdb_s, BLOCK_S, series.series, pa_from_me(),
        gravity.gm_m3_s2, gravity.radius_m, gravity.degree, gravity.cosine, gravity.sine, table, a, b, c, e3, e5, out,
    )  # fmt: skip
    if ended == kernel.IMPACT:
        raise InputError("arc: it meets the Moon", "raise it, or end it earlier")
    if ended == kernel.TOO_MANY:
        raise InputError("arc: too many steps", "widen the tolerances, or shorten it")
    return out


def moon_state(tdb_s: float, series: BarycentricSeries) -> tuple[F64, F64]:
    """The Moon from the Earth's centre (6,) and the rotation MOON_ME -> J2000 (3, 3) at a time.

    Args:
        tdb_s: TDB seconds past J2000. series: over it. The velocity is a central difference over 2 x 30 s: 1e-6 m/s.
    """
    rows = []
    for dt in (-60.0, -30.0, 0.0, 30.0, 60.0):
        row, later, after = (np.empty(kernel.COLUMNS) for _ in range(3))
        kernel.sky_row(tdb_s + dt, series.first_tdb_s, BLOCK_S, series.series, kernel.COLUMNS, row, later, after)
        rows.append(row)
    places = [row[kernel.MOON : kernel.MOON + 3] for row in rows]
    speed = (8.0 * (places[3] - places[1]) - (places[4] - places[0])) / 360.0
    return np.concatenate([places[2], speed]), rows[2][kernel.MOON_AXES :].reshape(3, 3)
