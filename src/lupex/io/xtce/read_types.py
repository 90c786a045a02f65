"""Types of parameters and arguments out of XTCE."""

import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from typing import Any

from lupex.base.errors import InputError
from lupex.io.xtce.document import Reader
from lupex.model.telemetry.types import Calibrator, Encoding, Limits, ValueType

_KINDS = {
    "Integer": "integer", "Float": "float", "Enumerated": "enumerated", "Boolean": "boolean", "String": "string",
    "Binary": "binary", "AbsoluteTime": "absolute_time",
}  # fmt: skip
_INTEGER = {
    "unsigned": "unsigned", "twosComplement": "signed", "signMagnitude": "sign_magnitude",
    "onesComplement": "ones_complement",
}  # fmt: skip
_FLOAT = {"IEEE754_1985": "float", "IEEE754": "float", "MILSTD_1750A": "mil_1750a"}
_ENCODINGS = ("IntegerDataEncoding", "FloatDataEncoding", "StringDataEncoding", "BinaryDataEncoding")
_EPOCHS = ("TAI", "GPS", "UNIX", "J2000")
_PASSED = ("ContextAlarmList", "BinaryContextAlarmList", "TimeContextAlarmList")


def read_type(reader: Reader, element: ElementTree.Element, name: str) -> ValueType:
    """One ...ParameterType or ...ArgumentType.

    Args:
        reader: for errors and notes. element: of the type. name: it gets in the dictionary.

    Raises InputError naming what cannot be honoured.
    """
    word = element.tag.removesuffix("ParameterType").removesuffix("ArgumentType")
    if word not in _KINDS:
        reader.refuse(element, "is a type that cannot be honoured")
    found: dict[str, Any] = {"name": name, "kind": _KINDS[word]}
    encoding: Encoding | None = None
    known = (*_ENCODINGS, *_PASSED, "UnitSet", "EnumerationList", "DefaultAlarm", "ValidRangeSet", "ValidRange",
             "Encoding", "ReferenceTime", "SizeRangeInCharacters")  # fmt: skip
    try:
        for part in reader.parts(element, *known):
            if part.tag in _ENCODINGS:
                encoding, found["calibrator"] = _encoding(reader, part)
            elif part.tag == "Encoding":
                encoding, found["scale_s"], found["offset_s"] = _time_encoding(reader, part)
            elif part.tag in _PASSED:
                reader.note(part, "is not watched: limits that depend on other values")
            elif part.tag == "UnitSet":
                found["unit"] = " ".join((unit.text or "").strip() for unit in part if unit.text)
            elif part.tag == "EnumerationList":
                found["labels"] = tuple(_label(reader, one) for one in reader.parts(part, "Enumeration"))
            elif part.tag == "DefaultAlarm":
                found["limits"] = _limits(reader, part)
            elif part.tag in ("ValidRangeSet", "ValidRange"):
                found["valid"] = _valid(reader, part)
            elif part.tag == "ReferenceTime":
                found["epoch"] = _epoch(reader, part)
    except InputError as error:
        if str(reader.path) in error.what:
            raise
        reader.refuse(element, error.what, error.fix)
    if encoding is None:
        reader.refuse(element, "says nothing about its bits", "give it a data encoding")
    if word == "Boolean":
        found["labels"] = (
            (0, 0, element.get("zeroStringValue", "False")),
            (1, 2**63, element.get("oneStringValue", "True")),
        )
    made = ValueType(encoding=encoding, **found)
    _check(reader, element, made)
    return made


def _check(reader: Reader, element: ElementTree.Element, made: ValueType) -> None:
    number = made.encoding.kind not in ("string", "binary")
    if number == (made.kind in ("string", "binary")):
        reader.refuse(element, f"is a {made.kind} encoded as {made.encoding.kind}")
    if made.calibrator is not None and made.kind in ("enumerated", "boolean", "absolute_time"):
        reader.refuse(element, f"calibrates a {made.kind} value")
    if made.kind == "integer" and made.encoding.kind in ("float", "mil_1750a"):
        reader.refuse(element, "is an integer encoded as a float", "use a FloatParameterType")
    if made.kind in ("enumerated", "boolean") and made.encoding.kind in ("float", "mil_1750a"):
        reader.refuse(element, f"is {made.kind} encoded as a float")


