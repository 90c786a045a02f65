"""Little regions whose every layer is written by hand."""

import numpy as np

from lupex.model import Grid

GOOD = {
    "slope_deg": 2.0,
    "season_lit_fraction": 0.8,
    "season_longest_lit_days": 60.0,
    "season_earth_fraction": 0.5,
    "psr_distance_km": 4.0,
    "permanent_shadow": 0.0,
}


def region(rows: int = 5, cols: int = 7, cell_m: float = 1600.0) -> tuple[Grid, dict[str, np.ndarray]]:
    """A grid around the pole on which every cell is equally good."""
    grid = Grid("south", rows, cols, cell_m, -cols * cell_m / 2, rows * cell_m / 2)
    return grid, {name: np.full(grid.shape, value, np.float32) for name, value in GOOD.items()}
