"""The figure of the comparison page: how often each site takes each rank, and the weights that favour it."""

from pathlib import Path
from typing import Any

import numpy as np

from lupex.model import Ranking
from lupex.report.paper.finish import Note, finished
from lupex.report.paper.names import site_name, synthetic_of_study
from lupex.report.paper.panels import inches
from lupex.report.paper.style import HAIR, INK, QUIET, Figure, new_figure
from lupex.report.paper.words import label, number
from lupex.report.ranking.comparison import in_order
from lupex.results import StudyResult

RANKS = "viridis"
WEIGHTS = "YlGnBu"
NAMED_SHARE = 0.09
"""Bars at least this long carry their percentage."""
LARGEST_HEIGHT_IN = 9.2


def ranking_figure(result: StudyResult, folder: Path) -> dict[str, Figure]:
    """Draw 'ranking' when the sites were ranked: acceptability bars, and central weights beside them.

    Args:
        result: of the study.
        folder: that receives the PNG file.
    """
    ranking = result.ranking
    if ranking is None or not ranking.table.alternatives or not ranking.table.criteria:
        return {}
    rows = in_order(ranking)
    row_in = min(0.34, (LARGEST_HEIGHT_IN - 1.8) / len(rows))
    figure = new_figure(7.2, 1.8 + row_in * len(rows))
    body = row_in * len(rows)
    names = [site_name(ranking.table.alternatives[i])[:14] for i in rows]
    _draw_ranks(figure, ranking, rows, names, (0.85, 0.62, 2.7, body))
    _draw_weights(figure, ranking, rows, (3.85, 0.62, 2.65, body))
    note = Note(
        stem="comparison_ranking",
        heading="How firm the ranking is",
        caption="Left: share of the draws in which each site takes each rank. Right: central weights, the mean weights "
        "of the draws in which the site comes first; a site that never does has none.",
        lines=f"{number(ranking.draws, 0)} draws of weights and values",
        synthetic=synthetic_of_study(result),
    )
    return {"ranking": finished(figure, folder, note, (RANKS, WEIGHTS))}


def _draw_ranks(figure: Any, ranking: Ranking, rows: list[int], names: list[str], box: tuple[float, ...]) -> None:
    from matplotlib import colormaps

    axes = figure.add_axes(inches(figure, *box))
    share = np.nan_to_num(ranking.rank_acceptability[rows])
    ranks = share.shape[1]
    tones = colormaps[RANKS](np.linspace(0.12, 0.95, max(ranks, 2)))
    left = np.zeros(len(rows))
    places = np.arange(len(rows))
    for rank in range(ranks):
        axes.barh(places, 100.0 * share[:, rank], left=100.0 * left, height=0.74, color=tones[rank], lw=0)
        for i in np.flatnonzero(share[:, rank] >= NAMED_SHARE):
            dark = rank < 0.55 * ranks
            axes.text(
                100.0 * (left[i] + share[i, rank] / 2), i, f"{100 * share[i, rank]:.0f}", ha="center", va="center",
                fontsize=6.5, color="white" if dark else INK,
            )  # fmt: skip
        left += share[:, rank]
    axes.set_xlim(0, 100)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks(places, labels=names)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("share of the draws (%)", labelpad=2)
    axes.set_title("Rank acceptability", pad=20)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    _rank_key(axes, tones, ranks)


def _rank_key(axes: Any, tones: Any, ranks: int) -> None:
    """Small squares above the bars: which tone is which rank."""
    from matplotlib.patches import Rectangle

    shown = [0, 1, 2, ranks - 1] if ranks > 6 else list(range(ranks))
    step = 1.0 / max(len(shown), 5)
    height = axes.get_position().height * axes.figure.get_figheight() * 72.0
    for place, rank in enumerate(dict.fromkeys(shown)):
        box = ((place * step, 1.0 + 6.0 / height), 0.035, 6.5 / height)
        axes.add_patch(Rectangle(*box, transform=axes.transAxes, fc=tones[rank], lw=0, clip_on=False))
        axes.text(
            place * step + 0.05, 1.0 + 9.2 / height, f"rank {rank + 1}", transform=axes.transAxes, fontsize=6.3,
            va="center_baseline",
        )  # fmt: skip


def _draw_weights(figure: Any, ranking: Ranking, rows: list[int], box: tuple[float, ...]) -> None:
    axes = figure.add_axes(inches(figure, *box))
    weights = 100.0 * ranking.central_weights[rows]
    finite = weights[np.isfinite(weights)]
    top = max(float(finite.max()), 1.0) if finite.size else 1.0
    axes.imshow(np.ma.masked_invalid(weights), cmap=WEIGHTS, vmin=0.0, vmax=top, aspect="auto", interpolation="nearest")
    width_in = box[2] / max(weights.shape[1], 1)
    for i, j in np.ndindex(weights.shape):
        if np.isfinite(weights[i, j]) and width_in > 0.17:
            colour = "white" if weights[i, j] > 0.6 * top else INK
            axes.text(j, i, f"{weights[i, j]:.0f}", ha="center", va="center", fontsize=6.2, color=colour)
    for i in np.flatnonzero(~np.isfinite(weights).any(axis=1)):
        axes.text(
            (weights.shape[1] - 1) / 2, i, "never first", ha="center", va="center", fontsize=6.5, color=QUIET,
            style="italic",
        )  # fmt: skip
    axes.set_xticks(np.arange(weights.shape[1]), labels=[_short(c) for c in ranking.table.criteria])
    axes.tick_params(axis="x", top=True, labeltop=True, bottom=False, labelbottom=False, length=0, pad=2)
    for text in axes.get_xticklabels():
        text.set(rotation=32, ha="left", va="bottom", rotation_mode="anchor", fontsize=6.2)
    axes.set_yticks([])
    axes.set_xticks(np.arange(weights.shape[1] + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(rows) + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="white", lw=1.2)
    axes.tick_params(which="minor", length=0)
    axes.set_xlabel("central weights (%)", labelpad=4)
    for side in axes.spines.values():
        side.set_edgecolor(HAIR)


def _short(criterion: str) -> str:
    text = label(criterion).replace(" in the season", "").replace("Distance to permanent", "To permanent")
    return text if len(text) <= 24 else text[:23] + "…"
