"""Light and Earth view at a single place, from its own skyline."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.base.constants import AU_M, DAY_S, SOLAR_IRRADIANCE_1AU_W_M2
from lupex.base.frames import Pole, convergence_deg, grid_from_pencil_deg, unit_vectors
from lupex.illumination import sky as bodies
from lupex.illumination.sky import Body
from lupex.illumination.span import even_step_s
from lupex.kernels.light.steps import LOWEST_SKYLINE_RAD
from lupex.model import SkyTable, Windows


@dataclass(frozen=True, eq=False, kw_only=True)
class PointView:
    """A place with its skyline.

    Attributes:
        x_m, y_m: map coordinates; ``distance_m`` of the eye from the Moon's centre.
        azimuths_pencil_deg, elevation_deg: skyline (azimuth,), evenly spaced from 0.
    """

    pole: Pole
    x_m: float
    y_m: float
    distance_m: float
    azimuths_pencil_deg: F64
    elevation_deg: F64


@dataclass(frozen=True, eq=False, kw_only=True)
class PointSeries:
    """What is seen over time, (time,) arrays, degrees; azimuths clockwise from true north.

    ``sun_disc_fraction`` is the visible fraction of the Sun's disc; ``*_skyline_deg`` the skyline under the body.
    """

    times_tdb_s: F64
    sun_azimuth_true_deg: F64
    sun_elevation_deg: F64
    sun_skyline_deg: F64
    sun_radius_deg: F64
    sun_distance_au: F64
    sun_disc_fraction: F64
    earth_azimuth_true_deg: F64
    earth_elevation_deg: F64
    earth_skyline_deg: F64
    earth_radius_deg: F64

    @property
    def earth_centre_visible(self) -> NDArray[np.bool_]:
        """(time,) whether the Earth's centre stands above the skyline."""
        return np.asarray(self.earth_elevation_deg > self.earth_skyline_deg)


def point_series(view: PointView, sky: SkyTable) -> PointSeries:
    """Sun and Earth against the skyline of one place at the times of a sky table.

    The skyline is linear between its azimuths; the Sun's disc is cut by a straight horizon at its azimuth.

    Args:
        view: the place with its skyline.
    """
    sun, earth = bodies.sun(sky, view.pole), bodies.earth(sky, view.pole)
    sun_azimuth, sun_elevation, sun_skyline = _against(view, sun)
    earth_azimuth, earth_elevation, earth_skyline = _against(view, earth)
    radius = np.degrees(sun.radius_rad)
    return PointSeries(
        times_tdb_s=sky.times_tdb_s,
        sun_azimuth_true_deg=sun_azimuth,
        sun_elevation_deg=sun_elevation,
        sun_skyline_deg=sun_skyline,
        sun_radius_deg=radius,
        sun_distance_au=sun.distance_m / AU_M,
        sun_disc_fraction=disc_fraction((sun_elevation - sun_skyline) / radius),
        earth_azimuth_true_deg=earth_azimuth,
        earth_elevation_deg=earth_elevation,
        earth_skyline_deg=earth_skyline,
        earth_radius_deg=np.degrees(earth.radius_rad),
    )


def disc_fraction(above: F64) -> F64:
    """Visible fraction of a disc whose centre is ``above`` radii over a straight horizon: circular segment."""
    a = np.clip(above, -1.0, 1.0)
    return np.asarray(0.5 + (a * np.sqrt(1.0 - a * a) + np.arcsin(a)) / np.pi)


def lit_windows(series: PointSeries, dark_below: float = 0.0) -> Windows:
    """Windows in which more than ``dark_below`` of the Sun's disc is visible. Raises SpanError for uneven times."""
    times = series.times_tdb_s
    return Windows.from_mask(times, series.sun_disc_fraction > dark_below, even_step_s(times))


def earth_windows(series: PointSeries) -> Windows:
    """Windows in which the Earth's centre is visible. Raises SpanError for uneven times."""
    times = series.times_tdb_s
    return Windows.from_mask(times, series.earth_centre_visible, even_step_s(times))


def point_statistics(series: PointSeries, dark_below: float = 0.0) -> dict[str, float]:
    """Statistics of a place over the evenly spaced times of its series.

    Args:
        series: what is seen from the place.
        dark_below: a moment is dark when no more than this fraction of the Sun's disc is visible.

    Returns: fractions of time, longest periods (hours), mean irradiance of a panel that faces the Sun (W/m^2).
    Raises SpanError for fewer than two or unevenly spaced times.
    """
    lit, earth = lit_windows(series, dark_below), earth_windows(series)
    span_s = lit.span_tdb_s[1] - lit.span_tdb_s[0]

    def hours(windows: Windows) -> float:
        return round(windows.longest_s() / 3600.0, 6)

    power = SOLAR_IRRADIANCE_1AU_W_M2 * series.sun_disc_fraction / series.sun_distance_au**2
    return {
        "lit_fraction": lit.total_s / span_s,
        "lit_fraction_any": float(np.mean(series.sun_disc_fraction > 0.0)),
        "lit_fraction_disc": float(np.mean(series.sun_disc_fraction)),
        "mean_irradiance_panel_w_m2": float(np.mean(power)),
        "longest_lit_hours": hours(lit),
        "longest_dark_hours": hours(~lit),
        "earth_fraction": earth.total_s / span_s,
        "longest_earth_hours": hours(earth),
        "longest_earth_gap_hours": hours(~earth),
        "sun_and_earth_fraction": (lit & earth).total_s / span_s,
    }


def daily_fractions(series: PointSeries, dark_below: float = 0.0) -> tuple[F64, F64, F64]:
    """Share of each whole day lit, with Earth in view, and both: three (day,) arrays; a rest of a day is left out."""
    per_day = max(1, round(DAY_S / even_step_s(series.times_tdb_s)))
    lit = series.sun_disc_fraction > dark_below
    earth = series.earth_centre_visible
    days = lit.size // per_day

    def daily(mask: NDArray[np.bool_]) -> F64:
        return np.asarray(mask[: days * per_day].reshape(days, per_day).mean(axis=1))

    return daily(lit), daily(earth), daily(lit & earth)


def _against(view: PointView, body: Body) -> tuple[F64, F64, F64]:
    """True azimuth, elevation and the skyline at that azimuth, degrees (time,)."""
    up = unit_vectors(view.x_m, view.y_m)
    toward = body.position_m - (view.distance_m * up)[:, None]
    elevation = np.degrees(np.arcsin(up @ toward / np.linalg.norm(toward, axis=0)))
    level = toward[:2] * up[2] - up[:2, None] * toward[2]
    pencil = np.degrees(np.arctan2(level[0], level[1])) % 360.0
    # As on maps: where no terrain is known, the ground is taken as level.
    known = np.where(view.elevation_deg < np.degrees(LOWEST_SKYLINE_RAD), 0.0, view.elevation_deg)
    skyline = np.interp(pencil, np.append(view.azimuths_pencil_deg, 360.0), np.append(known, known[0]))
    grid = grid_from_pencil_deg(pencil, view.x_m, view.y_m)
    true = (grid - convergence_deg(view.x_m, view.y_m, view.pole)) % 360.0
    return true, elevation, skyline
