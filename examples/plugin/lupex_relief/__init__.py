"""Local relief: height of the highest over the lowest ground within five cells, as a layer and as a criterion.

Each row below is named in ``pyproject.toml`` under the group of its table; once installed, lupex finds it.
"""

import numpy as np
from scipy.ndimage import maximum_filter, minimum_filter

from lupex.model import RankingSettings
from lupex.sites import DecisionCriterion, SiteInputs, mean_around
from lupex.study import LayerScene, MapLayer
from lupex.traverse import DriveConstraint

CELLS = 11
"""Side of the window, cells."""

TETHER_M = 20_000.0
"""Length of the tether the example's rover drags behind it (assumption)."""


def local_relief_m(scene: LayerScene) -> np.ndarray:
    """Highest less lowest height (row, col), m, in a window of 11 x 11 cells; NaN where a height is missing."""
    z = scene.terrain.elevation_m.astype(np.float64)
    return maximum_filter(z, CELLS) - minimum_filter(z, CELLS)


def relief_at(site: SiteInputs, settings: RankingSettings) -> tuple[float, float]:
    """Mean and standard deviation of the layer over the ground where the lander may come down."""
    return mean_around(site, "local_relief_m")


LAYER = MapLayer(
    name="local_relief_m", compute=local_relief_m, sentence="highest less lowest height in a window of 11 x 11 cells"
)

CRITERION = DecisionCriterion(
    name="local_relief_m",
    higher_is_better=False,
    meaning="mean local relief",
    sigma_rule="standard deviation over the ground where the lander may come down",
    weight="weight_local_relief",
    measure=relief_at,
)

CONSTRAINT = DriveConstraint(
    name="tether_m",
    unit="m",
    margin=lambda log, rover: TETHER_M - log.distance_m,
    words="the drive is {by} m longer than the tether",
    label="length of the tether",
    planned=False,
)
