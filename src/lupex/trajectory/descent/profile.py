"""The guided descent: phases, the braking that a thrust allows, one nominal flight.

Chandrayaan-3's phases (press, secondary) with polynomial guidance; the kernel says the equations.
"""

from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import InputError
from lupex.kernels.trajectory import descent as kernel
from lupex.model.glance import Glance
from lupex.model.settings.descent import DescentSettings
from lupex.trajectory.conics import BODIES, GM_MOON_M3_S2, apsis_burn, apsis_speed_m_s
from lupex.trajectory.vehicles import Propulsion

GUIDANCE_STEP_S = 0.5
LAST_M = 10.0
ENDS_WITHIN_M_S = 0.1
PHASES = ("rough braking", "attitude hold", "fine braking", "hover", "vertical descent", "touchdown")


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class DescentPlan(Glance):
    """A nominal descent.

    Attributes:
        start: (7,) state at the start of braking, columns as in the kernel; phases (6, 7); vehicle (6,).
        track: (n, 12) of the nominal flight. end: (7,). notes: (7,).
        deorbit_m_s: burn from the waiting orbit. radius_m: of the ground at the site.
    """

    start: F64
    phases: F64
    vehicle: F64
    track: F64
    end: F64
    notes: F64
    deorbit_m_s: float
    radius_m: float

    def _facts(self) -> dict[str, str]:
        return {"delta_v": f"{self.powered_m_s:.0f} m/s", "braking": f"{self.phases[0, 0]:.0f} s",
                "downrange": f"{self.downrange_m[0] / 1000.0:.1f} km"}  # fmt: skip

    @property
    def powered_m_s(self) -> float:
        """Delta-v of the powered descent, by integration of mass."""
        return float(self.notes[kernel.DELTA_V])

    @property
    def total_m_s(self) -> float:
        """Deorbit burn and powered descent."""
        return self.deorbit_m_s + self.powered_m_s

    @property
    def downrange_m(self) -> F64:
        """(6,) ground distance covered in each phase."""
        first = [self.track[self.track[:, 11] == p][0, 1] for p in range(len(self.phases))]
        return np.asarray(first - np.array([*first[1:], self.end[kernel.X]]))


def descent_plan(
    propulsion: Propulsion, mass_kg: float, settings: DescentSettings, orbit_km: float, site_height_m: float = 0.0,
    rough: tuple[float, float] | None = None,
) -> DescentPlan:  # fmt: skip
    """The nominal descent of a lander onto a site.

    Args:
        propulsion: its engines. mass_kg: at the start of braking. settings: the phases.
        orbit_km: height of the waiting orbit. site_height_m: above the 1737.4 km sphere; heights of phases count
            from the ground of the site, that of the perilune from the sphere.
        rough: time (s) and ground distance (m) of rough braking where they are given, as for a flown profile;
            otherwise the shortest that asks for no more than the share of the thrust the settings allow.

    Raises InputError when no braking is possible with the thrust there is, or heights contradict each other.
    """
    if settings.gate_km >= settings.perilune_km or settings.hover_m >= 1000.0 * settings.gate_km:
        raise InputError("descent: perilune, gate and hovering do not follow each other downwards", "correct [descent]")
    if settings.perilune_km > orbit_km:
        raise InputError(
            f"descent: perilune {settings.perilune_km:g} km lies above the orbit, {orbit_km:g} km", "lower it"
        )
    body = BODIES["moon"]
    doi = -apsis_burn(body, orbit_km, orbit_km, settings.perilune_km).delta_v_m_s
    radius = MOON_RADIUS_M + site_height_m
    high = MOON_RADIUS_M + 1000.0 * settings.perilune_km
    if high - radius < 1000.0 * settings.gate_km:
        raise InputError(
            f"descent: braking begins {high - radius:.0f} m over a site {site_height_m:g} m high, below the gate",
            "raise perilune_km",
        )
    speed = apsis_speed_m_s(body, high, MOON_RADIUS_M + 1000.0 * orbit_km)
    vehicle = np.array([
        GM_MOON_M3_S2, radius, propulsion.thrust_n, propulsion.thrust_n * propulsion.throttle_min_fraction,
        propulsion.exhaust_m_s, GUIDANCE_STEP_S,
    ])  # fmt: skip
    start = np.array([0.0, 0.0, high, speed, 0.0, 0.0, mass_kg])
    duration, distance = rough or _rough(start, vehicle, settings)
    start[kernel.X], phases = _phases(settings, duration, distance)
    track, end, notes = flown(start, phases, vehicle)
    if not np.all(np.isfinite(end)) or end[kernel.MASS] <= 0.0:
        raise InputError("descent: the propellant does not suffice", "lighten the lander or raise the specific impulse")
    if notes[kernel.SATURATED_S] > 0.0 or abs(end[kernel.S] + settings.touchdown_m_s) > ENDS_WITHIN_M_S:
        raise InputError(
            f"descent: the phases ask for {notes[kernel.LOWEST]:.0f} to {notes[kernel.HIGHEST]:.0f} N of engines of "
            f"{vehicle[kernel.THRUST_MIN]:.0f} to {vehicle[kernel.THRUST_MAX]:.0f} N, and end with "
            f"{-end[kernel.S]:.1f} m/s down",
            "give the phases more time (fine_braking_s, vertical_s in [descent]), or other engines",
        )
    return DescentPlan(
        start=start, phases=phases, vehicle=vehicle, track=track, end=end, notes=notes, deorbit_m_s=doi, radius_m=radius
    )


