"""One trajectory in full, as the study found it."""

from dataclasses import dataclass

from lupex.base.arrays import F64
from lupex.model.glance import Glance
from lupex.trajectory import DescentPlan, Flight, MassBudget, Midcourse, Vehicles, WindowMap


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Design(Glance):
    """A design.

    Attributes:
        site: latitude and east longitude. windows: around the launch; row: that of the launch.
        flight, descent, mass: from the last burn near the Earth to the ground. vehicles: launcher and lander.
        corrections: on the way, what errors of the burn towards the Moon cost.
        flight_days (k,), burns_m_s (k, cell): the porkchop: TLI and LOI of every flight time and launch.
    """

    site: tuple[float, float]
    windows: WindowMap
    row: int
    flight: Flight
    descent: DescentPlan
    mass: MassBudget
    vehicles: Vehicles
    flight_days: F64
    burns_m_s: F64
    corrections: Midcourse

    def _facts(self) -> dict[str, str]:
        return {"site": f"{self.site[0]:g}, {self.site[1]:g}", "landed": f"{self.mass.landed_kg:.0f} kg landed",
                "events": f"{len(self.flight.events)} events"}  # fmt: skip
