"""Instruments, hosts, mounts and margin policies as nouns, from the catalogue or files of the user's own."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lupex.base.errors import InputError, UnpublishedError
from lupex.catalogue import Entry, catalogue_entry, catalogue_names
from lupex.model import Fact
from lupex.model.payload.hosts import MATURITIES, PHASES, Host, MarginPolicy, Mount
from lupex.model.payload.item import Change, Item
from lupex.model.settings.payload import PayloadSettings
from lupex.payload.changes import change_log, day

NEEDED = (
    "mass_kg", "length_m", "width_m", "height_m", "standby_power_w", "night_power_w", "measurement_wh",
    "measurement_mbit", "measurements_per_day", "failure_probability", "maturity", "mounts", "trl",
)  # fmt: skip
"""What an accommodation cannot do without."""

_CLASS_RANGES = {
    "mass_kg": (0.05, 60.0, "kg"), "length_m": (0.01, 3.0, "m"), "width_m": (0.01, 3.0, "m"),
    "height_m": (0.01, 3.0, "m"), "measuring_power_w": (0.05, 400.0, "W"), "standby_power_w": (0.005, 100.0, "W"),
    "measurement_wh": (0.001, 2000.0, "Wh"), "measurement_mbit": (0.001, 20_000.0, "Mbit"),
}  # fmt: skip
"""What instruments of landers and rovers of a few hundred kilograms lie between (assumption)."""


def items(settings: PayloadSettings, date: str = "", folder: Path | None = None) -> tuple[Item, ...]:
    """The instruments of the settings as they were known at a date.

    Args:
        settings: [payload] of a mission. date: YYYY-MM-DD, all changes by default.
        folder: what relative file names are relative to.

    Raises:
        UnpublishedError: numbers an accommodation needs are missing; they are named, with the owner.
        InputError: two records of one name, an unknown mount or instrument, units wrong by a factor of 1000,
            needs and exclusions that contradict each other.
    """
    log = change_log(settings.changes)
    upto = tuple(change for change in log if not date or change.date <= day(date))
    made = []
    for name in settings.instruments:
        entry = catalogue_entry("instrument", name, folder=folder)
        made.append(item_of(entry, tuple(change for change in upto if change.instrument == entry.name)))
    check_items(made)
    return tuple(made)


def item_of(entry: Entry, changes: tuple[Change, ...] = ()) -> Item:
    """The noun of an entry, with dated changes put in place of its facts. Raises as `items`."""
    facts = {fact.key: fact for fact in entry.facts}
    for change in changes:
        if change.key in facts or change.key in entry.unpublished:
            meaning = facts[change.key].meaning if change.key in facts else entry.unpublished[change.key]
            facts[change.key] = Fact(change.key, change.value, f"{change.source} ({change.date})", meaning)
    owner = str(facts["owner"].value) if "owner" in facts else "owner not stated"
    missing = [key for key in NEEDED if key not in facts]
    if not ({"measuring_power_w", "drilling_power_w"} & set(facts)):
        missing.append("measuring_power_w")
    if missing:
        raise UnpublishedError(
            f"instrument {entry.name}: {', '.join(missing)} missing; due from {owner}",
            f'state it in a file of your own with like = "{entry.name}"',
        )

    def value(key: str, default: Any = 0.0) -> Any:
        return facts[key].value if key in facts else default

    _check_ranges(entry.name, facts)
    maturity = str(value("maturity"))
    if maturity not in MATURITIES:
        raise InputError(f"instrument {entry.name}: maturity {maturity!r}", f"write one of {', '.join(MATURITIES)}")
    return Item(
        name=entry.name,
        title=entry.title,
        owner=owner,
        maturity=maturity,
        trl=int(value("trl")),
        mass_kg=float(value("mass_kg")),
        envelope_m=(float(value("length_m")), float(value("width_m")), float(value("height_m"))),
        standby_w=float(value("standby_power_w")),
        measuring_w=float(value("measuring_power_w", value("drilling_power_w", 0.0))),
        night_w=float(value("night_power_w")),
        measurement_wh=float(value("measurement_wh")),
        measurement_mbit=float(value("measurement_mbit")),
        per_day=float(value("measurements_per_day")),
        view_half_angle_deg=float(value("view_half_angle_deg")),
        failure_probability=float(value("failure_probability")),
        mounts=tuple(value("mounts")),
        needs=tuple(value("needs", ())),
        excludes=tuple(value("excludes", ())),
        facts=facts,
        status=changes,
        conflict=str(value("host_conflict", "")),
    )


def _check_ranges(name: str, facts: dict[str, Fact]) -> None:
    for key, (low, high, unit) in _CLASS_RANGES.items():
        if key not in facts or facts[key].value == 0.0:
            continue
        number = float(facts[key].value)
        if low <= number <= high:
            continue
        factor = 1000.0 if number > high else 0.001
        hint = f"{number / factor:g} {unit} would be usual: is the unit wrong by {factor:g}?"
        usual = low <= number / factor <= high
        raise InputError(
            f"instrument {name}: {key} {number:g} lies outside {low:g} .. {high:g} {unit}",
            hint if usual else "correct it",
        )


def check_items(made: Sequence[Item]) -> None:
    """Nothing when instruments go together; else InputError: two of one name, unknown needs, contradictions."""
    names = [item.name for item in made]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"payload: two records of instrument '{name}'", "leave one out, or rename it")
    by_name = {item.name: item for item in made}
    for item in made:
        for kind, others in (("needs", item.needs), ("excludes", item.excludes)):
            for other in others:
                if other == item.name:
                    raise InputError(f"instrument {item.name}: it {kind} itself", "take that away")
        for other in sorted(_needed_by(item.name, by_name)):
            against = set(item.excludes) & _needed_by(item.name, by_name)
            if against:
                raise InputError(
                    f"instrument {item.name}: it needs {min(against)} and excludes it", "take one of the two away"
                )
            if other in by_name and set(by_name[other].excludes) & {item.name}:
                raise InputError(
                    f"instrument {item.name}: it needs {other}, which excludes it: a circle", "take one of the two away"
                )


def _needed_by(name: str, by_name: dict[str, Item]) -> set[str]:
    """All that an instrument needs, by way of others too."""
    found: set[str] = set()
    todo = [name]
    while todo:
        for other in by_name[todo.pop()].needs:
            if other not in found:
                found.add(other)
                if other in by_name:
                    todo.append(other)
    return found


def hosts(settings: PayloadSettings, folder: Path | None = None) -> tuple[Host, ...]:
    """The hosts of the settings.

    Raises: MissionError as `lupex.catalogue.catalogue_entry`; InputError for a vehicle that is neither, or boxes that
        are no boxes.
    """
    return tuple(_host(catalogue_entry("host", name, folder=folder)) for name in settings.hosts)


def _host(entry: Entry) -> Host:
    facts = entry.values
    if facts["vehicle"] not in ("lander", "rover"):
        raise InputError(f"host {entry.name}: vehicle {facts['vehicle']!r}", "write lander or rover")
    flat = facts.get("solids_m", ())
    boxes = tuple(tuple(flat[at : at + 6]) for at in range(0, len(flat), 6))
    if any(len(box) != 6 or any(box[k] >= box[k + 1] for k in (0, 2, 4)) for box in boxes):
        raise InputError(f"host {entry.name}: solids_m holds no boxes", "give six numbers each: from, to of x, y, z")
    return Host(
        name=entry.name,
        title=entry.title,
        vehicle=facts["vehicle"],
        instrument_mass_kg=facts["instrument_mass_kg"],
        instrument_volume_m3=facts["instrument_volume_m3"],
        power_w={phase: facts[f"power_{phase}_w"] for phase in PHASES if f"power_{phase}_w" in facts},
        heat_w=facts["heat_w"],
        energy_day_wh=facts["energy_day_wh"],
        energy_night_wh=facts.get("energy_night_wh"),
        night_hours=facts.get("night_hours", 0.0),
        data_day_mbit=facts["data_day_mbit"],
        solids_m=boxes,
        assumptions=tuple(fact.key for fact in entry.facts if "assumption" in fact.source.lower()),
    )


def mounts(settings: PayloadSettings, folder: Path | None = None) -> tuple[Mount, ...]:
    """The mounts of the settings' hosts: those of the catalogue, and files named in [payload] mounts.

    Raises: as `hosts`; InputError for two of one name or a boresight of no direction.
    """
    carrying = {catalogue_entry("host", name, folder=folder).name for name in settings.hosts}
    names = [*catalogue_names("mount"), *settings.mounts]
    made = [_mount(catalogue_entry("mount", name, folder=folder)) for name in names]
    for mount in made:
        if sum(mount.name == other.name for other in made) > 1:
            raise InputError(f"payload: two mounts named '{mount.name}'", "rename one")
    return tuple(mount for mount in made if mount.host in carrying)


def _mount(entry: Entry) -> Mount:
    facts = entry.values
    length = math.sqrt(sum(value * value for value in facts["boresight"]))
    if len(facts["boresight"]) != 3 or len(facts["position_m"]) != 3 or not 0.9 < length < 1.1:
        raise InputError(f"mount {entry.name}: boresight or position_m", "give three numbers; a boresight of length 1")
    return Mount(
        name=entry.name,
        title=entry.title,
        host=facts["host"],
        position_m=facts["position_m"],
        boresight=tuple(value / length for value in facts["boresight"]),
        envelope_m=(facts["length_m"], facts["width_m"], facts["height_m"]),
        max_mass_kg=facts["max_mass_kg"],
        places=facts["places"],
        harness_kg=facts["harness_kg"],
    )


def margin_policy(name: str, folder: Path | None = None) -> MarginPolicy:
    """The margin policy of this name. Raises MissionError as the catalogue does; a negative margin is refused."""
    entry = catalogue_entry("margin policy", name, folder=folder)
    facts = entry.values
    return MarginPolicy(
        entry.name,
        entry.title,
        {one: facts[f"{one}_fraction"] for one in MATURITIES},
        facts["system_fraction"],
        {fact.key: fact.source for fact in entry.facts},
    )
