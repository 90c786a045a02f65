"""The figure of a site's position: sigma over days by method, and what a skyline gives around the site."""

from pathlib import Path
from typing import Any

import numpy as np

from lupex.navigation.methods import method
from lupex.report.paper.finish import Note, finished
from lupex.report.paper.layers import ramp
from lupex.report.paper.names import site_stem, synthetic_label
from lupex.report.paper.panels import colour_bar, draw_contours, draw_layer, inches, map_note
from lupex.report.paper.style import BOTH, EARTH, GOLD, INK, MARK, QUIET, SUN, Figure, file_stem, new_figure
from lupex.report.paper.words import moment, plain, tidy
from lupex.report.position.position_pages import UNKNOWN_M
from lupex.results import SiteResult, StudyResult
from lupex.results.position import SitePosition

LAYER = "skyline_fix_m"
COLOURS = (EARTH, BOTH, GOLD, MARK, SUN, QUIET)


def site_position_figure(_: StudyResult, site: SiteResult, folder: Path) -> dict[str, Figure]:
    """Draw 'position': sigma over days by method, and the map of what a skyline gives.

    Args:
        site: with or without a budget. folder: that receives the PNG file.
    """
    found = site.position
    if found is None:
        return {}
    figure: Any = new_figure(7.2, 4.1)
    _draw_days(figure.add_axes(inches(figure, 0.62, 0.95, 2.85, 2.05)), found)
    axes = figure.add_axes(inches(figure, 4.05, 1.05, 2.6))
    span = draw_layer(axes, found.maps, LAYER)
    limits = axes.get_xlim(), axes.get_ylim()
    draw_contours(axes, site)
    x, y = site.site.x_m / 1000.0, site.site.y_m / 1000.0
    axes.plot(x, y, "+", ms=8, mew=1.8, color="white", zorder=7)
    axes.plot(x, y, "+", ms=7, mew=1.0, color=INK, zorder=7)
    axes.set_xlim(*limits[0])
    axes.set_ylim(*limits[1])
    colour_bar(figure, axes, LAYER, span, inches(figure, 4.25, 0.72, 2.2, 0.09))
    heading = f"Knowing the place, {tidy(site.site.candidate.name)}"
    note = Note(
        stem=file_stem(site_stem(site), "position"),
        heading=heading,
        caption="Left: horizontal one sigma over the days from the first pass, by each method alone and by all "
        "together; the broken line is what is wanted. Right: what a whole skyline would leave of the place, yaw of the "
        "camera unknown; the cross is the site.",
        lines=f"arcs begin {moment(found.start_utc)} · cells "
        f"{plain('cell_m', float(found.maps.grid.cell_m))} · contours from the fine ground · {map_note()}",
        synthetic=synthetic_label(site),
        alt=f"Lines and map: {heading}",
    )
    return {"position": finished(figure, folder, note, [ramp(LAYER).colours])}


def _draw_days(axes: Any, found: SitePosition) -> None:
    days = np.array(found.arcs_days)
    for k, name in enumerate(found.methods):
        sigma = np.array([found.row(arc, (name,)).sigma_horizontal_m for arc in found.arcs_days])
        sigma[sigma > UNKNOWN_M] = np.nan
        if not np.isfinite(sigma).any():
            continue
        style = {"color": COLOURS[k % len(COLOURS)], "lw": 1.0, "marker": "o", "ms": 2.6}
        axes.plot(days, sigma, label=method(name).title, **style)
    together = [row.sigma_horizontal_m for row in found.together]
    axes.plot(days, together, color=INK, lw=1.8, marker="o", ms=3.2, label="all together")
    axes.axhline(found.wanted_m, color=QUIET, lw=0.8, ls="--")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks(days, labels=[f"{arc:g}" for arc in found.arcs_days], minor=False)
    axes.minorticks_off()
    low, high = axes.get_ylim()
    ticks = [one for one in (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0) if low <= one <= high]
    axes.set_yticks(ticks, labels=[f"{one:g}" for one in ticks])
    axes.set_xlabel("days from the first pass", labelpad=2)
    axes.set_ylabel("horizontal one sigma (m)", labelpad=2)
    axes.legend(
        loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=2, fontsize=5.8, handlelength=1.2, borderaxespad=0.1
    )
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
