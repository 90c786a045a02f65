"""Types of parameters and arguments as elements of XTCE, in the subset that readers agree on.

Sizes and signs stand on every type: a reader that takes the schema's defaults (32 bits, signed) cuts values otherwise.
Calibrated numbers are float types of 64 bits; epochs are given by name.
"""

import xml.etree.ElementTree as ElementTree

from lupex.base.errors import InputError
from lupex.model.telemetry.types import Calibrator, ValueType

_INTEGER = {
    "unsigned": "unsigned", "signed": "twosComplement", "sign_magnitude": "signMagnitude",
    "ones_complement": "onesComplement",
}  # fmt: skip
_FLOAT = {"float": "IEEE754_1985", "mil_1750a": "MILSTD_1750A"}
_ELEMENT = {
    "integer": "Integer", "float": "Float", "enumerated": "Enumerated", "boolean": "Boolean",
    "absolute_time": "AbsoluteTime",
}  # fmt: skip


def add_type(parent: ElementTree.Element, type_: ValueType, name: str, argument: bool = False) -> None:
    """Add one type.

    Args:
        parent: ParameterTypeSet or ArgumentTypeSet.
        type_: what is written. name: it gets.
        argument: whether it is an ArgumentType.

    Raises InputError for a type outside the subset.
    """
    if type_.kind not in _ELEMENT or not type_.encoding.is_fixed:
        raise InputError(f"type {type_.name}: {type_.kind} is not written as XTCE", "readers do not agree on it")
    words = {"name": name}
    if type_.kind == "integer":
        words |= {"signed": "false" if type_.encoding.kind == "unsigned" else "true", "sizeInBits": _size(type_)}
    elif type_.kind == "float":
        words |= {"sizeInBits": "64" if type_.calibrator or type_.encoding.bits > 32 else "32"}
    elif type_.kind == "boolean":
        words |= {"zeroStringValue": type_.label(0) or "False", "oneStringValue": type_.label(1) or "True"}
    element = ElementTree.SubElement(
        parent, f"{_ELEMENT[type_.kind]}{'Argument' if argument else 'Parameter'}Type", words
    )
    if type_.kind == "absolute_time":
        _add_time(element, type_)
        return
    units = ElementTree.SubElement(element, "UnitSet")
    if type_.unit and type_.unit != "1":
        ElementTree.SubElement(units, "Unit").text = type_.unit
    _add_encoding(element, type_)
    if type_.kind == "enumerated":
        listed = ElementTree.SubElement(element, "EnumerationList")
        for low, high, label in type_.labels:
            if low != high:
                raise InputError(
                    f"type {type_.name}: label {label} of a range of values", "give each value its own label"
                )
            ElementTree.SubElement(listed, "Enumeration", {"value": str(low), "label": label})
    if argument and type_.valid is not None:
        if type_.kind == "integer" and not -(2**63) <= type_.valid[0] <= type_.valid[1] < 2**63:
            raise InputError(
                f"type {type_.name}: a range beyond 64 signed bits is refused by Yamcs with the whole dictionary",
                "narrow the range, or take two arguments",
            )
        ranges = ElementTree.SubElement(element, "ValidRangeSet", {"validRangeAppliesToCalibrated": "true"})
        least, greatest = (repr(value) for value in type_.valid)
        ElementTree.SubElement(ranges, "ValidRange", {"minInclusive": least, "maxInclusive": greatest})
    if not argument:
        _add_alarm(element, type_)


def _size(type_: ValueType) -> str:
    return "64" if type_.encoding.bits > 31 else "32"


def _add_encoding(element: ElementTree.Element, type_: ValueType) -> None:
    encoding = type_.encoding
    words = {"sizeInBits": str(encoding.bits)}
    if encoding.bits > 8:
        words["byteOrder"] = "leastSignificantByteFirst" if encoding.little_endian else "mostSignificantByteFirst"
    if encoding.kind in _FLOAT:
        made = ElementTree.SubElement(element, "FloatDataEncoding", words | {"encoding": _FLOAT[encoding.kind]})
    else:
        made = ElementTree.SubElement(element, "IntegerDataEncoding", words | {"encoding": _INTEGER[encoding.kind]})
    if type_.calibrator is not None:
        _add_calibrator(ElementTree.SubElement(made, "DefaultCalibrator"), type_.calibrator)


def _add_calibrator(parent: ElementTree.Element, calibrator: Calibrator) -> None:
    if calibrator.coefficients:
        polynomial = ElementTree.SubElement(parent, "PolynomialCalibrator")
        for exponent, coefficient in enumerate(calibrator.coefficients):
            words = {"coefficient": repr(coefficient), "exponent": str(exponent)}
            ElementTree.SubElement(polynomial, "Term", words)
        return
    spline = ElementTree.SubElement(parent, "SplineCalibrator", {"order": "1", "extrapolate": "true"})
    for raw, value in calibrator.points:
        ElementTree.SubElement(spline, "SplinePoint", {"raw": repr(raw), "calibrated": repr(value)})


def _add_time(element: ElementTree.Element, type_: ValueType) -> None:
    if type_.epoch not in ("TAI", "GPS"):
        raise InputError(f"type {type_.name}: epoch '{type_.epoch}' is read differently by readers", "use TAI or GPS")
    words = {"units": "seconds", "scale": repr(type_.scale_s), "offset": repr(type_.offset_s)}
    _add_encoding(ElementTree.SubElement(element, "Encoding", words), type_)
    ElementTree.SubElement(ElementTree.SubElement(element, "ReferenceTime"), "Epoch").text = type_.epoch


def _add_alarm(element: ElementTree.Element, type_: ValueType) -> None:
    limits = type_.limits
    if not limits.any:
        return
    alarm = ElementTree.SubElement(element, "DefaultAlarm", {"minViolations": str(limits.violations)})
    if limits.bad_labels:
        alarm.set("defaultAlarmLevel", "normal")
        listed = ElementTree.SubElement(alarm, "EnumerationAlarmList")
        for label in limits.bad_labels:
            ElementTree.SubElement(listed, "EnumerationAlarm", {"alarmLevel": "critical", "enumerationLabel": label})
        return
    ranges = ElementTree.SubElement(alarm, "StaticAlarmRanges")
    for word, pair in (("WarningRange", limits.warning), ("CriticalRange", limits.critical)):
        if pair is not None:
            ElementTree.SubElement(ranges, word, {"minInclusive": repr(pair[0]), "maxInclusive": repr(pair[1])})
