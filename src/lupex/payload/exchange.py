"""Instruments out and in: tables that people mail, and JSON nested like the models of ECSS-E-TM-10-25.

A table has one row per instrument and one column per fact, named with its unit; a second table holds the sources. What
comes in is compared with the catalogue: only what differs is taken over, into files that are ``like`` the entry.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from lupex.base.errors import InputError
from lupex.catalogue import Entry, overridden
from lupex.catalogue.names import UNITS, suggestion, unit_of
from lupex.io.text import toml_text
from lupex.model.payload.fit import Fit
from lupex.model.payload.hosts import Host, Mount
from lupex.model.payload.item import Item

INSTRUMENTS, SOURCES = "instruments", "sources"
_JOINED = "; "


def tables(items: Sequence[Item]) -> dict[str, list[list[Any]]]:
    """Sheets of instruments and of their sources: a header and a row for each instrument; lists are joined by '; '."""
    keys = list(dict.fromkeys(key for item in items for key in item.facts))
    header = ["instrument", *keys]
    values: list[list[Any]] = [header]
    sources: list[list[Any]] = [header]
    for item in items:
        values.append([item.name, *(_plain(item.facts[key].value) if key in item.facts else None for key in keys)])
        sources.append([item.name, *(item.facts[key].source if key in item.facts else None for key in keys)])
    return {INSTRUMENTS: values, SOURCES: sources}


def changes_of(
    sheets: Mapping[str, Sequence[Sequence[Any]]], entries: Mapping[str, Entry], file: str
) -> dict[str, Any]:
    """Instrument -> {key: {value, source}} of what a table says otherwise than the catalogue.

    Columns are known by their names, so their order does not matter.

    Args:
        sheets: 'instruments' and, if there is one, 'sources', as `tables` writes them.
        entries: of the catalogue, by name. file: for messages.

    Raises: InputError naming sheet, row and column: no header, an unknown instrument or column, two rows or columns of
        one name, text where a number stands, a number out of bounds.
    """
    if INSTRUMENTS not in sheets:
        raise InputError(f"{file}: no sheet '{INSTRUMENTS}'", f"there are {', '.join(sheets) or 'none'}")
    rows = _rows(f"{file} {INSTRUMENTS}", sheets[INSTRUMENTS])
    told = _rows(f"{file} {SOURCES}", sheets[SOURCES]) if SOURCES in sheets else {}
    made: dict[str, Any] = {}
    for name, (number, row) in rows.items():
        if name not in entries:
            raise InputError(f"{file} row {number}: no instrument '{name}'", suggestion(name, entries))
        entry, given = entries[name], {}
        for key, value in row.items():
            if value is None or value == "":
                continue
            old = entry.fact(key)
            stated = _as_fact(f"{file} row {number} column '{key}'", value, None if old is None else old.value)
            if old is None or stated != old.value:
                source = (told.get(name, (0, {}))[1].get(key)) or f"given in {file}"
                if old is not None and source == old.source:
                    source = f"given in {file}"
                given[key] = {"value": stated, "source": str(source)}
        if given:
            overridden(entry, given, file, f"row {number}")
            made[name] = given
    return made


def entry_text(name: str, given: Mapping[str, Mapping[str, Any]]) -> str:
    """A TOML file of one's own that is like an instrument of the catalogue but for what is given.

    Args:
        name: of the catalogue. given: key -> value and source, as `changes_of` gives them.
    """
    lines = [f"like = {toml_text(name)}", f"name = {toml_text(name)}", ""]
    for key, body in given.items():
        lines += [f"[facts.{key}]", f"value = {toml_text(body['value'])}", f"source = {toml_text(body['source'])}", ""]
    return "\n".join(lines)


def engineering_model(
    items: Sequence[Item], hosts: Sequence[Host], mounts: Sequence[Mount], fit: Fit | None = None, date: str = ""
) -> dict[str, Any]:
    """The payload as nested elements with parameters, their values and sources, in the manner of ECSS-E-TM-10-25.

    Element definitions stand once; what a host carries is an element usage of it. Not the Annex C exchange itself.

    Args:
        items, hosts, mounts: of the payload. fit: an accommodation, whose usages are then given.
        date: of the state, '' for the latest.
    """
    assigned = fit.assignment if fit is not None else {}
    place = {mount.name: mount for mount in mounts}
    return {
        "engineeringModelSetup": {"name": "payload", "kind": "STUDY_MODEL", "state": date},
        "iteration": {
            "element": [_definition(item) for item in items],
            "topElement": {
                "name": "payload",
                "containedElement": [
                    {
                        "name": host.name,
                        "vehicle": host.vehicle,
                        "elementUsage": [
                            {"elementDefinition": name, "mount": mount}
                            for name, mount in assigned.items()
                            if place[mount].host == host.name
                        ],
                    }
                    for host in hosts
                ],
            },
        },
    }


def _definition(item: Item) -> dict[str, Any]:
    return {
        "name": item.title,
        "shortName": item.name,
        "owner": item.owner,
        "parameter": [
            {
                "parameterType": key,
                "scale": UNITS.get(unit_of(key), ""),
                "valueSet": [{"actualState": "", "manual": _plain(fact.value), "reference": fact.source}],
            }
            for key, fact in item.facts.items()
        ],
    }


def _rows(place: str, sheet: Sequence[Sequence[Any]]) -> dict[str, tuple[int, dict[str, Any]]]:
    if not sheet or "instrument" not in sheet[0]:
        raise InputError(
            f"{place}: the first row has no column 'instrument'", "put names of columns into the first row"
        )
    header = [None if one is None else str(one).strip() for one in sheet[0]]
    for one in header:
        if one is not None and header.count(one) > 1:
            raise InputError(f"{place}: two columns '{one}'", "leave one out")
    column = header.index("instrument")
    found: dict[str, tuple[int, dict[str, Any]]] = {}
    for number, row in enumerate(sheet[1:], 2):
        if all(cell is None or cell == "" for cell in row):
            continue
        name = str(row[column]).strip() if row[column] is not None else ""
        if not name:
            raise InputError(f"{place} row {number}: no instrument is named", "name it, or leave the row out")
        if name in found:
            raise InputError(f"{place} row {number}: a second row of '{name}'", "leave one out")
        beyond = [cell for cell in row[len(header) :] if cell not in (None, "")]
        if beyond or any(key is None and cell not in (None, "") for key, cell in zip(header, row, strict=False)):
            raise InputError(f"{place} row {number}: a value stands in a column without a name", "name the column")
        cells = {key: cell for key, cell in zip(header, row, strict=False) if key not in (None, "instrument")}
        found[name] = (number, {str(key): cell for key, cell in cells.items()})
    return found


def _as_fact(place: str, value: Any, old: Any) -> Any:
    """A cell as the kind of value its fact has."""
    if isinstance(old, tuple):
        words = [part.strip() for part in str(value).split(_JOINED.strip()) if part.strip()]
        if old and not isinstance(old[0], str):
            return tuple(_number(place, word) for word in words)
        return tuple(words)
    if isinstance(old, bool):
        if str(value).strip().lower() not in ("true", "false"):
            raise InputError(f"{place}: {value!r} is neither true nor false", "write true or false")
        return str(value).strip().lower() == "true"
    if isinstance(old, int):
        number = _number(place, value)
        if number != int(number):
            raise InputError(f"{place}: {value!r} is no whole number", "write a whole number")
        return int(number)
    if isinstance(old, float):
        return _number(place, value)
    if isinstance(old, str):
        return str(value)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _number(place: str, value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    try:
        return float(str(value).strip())
    except ValueError:
        raise InputError(f"{place}: {value!r} is text where a number stands", "write the number alone") from None


def _plain(value: Any) -> Any:
    return _JOINED.join(str(one) for one in value) if isinstance(value, tuple) else value
