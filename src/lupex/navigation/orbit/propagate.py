"""Orbits about the Moon: GRAIL gravity, Earth, Sun and solar pressure; and how their covariance grows.

Moon-centred, axes of J2000, DOP853. The Earth's and Sun's pull on the Moon itself is taken off (third bodies).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from scipy.integrate import solve_ivp

from lupex.base.arrays import F64
from lupex.base.constants import AU_M, MOON_RADIUS_M, SOLAR_IRRADIANCE_1AU_W_M2, SPEED_OF_LIGHT_M_S
from lupex.base.errors import InputError
from lupex.ephemeris import BarycentricSeries
from lupex.gravity import GravityField, factors, lunar_field, pa_from_me
from lupex.kernels.navigation import gravity as gravity_kernel
from lupex.kernels.navigation import light_time as kernel
from lupex.model.position.fix import checked_covariance
from lupex.navigation.design.orbits import states

GM_EARTH_POINT = 398_600.435507e9
GM_SUN_POINT = 132_712_440_041.279_42e9


@dataclass(frozen=True, eq=False, kw_only=True)
class Forces:
    """What moves an orbiter.

    Attributes:
        field: the Moon's gravity, cut to the degree needed: at 100 km one day with degree 50 is 197 m off, with 80 some
            metres (docs/theory/navigation.md). earth, sun: third bodies.
        area_per_mass_m2_kg: for solar pressure, 0 for none; reflectivity: 1 absorbs all.
    """

    field: GravityField = field(default_factory=lambda: lunar_field().to_degree(80))
    earth: bool = True
    sun: bool = True
    area_per_mass_m2_kg: float = 0.0
    reflectivity: float = 1.3


def propagated(
    state: ArrayLike, epoch_tdb_s: float, times_s: ArrayLike, series: BarycentricSeries, forces: Forces = Forces()
) -> F64:
    """States (n, 6) at seconds after the epoch (n,), ascending or descending from 0: m and m/s, Moon-centred J2000.

    Args:
        state: (6,) at the epoch.
        epoch_tdb_s: TDB seconds past J2000.
        times_s: where to stop. series: of Earth, Moon and Sun over them. forces: see the class.

    Raises InputError when the orbit meets the ground (the 1737.4 km sphere less 9 km, below the deepest place).
    """
    start = np.asarray(state, np.float64)
    times = np.atleast_1d(np.asarray(times_s, np.float64))
    if start.shape != (6,) or not np.all(np.isfinite(start)):
        raise InputError("orbit: a state is six finite numbers", "give metres and metres per second")
    if np.linalg.norm(start[:3]) < MOON_RADIUS_M - 9000.0:
        raise InputError(f"orbit: begins {np.linalg.norm(start[:3]):g} m from the Moon's centre", "give metres, not km")
    push = _pull(epoch_tdb_s, series, forces)

    def impact(_: float, y: F64) -> float:
        return float(np.linalg.norm(y[:3])) - (MOON_RADIUS_M - 9000.0)

    impact.terminal = True  # type: ignore[attr-defined]
    end = float(times[np.argmax(np.abs(times))]) or 1e-9
    found = solve_ivp(
        push, (0.0, end), start, method="DOP853", t_eval=times, rtol=1e-12, atol=1e-9, events=impact, max_step=300.0
    )
    if found.status != 0:
        raise InputError(f"orbit: meets the ground {found.t_events[0][0]:.0f} s after the epoch", "raise the orbit")
    return np.asarray(found.y.T)


def transition(
    state: ArrayLike, epoch_tdb_s: float, times_s: ArrayLike, series: BarycentricSeries, forces: Forces = Forces()
) -> tuple[F64, F64]:
    """States (n, 6) and their change with the first state (n, 6, 6), by central differences of whole orbits.

    Args:
        state, epoch_tdb_s, times_s, series, forces: as in `propagated`. Steps of 10 m and 0.01 m/s: their square leaves
            1e-6 of a day's change.
    """
    base = propagated(state, epoch_tdb_s, times_s, series, forces)
    steps = np.array([10.0, 10.0, 10.0, 0.01, 0.01, 0.01])
    change = np.empty((base.shape[0], 6, 6))
    for k, step in enumerate(steps):
        moved = np.zeros(6)
        moved[k] = step
        after = propagated(np.asarray(state) + moved, epoch_tdb_s, times_s, series, forces)
        before = propagated(np.asarray(state) - moved, epoch_tdb_s, times_s, series, forces)
        change[:, :, k] = (after - before) / (2.0 * step)
    return base, change


def mapped_covariance(covariance: F64, change: F64, process_m_s2: float = 0.0, elapsed_s: float = 0.0) -> F64:
    """Covariance (6, 6) later: that of the epoch carried on, and what an unmodelled constant push adds.

    Args:
        covariance: (6, 6) at the epoch. change: (6, 6) of `transition`.
        process_m_s2: one sigma of an unmodelled acceleration in each axis. elapsed_s: for how long.
    """
    carried = change @ checked_covariance(covariance, "orbit") @ change.T
    half = np.concatenate([np.eye(3) * 0.5 * elapsed_s**2, np.eye(3) * elapsed_s])
    return np.asarray(carried + process_m_s2**2 * half @ half.T)


@dataclass(frozen=True, kw_only=True)
class DispersionPart:
    """One source of the landing's dispersion: its name and one sigma along and across the track (m)."""

    name: str
    along_m: float
    across_m: float


