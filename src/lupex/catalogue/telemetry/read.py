"""The reader of dictionaries in the catalogue, and of users' files of the same form.

A file has ``name``, ``title``, ``source``; ``[types.<name>]`` with ``encoding`` ('u16', 'i32', 'f64', 'bool8', a 'le'
after it for the least significant octet first) and what the bits mean; ``[[packets]]`` (any service; of 3/25 with
their structure), ``[[events]]`` (service 5) and ``[[commands]]`` with their fields, where ``{ fixed = 1, bits = 8 }``
stands for bits that are always the same; ``[event_ids]`` with the words for event numbers; ``[[derived]]``,
``[[states]]`` and ``[[expected]]`` with what is watched beyond the limits of types.
"""

import re
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from lupex.base.errors import InputError, MissionError
from lupex.catalogue.names import suggestion
from lupex.catalogue.telemetry.pus import equal, header_command, header_containers, header_parameters
from lupex.catalogue.toml_file import read_toml
from lupex.catalogue.values import shown, typed
from lupex.model.telemetry.dictionary import (
    Argument,
    Command,
    Comparison,
    Container,
    Dictionary,
    Entry,
    Fixed,
    Parameter,
)
from lupex.model.telemetry.monitoring import Derived, Expected, StateLimits
from lupex.model.telemetry.types import Calibrator, Encoding, Limits, ValueType

_ENCODING = re.compile(r"(u|i|f|bool)(\d{1,2})(le)?")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TOP = (
    "name", "title", "source", "error_control", "types", "packets", "events", "event_ids", "commands", "derived",
    "states", "expected",
)  # fmt: skip
_TYPE = ("encoding", "polynomial", "points", "labels", "unit", "warning", "critical", "violations", "bad_labels")
_PACKET = ("name", "apid", "service", "subservice", "structure", "meaning", "parameters")
_COMMAND = ("name", "apid", "service", "subservice", "function", "critical", "meaning", "arguments")
_FIELD = ("name", "type", "meaning", "minimum", "maximum")


def dictionary_names() -> list[str]:
    """Names of the dictionaries of the catalogue, sorted."""
    folder = resources.files("lupex").joinpath("catalogue").joinpath("dictionaries")
    return sorted(one.name.removesuffix(".toml") for one in folder.iterdir() if one.name.endswith(".toml"))


def dictionary(name: str) -> Dictionary:
    """The dictionary ``name`` of the catalogue, or of the file ``name`` when it ends in '.toml'.

    Raises:
        MissionError: an unknown name, a file that cannot be read, or something in it that cannot be.
    """
    label, table = _table(name)
    types = {key: _type(f"{label} [types.{key}]", key, body) for key, body in table.get("types", {}).items()}
    parameters, containers = header_parameters(), header_containers()
    for word in ("packets", "events"):
        for number, body in enumerate(_list(label, table, word), start=1):
            place = f"{label} [[{word}]] {number}"
            known = _PACKET if word == "packets" else ("name", "apid", "meaning", "parameters")
            _check(place, body, known, known[:2])
            fields = [
                _field(f"{place} parameter {k}", one, types) for k, one in enumerate(body.get("parameters", []), 1)
            ]
            _add(place, containers, body["name"], _container(place, word, body, [field["name"] for field in fields]))
            for field in fields:
                made = Parameter(field["name"], types[field["type"]], field.get("meaning", ""))
                _add(place, parameters, made.name, made)
    commands = {"pus_tc": header_command()}
    for number, body in enumerate(_list(label, table, "commands"), start=1):
        place = f"{label} [[commands]] {number}"
        _check(place, body, _COMMAND, ("name", "apid", "service", "subservice"))
        _add(place, commands, body["name"], _command(place, body, types))
    try:
        return Dictionary(
            name=table["name"], parameters=parameters, containers=containers, commands=commands,
            error_control=bool(table.get("error_control", False)), source=table["source"], **_monitoring(label, table),
        )  # fmt: skip
    except InputError as error:
        raise MissionError(f"{label}: {error.what}", error.fix) from None


