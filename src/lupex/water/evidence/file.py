"""Evidence files: TOML that only ever grows.

    [evidence]      name, synthetic
    [rule]          parameters of the decision, see `Rule`
    [prior]         beliefs about the ground, see `GroundPrior`
    [instruments.nss]   facts stated in place of the catalogue's
    [maps]          rasters by path, read at the places: dfsar_cpr, dfsar_dop, mini_rf_cpr, mini_rf_dop,
                    hydrogen_wt_percent (LPNS, LEND), surface_ice (M3: 1 or 0), ice_probability, stability_depth_m,
                    temperature_k
    [[places]]      name; lat_deg, lon_deg; ice_probability, cover_median_m, temperature_k where they differ
    [[measurements]]    place, channel, depth_m, time_s, blank, the values; seal

A seal is the SHA-256 of everything that stands before its measurement. `record_measurement` writes it: from then on
neither the rule nor an earlier measurement can be changed unnoticed.
"""

import hashlib
import re
import shutil
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from lupex.base.errors import InputError
from lupex.base.gate import names_its_file
from lupex.catalogue import read_toml
from lupex.catalogue.names import suggestion
from lupex.catalogue.values import setting_value, typed
from lupex.io.atomic import atomic_path, only_writer
from lupex.water.evidence.evidence import Evidence, Place
from lupex.water.evidence.maps import MAPS, from_maps
from lupex.water.inference.prior import GroundPrior
from lupex.water.inference.rule import Rule
from lupex.water.inference.station import OVENS
from lupex.water.models.channels import channel
from lupex.water.models.facts import Instrument, instrument, instrument_names
from lupex.water.models.measurement import Look, Measurement

TABLES = ("evidence", "rule", "prior", "instruments", "maps", "places", "measurements")
_PLACE_KEYS = ("name", "lat_deg", "lon_deg", "temperature_k", "ice_probability", "cover_median_m")
_LOOK_KEYS = ("place", "channel", "depth_m", "time_s", "temperature_k", "blank", "seal", "utc", "note")
_VALUES = ("counts", "dead_time_s", "band_depths", "reflection", "reflector_depth_m", "permittivity",
           "conductivity_w_m_k", "energy_j", "drill_s", "drill_power_w", "mass_loss_g", "sample_g", "water_wt_percent",
           "cpr", "dop", "hydrogen_wt_percent", "ice_seen")  # fmt: skip
_TIMED = ("nss", "ems_l")
_DEFAULT_TEMPERATURE_K = 110.0


@names_its_file
def read_evidence(path: str | Path) -> Evidence:
    """Evidence from a TOML file.

    Args:
        path: of the file.

    Raises:
        InputError: unreadable or misspelt, an unknown place or instrument, two places of one name, a place outside a
            map, a seal that does not fit: with file and entry.
    """
    path = Path(path)
    label = str(path)
    table = read_toml(path, label).table
    for name in table:
        if name not in TABLES:
            raise InputError(f"{label}: unknown table '{name}'", suggestion(name, TABLES))
    head = _table(label, table, "evidence")
    _known(f"{label} [evidence]", head, ("name", "synthetic"))
    rule = _filled(label, "rule", _table(label, table, "rule"), Rule)
    prior = _filled(label, "prior", _table(label, table, "prior"), GroundPrior)
    places = _places(label, table.get("places", []), prior)
    given = _list(label, "measurements", table.get("measurements", []))
    measurements = [_measurement(label, number, body, places) for number, body in enumerate(given, 1)]
    maps = _table(label, table, "maps")
    if maps:
        _known(f"{label} [maps]", maps, MAPS)
        places, mapped = from_maps(f"{label} [maps]", maps, path.parent, places)
        measurements = [*mapped, *measurements]
    for name in rule.specific_channels:
        channel(name, f"{label} [rule] specific")
    return Evidence(
        name=str(head.get("name", path.stem)),
        path=label,
        synthetic=bool(head.get("synthetic", False)),
        rule=rule,
        instruments=_instruments(label, _table(label, table, "instruments")),
        places=tuple(places),
        measurements=tuple(measurements),
        sealed=_check_seals(label, path.read_bytes()),
    )


