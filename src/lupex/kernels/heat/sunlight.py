"""Sunlight absorbed by lanes of cells behind their skylines, averaged over each step of time.

The Sun is a disc: the part above the skyline and its mean cosine are those of a circle cut by a line
(docs/theory/temperature.md). Directions are unit vectors in any one frame.
"""

import math

import numpy as np

from lupex.kernels.compiled import kernel
from lupex.kernels.heat.lanes import LANES

GEOMETRY = 13
"""Numbers per cell: east (3), north (3), up (3), surface normal (3), cosine of the slope."""


def light_constants(
    azimuths: int, sun_radius_rad: float, albedo: tuple[float, float, float], dtype: type[np.floating]
) -> np.ndarray:
    """The numbers `absorb` reads, as one array.

    albedo (3,): A0, a, b of A0 + a (i / 45 deg)^3 + b (i / 90 deg)^8.
    """
    # arc tangent on [0, 1] to 1e-5 rad, arc cosine to 7e-5 and to 2e-8 rad: Abramowitz & Stegun 4.4.47, 4.4.45, 4.4.46
    arctangent = (0.9998660, -0.3302995, 0.1801410, -0.0851330, 0.0208351)
    arccosine = (1.5707288, -0.2121144, 0.0742610, -0.0187293)
    incidence = (1.5707963050, -0.2145988016, 0.0889789874, -0.0501743046, 0.0308918810, -0.0170881256, 0.0066700901)
    a0, a, b = albedo
    literals = (0.0, 1.0, math.pi, math.pi / 2.0, azimuths / (2.0 * math.pi), azimuths)
    disc = (sun_radius_rad, 1.0 / sun_radius_rad, 1.0 / math.pi, 2.0 / (3.0 * math.pi))
    law = (a0, a / (math.pi / 4.0) ** 3, b / (math.pi / 2.0) ** 8, 1e-12)
    return np.array([*literals, *disc, *law, *arctangent, *arccosine, *incidence, -0.0012624911], dtype)


@kernel
def absorb(flux, sun, geometry, horizon, base, table, table_rows, table_scale, samples, k):
    """Fill ``flux`` (step, LANES): W/m2 absorbed by the surface, mean over each step.

    Args:
        sun: (step x samples, 4) unit vector to the Sun and its flux divided by ``samples``.
        geometry: (GEOMETRY x LANES,).
        horizon: (azimuth, LANES) sine of the skyline's elevation, azimuths even from north through east.
        base: (LANES,) absorbed at all times.
        table: (row, LANES) absorbed light and heat from facing slopes; no rows: left out.
        table_rows: (step,) row of each step; table_scale: (step,) factor of the row.
        k: from `light_constants`.
    """
    W = LANES
    azimuths = np.uint32(horizon.shape[0])
    part = np.empty(W, flux.dtype)
    zero, one, pi, half_pi, per_rad, whole = k[0], k[1], k[2], k[3], k[4], k[5]
    radius, per_radius, per_pi, moment, a0, a1, a2, tiny = k[6], k[7], k[8], k[9], k[10], k[11], k[12], k[13]
    q0, q1, q2, q3, q4, r0, r1, r2, r3 = k[14], k[15], k[16], k[17], k[18], k[19], k[20], k[21], k[22]
    i0, i1, i2, i3, i4, i5, i6, i7 = k[23], k[24], k[25], k[26], k[27], k[28], k[29], k[30]
    for s in range(flux.shape[0]):
        for w in range(W):
            flux[s, w] = base[w]
        if table.shape[0] > 0:
            row = table_rows[s]
            scale = table_scale[s]
            for w in range(W):
                flux[s, w] += scale * table[row, w]
        for m in range(s * samples, (s + 1) * samples):
            x, y, z, strength = sun[m, 0], sun[m, 1], sun[m, 2], sun[m, 3]
            for w in range(W):  # three loops: the first and the last are vectors, the one between looks up the skyline
                # The Sun in the cell's own axes, and the cosine of its incidence.
                east = x * geometry[w] + y * geometry[W + w] + z * geometry[2 * W + w]
                north = x * geometry[3 * W + w] + y * geometry[4 * W + w] + z * geometry[5 * W + w]
                # Azimuth clockwise from north: arctangent of the first octant, turned into place.
                ae, an = abs(east), abs(north)
                most = ae if ae > an else an
                least = an if ae > an else ae
                ratio = least / (most + tiny)
                square = ratio * ratio
                angle = ratio * (q0 + square * (q1 + square * (q2 + square * (q3 + square * q4))))
                angle = half_pi - angle if ae > an else angle
                angle = pi - angle if north < zero else angle
                place = (zero - angle if east < zero else angle) * per_rad
                part[w] = place + whole if place < zero else place
            for w in range(W):
                index = np.uint32(part[w])
                rest = part[w] - index
                index = index if index < azimuths else np.uint32(0)
                following = index + np.uint32(1)
                following = following if following < azimuths else np.uint32(0)
                # Sine of the skyline there, and how much of the disc stands above it.
                low = horizon[index, w]
                part[w] = low + rest * (horizon[following, w] - low)
            for w in range(W):
                up = x * geometry[6 * W + w] + y * geometry[7 * W + w] + z * geometry[8 * W + w]
                centre = x * geometry[9 * W + w] + y * geometry[10 * W + w] + z * geometry[11 * W + w]
                cosine = one - up * up
                cosine = np.sqrt(cosine if cosine > tiny else tiny)
                # the skyline cuts the disc t radii above its centre
                t = (part[w] - up) * per_radius / cosine
                t = t if t < one else one
                t = t if t > zero - one else zero - one
                width = one - t * t
                width = np.sqrt(width if width > zero else zero)
                at = abs(t)
                arc = np.sqrt(one - at) * (r0 + at * (r1 + at * (r2 + at * r3)))
                arc = pi - arc if t < zero else arc
                share = (arc - t * width) * per_pi
                lift = (geometry[12 * W + w] - up * centre) / cosine  # how the cosine grows upward on the disc
                light = share * centre + radius * moment * width * width * width * lift
                light = light if light > zero else zero
                # Albedo grows with incidence, steeply near grazing: 7e-5 rad would be 0.02 K at 85 degrees.
                mu = centre if centre > zero else zero
                mu = mu if mu < one else one
                theta = i4 + mu * (i5 + mu * (i6 + mu * i7))
                theta = np.sqrt(one - mu) * (i0 + mu * (i1 + mu * (i2 + mu * (i3 + mu * theta))))
                cube = theta * theta * theta
                taken = one - a0 - a1 * cube - a2 * cube * cube * theta * theta
                taken = taken if taken > zero else zero
                flux[s, w] += strength * light * taken