def _encoding(reader: Reader, element: ElementTree.Element) -> tuple[Encoding, Calibrator | None]:
    if element.tag in ("StringDataEncoding", "BinaryDataEncoding"):
        return _block(reader, element), None
    order = element.get("byteOrder", "mostSignificantByteFirst")
    if order not in ("mostSignificantByteFirst", "leastSignificantByteFirst"):
        reader.refuse(element, f"has byteOrder {order}")
    if element.get("bitOrder", "mostSignificantBitFirst") != "mostSignificantBitFirst":
        reader.refuse(element, "has its least significant bit first")
    words, default, bits = (
        (_INTEGER, "unsigned", 8) if element.tag == "IntegerDataEncoding" else (_FLOAT, "IEEE754_1985", 32)
    )
    kind = element.get("encoding", default)
    if kind == "twosCompliment":  # spelled so in XTCE 1.1
        kind = "twosComplement"
    if kind not in words:
        reader.refuse(element, f"encoding {kind} cannot be honoured")
    made = Encoding(
        kind=words[kind], bits=reader.whole(element, "sizeInBits", bits), little_endian=order.startswith("least")
    )
    calibrator = None
    for part in reader.parts(element, "DefaultCalibrator"):
        calibrator = _calibrator(reader, part)
    return made, calibrator


def _calibrator(reader: Reader, element: ElementTree.Element) -> Calibrator:
    for part in reader.parts(element, "PolynomialCalibrator", "SplineCalibrator"):
        if part.tag == "PolynomialCalibrator":
            terms: dict[int, float] = {}
            for term in reader.parts(part, "Term"):
                exponent = reader.whole(term, "exponent")
                if not 0 <= exponent <= 30:
                    reader.refuse(term, f"has exponent {exponent}", "use 0 to 30")
                terms[exponent] = terms.get(exponent, 0.0) + reader.real(term, "coefficient")
            return Calibrator(tuple(terms.get(k, 0.0) for k in range(max(terms, default=0) + 1)))
        if reader.whole(part, "order", 1) != 1:
            reader.refuse(part, "is a spline of an order other than 1")
        points = [
            (reader.real(one, "raw"), reader.real(one, "calibrated")) for one in reader.parts(part, "SplinePoint")
        ]
        return Calibrator(points=tuple(sorted(points)), extrapolate=reader.truth(part, "extrapolate", False))
    reader.refuse(element, "holds no calibrator")


def _block(reader: Reader, element: ElementTree.Element) -> Encoding:
    kind = "string" if element.tag == "StringDataEncoding" else "binary"
    found: dict[str, Any] = {"kind": kind, "bits": 0}
    if kind == "string" and element.get("encoding", "UTF-8") not in ("UTF-8", "US-ASCII", "ISO-8859-1"):
        reader.refuse(element, f"encoding {element.get('encoding')} cannot be honoured")
    for part in reader.parts(element, "SizeInBits", "Variable"):
        for one in reader.parts(part, "Fixed", "FixedValue", "DynamicValue", "LeadingSize", "TerminationChar"):
            if one.tag == "Fixed":
                found["bits"] = sum(reader.number_of(value) for value in reader.parts(one, "FixedValue"))
            elif one.tag == "FixedValue":
                found["bits"] = reader.number_of(one)
            elif one.tag == "LeadingSize":
                # Yamcs counts octets, space-packet-parser bits; the standard names the tag's own width in bits only.
                reader.refuse(one, "is read as a length in octets by some and in bits by others", "use a fixed size")
            elif one.tag == "TerminationChar":
                text = (one.text or "").strip() or "00"
                if len(text) % 2 or any(c not in "0123456789abcdefABCDEF" for c in text):
                    reader.refuse(one, f"is '{text[:20]}'", "write hexadecimal octets")
                found["terminator"] = bytes.fromhex(text)
            else:
                found |= _size_of(reader, one)
    if not (found["bits"] or found.get("terminator") or found.get("size_parameter")):
        reader.refuse(element, "has no size")
    return Encoding(**found)


