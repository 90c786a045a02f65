"""A place on a planned drive, as a user or a file gives it."""

import math
from dataclasses import dataclass

from lupex.base.errors import InputError
from lupex.base.utc import utc_text
from lupex.model.drive.traverse import ACTIVITIES


@dataclass(frozen=True, kw_only=True)
class Waypoint:
    """A place of a planned drive, the times wanted there and what is done there.

    Attributes:
        lat_deg, lon_deg: on the 1737.4 km sphere. x_m, y_m: the same place in the map frame.
        arrive_utc: latest arrival wanted, '' for none. depart_utc: leave not before, '' for at once. A ``datetime`` or
            ``numpy.datetime64`` is taken too, and becomes text.
        activity: one of `ACTIVITIES` but 'end'; 'drive' only passes.
        duration_hours: least time at the place, after whatever time it was reached.
        label: name, '' for none.
    """

    lat_deg: float
    lon_deg: float
    x_m: float
    y_m: float
    arrive_utc: str = ""
    depart_utc: str = ""
    activity: str = "drive"
    duration_hours: float = 0.0
    label: str = ""

    def __post_init__(self) -> None:
        if not all(math.isfinite(value) for value in (self.lat_deg, self.lon_deg, self.x_m, self.y_m)):
            raise InputError(f"waypoint {self.label or self.lat_deg}: its place is not finite")
        if self.activity not in ACTIVITIES[:-1]:
            raise InputError(f"waypoint {self.label}: unknown activity '{self.activity}'", f"use {ACTIVITIES[:-1]}")
        for name in ("arrive_utc", "depart_utc"):
            if getattr(self, name) != "":
                object.__setattr__(self, name, utc_text(getattr(self, name)))
        if not 0.0 <= self.duration_hours < math.inf:
            raise InputError(f"waypoint {self.label}: duration_hours is {self.duration_hours}", "give 0 or more")
