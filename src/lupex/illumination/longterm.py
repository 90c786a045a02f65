"""Means over many years that cost nothing per year, and permanent shadow."""

import math
from dataclasses import dataclass

import numpy as np

from lupex.base.constants import SOLAR_IRRADIANCE_1AU_W_M2
from lupex.base.gate import numbers_checked
from lupex.base.running import Running, takes_running
from lupex.base.threads import over_rows
from lupex.base.utc import UtcLike
from lupex.illumination import sky as bodies
from lupex.illumination.directions import Directions, directions
from lupex.illumination.places import places
from lupex.illumination.series import MEANINGS
from lupex.illumination.span import within
from lupex.kernels.light import longterm as kernel
from lupex.kernels.light.steps import LOWEST_SKYLINE_RAD
from lupex.model import HorizonMap, LightMap, SkyTable, Terrain
from lupex.model.quantities import sentences

SUN_LAYERS = (
    "lit_fraction_any",
    "lit_fraction_disc",
    "mean_irradiance_surface_w_m2",
    "mean_irradiance_panel_w_m2",
    "sun_margin_deg",
)

LONG_MEANINGS = MEANINGS | sentences(("sun_margin_deg", "permanent_shadow"))


@numbers_checked
@dataclass(frozen=True)
class LongTermSettings:
    """Resolution of the long-term means: horizon samples per azimuth interval for Sun and Earth, longitude bins of
    the direction tables."""

    sun_split: int = 2
    earth_split: int = 8
    sun_longitude_bins: int = 720
    earth_longitude_bins: int = 2880


@takes_running
def long_term_light(
    terrain: Terrain,
    horizons: HorizonMap,
    sky: SkyTable,
    span_utc: tuple[UtcLike, UtcLike] | None = None,
    settings: LongTermSettings = LongTermSettings(),
    running: Running = Running(),
) -> LightMap:
    """Mean light, Earth view and permanent shadow over a long span, best a whole nodal cycle of 18.61 years.

    The cost per cell depends on the number of azimuths only (docs/theory/illumination.md). Layers: those of
    SUN_LAYERS, permanent_shadow (0/1), earth_fraction, earth_any_fraction.

    Args:
        terrain, horizons: of one grid; eyes at the horizon map's height.
        sky: times of the span, hourly or finer; all count alike.
        span_utc: first instant and end; the table is cut to it. None: everything the table holds.
        settings: resolution of the distribution of directions.
        running: threads and progress; the layers do not depend on them.

    Raises SpanError for a span the table does not cover or too few times for a distribution; GridError when terrain
    and horizons differ in grid.
    """
    sky, span_utc = within(sky, span_utc)
    pole = terrain.grid.pole
    table = directions(bodies.sun(sky, pole), settings.sun_longitude_bins)
    where = places(terrain, horizons)
    shape = terrain.grid.shape
    layers = {name: np.empty(shape, np.float32) for name in SUN_LAYERS}
    total = horizons.azimuths_pencil_deg.size * settings.sun_split
    cosine, sine = _points(-1, total + 2, total)

    def sun_work(first: int, last: int) -> None:
        kernel.mean_light(
            horizons.counts, first, last, where.px, where.py, where.pk, where.distance_m, where.slope_x, where.slope_y,
            cosine, sine, settings.sun_split, table.table, table.highest_rad, table.low_rad, table.step_rad,
            table.radius_rad, table.inverse_distance_per_m, *layers.values(),
        )  # fmt: skip

    over_rows(sun_work, terrain.grid.rows, running, "long-term light")
    for name in ("mean_irradiance_surface_w_m2", "mean_irradiance_panel_w_m2"):
        layers[name] *= np.float32(SOLAR_IRRADIANCE_1AU_W_M2)
    layers["sun_margin_deg"] *= np.float32(180.0 / math.pi)
    margin = layers["sun_margin_deg"]
    layers["permanent_shadow"] = np.where(np.isnan(margin), np.nan, margin <= 0.0).astype(np.float32)
    for name in SUN_LAYERS[:-1]:
        layers[name][margin <= 0.0] = 0.0
    for name in SUN_LAYERS[:2]:
        layers[name] = _fraction(layers[name])
    layers |= _earth_layers(terrain, horizons, sky, settings, running)
    return LightMap(
        grid=terrain.grid,
        layers=layers,
        meanings={name: LONG_MEANINGS[name] for name in layers},
        span_utc=span_utc,
        observer_height_m=horizons.observer_height_m,
        synthetic_below_m=horizons.synthetic_below_m,
    )


def _earth_layers(
    terrain: Terrain, horizons: HorizonMap, sky: SkyTable, settings: LongTermSettings, running: Running
) -> dict[str, np.ndarray]:
    table = directions(bodies.earth(sky, terrain.grid.pole), settings.earth_longitude_bins, with_disc=False)
    where = places(terrain, horizons)
    layers = {name: np.empty(terrain.grid.shape, np.float32) for name in ("earth_fraction", "earth_any_fraction")}
    total = horizons.azimuths_pencil_deg.size * settings.earth_split
    per_rad = total / (2.0 * math.pi)
    margin = _turn_rad(float(where.pk.min()), table)
    begin = math.floor((table.longitude_limits_rad[0] - margin) * per_rad) - 2
    end = math.ceil((table.longitude_limits_rad[1] + margin) * per_rad) + 2
    cosine, sine = _points(begin, min(end - begin + 1, total + 2), total)

    def work(first: int, last: int) -> None:
        kernel.mean_view(
            horizons.counts, first, last, where.px, where.py, where.pk, where.distance_m, begin, cosine, sine,
            settings.earth_split, table.table, table.low_rad, table.step_rad, table.radius_rad,
            table.inverse_distance_per_m, *layers.values(),
        )  # fmt: skip

    over_rows(work, terrain.grid.rows, running, "long-term Earth view")
    return {name: _fraction(layer) for name, layer in layers.items()}


def _fraction(layer: np.ndarray) -> np.ndarray:
    """The layer without the last digits by which sums along a curve leave 0..1; NaN stays."""
    return np.clip(layer, np.float32(0.0), np.float32(1.0))


def _turn_rad(lowest_pk: float, table: Directions) -> float:
    """How far, at most, a skyline point's longitude turns from its azimuth, from the lowest skyline up to the body.

    With colatitude c the turn is at most tan c tan(declination) up at the body and tan c (tan c / 2 + sin(dip)) at a
    skyline that dips below level.
    """
    slant = math.sqrt(1.0 - lowest_pk**2) / lowest_pk
    highest = max(abs(limit) for limit in table.declination_limits_rad) + table.radius_rad
    return math.asin(min(1.0, slant * max(math.tan(highest), 0.5 * slant + math.sin(-LOWEST_SKYLINE_RAD))))


def _points(first: int, count: int, total: int) -> tuple[np.ndarray, np.ndarray]:
    """Cosine and sine of ``count`` pencil azimuths numbered from ``first`` of ``total`` to the circle."""
    angle = np.arange(first, first + count) * (2.0 * math.pi / total)
    return np.cos(angle), np.sin(angle)
