"""Which ground each cell of a map faces, and with what share of its view: rays under a running horizon.

Along each ray, whatever rises above what came before is seen between the two angles. Its view factor is the integral of
the cosine over that piece of sky, in closed form with the cell's own slope (docs/theory/temperature.md).
"""

import math

import numpy as np

from lupex.kernels.compiled import inlined, kernel

VOID_M = -1e8
"""Cells at or below it have no height: they see nothing and are not seen."""


@inlined
def _share(sine, angle, a, b):
    """Integral of (a sin e + b cos e) cos e from level to an elevation ``angle``."""
    return 0.5 * a * sine * sine + 0.5 * b * (angle + sine * math.sqrt(1.0 - sine * sine))


@kernel
def _trace(height, row, col, dx, dy, cell, radius, normal, top, growth, seen, weight, distance):
    """Ground seen along one ray: cell indices, shares of the integral, distances (cells), from near to far.

    dx, dy: columns and rows per cell of way. Returns how many.
    """
    rows, cols = height.shape
    eye = height[row, col]
    a = normal[2]
    b = normal[0] * dx - normal[1] * dy  # rows count downwards, y upwards
    # The cell's own plane is its first horizon: nothing below it is seen.
    lowest = -b / a
    count = 0
    running = lowest
    angle = math.atan(running)
    before = _share(math.sin(angle), angle, a, b)
    way = 1.0
    while True:
        x = col + way * dx
        y = row + way * dy
        if x < 0.0 or y < 0.0 or x > cols - 1 or y > rows - 1:
            return count
        ground = way * cell
        drop = ground / (2.0 * radius)
        if (top - eye) / ground - drop <= running:  # not even the highest ground could rise above it
            return count
        j = min(int(x), cols - 2)
        i = min(int(y), rows - 2)
        # Bilinear height of the ray at this distance, and its tangent less the fall of the sphere.
        fx = x - j
        fy = y - i
        upper = height[i, j] + fx * (height[i, j + 1] - height[i, j])
        lower = height[i + 1, j] + fx * (height[i + 1, j + 1] - height[i + 1, j])
        z = upper + fy * (lower - upper)
        tangent = (z - eye) / ground - drop
        if tangent > running:
            angle = math.atan(tangent)
            after = _share(math.sin(angle), angle, a, b)
            # A rising horizon: the piece of sky between the two angles is this ground.
            share = after - before
            if share > 1e-9 and count < seen.size:
                seen[count] = int(y + 0.5) * cols + int(x + 0.5)
                weight[count] = share
                distance[count] = way
                count += 1
            before = after
            running = tangent
        way += max(1.0, way * growth)


@inlined
def _between(row, col, block):
    """Where the rays of a cell stand between whole numbers: in the middle, or evenly among those of its block."""
    return ((row % block) * block + col % block + 0.5) / (block * block)


@kernel
def count_views(first, last, height, cell_m, normals, radius, sectors, block, growth, top, most, starts):
    """Fill starts[cell + 1] with how many pieces each cell of rows ``first`` to ``last`` faces.

    sectors: rays of a cell; block: the rays of block x block cells stand between each other's, so that these cells
    together look into sectors x block x block directions.
    """
    cols = height.shape[1]
    seen = np.empty(4096, np.int32)
    weight = np.empty(4096)
    distance = np.empty(4096)
    for row in range(first, last):
        for col in range(cols):
            total = 0
            if height[row, col] > VOID_M:
                for s in range(sectors):
                    turn = 2.0 * math.pi * (s + _between(row, col, block)) / sectors
                    count = _trace(
                        height, row, col, math.sin(turn), -math.cos(turn), cell_m[row, col], radius, normals[row, col],
                        top, growth, seen, weight, distance,
                    )  # fmt: skip
                    total += min(count, most)
            starts[row * cols + col + 1] = total


@kernel
def fill_views(
    first, last, height, cell_m, normals, radius, sectors, block, growth, top, cuts, starts, offsets, levels, index,
    share,
):  # fmt: skip
    """Fill ``index`` and ``share`` from starts[cell] on: places in the pyramid, and view factors.

    cuts: (most + 1,) from 0 to 1: shares of a sector's view at which the pieces next to the skyline are parted; with
    more pieces allowed than there are, each stands alone at full detail. offsets: (level,) where each level of the
    pyramid begins; levels: (level, 2) its rows and columns; sectors, block: as in `count_views`.
    """
    cols = height.shape[1]
    most = cuts.size - 1
    seen = np.empty(4096, np.int32)
    weight = np.empty(4096)
    distance = np.empty(4096)
    for row in range(first, last):
        for col in range(cols):
            place = starts[row * cols + col]
            if height[row, col] <= VOID_M:
                continue
            for s in range(sectors):
                turn = 2.0 * math.pi * (s + _between(row, col, block)) / sectors
                count = _trace(
                    height, row, col, math.sin(turn), -math.cos(turn), cell_m[row, col], radius, normals[row, col],
                    top, growth, seen, weight, distance,
                )  # fmt: skip
                # Few enough: each piece at full detail.
                if count <= most:
                    for n in range(count):
                        index[place] = seen[n]
                        share[place] = weight[n] * 2.0 / sectors
                        place += 1
                    continue
                total = 0.0
                for n in range(count):
                    total += weight[n]
                # From the skyline inwards, in portions of the sector's view: mean place and distance of each.
                n = count - 1
                passed = 0.0
                for piece in range(most):
                    until = cuts[piece + 1] * total
                    gathered = 0.0
                    x = 0.0
                    y = 0.0
                    way = 0.0
                    while n >= 0 and (passed < until or piece == most - 1):
                        w = weight[n]
                        gathered += w
                        x += w * (seen[n] % cols)
                        y += w * (seen[n] // cols)
                        way += w * distance[n]
                        passed += w
                        n -= 1
                    if gathered > 0.0:
                        # The level of the pyramid whose cells are as wide as the sector there.
                        wide = way / gathered * 2.0 * math.pi / (sectors * block * block)
                        level = min(max(int(math.log2(max(wide, 1.0)) + 0.5), 0), offsets.size - 1)
                        j = min(int(x / gathered + 0.5) >> level, levels[level, 1] - 1)
                        i = min(int(y / gathered + 0.5) >> level, levels[level, 0] - 1)
                        index[place] = offsets[level] + i * levels[level, 1] + j
                        share[place] = gathered * 2.0 / sectors
                    else:
                        index[place] = 0
                        share[place] = 0.0
                    place += 1


@kernel
def gather(first, last, starts, index, share, radiosity, out):
    """Fill out[cell, k] with what each cell receives of ``radiosity`` (place, k)."""
    width = radiosity.shape[1]
    for cell in range(first, last):
        for k in range(width):
            out[cell, k] = 0.0
        for n in range(starts[cell], starts[cell + 1]):
            place = index[n]
            w = share[n]
            for k in range(width):
                out[cell, k] += w * radiosity[place, k]
