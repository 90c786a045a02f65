"""The catalogue of published DEMs, and tables of the same form that users keep: families with their products."""

import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lupex.base.errors import MissionError
from lupex.base.gate import plain_name, printable
from lupex.catalogue.keys import Key, number, text
from lupex.catalogue.names import suggestion
from lupex.catalogue.read import catalogue_folder
from lupex.catalogue.toml_file import read_toml
from lupex.model.dem_product import DemProduct, file_name

PGDA = "pgda"
"""Stands for the finest product of the catalogue that covers a place."""

DEM_KEYS: dict[str, Key] = {
    "name": text("name in the catalogue", needed=True),
    "title": text("for people", needed=True),
    "url": text("address of the file", needed=True),
    "citation": text("of the data", needed=True),
    "licence": text("of the data", needed=True),
    "source": text("where these facts come from", needed=True),
    "product_page": text("page for people"),
    "label_url": text("address of a detached label kept beside it"),
    "cell_m": number("size of a cell", 0.0, 1e6),
    "pole": text("'south' or 'north'"),
    "bytes": Key(kind="whole", meaning="size of the file", minimum=0),
    "sha256": text("digest of the file, 64 hexadecimal digits"),
    "md5": text("digest of the file, 32 hexadecimal digits"),
    "extent_km": Key(kind="numbers", meaning="left, bottom, right, top on the polar map", minimum=-1e4, maximum=1e4),
    "status": text("of these facts: published, or secondary where others quote them"),
    "shows": text("'heights', or 'errors' for their standard deviations"),
    "error_map": text("name of the product with the standard deviations of these heights"),
    "clones_url": text("address of the error clones, NNNN for the number"),
    "note": text("in words"),
}
"""What a product may state; a family may state it for all its products."""


def dem_products(path: str | Path | None = None) -> dict[str, DemProduct]:
    """The published DEMs by name, in the order of their table.

    Args:
        path: another TOML file of the same form; None for the catalogue of the package.

    Raises: MissionError for a file that cannot be read, a key that is unknown (with the nearest right one), missing or
        of the wrong kind, an address that names no file, or a name given twice.
    """
    label = "catalogue/dems.toml" if path is None else str(path)
    file = catalogue_folder().joinpath("dems.toml") if path is None else Path(path).expanduser()
    products: dict[str, DemProduct] = {}
    for family, group in read_toml(file, f"table of DEMs {label}").table.items():
        if not isinstance(group, dict) or not isinstance(group.get("dem"), list):
            raise MissionError(f"{label}: '{printable(family)}' is no family of DEMs", "write [[family.dem]] tables")
        shared = {key: value for key, value in group.items() if key != "dem"}
        for k, entry in enumerate(group["dem"], 1):
            place = f"{label} [[{printable(family)}.dem]] {k}"
            if not isinstance(entry, dict):
                raise MissionError(f"{place}: is no table", "write name = ..., title = ...")
            product = _product(place, family, {**shared, **entry})
            if product.name in products:
                raise MissionError(f"{label}: two DEMs named '{product.name}'", "give each its own name")
            products[product.name] = product
    return products


def dem_product(name: str, table: str | Path | None = None) -> DemProduct:
    """One published DEM by name. Raises: MissionError for an unknown name (with the nearest right one), else as
    `dem_products`."""
    products = dem_products(table)
    if name not in products:
        raise MissionError(f"no DEM named '{printable(name)}' in the catalogue", suggestion(name, products))
    return products[name]


def _product(place: str, family: str, facts: dict[str, Any]) -> DemProduct:
    for key in facts:
        if key not in DEM_KEYS:
            raise MissionError(f"{place}: unknown name '{printable(key)}'", suggestion(key, DEM_KEYS))
    for key, rule in DEM_KEYS.items():
        if rule.needed and key not in facts:
            raise MissionError(f"{place}: '{key}' is missing", f"state it: {rule.meaning}")
    held = {key: DEM_KEYS[key].value(f"{place} {key}", value) for key, value in facts.items()}
    product = DemProduct(family=family, **held)
    plain_name(f"{place} name", product.name)
    for url in (product.url, product.label_url):
        if url and not _names_a_file(url):
            raise MissionError(f"{place}: url {printable(url, 120)}", "use http(s) and a file's name")
    if product.label_url and file_name(product.label_url) == file_name(product.url):
        raise MissionError(f"{place}: label and image have one file name", "keep them apart by name")
    if not re.fullmatch(r"([0-9a-f]{64})?", product.sha256):
        raise MissionError(f"{place}: sha256 is no digest", "give 64 hexadecimal digits")
    if not re.fullmatch(r"([0-9a-f]{32})?", product.md5):
        raise MissionError(f"{place}: md5 is no digest", "give 32 hexadecimal digits")
    if product.extent_km and not _is_a_box(product.extent_km):
        raise MissionError(f"{place}: extent_km = {list(product.extent_km)}", "write [left, bottom, right, top]")
    if product.shows not in ("heights", "errors"):
        raise MissionError(f"{place}: shows = '{printable(product.shows)}'", "write 'heights' or 'errors'")
    if product.clones_url and (not _names_a_file(product.clones_url) or product.clones_url.count("NNNN") != 1):
        raise MissionError(f"{place}: clones_url {printable(product.clones_url, 120)}", "put NNNN for the number, once")
    return product


def is_published(dem: str) -> bool:
    """Whether a text means the catalogue: `PGDA`, or the name of a product that no file here has."""
    return dem == PGDA or (dem in _packaged() and not Path(dem).exists())


@cache
def _packaged() -> frozenset[str]:
    return frozenset(name for name, product in dem_products().items() if product.shows == "heights")


def _is_a_box(extent: tuple[float, ...]) -> bool:
    return len(extent) == 4 and extent[0] < extent[2] and extent[1] < extent[3]


def _names_a_file(url: str) -> bool:
    """Whether an address is http(s) and ends in a file's name."""
    try:
        return urlsplit(url).scheme in ("http", "https") and bool(file_name(url))
    except ValueError:  # a host that is none, as of '[' without ']'
        return False
