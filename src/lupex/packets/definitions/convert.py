"""Raw numbers to engineering values and back."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import InputError
from lupex.model.telemetry.types import Calibrator, Encoding, ValueType

NO_LABEL = "UNDEF"
"""What stands for a value without label, as in Yamcs."""


def raw_numbers(encoding: Encoding, bits: NDArray[Any]) -> NDArray[Any]:
    """Numbers of an encoding from their bits.

    Args:
        encoding: of the numbers. bits: (n,) right-aligned, unsigned of any size that holds them.

    Returns whole numbers of the same size as ``bits`` (64 for sign and magnitude, one's complement), or float64.
    """
    width, size = encoding.bits, 8 * bits.dtype.itemsize
    if encoding.little_endian and width > 8:
        bits = bits.byteswap() >> bits.dtype.type(size - width)
    if encoding.kind == "unsigned":
        return bits
    if encoding.kind == "float":
        single = bits.astype(np.uint32, copy=False).view(np.float32) if width == 32 else None
        return bits.view(np.float64) if single is None else single.astype(np.float64)
    if encoding.kind == "mil_1750a":
        bits = bits.astype(np.uint64)
        mantissa = (bits.astype(np.int64) << 32) >> 40
        exponent = ((bits & np.uint64(0xFF)).astype(np.int64) << 56) >> 56
        return np.ldexp(mantissa.astype(np.float64), (exponent - 23).astype(np.int32))
    whole = np.dtype(f"i{size // 8}")
    shift = whole.type(size - width)
    signed = (bits.view(whole) << shift) >> shift
    if encoding.kind == "signed":
        return signed
    if encoding.kind == "ones_complement":
        signed = signed.astype(np.int64)
        return np.where(signed < 0, signed + 1, signed)
    magnitude = (bits.astype(np.uint64) & np.uint64((1 << (width - 1)) - 1)).astype(np.int64)
    return np.where(signed < 0, -magnitude, magnitude)


def engineering(type_: ValueType, raw: NDArray[Any]) -> NDArray[Any]:
    """Engineering values of raw ones: numbers, labels (text), truth values, or the raw strings and blocks themselves.

    Times are seconds of their epoch. A value without label is 'UNDEF'; one a spline does not reach is NaN.
    """
    if type_.kind == "enumerated":
        return _labels(type_, raw)
    if type_.kind == "boolean":
        return raw != 0
    if type_.kind == "absolute_time":
        return type_.offset_s + type_.scale_s * raw.astype(np.float64)
    if type_.kind in ("string", "binary"):
        return raw
    if type_.calibrator is None:
        return raw.astype(np.float64) if type_.kind == "float" else raw
    value = calibrated(type_.calibrator, raw.astype(np.float64))
    return np.floor(value + 0.5) if type_.kind == "integer" else value


def calibrated(calibrator: Calibrator, raw: NDArray[np.float64]) -> NDArray[np.float64]:
    """The calibrator's values, by Horner's rule or on straight lines between points."""
    if calibrator.coefficients:
        *rest, last = calibrator.coefficients
        value = raw * 0.0 + last  # not a number where the raw value is infinite, as Horner's rule from 0 has it
        for coefficient in reversed(rest):
            value *= raw
            value += coefficient
        return value
    x, y = (np.array(column) for column in zip(*calibrator.points, strict=True))
    k = np.clip(np.searchsorted(x, raw, side="left") - 1, 0, x.size - 2)
    # the line through two points in this order of arithmetic: as in Yamcs, so that values agree to the last bit
    value = ((y[k + 1] - y[k]) * raw + (x[k + 1] * y[k] - y[k + 1] * x[k])) / (x[k + 1] - x[k])
    if not calibrator.extrapolate:
        value = np.where((raw < x[0]) | (raw > x[-1]), np.nan, value)
    return value


def raw_of(type_: ValueType, value: Any, place: str) -> int | float | bytes:
    """The raw value that means ``value``, checked to fit.

    Args:
        type_: of the argument or parameter. value: number, label, truth value, text, or any of them as text.
        place: name, the beginning of an error.

    Raises InputError: no such label, not a finite number, a fraction for an integer, outside what is valid or fits.
    """
    if type_.kind in ("enumerated", "boolean"):
        return _raw_label(type_, value, place)
    if type_.kind in ("string", "binary"):
        return _raw_block(type_, value, place)
    number = _number(value, place, exact=type_.kind == "integer")
    if type_.valid is not None and not type_.valid[0] <= number <= type_.valid[1]:
        raise InputError(
            f"{place} = {number:.15g} is outside {type_.valid[0]:g} .. {type_.valid[1]:g}", "correct the value"
        )
    if type_.kind == "absolute_time":
        number = (number - type_.offset_s) / type_.scale_s
    elif type_.calibrator is not None:
        number = _uncalibrated(type_.calibrator, float(number), place)
    if type_.encoding.kind not in ("float", "mil_1750a"):
        whole = number if isinstance(number, int) else int(math.floor(number + 0.5))
        if type_.kind == "integer" and type_.calibrator is None and whole != number:
            raise InputError(f"{place} = {number!r} is not a whole number", "give a whole number")
        number = whole
    low, high = type_.encoding.range
    if not low <= number <= high:
        raise InputError(
            f"{place} = {value} does not fit {type_.encoding.bits} bits ({type_.encoding.kind})",
            "give a value that fits",
        )
    return number


def raw_bits(encoding: Encoding, raw: int | float) -> int:
    """The bits of a raw number, as an unsigned integer of ``encoding.bits``."""
    width = encoding.bits
    if encoding.kind == "float":
        array = np.array([raw], np.float32 if width == 32 else np.float64)
        bits = int(array.view(np.uint32 if width == 32 else np.uint64)[0])
    elif encoding.kind == "mil_1750a":
        mantissa, exponent = math.frexp(float(raw))
        bits = (int(mantissa * 2**23) & 0xFFFFFF) << 8 | (exponent & 0xFF)
    elif encoding.kind == "sign_magnitude":
        bits = abs(int(raw)) | ((raw < 0) << (width - 1))
    elif encoding.kind == "ones_complement":
        bits = int(raw) if raw >= 0 else int(raw) + (1 << width) - 1
    else:
        bits = int(raw) & ((1 << width) - 1)
    if encoding.little_endian:
        bits = int.from_bytes(bits.to_bytes(width // 8, "big"), "little")
    return bits


def _labels(type_: ValueType, raw: NDArray[Any]) -> NDArray[Any]:
    names = np.array([NO_LABEL, *(label for _, _, label in type_.labels)])
    chosen = np.zeros(raw.shape, np.intp)
    for k in range(len(type_.labels), 0, -1):
        low, high, _ = type_.labels[k - 1]
        chosen[(raw >= low) & (raw <= high)] = k
    return names[chosen]


def _raw_label(type_: ValueType, value: Any, place: str) -> int:
    if isinstance(value, bool | np.bool_) and type_.kind == "boolean":
        return int(value)
    text = str(value).strip()
    for low, _, label in type_.labels:
        if label == text:
            return low
    if type_.kind == "boolean" and text.lower() in ("true", "false", "0", "1"):
        return int(text.lower() in ("true", "1"))
    if text.lstrip("-").isdigit() and type_.label(int(text)):
        return int(text)
    known = ", ".join(dict.fromkeys(label for _, _, label in type_.labels))
    raise InputError(f"{place} = '{text[:40]}' is no label", f"labels: {known}")


def _raw_block(type_: ValueType, value: Any, place: str) -> bytes:
    if isinstance(value, bytes):
        block = value
    elif type_.kind == "binary":
        try:
            block = bytes.fromhex(str(value))
        except ValueError:
            raise InputError(f"{place}: not hexadecimal", "write octets like 00ff") from None
    else:
        block = str(value).encode()
    octets = type_.encoding.bits // 8
    if type_.encoding.is_fixed and len(block) > octets:
        raise InputError(f"{place}: {len(block)} octets for a field of {octets}", "shorten it")
    return block.ljust(octets, b"\0") if type_.encoding.is_fixed else block + type_.encoding.terminator


def _number(value: Any, place: str, exact: bool) -> int | float:
    if isinstance(value, bool):
        raise InputError(f"{place} = {value} is no number", "give a number")
    if isinstance(value, int | np.integer):
        return int(value)
    text = str(value).strip()
    if exact and text.lstrip("+-").isdigit():
        return int(text)
    try:
        number = float(text)
    except ValueError:
        raise InputError(f"{place} = '{text[:40]}' is no number", "give a number") from None
    if not math.isfinite(number):
        raise InputError(f"{place} = {text} is not finite", "give an ordinary number")
    return number


def _uncalibrated(calibrator: Calibrator, value: float, place: str) -> float:
    if calibrator.points:
        x, y = (np.array(column) for column in zip(*calibrator.points, strict=True))
        if not (np.all(np.diff(y) > 0) or np.all(np.diff(y) < 0)):
            raise InputError(f"{place}: its calibrator has no inverse", "give the raw value's own parameter")
        rising = y[0] < y[-1]
        x, y = (x, y) if rising else (x[::-1], y[::-1])
        k = int(np.clip(np.searchsorted(y, value, side="right") - 1, 0, y.size - 2))
        return float(x[k] + (value - y[k]) * (x[k + 1] - x[k]) / (y[k + 1] - y[k]))
    low, *more = calibrator.coefficients
    if len(more) == 1 and more[0] != 0.0:
        return (value - low) / more[0]
    raise InputError(f"{place}: its calibrator has no inverse", "use a polynomial of degree 1 or points")
