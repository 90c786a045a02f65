"""Displays of a Yamcs server: tables of parameters that its pages open."""

from collections.abc import Iterable

from lupex.base.gate import file_stem
from lupex.io.tables import json_text
from lupex.io.text import xml_text
from lupex.model.telemetry.dictionary import Dictionary
from lupex.ops.yamcs.server import DISPLAYS

OVERVIEW = "overview"
_SCHEMA = "https://yamcs.org/schema/parameter-table.schema.json"
_HEADERS = ("ccsds_", "pus_", "hk_", "request_")


def display_files(dictionary: Dictionary) -> dict[str, str]:
    """File name -> text: a table for every packet, and one of everything that has limits.

    Args:
        dictionary: whose packets are shown; headers, which all packets share, are left out.
    """
    watched = [name for name, one in dictionary.parameters.items() if one.type.limits.any]
    tables = {OVERVIEW: watched} if watched else {}
    for name, container in dictionary.containers.items():
        shown = [entry.parameter for entry in container.entries if not entry.parameter.startswith(_HEADERS)]
        if not container.abstract and any(shown):
            tables[file_stem(name)] = [one for one in shown if one]
    return {f"{DISPLAYS}/{name}.par": _table(dictionary.name, names) for name, names in tables.items()}


def _table(system: str, names: Iterable[str]) -> str:
    place = xml_text(system)  # as the database calls it
    paths = [f"/{place}/{xml_text(name)}" for name in dict.fromkeys(names)]
    return json_text({"$schema": _SCHEMA, "scroll": False, "parameters": paths})
