"""Measurement models between a place on the Moon and what is near it: values and partial derivatives by the place.

Every function takes the place (3,) in MOON_ME metres and gives values (n,) and their Jacobian (n, 3). Angles are in
radians. Orbiters and satellites come as states in MOON_ME (rotating axes) at reception; the light time to the surface
point is solved, the Moon's turn during it included.
"""

from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M, SPEED_OF_LIGHT_M_S
from lupex.base.errors import InputError
from lupex.kernels.navigation.light_time import MOON_RAD_S
from lupex.model.position.fix import enu_axes

TURN = np.array([0.0, 0.0, MOON_RAD_S])
"""Turn of the Moon in its own axes (rad/s); librations change it by some parts in a thousand, 1e-5 m of a path."""


@dataclass(frozen=True, eq=False)
class Orbiter:
    """States of something in orbit, MOON_ME: places (n, 3), metres, and their rates (n, 3), m/s."""

    place_me_m: F64
    velocity_me_m_s: F64

    def __post_init__(self) -> None:
        place, velocity = (np.atleast_2d(np.asarray(v, np.float64)) for v in (self.place_me_m, self.velocity_me_m_s))
        if place.shape != velocity.shape or place.shape[1:] != (3,):
            raise InputError(f"orbiter: states of shapes {place.shape} and {velocity.shape}", "give (n, 3) of both")
        object.__setattr__(self, "place_me_m", place)
        object.__setattr__(self, "velocity_me_m_s", velocity)

    @property
    def inertial_velocity_m_s(self) -> F64:
        """Velocity in non-rotating axes that coincide with MOON_ME at reception (n, 3)."""
        return self.velocity_me_m_s + np.cross(TURN, self.place_me_m)


def orbiter_range(place: F64, orbiter: Orbiter) -> tuple[F64, F64]:
    """One-way path (m) from an orbiter to the place: |r(t - tau) - p|, solved for tau."""
    _, path, unit, along = _retarded(place, orbiter)
    # tau depends on the place, too: d rho = -u . dp / (1 + u . v / c), u from the place to the orbiter.
    return path, -unit / (1.0 + along / SPEED_OF_LIGHT_M_S)[:, None]


def orbiter_doppler(place: F64, orbiter: Orbiter) -> tuple[F64, F64]:
    """Instantaneous range rate (m/s) of that path from the states (acceleration over the light time left out)."""
    seen, path, unit, _ = _retarded(place, orbiter)
    relative = orbiter.inertial_velocity_m_s - np.cross(TURN, place)
    rate = np.einsum("ij,ij->i", unit, relative)
    across = relative - rate[:, None] * unit
    return rate, -across / path[:, None] - np.cross(unit, TURN)


def reflector_range(place: F64, orbiter: Orbiter) -> tuple[F64, F64]:
    """Half of a laser's round trip (m) from an orbiter to a reflector at the place and back, by states at reception.

    The pulse left the orbiter some ms before; its acceleration over that time (3 micrometres) is left out.
    """
    # The echo arrives at the orbiter at its own instant: that leg is the distance now.
    back = orbiter.place_me_m - place
    down = np.linalg.norm(back, axis=1)
    by_down = -back / down[:, None]
    velocity = orbiter.inertial_velocity_m_s
    seen = orbiter.place_me_m - velocity * (2.0 * down / SPEED_OF_LIGHT_M_S)[:, None]
    for _ in range(3):
        up = np.linalg.norm(seen - place, axis=1)
        seen = orbiter.place_me_m - velocity * ((down + up) / SPEED_OF_LIGHT_M_S)[:, None]
    unit = (seen - place) / up[:, None]
    along = np.einsum("ij,ij->i", unit, velocity) / SPEED_OF_LIGHT_M_S
    # |r - v (tau_d + tau_u) - p| = c tau_u, differentiated by p through tau_d as well.
    by_up = -(unit + along[:, None] * by_down) / (1.0 + along)[:, None]
    return 0.5 * (down + up), 0.5 * (by_down + by_up)


