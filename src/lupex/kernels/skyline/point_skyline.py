"""The skyline of single points, marched step by step along exact great circles."""

import math

from lupex.kernels.compiled import kernel


@kernel
def height_at(px, py, levels, values):
    """Bilinear height (m) from the finest level with data at map point (px, py); NaN beyond all levels.

    ``levels`` (level, 6): offset into ``values``, rows, cols, x and y of the first cell (m), cell (m); rows ascend
    with y.
    """
    for level in range(levels.shape[0]):
        cols = int(levels[level, 2])
        u = (px - levels[level, 3]) / levels[level, 5]
        v = (py - levels[level, 4]) / levels[level, 5]
        if u < 0.0 or v < 0.0 or u > cols - 1.0 or v > levels[level, 1] - 1.0:
            continue
        j = min(int(u), cols - 2)
        i = min(int(v), int(levels[level, 1]) - 2)
        fu = u - j
        fv = v - i
        base = int(levels[level, 0]) + i * cols + j
        low = values[base] * (1.0 - fu) + values[base + 1] * fu
        high = values[base + cols] * (1.0 - fu) + values[base + cols + 1] * fu
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
            s = math.sin(angle)
            c = math.cos(angle)
            qx = c * unit[0] + s * tx
            qy = c * unit[1] + s * ty
            scale = 2.0 * radius_m / (1.0 + c * unit[2] + s * tk)
            h = height_at(qx * scale, qy * scale, levels, values)
            if not math.isnan(h):
                r = radius_m + h
                best = max(best, (r * c - eye_radius_m) / (r * s))
            angle += max(first_step, growth * angle)
        out[k] = math.atan(best)
