"""Light over several grounds of the same cells: expectation and spread."""

from collections.abc import Iterable

import numpy as np

from lupex.base.arrays import F32
from lupex.base.running import Running, takes_running
from lupex.base.utc import UtcLike
from lupex.illumination.longterm import LongTermSettings, long_term_light
from lupex.model import HorizonMap, SkyTable, Terrain

EXPECTED = (
    "lit_fraction_any",
    "lit_fraction_disc",
    "mean_irradiance_surface_w_m2",
    "mean_irradiance_panel_w_m2",
    "earth_fraction",
    "earth_any_fraction",
)
"""Layers that are means over time: their expectation over the grounds of a cell is again one."""


@takes_running
def expected_light(
    terrain: Terrain,
    grounds: Iterable[HorizonMap],
    sky: SkyTable,
    span_utc: tuple[UtcLike, UtcLike],
    settings: LongTermSettings = LongTermSettings(),
    running: Running = Running(),
) -> dict[str, F32]:
    """Means over the grounds of each cell, by name: `EXPECTED`, the share of them in permanent shadow
    (psr_ground_fraction), and the standard deviation of their light (lit_fraction_any_spread).

    Args:
        terrain: the cells. grounds: skylines of one ground in every cell, each as likely as the others; one at least.
        sky, span_utc, settings: as for `long_term_light`.
        running: threads and progress.
    """
    sums: dict[str, F32] = {}
    square = np.zeros(terrain.grid.shape, np.float32)
    count = 0
    for horizons in grounds:
        light = long_term_light(terrain, horizons, sky, span_utc, settings, running)
        for name in (*EXPECTED, "permanent_shadow"):
            sums[name] = sums.get(name, np.float32(0.0)) + light[name]
        square += light["lit_fraction_any"] ** 2
        count += 1
    means = {name: np.asarray(sums[name] / count, np.float32) for name in EXPECTED}
    variance = np.maximum(square / count - means["lit_fraction_any"] ** 2, 0.0) * (count / max(count - 1, 1))
    return {
        **means,
        "psr_ground_fraction": np.asarray(sums["permanent_shadow"] / count, np.float32),
        "lit_fraction_any_spread": np.sqrt(variance).astype(np.float32),
    }
