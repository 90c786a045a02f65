"""One place: its skyline, its light over time, its summary."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.frames import convergence_deg, grid_from_pencil_deg, map_xy_m, pencil_from_grid_deg
from lupex.ephemeris import sky_span, tdb_s_to_utc, utc_to_tdb_s
from lupex.illumination import PointView, long_term_light, point_series, point_statistics
from lupex.model import Grid, HorizonMap, LightMap, SkyTable, Terrain
from lupex.model.position.fix import enu_axes, place_me_m
from lupex.study.ground import point_terrain
from lupex.terrain import point_height_m, point_skyline_deg, slope_deg

__all__ = [
    "light_series_at",
    "light_summary_at",
    "long_term_summary_at",
    "map_point",
    "map_slopes",
    "point_terrain",
    "point_view",
    "skyline_at",
    "true_skyline",
]

POLE_GUARD_DEG = 1e-9
CYCLE_START_UTC = "2026-01-01T00:00:00Z"
CYCLE_S = 18.7 * 365.25 * 86_400.0
SEARCH_RADIUS_M = 250_000.0


def skyline_at(
    terrain: Terrain, lat_deg: float, lon_deg: float, observer_height_m: float = 0.0, azimuths: int = 720
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Skyline of a place: azimuth_true_deg (from 0, even steps), azimuth_grid_deg and elevation_deg, (azimuth,).

    At a pole, true north is the limit along the meridian ``lon_deg``. Raises GridError off the terrain.
    """
    x, y = map_point(terrain, lat_deg, lon_deg)
    true = np.arange(azimuths, dtype=np.float64) * (360.0 / azimuths)
    convergence = lon_deg if terrain.grid.pole == "south" else -lon_deg
    grid = (true + convergence) % 360.0
    elevation = point_skyline_deg(terrain, x, y, pencil_from_grid_deg(grid, x, y), observer_height_m, SEARCH_RADIUS_M)
    return true, grid, elevation


def point_view(
    terrain: Terrain, x_m: float, y_m: float, height_m: float, azimuths: int = 720, radius_m: float = SEARCH_RADIUS_M
) -> PointView:
    """A map point with its skyline from an eye ``height_m`` above the ground."""
    pencil = np.arange(azimuths, dtype=np.float64) * (360.0 / azimuths)
    skyline = point_skyline_deg(terrain, x_m, y_m, pencil, height_m, radius_m)
    distance = MOON_RADIUS_M + point_height_m(terrain, x_m, y_m) + height_m
    return PointView(
        pole=terrain.grid.pole, x_m=x_m, y_m=y_m, distance_m=distance, azimuths_pencil_deg=pencil, elevation_deg=skyline
    )