def pseudorange(place: F64, orbiter: Orbiter, clock_m: float = 0.0) -> tuple[F64, F64]:
    """Path from a navigation satellite and the receiver's clock offset (m); its partial by the clock is 1."""
    path, jacobian = orbiter_range(place, orbiter)
    return path + clock_m, jacobian


def beacon_range(place: F64, beacon_me_m: F64) -> tuple[F64, F64]:
    """Distances (n,) to known points (n, 3): a lander seen from its rover; light time over kilometres is nothing."""
    away = np.atleast_2d(place - np.asarray(beacon_me_m))
    distance = np.linalg.norm(away, axis=1)
    if np.any(distance < 1e-3):
        raise InputError("beacon range: the place lies on the beacon", "begin some metres away")
    return distance, away / distance[:, None]


def beacon_bearing(place: F64, beacon_me_m: F64) -> tuple[F64, F64]:
    """True azimuths (n,), rad clockwise from north, of known points (n, 3) seen from the place."""
    east, north, up = _axes(place)
    to = np.atleast_2d(np.asarray(beacon_me_m, np.float64)) - place
    e, n = to @ east, to @ north
    squared = e**2 + n**2
    if np.any(squared < 1e-6):
        raise InputError("bearing: the point lies straight above or below", "leave it out")
    d_east, d_north = _axes_by_place(place)
    by_e = -east + to @ d_east
    by_n = -north + to @ d_north
    return np.arctan2(e, n), (n[:, None] * by_e - e[:, None] * by_n) / squared[:, None]


def beacon_elevation(place: F64, beacon_me_m: F64) -> tuple[F64, F64]:
    """Elevations (n,), rad above the local horizontal (of the radius), of known points (n, 3) seen from the place."""
    up = _axes(place)[2]
    r = float(np.linalg.norm(place))
    to = np.atleast_2d(np.asarray(beacon_me_m, np.float64)) - place
    distance = np.linalg.norm(to, axis=1)
    if np.any(distance < 1e-3):
        raise InputError("elevation: the place lies on the point", "begin some metres away")
    sine = to @ up / distance
    by_height = -up + to @ (np.eye(3) - np.outer(up, up)) / r
    by = by_height / distance[:, None] + sine[:, None] * to / (distance**2)[:, None]
    return np.arcsin(sine), by / np.sqrt(1.0 - sine**2)[:, None]


def landmark_pixels(place: F64, landmarks_me_m: F64, camera_from_me: F64, focal_px: float) -> tuple[F64, F64]:
    """Pixel coordinates (2n,), x of all then y of all, of known landmarks in a camera of known attitude at the place.

    Args:
        place: of the camera, (3,).
        landmarks_me_m: (n, 3) craters or map points.
        camera_from_me: (3, 3) rotation into the camera's axes, z along the boresight.
        focal_px: focal length in pixels.

    Raises InputError for a landmark behind the camera.
    """
    q = (np.atleast_2d(landmarks_me_m) - place) @ camera_from_me.T
    if np.any(q[:, 2] <= 0.0):
        raise InputError("landmarks: one lies behind the camera", "check the attitude or leave it out")
    x, y = focal_px * q[:, 0] / q[:, 2], focal_px * q[:, 1] / q[:, 2]
    scale = focal_px / q[:, 2]
    by_x = -scale[:, None] * (camera_from_me[0] - (q[:, 0] / q[:, 2])[:, None] * camera_from_me[2])
    by_y = -scale[:, None] * (camera_from_me[1] - (q[:, 1] / q[:, 2])[:, None] * camera_from_me[2])
    return np.concatenate([x, y]), np.concatenate([by_x, by_y])


def map_place(place: F64, reference_me_m: F64) -> tuple[F64, F64]:
    """East and north (2,), metres, of the place from a reference point: what an image tied to a map gives."""
    axes = enu_axes(*_lat_lon(reference_me_m))[:2]
    return axes @ (place - reference_me_m), axes


