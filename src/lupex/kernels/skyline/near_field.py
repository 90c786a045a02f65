"""The last steps of the skyline sweep: the nearest columns, the angle, and the map's own order."""

import math

import numpy as np

from lupex.kernels.compiled import kernel

COUNT_PER_RAD = 180.0 / math.pi / 0.003
NO_COUNT = -32768


@kernel
def near_columns(z, pad, skip, eye_m, cos_d, sin_d, sign, a0_m, b0_m, cell_m, radius_m, halves, plane):
    """Raise ``plane`` (b, a) to the terrain from one cell to ``skip`` columns away, on the line through each cell.

    ``halves``: how many of the first columns are also sampled half-way to the next one.
    """
    # columns k = 1 .. skip ahead of a cell, on the exact line through it:
    #
    #      .     o  high[i]        sample of column k: ``drift`` rows beside the cell's own row,
    #      .   / |                 linear between the rows below and above it (weights g, f)
    #      | /   |                 odd halves: half-way between two columns, bilinear
    #      o- - -o  low[i]
    #    cell  column k
    #
    # A chunk of a row shares one line direction, so each sample is a shifted copy of two rows: all cells of it at once.
    nb, na = plane.shape
    # Cells of a chunk share one line direction: it turns by 0.2 degrees at most, at 1600 m cells 600 km out.
    chunk = 128 if cell_m <= 400.0 else 32
    ground = np.empty(chunk, np.float32)
    shrink = np.empty(chunk, np.float32)
    best = np.empty(chunk, np.float32)
    one = np.float32(1.0)
    for j in range(nb):
        b = b0_m + (j + pad) * cell_m
        for start in range(0, na, chunk):
            n = min(chunk, na - start)
            # Slope of the line at the middle of the chunk, and metres on the ground per column.
            a = a0_m + (start + pad + 0.5 * (n - 1)) * cell_m
            q = (a * a + b * b) / (4.0 * radius_m * radius_m)
            tau = (cos_d * b - sin_d * a) / (radius_m * (1.0 - q))
            slope = (sin_d - 0.5 * tau * a / radius_m) / (cos_d + 0.5 * tau * b / radius_m)
            stride_m = cell_m * math.sqrt(1.0 + slope * slope) / (1.0 + q)
            origin = pad + start
            here = z[j + pad, origin : origin + n]
            target = plane[j, start : start + n]
            for i in range(n):
                # Once per chunk: the eye, and the factor by which a height above the sphere shrinks distances seen
                # from it.
                h = here[i] + np.float32(eye_m)
                ground[i] = h
                shrink[i] = one - h / np.float32(radius_m)
                best[i] = target[i]
            for half in range(1, 2 * skip + 1):
                k = half // 2
                odd = half % 2 == 1
                if odd and k > halves:
                    continue
                # The first sample lies one cell away, not one column: the same nearest distance in every azimuth.
                reach = 0.5 * half if half > 1 else 1.0 / math.sqrt(1.0 + slope * slope)
                # Weights and distance are those of all cells of the chunk.
                drift = sign * reach * slope
                whole = int(math.floor(drift))
                f = np.float32(drift - whole)
                distance = reach * stride_m
                w = np.float32(1.0 / distance)
                drop = np.float32(0.5 * distance / radius_m)
                c0 = origin + sign * k
                r = j + pad + whole
                low = z[r, c0 : c0 + n]
                high = z[r + 1, c0 : c0 + n]
                if odd:
                    # Four corners: the two rows of this column and of the next.
                    share = np.float32(reach - k)
                    f1 = share * f
                    f0 = f - f1
                    g1 = share - f1
                    g0 = one - share - f0
                    c1 = c0 + sign
                    low_next = z[r, c1 : c1 + n]
                    high_next = z[r + 1, c1 : c1 + n]
                    for i in range(n):
                        h = (low[i] * g0 + low_next[i] * g1) + (high[i] * f0 + high_next[i] * f1)
                        best[i] = max(best[i], (h - ground[i]) * w * shrink[i] - drop)
                else:
                    g = one - f
                    for i in range(n):
                        # Height over distance, less the fall of the sphere below the horizontal.
                        h = low[i] * g + high[i] * f
                        best[i] = max(best[i], (h - ground[i]) * w * shrink[i] - drop)
            for i in range(n):
                target[i] = best[i]


@kernel
def tangents_to_counts(plane, counts):
    """Replace tangents (b, a) by angles in int16 counts of 0.003 degrees; error of the arctangent below 2e-6 rad."""
    nb, na = plane.shape
    scale = np.float32(COUNT_PER_RAD)
    quarter = np.float32(0.5 * math.pi)
    one = np.float32(1.0)
    for j in range(nb):
        for i in range(na):
            # Polynomial of the arctangent on [0, 1]; steeper tangents by the complement.
            v = plane[j, i]
            size = abs(v)
            steep = size > one
            t = one / max(size, one) * min(size, one) if steep else size
            s = t * t
            p = t * (
                np.float32(0.9999993329)
                + s
                * (
                    np.float32(-0.3332985605)
                    + s
                    * (
                        np.float32(0.1994653599)
                        + s
                        * (
                            np.float32(-0.1390853351)
                            + s
                            * (
                                np.float32(0.0964200441)
                                + s
                                * (
                                    np.float32(-0.0559098861)
                                    + s * (np.float32(0.0218612288) + s * np.float32(-0.0040540580))
                                )
                            )
                        )
                    )
                )
            )
            angle = quarter - p if steep else p
            angle = angle if v >= 0 else -angle
            counts[j, i] = np.int16(np.rint(angle * scale))


@kernel
def place_counts(counts, swap, nodata, out):
    """Copy a working plane into map order (row from the top, col), marking cells without height."""
    rows, cols = out.shape
    block = 32
    # Rows of the working plane ascend with y, those of a map descend.
    if not swap:
        for r in range(rows):
            for c in range(cols):
                out[r, c] = counts[rows - 1 - r, c]
    else:
        # Transposed in blocks that stay in the cache.
        for r0 in range(0, rows, block):
            for c0 in range(0, cols, block):
                c1 = min(c0 + block, cols)
                for r in range(r0, min(r0 + block, rows)):
                    for c in range(c0, c1):
                        out[r, c] = counts[c, rows - 1 - r]
    if nodata.size:
        for r in range(rows):
            for c in range(cols):
                if nodata[r, c]:
                    out[r, c] = NO_COUNT