def _size_of(reader: Reader, element: ElementTree.Element) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in reader.parts(element, "ParameterInstanceRef", "LinearAdjustment"):
        if part.tag == "ParameterInstanceRef":
            found["size_parameter"] = reader.word(part, "parameterRef")
        else:
            found |= {
                "size_slope": reader.real(part, "slope", 0.0),
                "size_intercept": reader.real(part, "intercept", 0.0),
            }
    if "size_parameter" not in found:
        reader.refuse(element, "names no parameter")
    return found


def _time_encoding(reader: Reader, element: ElementTree.Element) -> tuple[Encoding, float, float]:
    if element.get("units", "seconds") != "seconds":
        reader.refuse(element, f"has units {element.get('units')}", "use seconds with a scale")
    for part in reader.parts(element, "IntegerDataEncoding", "FloatDataEncoding"):
        encoding, calibrator = _encoding(reader, part)
        if calibrator is not None:
            reader.refuse(part, "calibrates a time", "use scale and offset")
        return encoding, reader.real(element, "scale", 1.0), reader.real(element, "offset", 0.0)
    reader.refuse(element, "says nothing about its bits")


def _epoch(reader: Reader, element: ElementTree.Element) -> str:
    for part in reader.parts(element, "Epoch"):
        text = (part.text or "").strip()
        if text not in _EPOCHS:
            reader.note(part, f"{text[:40]} is a date, which readers take differently: seconds are given, not UTC")
            return ""
        if text == "J2000":
            reader.note(part, "J2000 is taken as 2000-01-01T12:00:00 TT")
        return text
    reader.refuse(element, "has no epoch")


def _label(reader: Reader, element: ElementTree.Element) -> tuple[int, int, str]:
    low = reader.whole(element, "value")
    return low, reader.whole(element, "maxValue", low), reader.word(element, "label")


def _valid(reader: Reader, element: ElementTree.Element) -> tuple[float, float]:
    ranges = list(reader.parts(element, "ValidRange")) if element.tag == "ValidRangeSet" else [element]
    if len(ranges) != 1:
        reader.refuse(element, f"holds {len(ranges)} ranges", "give one")
    return _range(reader, ranges[0])


def _range(reader: Reader, element: ElementTree.Element) -> tuple[float, float]:
    if "minExclusive" in element.attrib or "maxExclusive" in element.attrib:
        reader.refuse(element, "has an exclusive bound", "use minInclusive and maxInclusive")
    low = reader.real(element, "minInclusive") if "minInclusive" in element.attrib else float("-inf")
    high = reader.real(element, "maxInclusive") if "maxInclusive" in element.attrib else float("inf")
    return low, high


def _limits(reader: Reader, element: ElementTree.Element) -> Limits:
    limits = Limits(violations=reader.whole(element, "minViolations", 1))
    for part in reader.parts(element, "StaticAlarmRanges", "EnumerationAlarmList"):
        if part.tag == "EnumerationAlarmList":
            bad = [one for one in reader.parts(part, "EnumerationAlarm") if one.get("alarmLevel", "normal") != "normal"]
            limits = replace(limits, bad_labels=tuple(reader.word(one, "enumerationLabel") for one in bad))
            continue
        if part.get("rangeForm", "outside") != "outside":
            reader.refuse(part, "is a forbidden band (rangeForm inside)", "give healthy ranges")
        levels = ("WatchRange", "WarningRange", "DistressRange", "CriticalRange", "SevereRange")
        held = {one.tag: _range(reader, one) for one in reader.parts(part, *levels)}
        warning = next((held[word] for word in levels[:2][::-1] if word in held), None)
        critical = next((held[word] for word in levels[:1:-1] if word in held), None)
        if len(held) > 2:
            reader.note(part, "has more than two levels: warning and the gravest are watched")
        limits = replace(limits, warning=warning, critical=critical)
    return limits
