"""Forbidden steps widened by the rover's position error: what is safe must be safe wherever the rover may really be."""

import math
from dataclasses import replace

import numpy as np

from lupex.base.errors import InputError
from lupex.traverse.steps.edges import EDGE_CONSTRAINTS, Edges

MAP_EDGE = EDGE_CONSTRAINTS.index("edge of the map")


def widened(edges: Edges, radius_m: float) -> Edges:
    """The steps that may be driven wherever within a radius the rover really begins them.

    A step is forbidden where the same step (same direction) is forbidden at any cell whose middle lies within the
    radius, by what forbids the nearest of them. The map's edge itself is not widened: nothing is known beyond it.

    Args:
        edges: of the rover on its ground.
        radius_m: position error to be survived; below one cell nothing changes, as the map holds no finer hazard.

    Raises InputError for a radius that is negative or not finite.
    """
    if not (math.isfinite(radius_m) and radius_m >= 0.0):
        raise InputError(f"edges: a position error of {radius_m:g} m", "give 0 or more metres")
    if radius_m < edges.grid.cell_m:
        return edges
    from scipy.ndimage import distance_transform_edt

    blocked = edges.blocked_by.copy()
    length, energy, time = (values.copy() for values in (edges.length_m, edges.energy_j, edges.time_s))
    for d in range(edges.directions):
        forbidden = (edges.blocked_by[d] != 0) & (edges.blocked_by[d] != MAP_EDGE)
        if not forbidden.any():
            continue
        away, (row, col) = distance_transform_edt(~forbidden, sampling=edges.grid.cell_m, return_indices=True)
        shut = (away <= radius_m) & (edges.blocked_by[d] == 0)
        blocked[d][shut] = edges.blocked_by[d][row[shut], col[shut]]
        for values in (length, energy, time):
            values[d][shut] = np.inf
    return replace(edges, length_m=length, energy_j=energy, time_s=time, blocked_by=blocked)
