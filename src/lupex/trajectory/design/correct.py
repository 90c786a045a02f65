"""The burn towards the Moon corrected until the integrated arc passes the perilune asked for, in the plane asked for.

Three unknowns at the perigee (speed, turn of the perigee in the plane, tilt of the plane about the velocity) against
three aims at the Moon: both components of the miss vector B and the time of the perilune. B is nearly linear in them
where perilune and inclination are not (Kizner 1959). First the aims are judged half a day out, where even a bad guess
makes a hyperbola about the Moon, then at the perilune itself.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import DAY_S, EARTH_RADIUS_M, MOON_RADIUS_M
from lupex.base.errors import NothingLeftError
from lupex.ephemeris import BarycentricSeries
from lupex.kernels.trajectory import windows as kernel
from lupex.trajectory.conics import GM_EARTH_M3_S2, GM_MOON_M3_S2
from lupex.trajectory.design.arc import ArcForces, arc, moon_state

MOST_ROUNDS = 25
WITHIN_M, WITHIN_S = 10.0, 0.05
EARLY_S = 0.5 * DAY_S
STEPS = np.array([0.02, 2e-6, 2e-6])
"""Of speed (m/s) and both angles (rad) for derivatives: at the Moon some kilometres."""
LARGEST = np.array([30.0, 0.05, 0.05])
"""Steps are cut to these."""


@dataclass(frozen=True, kw_only=True)
class TransferAim:
    """What a transfer is asked for.

    Attributes:
        depart_tdb_s, arrive_tdb_s: of the burn and of the perilune. perigee_km: height of the burn.
        normal: (3,) of the transfer's plane. perilune_km: height at the Moon.
        site_me: (3,) unit place of the site, MOON_ME. landing_tdb_s: when the orbit's plane must hold it.
        over_north: which of the two ways round the plane is flown: the first pole after the perilune.
    """

    depart_tdb_s: float
    arrive_tdb_s: float
    perigee_km: float
    normal: F64
    perilune_km: float
    site_me: F64
    landing_tdb_s: float
    over_north: bool = True


@dataclass(frozen=True, eq=False, kw_only=True)
class Transfer:
    """A transfer that arrives.

    Attributes:
        start: (6,) after the burn, Earth-centred J2000. perilune: (6,) Moon-centred. v_infinity_m_s.
        residuals: (round, 3) miss in both components of B (m) and in time (s), as the corrector came nearer.
        sensitivity: (3, 3) change of the aims (m, m, s) with speed (m/s) and angles (rad) at the start.
    """

    start: F64
    perilune: F64
    v_infinity_m_s: float
    residuals: F64
    sensitivity: F64


@dataclass(frozen=True)
class _Passing:
    """A hyperbola about the Moon: miss vector (m), incoming direction, speed far away, time to its perilune (s)."""

    miss: F64
    incoming: F64
    v_infinity: float
    to_perilune_s: float


def corrected(aim: TransferAim, series: BarycentricSeries, forces: ArcForces = ArcForces()) -> Transfer:
    """The transfer that keeps its aims.

    Args:
        aim: what is asked. series: from departure to landing. forces: of the integration.

    Raises NothingLeftError with the residuals when it does not converge; nothing is handed on then.
    """
    moon, _ = moon_state(aim.arrive_tdb_s, series)
    _, axes = moon_state(aim.landing_tdb_s, series)
    site = axes @ aim.site_me
    flight = aim.arrive_tdb_s - aim.depart_tdb_s
    unknown, frame = _guess(aim, moon, flight)
    history: list[F64] = []
    for early in (EARLY_S, 0.0):
        limits = (50_000.0, 30.0) if early else (WITHIN_M, WITHIN_S)
        unknown, jacobian = _newton(
            lambda x, early=early: _missed(x, frame, aim, flight - early, early, series, forces, site),  # type: ignore[misc]
            unknown, limits, history,
        )  # fmt: skip
    start = _state(unknown, frame)
    end = arc(start, aim.depart_tdb_s, [flight], series, forces)[0]
    there = end - moon_state(aim.arrive_tdb_s, series)[0]
    return Transfer(
        start=start, perilune=there, v_infinity_m_s=passing(there).v_infinity, residuals=np.array(history),
        sensitivity=jacobian,
    )  # fmt: skip


def passing(state: F64) -> _Passing:
    """The hyperbola of a Moon-centred state (6,). Raises NothingLeftError where it is none."""
    r, v = state[:3], state[3:]
    distance = float(np.linalg.norm(r))
    square = float(v @ v) - 2.0 * GM_MOON_M3_S2 / distance
    if square <= 0.0:
        raise NothingLeftError("transfer: it does not pass the Moon on a hyperbola", "choose another flight time")
    h = np.cross(r, v)
    e = np.cross(v, h) / GM_MOON_M3_S2 - r / distance
    size = float(np.linalg.norm(e))
    unit, across = e / size, np.cross(h, e) / (np.linalg.norm(h) * size)
    incoming = unit / size + across * np.sqrt(1.0 - 1.0 / size**2)
    v_infinity = float(np.sqrt(square))
    miss = np.cross(incoming, h / np.linalg.norm(h)) * np.linalg.norm(h) / v_infinity
    a = GM_MOON_M3_S2 / square
    sinh = float(r @ v) / (size * np.sqrt(GM_MOON_M3_S2 * a))
    mean = size * sinh - np.arcsinh(sinh)
    return _Passing(miss, incoming, v_infinity, float(-mean * np.sqrt(a**3 / GM_MOON_M3_S2)))


def _guess(aim: TransferAim, moon: F64, flight_s: float) -> tuple[F64, F64]:
    """Unknowns (3,) by patched conics, and the axes (3, 3) perigee, forward, normal they count in; scaled radius."""
    perigee = EARTH_RADIUS_M + 1000.0 * aim.perigee_km
    reach, speeds = float(np.linalg.norm(moon[:3])), np.empty(3)
    if not kernel.tangential(perigee, reach, flight_s, GM_EARTH_M3_S2, speeds):
        raise NothingLeftError(
            f"transfer: no ellipse takes {flight_s / DAY_S:.2f} days to the Moon", "choose another time"
        )
    e = perigee * speeds[0] ** 2 / GM_EARTH_M3_S2 - 1.0
    anomaly = np.arccos((perigee * (1.0 + e) / reach - 1.0) / e)
    out = moon[:3] / reach
    normal = aim.normal - (aim.normal @ out) * out
    normal = normal / np.linalg.norm(normal)
    ahead = np.cross(normal, out)
    at = np.cos(anomaly) * out - np.sin(anomaly) * ahead
    return np.array([speeds[0], 0.0, 0.0]), np.array([at * perigee, np.cross(normal, at), normal])


def conic_start(aim: TransferAim, series: BarycentricSeries) -> F64:
    """State (6,) after the burn by patched conics, from which the correctors begin.

    Args:
        aim: what is asked. series: with the arrival.
    """
    moon, _ = moon_state(aim.arrive_tdb_s, series)
    return _state(*_guess(aim, moon, aim.arrive_tdb_s - aim.depart_tdb_s))


def _state(unknown: F64, frame: F64) -> F64:
    speed, turn, out = unknown
    at, forward = frame[0] / np.linalg.norm(frame[0]), frame[1]
    ahead = np.cos(turn) * at + np.sin(turn) * forward
    along = np.cos(turn) * forward - np.sin(turn) * at
    # Tilted about the velocity: about the perigee a plane moves nothing half a revolution later.
    place = np.cos(out) * ahead + np.sin(out) * frame[2]
    return np.concatenate([place * np.linalg.norm(frame[0]), speed * along])


def _missed(
    unknown: F64, frame: F64, aim: TransferAim, flight_s: float, early_s: float, series: BarycentricSeries,
    forces: ArcForces, site: F64,
) -> F64:  # fmt: skip
    end = arc(_state(unknown, frame), aim.depart_tdb_s, [flight_s], series, _blind(forces))[0]
    return aim_miss(end - moon_state(aim.depart_tdb_s + flight_s, series)[0], aim, early_s, series, site)


def aim_miss(state: F64, aim: TransferAim, early_s: float, series: BarycentricSeries, site: F64) -> F64:
    """How far a hyperbola misses its aims (3,): both components of the miss vector (m), time of the perilune (s).

    Args:
        state: (6,) about the Moon, so many seconds ``early_s`` before the perilune asked for. aim: what is asked.
        series: with the arrival. site: (3,) unit, the landing place at its time in the axes of J2000.
    """
    found = passing(state)
    normal = np.cross(found.incoming, site)
    normal = normal / np.linalg.norm(normal)
    perilune = MOON_RADIUS_M + 1000.0 * aim.perilune_km
    size = np.sqrt(perilune**2 + 2.0 * GM_MOON_M3_S2 * perilune / found.v_infinity**2)
    _, axes = moon_state(aim.arrive_tdb_s, series)
    side = np.cross(found.incoming, normal)
    if (float(side @ axes[:, 2]) > 0.0) != aim.over_north:
        side = -side
    wanted = size * side
    first = np.cross(found.incoming, axes[:, 2])
    first = first / np.linalg.norm(first)
    second = np.cross(found.incoming, first)
    off = found.miss - wanted
    return np.array([off @ first, off @ second, found.to_perilune_s - early_s])


def _blind(forces: ArcForces) -> ArcForces:
    from dataclasses import replace

    return replace(forces, stop_at_moon=False)


def _newton(
    missed: Callable[[F64], F64], unknown: F64, limits: tuple[float, float], history: list[F64]
) -> tuple[F64, F64]:
    """Unknowns at which everything is within the limits (m, s), and the derivatives there."""
    scale = np.array([limits[0], limits[0], limits[1]])
    for _ in range(MOST_ROUNDS):
        off = missed(unknown)
        history.append(off)
        jacobian = np.stack(
            [(missed(unknown + step) - missed(unknown - step)) / (2.0 * step.max()) for step in np.diag(STEPS)], axis=1
        )
        if np.all(np.abs(off) <= scale):
            return unknown, jacobian
        change = -np.linalg.solve(jacobian, off)
        unknown = unknown + change / max(1.0, float(np.max(np.abs(change) / LARGEST)))
    text = "; ".join(f"{a / 1000.0:.3g} km {b / 1000.0:.3g} km {c:.3g} s" for a, b, c in history[-4:])
    raise NothingLeftError(f"transfer: the corrector does not converge, residuals {text}", "choose another launch")
