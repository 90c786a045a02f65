"""One look for every figure: fonts, colours, the synthetic stamp, bytes that do not change between runs."""

import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lupex.base.cache import replacing

DPI = 200
INK = "#1d2430"
QUIET = "#66707f"
HAIR = "#c9ced6"
DEEP_BLUE = "#0b2a6b"
GOLD = "#d9a300"
SUN = "#e08a00"
EARTH = "#2a7fb8"
BOTH = "#3b8f5a"
MARK = "#d1226b"
STAMP = "#a3290f"

RC: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 8.0,
    "axes.titlesize": 9.0,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 8.0,
    "axes.labelcolor": INK,
    "axes.edgecolor": QUIET,
    "axes.linewidth": 0.7,
    "text.color": INK,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 7.0,
    "ytick.labelsize": 7.0,
    "legend.fontsize": 7.0,
    "legend.frameon": False,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "savefig.dpi": DPI,
    "image.interpolation": "nearest",
    "path.simplify": True,
    "agg.path.chunksize": 0,
    "text.usetex": False,
    "text.parse_math": False,
    "svg.hashsalt": "lupex",
}


FOOTNOTE_PT = 6.0
LETTERS_PER_IN = 24.0
"""Letters of a footnote that fit into an inch, with room to spare."""


@dataclass(frozen=True)
class Figure:
    """A picture in the report: its file under the output folder, what it shows, and its caption.

    ``synthetic`` is the label of made-up relief ('' when everything is measured); ``alt`` is read aloud.
    """

    path: Path
    title: str
    caption: str
    alt: str
    synthetic: str = ""


def new_figure(width_in: float, height_in: float) -> Any:
    """An empty figure drawn by the Agg canvas, without touching any global plotting state."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas

    figure = Canvas(figsize=(width_in, height_in))
    FigureCanvasAgg(figure)
    return figure


def stamp(figure: Any, label: str) -> None:
    """Write the synthetic label where nobody can overlook or crop it.

    Args:
        figure: to mark.
    """
    if label:
        box = {"boxstyle": "round,pad=0.35", "facecolor": "#fff4ef", "edgecolor": STAMP, "linewidth": 0.8}
        figure.text(
            1.0 - 0.09 / figure.get_figwidth(),
            1.0 - 0.08 / figure.get_figheight(),
            label,
            ha="right",
            va="top",
            color=STAMP,
            weight="bold",
            fontsize=7.5,
            bbox=box,
        )


def footnote(figure: Any, text: str) -> None:
    """A few quiet lines at the bottom, folded to the figure's width: data, resolution, radius, height, definition.

    Args:
        text: with line breaks where lines must end.
    """
    figure.text(
        0.008,
        0.05 / figure.get_figheight(),
        "\n".join(_folded(figure.get_figwidth(), text)),
        ha="left",
        va="bottom",
        color=QUIET,
        fontsize=FOOTNOTE_PT,
        linespacing=1.35,
    )


def footnote_height_in(width_in: float, text: str) -> float:
    """Height a footnote takes at the bottom of a figure of this width, with a little air above."""
    return 0.1 + len(_folded(width_in, text)) * FOOTNOTE_PT * 1.35 / 72.0


def _folded(width_in: float, text: str) -> list[str]:
    letters = int(width_in * LETTERS_PER_IN)
    return [part for line in text.split("\n") for part in textwrap.wrap(line, letters, break_long_words=False)]


def save(figure: Any, path: Path, ramps: tuple[str, ...] = ()) -> Path:
    """Write the figure as a PNG of 256 colours at 200 dpi with no changing metadata.

    The palette is a median cut over the pixels together with the house colours and the ``ramps`` shown,
    so that marks and colour bars keep their colours beside large maps.

    Args:
        path: of the PNG.
    """
    import numpy as np
    from PIL import Image

    figure.set_dpi(DPI)
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3]
    palette = _palette(pixels[::4, ::4], ramps)
    cells = pixels.astype(np.uint32) >> 3
    index = _nearest(palette)[(cells[..., 0] << 10) | (cells[..., 1] << 5) | cells[..., 2]]
    image = Image.fromarray(index, "P")
    image.putpalette(palette.astype(np.uint8).tobytes())
    with replacing(path) as stream:
        image.save(stream, format="PNG", dpi=(DPI, DPI), compress_level=7)
    return path


def _palette(pixels: Any, ramps: tuple[str, ...]) -> Any:
    """(256, 3) colours: a median cut over pixels and kept colours, each kept colour weighing the same."""
    import numpy as np
    from matplotlib import colormaps
    from matplotlib.colors import to_rgb
    from PIL import Image

    house = ("white", INK, QUIET, HAIR, DEEP_BLUE, SUN, EARTH, BOTH, MARK, STAMP)
    colours = [np.array([to_rgb(c) for c in house])]
    shown = sorted(set(ramps))
    for tone, steps in ((1.0, 48), (0.84, 24), (0.7, 16)):
        colours += [tone * colormaps[name](np.linspace(0.0, 1.0, steps))[:, :3] for name in shown]
    kept = np.asarray(np.concatenate(colours) * 255.0 + 0.5, dtype=np.uint8)
    rows, width = pixels.shape[:2]
    patch = np.resize(np.repeat(kept, max(1, rows * width // (2 * len(kept))), axis=0), (rows // 2 * width, 3))
    weighted = np.concatenate([pixels, patch.reshape(rows // 2, width, 3)])
    image = Image.fromarray(np.ascontiguousarray(weighted), "RGB")
    cut = image.quantize(256 - len(house), method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    table = np.array(cut.getpalette(), dtype=np.int32).reshape(-1, 3)[: 256 - len(house)]
    return np.concatenate([kept[: len(house)].astype(np.int32), table])


def _nearest(palette: Any) -> Any:
    """(32768,) index of the nearest palette colour for every colour of 5 bits a channel."""
    import numpy as np

    level = np.arange(32) * 255.0 / 31.0
    cells = np.stack(np.meshgrid(level, level, level, indexing="ij"), axis=-1).reshape(-1, 3).astype(np.float32)
    table = palette.astype(np.float32)
    distance = (table**2).sum(axis=1)[None, :] - 2.0 * cells @ table.T
    return np.argmin(distance, axis=1).astype(np.uint8)


def title(figure: Any, text: str) -> None:
    """The figure's own title at the upper left."""
    figure.text(0.008, 1.0 - 0.07 / figure.get_figheight(), text, ha="left", va="top", fontsize=10, weight="bold")


def file_stem(stem: str, label: str) -> str:
    """The file name with the synthetic label in it: 'site_S1_light_synthetic_below_1600m'."""
    safe = "".join(c if c.isalnum() or c in "-_." else "_" for c in stem)
    return f"{safe}_{label.replace(' m', 'm').replace(' ', '_')}" if label else safe
