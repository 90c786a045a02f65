"""The zenith of the plumb line as a measurement: star tracker and inclinometer, corrected by the Moon's gravity."""

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M
from lupex.gravity import GravityField, deflection_rad, lunar_field
from lupex.gravity.field import PLUMB_LEFT_M
from lupex.model.position.fix import enu_axes, place_me_m
from lupex.navigation.estimate.batch import Observations
from lupex.navigation.surface.models import plumb_direction

STEP_M = 50.0
"""Of the differences by the place: the field's own change over it is part of the change of the zenith."""


def left_of_plumb_line_m(field: GravityField) -> float:
    """What a correction of the field's degree leaves, metres rms south of 85 S: the nearest published degree."""
    degree = min(PLUMB_LEFT_M, key=lambda one: abs(one - field.degree))
    return PLUMB_LEFT_M[degree]


def plumb_zenith(place_me_m: F64, field: GravityField) -> F64:
    """Unit vector (3,) of the plumb line's zenith at a place (3,), both MOON_ME.

    Args:
        place_me_m: on the surface. field: cut to the degree wanted.
    """
    return plumb_direction(place_me_m, deflection_rad(place_me_m, field))[0]


def zenith_observations(
    zenith_lat_lon: F64, sigma_m: F64, parameters: int, bias: int, field: GravityField | None = None
) -> Observations:
    """Zeniths of the plumb line as an observation of a state that begins with x, y, z.

    Args:
        zenith_lat_lon: (n, 2) latitude and east longitude (deg) the zenith points to, MOON_ME, as star tracker and
            inclinometer give it, **not corrected**.
        sigma_m: (n,) of each of north and east, on the ground.
        parameters: length of the state.
        bias: number of the first of two parameters, what is left of the plumb line towards north and east (m): the same
            for all, as it hangs together over kilometres; their prior sigma is `left_of_plumb_line_m`.
        field: that corrects; by default all that is shipped (degree 300), evaluated at the place and iterated with it.
    """
    used = lunar_field() if field is None else field
    pairs = np.atleast_2d(np.asarray(zenith_lat_lon, np.float64))
    seen = [place_me_m(lat, lon) / MOON_RADIUS_M for lat, lon in pairs.tolist()]
    axes = [enu_axes(lat, lon) for lat, lon in pairs.tolist()]
    n = len(seen)
    by_bias = np.zeros((2 * n, parameters - 3))
    by_bias[0::2, bias - 3] = 1.0
    by_bias[1::2, bias - 2] = 1.0

    def predict(state: F64) -> tuple[F64, F64]:
        zenith = plumb_zenith(state[:3], used)
        by = np.empty((3, 3))
        for k in range(3):
            move = np.zeros(3)
            move[k] = STEP_M
            by[:, k] = (plumb_zenith(state[:3] + move, used) - plumb_zenith(state[:3] - move, used)) / (2.0 * STEP_M)
        radius = float(np.linalg.norm(state[:3]))
        values, rows = np.empty(2 * n), np.empty((2 * n, 3))
        for k in range(n):
            for part, axis in enumerate((axes[k][1], axes[k][0])):
                values[2 * k + part] = radius * float(axis @ (zenith - seen[k]))
                rows[2 * k + part] = radius * (axis @ by)
        return values + by_bias @ state[3:], np.concatenate([rows, by_bias], axis=1)

    return Observations(
        method="star_tilt", values=np.zeros(2 * n), sigma=np.repeat(np.asarray(sigma_m), 2), predict=predict
    )
