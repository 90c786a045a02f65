"""Skylines of the ground inside coarse cells: what the relief below the cell adds to the cell's own."""

import numpy as np

from lupex.kernels.compiled import kernel

RAD_TO_DEG = np.float32(180.0 / np.pi)
NO_COUNT = -32768


@kernel
def add_relief(counts, row_lo, row_hi, unit_deg, rise_x, rise_y, cos_a, sin_a, over_deg, added_deg, ranks, which, out):
    """Fill ``out`` (azimuth, row, col) int16 with the skyline of one ground per cell, for some rows.

    Args: counts (azimuth, row, col) of the smooth cells, steps of ``unit_deg``; rise_x, rise_y (row, col) rise of the
    cell per metre along the map axes; (cos_a, sin_a) (azimuth,) of pencil azimuths, clockwise from +y; over_deg
    (node,) ascending, how far the skyline stands above the cell's own rise; added_deg (node, level) what the ground
    adds there, ascending with the level; ranks (ground, azimuth) uint8 level of each ground in each azimuth;
    which (row, col) the ground of each cell.
    """
    n_azimuth, _, cols = counts.shape
    nodes = over_deg.size
    one = np.float32(1.0)
    unit = np.float32(unit_deg)
    for k in range(n_azimuth):
        east = np.float32(sin_a[k]) * RAD_TO_DEG
        north = np.float32(cos_a[k]) * RAD_TO_DEG
        for row in range(row_lo, row_hi):
            for col in range(cols):
                count = counts[k, row, col]
                if count == NO_COUNT:
                    out[k, row, col] = NO_COUNT
                    continue
                h = count * unit
                x = h - (rise_x[row, col] * east + rise_y[row, col] * north)
                level = ranks[which[row, col], k]
                # Between the two nodes around x; beyond the ends the last one holds.
                i = 0
                while i < nodes and over_deg[i] < x:
                    i += 1
                if i == 0:
                    more = added_deg[0, level]
                elif i == nodes:
                    more = added_deg[nodes - 1, level]
                else:
                    f = (x - over_deg[i - 1]) / (over_deg[i] - over_deg[i - 1])
                    more = added_deg[i - 1, level] * (one - f) + added_deg[i, level] * f
                out[k, row, col] = np.int16(np.rint(min(max((h + more) / unit, -30000.0), 30000.0)))