def flown(start: F64, phases: F64, vehicle: F64, dispersion: F64 | None = None) -> tuple[F64, F64, F64]:
    """Track (n, 12), end (7,) and notes (7,) of one flight.

    Args:
        start, phases, vehicle, dispersion: as the kernel names their columns; no dispersion by default.
    """
    rows = int(np.sum(np.ceil(phases[:, kernel.DURATION] / vehicle[kernel.STEP]))) + len(phases)
    track, end, notes = np.empty((rows, 12)), np.empty(7), np.empty(kernel.NOTES)
    used = kernel.fly(start, phases, vehicle, np.zeros(11) if dispersion is None else dispersion, end, notes, track)
    return track[:used], end, notes


def _phases(settings: DescentSettings, duration_s: float, distance_m: float) -> tuple[float, F64]:
    """Ground distance of the whole descent and the phases (6, 7)."""
    gate = 1000.0 * settings.gate_km
    sink, along = settings.gate_sink_m_s, settings.gate_speed_m_s
    shrink = MOON_RADIUS_M / (MOON_RADIUS_M + gate)
    after_hold = (along * shrink) * settings.fine_braking_s / 2.0
    to_go = after_hold + along * shrink * settings.hold_s
    sees = float(settings.terrain_navigation)
    phases = np.array([
        [duration_s, gate, sink, along, to_go, 0.0, 0.0],
        [settings.hold_s, gate - sink * settings.hold_s, sink, along, after_hold, 1.0, 0.0],
        [settings.fine_braking_s, settings.hover_m, 0.0, 0.0, 0.0, 0.0, sees],
        [settings.hover_s, settings.hover_m, 0.0, 0.0, 0.0, 0.0, sees],
        [settings.vertical_s, LAST_M, settings.touchdown_m_s, 0.0, 0.0, 0.0, sees],
        [LAST_M / settings.touchdown_m_s, 0.0, settings.touchdown_m_s, 0.0, 0.0, 0.0, sees],
    ])  # fmt: skip
    return to_go + distance_m, phases[phases[:, 0] > 0.0] if min(phases[:, 0]) <= 0.0 else phases


def _rough(start: F64, vehicle: F64, settings: DescentSettings) -> tuple[float, float]:
    """Time and ground distance of rough braking that asks for the share of the thrust allowed, no more."""
    allowed = settings.thrust_use_fraction * vehicle[kernel.THRUST_MAX]
    least, most = 100.0, 4000.0
    if _hardest(start, vehicle, settings, most)[0] > allowed:
        weight = start[kernel.MASS] * vehicle[kernel.GM] / vehicle[kernel.RADIUS] ** 2
        raise InputError(
            f"descent: {allowed:.0f} N of thrust do not brake a lander of {weight:.0f} N weight",
            "raise the thrust or thrust_use_fraction, or lighten the lander",
        )
    for _ in range(40):
        middle = 0.5 * (least + most)
        if _hardest(start, vehicle, settings, middle)[0] > allowed:
            least = middle
        else:
            most = middle
    return most, _hardest(start, vehicle, settings, most)[1]


def _hardest(start: F64, vehicle: F64, settings: DescentSettings, duration_s: float) -> tuple[float, float]:
    """Largest thrust asked (N) and ground distance (m) of a rough braking of that time.

    Its acceleration grows as that of a constant thrust on a mass that falls.
    """
    change = start[kernel.U] - settings.gate_speed_m_s
    growth = np.exp(change / vehicle[kernel.EXHAUST]) - 1.0
    braking = change / (duration_s * (1.0 + 0.5 * growth))
    mean_m_s = start[kernel.U] - braking * duration_s * (0.5 + growth / 6.0)
    middle = 0.5 * (start[kernel.R] + vehicle[kernel.RADIUS] + 1000.0 * settings.gate_km)
    distance = mean_m_s * duration_s * vehicle[kernel.RADIUS] / middle
    begin = start.copy()
    begin[kernel.X], phases = _phases(settings, duration_s, distance)
    free = vehicle.copy()
    free[kernel.THRUST_MAX], free[kernel.THRUST_MIN], free[kernel.STEP] = np.inf, 0.0, 4.0
    _, _, notes = flown(begin, phases[:1], free)
    return float(notes[kernel.HIGHEST]), float(distance)
