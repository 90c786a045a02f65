"""Nouns of the catalogue by name: stations and radios, of the package or of files."""

from collections.abc import Sequence
from pathlib import Path

from lupex.catalogue.entry import Entry
from lupex.catalogue.kinds.radio import radio_of
from lupex.catalogue.kinds.station import station_of
from lupex.catalogue.read import catalogue_entry, catalogue_names
from lupex.model.contact.radio import Radio
from lupex.model.contact.station import Station


def station(name: str, folder: Path | None = None) -> Station:
    """The station ``name`` of the catalogue, or of the file ``name`` when it ends in '.toml'.

    Args:
        folder: what a relative file name is relative to; the working directory by default.

    Raises: MissionError as `catalogue_entry`; for coordinates that do not exist, look swapped or contradict each other.
    """
    entry = catalogue_entry("station", name, folder=folder)
    return station_of(_label(entry), entry)


def stations(names: Sequence[str] | None = None, folder: Path | None = None) -> list[Station]:
    """The stations of these names or files, all of the catalogue by default; errors as `station`."""
    return [station(name, folder) for name in (station_names() if names is None else names)]


def station_names() -> list[str]:
    """Names of the stations in the catalogue, sorted."""
    return catalogue_names("station")


def radio(name: str, folder: Path | None = None) -> Radio:
    """The radio ``name`` of the catalogue, or of the file ``name`` when it ends in '.toml'.

    Args:
        folder: what a relative file name is relative to; the working directory by default.

    Raises: MissionError as `catalogue_entry`; for values that do not go together.
    """
    entry = catalogue_entry("radio", name, folder=folder)
    return radio_of(_label(entry), entry)


def radio_names() -> list[str]:
    """Names of the radios in the catalogue, sorted."""
    return catalogue_names("radio")


def _label(entry: Entry) -> str:
    return str(entry.files[0]) if entry.files else f"{entry.kind} {entry.name}"
