"""How a value lies in a packet, and what its bits mean."""

import math
from dataclasses import dataclass

from lupex.base.errors import InputError

NUMBERS = ("unsigned", "signed", "sign_magnitude", "ones_complement", "float", "mil_1750a")
"""Encodings of numbers."""
ENCODINGS = (*NUMBERS, "string", "binary")
KINDS = ("integer", "float", "enumerated", "boolean", "string", "binary", "absolute_time")
"""What an engineering value is."""
_FLOAT_BITS = {"float": (32, 64), "mil_1750a": (32,)}
LONGEST_FIELD_BITS = 8 * 65536
"""A space packet is no longer."""


@dataclass(frozen=True, kw_only=True)
class Encoding:
    """Bits of one value, most significant first unless ``little_endian``.

    Attributes:
        kind: one of ENCODINGS. bits: size; 0 for a string or block of variable length.
        little_endian: least significant octet first; whole octets only.
        leading_size_bits: width of the length before a string or block of variable length. length_in_bits: whether
            that length counts bits (else octets). terminator: octets that end a string, itself of ``bits`` at most.
        size_parameter: name of the parameter that gives the size; size_slope, size_intercept: bits of one count, and
            bits added.
    """

    kind: str
    bits: int
    little_endian: bool = False
    leading_size_bits: int = 0
    length_in_bits: bool = False
    terminator: bytes = b""
    size_parameter: str = ""
    size_slope: float = 1.0
    size_intercept: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in ENCODINGS:
            raise InputError(f"encoding '{self.kind}' is unknown", f"known: {', '.join(ENCODINGS)}")
        if self.kind in NUMBERS:
            allowed = _FLOAT_BITS.get(self.kind, range(1, 65))
            if self.bits not in allowed:
                raise InputError(f"{self.bits} bits of {self.kind} cannot be read", f"sizes: {_sizes(self.kind)}")
        elif not 0 <= self.bits <= LONGEST_FIELD_BITS or self.bits % 8:
            raise InputError(f"a {self.kind} of {self.bits} bits cannot be read", "give whole octets")
        if self.little_endian and self.bits % 8:
            raise InputError(
                f"{self.bits} bits with the least significant octet first have no agreed meaning", "use whole octets"
            )

    @property
    def is_fixed(self) -> bool:
        """Whether every value has the same number of bits."""
        return self.bits > 0 and not self.terminator

    @property
    def range(self) -> tuple[float, float]:
        """Least and greatest number that fits."""
        if self.kind == "unsigned":
            return 0, 2**self.bits - 1
        if self.kind == "signed":
            return -(2 ** (self.bits - 1)), 2 ** (self.bits - 1) - 1
        if self.kind in ("sign_magnitude", "ones_complement"):
            return -(2 ** (self.bits - 1) - 1), 2 ** (self.bits - 1) - 1
        greatest = {32: 3.4028234663852886e38, 64: 1.7976931348623157e308}.get(self.bits, math.inf)
        return -greatest, greatest


@dataclass(frozen=True)
class Calibrator:
    """Raw number to engineering number.

    Attributes:
        coefficients: of a polynomial, constant first; empty where points are given.
        points: (raw, engineering) of straight lines, raw rising; beyond them the last line goes on when
            ``extrapolate``, else there is no value.
    """

    coefficients: tuple[float, ...] = ()
    points: tuple[tuple[float, float], ...] = ()
    extrapolate: bool = True

    def __post_init__(self) -> None:
        numbers = [*self.coefficients, *(value for point in self.points for value in point)]
        if not all(math.isfinite(number) for number in numbers):
            raise InputError("a calibrator holds a number that is not finite", "give finite numbers")
        if bool(self.coefficients) == bool(self.points):
            raise InputError("a calibrator needs coefficients or points", "give one of them")
        if self.points and (
            len(self.points) < 2 or any(b[0] <= a[0] for a, b in zip(self.points, self.points[1:], strict=False))
        ):
            raise InputError("points of a calibrator do not rise", "give two or more, raw values rising")


@dataclass(frozen=True)
class Limits:
    """Healthy ranges of a parameter; ``violations`` in a row, by packet time, make an alarm.

    Attributes:
        warning, critical: (least, greatest) healthy engineering value, None where there is no such limit.
        violations: consecutive values outside before the alarm is raised.
        bad_labels: labels that are critical in themselves.
    """

    warning: tuple[float, float] | None = None
    critical: tuple[float, float] | None = None
    violations: int = 1
    bad_labels: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is anything to watch."""
        return self.warning is not None or self.critical is not None or bool(self.bad_labels)


@dataclass(frozen=True, kw_only=True)
class ValueType:
    """A type of parameters or arguments.

    Attributes:
        name: unique in its dictionary. kind: one of KINDS. encoding: bits. calibrator: None for raw = engineering.
        labels: (least raw, greatest raw, label). unit: as people write it.
        limits: of telemetry. valid: (least, greatest) engineering value of an argument, None: what fits.
        epoch: 'TAI', 'GPS', 'UNIX', 'J2000' or ''; scale_s: seconds of one count (absolute_time).
    """

    name: str
    kind: str
    encoding: Encoding
    calibrator: Calibrator | None = None
    labels: tuple[tuple[int, int, str], ...] = ()
    unit: str = ""
    limits: Limits = Limits()
    valid: tuple[float, float] | None = None
    epoch: str = ""
    scale_s: float = 1.0
    offset_s: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(f"type {self.name}: kind '{self.kind}' is unknown", f"known: {', '.join(KINDS)}")

    def label(self, raw: int) -> str:
        """The label of a raw value, '' when it has none."""
        return next((text for low, high, text in self.labels if low <= raw <= high), "")


def _sizes(kind: str) -> str:
    return " or ".join(map(str, _FLOAT_BITS[kind])) if kind in _FLOAT_BITS else "1 to 64"
