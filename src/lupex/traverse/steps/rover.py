"""The rover of a mission: its facts and settings as a Rover, and its laws of power, energy and speed.

Theory and sources: docs/theory/driving.md.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from lupex.base.arrays import F64
from lupex.base.constants import MOON_GRAVITY_M_S2, SOLAR_IRRADIANCE_1AU_W_M2
from lupex.base.errors import InputError, MissionError
from lupex.kernels.drive.edges import paces
from lupex.model import Fact, ReachSettings, Rover, TraverseSettings
from lupex.model.drive.rover import ARRAYS

_OPTIONAL = ("max_step_m", "turn_rate_deg_s", "rolling_resistance", "drive_efficiency", "slip_at_limit_fraction",
             "drill_power_w", "measure_power_w", "min_charge_fraction", "max_charge_fraction",
             "max_charge_w")  # fmt: skip
"""Facts that bear the name of a Rover's attribute and may be missing: the attribute then keeps its default."""


def rover_model(facts: Sequence[Fact], reach: ReachSettings, traverse: TraverseSettings, name: str = "") -> Rover:
    """The rover of a mission's facts, with the slopes and energies of [reach] and the form of law of [traverse].

    Slope limits: [reach], else the facts max_up_slope_deg, max_down_slope_deg, max_cross_slope_deg, else
    max_slope_deg. ``battery_usable_fraction`` of [reach] leaves the rest as least charge unless the fact
    min_charge_fraction says otherwise. The fact drive_power_w (on the level, on top of the hotel power) less what the
    law takes on the level is the overhead of driving, at least 0. It scales with the mass from that it was stated for
    (`Fact.stated_for`); one stated without is that of the rover's own mass.

    Args:
        facts: of the rover, as the mission has them. reach: slopes, usable charge, energies of Carr's law.
        traverse: the form of the law. name: of the rover.

    Args:
        name: of the rover.

    Raises MissionError for a fact that is missing, of the wrong kind, or impossible.
    """
    known = {fact.key: fact.value for fact in facts}

    def number(key: str) -> float:
        if key not in known:
            raise MissionError(f"[rover]: {key} is unknown", f"state it: {key} = {{ value = ..., source = '...' }}")
        return _number(key, known[key])

    def slope(key: str, setting: float) -> float:
        return setting or number(key if key in known else "max_slope_deg")

    given: dict[str, float] = {"min_charge_fraction": round(1.0 - reach.battery_usable_fraction, 12)}
    given |= {key: number(key) for key in _OPTIONAL if key in known}
    dark_hours = reach.dark_hours or (number("night_survival_hours") if "night_survival_hours" in known else 0.0)
    hotel_w, mass_kg, speed_m_s = number("hotel_power_w"), number("mass_kg"), number("speed_m_s")
    if traverse.drive_law == "carr":
        level_w = reach.level_j_kg_m * mass_kg * speed_m_s
    else:
        rolling, efficiency = (
            given.get("rolling_resistance", Rover.rolling_resistance),
            given.get("drive_efficiency", 1),
        )
        level_w = rolling * mass_kg * MOON_GRAVITY_M_S2 * speed_m_s / efficiency if efficiency > 0.0 else 0.0
    drive_power = next((fact for fact in facts if fact.key == "drive_power_w"), None)
    scale = mass_kg / drive_power.stated_for[1] if drive_power is not None and drive_power.stated_for else 1.0
    area_m2, efficiency = number("solar_array_area_m2"), number("solar_array_efficiency_fraction")
    return Rover(
        name=name or "rover",
        mass_kg=mass_kg,
        speed_m_s=speed_m_s,
        max_up_slope_deg=slope("max_up_slope_deg", reach.max_up_slope_deg),
        max_down_slope_deg=slope("max_down_slope_deg", reach.max_down_slope_deg),
        max_cross_slope_deg=slope("max_cross_slope_deg", reach.max_cross_slope_deg),
        hotel_power_w=hotel_w,
        sleep_power_w=number("sleep_power_w") if "sleep_power_w" in known else hotel_w,
        array_w=area_m2 * efficiency * SOLAR_IRRADIANCE_1AU_W_M2,
        battery_wh=number("battery_wh"),
        slowest_fraction=reach.slowest_fraction,
        drive_law=traverse.drive_law,
        level_j_kg_m=reach.level_j_kg_m,
        up_j_kg_m_deg=reach.up_j_kg_m_deg,
        down_j_kg_m_deg=reach.down_j_kg_m_deg,
        drive_overhead_w=max(0.0, number("drive_power_w") * scale - level_w),
        array_kind=_word("array_kind", known.get("array_kind", "tracking")),
        max_dark_hours=dark_hours or math.inf,
        comm_to_drive=_truth("comm_to_drive", known.get("comm_to_drive", False)),
        **given,
    )


def array_factor(kind: str, sun_elevation_deg: ArrayLike) -> F64:
    """Share of its full power a solar array gives by its attitude to the Sun: same shape as the elevation.

    ``kind``: 'tracking' faces the Sun: 1; 'vertical' stands upright and turns to the Sun's azimuth: cos(elevation);
    'horizontal' lies flat: sin(elevation), 0 below the horizontal plane. Terrain is not its matter. Raises
    InputError for another kind.
    """
    if kind not in ARRAYS:
        raise InputError(f"solar array: unknown kind '{kind}'", f"use one of {', '.join(ARRAYS)}")
    elevation = np.radians(np.asarray(sun_elevation_deg, np.float64))
    if kind == "tracking":
        return np.ones_like(elevation)
    return np.asarray(np.cos(elevation) if kind == "vertical" else np.maximum(0.0, np.sin(elevation)))


def drive_energy_j_per_m(rover: Rover, slope_deg: ArrayLike) -> F64:
    """Energy of driving by the rover's law per metre of ground (J/m), hotel power and overhead left out.

    ``slope_deg`` along the drive, positive up; same shape. Carr's law is linear in degrees with a price for braking;
    the resistance law is weight (rolling resistance x cos + sin) / efficiency, never below 0: nothing is won back.
    Slip makes the wheels turn farther than the rover goes.
    """
    return _paces(rover, slope_deg)[0]


def drive_speed_m_s(rover: Rover, slope_deg: ArrayLike) -> F64:
    """Speed over ground (m/s) on a slope along the drive (degrees, positive up), slip included; same shape.

    Falls linearly with slope to ``slowest_fraction`` of that on the level at the limit; steeper is no slower.
    """
    return _paces(rover, slope_deg)[1]


def _paces(rover: Rover, slope_deg: ArrayLike) -> tuple[F64, F64]:
    slopes = np.asarray(slope_deg, np.float64)
    energy, speed = np.empty(slopes.size), np.empty(slopes.size)
    paces(np.ascontiguousarray(slopes.ravel()), rover.law_numbers, energy, speed)
    return energy.reshape(slopes.shape), speed.reshape(slopes.shape)


def _number(key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MissionError(f"[rover]: {key} is {value!r}", "give a number")
    return float(value)


def _word(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise MissionError(f"[rover]: {key} is {value!r}", "give a word in quotes")
    return value


def _truth(key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise MissionError(f"[rover]: {key} is {value!r}", "give true or false")
    return value
