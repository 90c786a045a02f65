"""Antennas: gain of a dish, patterns around boresight, loss between two polarisations, free space."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import j1

from lupex.base.arrays import F64
from lupex.base.constants import SPEED_OF_LIGHT_M_S
from lupex.base.errors import InputError

_HALF_POWER_U = 1.61633995
"""Where (2 J1(u)/u)^2 = 1/2."""


def free_space_loss_db(range_m: ArrayLike, frequency_hz: float) -> F64:
    """Loss between two isotropic antennas, 20 log10(4 pi d f / c), positive dB.

    Equals 32.4478 + 20 log10(d/km) + 20 log10(f/MHz). Raises: InputError unless range and frequency are positive.
    """
    distance = np.asarray(range_m, dtype=np.float64)
    if not np.all(distance > 0.0):
        raise InputError(f"link: range {np.min(distance):g} m", "give metres above 0")
    if not frequency_hz > 0.0:
        raise InputError(f"link: frequency {frequency_hz:g} Hz", "give hertz above 0")
    return np.asarray(20.0 * np.log10(4.0 * np.pi * distance * frequency_hz / SPEED_OF_LIGHT_M_S))


def dish_gain_dbi(diameter_m: float, frequency_hz: float, efficiency_fraction: float) -> float:
    """Gain of a dish, efficiency times (pi D / lambda)^2, in dBi.

    Raises: InputError for a diameter or frequency of 0 or below, or an efficiency outside (0, 1].
    """
    if not (diameter_m > 0.0 and frequency_hz > 0.0 and 0.0 < efficiency_fraction <= 1.0):
        raise InputError(
            f"dish: diameter {diameter_m:g} m, {frequency_hz:g} Hz, efficiency {efficiency_fraction:g}",
            "diameter and frequency are above 0, efficiency above 0 and at most 1",
        )
    size = np.pi * diameter_m * frequency_hz / SPEED_OF_LIGHT_M_S
    return float(10.0 * np.log10(efficiency_fraction * size**2))


def dish_beamwidth_deg(diameter_m: float, frequency_hz: float) -> float:
    """Full width of a dish's main lobe at -3 dB, 70 lambda / D degrees (usual taper of 10 to 12 dB at the rim)."""
    return 70.0 * SPEED_OF_LIGHT_M_S / (frequency_hz * diameter_m)


def pattern_loss_db(kind: str, off_axis_deg: ArrayLike, beamwidth_deg: float | None) -> F64:
    """Loss against boresight, 0 or more dB, at an angle from it.

    Args:
        off_axis_deg: angle from boresight, any shape.
        kind: 'isotropic'; 'gaussian', 12 (angle/beamwidth)^2 dB; 'parabolic', the evenly lit aperture
            (2 J1(u)/u)^2 with u scaled to the beamwidth, held at 60 dB in its nulls.
        beamwidth_deg: full width at -3 dB; not used by 'isotropic'.

    Raises: InputError for an unknown kind or a missing or non-positive beamwidth.
    """
    angle = np.abs(np.asarray(off_axis_deg, dtype=np.float64))
    if kind == "isotropic":
        return np.zeros_like(angle)
    if beamwidth_deg is None or not beamwidth_deg > 0.0:
        raise InputError(f"antenna pattern '{kind}': beamwidth {beamwidth_deg} deg", "give degrees above 0")
    if kind == "gaussian":
        return np.asarray(12.0 * (angle / beamwidth_deg) ** 2)
    if kind != "parabolic":
        raise InputError(f"antenna pattern '{kind}' is unknown", "known: isotropic, gaussian, parabolic")
    scale = _HALF_POWER_U / np.sin(np.radians(min(beamwidth_deg, 180.0) / 2.0))
    u = np.maximum(scale * np.sin(np.radians(np.minimum(angle, 90.0))), 1e-9)
    return np.asarray(np.minimum(-20.0 * np.log10(np.maximum(np.abs(2.0 * j1(u) / u), 1e-3)), 60.0))


def itu_pattern_dbi(gain_dbi: float, diameter_wavelengths: float, off_axis_deg: ArrayLike) -> F64:
    """Reference pattern of a ground dish (ITU Radio Regulations, Appendix 8, Annex III), dBi at an angle.

    Main lobe falling with the square of the angle, the first side lobe's plateau, then 32 - 25 log10(angle) dBi
    (52 - 10 log10(D/lambda) - 25 log10(angle) below 100 wavelengths) and a floor: an envelope for interference.

    Args:
        gain_dbi: on boresight.
        diameter_wavelengths: of the dish.
        off_axis_deg: angle from boresight, any shape.
    """
    angle = np.abs(np.asarray(off_axis_deg, dtype=np.float64))
    size = diameter_wavelengths
    plateau = 2.0 + 15.0 * np.log10(size)
    lobe_end = 20.0 / size * np.sqrt(max(gain_dbi - plateau, 0.0))
    big = size >= 100.0
    plateau_end = 15.85 * size**-0.6 if big else 100.0 / size
    level, floor = (32.0, -10.0) if big else (52.0 - 10.0 * np.log10(size), 10.0 - 10.0 * np.log10(size))
    slope = level - 25.0 * np.log10(np.maximum(angle, 1e-9))
    return np.select(
        [angle < lobe_end, angle < plateau_end, angle < 48.0],
        [gain_dbi - 2.5e-3 * (size * angle) ** 2, np.full_like(angle, plateau), slope],
        floor,
    )


def polarisation_loss_db(axial_ratio_1_db: float, axial_ratio_2_db: float) -> tuple[float, float, float]:
    """Loss between two elliptic polarisations of one sense: (mean over the tilt, least, greatest), positive dB.

    F = 1/2 + 2 r1 r2 / ((1+r1^2)(1+r2^2)) + (1-r1^2)(1-r2^2) cos(2 tilt) / (2 (1+r1^2)(1+r2^2)), r the axial
    ratios as amplitudes (Stutzman and Thiele, Antenna Theory and Design). A linear antenna has r = infinity:
    give 200 dB.
    """
    r1, r2 = (10.0 ** (ratio / 20.0) for ratio in (axial_ratio_1_db, axial_ratio_2_db))
    product = (1.0 + r1**2) * (1.0 + r2**2)
    middle = 0.5 + 2.0 * r1 * r2 / product
    swing = (1.0 - r1**2) * (1.0 - r2**2) / (2.0 * product)
    worst = max(middle - abs(swing), 1e-6)
    best = min(middle + abs(swing), 1.0)
    return (-10.0 * float(np.log10(middle)), -10.0 * float(np.log10(best)), -10.0 * float(np.log10(worst)))
