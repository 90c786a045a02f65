"""The catalogue as rows: kinds, entries of a kind, facts of an entry; and templates for files of one's own."""

import json
from pathlib import Path
from typing import Any

from lupex.base.errors import MissionError
from lupex.catalogue.dem_products import DEM_KEYS, dem_product, dem_products
from lupex.catalogue.entry import Entry
from lupex.catalogue.keys import Key
from lupex.catalogue.kinds import KINDS, kind_of
from lupex.catalogue.names import UNITS, suggestion, unit_of
from lupex.catalogue.read import catalogue_entry, catalogue_names
from lupex.model.dem_product import DemProduct

DEM = "dem"
TEMPLATES = {"station": "misasa", "radio": "lupex_rover_hga", "rover": "lupex", "lander": "lupex"}
"""Kinds of which users write files, and the entry whose values fill the template."""


def kind_rows() -> list[dict[str, Any]]:
    """One row per kind: its noun, how many entries there are, and their names."""
    held = {kind.noun: catalogue_names(kind.noun) for kind in KINDS} | {DEM: list(dem_products())}
    return [{"kind": noun, "entries": len(names), "names": ", ".join(names)} for noun, names in held.items()]


def entry_rows(kind: str) -> list[dict[str, Any]]:
    """One row per entry of a kind: name, title, facts, assumptions among them, numbers nobody published."""
    if kind.lower() in (DEM, f"{DEM}s"):
        return [
            {"name": one.name, "title": one.title, "cell_m": one.cell_m, "bytes": one.bytes, "digest": bool(one.sha256)}
            for one in dem_products().values()
        ]
    found = [catalogue_entry(kind, name) for name in catalogue_names(kind)]
    return [
        {
            "name": entry.name,
            "title": entry.title,
            "facts": len(entry.facts),
            "assumptions": sum(fact.source.startswith("assumption") for fact in entry.facts),
            "unpublished": len(entry.unpublished),
        }
        for entry in found
    ]


def entry_summary(kind: str, name: str, folder: Path | None = None) -> dict[str, Any]:
    """An entry with value, unit, meaning and source of every fact, and what nobody has published.

    Args:
        kind: a noun or folder of the catalogue. name: of an entry, or a file ending in '.toml'.
        folder: what a relative file name is relative to; the working directory by default.

    Raises: MissionError as `catalogue_entry`.
    """
    if kind.lower() in (DEM, f"{DEM}s"):
        return _dem_summary(dem_product(name))
    entry = catalogue_entry(kind, name, folder=folder)
    return {
        "kind": entry.kind,
        "name": entry.name,
        "title": entry.title,
        "facts": [
            {
                "key": fact.key,
                "value": list(fact.value) if isinstance(fact.value, tuple) else fact.value,
                "unit": UNITS.get(unit_of(fact.key), ""),
                "meaning": fact.meaning,
                "source": fact.source,
            }
            for fact in entry.facts
        ],
        "unpublished": dict(entry.unpublished),
    }


def _dem_summary(product: DemProduct) -> dict[str, Any]:
    facts = {key: value for key, value in vars(product).items() if key not in ("name", "title", "source")}
    return {
        "kind": DEM,
        "name": product.name,
        "title": product.title,
        "facts": [
            {"key": key, "value": value, "unit": UNITS.get(unit_of(key), ""), "meaning": _meaning(key),
             "source": product.source}
            for key, value in facts.items() if value
        ],
        "unpublished": {key: _meaning(key) for key in ("bytes", "sha256") if not facts[key]},
    }  # fmt: skip


def _meaning(key: str) -> str:
    return DEM_KEYS[key].meaning if key in DEM_KEYS else "products of one origin"


PARTS = {
    "place": """\
# A place of your own: part of a mission file. It is studied where it stands, ranked and reported with the picked ones.
[[place]]
name = "my_place"        # of the site in tables and files: letters, digits, '.', '_', '-'
lat_deg = -89.45         # latitude
lon_deg = 222.69         # east longitude
# dem = "my_place_5m.tif"   # of its fine ground, relative to the mission file; without it that of [terrain]
""",
    "layer": """\
# A layer of your own: part of a mission file. It is drawn on the maps, and every site is measured against it.
# Uncomment with a file of yours: GeoPackage, GeoJSON or CSV.
# [[layer]]
# name = "My craters"      # on maps and in tables
# file = "craters.csv"     # relative to the mission file; a CSV has lat_deg, lon_deg (east) or x_m, y_m
# kind = "craters"         # names, regions, craters, scarps, outlines
# label = "name"           # column with the names of features
# diameter = "diameter_km" # craters: column with diameters in km
# group = "part"           # CSV of regions, scarps, outlines: equal values are the corners of one
# layer = "table"          # of a GeoPackage with several
""",
}
"""Templates that are part of a mission file."""


def template(kind: str) -> str:
    """A commented TOML file of a kind that loads as it stands: everything is that of an entry of the catalogue until a
    line is uncommented; of 'place' and 'layer' a part of a mission file. Raises MissionError for a kind without one."""
    if kind in PARTS:
        return PARTS[kind]
    noun = kind_of(kind).noun
    if noun not in TEMPLATES:
        raise MissionError(f"there is no template of kind '{kind}'", suggestion(kind, TEMPLATES))
    keys, like = kind_of(kind).keys, catalogue_entry(noun, TEMPLATES[noun])
    lines = [
        f"# A {noun} of your own. Uncomment what you state; all else is that of the entry named by like.",
        '# A fact may be a bare value, or { value = ..., source = "..." }. Without like, needed facts must be stated.',
        f'name = "my_{noun}"',
        f'title = "My {noun}"',
        f'like = "{like.name}"',
        "",
        "[facts]",
        *(_template_line(name, key, like) for name, key in keys.items()),
    ]
    return "\n".join(lines) + "\n"


def _template_line(name: str, key: Key, like: Entry) -> str:
    fact = like.fact(name)
    value = _EXAMPLE[key.kind] if fact is None else fact.value
    said = like.unpublished.get(name, key.meaning)
    more = [said] + ([_span(key)] if _span(key) else []) + (["needed"] if key.needed else [])
    mark = "" if fact is not None else "unpublished; " if name in like.unpublished else "not stated; "
    return f"# {name} = {_toml(value)}  # {mark}{', '.join(more)}"


_EXAMPLE: dict[str, Any] = {"number": 0.0, "whole": 0, "text": "...", "truth": False, "numbers": (), "words": ()}


def _span(key: Key) -> str:
    if key.minimum is None and key.maximum is None:
        return ""
    low, high = ("" if bound is None else f"{bound:g}" for bound in (key.minimum, key.maximum))
    return f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}"


def _toml(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(one) for one in value)}]"
    return json.dumps(value, ensure_ascii=False)
