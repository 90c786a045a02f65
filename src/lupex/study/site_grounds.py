"""A site over many grounds: what the error of its DEM, or the relief made up below it, leaves open."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from lupex.base.errors import InputError
from lupex.illumination import point_series, point_statistics
from lupex.mission import Mission
from lupex.model import SkyTable, Terrain
from lupex.results import SiteStudy
from lupex.study.ground import measured
from lupex.study.places import point_view
from lupex.terrain import slope_deg
from lupex.terrain.grounds import band, drawn_errors, enough_grounds, seeded

NEAR_M = 3_200.0
"""Grounds differ within this distance of the place; farther ground is that of the site's map."""


def site_grounds(mission: Mission, region: Terrain, study: SiteStudy, season: SkyTable) -> dict[str, float]:
    """Quantiles over the grounds of a site, as name_p05, name_p50, name_p95, standard deviations as name_sigma, and the
    probabilities that its light and its slope keep the limits; empty without [terrain] grounds.

    Args:
        mission: number of grounds, errors and limits. region: the regional terrain.
        study: of the site, with its place. season: times of the landing season.

    Raises InputError for fewer than 20 grounds, and for a measured DEM whose error is not stated.
    """
    if not mission.terrain.grounds:
        return {}
    enough_grounds(mission.terrain.grounds, 0.05)
    x, y, height_m = study.place.x_m, study.place.y_m, mission.horizon.panel_height_m
    radius_m = mission.horizon.search_radius_km * 1000.0
    found: dict[str, list[float]] = {}
    for ground in _grounds(mission, region, study):
        view = point_view(ground, x, y, height_m, radius_m=radius_m)
        numbers = point_statistics(point_series(view, season), mission.light.dark_below_disc_fraction)
        baseline_m = max(mission.terrain.fine_slope_baseline_m, 2.0 * ground.grid.cell_m)
        row, col = (int(a / ground.grid.cell_m) for a in (ground.grid.top_m - y, x - ground.grid.left_m))
        for name, value in (
            ("season_lit_fraction", numbers["lit_fraction"]),
            ("season_longest_lit_days", numbers["longest_lit_hours"] / 24.0),
            ("season_longest_dark_days", numbers["longest_dark_hours"] / 24.0),
            ("slope_deg", float(slope_deg(ground, baseline_m)[row, col])),
        ):
            found.setdefault(name, []).append(value)
    limits, result = mission.sites, {"grounds": float(mission.terrain.grounds)}
    for name, values in found.items():
        result |= dict(zip((f"{name}_p05", f"{name}_p50", f"{name}_p95"), band(values), strict=True))
        result[f"{name}_sigma"] = float(np.std(values, ddof=1))
    lit, slope = np.array(found["season_longest_lit_days"]), np.array(found["slope_deg"])
    result["lit_days_probability"] = float((lit >= limits.min_lit_days).mean())
    result["slope_probability"] = float((slope <= limits.max_slope_deg).mean())
    return result


def _grounds(mission: Mission, region: Terrain, study: SiteStudy) -> Iterator[Terrain]:
    settings, at = mission.terrain, (study.place.x_m, study.place.y_m)
    rng = np.random.default_rng((mission.study.seed, 19))
    fine = study.terrain
    if settings.error_m > 0.0:
        g = fine.grid
        reach = max(2, round(NEAR_M / g.cell_m))
        row, col = int((g.top_m - at[1]) / g.cell_m), int((at[0] - g.left_m) / g.cell_m)
        top, left = max(row - reach, 0), max(col - reach, 0)
        here = fine.crop(top, left, min(row + reach + 1, g.rows) - top, min(col + reach + 1, g.cols) - left)
        here = replace(here, far=fine)
        yield from drawn_errors(here, settings.error_m, settings.error_length_m, settings.grounds, rng)
    elif fine.synthetic_below_m is not None:
        yield from seeded(measured(region), at, 2.0 * NEAR_M, settings.fine_cell_m, settings.grounds, rng)
    else:
        raise InputError(
            f"[terrain] grounds = {settings.grounds}: the ground of {study.name} is measured, and no error of it is "
            "stated",
            "write [terrain] error_m and error_length_m",
        )
