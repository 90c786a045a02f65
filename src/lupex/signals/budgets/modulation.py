"""How the power of a signal is shared between carrier, data and ranging, and what carrier loops make of it.

Residual carrier, square-wave data (deviation theta) and sine-wave ranging and command (peak deviations m):

    carrier   cos^2(theta) J0^2(m_ranging) J0^2(m_command)
    data      sin^2(theta) J0^2(m_ranging) J0^2(m_command)
    ranging   2 J1^2(m_ranging) cos^2(theta) J0^2(m_command)

On an uplink the command rides on a sine subcarrier: carrier J0^2(m_c) J0^2(m_r), command 2 J1^2(m_c) J0^2(m_r),
ranging 2 J1^2(m_r) J0^2(m_c) (DSN 810-005 modules 203 and 214; command feed-through as in Chandra's operations).
Terms between two subcarriers are not counted as useful.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import j0, j1

from lupex.base.errors import InputError

PN_CLOCK_CORRELATION = {"DSN": 0.9544, "T4B": 0.9387, "T2B": 0.6274}
"""Correlation of a pseudo-noise ranging code with its clock (DSN 810-005 module 214, tables 3 to 5)."""


@dataclass(frozen=True)
class PowerShares:
    """Shares of the total power, 0 to 1."""

    carrier: float
    data: float
    ranging: float


def downlink_shares(telemetry_rad: float, ranging_rad: float = 0.0, command_rad: float = 0.0) -> PowerShares:
    """Residual carrier with square-wave telemetry, sine-wave ranging and command fed through a transponder."""
    tones = float(j0(ranging_rad) ** 2 * j0(command_rad) ** 2)
    rest, data = np.cos(telemetry_rad) ** 2, np.sin(telemetry_rad) ** 2
    ranging = 2.0 * float(j1(ranging_rad) ** 2 * j0(command_rad) ** 2)
    return PowerShares(float(rest) * tones, float(data) * tones, float(rest) * ranging)


def uplink_shares(command_rad: float, ranging_rad: float = 0.0) -> PowerShares:
    """Residual carrier with the command on a sine subcarrier and sine-wave ranging; data is the command."""
    c0, r0 = float(j0(command_rad) ** 2), float(j0(ranging_rad) ** 2)
    return PowerShares(c0 * r0, 2.0 * float(j1(command_rad) ** 2) * r0, 2.0 * float(j1(ranging_rad) ** 2) * c0)


SUPPRESSED = PowerShares(0.0, 1.0, 0.0)
"""BPSK and QPSK with a suppressed carrier: all power is data."""


def squaring_loss_db(symbol_snr_db: ArrayLike) -> NDArray[np.float64]:
    """Loss of a BPSK Costas loop against a residual one, 10 log10(2 Es/N0 / (1 + 2 Es/N0)), 0 or below.

    For QPSK it is too kind (DSN 810-005 module 202 has both). symbol_snr_db: Es/N0.
    """
    double = 2.0 * 10.0 ** (np.asarray(symbol_snr_db, dtype=np.float64) / 10.0)
    return np.asarray(10.0 * np.log10(double / (1.0 + double)))


def pn_clock_share(code: str) -> float:
    """Share of the ranging power in the clock of a pseudo-noise code: 'DSN', 'T4B' or 'T2B' (CCSDS 414.1).

    Raises: InputError for another code.
    """
    if code not in PN_CLOCK_CORRELATION:
        raise InputError(f"ranging code '{code}' is unknown", f"known: {', '.join(PN_CLOCK_CORRELATION)}")
    return PN_CLOCK_CORRELATION[code] ** 2


def decibels(share: float) -> float:
    """10 log10 of a share; -inf for 0."""
    return float(10.0 * np.log10(share)) if share > 0.0 else -np.inf