def true_skyline(view: PointView) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The skyline of a map point by ascending true azimuth in [0, 360): azimuths and elevations (azimuth,), deg."""
    grid = grid_from_pencil_deg(view.azimuths_pencil_deg, view.x_m, view.y_m)
    true = (grid - convergence_deg(view.x_m, view.y_m, view.pole)) % 360.0
    true[true >= 360.0] = 0.0  # what the remainder makes of a hair below 0
    order = np.argsort(true, kind="stable")
    return true[order], view.elevation_deg[order]


def light_series_at(
    terrain: Terrain, lat_deg: float, lon_deg: float, sky: SkyTable, height_m: float = 0.0
) -> Mapping[str, NDArray[np.float64]]:
    """Columns (time,) of light at a place: directions, skylines under them, visible fractions.

    Args:
        terrain: to stand on, with its far terrain.
        lat_deg, lon_deg: latitude and east longitude.
        sky: the times, and where Sun and Earth stand.
        height_m: of the eye above the ground.
    """
    series = point_series(point_view(terrain, *map_point(terrain, lat_deg, lon_deg), height_m), sky)
    return {
        "sun_azimuth_true_deg": series.sun_azimuth_true_deg,
        "sun_elevation_deg": series.sun_elevation_deg,
        "sun_skyline_deg": series.sun_skyline_deg,
        "sun_disc_fraction": series.sun_disc_fraction,
        "earth_azimuth_true_deg": series.earth_azimuth_true_deg,
        "earth_elevation_deg": series.earth_elevation_deg,
        "earth_skyline_deg": series.earth_skyline_deg,
        "earth_visible": series.earth_centre_visible.astype(np.float64),
    }


def light_summary_at(
    terrain: Terrain, lat_deg: float, lon_deg: float, sky: SkyTable, height_m: float = 0.0
) -> dict[str, float | bool | str]:
    """Statistics of light at a place over an evenly spaced sky table, and whether it is permanently shadowed.

    Lit: any part of the Sun's disc in view. Earth: its centre. Permanent shadow is judged over 18.7 years from 2026.

    Args:
        terrain: to stand on, with its far terrain.
        lat_deg, lon_deg: latitude and east longitude.
        height_m: of the eye above the ground.
    """
    x, y = map_point(terrain, lat_deg, lon_deg)
    view = point_view(terrain, x, y, height_m)
    numbers = point_statistics(point_series(view, sky))
    slope, baseline_m = _slope_at(terrain, lat_deg, lon_deg)
    chosen = (
        "lit_fraction",
        "lit_fraction_disc",
        "longest_dark_hours",
        "longest_lit_hours",
        "earth_fraction",
        "longest_earth_gap_hours",
        "sun_and_earth_fraction",
        "mean_irradiance_panel_w_m2",
    )
    return {
        "lat_deg": lat_deg,
        "lon_deg": lon_deg,
        "observer_height_m": height_m,
        "elevation_m": view.distance_m - MOON_RADIUS_M - height_m,
        "slope_deg": slope,
        "slope_baseline_m": baseline_m,
        **{name: numbers[name] for name in chosen},
        "is_permanently_shadowed": _is_permanently_shadowed(view, height_m),
        "dem": terrain.source,
        "synthetic": terrain.label,
    }


def long_term_summary_at(
    terrain: Terrain, lat_deg: float, lon_deg: float, height_m: float = 0.0
) -> dict[str, float | bool | str]:
    """Light and Earth view at a place over 18.7 years from 2026, a whole cycle of the lunar node, whatever the date.

    Args:
        terrain: to stand on, with its far terrain.
        lat_deg, lon_deg: latitude and east longitude.
        height_m: of the eye above the ground.

    Returns: shares of time, mean irradiance (W/m^2) and the greatest height of the Sun over the skyline, under the
        names of the long-term layers, with place, slope and DEM.
    """
    view = point_view(terrain, *map_point(terrain, lat_deg, lon_deg), height_m)
    slope, baseline_m = _slope_at(terrain, lat_deg, lon_deg)
    maps = _long_term(view, height_m)
    numbers = {name: float(layer[0, 0]) for name, layer in maps.layers.items() if name != "permanent_shadow"}
    return {
        "lat_deg": lat_deg,
        "lon_deg": lon_deg,
        "observer_height_m": height_m,
        "elevation_m": view.distance_m - MOON_RADIUS_M - height_m,
        "slope_deg": slope,
        "slope_baseline_m": baseline_m,
        "start_utc": maps.span_utc[0],
        "stop_utc": maps.span_utc[1],
        **numbers,
        "is_permanently_shadowed": bool(maps["permanent_shadow"][0, 0] > 0.5),
        "dem": terrain.source,
        "synthetic": terrain.label,
    }


def _is_permanently_shadowed(view: PointView, height_m: float) -> bool:
    return bool(_long_term(view, height_m)["permanent_shadow"][0, 0] > 0.5)


def _long_term(view: PointView, height_m: float) -> LightMap:
    """Long-term layers of the one cell a place is."""
    start_s = float(utc_to_tdb_s(CYCLE_START_UTC)[0])
    stop = tdb_s_to_utc([start_s + CYCLE_S])[0]
    sky = sky_span(CYCLE_START_UTC, stop, 3600.0)
    grid = Grid.centred(view.pole, view.x_m, view.y_m, 1, 1.0)
    ground = np.full((1, 1), view.distance_m - MOON_RADIUS_M - height_m, np.float32)
    counts = np.rint(view.elevation_deg / HorizonMap.UNIT_DEG).astype(np.int16)[:, None, None]
    horizons = HorizonMap(
        grid=grid,
        azimuths_pencil_deg=view.azimuths_pencil_deg,
        counts=counts,
        observer_height_m=height_m,
        search_radius_m=SEARCH_RADIUS_M,
    )
    return long_term_light(Terrain(grid, ground), horizons, sky, (CYCLE_START_UTC, stop))


def map_point(terrain: Terrain, lat_deg: float, lon_deg: float) -> tuple[float, float]:
    """Map coordinates; a pole is approached to 0.03 mm along its meridian, so that directions there have a meaning."""
    terrain.grid.row_col(lat_deg, lon_deg)
    lat = float(np.clip(lat_deg, -90.0 + POLE_GUARD_DEG, 90.0 - POLE_GUARD_DEG))
    x, y = map_xy_m(lat, lon_deg, terrain.grid.pole)
    return float(x), float(y)


def _slope_at(terrain: Terrain, lat_deg: float, lon_deg: float) -> tuple[float, float]:
    """Plane-fit slope (deg) over two cells around a place, and that baseline (m)."""
    row, col = terrain.grid.row_col(lat_deg, lon_deg)
    top, left = max(row - 2, 0), max(col - 2, 0)
    rows, cols = min(5, terrain.grid.rows - top), min(5, terrain.grid.cols - left)
    near = terrain.crop(top, left, rows, cols)
    baseline_m = 2.0 * terrain.grid.cell_m
    return float(slope_deg(near, baseline_m)[row - top, col - left]), baseline_m


def map_slopes(terrain: Terrain, lat_lon: tuple[float, float]) -> tuple[float, float]:
    """Slopes (m/m) of the bilinear surface towards true east and north, over two cells; zeros beside holes.

    Args:
        terrain: with the place on it.
        lat_lon: of the place (deg).
    """
    step = terrain.grid.cell_m
    lat, lon = lat_lon
    base = place_me_m(lat, lon)
    heights = []
    for axis in enu_axes(lat, lon)[:2]:
        pair = []
        for sign in (1.0, -1.0):
            p = base + sign * step * axis
            la, lo = np.degrees(np.arctan2(p[2], np.hypot(p[0], p[1]))), np.degrees(np.arctan2(p[1], p[0]))
            pair.append(point_height_m(terrain, *map_point(terrain, float(la), float(lo))))
        heights.append((pair[0] - pair[1]) / (2.0 * step))
    return (heights[0], heights[1]) if np.all(np.isfinite(heights)) else (0.0, 0.0)
