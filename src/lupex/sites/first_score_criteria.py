"""What makes a place good: layers scaled to 0..1 and their weighted mean."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import GridError, InputError, MissionError
from lupex.model import Grid, SiteSettings

Layer = NDArray[np.floating]
Layers = Mapping[str, Layer]


@dataclass(frozen=True)
class Criterion:
    """One row of the weighted ranking.

    ``worth`` scales the layer named ``layer`` to 0 (worthless) .. 1 (best); ``weight`` names the
    field of SiteSettings; ``words`` says the scale in words.
    """

    name: str
    layer: str
    weight: str
    words: str
    worth: Callable[[F64, SiteSettings], F64]


def distance_to_shadow_km(psr_mask: NDArray[np.bool_], grid: Grid) -> NDArray[np.float32]:
    """Distance (row, col) in km from each cell's centre to the nearest permanently shadowed cell's centre.

    Straight on the map, divided by the map scale 1 + rho^2/4R^2 at the cell: right to first order,
    within 0.2 % for distances up to 50 km poleward of 80 degrees. 0 in shadow, +inf everywhere when
    there is none. Layers with values and NaN count as shadow where above 0.5. Raises GridError for
    another shape.

    Args:
        psr_mask: (row, col) True in permanent shadow.
        grid: of the mask.
    """
    from scipy.ndimage import distance_transform_edt

    shadow = np.asarray(psr_mask) > 0.5
    if shadow.shape != grid.shape:
        raise GridError(f"distance to shadow: mask has shape {shadow.shape}, its grid {grid.shape}")
    if not shadow.any():
        return np.full(grid.shape, np.inf, dtype=np.float32)
    x, y = grid.x_m(), grid.y_m()
    scale = 1.0 + (x[None, :] ** 2 + y[:, None] ** 2) / (4.0 * MOON_RADIUS_M**2)
    return np.asarray(distance_transform_edt(~shadow) * (grid.cell_m / 1000.0) / scale, dtype=np.float32)


def site_scores(layers: Layers, settings: SiteSettings) -> tuple[F64, dict[str, F64]]:
    """The weighted mean of all criteria (row, col), 0..1, and each criterion's own score by name.

    Weights are divided by their sum. NaN where a layer that has weight is NaN. Raises MissionError
    for weights that are negative, not finite or all zero, InputError for a missing layer.
    """
    weights = _weights(settings)
    scores = {c.name: c.worth(layer_of(layers, c.layer), settings) for c in CRITERIA}
    total = sum((weights[name] * scores[name] for name in scores if weights[name] > 0.0), start=np.zeros(()))
    return np.asarray(total, dtype=np.float64), scores


def layer_of(layers: Layers, name: str) -> F64:
    """A layer as float64. Raises InputError when it is not among ``layers``."""
    if name not in layers:
        raise InputError(
            f"sites: layer '{name}' is missing", f"layers that rules and criteria read: {', '.join(sorted(NEEDED))}"
        )
    return np.asarray(layers[name], dtype=np.float64)


def _weights(settings: SiteSettings) -> dict[str, float]:
    weights = {c.name: float(getattr(settings, c.weight)) for c in CRITERIA}
    for criterion in CRITERIA:
        if not (np.isfinite(weights[criterion.name]) and weights[criterion.name] >= 0.0):
            raise MissionError(f"[sites]: {criterion.weight} is {weights[criterion.name]:g}", "give 0 or more")
    total = sum(weights.values())
    if total <= 0.0:
        raise MissionError("[sites]: every weight is 0", f"give one of {', '.join(c.weight for c in CRITERIA)} more")
    return {name: weight / total for name, weight in weights.items()}


def _lit_share(lit_fraction: F64, settings: SiteSettings) -> F64:
    return np.clip(lit_fraction, 0.0, 1.0)


def _earth_share(earth_fraction: F64, settings: SiteSettings) -> F64:
    return np.clip(earth_fraction, 0.0, 1.0)


def _flatness(slope_deg: F64, settings: SiteSettings) -> F64:
    return _falling(slope_deg, settings.max_slope_deg)


def _nearness(distance_km: F64, settings: SiteSettings) -> F64:
    return _falling(distance_km, settings.max_psr_distance_km)


def _falling(value: F64, worthless: float) -> F64:
    """1 at 0, 0 from ``worthless`` on, linear between; NaN stays NaN."""
    if worthless <= 0.0:
        return np.where(np.isnan(value), np.nan, (value <= 0.0).astype(np.float64))
    return np.clip(1.0 - value / worthless, 0.0, 1.0)


CRITERIA: tuple[Criterion, ...] = (
    Criterion("light", "season_lit_fraction", "weight_light", "lit fraction of the landing season", _lit_share),
    Criterion("earth", "season_earth_fraction", "weight_earth", "Earth-view fraction of the season", _earth_share),
    Criterion("slope", "slope_deg", "weight_slope", "1 on level ground, 0 at the steepest slope allowed", _flatness),
    Criterion("psr", "psr_distance_km", "weight_psr", "1 at permanent shadow, 0 at the farthest allowed", _nearness),
)
"""Every criterion. To add one: a function above, a row here, a weight in SiteSettings."""

NEEDED = frozenset(c.layer for c in CRITERIA) | {"season_longest_lit_days", "permanent_shadow", "absolute_latitude_deg"}
"""Names of the layers that criteria and constraints read."""
