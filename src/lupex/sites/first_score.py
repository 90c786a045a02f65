"""From scores to places: pick apart, look again on the fine map, rank anew."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import GridError, InputError
from lupex.base.frames import lat_lon_deg, unit_vectors
from lupex.model import Candidate, Grid, Site, SiteSettings
from lupex.sites.constraints import active
from lupex.sites.first_score_criteria import CRITERIA, Layers, layer_of, site_scores


@dataclass(frozen=True, kw_only=True)
class FinePlace:
    """The best cell of a fine map near a candidate.

    ``criteria`` holds every layer's value there (unit in the name), ``scores`` each criterion scaled
    to 0..1; ``broken`` the rules it breaks, in words with the value found; empty when it breaks none.
    """

    grid: Grid
    row: int
    col: int
    lat_deg: float
    lon_deg: float
    x_m: float
    y_m: float
    score: float
    criteria: dict[str, float]
    scores: dict[str, float]
    broken: tuple[str, ...]
    suitable_share: float


def pick(
    score: F64, mask: NDArray[np.bool_], grid: Grid, settings: SiteSettings, layers: Layers | None = None
) -> list[Candidate]:
    """The best places, best first, none closer to another than ``separation_km`` on the ground.

    Greedy: the cell of highest ``score`` where ``mask`` holds, then the best of those far enough from
    it, and so on to ``count``; equal scores go by row, then column. Named 'S1', 'S2', ... With
    ``layers`` each candidate holds its criteria and their scores. Fewer than ``count``, or none, when
    there is no room. Raises GridError when shapes differ.

    Args:
        grid: of the maps.
        settings: count and separation of [sites].
    """
    if score.shape != grid.shape or mask.shape != grid.shape:
        raise GridError(f"pick: score {score.shape} and mask {mask.shape} must have the grid's shape {grid.shape}")
    parts = site_scores(layers, settings)[1] if layers is not None else {}
    rows, cols = np.nonzero(mask & np.isfinite(score))
    worth = score[rows, cols]
    x, y = grid.x_m()[cols], grid.y_m()[rows]
    free = np.ones(rows.size, dtype=bool)
    found: list[Candidate] = []
    while len(found) < settings.count and free.any():
        best = int(np.argmax(np.where(free, worth, -np.inf)))
        row, col = int(rows[best]), int(cols[best])
        lat, lon = (float(a) for a in lat_lon_deg(x[best], y[best], grid.pole))
        found.append(
            Candidate(
                name=f"S{len(found) + 1}",
                lat_deg=lat,
                lon_deg=lon,
                x_m=float(x[best]),
                y_m=float(y[best]),
                rank=len(found) + 1,
                score=float(worth[best]),
                criteria={name: float(layer[row, col]) for name, layer in (layers or {}).items()},
                scores={name: float(part[row, col]) for name, part in parts.items()},
            )
        )
        free &= _ground_distance_m(x, y, float(x[best]), float(y[best])) >= settings.separation_km * 1000.0
    return found


def fine_score(layers: Layers, grid: Grid, candidate: Candidate, settings: SiteSettings, radius_m: float) -> FinePlace:
    """The best fine cell within ``radius_m`` (ground) of the candidate.

    The highest score among cells that fulfil every constraint; where none does, among those that
    break the fewest, and ``broken`` says which. Equal scores go by row, then column.
    ``suitable_share`` is the share of known cells in the circle that fulfil all. Raises InputError
    when no cell in the circle is known.

    Args:
        layers: name -> (row, col) of the fine maps.
        grid: of the fine maps.
        candidate: place on the regional map.
        settings: limits and weights of [sites].
    """
    score, parts = site_scores(layers, settings)
    x, y = grid.xy_m()
    near = _ground_distance_m(x, y, candidate.x_m, candidate.y_m) <= radius_m
    rules = active(settings)
    values = {c.name: layer_of(layers, c.layer) for c in rules}
    known = near & np.isfinite(score) & ~np.any([np.isnan(v) for v in values.values()], axis=0)
    if not known.any():
        raise InputError(
            f"site {candidate.name}: no known cell within {radius_m:g} m on the fine map",
            "choose a fine DEM that covers the place, or a larger radius",
        )
    failed = np.sum([~c.passes(layers, settings) for c in rules], axis=0)
    least = int(failed[known].min())
    row, col = np.unravel_index(int(np.argmax(np.where(known & (failed == least), score, -np.inf))), grid.shape)
    broken = tuple(
        f"{c.rule(settings)} (found {values[c.name][row, col]:.3g})"
        for c in rules
        if not c.passes(layers, settings)[row, col]
    )
    lat, lon = (float(a) for a in lat_lon_deg(x[row, col], y[row, col], grid.pole))
    return FinePlace(
        grid=grid,
        row=int(row),
        col=int(col),
        lat_deg=lat,
        lon_deg=lon,
        x_m=float(x[row, col]),
        y_m=float(y[row, col]),
        score=float(score[row, col]),
        criteria={name: float(layer[row, col]) for name, layer in layers.items()},
        scores={name: float(part[row, col]) for name, part in parts.items()},
        broken=broken,
        suitable_share=float((known & (failed == 0)).sum() / known.sum()),
    )


def rerank(
    candidates: Sequence[Candidate], places: Sequence[FinePlace], synthetic_below_m: Sequence[float | None]
) -> list[Site]:
    """Candidates in the order of their fine places, best first, each with its reasons in words.

    Places that break fewer rules come first, then the higher score, then the regional rank.
    ``fine`` of each Site holds the fine criteria, and lat_deg and lon_deg of the place. Raises
    InputError when the three lists differ in length.

    Args:
        candidates: of the regional map (candidate,).
        places: the fine place of each (candidate,).
        synthetic_below_m: scale below which the ground of each is made up, None where it is measured (candidate,).
    """
    if not len(candidates) == len(places) == len(synthetic_below_m):
        raise InputError(
            f"rerank: {len(candidates)} candidates, {len(places)} fine places, {len(synthetic_below_m)} labels",
            "give one of each per site",
        )
    order = sorted(range(len(candidates)), key=lambda i: (len(places[i].broken), -places[i].score, candidates[i].rank))
    return [
        Site(
            candidate=candidates[i],
            fine_grid=places[i].grid,
            fine={"lat_deg": places[i].lat_deg, "lon_deg": places[i].lon_deg, **places[i].criteria},
            rank_regional=candidates[i].rank,
            rank=rank,
            score=places[i].score,
            synthetic_below_m=synthetic_below_m[i],
            reasons=_reasons(candidates[i], places[i], rank),
        )
        for rank, i in enumerate(order, start=1)
    ]


def _reasons(candidate: Candidate, place: FinePlace, rank: int) -> tuple[str, ...]:
    moved = "stays" if rank == candidate.rank else ("rises" if rank < candidate.rank else "falls")
    to = f"{moved} at rank {rank}" if moved == "stays" else f"{moved} from rank {candidate.rank} to {rank}"
    words = [f"by score {to}: {place.score:.3f} on the fine map, {candidate.score:.3f} on the regional one"]
    changes = {name: place.scores[name] - candidate.scores[name] for name in place.scores if name in candidate.scores}
    if changes:
        name = max(changes, key=lambda n: abs(changes[n]))
        if abs(changes[name]) >= 0.005:
            words.append(f"largest change: {_CRITERION_WORDS[name]}, {changes[name]:+.2f}")
    away = float(_ground_distance_m(np.array(place.x_m), np.array(place.y_m), candidate.x_m, candidate.y_m))
    words.append(f"best fine place {away / 1000.0:.2f} km from the regional one")
    if place.broken:
        words.append("no fine place fulfils every constraint; the best one breaks: " + ", ".join(place.broken))
    else:
        words.append(f"{100.0 * place.suitable_share:.3g} % of the ground around it fulfils every constraint")
    return tuple(words)


def _ground_distance_m(x_m: F64, y_m: F64, to_x_m: float, to_y_m: float) -> F64:
    """Great-circle distance on the sphere between map points."""
    chord = np.linalg.norm(unit_vectors(x_m, y_m) - unit_vectors(to_x_m, to_y_m), axis=-1)
    return np.asarray(2.0 * MOON_RADIUS_M * np.arcsin(np.clip(chord / 2.0, 0.0, 1.0)))


CRITERION_NAMES = {
    "light": "score of the light",
    "earth": "score of the Earth view",
    "slope": "score of the slope",
    "psr": "score of the nearness to permanent shadow",
}
_CRITERION_WORDS = {c.name: CRITERION_NAMES.get(c.name, c.name) for c in CRITERIA}
