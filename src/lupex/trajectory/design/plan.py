"""A trajectory in full: transfer corrected, burns at the Moon, waiting orbit, deorbit, each integrated; its events."""

from dataclasses import dataclass, replace

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import NothingLeftError
from lupex.ephemeris import BarycentricSeries
from lupex.model.glance import Glance, counted
from lupex.trajectory.conics import BODIES, GM_MOON_M3_S2, apsis_speed_m_s, period_s
from lupex.trajectory.design.arc import ArcForces, arc, moon_state
from lupex.trajectory.design.correct import Transfer, TransferAim, corrected

WAITING_DEGREE = 50
"""Of the Moon's field in the waiting orbit: one day at 100 km is 197 m off."""
LEADING_DEGREE = 20
ROW_S = 600.0
ORBIT_ROW_S = 120.0
CAPTURE_ROW_S = 240.0
PERILUNE_WITHIN_M = 50.0
SEARCHED_S = 8000.0
"""More than one turn in the waiting orbit."""
FARTHEST = np.radians(15.0)


@dataclass(frozen=True, kw_only=True)
class FlightSettings:
    """Heights (km) of capture apolune, waiting orbit and braking perilune, ground distance of the descent (m); burns at
    the perilune from the hyperbola to the circular orbit."""

    capture_apolune_km: float
    orbit_km: float
    braking_km: float
    descent_m: float
    capture_burns: int = 2


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happens: its name, time (TDB seconds past J2000), delta-v (m/s) and words."""

    name: str
    tdb_s: float
    delta_v_m_s: float = 0.0
    note: str = ""


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Flight(Glance):
    """A trajectory.

    Attributes:
        transfer: as corrected. events: from the last burn near the Earth to touchdown.
        cruise_tdb_s (n,), cruise (n, 6): Earth-centred J2000. orbit_tdb_s (m,), orbit (m, 6): Moon-centred, from the
            first perilune to the start of braking.
        arcs: stretches of the orbit between burns: times and states, both ends held.
        plane_offset_deg: of the site from the plane of the waiting orbit at landing, as integrated.
        heights_km: lowest and highest over the 1737.4 km sphere in the waiting orbit.
    """

    transfer: Transfer
    events: tuple[Event, ...]
    cruise_tdb_s: F64
    cruise: F64
    orbit_tdb_s: F64
    orbit: F64
    arcs: tuple[tuple[F64, F64], ...]
    plane_offset_deg: float
    heights_km: tuple[float, float]

    def _facts(self) -> dict[str, str]:
        return {"events": counted(len(self.events), "event"), "burns": f"{self.delta_v_m_s:.0f} m/s at the Moon"}

    @property
    def delta_v_m_s(self) -> float:
        """Sum of the burns after the one towards the Moon."""
        return float(sum(event.delta_v_m_s for event in self.events))


def flight(
    aim: TransferAim, settings: FlightSettings, series: BarycentricSeries, forces: ArcForces = ArcForces()
) -> Flight:
    """The trajectory from the last burn near the Earth to the start of braking, integrated throughout.

    Args:
        aim: of the transfer. settings: heights of the orbits about the Moon. series: from departure to landing.
        forces: of the transfer; about the Moon the field is taken to degree 50.

    Raises NothingLeftError when the corrector does not converge or no pass over the site is found, InputError when an
    arc meets the Moon. Nothing is handed on then.
    """
    aimed = _plane_led(aim, settings, series, forces)
    transfer = corrected(aimed, series, forces)
    lunar = forces.about_moon(WAITING_DEGREE)
    whole = aim.arrive_tdb_s - aim.depart_tdb_s
    cruise_s = np.append(np.arange(0.0, whole, ROW_S), whole)
    cruise = arc(transfer.start, aim.depart_tdb_s, cruise_s, series, forces)
    events = [Event(name="translunar burn", tdb_s=aim.depart_tdb_s, note="see tli_m_s")]
    begin, circular, rows, made = _captured(transfer, aim, settings, series, lunar)
    events += made
    over, offset = _pass_over(circular, begin, aim, series, lunar)
    radius = float(np.linalg.norm(circular[:3]))
    rate = float(np.linalg.norm(np.cross(circular[:3], circular[3:]))) / radius**2
    deorbit = over - (settings.descent_m / MOON_RADIUS_M + np.pi) / rate
    if deorbit <= begin:
        raise NothingLeftError("flight: the landing comes before the deorbit burn", "wait longer in orbit")
    times = np.append(np.arange(0.0, deorbit - begin, ORBIT_ROW_S), deorbit - begin)
    waited = arc(circular, begin, times, series, lunar)
    rows.append((begin + times, waited))
    heights = np.linalg.norm(waited[:, :3], axis=1) - MOON_RADIUS_M
    sideways = 2.0 * float(np.linalg.norm(waited[-1, 3:]) * np.sin(0.5 * abs(offset)))
    note = f"site {np.degrees(offset):.3f} deg off the plane; a quarter of an orbit before, not flown in the arcs"
    events.append(Event(name="plane", tdb_s=deorbit, delta_v_m_s=sideways, note=note))
    state, burn, lasts = _deorbit(waited[-1], deorbit, settings, series, lunar)
    events.append(Event(name="deorbit", tdb_s=deorbit, delta_v_m_s=burn, note=f"from {heights[-1] / 1e3:.1f} km"))
    times = np.append(np.arange(0.0, lasts, 60.0), lasts)
    rows.append((deorbit + times, arc(state, deorbit, times, series, lunar)))
    height = float(np.linalg.norm(rows[-1][1][-1, :3])) - MOON_RADIUS_M
    events.append(Event(name="braking begins", tdb_s=deorbit + lasts, note=f"{height / 1e3:.2f} km"))
    return Flight(
        transfer=transfer, events=tuple(events), cruise_tdb_s=aim.depart_tdb_s + cruise_s, cruise=cruise,
        orbit_tdb_s=np.concatenate([t[:-1] for t, _ in rows[:-1]] + [rows[-1][0]]),
        orbit=np.concatenate([y[:-1] for _, y in rows[:-1]] + [rows[-1][1]]),
        arcs=tuple(rows),
        plane_offset_deg=float(np.degrees(offset)), heights_km=(float(heights.min()) / 1e3, float(heights.max()) / 1e3),
    )  # fmt: skip


def _plane_led(aim: TransferAim, settings: FlightSettings, series: BarycentricSeries, forces: ArcForces) -> TransferAim:
    """The aim with its plane led by as much as it will have turned at landing (a first flight in a coarse field)."""
    coarse = forces.about_moon(LEADING_DEGREE)
    begin, circular, _, _ = _captured(corrected(aim, series, forces), aim, settings, series, coarse)
    _, offset = _pass_over(circular, begin, aim, series, coarse)
    normal = np.cross(circular[:3], circular[3:])
    _, axes = moon_state(aim.landing_tdb_s, series)
    led = np.cos(offset) * aim.site_me + np.sin(offset) * (axes.T @ normal) / np.linalg.norm(normal)
    return replace(aim, site_me=led)


def _captured(
    transfer: Transfer, aim: TransferAim, settings: FlightSettings, series: BarycentricSeries, lunar: ArcForces
) -> tuple[float, F64, list[tuple[F64, F64]], list[Event]]:
    """Time and state in the circular orbit, the rows and the events on the way to it.

    The first burn leaves the capture apolune, the last the circular orbit; those between share its delta-v evenly.
    """
    body, moon = BODIES["moon"], MOON_RADIUS_M
    state, now = transfer.perilune, aim.arrive_tdb_s
    near, far = float(np.linalg.norm(state[:3])), moon + 1000.0 * settings.capture_apolune_km
    state, burn = _burnt(state, apsis_speed_m_s(body, near, far))
    events = [Event(name="capture", tdb_s=now, delta_v_m_s=burn, note=f"perilune {(near - moon) / 1e3:.1f} km")]
    rows: list[tuple[F64, F64]] = []
    for left in range(settings.capture_burns - 1, 0, -1):
        after = _perilune(state, now, _period_s(state), series, lunar)
        times = np.append(np.arange(0.0, after, CAPTURE_ROW_S), after)
        flown = arc(state, now, times, series, lunar)
        rows.append((now + times, flown))
        now, near, speed = now + after, float(np.linalg.norm(flown[-1, :3])), float(np.linalg.norm(flown[-1, 3:]))
        circular = float(np.sqrt(GM_MOON_M3_S2 / near))
        state, burn = _burnt(flown[-1], speed - (speed - circular) / left if left > 1 else circular)
        apolune = _apolune_m(state) - moon
        note = f"{(near - moon) / 1e3:.1f} km" + (f", apolune {apolune / 1e3:.0f} km" if left > 1 else "")
        name = "circular orbit" if left == 1 else f"lowering {settings.capture_burns - left}"
        events.append(Event(name=name, tdb_s=now, delta_v_m_s=burn, note=note))
    return now, state, rows, events


def _period_s(state: F64) -> float:
    """Period of the ellipse of a state (6,) about the Moon."""
    return period_s(BODIES["moon"], float(np.linalg.norm(state[:3])), _apolune_m(state))


def _apolune_m(state: F64) -> float:
    """Radius of the apsis opposite a state at an apsis."""
    here = float(np.linalg.norm(state[:3]))
    return 2.0 / (2.0 / here - float(state[3:] @ state[3:]) / GM_MOON_M3_S2) - here


def _burnt(state: F64, speed_m_s: float) -> tuple[F64, float]:
    """The state with a level velocity of that speed in the same plane, and the delta-v it takes."""
    up = state[:3] / np.linalg.norm(state[:3])
    level = state[3:] - (state[3:] @ up) * up
    velocity = level / np.linalg.norm(level) * speed_m_s
    return np.concatenate([state[:3], velocity]), float(np.linalg.norm(velocity - state[3:]))


def _perilune(state: F64, now: float, guess_s: float, series: BarycentricSeries, forces: ArcForces) -> float:
    """Seconds to the perilune nearest to a guess."""
    times = np.linspace(0.8 * guess_s, 1.2 * guess_s, 400)
    rows = arc(state, now, times, series, forces)
    at = float(times[int(np.argmin(np.linalg.norm(rows[:, :3], axis=1)))])
    for _ in range(20):
        y = arc(state, now, [at], series, forces)[0]
        r, v = y[:3], y[3:]
        climb = float(r @ v)
        change = climb / float(v @ v - GM_MOON_M3_S2 / np.linalg.norm(r))
        at -= float(np.clip(change, -600.0, 600.0))
        if abs(change) < 1e-3:
            return at
    raise NothingLeftError("flight: no perilune after the capture", "lower capture_apolune_km")


def _pass_over(
    state: F64, begin: float, aim: TransferAim, series: BarycentricSeries, forces: ArcForces
) -> tuple[float, float]:
    """Time at which the orbit passes nearest to the site about the landing, and its angle out of the plane (rad)."""
    wanted = aim.landing_tdb_s - begin
    times = wanted + np.arange(0.0, SEARCHED_S, 10.0)  # not before: until then it may be dark
    if times[0] <= 0.0:
        raise NothingLeftError("flight: the landing comes before the orbit is reached", "wait longer in orbit")
    rows = arc(state, begin, times, series, forces)
    _, axes = moon_state(begin + wanted, series)
    site = axes @ aim.site_me
    near = rows[:, :3] @ site / np.linalg.norm(rows[:, :3], axis=1)
    peaks = 1 + np.flatnonzero((near[1:-1] >= near[:-2]) & (near[1:-1] > near[2:]) & (near[1:-1] > np.cos(FARTHEST)))
    if not peaks.size:
        raise NothingLeftError("flight: no pass over the site in two hours after the landing", "choose another landing")
    best = int(peaks[0])
    at = begin + float(times[best])
    _, axes = moon_state(at, series)
    normal = np.cross(rows[best, :3], rows[best, 3:])
    return at, float(np.arcsin(np.clip(normal @ (axes @ aim.site_me) / np.linalg.norm(normal), -1.0, 1.0)))


def _deorbit(
    state: F64, now: float, settings: FlightSettings, series: BarycentricSeries, forces: ArcForces
) -> tuple[F64, float, float]:
    """State after the deorbit burn, its delta-v (m/s) and the seconds to its perilune, at the height of braking."""
    body, here = BODIES["moon"], float(np.linalg.norm(state[:3]))
    goal = MOON_RADIUS_M + 1000.0 * settings.braking_km
    aimed = goal
    for _ in range(12):
        after, burn = _burnt(state, apsis_speed_m_s(body, here, aimed))
        half = 0.5 * period_s(body, here, aimed)
        times = np.linspace(0.7 * half, 1.3 * half, 121)
        low = np.linalg.norm(arc(after, now, times, series, forces)[:, :3], axis=1)
        k = int(np.argmin(low))
        if abs(low[k] - goal) < PERILUNE_WITHIN_M:
            return after, burn, float(times[k])
        aimed += goal - float(low[k])
    raise NothingLeftError("flight: no deorbit burn reaches the height of braking", "raise perilune_km")
