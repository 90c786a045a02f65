"""A noun at a glance: one short line for the prompt, and a small table with a picture for notebooks."""

import base64
import html
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

THUMBNAIL_CELLS = 160
_STYLE = "max-width:160px;image-rendering:pixelated;vertical-align:top;margin-right:1em"


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