def record_measurement(path: str | Path, place: str, name: str, values: dict[str, Any]) -> Evidence:
    """The evidence with one more measurement; see `record_measurements`."""
    return record_measurements(path, [(place, name, values)])


def record_measurements(path: str | Path, found: list[tuple[str, str, dict[str, Any]]]) -> Evidence:
    """The evidence with more measurements, appended to its file, each with a seal over all that stands before the seal.

    Args:
        path: the file. found: of each measurement the name of a place of the file, the channel, and its values:
            depth_m, time_s, blank and what the channel needs.

    Raises:
        InputError: whatever would be refused on reading, or another process is recording; the file is then left as
            it was.
        StoreError: the disk is full or refuses; likewise.
    """
    path = Path(path)
    read_evidence(path)
    place_on_disk = path.resolve()  # a link stays one
    with only_writer(place_on_disk):
        after = place_on_disk.read_bytes()
        for place, name, values in found:
            after += b"\n" if after.endswith(b"\n") else b"\n\n"
            body = {"place": place, "channel": channel(name, str(path)).name, **values}
            text = "\n".join(f"{key} = {_toml(value)}" for key, value in body.items())
            after += f"[[measurements]]\n{text}\n".encode()
            after += f'seal = "{hashlib.sha256(after).hexdigest()}"\n'.encode()
        with atomic_path(place_on_disk) as trial:
            trial.write_bytes(after)
            shutil.copymode(place_on_disk, trial)
            try:
                evidence = read_evidence(trial)
                evidence.tables()
            except InputError as error:
                raise type(error)(error.what.replace(str(trial), str(path)), error.fix) from None
    return replace(evidence, path=str(path))


def _check_seals(label: str, raw: bytes) -> int:
    """How many seals there are. Raises InputError for one that does not fit what stands before its measurement."""
    starts = [match.start() for match in re.finditer(rb"^\[\[measurements\]\]", raw, re.MULTILINE)]
    count = 0
    for number, start in enumerate(starts, 1):
        end = starts[number] if number < len(starts) else len(raw)
        found = re.search(rb'^seal\s*=\s*"([^"]*)"', raw[start:end], re.MULTILINE)
        if found is None:
            continue
        # Over its own values too; in older files only over what stood before the measurement.
        covered = (raw[: start + found.start()], raw[:start])
        if found[1].decode() not in [hashlib.sha256(part).hexdigest() for part in covered]:
            raise InputError(
                f"{label} measurement {number}: its seal does not fit what stands before it",
                "rule or earlier evidence was changed after this was recorded; restore it",
            )
        count += 1
    return count


def _places(label: str, given: Any, prior: GroundPrior) -> list[Place]:
    places: dict[str, Place] = {}
    for number, body in enumerate(_list(label, "places", given), 1):
        where = f"{label} place {number}"
        _known(where, body, _PLACE_KEYS)
        name = typed(f"{where} name", body.get("name", ""), str)
        if name in places:
            raise InputError(f"{where}: a place {name} stands further up already", "one table per hole")
        lat, lon = (_number(where, body, key, low, high) for key, low, high in
                    (("lat_deg", -90.0, 90.0), ("lon_deg", -360.0, 360.0)))  # fmt: skip
        if (lat is None) != (lon is None):
            raise InputError(f"{where}: only one of lat_deg and lon_deg", "give both or neither")
        own = {
            key: typed(f"{where} {key}", body[key], float)
            for key in ("ice_probability", "cover_median_m")
            if key in body
        }
        temperature = _number(where, body, "temperature_k", 1.0, 1000.0) or _DEFAULT_TEMPERATURE_K
        try:
            mine = replace(prior, **own)
        except InputError as error:
            raise InputError(f"{where}: {error.what}", error.fix) from None
        places[name] = Place(name=name, lat_deg=lat, lon_deg=lon, temperature_k=temperature, prior=mine)
    if not places:
        raise InputError(f"{label}: no [[places]]", 'name at least one place with name = "..."')
    return list(places.values())


