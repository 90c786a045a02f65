"""A column of regolith in the plainest way: even layers, explicit steps, nothing linearised, its own numbers."""

import numpy as np
from numba import njit

SIGMA = 5.670374419e-8
MONTH_S = 2_551_442.976


@njit(cache=True)
def plain_column(kelvin, layer_m, step_s, flux, emissivity, heat_flow, chi, scale):
    """March temperatures (node,) through a flux (step,) W/m2 of the surface; returns the surface at every step.

    Density, conductivity and heat capacity of Hayne et al. 2017, appendix A, written out.
    """
    nodes = kelvin.size
    density, contact = np.empty(nodes), np.empty(nodes)
    for i in range(nodes):
        z = i * layer_m
        density[i] = 1800.0 - 700.0 * np.exp(-z / scale)
        contact[i] = 3.4e-3 - (3.4e-3 - 7.4e-4) * np.exp(-z / scale)
    surface = np.empty(flux.size)
    upward = np.empty(nodes)
    for s in range(flux.size):
        for i in range(1, nodes):
            middle = 0.5 * (kelvin[i] + kelvin[i - 1])
            k = 0.5 * (contact[i] + contact[i - 1]) * (1.0 + chi * (middle / 350.0) ** 3)
            upward[i] = k * (kelvin[i] - kelvin[i - 1]) / layer_m
        for i in range(nodes):
            t = kelvin[i]
            c = -3.6125 + 2.7431 * t + 2.3616e-3 * t**2 - 1.2340e-5 * t**3 + 8.9093e-9 * t**4
            if i == 0:
                gain = flux[s] - emissivity * SIGMA * t**4 + upward[1]
                mass = 0.5 * layer_m * density[0]
            elif i == nodes - 1:
                gain = heat_flow - upward[i]
                mass = 0.5 * layer_m * density[i]
            else:
                gain = upward[i + 1] - upward[i]
                mass = layer_m * density[i]
            kelvin[i] = t + step_s * gain / (mass * c)
        surface[s] = kelvin[0]
    return surface
