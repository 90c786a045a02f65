"""One value of a mission file: is it of the right kind, finite and within bounds?"""

import math
from dataclasses import Field
from datetime import date, datetime, timedelta
from typing import Any

from lupex.base.errors import InputError, MissionError
from lupex.base.utc import utc_text
from lupex.catalogue.names import suggestion
from lupex.model.settings.setting import texts

READABLE = "write readable text; a \\ in double quotes begins a control character: write / or use single quotes"
_KINDS = {bool: "true or false", int: "a whole number", float: "a number", str: "text in quotes"}
_FOUND = {bool: "true or false", int: "a whole number", float: "a number", str: "text", list: "a list", dict: "a table"}


def setting_value(place: str, spec: Field[Any], value: Any) -> Any:
    """The value for a settings field, checked against its type, bounds and choices.

    Args:
        place: file, table and key, the beginning of an error.
        spec: dataclass field made by `lupex.model.settings.setting.setting`.
        value: what TOML gave.

    Returns: the value; whole numbers become floats where the field is a float, UTC gets one spelling.
    Raises: MissionError.
    """
    kind = type(spec.default)
    if spec.name.endswith("_utc"):
        return _utc(place, value)
    facts = spec.metadata
    if facts["many"]:
        return _many(place, value, split=not facts["path"])
    value = typed(place, value, kind)
    check_bounds(place, value, facts["minimum"], facts["maximum"])
    if facts["choices"] and value not in facts["choices"]:
        names = facts["choices"]
        fix = suggestion(str(value), names) if isinstance(value, str) else ""
        raise MissionError(f"{place}: {value!r} is not one of {', '.join(map(repr, names))}", fix)
    return value


def typed(place: str, value: Any, kind: type[Any]) -> Any:
    """The value as ``kind`` (bool, int, float or str); a bool is no number; NaN and infinity are refused.

    Args:
        place: file, table and key, the beginning of an error.
    """
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value) if abs(value) < 2**1000 else math.inf
    if type(value) is not kind:
        raise MissionError(f"{place}: {shown(value)} is {_found(value)}", f"write {_KINDS[kind]}")
    if kind is float and not math.isfinite(value):
        raise MissionError(f"{place}: {value} is not a finite number", "write an ordinary number")
    if kind is str and (not value.strip() or not value.isprintable()):
        raise MissionError(f"{place}: {shown(value)} is empty or holds control characters", READABLE)
    return value


def _many(place: str, value: Any, split: bool) -> tuple[str, ...]:
    """The texts of a list, or of one text: split at commas, or whole where it is a path."""
    if not isinstance(value, list):
        value = typed(place, value, str)
        return texts(value) if split else (value,)
    return texts([typed(place, one, str) for one in value])


def check_bounds(place: str, value: Any, minimum: float | None, maximum: float | None) -> None:
    """Nothing for a number within bounds (inclusive; None for none), else MissionError that begins with ``place``."""
    if minimum is not None and value < minimum:
        raise MissionError(
            f"{place}: {value} is below the smallest allowed value {minimum:g}", _range(minimum, maximum)
        )
    if maximum is not None and value > maximum:
        raise MissionError(f"{place}: {value} is above the largest allowed value {maximum:g}", _range(minimum, maximum))


def shown(value: Any) -> str:
    """A value as it is best shown in one short line."""
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _range(minimum: float | None, maximum: float | None) -> str:
    if minimum is None:
        return f"write at most {maximum:g}"
    return f"write at least {minimum:g}" if maximum is None else f"write a value from {minimum:g} to {maximum:g}"


def _utc(place: str, value: Any) -> str:
    if isinstance(value, datetime) and value.utcoffset() == timedelta(0):
        value = value.replace(tzinfo=None).isoformat() + "Z"
    elif isinstance(value, date):
        raise MissionError(f"{place}: {value} does not say that it is UTC", 'write it like "2028-01-01T00:00:00Z"')
    if not isinstance(value, str):
        raise MissionError(
            f"{place}: {shown(value)} is {_found(value)}", 'write UTC in quotes, like "2028-01-01T00:00:00Z"'
        )
    try:
        return utc_text(value)
    except InputError as error:
        raise MissionError(f"{place}: {error.what}", error.fix) from None


def _found(value: Any) -> str:
    return _FOUND.get(type(value), "a date or time")
