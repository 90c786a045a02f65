"""Codes of CCSDS telemetry and command and the Eb/N0 they need.

Eb is the energy per information bit. Each code is a curve of error rate over Eb/N0, on the white-noise channel
with BPSK or QPSK: published points, or a formula where the theory is exact or a tight bound. A code without a
sourced curve is not here (turbo with frames above 1784 bits, AR4JA of rates 2/3 and 4/5, the (8160,7136) code).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import bdtrc, erfc

from lupex.base.arrays import F64
from lupex.base.errors import InputError


@dataclass(frozen=True, kw_only=True)
class Code:
    """One code.

    Attributes:
        rate: information bits per symbol sent. error: what is counted, 'bit' or 'frame'.
        ebn0_db, error_rate: its curve, Eb/N0 rising and the error rate falling. source: of the curve.
    """

    name: str
    title: str
    rate: float
    error: str
    ebn0_db: tuple[float, ...]
    error_rate: tuple[float, ...]
    source: str

    def required_ebn0_db(self, error_rate: float) -> float:
        """Eb/N0 at which errors fall to this rate; the logarithm of the rate is linear between points.

        At most half a decade below the last point the last step is carried on.
        Raises: InputError when the curve does not reach so far.

        Args:
            error_rate: of bits or of frames, as the curve counts.
        """
        rates = -np.log10(np.array(self.error_rate))
        wanted = -np.log10(error_rate)
        if not rates[0] <= wanted <= rates[-1] + 0.5:
            raise InputError(
                f"code '{self.name}': no published point near an error rate of {error_rate:g}",
                f"its curve spans {self.error_rate[0]:.2g} to {self.error_rate[-1]:.2g} ({self.error}s lost)",
            )
        if wanted <= rates[-1]:
            return float(np.interp(wanted, rates, self.ebn0_db))
        step = (self.ebn0_db[-1] - self.ebn0_db[-2]) / (rates[-1] - rates[-2])
        return float(self.ebn0_db[-1] + step * (wanted - rates[-1]))


_GREEN = "CCSDS 130.1-G-3 figure "
_RS_RATE = 223.0 / 255.0

_PUBLISHED = (
    Code(
        name="rs_conv_i1",
        title="RS(255,223), depth 1, and convolutional (7,1/2)",
        rate=_RS_RATE / 2.0,
        error="frame",
        ebn0_db=(1.4, 1.6, 1.8, 2.0, 2.2, 2.4, 2.6, 2.8, 3.0),
        error_rate=(9.6728e-1, 7.9225e-1, 5.1839e-1, 2.3136e-1, 7.7826e-2, 1.6027e-2, 2.6809e-3, 3.4365e-4, 3.6992e-5),
        source=_GREEN + "6-8 (words lost)",
    ),
    Code(
        name="rs_conv_i5",
        title="RS(255,223), depth 5, and convolutional (7,1/2)",
        rate=_RS_RATE / 2.0,
        error="frame",
        ebn0_db=(1.4, 1.5, 1.6, 1.8, 2.0, 2.1, 2.2, 2.25, 2.3, 2.4, 2.6),
        error_rate=(
            1.0,
            9.8350e-1,
            9.3563e-1,
            6.1731e-1,
            9.7420e-2,
            2.8927e-2,
            5.1287e-3,
            2.3862e-3,
            8.2296e-4,
            7.0183e-5,
            7.9982e-7,
        ),
        source=_GREEN + "6-8 (words lost)",
    ),
    Code(
        name="turbo_1/2",
        title="turbo 1/2, 1784 bits",
        rate=1.0 / 2.0,
        error="frame",
        ebn0_db=(0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5),
        error_rate=(
            7.3848e-1,
            5.2224e-1,
            3.5881e-1,
            2.2606e-1,
            8.9738e-2,
            2.7077e-2,
            8.7816e-3,
            2.5743e-3,
            3.4609e-4,
            6.3005e-5,
        ),
        source=_GREEN + "7-6",
    ),
    Code(
        name="turbo_1/3",
        title="turbo 1/3, 1784 bits",
        rate=1.0 / 3.0,
        error="frame",
        ebn0_db=(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
        error_rate=(7.6011e-1, 5.9470e-1, 2.5010e-1, 1.2874e-1, 6.2552e-2, 1.8337e-2, 3.3382e-3, 8.3489e-4, 1.0905e-4),
        source=_GREEN + "7-6",
    ),
    Code(
        name="turbo_1/4",
        title="turbo 1/4, 1784 bits",
        rate=1.0 / 4.0,
        error="frame",
        ebn0_db=(0.2, 0.3, 0.4, 0.5, 0.6),
        error_rate=(5.7362e-2, 1.0293e-2, 3.2903e-3, 5.4930e-4, 8.1701e-5),
        source=_GREEN + "7-6",
    ),
    Code(
        name="turbo_1/6",
        title="turbo 1/6, 1784 bits",
        rate=1.0 / 6.0,
        error="frame",
        ebn0_db=(-0.1, 0.0, 0.1, 0.2, 0.3),
        error_rate=(5.3367e-2, 1.6103e-2, 2.7670e-3, 5.3367e-4, 8.5317e-5),
        source=_GREEN + "7-6",
    ),
    Code(
        name="ldpc_1/2_1024",
        title="LDPC AR4JA 1/2, 1024 bits",
        rate=1.0 / 2.0,
        error="frame",
        ebn0_db=(0.8997, 1.0, 1.1001, 1.2003, 1.2997, 1.3999, 1.5, 1.6001, 1.7003, 1.7997, 1.8999, 2.0, 2.1001, 2.2003),
        error_rate=(
            4.1553e-1,
            2.6125e-1,
            1.4290e-1,
            6.9233e-2,
            3.0135e-2,
            1.1371e-2,
            3.8005e-3,
            1.1535e-3,
            3.2250e-4,
            7.8727e-5,
            1.7767e-5,
            3.6282e-6,
            8.1008e-7,
            1.7083e-7,
        ),
        source="Hamkins 2011, IPN Progress Report 42-184D figure 14 (digitised)",
    ),
    Code(
        name="ldpc_1/2_4096",
        title="LDPC AR4JA 1/2, 4096 bits",
        rate=1.0 / 2.0,
        error="frame",
        ebn0_db=(0.8, 0.9, 1.0, 1.1, 1.2, 1.3),
        error_rate=(7.38e-1, 3.50e-1, 9.59e-2, 1.07e-2, 8.89e-4, 3.58e-5),
        source="simulated by AFF3CT, 100 iterations (error_rate_references, AR4JA 4096/8192)",
    ),
    Code(
        name="tc_ldpc_128",
        title="command LDPC (128,64)",
        rate=1.0 / 2.0,
        error="frame",
        ebn0_db=(2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5),
        error_rate=(3.33e-1, 1.41e-1, 4.96e-2, 1.03e-2, 1.52e-3, 2.07e-4, 1.77e-5, 1.12e-6),
        source="simulated by AFF3CT, 50 iterations (error_rate_references, CCSDS 64/128)",
    ),
)

_CONV_BITS = {10: 36.0, 12: 211.0, 14: 1404.0, 16: 11633.0, 18: 77433.0, 20: 502690.0}
"""Bit errors over all error events of each distance, (171,133) with 7 bits of memory (Odenwalder 1976)."""


def codes() -> dict[str, Code]:
    """All codes known, by name."""
    return dict(_codes())


def code(name: str) -> Code:
    """The code of this name. Raises: InputError for an unknown one."""
    known = _codes()
    if name not in known:
        raise InputError(f"code '{name}' is unknown", f"known: {', '.join(known)}")
    return known[name]


def bit_error_rate(ebn0: F64) -> F64:
    """Of BPSK and QPSK without a code, Q(sqrt(2 Eb/N0)); Eb/N0 as a ratio, not dB."""
    return np.asarray(0.5 * erfc(np.sqrt(ebn0)))


@cache
def _codes() -> dict[str, Code]:
    return {known.name: known for known in (*_computed(), *_PUBLISHED)}


def _computed() -> tuple[Code, ...]:
    """Codes whose curve is a formula.

    Uncoded: exact. Convolutional: union bound over distances 10 to 20, tight below 1e-3. RS(255,223) and
    BCH(63,56) with hard decisions: exact, more than 16 symbols wrong, more than 1 bit wrong (single correction).
    """
    grid = np.arange(0.0, 14.001, 0.05)
    ratio = 10.0 ** (grid / 10.0)
    conv = sum(weight * bit_error_rate(distance / 2.0 * ratio) for distance, weight in _CONV_BITS.items())
    symbol = 1.0 - (1.0 - bit_error_rate(_RS_RATE * ratio)) ** 8
    return (
        _curve("uncoded", "no code", 1.0, "bit", grid, bit_error_rate(ratio), "exact: Q(sqrt(2 Eb/N0))"),
        _curve("conv", "convolutional (7,1/2)", 0.5, "bit", grid, np.asarray(conv), "union bound, Odenwalder 1976"),
        _curve("rs", "RS(255,223)", _RS_RATE, "frame", grid, bdtrc(16, 255, symbol), "exact, hard decisions"),
        _curve(
            "bch",
            "BCH(63,56), one bit corrected",
            56.0 / 63.0,
            "frame",
            grid,
            bdtrc(1, 63, bit_error_rate(56.0 / 63.0 * ratio)),
            "exact, hard decisions; CCSDS 231.0-B",
        ),
    )


def _curve(name: str, title: str, rate: float, error: str, grid: F64, errors: F64, source: str) -> Code:
    keep = (errors < 0.3) & (errors > 1e-12)
    return Code(
        name=name,
        title=title,
        rate=rate,
        error=error,
        ebn0_db=tuple(grid[keep].tolist()),
        error_rate=tuple(errors[keep].tolist()),
        source=source,
    )
