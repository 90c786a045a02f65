"""What the ground under a lander looks like: the best plane through a window and how far the ground departs from it."""

import numpy as np

from lupex.kernels.compiled import kernel

LEAST_SHARE = 0.25
"""Of the window that must be known."""


@kernel
def footprints(z, half, cell_m, east, north, departure):
    """Least-squares plane through the (2 half + 1)^2 heights around every cell of ``z`` (row, col), row 0 on top.

    Fills ``east``, ``north`` (rise per map metre) and ``departure`` (largest distance of a height from the plane, m).
    Unknown heights are left out; NaN where the cell itself or more than three quarters of the window is unknown, or
    where the known heights do not span a plane.
    """
    rows, cols = z.shape
    window = (2 * half + 1) ** 2
    for r in range(rows):
        for c in range(cols):
            east[r, c] = np.nan
            north[r, c] = np.nan
            departure[r, c] = np.nan
            here = z[r, c]
            if not np.isfinite(here):
                continue
            # Sums of the normal equations, with heights counted from the cell: small numbers, no digits lost.
            n = sx = sy = sh = xx = yy = xy = xh = yh = 0.0
            for i in range(max(0, r - half), min(rows, r + half + 1)):
                y = float(r - i)
                for j in range(max(0, c - half), min(cols, c + half + 1)):
                    if not np.isfinite(z[i, j]):
                        continue
                    x = float(j - c)
                    h = float(z[i, j]) - float(here)
                    n += 1.0
                    sx += x
                    sy += y
                    sh += h
                    xx += x * x
                    yy += y * y
                    xy += x * y
                    xh += x * h
                    yh += y * h
            if n < LEAST_SHARE * window:
                continue
            # Moments about the mean; the plane is the solution of two equations.
            xx -= sx * sx / n
            yy -= sy * sy / n
            xy -= sx * sy / n
            xh -= sx * sh / n
            yh -= sy * sh / n
            determinant = xx * yy - xy * xy
            # Known heights on one line span no plane.
            if determinant < 1e-9:
                continue
            a = (xh * yy - yh * xy) / determinant
            b = (yh * xx - xh * xy) / determinant
            level = (sh - a * sx - b * sy) / n
            # Second pass: the height farthest from the plane.
            largest = 0.0
            for i in range(max(0, r - half), min(rows, r + half + 1)):
                for j in range(max(0, c - half), min(cols, c + half + 1)):
                    if np.isfinite(z[i, j]):
                        h = float(z[i, j]) - float(here)
                        largest = max(largest, abs(h - level - a * (j - c) - b * (r - i)))
            east[r, c] = a / cell_m
            north[r, c] = b / cell_m
            departure[r, c] = largest
