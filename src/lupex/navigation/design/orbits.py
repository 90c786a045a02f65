"""Orbits good enough for geometry: Kepler about the Moon, seen in MOON_ME."""

from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.ephemeris import BarycentricSeries
from lupex.ephemeris.barycentric import BLOCK_S
from lupex.kernels.navigation import light_time as kernel
from lupex.navigation.surface.models import TURN, Orbiter


@dataclass(frozen=True, kw_only=True)
class KeplerOrbit:
    """Elements about the Moon at an epoch, in non-rotating axes along MOON_ME at that epoch.

    Attributes:
        a_m, e, i_deg, node_deg, periapsis_deg, anomaly_deg: semi-major axis, eccentricity, inclination, ascending node,
            argument of periapsis, mean anomaly.
    """

    a_m: float
    e: float
    i_deg: float
    node_deg: float
    periapsis_deg: float
    anomaly_deg: float


def low_polar_orbit(height_m: float = 100_000.0) -> tuple[KeplerOrbit, ...]:
    """One circular polar orbiter."""
    return (
        KeplerOrbit(a_m=1_737_400.0 + height_m, e=0.0, i_deg=90.0, node_deg=0.0, periapsis_deg=0.0, anomaly_deg=0.0),
    )


def south_constellation() -> tuple[KeplerOrbit, ...]:
    """Four satellites on 24 h frozen ellipses over the south, as Moonlight is told of; elements: assumption."""
    return tuple(
        KeplerOrbit(a_m=9_750_700.0, e=0.64, i_deg=57.0, node_deg=node, periapsis_deg=90.0, anomaly_deg=anomaly)
        for node, anomaly in ((0.0, 0.0), (0.0, 180.0), (180.0, 90.0), (180.0, 270.0))
    )


def orbiter_at(one: KeplerOrbit, series: BarycentricSeries, epoch_tdb_s: float, tdb_s: F64) -> Orbiter:
    """States (n,) of an orbit in MOON_ME.

    Args:
        one: elements at the epoch.
        series: of the Moon's axes over the times. epoch_tdb_s: of the elements.
        tdb_s: (n,) TDB seconds past J2000.
    """
    n = np.sqrt(kernel.GM_MOON / one.a_m**3)
    mean = np.radians(one.anomaly_deg) + n * (tdb_s - epoch_tdb_s)
    eccentric = mean + one.e * np.sin(mean)
    for _ in range(20):
        eccentric = eccentric - (eccentric - one.e * np.sin(eccentric) - mean) / (1.0 - one.e * np.cos(eccentric))
    root = np.sqrt(1.0 - one.e**2)
    rate = n / (1.0 - one.e * np.cos(eccentric))
    flat = one.a_m * np.stack([np.cos(eccentric) - one.e, root * np.sin(eccentric), np.zeros_like(mean)], axis=1)
    speed = (
        one.a_m * rate[:, None] * np.stack([-np.sin(eccentric), root * np.cos(eccentric), np.zeros_like(mean)], axis=1)
    )
    turn = _r3(one.node_deg) @ _r1(one.i_deg) @ _r3(one.periapsis_deg)
    at_epoch = moon_axes(series, np.array([epoch_tdb_s]))[0]
    axes = moon_axes(series, tdb_s)
    to_me = np.einsum("nji,jk->nik", axes, at_epoch @ turn)
    place = np.einsum("nij,nj->ni", to_me, flat)
    inertial = np.einsum("nij,nj->ni", to_me, speed)
    return Orbiter(place, inertial - np.cross(TURN, place))


def moon_axes(series: BarycentricSeries, tdb_s: F64) -> F64:
    """Rotation MOON_ME -> J2000 (n, 3, 3)."""
    return states(series, tdb_s)[:, kernel.MOON_AXES :].reshape(-1, 3, 3)


def states(series: BarycentricSeries, tdb_s: F64) -> F64:
    """All columns (n, 27) of the series at TDB seconds past J2000 (n,)."""
    times = np.asarray(tdb_s, np.float64)
    whole = np.floor(times)
    blocks, seconds = series.placed(whole, times - whole)
    out = np.empty((times.size, kernel.COLUMNS))
    kernel.states_at(seconds, blocks, series.series, BLOCK_S, out)
    return out


def _r3(deg: float) -> F64:
    c, s = np.cos(np.radians(deg)), np.sin(np.radians(deg))
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def _r1(deg: float) -> F64:
    c, s = np.cos(np.radians(deg)), np.sin(np.radians(deg))
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])
