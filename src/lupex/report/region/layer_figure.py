"""One layer of a map as a picture of its own, without a study."""

from pathlib import Path

from lupex.model import LightMap
from lupex.report.paper.finish import Note, finished
from lupex.report.paper.layers import ramp
from lupex.report.paper.panels import colour_bar, draw_layer, inches, map_note
from lupex.report.paper.style import new_figure
from lupex.report.paper.words import label, sentence, tidy


def layer_figure(maps: LightMap, name: str, folder: Path, stem: str, source: str) -> Path:
    """Draw one layer over its relief as PNG; returns the path of the picture.

    Args:
        maps: with the layer, and 'hillshade' where relief is to be seen.
        name: of the layer.
        folder: that receives the picture; it exists.
        stem: start of the file name.
        source: what the ground was made from, for the line under the map.
    """
    figure = new_figure(6.2, 6.9)
    axes = figure.add_axes(inches(figure, 0.42, 1.0, 5.35))
    span = draw_layer(axes, maps, name)
    colour_bar(figure, axes, name, span, inches(figure, 1.55, 0.7, 3.1, 0.1))
    first, last = maps.span_utc
    when = first if first == last else f"{first} to {last}"
    synthetic = "" if maps.synthetic_below_m is None else f"synthetic below {maps.synthetic_below_m:g} m"
    note = Note(
        stem=stem,
        heading=f"{label(name)}, {when}",
        caption=sentence(maps.meanings.get(name, "")),
        lines=f"{tidy(source)[:110]}\n{map_note()}",
        synthetic=synthetic,
    )
    return finished(figure, folder, note, (ramp(name).colours,)).path
