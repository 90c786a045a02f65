"""Light and Earth view over evenly spaced times, for every cell of a map."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.constants import DAY_S, SOLAR_IRRADIANCE_1AU_W_M2
from lupex.base.gate import numbers_checked
from lupex.base.running import Running, takes_running
from lupex.base.threads import over_rows
from lupex.base.utc import UtcLike
from lupex.illumination import sky as bodies
from lupex.illumination.places import places
from lupex.illumination.span import even_step_s, within
from lupex.kernels.light import steps as kernel
from lupex.model import HorizonMap, LightMap, SkyTable, Terrain
from lupex.model.quantities import sentences

RUN_LAYERS = (
    "lit_fraction_any",
    "lit_fraction_disc",
    "mean_irradiance_surface_w_m2",
    "mean_irradiance_panel_w_m2",
    "longest_lit_days",
    "longest_lit_start_days",
    "longest_dark_days",
    "earth_fraction",
    "earth_any_fraction",
    "sun_and_earth_fraction",
)
MEANINGS = sentences(RUN_LAYERS)


@numbers_checked
@dataclass(frozen=True)
class SeriesSettings:
    """How time series become statistics.

    Attributes:
        dark_below_disc_fraction: a moment is dark when no more than this fraction of the Sun's disc shows.
        station: name of a station in the sky table that stands in for the Earth's centre; '' for the Earth.
    """

    dark_below_disc_fraction: float = 0.0
    station: str = ""


@takes_running
def light_statistics(
    terrain: Terrain,
    horizons: HorizonMap,
    sky: SkyTable,
    span_utc: tuple[UtcLike, UtcLike] | None = None,
    settings: SeriesSettings = SeriesSettings(),
    running: Running = Running(),
) -> LightMap:
    """Per-cell statistics of light and Earth view over a span (layers as in MEANINGS).

    Args:
        terrain, horizons: of one grid; eyes at the horizon map's height.
        sky: evenly spaced times; each stands for one step that begins there.
        span_utc: first instant and end; the table is cut to it. None: everything the table holds.
        settings: what counts as dark, and whose view counts beside the Sun's.
        running: threads and progress; the layers do not depend on them.

    Raises SpanError for a span the table does not cover, fewer than two or unevenly spaced times; GridError when
    terrain and horizons differ in grid.
    """
    sky, span_utc = within(sky, span_utc)
    step_s = even_step_s(sky.times_tdb_s)
    pole = terrain.grid.pole
    sun = bodies.sun(sky, pole)
    target = bodies.station(sky, settings.station, pole) if settings.station else bodies.earth(sky, pole)
    where = places(terrain, horizons)
    layers = {name: np.empty(terrain.grid.shape, np.float32) for name in RUN_LAYERS}
    strength = bodies.strength(sun)

    def work(first: int, last: int) -> None:
        kernel.run_statistics(
            horizons.counts, first, last, where.px, where.py, where.pk, where.distance_m, where.slope_x, where.slope_y,
            sun.position_m, sun.radius_rad, strength, target.position_m, target.radius_rad,
            settings.dark_below_disc_fraction, *layers.values(),
        )  # fmt: skip

    over_rows(work, terrain.grid.rows, running, "light over time")
    _scale(layers, step_s)
    return LightMap(
        grid=terrain.grid,
        layers=layers,
        meanings={name: MEANINGS[name] for name in layers},
        span_utc=span_utc,
        observer_height_m=horizons.observer_height_m,
        synthetic_below_m=horizons.synthetic_below_m,
    )


def disc_series(
    terrain: Terrain, horizons: HorizonMap, sky: SkyTable, running: Running = Running()
) -> NDArray[np.uint8]:
    """Visible fraction of the Sun's disc (time, row, col) as uint8: 0 only when no part shows, 255 only for
    the whole disc.

    One time gives a shadow map of an instant; cells without height read 0.

    Args:
        terrain, horizons: ground and its skylines, on one grid.
        sky: the times, and where the Sun stands then.
    """
    sun = bodies.sun(sky, terrain.grid.pole)
    where = places(terrain, horizons)
    out = np.empty((len(sky), *terrain.grid.shape), np.uint8)

    def work(first: int, last: int) -> None:
        kernel.disc_series(
            horizons.counts, first, last, where.px, where.py, where.pk, where.distance_m,
            sun.position_m[0], sun.position_m[1], sun.position_m[2], sun.radius_rad, out,
        )  # fmt: skip

    over_rows(work, terrain.grid.rows, running, "light series")
    out[:, ~np.isfinite(terrain.elevation_m)] = 0
    return out


def _scale(layers: dict[str, NDArray[np.float32]], step_s: float) -> None:
    for name, layer in layers.items():
        if name.endswith("_w_m2"):
            layer *= np.float32(SOLAR_IRRADIANCE_1AU_W_M2)
        elif name.endswith("_days"):
            layer *= np.float32(step_s / DAY_S)
