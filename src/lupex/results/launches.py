"""When to launch for the sites of a study, and what then lands."""

from dataclasses import dataclass

from lupex.base.arrays import F64
from lupex.model.glance import Glance, counted
from lupex.trajectory import Approach, DescentPlan, MassBudget, Vehicles, WindowMap


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class SiteLaunches(Glance):
    """Windows of one site.

    Attributes:
        site: its name. windows: one row for each cell of launches. best: rows of the best few, best first.
        budget: staged masses of the best; None where no window is open.
    """

    site: str
    windows: WindowMap
    best: tuple[int, ...]
    budget: MassBudget | None

    def _facts(self) -> dict[str, str]:
        return {"site": self.site} | self.windows._facts()


@dataclass(frozen=True, kw_only=True)
class PayloadMass:
    """The landed mass held against the payload.

    Attributes:
        landed_kg: of the best window of the best site. payload_kg: what the payload takes with its margins, or the
            payload stated for the lander; payload_source: which, in words.
        dry_kg: of the lander without it; NaN where unpublished.
    """

    landed_kg: float
    payload_kg: float
    payload_source: str
    dry_kg: float

    @property
    def for_dry_kg(self) -> float:
        """What is left for the lander itself."""
        return self.landed_kg - self.payload_kg

    @property
    def margin_kg(self) -> float:
        """What is left over; NaN where the dry mass is unpublished."""
        return self.for_dry_kg - self.dry_kg


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class LaunchStudy(Glance):
    """Launches of a span for every site of a study.

    Attributes:
        cell_hours: one launch was looked at in every so many hours. sites: best first.
        flight_days (k,), burns_m_s (k, cell): TLI and LOI of every flight time and launch; no site in it.
        vehicles: launcher and lander. plan: of the descent onto the best site. over: its way over the ground there.
        azimuth_true_deg: of the track over it. masses: held against the payload; None where no window is open.
    """

    cell_hours: float
    sites: tuple[SiteLaunches, ...]
    flight_days: F64
    burns_m_s: F64
    vehicles: Vehicles
    plan: DescentPlan
    over: Approach
    azimuth_true_deg: float
    masses: PayloadMass | None

    def of(self, site: str) -> SiteLaunches:
        """The windows of a site by name. Raises KeyError where it has none."""
        for one in self.sites:
            if one.site == site:
                return one
        raise KeyError(site)

    def _facts(self) -> dict[str, str]:
        return {"sites": counted(len(self.sites), "site"), "cells": f"every {self.cell_hours:g} h",
                "open": str(sum(int(one.windows.open.sum()) for one in self.sites))}  # fmt: skip
