"""Noise of a hot body in the beam of a ground antenna."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chndtr

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M

BOLTZMANN_DBW_K_HZ = -228.5991672
"""10 log10 of the Boltzmann constant, 1.380649e-23 J/K (exact, SI 2019)."""

MOON_DISC_K = {"UHF": 220.0, "S": 220.0, "X": 220.0, "Ka": 240.0}
"""Brightness temperature of the Moon's disc. Ka: 240 K at 23 GHz, full Moon (NOAA-20 ATMS, 2020). The others:
assumption, below the surface's mean heat the month's wave is damped; 210 to 230 K is usual."""


def disc_in_beam_fraction(radius_deg: ArrayLike, offset_deg: ArrayLike, beamwidth_deg: float) -> F64:
    """Share of a gaussian beam's power that falls on a disc.

    The beam exp(-r^2 / 2 s^2), s = beamwidth / 2.3548, is a two-dimensional normal density, so the share is the
    non-central chi-squared distribution of (radius/s)^2 with 2 degrees of freedom and centre (offset/s)^2.
    Only the main lobe: what side lobes gather of the rest is not counted.

    Args:
        radius_deg: of the disc. offset_deg: of the disc's centre from the beam's axis. beamwidth_deg: full, -3 dB.
    """
    spread = beamwidth_deg / (2.0 * np.sqrt(2.0 * np.log(2.0)))
    radius, offset = np.asarray(radius_deg) / spread, np.asarray(offset_deg) / spread
    return np.asarray(chndtr(radius**2, 2.0, offset**2))


def moon_noise_k(band: str, range_m: ArrayLike, offset_fraction: float, beamwidth_deg: float) -> F64:
    """Noise temperature the Moon adds to an antenna that looks at a place on or near it.

    Args:
        range_m: distance of the place, taken for that of the Moon's centre.
        offset_fraction: where the place stands on the disc: 0 its centre, 1 its limb.
        beamwidth_deg: of the station.
    """
    radius_deg = np.degrees(np.arcsin(np.minimum(MOON_RADIUS_M / np.asarray(range_m, dtype=np.float64), 1.0)))
    share = disc_in_beam_fraction(radius_deg, offset_fraction * radius_deg, beamwidth_deg)
    return np.asarray(MOON_DISC_K[band] * share)
