"""The skyline of single points, marched step by step along exact great circles."""

import math

from lupex.kernels.compiled import kernel
from lupex.kernels.skyline.far_field import LEVEL_BASE, LEVEL_CELL, LEVEL_COLS, LEVEL_ROWS, LEVEL_X0, LEVEL_Y0


@kernel
def height_at(px, py, levels, values):
    """Bilinear height (m) from the finest level with data at map point (px, py); NaN beyond all levels.

    ``levels`` (level, 6): see `far_field.LEVEL_BASE` and on; rows ascend with y.
    """
    for level in range(levels.shape[0]):
        cols = int(levels[level, LEVEL_COLS])
        u = (px - levels[level, LEVEL_X0]) / levels[level, LEVEL_CELL]
        v = (py - levels[level, LEVEL_Y0]) / levels[level, LEVEL_CELL]
        if u < 0.0 or v < 0.0 or u > cols - 1.0 or v > levels[level, LEVEL_ROWS] - 1.0:
            continue
        j = min(int(u), cols - 2)
        i = min(int(v), int(levels[level, LEVEL_ROWS]) - 2)
        fu = u - j
        fv = v - i
        base = int(levels[level, LEVEL_BASE]) + i * cols + j
        low = values[base] * (1.0 - fu) + values[base + 1] * fu
        high = values[base + cols] * (1.0 - fu) + values[base + cols + 1] * fu
        # A hole of this level is filled from the next coarser one.
        h = low * (1.0 - fv) + high * fv
        if not math.isnan(h):
            return h
    return math.nan


@kernel
def march(unit, eye_radius_m, azimuths, levels, values, radius_m, start, limit, first_step, growth, out):
    """Skyline (rad) seen from one point, per pencil azimuth (rad), into ``out`` (azimuth,).

    ``unit`` (3,) map-frame direction of the point, ``eye_radius_m`` its distance from the centre. Samples
    reach from ``start`` to ``limit`` (rad from the eye), step = max(first_step, growth * angle). Without any terrain
    the result is -pi/2.
    """
    for k in range(azimuths.size):
        # The azimuth as a direction in the map frame, made a tangent of the sphere at the place.
        dx = math.sin(azimuths[k])
        dy = math.cos(azimuths[k])
        across = dx * unit[0] + dy * unit[1]
        norm = 1.0 / math.sqrt(1.0 - across * across)
        tx = (dx - across * unit[0]) * norm
        ty = (dy - across * unit[1]) * norm
        tk = -across * unit[2] * norm
        best = -math.inf
        angle = start
        while angle <= limit:
            # A point ``angle`` along the great circle, then its place on the stereographic map.
            s = math.sin(angle)
            c = math.cos(angle)
            qx = c * unit[0] + s * tx
            qy = c * unit[1] + s * ty
            scale = 2.0 * radius_m / (1.0 + c * unit[2] + s * tk)
            h = height_at(qx * scale, qy * scale, levels, values)
            if not math.isnan(h):
                r = radius_m + h
                # Tangent of its elevation over the eye's horizon.
                best = max(best, (r * c - eye_radius_m) / (r * s))
            # Steps grow with distance: what matters is the angle a cell fills.
            angle += max(first_step, growth * angle)
        out[k] = math.atan(best)
