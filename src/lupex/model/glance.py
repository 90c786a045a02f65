"""A noun at a glance: one short line for the prompt, and a small table with a picture for notebooks."""

import base64
import html
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lupex.base.utc import about_utc

THUMBNAIL_CELLS = 160
STRIP_ROWS = 12
PARALLEL_M = 152_000.0
"""5 degrees of latitude near a pole of the Moon."""
CAP_M = 2.2 * PARALLEL_M
_STYLE = "max-width:160px;image-rendering:pixelated;vertical-align:top;margin-right:1em"


class Glance:
    """A noun that says in one line and in a small card of a notebook what it is.

    A dataclass that derives from it is made with ``repr=False``, else it would print every array it holds.
    """

    def __repr__(self) -> str:
        return line(type(self).__name__, self._facts())

    def _repr_html_(self) -> str:
        return card(type(self).__name__, self._details(), self._picture())

    def _facts(self) -> dict[str, str]:
        """What is said of it, in order; '' is left out."""
        raise NotImplementedError

    def _details(self) -> dict[str, str]:
        """What the card says: a notebook has room for more than a prompt."""
        return self._facts()

    def _picture(self) -> NDArray[Any] | None:
        """Grey map (row, col) shown beside the facts; None for none."""
        return None


def counted(count: int, word: str, plural: str = "") -> str:
    """'1 pass', '3 passes': a number with its noun.

    Args:
        plural: of the noun where it is not ``word`` with an s.
    """
    return f"{count} {word if count == 1 else plural or word + 's'}"


def span_words(span_tdb_s: tuple[float, float]) -> str:
    """'2028-01-01 00:00 to 2028-01-08 00:00' of TDB seconds past J2000, to a minute."""
    return " to ".join(about_utc(float(t)) for t in span_tdb_s)


def strips(rows: Sequence[Iterable[tuple[float, float]]], span: tuple[float, float]) -> NDArray[np.float64]:
    """A picture of spans of time: one strip for each row of (start, stop), dark while it lasts.

    Args:
        span: first and last instant, the width of the picture.
    """
    picture = np.ones((max(1, len(rows)) * STRIP_ROWS, THUMBNAIL_CELLS))
    scale = THUMBNAIL_CELLS / max(span[1] - span[0], 1e-9)
    for i, row in enumerate(rows):
        for start, stop in row:
            first, last = int((start - span[0]) * scale), int(np.ceil((stop - span[0]) * scale))
            picture[i * STRIP_ROWS + 1 : (i + 1) * STRIP_ROWS - 1, max(0, first) : max(first + 1, last)] = 0.0
    return picture


def trace(x: Sequence[float] | NDArray[Any], y: Sequence[float] | NDArray[Any]) -> NDArray[np.float64]:
    """A picture of a line on a map, dark on light, y up; the scale is the same both ways."""
    half = THUMBNAIL_CELLS // 2
    picture = np.ones((THUMBNAIL_CELLS, THUMBNAIL_CELLS))
    px, py = np.asarray(x, np.float64), np.asarray(y, np.float64)
    known = np.isfinite(px) & np.isfinite(py)
    px, py = px[known], py[known]
    if not px.size:
        return picture
    widest = max(float(np.ptp(px)), float(np.ptp(py)), 1e-9)
    at = np.arange(px.size)
    fine = np.linspace(0.0, px.size - 1.0, min(200_000, 1 + 2 * THUMBNAIL_CELLS * max(1, px.size - 1)))
    middle = (px.max() + px.min()) / 2.0, (py.max() + py.min()) / 2.0
    col = half + 0.9 * THUMBNAIL_CELLS * (np.interp(fine, at, px) - middle[0]) / widest
    row = half - 0.9 * THUMBNAIL_CELLS * (np.interp(fine, at, py) - middle[1]) / widest
    picture[row.astype(int), col.astype(int)] = 0.0
    return picture


def spot(x_m: float, y_m: float) -> NDArray[np.float64]:
    """A picture of where a map point lies around its pole: parallels 5 degrees apart, the point dark."""
    edge = max(CAP_M, 1.1 * float(np.hypot(x_m, y_m)))
    at = (np.arange(THUMBNAIL_CELLS) + 0.5) * (2.0 * edge / THUMBNAIL_CELLS) - edge
    x, y = np.meshgrid(at, -at)
    radius, cell = np.hypot(x, y), 2.0 * edge / THUMBNAIL_CELLS
    picture = np.where(np.abs((radius + PARALLEL_M / 2.0) % PARALLEL_M - PARALLEL_M / 2.0) < cell, 0.6, 1.0)
    picture[np.hypot(x - x_m, y - y_m) < 4.0 * cell] = 0.0
    return picture


def line(name: str, facts: Mapping[str, object]) -> str:
    """'LightMap(12 layers, 380 x 380 cells of 1600 m, south)': the facts in order; those that are '' are left out."""
    return f"{name}({', '.join(str(fact) for fact in facts.values() if fact != '')})"


def card(name: str, facts: Mapping[str, object], picture: NDArray[Any] | None = None) -> str:
    """HTML of a noun: a table of its facts, beside a grey picture of ``picture`` (row, col) where one is given."""
    rows = "".join(
        f"<tr><td>{html.escape(key)}</td><td>{html.escape(str(fact))}</td></tr>"
        for key, fact in facts.items()
        if fact != ""
    )
    image = "" if picture is None else f'<img alt="" style="{_STYLE}" src="data:image/png;base64,{thumbnail(picture)}">'
    return f"<div>{image}<table style='display:inline-table'><caption>{html.escape(name)}</caption>{rows}</table></div>"


def thumbnail(values: NDArray[Any]) -> str:
    """A grey PNG of a map (row, col) in base64, at most 160 cells a side; unknown cells white.

    Grey runs from the 2nd to the 98th percentile of the known cells.
    """
    step = max(1, -(-max(values.shape) // THUMBNAIL_CELLS))
    thin = np.asarray(values[::step, ::step], np.float64)
    known = np.isfinite(thin)
    low, high = np.quantile(thin[known], (0.02, 0.98)) if known.any() else (0.0, 1.0)
    grey = np.clip((np.where(known, thin, high) - low) / (high - low if high > low else 1.0), 0.0, 1.0)
    pixels = np.where(known, 235.0 * grey, 255.0).astype(np.uint8)
    raw = b"".join(b"\x00" + row.tobytes() for row in pixels)  # each row led by its filter, 0: none
    head = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(raw, 6)), (b"IEND", b""))
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return base64.b64encode(png).decode("ascii")