def touchdown_dispersion(
    covariance: F64, state: F64, parts: Sequence[DispersionPart]
) -> tuple[float, float, list[DispersionPart]]:
    """One sigma along and across the track (m) at touchdown, and where each part comes from.

    The orbit's error at the start of the powered descent is carried to the ground as it stands: without a fix on the
    way the descent follows a target in inertial coordinates. Other parts (map tie, guidance, engine) add in squares.

    Args:
        covariance: (6, 6) at the start of the descent. state: (6,) then.
        parts: what else disperses.
    """
    up = state[:3] / np.linalg.norm(state[:3])
    across = np.cross(up, state[3:])
    across = across / np.linalg.norm(across)
    along = np.cross(across, up)
    place = covariance[:3, :3]
    orbit = DispersionPart(
        name="orbit", along_m=float(np.sqrt(along @ place @ along)), across_m=float(np.sqrt(across @ place @ across))
    )
    whole = [orbit, *parts]
    return float(np.sqrt(sum(p.along_m**2 for p in whole))), float(np.sqrt(sum(p.across_m**2 for p in whole))), whole


def _pull(epoch_tdb_s: float, series: BarycentricSeries, forces: Forces):  # type: ignore[no-untyped-def]
    table = factors(forces.field.degree)
    size = forces.field.degree + 2
    legendre, re, im, out = np.zeros((size, size)), np.zeros(size), np.zeros(size), np.empty(3)
    fixed = pa_from_me()
    pressure = SOLAR_IRRADIANCE_1AU_W_M2 / SPEED_OF_LIGHT_M_S * forces.area_per_mass_m2_kg * forces.reflectivity

    def rates(t: float, y: F64) -> F64:
        columns = states(series, np.array([epoch_tdb_s + t]))[0]
        axes = fixed @ columns[kernel.MOON_AXES :].reshape(3, 3).T
        r = y[:3]
        gravity_kernel.acceleration(
            axes @ r, forces.field.gm_m3_s2, forces.field.radius_m, forces.field.degree,
            forces.field.cosine, forces.field.sine, table, legendre, re, im, out,
        )  # fmt: skip
        total = axes.T @ out
        earth = -columns[kernel.MOON : kernel.MOON + 3]
        sun = columns[kernel.SUN : kernel.SUN + 3] + earth
        if forces.earth:
            total = total + _third(r, earth, GM_EARTH_POINT)
        if forces.sun:
            total = total + _third(r, sun, GM_SUN_POINT)
        if pressure > 0.0:
            away = r - sun
            distance = np.linalg.norm(away)
            shadow = float(r @ sun) < 0.0 and np.linalg.norm(np.cross(r, sun)) / np.linalg.norm(sun) < MOON_RADIUS_M
            total = total + (0.0 if shadow else pressure * (AU_M / distance) ** 2) * away / distance
        return np.concatenate([y[3:], total])

    return rates


def _third(r: F64, body: F64, gm: float) -> F64:
    """Pull of a body less its pull on the Moon, by Battin's form, which keeps the small difference's digits."""
    q = float(r @ (r - 2.0 * body)) / float(body @ body)
    f = q * (3.0 + 3.0 * q + q * q) / (1.0 + (1.0 + q) ** 1.5)
    distance = np.linalg.norm(r - body)
    return np.asarray(-gm / distance**3 * (r + f * body))
