"""Published rules for landing sites: presets that fill the limits a mission file leaves out.

An entry has the form of every catalogue entry. Facts whose key is a limit of [sites] become that limit; other facts
tell what else was asked for; [unpublished] names what was required without a number anyone can read.
"""

from pathlib import Path
from typing import Any

from lupex.catalogue import Entry, catalogue_entry
from lupex.catalogue.values import setting_value
from lupex.model.settings.study import NO_LIMIT, SiteSettings

NOT_STATED = "no limit: the rules of this preset give no number"


def site_rules(name: str, place: str = "catalogue", folder: Path | None = None) -> Entry:
    """The rules called ``name`` in the catalogue, or of the file ``name`` when it ends in '.toml'.

    Args:
        place: where the name was given, the beginning of an error.
        folder: what a relative file name is relative to.

    Raises: MissionError for an unknown name (with the nearest right one), a faulty entry, or a limit out of bounds.
    """
    entry = catalogue_entry("site_rules", name, place, folder)
    specs = SiteSettings.__dataclass_fields__
    for fact in entry.facts:
        if fact.key in NO_LIMIT:
            setting_value(f"site rules '{entry.name}' {fact.key}", specs[fact.key], fact.value)
    return entry


def preset_limits(name: str, place: str = "catalogue", folder: Path | None = None) -> dict[str, float]:
    """Every limit of [sites] under these rules; where they give no number, the value that rules nothing out."""
    stated = {fact.key: fact.value for fact in site_rules(name, place, folder).facts}
    return {key: float(stated.get(key, off)) for key, off in NO_LIMIT.items()}


def preset_sources(name: str, folder: Path | None = None) -> dict[str, tuple[Any, str]]:
    """Limit -> its value under these rules and where that comes from."""
    facts = {fact.key: (fact.value, fact.source) for fact in site_rules(name, folder=folder).facts}
    return {key: facts.get(key, (off, NOT_STATED)) for key, off in NO_LIMIT.items()}
