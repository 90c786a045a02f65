"""The last strokes of every figure: title, stamp, footnote, file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lupex.report.paper.style import Figure, file_stem, footnote, save, stamp, title


@dataclass(frozen=True, kw_only=True)
class Note:
    """What stands around a drawing.

    Attributes:
        stem: start of the file name; the synthetic label is added.
        heading: title in the drawing; '' draws none.
        caption: text under the figure in the report.
        lines: quiet lines at the bottom of the drawing (data, resolution, definitions).
        synthetic: label of synthetic relief, '' when everything is measured.
        alt: alternative text and name where there is no heading.
    """

    stem: str
    heading: str
    caption: str
    lines: str
    synthetic: str = ""
    alt: str = ""


def finished(drawing: Any, folder: Path, note: Note, ramps: Sequence[str] = ()) -> Figure:
    """The figure of a drawing: title, synthetic stamp and footnote added, written as PNG into ``folder``.

    Args:
        drawing: a figure of `new_figure`, fully drawn.
        folder: folder of the pictures; it exists.
        note: what stands around the drawing.
        ramps: names of the colour ramps shown, kept in the palette of the file.
    """
    title(drawing, note.heading)
    stamp(drawing, note.synthetic)
    footnote(drawing, note.lines)
    path = save(drawing, folder / f"{file_stem(note.stem, note.synthetic)}.png", tuple(ramps))
    return Figure(path, note.heading or note.alt, note.caption.strip(), note.alt or note.heading, note.synthetic)
