"""Sun and Earth as the kernels want them: map-frame positions and disc radii."""

from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import AU_M, EARTH_RADIUS_M, SUN_RADIUS_M
from lupex.base.errors import SpanError
from lupex.base.frames import Pole, me_to_map_frame
from lupex.model import SkyTable


@dataclass(frozen=True, eq=False)
class Body:
    """A body over time: positions (3, time) in the map frame (m) and angular radius (time,) rad."""

    position_m: F64
    radius_rad: F64

    @property
    def distance_m(self) -> F64:
        """Distance from the Moon's centre (time,)."""
        return np.asarray(np.sqrt(np.sum(self.position_m**2, axis=0)))


def sun(sky: SkyTable, pole: Pole) -> Body:
    """The Sun, disc of the nominal solar radius (IAU 2015 B3)."""
    return _body(sky.sun_me_m, SUN_RADIUS_M, pole)


def earth(sky: SkyTable, pole: Pole) -> Body:
    """The Earth, disc of its equatorial radius."""
    return _body(sky.earth_me_m, EARTH_RADIUS_M, pole)


def station(sky: SkyTable, name: str, pole: Pole) -> Body:
    """A ground station, a point. Raises SpanError when the table does not hold it."""
    if name not in sky.stations_me_m:
        raise SpanError(f"sky table has no station '{name}'", f"it holds: {', '.join(sky.stations_me_m) or 'none'}")
    return _body(sky.stations_me_m[name], 1.0, pole)


def strength(body: Body) -> F64:
    """Sunlight relative to that at 1 au (time,): inverse square of the distance."""
    return np.asarray((AU_M / body.distance_m) ** 2)


def _body(position_me_m: F64, radius_m: float, pole: Pole) -> Body:
    position = np.ascontiguousarray(me_to_map_frame(position_me_m, pole).T)
    distance = np.sqrt(np.sum(position**2, axis=0))
    return Body(position, np.arcsin(radius_m / distance))
