"""The catalogue of published DEMs, and tables of the same form that users keep."""

import re
import tomllib
from dataclasses import MISSING, dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lupex.base.errors import InputError
from lupex.base.gate import file_stem, file_text, plain_name, printable


@dataclass(frozen=True)
class DemProduct:
    """One line of the catalogue of DEMs; ``bytes`` 0 and ``sha256`` '' mean not published."""

    name: str
    family: str
    title: str
    url: str
    citation: str
    licence: str
    source: str
    product_page: str = ""
    label_url: str = ""
    cell_m: float = 0.0
    pole: str = ""
    bytes: int = 0
    sha256: str = ""
    note: str = ""


def dem_table(path: str | Path | None = None) -> dict[str, DemProduct]:
    """The catalogue of DEMs by name, in its order; of another TOML file of the same form when a path is given.

    Raises:
        InputError: the file cannot be read, or an entry lacks or misspells a key.
    """
    own = files("lupex") / "catalogue" / "dems.toml"
    text = own.read_text(encoding="utf-8") if path is None else file_text(path)
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        reason = printable(" ".join(str(error).split()), 120)
        raise InputError(f"{path}: cannot be read as a table of DEMs ({reason})", "correct that line") from None
    known = {field.name for field in fields(DemProduct)}
    products = {}
    for family, group in table.items():
        if not isinstance(group, dict) or not isinstance(group.get("dem"), list):
            raise InputError(
                f"{path or 'dems.toml'}: '{family}' is no family of DEMs", f"write [[{family}.dem]] tables"
            )
        shared = {key: value for key, value in group.items() if key != "dem"}
        for entry in group["dem"]:
            if not isinstance(entry, dict):
                raise InputError(
                    f"{path or 'dems.toml'}: an entry of '{family}' is no table", f"write [[{family}.dem]]"
                )
            product = _product({"family": family, **shared, **entry}, known, path or "dems.toml")
            if product.name in products:
                raise InputError(f"{path or 'dems.toml'}: two DEMs named '{product.name}'", "give each its own name")
            products[product.name] = product
    return products


def _product(facts: dict[str, Any], known: set[str], place: str | Path) -> DemProduct:
    if unknown := sorted(set(facts) - known):
        raise InputError(
            f"{place}: {facts.get('name')}: unknown key '{unknown[0]}'", f"known: {', '.join(sorted(known))}"
        )
    try:
        product = DemProduct(**facts)
    except TypeError as error:
        raise InputError(f"{place}: {facts.get('name')}: {str(error).split('() ')[-1]}") from error
    for field in fields(DemProduct):
        value, kind = getattr(product, field.name), type(field.default) if field.default is not MISSING else str
        if type(value) is not kind and not (kind is float and type(value) is int):
            what = f"{place}: {printable(str(facts.get('name')))}: {field.name} is {printable(repr(value))}"
            raise InputError(what, f"write {'text in quotes' if kind is str else 'a number'}")
    plain_name(f"{place}: name", product.name)
    for url in (product.url, product.label_url):
        if url and (urlsplit(url).scheme not in ("http", "https") or not file_name(url)):
            raise InputError(f"{place}: {product.name}: url {printable(url, 120)}", "use http(s) and a file's name")
    if product.label_url and file_name(product.label_url) == file_name(product.url):
        raise InputError(f"{place}: {product.name}: label and image have one file name", "keep them apart by name")
    if product.bytes < 0 or not re.fullmatch(r"([0-9a-f]{64})?", product.sha256):
        raise InputError(f"{place}: {product.name}: bytes or sha256 cannot be", "give whole bytes and 64 hex digits")
    return product


def file_name(url: str) -> str:
    """The name under which a product is kept; '' where the address names no plain file."""
    name = unquote(urlsplit(url).path).rsplit("/", 1)[-1]
    return name if name == file_stem(name) and name.strip(".") else ""
