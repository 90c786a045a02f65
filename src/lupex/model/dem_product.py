"""A published elevation map: where it is, whose it is, how it is recognised."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from lupex.base.gate import file_stem


@dataclass(frozen=True, kw_only=True)
class DemProduct:
    """One published DEM.

    Attributes:
        name: in the catalogue. family: products of one origin. title: for people.
        url: of the file. label_url: of a detached label kept beside it, '' for none.
        citation, licence, source: of the data, and of what is said here. product_page: for people, '' unknown.
        cell_m: size of a cell, 0 unknown. pole: 'south' or 'north', '' unknown.
        bytes: size of the file, 0 not published. sha256: 64 hexadecimal digits, '' not published. note: in words.
    """

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


def file_name(url: str) -> str:
    """The name under which a product is kept; '' where the address names no plain file."""
    name = unquote(urlsplit(url).path).rsplit("/", 1)[-1]
    return name if name == file_stem(name) and name.strip(".") else ""
