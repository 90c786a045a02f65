"""From what is known of the orbit to where the lander comes down: the landing ellipse and where it comes from.

Hill's equations (circular orbit) carry the covariance of the last orbit determination to the begin of the powered
descent. Over the descent the lander navigates by its inertial unit: an error of place changes the gravity it computes,
and so grows upwards and swings along the ground. Axes at touchdown are turned by the ground covered. Other parts add
in squares. Theory: docs/theory/navigation.md.
"""

from dataclasses import replace

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M
from lupex.kernels.navigation.light_time import GM_MOON
from lupex.model import EllipseSettings
from lupex.model.settings.descent import DescentSettings
from lupex.navigation.orbit.propagate import DispersionPart, mapped_covariance, touchdown_dispersion


def landing_parts(
    ellipse: EllipseSettings, descent: DescentSettings | None = None
) -> tuple[float, float, tuple[DispersionPart, ...]]:
    """One sigma along and across the ground track at touchdown (m), and the parts it is made of.

    Args:
        ellipse: knowledge of the orbit, length of the descent, map, guidance.
        descent: whose terrain-relative navigation counts where ``ellipse`` leaves the fix to it; None: no fix then.
    """
    at_begin = orbit_at_braking(ellipse)
    # Radial, along and across at the begin of the descent are axes 1, 2, 3; the ground below the touchdown is turned.
    turn = 1000.0 * ellipse.downrange_km / MOON_RADIUS_M
    down = descent_transition(ellipse.descent_s, turn)
    covariance = down @ at_begin @ down.T
    state = np.array([np.cos(turn), np.sin(turn), 0.0, -np.sin(turn), np.cos(turn), 0.0])
    others = [
        DispersionPart(name="map", along_m=ellipse.map_sigma_m, across_m=ellipse.map_sigma_m),
        DispersionPart(name="guidance", along_m=ellipse.guidance_sigma_m, across_m=ellipse.guidance_sigma_m),
    ]
    _, _, parts = touchdown_dispersion(covariance, state, others)
    fix_m = ellipse.terrain_fix_sigma_m
    if fix_m < 0.0:
        fix_m = descent.map_error_m if descent is not None and descent.terrain_navigation else 0.0
    if fix_m > 0.0:
        parts = [_fixed(parts[0], fix_m), *parts[1:]]
    along, across = (float(np.sqrt(sum(getattr(one, key) ** 2 for one in parts))) for key in ("along_m", "across_m"))
    return along, across, tuple(parts)


def orbit_at_braking(ellipse: EllipseSettings) -> F64:
    """Covariance (6, 6) of the orbit at the begin of the powered descent: radial, along, across (m) and their rates."""
    radius = MOON_RADIUS_M + 1000.0 * ellipse.orbit_height_km
    rate = float(np.sqrt(GM_MOON / radius**3))
    known = np.diag(np.square([
        ellipse.radial_sigma_m, ellipse.along_sigma_m, ellipse.across_sigma_m,
        *(3 * (ellipse.velocity_sigma_m_s,)),
    ]))  # fmt: skip
    elapsed = 3600.0 * ellipse.hours_since_orbit
    return mapped_covariance(known, hill_transition(rate, elapsed), ellipse.unmodelled_m_s2, elapsed)


def with_known_orbit(descent: DescentSettings, ellipse: EllipseSettings = EllipseSettings()) -> DescentSettings:
    """The settings of the descent with every error of the orbit a number: those left at -1 are what [ellipse] gives.

    Args:
        descent: of the flight. ellipse: knowledge of the orbit; its larger one of radial and across is taken for both,
            its largest rate for every component of the speed.
    """
    sigma = np.sqrt(np.diag(orbit_at_braking(ellipse)))
    along, across, speed = descent.orbit_error_along_m, descent.orbit_error_across_m, descent.orbit_error_m_s
    return replace(
        descent,
        orbit_error_along_m=along if along >= 0.0 else float(sigma[1]),
        orbit_error_across_m=across if across >= 0.0 else float(max(sigma[0], sigma[2])),
        orbit_error_m_s=speed if speed >= 0.0 else float(sigma[3:].max()),
    )


def hill_transition(rate_rad_s: float, elapsed_s: float) -> F64:
    """Change (6, 6) of a state off a circular orbit after a time: radial, along, across, with inertial velocities.

    Args:
        rate_rad_s: mean motion. elapsed_s: how long.

    Hill's equations (Clohessy and Wiltshire 1960); velocities are those seen from non-rotating axes, resolved along the
    orbit's own.
    """
    n, t = rate_rad_s, elapsed_s
    s, c = np.sin(n * t), np.cos(n * t)
    rotating = np.array([
        [4.0 - 3.0 * c, 0.0, 0.0, s / n, 2.0 * (1.0 - c) / n, 0.0],
        [6.0 * (s - n * t), 1.0, 0.0, -2.0 * (1.0 - c) / n, (4.0 * s - 3.0 * n * t) / n, 0.0],
        [0.0, 0.0, c, 0.0, 0.0, s / n],
        [3.0 * n * s, 0.0, 0.0, c, 2.0 * s, 0.0],
        [-6.0 * n * (1.0 - c), 0.0, 0.0, -2.0 * s, 4.0 * c - 3.0, 0.0],
        [0.0, 0.0, -n * s, 0.0, 0.0, c],
    ])  # fmt: skip
    seen = np.eye(6)  # inertial velocity = rotating velocity + rate x place
    seen[3, 1], seen[4, 0] = -n, n
    return np.asarray(seen @ rotating @ np.linalg.inv(seen))


def descent_transition(descent_s: float, turn_rad: float, steps: int = 200) -> F64:
    """Change (6, 6) of an inertial unit's error over a descent, axes radial, along and across at its begin.

    Args:
        descent_s: how long. turn_rad: angle of the ground covered, evenly in time, a few km above the sphere.
        steps: of the integration (fourth order; 200 leave 1e-9).
    """
    found, step = np.eye(6), descent_s / steps
    if descent_s <= 0.0:
        return found

    def rates(time_s: float) -> F64:
        angle = turn_rad * time_s / descent_s
        up = np.array([np.cos(angle), np.sin(angle), 0.0])
        gradient = GM_MOON / MOON_RADIUS_M**3 * (3.0 * np.outer(up, up) - np.eye(3))
        return np.block([[np.zeros((3, 3)), np.eye(3)], [gradient, np.zeros((3, 3))]])

    for k in range(steps):
        t = k * step
        begin, middle, end = rates(t), rates(t + 0.5 * step), rates(t + step)
        first = begin @ found
        second = middle @ (found + 0.5 * step * first)
        third = middle @ (found + 0.5 * step * second)
        found = found + step / 6.0 * (first + 2.0 * second + 2.0 * third + end @ (found + step * third))
    return found


def _fixed(orbit: DispersionPart, fix_m: float) -> DispersionPart:
    """The orbit's part once a fix against the map is weighed in."""
    along, across = (1.0 / np.sqrt(1.0 / max(value, 1e-9) ** 2 + 1.0 / fix_m**2)
                     for value in (orbit.along_m, orbit.across_m))  # fmt: skip
    return DispersionPart(name="orbit, with a fix against the map", along_m=float(along), across_m=float(across))
