"""Scenes for Cesium (CZML): places, drives and orbits with the time they are there.

Positions are metres from the Moon's centre in axes fixed to it (MOON_ME), so that no ellipsoid of a viewer comes in
between; a viewer must be told that its globe is the Moon (`Cesium.Ellipsoid.MOON`), else they lie inside the Earth.
CZML is JSON with words of its own; a few suffice, written here. Followed: the CZML guide of AnalyticalGraphics,
versions "1.0".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.base.utc import utc_text
from lupex.io.atomic import write_bytes
from lupex.io.tables import json_text
from lupex.io.text import one_line

VERSION = "1.0"
_BLACK = {"rgba": [0, 0, 0, 255]}
_INTERPOLATION = ("LINEAR", "LAGRANGE", "HERMITE")


@dataclass(frozen=True, eq=False, kw_only=True)
class SceneObject:
    """One thing of a scene: a place, or what moves.

    Attributes:
        name: shown beside it. description: sentences shown when it is clicked, plain text.
        position_m: (n, 3) from the Moon's centre, MOON_ME. One position stands still.
        elapsed_s: (n,) SI seconds since ``start_utc``; empty for what stands still.
        start_utc, stop_utc: when it is there; '' for always.
        colour: '#rrggbb'. size_px: of its point. interpolation: between positions; degree: of its polynomial.
        numbers: name with unit -> (n,) values over the same times, as properties of the object.
    """

    name: str
    position_m: F64
    elapsed_s: F64 = field(default_factory=lambda: np.empty(0))
    start_utc: str = ""
    stop_utc: str = ""
    description: str = ""
    colour: str = "#ffffff"
    size_px: float = 8.0
    interpolation: str = "LINEAR"
    degree: int = 1
    numbers: Mapping[str, F64] = field(default_factory=dict)

    def __post_init__(self) -> None:
        n = self.elapsed_s.size
        if self.position_m.shape != (max(n, 1), 3) or not np.all(np.isfinite(self.position_m)):
            raise InputError(
                f"scene object {self.name}: positions {self.position_m.shape} for {n} times",
                "give finite metres (n, 3)",
            )
        if n and (not self.start_utc or not self.stop_utc or np.any(np.diff(self.elapsed_s) < 0.0)):
            raise InputError(f"scene object {self.name}: no ascending times, start and stop", "give all three")
        if self.interpolation not in _INTERPOLATION or not 1 <= self.degree <= 25:
            raise InputError(f"scene object {self.name}: {self.interpolation}, degree {self.degree}", "use LINEAR, 1")


def czml_text(title: str, objects: Sequence[SceneObject]) -> str:
    """The scene as text: a document packet with the clock, then one packet for each object, in their order.

    Args:
        title: of the document.
        objects: at least one; names may repeat.

    Raises InputError without an object, or for a time that is none.
    """
    if not objects:
        raise InputError(f"scene {title}: nothing to show", "give at least one object")
    spans = [(utc_text(one.start_utc), utc_text(one.stop_utc)) for one in objects if one.start_utc]
    document: dict[str, Any] = {"id": "document", "name": one_line(title), "version": VERSION}
    if spans:
        first, last = min(span[0] for span in spans), max(span[1] for span in spans)
        document["clock"] = {
            "interval": f"{first}/{last}", "currentTime": first, "multiplier": 600, "range": "LOOP_STOP",
            "step": "SYSTEM_CLOCK_MULTIPLIER",
        }  # fmt: skip
    return json_text([document, *(_packet(i, one) for i, one in enumerate(objects))])


def write_czml(path: str | Path, title: str, objects: Sequence[SceneObject]) -> None:
    """Write `czml_text` atomically. Raises StoreError; else as `czml_text`."""
    write_bytes(path, czml_text(title, objects).encode())


def _packet(number: int, one: SceneObject) -> dict[str, Any]:
    colour = {"rgba": [*bytes.fromhex(one.colour.removeprefix("#")), 255]}
    packet: dict[str, Any] = {
        "id": f"{number}",
        "name": one_line(one.name),
        "description": _plain(one.description),
        "point": {
            "color": colour,
            "pixelSize": one.size_px,
            "outlineColor": _BLACK,
            "outlineWidth": 1,
        },
        "label": {"text": one_line(one.name), "font": "12px sans-serif", "pixelOffset": {"cartesian2": [0, -16]}},
        "position": _position(one),
    }
    if one.start_utc:
        packet["availability"] = f"{utc_text(one.start_utc)}/{utc_text(one.stop_utc)}"
    if one.elapsed_s.size:
        packet["path"] = {"material": {"solidColor": {"color": colour}}, "width": 2, "resolution": 60}
        packet["properties"] = {name: _sampled(one, values) for name, values in one.numbers.items()}
    return packet


def _position(one: SceneObject) -> dict[str, Any]:
    if not one.elapsed_s.size:
        return {"referenceFrame": "FIXED", "cartesian": _rounded(one.position_m[0])}
    rows = np.column_stack([one.elapsed_s, one.position_m])
    return {
        "referenceFrame": "FIXED",
        "epoch": utc_text(one.start_utc),
        "interpolationAlgorithm": one.interpolation,
        "interpolationDegree": one.degree,
        "cartesian": _rounded(rows.ravel()),
    }


def _sampled(one: SceneObject, values: F64) -> dict[str, Any]:
    known = np.isfinite(values)
    rows = np.column_stack([one.elapsed_s[known], values[known]])
    return {"epoch": utc_text(one.start_utc), "number": _rounded(rows.ravel())}


def _rounded(values: F64) -> list[float]:
    return np.round(values, 3).tolist()


def _plain(text: str) -> str:
    """Text that a viewer shows as it stands: descriptions are HTML there."""
    return one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
