"""From blocks to files: HTML with jinja2, PDF with typst."""

import base64
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from lupex.base.errors import LupexError
from lupex.report.paper.document import Document, as_data


def html_text(document: Document, figures: Path) -> str:
    """The whole report as one self-contained HTML page; pictures are read from ``figures`` and embedded."""
    from jinja2 import Environment, StrictUndefined

    data = as_data(document)
    images = {name: base64.b64encode((figures / name).read_bytes()).decode("ascii") for name in picture_names(data)}
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True)
    return environment.from_string(_template("report.html.jinja")).render(doc=data, images=images)


def write_pdf(document: Document, folder: Path) -> Path:
    """Write folder/report.pdf from the pictures in folder/figures; same document, same bytes.

    Raises LupexError when typst cannot lay the document out.
    """
    import typst

    source, data = folder / "report.typ", folder / "report.json"
    source.write_text(_template("report.typ"), encoding="utf-8")
    data.write_text(json.dumps(as_data(document), ensure_ascii=False), encoding="utf-8")
    path = folder / "report.pdf"
    try:
        path.write_bytes(
            typst.compile(
                str(source), root=str(folder), font_paths=[_figure_fonts()], ignore_system_fonts=True, timestamp=0
            )
        )
    except typst.TypstError as error:
        raise LupexError(
            f"{path.name}: typst stopped with '{error.message}'", "report.html holds the same content"
        ) from error
    finally:
        source.unlink(missing_ok=True)
        data.unlink(missing_ok=True)
    return path


def picture_names(data: Any) -> list[str]:
    """File names of all pictures in a document's data, in order, each once."""
    found: dict[str, None] = {}

    def visit(block: dict[str, Any]) -> None:
        if block["type"] == "picture":
            found[block["file"]] = None
        elif block["type"] == "beside":
            for inner in (block["left"], *block["right"]):
                visit(inner)

    for block in data["blocks"]:
        visit(block)
    return list(found)


def _figure_fonts() -> str:
    """The fonts of the figures, so that text falls back to the same letters."""
    import matplotlib

    return str(Path(matplotlib.get_data_path()) / "fonts" / "ttf")


def _template(name: str) -> str:
    return (files("lupex.report") / "templates" / name).read_text(encoding="utf-8")
