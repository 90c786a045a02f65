"""What a study found of how well a place will be known: budgets over days, what decides, what the skyline gives."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.model import LightMap
from lupex.model.glance import Glance, counted
from lupex.navigation.design.budget import BudgetRow


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class SitePosition(Glance):
    """How well a lander at rest on a site would be known.

    Attributes:
        start_utc: begin of the arcs: the first pass. stations: with a pass in the longest arc.
        methods: of the budget. arcs_days: lengths, ascending.
        rows: for every arc each method alone, all together, and all but one.
        next_rows: after the shortest arc, all methods and one more, best first.
        skyline_m: one sigma of a skyline match at the place, both axes, without the DEM's own error.
        maps: skyline_fix_m around the site.
        wanted_m: asked of east and north together; wanted_days: after which arc it is kept, inf for never.
        first_drive_days: from the begin to the first drive; first_drive_m: the sigma by then, NaN where no arc is as
            short.
        notes: what the numbers leave out, in sentences.
    """

    start_utc: str
    stations: tuple[str, ...]
    methods: tuple[str, ...]
    arcs_days: tuple[float, ...]
    rows: tuple[BudgetRow, ...]
    next_rows: tuple[BudgetRow, ...]
    skyline_m: float
    maps: LightMap
    wanted_m: float
    wanted_days: float
    first_drive_days: float
    first_drive_m: float
    notes: tuple[str, ...] = ()

    def row(self, days: float, methods: tuple[str, ...]) -> BudgetRow:
        """The row of an arc and a set of methods. Raises KeyError where there is none."""
        for one in self.rows:
            if one.days == days and one.methods == "+".join(methods):
                return one
        raise KeyError((days, methods))

    @property
    def together(self) -> tuple[BudgetRow, ...]:
        """All methods together, arc by arc."""
        return tuple(self.row(days, self.methods) for days in self.arcs_days)

    def without(self, days: float) -> dict[str, float]:
        """Method -> horizontal sigma (m) after an arc when it alone is left out; {} with fewer than three methods."""
        if len(self.methods) < 3:
            return {}
        return {
            name: self.row(days, tuple(one for one in self.methods if one != name)).sigma_horizontal_m
            for name in self.methods
        }

    @property
    def decides(self) -> tuple[str, float]:
        """The method that is missed most after the longest arc, and the horizontal sigma (m) without it; ('', nan)."""
        found = self.without(self.arcs_days[-1])
        if not found:
            return "", float("nan")
        name = max(found, key=lambda one: (found[one], one))
        return name, found[name]

    def _facts(self) -> dict[str, str]:
        last = self.together[-1]
        sigma = f"{last.sigma_horizontal_m:.1f} m after {last.days:g} days"
        return {"sigma": sigma, "methods": "+".join(self.methods), "stations": counted(len(self.stations), "station")}

    def _picture(self) -> NDArray[np.float32]:
        return self.maps["skyline_fix_m"]