def dem_height(place: F64, height_m: float, slope_east: float, slope_north: float) -> tuple[F64, F64]:
    """Height above the DEM (1,), metres: zero on the ground.

    Args:
        height_m: of the DEM under the place, above the 1737.4 km sphere.
        slope_east, slope_north: of the DEM there, m/m.
    """
    east, north, up = _axes(place)
    value = np.array([np.linalg.norm(place) - MOON_RADIUS_M - height_m])
    return value, (up - slope_east * east - slope_north * north)[None, :]


def plumb_direction(place: F64, deflection_rad: tuple[float, float] = (0.0, 0.0)) -> tuple[F64, F64]:
    """Zenith of the plumb line (3,) in MOON_ME, unit: what star tracker and inclinometer give together.

    Args:
        deflection_rad: of the plumb line from the radius, towards north and east, by a field of degree 300 or more
            evaluated at the surface; without it the answer is 2 km rms off south of 85 S.
    """
    east, north, up = _axes(place)
    d_east, d_north = _axes_by_place(place)
    r = float(np.linalg.norm(place))
    toward_north, toward_east = deflection_rad
    raw = up + toward_north * north + toward_east * east
    jacobian = (np.eye(3) - np.outer(up, up)) / r + toward_north * d_north + toward_east * d_east
    size = float(np.linalg.norm(raw))
    unit = raw / size
    return unit, (np.eye(3) - np.outer(unit, unit)) @ jacobian / size


def star_azimuth(place: F64, towards_me: F64) -> tuple[F64, F64]:
    """True azimuths (n,), rad, of directions at infinity (n, 3): Sun or star for a heading or a longitude."""
    east, north, _ = _axes(place)
    d_east, d_north = _axes_by_place(place)
    v = np.atleast_2d(np.asarray(towards_me, np.float64))
    e, n = v @ east, v @ north
    by = (n[:, None] * (v @ d_east) - e[:, None] * (v @ d_north)) / (e**2 + n**2)[:, None]
    return np.arctan2(e, n), by


def _retarded(place: F64, orbiter: Orbiter) -> tuple[F64, F64, F64, F64]:
    """Orbiter when the light left it (n, 3), path, unit vector place -> orbiter, its velocity along it."""
    velocity = orbiter.inertial_velocity_m_s
    light_s = np.linalg.norm(orbiter.place_me_m - place, axis=1) / SPEED_OF_LIGHT_M_S
    for _ in range(4):
        seen = orbiter.place_me_m - velocity * light_s[:, None]
        light_s = np.linalg.norm(seen - place, axis=1) / SPEED_OF_LIGHT_M_S
    path = light_s * SPEED_OF_LIGHT_M_S
    unit = (seen - place) / path[:, None]
    return seen, path, unit, np.einsum("ij,ij->i", unit, velocity)


def _lat_lon(place: F64) -> tuple[float, float]:
    x, y, z = (float(v) for v in place)
    return float(np.degrees(np.arctan2(z, np.hypot(x, y)))), float(np.degrees(np.arctan2(y, x)))


def _axes(place: F64) -> F64:
    if np.hypot(place[0], place[1]) < 1.0:
        raise InputError("azimuth: the place is the pole itself, where north is no direction", "use the map's axes")
    return enu_axes(*_lat_lon(place))


def _axes_by_place(place: F64) -> tuple[F64, F64]:
    """Change of the vectors east and north with the place: [j, k] = d axis_j / d place_k, (3, 3) each."""
    east, north, up = _axes(place)
    r, rho = float(np.linalg.norm(place)), float(np.hypot(place[0], place[1]))
    lon_by, lat_by = east / rho, north / r
    out = np.array([place[0] / rho, place[1] / rho, 0.0])
    d_east = -np.outer(out, lon_by)
    sine = up[2]
    d_north = -np.outer(up, lat_by) - sine * np.outer(east, lon_by)
    return d_east, d_north
