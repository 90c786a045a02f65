"""Refined default terrain against LOLA's slope statistics.

Rosenburg et al. 2011 (JGR 116, E02001, Table 2), south polar region: median bidirectional slope 7.6 degrees
at 17 m, Hurst exponent 0.95. Read in secondary transcriptions.
"""

import numpy as np
import pytest

from lupex.io import default_terrain
from lupex.terrain import fine_grid, refine, slope_deg


def test_the_refined_south_cap_has_the_published_median_slope_and_hurst_exponent():
    """Thirty windows of 3.2 km spread evenly over the map: slope within 12 %, Hurst exponent within 0.03."""
    terrain = default_terrain("south")
    golden = 0.5 * (np.sqrt(5.0) - 1.0)
    baselines, cell_m = np.array([25.0, 50.0, 100.0, 200.0]), 25.0
    slopes: list[list[np.ndarray]] = [[] for _ in baselines]
    for i in range(30):
        x, y = (i + 0.5) / 30.0 - 0.5, (i * golden) % 1.0 - 0.5
        grid = fine_grid(terrain.grid, 1.2e6 * x, 1.2e6 * y, 3200.0, cell_m)
        z = refine(terrain, grid, np.random.default_rng(i)).elevation_m.astype(np.float64)
        for kept, baseline in zip(slopes, baselines, strict=True):
            k = round(baseline / cell_m)
            corner = z[:-k, :-k]
            kept.append((np.hypot(z[:-k, k:] - corner, z[k:, :-k] - corner) / baseline)[::2, ::2].ravel())
    median = np.array([np.median(np.concatenate(kept)) for kept in slopes])
    published = np.tan(np.radians(7.6)) * (baselines[0] / 17.0) ** (0.95 - 1.0)
    assert median[0] == pytest.approx(published, rel=0.12)
    assert 1.0 + np.polyfit(np.log(baselines), np.log(median), 1)[0] == pytest.approx(0.95, abs=0.03)


def test_the_coarse_cap_itself_continues_the_published_law_to_3200_m():
    """Within 300 km of the pole the median slope over 3200 m is 7.6 (3200/17)^-0.05 = 5.85 degrees within 5 %."""
    terrain = default_terrain("south")
    x, y = terrain.grid.xy_m()
    slope = slope_deg(terrain, 3200.0, "horn")[np.hypot(x, y) < 300_000.0]
    assert np.nanmedian(slope) == pytest.approx(5.85, rel=0.05)
