"""The straightforward way: one cell after the other, implicit steps, the tridiagonal system of each solved in place."""

import numpy as np
from numba import njit

SIGMA = 5.670374419e-8


@njit(cache=True, error_model="numpy")
def march_cells(kelvin, flux, step_s, depth_m, mass, contact, chi, emissivity, heat_flow):
    """Temperatures (cell, node), changed, through a flux (cell, step); returns highest and lowest surface (cell, 2).

    Backward Euler with conductivity and heat capacity of the step before, six Newton steps for the surface.
    """
    cells, nodes = kelvin.shape
    out = np.empty((cells, 2))
    diagonal, upper, right = np.empty(nodes), np.empty(nodes), np.empty(nodes)
    for cell in range(cells):
        t = kelvin[cell]
        highest, lowest = 0.0, 1e9
        for s in range(flux.shape[1]):
            for i in range(nodes):
                c = -3.6125 + 2.7431 * t[i] + 2.3616e-3 * t[i] ** 2 - 1.2340e-5 * t[i] ** 3 + 8.9093e-9 * t[i] ** 4
                diagonal[i] = mass[i] * c / step_s
                right[i] = diagonal[i] * t[i]
            right[nodes - 1] += heat_flow
            for i in range(nodes - 1):
                middle = 0.5 * (t[i] + t[i + 1])
                g = contact[i] * (1.0 + chi * (middle / 350.0) ** 3) / (depth_m[i + 1] - depth_m[i])
                diagonal[i] += g
                diagonal[i + 1] += g
                upper[i] = -g
            for i in range(nodes - 2, -1, -1):  # from the bottom up
                factor = upper[i] / diagonal[i + 1]
                diagonal[i] -= factor * upper[i]
                right[i] -= factor * right[i + 1]
            x = t[0]
            for _ in range(6):
                f = diagonal[0] * x + emissivity * SIGMA * x**4 - right[0] - flux[cell, s]
                x -= f / (diagonal[0] + 4.0 * emissivity * SIGMA * x**3)
            t[0] = x
            for i in range(1, nodes):
                t[i] = (right[i] - upper[i - 1] * t[i - 1]) / diagonal[i]
            highest, lowest = max(highest, t[0]), min(lowest, t[0])
        out[cell, 0], out[cell, 1] = highest, lowest
    return out
