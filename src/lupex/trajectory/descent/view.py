"""What a lander has of Sun, Earth and antennas on its way down: light on the ground below, cameras, contact."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64, Mask
from lupex.base.constants import MOON_RADIUS_M
from lupex.model import SkyTable, Station
from lupex.model.glance import Glance
from lupex.model.position.fix import enu_axes
from lupex.trajectory.descent.ground import Approach
from lupex.trajectory.seen import station_seen


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class DescentView(Glance):
    """Along a descent, (n,) arrays.

    Attributes:
        times_s: to touchdown, negative before it. to_go_m: ground distance to the site.
        sun_elevation_deg: over the level ground below. shadow_of_1_m_m: length of a metre's shadow there, NaN where the
            Sun is down. phase_deg: angle at the ground below between the Sun and the camera, which looks straight down.
        earth_elevation_deg: over the level ground below. horizon_dip_deg: how far the Moon's limb lies below level at
            the lander's height. earth_seen: whether the Earth stands over it. station_seen: an antenna has the lander.
    """

    times_s: F64
    to_go_m: F64
    sun_elevation_deg: F64
    shadow_of_1_m_m: F64
    phase_deg: F64
    earth_elevation_deg: F64
    horizon_dip_deg: F64
    earth_seen: Mask
    station_seen: Mask

    def _facts(self) -> dict[str, str]:
        sun = f"{self.sun_elevation_deg.min():.1f} to {self.sun_elevation_deg.max():.1f} deg"
        return {"sun": sun, "earth": f"{self.earth_seen.mean():.0%}", "antenna": f"{self.station_seen.mean():.0%}"}


def descent_view(over: Approach, times_s: F64, sky: SkyTable, axes: F64, stations: Sequence[Station]) -> DescentView:
    """Sun, Earth and antennas along a descent.

    Args:
        over: the way over the ground. times_s: (n,) of its rows to touchdown, negative.
        sky: Sun and Earth then. axes: (n, 3, 3) MOON_ME -> J2000. stations: antennas.
    """
    sun, earth = sky.sun_me_m, sky.earth_me_m
    up = np.array([enu_axes(lat, lon)[2] for lat, lon in zip(over.lat_deg, over.lon_deg, strict=True)])
    below, place = MOON_RADIUS_M * up, (MOON_RADIUS_M + over.height_m)[:, None] * up
    sun_height, earth_height = _elevation_deg(sun - below, up), _elevation_deg(earth - place, up)
    dip = np.degrees(np.arccos(MOON_RADIUS_M / np.maximum(MOON_RADIUS_M + over.height_m, MOON_RADIUS_M)))
    from_earth = np.einsum("nij,nj->ni", axes, place - earth)
    high = np.where(sun_height > 0.0, sun_height, np.nan)
    seen = earth_height > -dip
    return DescentView(
        times_s=times_s, to_go_m=over.to_go_m, sun_elevation_deg=sun_height,
        shadow_of_1_m_m=1.0 / np.tan(np.radians(high)), phase_deg=90.0 - sun_height, earth_elevation_deg=earth_height,
        horizon_dip_deg=dip, earth_seen=seen, station_seen=seen & station_seen(stations, sky.times_tdb_s, from_earth),
    )  # fmt: skip


def _elevation_deg(way: F64, up: F64) -> F64:
    return np.asarray(np.degrees(np.arcsin(np.sum(way * up, axis=1) / np.linalg.norm(way, axis=1))))
