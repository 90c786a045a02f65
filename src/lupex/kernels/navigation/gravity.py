"""Acceleration of a field of normalised spherical harmonics, without a singularity at the poles.

Pines (1973), AIAA J. 11(11):1508, with normalised derived Legendre functions (Eckman, Brown and Adamo 2011,
NASA/TP-2011-1147, gives the factors); the factors are made once by `lupex.gravity.field`.
"""

import math

import numpy as np

from lupex.kernels.compiled import kernel

ALONG, BEFORE, BESIDE, BEYOND = 0, 1, 2, 3
"""Tables of factors, each (degree + 2, degree + 2): recursion in n (two), and from A(n, m) to its two derivatives."""


@kernel
def legendre(u, degree, factors, A):
    """Normalised derived Legendre functions A[n, m] of u for n up to degree + 1."""
    A[0, 0] = 1.0
    for n in range(1, degree + 2):
        A[n, n] = A[n - 1, n - 1] * math.sqrt((2.0 * n + 1.0) / (2.0 * n)) * (math.sqrt(2.0) if n == 1 else 1.0)
        A[n, n - 1] = factors[ALONG, n, n - 1] * u * A[n - 1, n - 1]
        for m in range(n - 1):
            A[n, m] = factors[ALONG, n, m] * u * A[n - 1, m] - factors[BEFORE, n, m] * A[n - 2, m]


@kernel
def acceleration(place, gm, radius, degree, C, S, factors, A, re, im, out):
    """Acceleration (3,) at a place (3,) in the body's axes, m/s2 -> out; A, re, im: room of degree + 2 rows."""
    r = math.sqrt(place[0] * place[0] + place[1] * place[1] + place[2] * place[2])
    s, t, u = place[0] / r, place[1] / r, place[2] / r
    legendre(u, degree, factors, A)
    re[0] = 1.0
    im[0] = 0.0
    for m in range(1, degree + 1):
        re[m] = s * re[m - 1] - t * im[m - 1]
        im[m] = s * im[m - 1] + t * re[m - 1]
    a1 = a2 = a3 = a4 = 0.0
    power = gm / (r * r)
    for n in range(degree + 1):
        b1 = b2 = b3 = b4 = 0.0
        for m in range(n + 1):
            d = C[n, m] * re[m] + S[n, m] * im[m]
            if m > 0:
                b1 += m * A[n, m] * (C[n, m] * re[m - 1] + S[n, m] * im[m - 1])
                b2 += m * A[n, m] * (S[n, m] * re[m - 1] - C[n, m] * im[m - 1])
            if m < n:
                b3 += factors[BESIDE, n, m] * A[n, m + 1] * d
            b4 += factors[BEYOND, n, m] * A[n + 1, m + 1] * d
        a1 += power * b1
        a2 += power * b2
        a3 += power * b3
        a4 += power * b4
        power *= radius / r
    out[0] = a1 - s * a4
    out[1] = a2 - t * a4
    out[2] = a3 - u * a4


@kernel
def accelerations(places, gm, radius, degree, C, S, factors, out):
    """Accelerations (n, 3) at places (n, 3) -> out."""
    A = np.zeros((degree + 2, degree + 2))
    re = np.zeros(degree + 2)
    im = np.zeros(degree + 2)
    for i in range(places.shape[0]):
        acceleration(places[i], gm, radius, degree, C, S, factors, A, re, im, out[i])
