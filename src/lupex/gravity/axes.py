"""The Moon's principal axes, in which its gravity is given, and those of its maps.

Angles of PA to ME: Park et al. (2021), AJ 161:105, as in NAIF's moon_de440_250416.tf.
"""

import numpy as np

from lupex.base.arrays import F64

ARCSEC = np.pi / 648_000.0
PA_FROM_ME_ARCSEC = (0.2785, 78.6944, 67.8526)
"""About axes 1, 2 and 3: r_PA = R3 R2 R1 r_ME, each turning the axes."""


def pa_from_me() -> F64:
    """Rotation (3, 3) that turns MOON_ME_DE440_ME421 coordinates into MOON_PA_DE440."""
    a1, a2, a3 = (angle * ARCSEC for angle in PA_FROM_ME_ARCSEC)
    c1, s1, c2, s2, c3, s3 = np.cos(a1), np.sin(a1), np.cos(a2), np.sin(a2), np.cos(a3), np.sin(a3)
    r1 = np.array([[1.0, 0.0, 0.0], [0.0, c1, s1], [0.0, -s1, c1]])
    r2 = np.array([[c2, 0.0, -s2], [0.0, 1.0, 0.0], [s2, 0.0, c2]])
    r3 = np.array([[c3, s3, 0.0], [-s3, c3, 0.0], [0.0, 0.0, 1.0]])
    return np.asarray(r3 @ r2 @ r1)