def _measurement(label: str, number: int, body: Any, places: list[Place]) -> tuple[str, Measurement]:
    where = f"{label} measurement {number}"
    _known(where, body, (*_LOOK_KEYS, *_VALUES))
    name = typed(f"{where} place", body.get("place", places[0].name if len(places) == 1 else ""), str)
    place = next((one for one in places if one.name == name), None)
    if place is None:
        raise InputError(f"{where}: no place '{name}'", suggestion(name, [one.name for one in places]))
    asked = channel(str(body.get("channel", "")), where)
    if asked.at_depth and "depth_m" not in body and not body.get("blank", False):
        raise InputError(f"{where}: depth_m is missing", f"{asked.name} looks into a hole")
    if asked.name in _TIMED and "time_s" not in body:
        raise InputError(f"{where}: time_s is missing", f"{asked.name} counts over a time")
    depth = _number(where, body, "depth_m", 0.0, 10.0) or 0.0
    look = Look(
        depth,
        _number(where, body, "time_s", 1e-3, 1e9) or 1.0,
        _number(where, body, "temperature_k", 1.0, 1000.0) or place.temperature_k,
    )
    blank = typed(f"{where} blank", body.get("blank", False), bool)
    if blank and asked.name not in OVENS:
        raise InputError(f"{where}: a blank of {asked.name}", f"blanks belong to {', '.join(OVENS)}")
    values = {key: tuple(body[key]) if isinstance(body[key], list) else body[key] for key in _VALUES if key in body}
    return name, Measurement(asked.name, look, values, blank, where)


def _instruments(label: str, given: dict[str, Any]) -> dict[str, Instrument]:
    names = instrument_names()
    for name, body in given.items():
        if name not in names:
            raise InputError(f"{label} [instruments]: unknown instrument '{name}'", suggestion(name, names))
        if not isinstance(body, dict):
            raise InputError(f"{label} [instruments] {name}: not a table", f"write [instruments.{name}]")
    return {name: instrument(name, given.get(name), label) for name in names}


def _filled(label: str, table: str, body: dict[str, Any], kind: type[Any]) -> Any:
    specs = {spec.name: spec for spec in fields(kind)}
    _known(f"{label} [{table}]", body, tuple(specs))
    values = {key: setting_value(f"{label} [{table}] {key}", specs[key], value) for key, value in body.items()}
    try:
        return kind(**values)
    except InputError as error:
        raise InputError(f"{label} [{table}]: {error.what}", error.fix) from None


def _table(label: str, table: dict[str, Any], name: str) -> dict[str, Any]:
    value = table.get(name, {})
    if not isinstance(value, dict):
        raise InputError(f"{label}: {name} is no table", f"write [{name}]")
    return value


def _list(label: str, name: str, given: Any) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise InputError(f"{label}: {name} is no list of tables", f"write [[{name}]]")
    return given


def _known(where: str, body: dict[str, Any], names: tuple[str, ...]) -> None:
    for key in body:
        if key not in names:
            raise InputError(f"{where}: unknown name '{key}'", suggestion(key, names))


def _number(where: str, body: dict[str, Any], key: str, low: float, high: float) -> float | None:
    """A number of a table, None where it is not given. Raises InputError when it is none or outside."""
    if key not in body:
        return None
    value = float(typed(f"{where} {key}", body[key], float))
    if not low <= value <= high:
        raise InputError(f"{where}: {key} {value:g} lies outside {low:g} .. {high:g}", "correct it")
    return value


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        text = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{text}"'
    if isinstance(value, list | tuple):
        return f"[{', '.join(_toml(one) for one in value)}]"
    return repr(value)
