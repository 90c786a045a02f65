"""The steps a rover may drive on a terrain, with length, time and energy; what forbids the others.

Theory: docs/theory/driving.md.
"""

import numpy as np

from lupex.base.arrays import Mask
from lupex.base.errors import InputError
from lupex.base.running import Running, takes_running
from lupex.base.threads import over_rows
from lupex.kernels.drive import edges as kernel
from lupex.model import Rover, Terrain
from lupex.traverse.steps.edges import EDGE_CONSTRAINTS, Edges


@takes_running
def drive_edges(
    terrain: Terrain, rover: Rover, neighbours: int = 8, blocked: Mask | None = None, running: Running = Running()
) -> Edges:
    """Every directed step to 8 or 16 neighbouring cells, checked along its whole length.

    Heights between cell centres are bilinear. Each piece of a step must keep the limits of climb and descent, the
    step those of side slope and of the highest step between cells it enters. Cells entered must be known and not
    ``blocked`` (row, col); so must those whose corner a diagonal or knight's move passes. Lengths are on the sphere,
    with the map's scale at the middle of each step. Energy is the law's along the pieces plus the overhead of driving
    over the time; time is length over speed, slip included. Turning is not in it: it depends on two steps, and is
    left to the simulation of a drive.

    ``running``: on how many threads. Raises InputError for another number of neighbours, GridError for a mask of
    another shape.

    Args:
        terrain: heights to drive over.
        rover: limits, speed and energy.
        neighbours: 8 or 16.
    """
    if neighbours not in (8, 16):
        raise InputError(f"drive edges: {neighbours} neighbours", "use 8 or 16")
    grid = terrain.grid
    z, heights = terrain.open_heights(blocked)
    out = np.empty((4, neighbours, *grid.shape), np.float32)
    by = np.empty((neighbours, *grid.shape), np.uint8)
    x_m, y_m, limits, law = grid.x_m(), grid.y_m(), rover.ground_limits, rover.law_numbers

    def work(first: int, last: int) -> None:
        kernel.drive_edges(z, heights, x_m, y_m, grid.cell_m, limits, law, first, last, out, by)

    over_rows(work, grid.rows, running)
    length_m, energy_j, time_s, slope_deg = out
    return Edges(
        grid=grid,
        length_m=length_m,
        energy_j=energy_j,
        time_s=time_s,
        slope_deg=slope_deg,
        blocked_by=by,
        terrain=terrain,
    )


def blocked_share(edges: Edges) -> dict[str, float]:
    """Share of the steps with both ends on the map that each constraint forbids; only those that forbid any."""
    counts = np.bincount(edges.blocked_by.ravel(), minlength=len(EDGE_CONSTRAINTS))
    inside = int(counts.sum() - counts[kernel.EDGE])
    named = zip(EDGE_CONSTRAINTS, counts, strict=True)
    return {name: int(n) / inside for name, n in list(named)[kernel.HOLE :] if n}
