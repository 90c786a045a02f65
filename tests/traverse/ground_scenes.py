"""Small terrains, a plain rover, and the cells it can reach."""

import numpy as np

from lupex.model import Grid, Rover, Terrain

PLAIN = Rover(
    name="plain", mass_kg=350.0, speed_m_s=0.05, max_up_slope_deg=20.0, max_down_slope_deg=20.0,
    max_cross_slope_deg=20.0, hotel_power_w=95.0, sleep_power_w=40.0, array_w=600.0, battery_wh=5000.0,
    slowest_fraction=0.5, drive_overhead_w=100.0,
)  # fmt: skip


def terrain_of(z, cell_m=10.0, x_m=0.0, y_m=0.0):
    """A Terrain of heights (row, col) whose top left corner is at (x, y)."""
    z = np.asarray(z, np.float32)
    return Terrain(Grid("south", *z.shape, cell_m, x_m, y_m), z)


def reached(edges, start):
    """Cells that can be driven to from a cell: flood over the steps."""
    from lupex.traverse.steps.edges import DOWN, RIGHT

    seen = np.zeros(edges.grid.shape, bool)
    seen[start] = True
    todo = [start]
    while todo:
        r, c = todo.pop()
        for d in range(edges.directions):
            to = (r + int(DOWN[d]), c + int(RIGHT[d]))
            if edges.blocked_by[d, r, c] == 0 and not seen[to]:
                seen[to] = True
                todo.append(to)
    return seen
