"""Figures on water: answers by kind of ground, and the prior around a site with its stations."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from lupex.model import Grid, LightMap
from lupex.report.paper.finish import Note, finished
from lupex.report.paper.layers import ramp
from lupex.report.paper.mapframe import halo_text
from lupex.report.paper.names import below_label, site_stem
from lupex.report.paper.panels import colour_bar, draw_contours, draw_layer, inches, map_note
from lupex.report.paper.style import BOTH, DEEP_BLUE, GOLD, HAIR, INK, MARK, Figure, file_stem, new_figure
from lupex.report.paper.words import label, number, plain, tidy
from lupex.report.water.water_pages import KIND_WORDS
from lupex.results import SiteResult, StudyResult
from lupex.results.water import WaterSurvey
from lupex.water.field.trials import KINDS, HoleTrials
from lupex.water.inference.decision import ABSENT, CONFIRMED, UNDECIDED

ANSWER_COLOURS = {CONFIRMED: DEEP_BLUE, ABSENT: GOLD, UNDECIDED: HAIR}
SHOWN = ("water_probability", "ice_depth_m")
MARGIN_M, LEAST_M = 800.0, 6000.0
"""Ground shown around the places considered, and the least width of the map."""
NAMED_SHARE = 0.08


def water_figure(result: StudyResult, folder: Path) -> dict[str, Figure]:
    """Draw 'rule': what the rule answers to simulated ground of every kind.

    Args:
        result: of the study. folder: that receives the PNG file.
    """
    if result.water is None:
        return {}
    figure = new_figure(7.2, 2.7)
    _draw_answers(figure, result.water, (2.15, 0.72, 4.7, 1.5))
    note = Note(
        stem="water_rule",
        heading="What the rule answers to simulated ground",
        caption="Share of simulated single holes that the rule answers confirmed, absent or undecided, by kind of "
        "ground; every world has a calibration, a blank and losses of its own.",
        lines=f"{number(min(result.water.chosen.rates.worlds.values()), 0)} simulated holes of each kind · instrument "
        "numbers that nobody has published are stand-ins",
    )
    return {"rule": finished(figure, folder, note)}


def site_water_figure(_: StudyResult, site: SiteResult, folder: Path) -> dict[str, Figure]:
    """Draw 'water': the prior around one site and the depth of stable ice, with stations and drive.

    Args:
        site: with or without a survey. folder: that receives the PNG file.
    """
    found = site.water
    if found is None or found.maps is None:
        return {}
    maps = _window(found.maps, found)
    figure: Any = new_figure(7.2, 4.55)
    for number_of, name in enumerate(SHOWN):
        axes = figure.add_axes(inches(figure, 0.42 + 3.5 * number_of, 1.15, 2.85))
        span = draw_layer(axes, maps, name)
        limits = axes.get_xlim(), axes.get_ylim()
        draw_contours(axes, site)
        _draw_drive(axes, site)
        _draw_stations(axes, found)
        axes.set_xlim(*limits[0])
        axes.set_ylim(*limits[1])
        colour_bar(figure, axes, name, span, inches(figure, 0.72 + 3.5 * number_of, 0.82, 2.25, 0.09))
    heading = f"Where to look for water, {tidy(site.site.candidate.name)}"
    note = Note(
        stem=file_stem(site_stem(site), "water"),
        heading=heading,
        caption="Left: chance of water at the level of the rule within reach of the auger, before measuring. "
        f"Right: {label(SHOWN[1]).lower()}; the brightest tone also where ice lasts nowhere. Numbers: stations by "
        "value; dots: places considered; cross: the site; line: its recommended drive.",
        lines=f"cells {plain('cell_m', float(maps.grid.cell_m))} · contours from the fine ground · {map_note()}",
        synthetic=below_label(maps.synthetic_below_m),
        alt=f"Map: {heading}",
    )
    return {"water": finished(figure, folder, note, [ramp(name).colours for name in SHOWN])}


def _draw_answers(figure: Any, trials: HoleTrials, box: tuple[float, ...]) -> None:
    axes = figure.add_axes(inches(figure, *box))
    rates, left = trials.chosen.rates, np.zeros(len(KINDS))
    places = np.arange(len(KINDS))
    for answer, colour in ANSWER_COLOURS.items():
        share = np.array([rates.share((kind,), answer)[0] for kind in KINDS])
        axes.barh(places, 100.0 * share, left=100.0 * left, height=0.72, color=colour, lw=0, label=answer)
        for n in np.flatnonzero(share >= NAMED_SHARE):
            tone = "white" if answer == CONFIRMED else INK
            axes.text(100.0 * (left[n] + 0.5 * share[n]), n, f"{100.0 * share[n]:.0f}", ha="center", va="center",
                      fontsize=6.3, color=tone)  # fmt: skip
        left += share
    axes.set_xlim(0, 100)
    axes.set_ylim(len(KINDS) - 0.5, -0.5)
    axes.set_yticks(places, labels=[KIND_WORDS[kind] for kind in KINDS])
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("share of the holes (%)", labelpad=2)
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3, handlelength=1.0, borderaxespad=0.2)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _window(maps: LightMap, found: WaterSurvey) -> LightMap:
    """The part of a map around the places considered, square where the map allows it."""
    grid = maps.grid
    x, y = found.places.x_m, found.places.y_m
    half = max(0.5 * LEAST_M, 0.5 * float(np.ptp(x)) + MARGIN_M, 0.5 * float(np.ptp(y)) + MARGIN_M)
    count = min(int(np.ceil(2.0 * half / grid.cell_m)), grid.rows, grid.cols)
    col = round((0.5 * float(x.min() + x.max()) - half - grid.left_m) / grid.cell_m)
    row = round((grid.top_m - 0.5 * float(y.min() + y.max()) - half) / grid.cell_m)
    row, col = (int(np.clip(first, 0, most - count)) for first, most in ((row, grid.rows), (col, grid.cols)))
    part: Grid = grid.crop(row, col, count, count)
    layers = {name: layer[row : row + count, col : col + count] for name, layer in maps.layers.items()}
    return replace(maps, grid=part, layers=layers)


def _draw_drive(axes: Any, site: SiteResult) -> None:
    drive = None if site.drive is None else site.drive.traverse
    if drive is not None:
        for colour, width in (("white", 1.8), (BOTH, 1.0)):
            axes.plot(drive.x_m / 1000.0, drive.y_m / 1000.0, color=colour, lw=width, zorder=6)


def _draw_stations(axes: Any, found: WaterSurvey) -> None:
    from lupex.base.frames import map_xy_m

    places = found.places
    axes.plot(places.x_m / 1000.0, places.y_m / 1000.0, ".", ms=1.6, color="white", alpha=0.8, zorder=6)
    x, y = (float(v) / 1000.0 for v in map_xy_m(found.lat_deg, found.lon_deg, found.terrain.grid.pole))
    axes.plot(x, y, "+", ms=8, mew=1.8, color="white", zorder=7)
    axes.plot(x, y, "+", ms=7, mew=1.0, color=INK, zorder=7)
    for rank, station in enumerate(found.survey.stations, 1):
        x, y = (float(v[station.number]) / 1000.0 for v in (places.x_m, places.y_m))
        axes.plot(x, y, "o", ms=4.5, mfc=MARK, mec="white", mew=0.8, zorder=8)
        halo_text(axes, x, y, str(rank), (4, 2), 6.5, "left")
