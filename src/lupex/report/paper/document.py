"""The report as plain blocks, the same for every format; renderers only lay them out.

All text is content: no markup in it is ever interpreted, so names from users need no care here.
"""

from dataclasses import dataclass, field
from typing import Any

from lupex.report.paper.style import Figure


@dataclass(frozen=True)
class Cell:
    """One table cell. ``kind``: 'text', 'number' (right-aligned), 'best' (a number in bold), 'quiet' (grey),
    'warn' (in the colour of warnings), 'quiet-text', 'code', or 'assumption' (text with a marker)."""

    text: str
    kind: str = "text"


@dataclass(frozen=True)
class Heading:
    """A heading; ``level`` 1 or 2; ``anchor`` is unique in the document."""

    text: str
    level: int
    anchor: str
    new_page: bool = False


@dataclass(frozen=True)
class Paragraph:
    """Running text; ``kind``: 'body', 'lead', 'warning' or 'note'."""

    text: str
    kind: str = "body"


@dataclass(frozen=True)
class Table:
    """A table with a header row; ``caption`` may be empty; ``kind``: 'wide' or 'compact'."""

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    kind: str = "wide"


@dataclass(frozen=True)
class Picture:
    """A figure; ``share`` is the part of the text width it takes in print."""

    figure: Figure
    share: float = 1.0


@dataclass(frozen=True)
class Items:
    """A list of short texts."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Beside:
    """Blocks in two columns: one on the left, several under each other on the right."""

    left: "Block"
    right: tuple["Block", ...]


Block = Beside | Heading | Paragraph | Table | Picture | Items


@dataclass(frozen=True)
class Document:
    """Title, subtitle, the label of made-up relief ('' when none), and the blocks in order."""

    title: str
    subtitle: str
    synthetic: str
    blocks: tuple[Block, ...] = field(default_factory=tuple)


def text_cell(text: str) -> Cell:
    """A text cell."""
    return Cell(text)


def number_cell(text: str) -> Cell:
    """A right-aligned cell."""
    return Cell(text, "number")


def as_data(document: Document) -> dict[str, Any]:
    """The document as dicts and lists; pictures by file name, title, caption, alternative text and label."""
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "synthetic": document.synthetic,
        "blocks": [_block_data(block) for block in document.blocks],
    }


def _block_data(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {
            "type": "heading",
            "text": block.text,
            "level": block.level,
            "anchor": block.anchor,
            "new_page": block.new_page,
        }
    if isinstance(block, Paragraph):
        return {"type": "paragraph", "text": block.text, "kind": block.kind}
    if isinstance(block, Beside):
        return {"type": "beside", "left": _block_data(block.left), "right": [_block_data(b) for b in block.right]}
    if isinstance(block, Items):
        return {"type": "items", "texts": list(block.texts)}
    if isinstance(block, Table):
        rows = [[{"text": c.text, "kind": c.kind} for c in row] for row in block.rows]
        header = [{"text": c.text, "kind": c.kind} for c in block.header]
        return {"type": "table", "header": header, "rows": rows, "caption": block.caption, "kind": block.kind}
    figure = block.figure
    return {
        "type": "picture",
        "file": figure.path.name,
        "title": figure.title,
        "caption": figure.caption,
        "alt": figure.alt,
        "synthetic": figure.synthetic,
        "share": block.share,
    }
