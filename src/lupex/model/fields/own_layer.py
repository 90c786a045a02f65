"""Named features a user brings: places, lines and areas on the polar map, and where a site lies among them."""

from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.model.glance import Glance, counted

KINDS = ("names", "regions", "craters", "scarps", "outlines")
"""What a layer holds: named points; areas; circles with a diameter; lines; areas that are drawn dashed."""
AREAS = ("regions", "outlines")


@dataclass(frozen=True, eq=False, repr=False)
class OwnFeature(Glance):
    """One feature: its name ('' for none) and its parts in metres of the polar map.

    Attributes:
        name: of the feature.
        parts: (point, 2) arrays: one point, or one line, or the rings of an area, holes among them.
        diameter_m: on the ground; NaN for what is no circle.
    """

    name: str
    parts: tuple[F64, ...]
    diameter_m: float = float("nan")

    @property
    def middle_m(self) -> tuple[float, float]:
        """Map x and y of the mean of its points."""
        x, y = np.concatenate(self.parts).mean(axis=0)
        return float(x), float(y)

    def _facts(self) -> dict[str, str]:
        points = counted(sum(len(part) for part in self.parts), "point")
        return {"name": self.name, "parts": counted(len(self.parts), "part"), "points": points}


@dataclass(frozen=True, eq=False, repr=False)
class OwnLayer(Glance):
    """A layer of the user's own, see [[layer]] of the mission file. ``sha256``: of its file."""

    name: str
    kind: str
    features: tuple[OwnFeature, ...]
    sha256: str = ""

    def _facts(self) -> dict[str, str]:
        return {"name": self.name, "kind": self.kind, "features": counted(len(self.features), "feature")}


@dataclass(frozen=True, kw_only=True)
class NearFeature:
    """Where a site lies among the features of a layer.

    Attributes:
        site, layer, kind: their names.
        nearest: name of the nearest feature, or its number in the file.
        distance_km: along the great circle to its nearest point (a crater's: of its rim); 0 inside.
        azimuth_true_deg: from there clockwise from north; NaN inside.
        inside: names of the areas and craters the site lies in, the smallest first.
    """

    site: str
    layer: str
    kind: str
    nearest: str
    distance_km: float
    azimuth_true_deg: float
    inside: tuple[str, ...] = ()
