"""What stands in an instrument's field of view: the host's body, and the terrain's skyline.

Directions of a cone are sampled evenly (Fibonacci lattice) and traced through the host's boxes (slab method, Kay and
Kajiya 1986). The lattice of ``rays`` directions resolves shares to about 1 / rays.
"""

import math

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.model.payload.fit import View
from lupex.model.payload.hosts import Host, Mount
from lupex.model.payload.item import Item
from lupex.payload.programme import Programme

RAYS = 4000


def views(programme: Programme, assignment: dict[str, str]) -> tuple[View, ...]:
    """How much the hosts block of each field of view there is; the instruments themselves are not in the way.

    Args:
        programme: instruments, hosts and mounts. assignment: instrument -> mount.
    """
    mounts = {mount.name: mount for mount in programme.mounts}
    hosts = {host.name: host for host in programme.hosts}
    return tuple(
        View(item.name, mount.name, item.view_half_angle_deg, blocked_fraction(item, mount, hosts[mount.host]))
        for item in programme.items
        if item.name in assignment and item.view_half_angle_deg > 0.0
        for mount in [mounts[assignment[item.name]]]
    )


def blocked_fraction(item: Item, mount: Mount, host: Host, rays: int = RAYS) -> float:
    """Share of the instrument's field of view that the host's boxes block; 0 for one without a field of view.

    Args:
        item: with its half angle. mount: where it stands and looks to. host: whose boxes.
        rays: directions traced.
    """
    if item.view_half_angle_deg <= 0.0:
        return 0.0
    rays_of = cone(np.asarray(mount.boresight), item.view_half_angle_deg, rays)
    start = np.asarray(mount.position_m, np.float64)
    blocked = np.zeros(len(rays_of), bool)
    for box in host.solids_m:
        blocked |= _hits(start, rays_of, np.array(box[0::2]), np.array(box[1::2]))
    return float(blocked.mean())


def terrain_fraction(
    item: Item, mount: Mount, heading_deg: float, azimuth_deg: F64, elevation_deg: F64, rays: int = RAYS
) -> float:
    """Share of the field of view that lies on terrain: below the skyline, on level ground under the host.

    Args:
        item, mount: which looks from where. heading_deg: azimuth of the host's x axis, clockwise from true north.
        azimuth_deg, elevation_deg: (n,) of the skyline at the place, azimuths rising within 0 to 360.
        rays: directions traced.

    Raises: InputError when azimuths do not rise.
    """
    if item.view_half_angle_deg <= 0.0:
        return 0.0
    azimuth, elevation = (np.asarray(one, np.float64) for one in (azimuth_deg, elevation_deg))
    if azimuth.ndim != 1 or azimuth.shape != elevation.shape or np.any(np.diff(azimuth) <= 0.0):
        raise InputError("skyline: azimuths must rise, with one elevation each", "sort them")
    looks = cone(np.asarray(mount.boresight), item.view_half_angle_deg, rays)
    # y points to the left of x, azimuths run clockwise.
    towards = (heading_deg - np.degrees(np.arctan2(looks[:, 1], looks[:, 0]))) % 360.0
    up = np.degrees(np.arcsin(np.clip(looks[:, 2], -1.0, 1.0)))
    sky = np.interp(towards, azimuth, elevation, period=360.0)
    return float(np.mean(up < sky))


def cone(axis: F64, half_angle_deg: float, rays: int) -> F64:
    """(rays, 3) unit vectors spread evenly over a cone.

    Args:
        axis: (3,) its middle, a unit vector. half_angle_deg: up to 180. rays: how many.
    """
    number = np.arange(rays) + 0.5
    z = 1.0 - number / rays * (1.0 - math.cos(math.radians(half_angle_deg)))
    around = number * math.pi * (3.0 - math.sqrt(5.0))
    flat = np.sqrt(np.maximum(1.0 - z * z, 0.0))
    side = np.cross(axis, [0.0, 0.0, 1.0] if abs(axis[2]) < 0.9 else [1.0, 0.0, 0.0])
    side /= np.linalg.norm(side)
    other = np.cross(axis, side)
    return (
        (flat * np.cos(around))[:, None] * side + (flat * np.sin(around))[:, None] * other + z[:, None] * axis
    )  # fmt: skip


def _hits(start: F64, rays: F64, low: F64, high: F64) -> np.ndarray:
    """(n,) whether rays from ``start`` enter a box; one that starts on its face and leaves it does not."""
    with np.errstate(divide="ignore", invalid="ignore"):
        near, far = (low - start) / rays, (high - start) / rays
    near, far = np.where(np.isnan(near), -np.inf, near), np.where(np.isnan(far), np.inf, far)
    enter, leave = np.minimum(near, far).max(axis=1), np.maximum(near, far).min(axis=1)
    return (leave > np.maximum(enter, 0.0)) & (leave > 1e-9)
