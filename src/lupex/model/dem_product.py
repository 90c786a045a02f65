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
        bytes: size of the file, 0 not published. sha256, md5: hexadecimal digests, '' not published. note: in words.
        extent_km: left, bottom, right, top on the polar map; empty unknown. status: 'published' or 'secondary'.
        shows: 'heights', or 'errors' for their standard deviations.
        error_map: name of the product with the standard deviations of these heights, '' none.
        clones_url: address of their error clones with NNNN for the number, '' none.
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
    md5: str = ""
    note: str = ""
    extent_km: tuple[float, ...] = ()
    status: str = ""
    shows: str = "heights"
    error_map: str = ""
    clones_url: str = ""

    @property
    def has_windows(self) -> bool:
        """Whether parts of it can be read: a GeoTIFF."""
        return file_name(self.url).lower().endswith((".tif", ".tiff"))

    def covers(self, box_m: tuple[float, float, float, float]) -> bool:
        """Whether its stated extent holds a box of the polar map: left, bottom, right, top (m)."""
        if len(self.extent_km) != 4:
            return False
        left, bottom, right, top = (1000.0 * value for value in self.extent_km)
        return left <= box_m[0] and bottom <= box_m[1] and box_m[2] <= right and box_m[3] <= top


def file_name(url: str) -> str:
    """The name under which a product is kept; '' where the address names no plain file."""
    name = unquote(urlsplit(url).path).rsplit("/", 1)[-1]
    return name if name == file_stem(name) and name.strip(".") else ""