def _monitoring(label: str, table: dict[str, Any]) -> dict[str, Any]:
    """What is watched beyond the limits of single parameters."""
    derived, states, expected = [], [], []
    limits = ("warning", "critical", "violations")
    for k, body in enumerate(_list(label, table, "derived"), 1):
        place = f"{label} [[derived]] {k}"
        _check(place, body, ("name", "formula", "unit", "meaning", "oldest_s", *limits), ("name", "formula"))
        words = {
            key: typed(f"{place} {key}", body[key], str)
            for key in ("name", "formula", "unit", "meaning")
            if key in body
        }
        oldest = {"oldest_s": typed(f"{place} oldest_s", body["oldest_s"], float)} if "oldest_s" in body else {}
        derived.append(Derived(**words, **oldest, limits=_limits(place, body)))
    for k, body in enumerate(_list(label, table, "states"), 1):
        place = f"{label} [[states]] {k}"
        _check(place, body, ("parameter", "state", "labels", *limits), ("parameter", "state", "labels"))
        labels = tuple(typed(f"{place} labels", one, str) for one in body["labels"])
        states.append(
            StateLimits(parameter=body["parameter"], state=body["state"], labels=labels, limits=_limits(place, body))
        )
    for k, body in enumerate(_list(label, table, "expected"), 1):
        place = f"{label} [[expected]] {k}"
        _check(place, body, ("packet", "longest_s"), ("packet", "longest_s"))
        expected.append(Expected(body["packet"], typed(f"{place} longest_s", body["longest_s"], float)))
    return {"derived": tuple(derived), "states": tuple(states), "expected": tuple(expected)}


def _limits(place: str, body: dict[str, Any]) -> Limits:
    return Limits(
        _pair(place, body, "warning"), _pair(place, body, "critical"), int(body.get("violations", 1)),
        tuple(body.get("bad_labels", ())),
    )  # fmt: skip


def event_texts(name: str) -> dict[int, str]:
    """Event number -> words, of the dictionary ``name``."""
    return {int(number): text for number, text in _table(name)[1].get("event_ids", {}).items()}


def _table(name: str) -> tuple[str, dict[str, Any]]:
    if name.endswith(".toml"):
        label, table = name, read_toml(Path(name).expanduser(), f"dictionary {name}").table
    elif name in dictionary_names():
        label = f"catalogue/dictionaries/{name}.toml"
        table = read_toml(resources.files("lupex").joinpath(label), label).table
    else:
        raise MissionError(f"unknown dictionary '{name}'", suggestion(name, dictionary_names()))
    _check(label, table, _TOP, ("name", "source"))
    return label, table


def _type(place: str, name: str, body: dict[str, Any]) -> ValueType:
    _check(place, body, _TYPE, ("encoding",))
    match = _ENCODING.fullmatch(typed(f"{place} encoding", body["encoding"], str))
    if match is None:
        raise MissionError(f"{place} encoding: {body['encoding']!r} is unknown", "write u16, i32, f64, bool8 or u32le")
    kind = {"u": "unsigned", "i": "signed", "f": "float", "bool": "unsigned"}[match[1]]
    calibrated = "polynomial" in body or "points" in body
    labels = tuple((int(raw), int(raw), text) for raw, text in body.get("labels", {}).items())
    what = "boolean" if match[1] == "bool" else "enumerated" if labels else "float"
    if kind != "float" and not calibrated and what == "float":
        what = "integer"
    try:
        calibrator = Calibrator(
            tuple(map(float, body.get("polynomial", ()))),
            tuple((float(a), float(b)) for a, b in body.get("points", ())),
        ) if calibrated else None  # fmt: skip
        return ValueType(
            name=name, kind=what, encoding=Encoding(kind=kind, bits=int(match[2]), little_endian=bool(match[3])),
            calibrator=calibrator, labels=labels, unit=body.get("unit", ""),
            limits=_limits(place, body),
        )  # fmt: skip
    except InputError as error:
        raise MissionError(f"{place}: {error.what}", error.fix) from None


def _container(place: str, word: str, body: dict[str, Any], names: list[str]) -> Container:
    entries = tuple(Entry(name) for name in names)
    conditions: tuple[Comparison, ...]
    apid = equal("ccsds_apid", _number(place, body, "apid", 2046))
    if word == "events":
        conditions, base = (apid, equal("pus_service", 5)), "pus_tm"
    else:
        conditions, base = _packet_conditions(place, body, apid)
    return Container(
        name=body["name"], base=base, entries=entries, conditions=conditions, meaning=body.get("meaning", "")
    )


def _packet_conditions(place: str, body: dict[str, Any], apid: Comparison) -> tuple[tuple[Comparison, ...], str]:
    """What tells a report from others, and the container it refines."""
    service, subservice = (_number(place, body, key, 255) for key in ("service", "subservice"))
    if (service, subservice) == (3, 25):
        return (apid, equal("hk_structure", _number(place, body, "structure", 65535))), "housekeeping"
    if service in (1, 3, 5, 9, 17):
        raise MissionError(f"{place}: service {service}/{subservice}", "write 3/25, or [[events]] for service 5")
    if "structure" in body:
        raise MissionError(f"{place}: a structure outside service 3/25", "leave it out")
    return (apid, equal("pus_service", service), equal("pus_subservice", subservice)), "pus_tm"


