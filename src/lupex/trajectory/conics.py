"""Two-body orbits in closed form: speeds at the apsides, burns there, hyperbolas past a body.

Vis-viva: v^2 = GM (2 / r - 1 / a). Burns are impulses along the velocity; heights are above the bodies' mean
equatorial radii named in `BODIES`.
"""

from dataclasses import dataclass

import numpy as np

from lupex.base.constants import EARTH_RADIUS_M, MOON_RADIUS_M
from lupex.base.errors import InputError
from lupex.model.glance import Glance

GM_EARTH_M3_S2 = 398_600.435507e9
GM_MOON_M3_S2 = 4902.8001224453e9
"""DE440's Earth; the Moon of GRGM1200A's table."""
GM_SUN_M3_S2 = 132_712_440_041.27942e9
MOON_DISTANCE_M = 384_400_000.0


@dataclass(frozen=True)
class Body:
    """A body to orbit: GM (m3/s2) and the radius heights are counted from (m)."""

    gm_m3_s2: float
    radius_m: float


BODIES = {"earth": Body(GM_EARTH_M3_S2, EARTH_RADIUS_M), "moon": Body(GM_MOON_M3_S2, MOON_RADIUS_M)}


@dataclass(frozen=True, kw_only=True, repr=False)
class ApsisBurn(Glance):
    """A burn along the velocity at one apsis that moves the other.

    Attributes:
        delta_v_m_s: positive speeds up. before_m_s, after_m_s: speeds at the burn.
        period_before_s, period_after_s: of the orbits; infinite where it is no ellipse.
        c3_after_m2_s2: twice the energy after the burn.
    """

    delta_v_m_s: float
    before_m_s: float
    after_m_s: float
    period_before_s: float
    period_after_s: float
    c3_after_m2_s2: float

    def _facts(self) -> dict[str, str]:
        return {"delta_v": f"{self.delta_v_m_s:.1f} m/s", "speed": f"{self.before_m_s:.1f} to {self.after_m_s:.1f} m/s"}


def apsis_speed_m_s(body: Body, here_m: float, other_m: float) -> float:
    """Speed at one apsis of an orbit whose other apsis is known, radii in metres; infinite for a parabola."""
    return float(np.sqrt(2.0 * body.gm_m3_s2 * _over(other_m, here_m + other_m) / here_m))


def hyperbola_speed_m_s(body: Body, here_m: float, v_infinity_m_s: float) -> float:
    """Speed at the periapsis of a hyperbola with a speed far away."""
    return float(np.sqrt(v_infinity_m_s**2 + 2.0 * body.gm_m3_s2 / here_m))


def apsis_burn(body: Body, here_km: float, before_km: float, after_km: float) -> ApsisBurn:
    """The burn at height ``here_km`` that moves the opposite apsis from ``before_km`` to ``after_km``.

    Args:
        body: one of `BODIES`.
        here_km, before_km, after_km: heights; the opposite apsis may lie lower than the burn.

    Raises InputError for heights at or below the body's centre of mass, or not finite.
    """
    here, before, after = (_radius_m(body, one) for one in (here_km, before_km, after_km))
    first, second = apsis_speed_m_s(body, here, before), apsis_speed_m_s(body, here, after)
    return ApsisBurn(
        delta_v_m_s=second - first,
        before_m_s=first,
        after_m_s=second,
        period_before_s=period_s(body, here, before),
        period_after_s=period_s(body, here, after),
        c3_after_m2_s2=second**2 - 2.0 * body.gm_m3_s2 / here,
    )


def capture_burn_m_s(body: Body, here_km: float, v_infinity_m_s: float, apoapsis_km: float) -> float:
    """Delta-v at the periapsis of a hyperbola that leaves an orbit with an apoapsis (positive: it brakes).

    Args:
        body: of `BODIES`.
        here_km: height of the periapsis. v_infinity_m_s: speed far away. apoapsis_km: height reached after the burn.
    """
    here = _radius_m(body, here_km)
    return hyperbola_speed_m_s(body, here, v_infinity_m_s) - apsis_speed_m_s(body, here, _radius_m(body, apoapsis_km))


def period_s(body: Body, first_m: float, second_m: float) -> float:
    """Period of an ellipse with these apsides (radii, m)."""
    return float(2.0 * np.pi * np.sqrt((0.5 * (first_m + second_m)) ** 3 / body.gm_m3_s2))


def propellant_kg(mass_kg: float, delta_v_m_s: float, isp_s: float) -> float:
    """Propellant an engine burns for a delta-v (rocket equation).

    Args:
        mass_kg: before the burn. delta_v_m_s: not negative. isp_s: specific impulse (s), above 0.
    """
    if mass_kg <= 0.0 or delta_v_m_s < 0.0 or isp_s <= 0.0:
        raise InputError(
            f"propellant: mass {mass_kg:g} kg, delta-v {delta_v_m_s:g} m/s, specific impulse {isp_s:g} s",
            "give positive numbers",
        )
    return float(mass_kg * -np.expm1(-delta_v_m_s / (isp_s * STANDARD_GRAVITY_M_S2)))


STANDARD_GRAVITY_M_S2 = 9.80665
"""Exact; it makes a specific impulse a speed."""


def _radius_m(body: Body, height_km: float) -> float:
    radius = body.radius_m + 1000.0 * height_km
    if not np.isfinite(height_km) or radius <= 0.0:
        raise InputError(f"orbit: height {height_km:g} km lies below the body's centre", "give kilometres of height")
    return radius


def _over(a: float, b: float) -> float:
    return 1.0 if np.isinf(a) else a / b