def _command(place: str, body: dict[str, Any], types: Mapping[str, ValueType]) -> Command:
    arguments, layout = [], []
    if "function" in body:
        layout.append(Fixed(16, _number(place, body, "function", 65535)))
    for k, one in enumerate(body.get("arguments", []), 1):
        if isinstance(one, dict) and "fixed" in one:
            layout.append(_always(f"{place} argument {k}", one))
            continue
        field = _field(f"{place} argument {k}", one, types)
        arguments.append(
            Argument(field["name"], _argument_type(place, field, types[field["type"]]), field.get("meaning", ""))
        )
        layout.append(field["name"])
    assigned = {
        "ccsds_apid": str(_number(place, body, "apid", 2046)),
        "pus_service": str(_number(place, body, "service", 255)),
        "pus_subservice": str(_number(place, body, "subservice", 255)),
    }
    return Command(
        name=body["name"], base="pus_tc", arguments=tuple(arguments), layout=tuple(layout), assigned=assigned,
        critical=bool(body.get("critical", False)), meaning=body.get("meaning", ""),
    )  # fmt: skip


def _always(place: str, body: dict[str, Any]) -> Fixed:
    _check(place, body, ("fixed", "bits", "meaning"), ("fixed", "bits"))
    bits = _number(place, body, "bits", 64)
    if not 0 < bits:
        raise MissionError(f"{place}: no bits", "give 1 to 64")
    return Fixed(bits, _number(place, body, "fixed", 2**bits - 1))


def _argument_type(place: str, field: Mapping[str, Any], base: ValueType) -> ValueType:
    """The type with a valid range of its own: what is stated, or what the encoding and calibrator can carry."""
    if base.kind in ("enumerated", "boolean"):
        return base
    if base.calibrator is not None:
        raise MissionError(f"{place}: argument {field['name']} is calibrated", "use a type without calibrator")
    low, high = base.encoding.range
    low, high = field.get("minimum", low), field.get("maximum", high)
    if not base.encoding.range[0] <= low <= high <= base.encoding.range[1]:
        raise MissionError(f"{place}: argument {field['name']} {low} .. {high} does not fit its encoding", "narrow it")
    return ValueType(
        name=f"{base.name}_of_{field['name']}", kind=base.kind, encoding=base.encoding, unit=base.unit,
        valid=(float(low), float(high)) if base.kind == "float" else (int(low), int(high)),
    )  # fmt: skip


def _field(place: str, body: Any, types: Mapping[str, ValueType]) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise MissionError(f"{place}: {shown(body)} is no table", "write { name = ..., type = ..., meaning = ... }")
    _check(place, body, _FIELD, ("name", "type"))
    if body["type"] not in types:
        raise MissionError(f"{place}: unknown type '{body['type']}'", suggestion(str(body["type"]), types))
    return body


def _check(place: str, body: dict[str, Any], known: Iterable[str], needed: Iterable[str]) -> None:
    names = list(known)
    for key in body:
        if key not in names:
            raise MissionError(f"{place}: unknown name '{key}'", suggestion(key, names))
    for key in needed:
        if key not in body:
            raise MissionError(f"{place}: '{key}' is missing", "state it")
    if "name" in body and not (isinstance(body["name"], str) and _NAME.fullmatch(body["name"])):
        raise MissionError(f"{place}: name {shown(body['name'])}", "use small letters, digits and _")


def _list(label: str, table: dict[str, Any], word: str) -> list[dict[str, Any]]:
    held = table.get(word, [])
    if not isinstance(held, list) or not all(isinstance(one, dict) for one in held):
        raise MissionError(f"{label}: {word} is {shown(held)}", f"write tables [[{word}]]")
    return held


def _number(place: str, body: dict[str, Any], key: str, highest: int) -> int:
    value = typed(f"{place} {key}", body.get(key, -1), int)
    if not 0 <= value <= highest:
        raise MissionError(f"{place}: {key} {value if key in body else 'is missing'}", f"give 0 to {highest}")
    return int(value)


def _pair(place: str, body: dict[str, Any], key: str) -> tuple[float, float] | None:
    if key not in body:
        return None
    pair = body[key]
    if not (isinstance(pair, list) and len(pair) == 2):
        raise MissionError(f"{place} {key}: {shown(pair)}", "write [least, greatest]")
    low, high = (typed(f"{place} {key}", value, float) for value in pair)
    if not low <= high:
        raise MissionError(f"{place} {key}: {low:g} is above {high:g}", "write [least, greatest]")
    return low, high


def _add(place: str, held: dict[str, Any], name: str, made: Any) -> None:
    if name in held:
        raise MissionError(f"{place}: the name '{name}' is given twice", "names are unique in a dictionary")
    held[name] = made
