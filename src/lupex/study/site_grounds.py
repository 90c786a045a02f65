"""A site over many grounds: what the error of its DEM, or the relief made up below it, leaves open.

Every ground goes the way of the site's own, to the place that was chosen there: skylines, light, hazards, touchdown,
reach and drive. See docs/theory/many_grounds.md.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from lupex.base.arrays import F32
from lupex.base.running import Running
from lupex.illumination import point_series, point_statistics
from lupex.mission import Mission
from lupex.model import SkyTable, Terrain
from lupex.model.quantities import label_of
from lupex.results import SiteStudy
from lupex.study.grounds_of_site import ground_source, grounds_of_site
from lupex.study.places import point_view
from lupex.study.stages.drive import site_drive, site_scene
from lupex.study.stages.landing import land
from lupex.study.stages.own_places import ground_of
from lupex.study.stages.region import Region, Skies
from lupex.study.stages.site import look_at_ground
from lupex.terrain import slope_deg
from lupex.terrain.grounds import band, enough_grounds

QUANTILE = 0.05
"""Quantiles are stated from this one on, at both ends."""
MAPS = ("season_lit_fraction", "season_longest_lit_days", "slope_deg", "hazard_probability")
"""Layers of which quantile maps are kept."""


def over_grounds(
    mission: Mission, region: Region, study: SiteStudy, sky: Skies, running: Running = Running()
) -> SiteStudy:
    """The study with its numbers over many grounds, and with maps of quantiles and probabilities among its layers.

    Numbers: quantiles as name_p05, name_p50, name_p95, standard deviations as name_sigma, and the probabilities that
    light and slope keep the limits and that there is a drive. [terrain] grounds_through says how far grounds go.

    Args:
        mission: number of grounds, errors and limits.
        region: terrain, maps and season of the region.
        study: of the site, after its own landing and drive.
        sky: sky tables of span and cycle.

    Raises InputError for fewer than 20 grounds, and as `grounds_of_site`.
    """
    enough_grounds(mission.terrain.grounds, QUANTILE)
    mission = ground_of(mission, study.name)
    mission = replace(mission, position=replace(mission.position, in_study=False))
    numbers: dict[str, list[float]] = {}
    layers: dict[str, list[F32]] = {}
    quiet = Running(running.workers)
    for number, whole in enumerate(grounds_of_site(mission, region.terrain, study.candidate), 1):
        found = _at_the_place(mission, whole, study, region.season_sky)
        if mission.terrain.grounds_through != "panel":
            further, held = _further(mission, region, study, whole, sky, quiet)
            found |= further
            for name, layer in held.items():
                layers.setdefault(name, []).append(layer)
        for name, value in found.items():
            numbers.setdefault(name, []).append(value)
        running.progress(number, mission.terrain.grounds, "grounds")
    result = {"grounds": float(mission.terrain.grounds), **_stated(numbers, mission)}
    source = ground_source(mission.terrain, study.terrain.synthetic_below_m is not None)
    if not layers:
        return replace(study, over_grounds=result, grounds_from=source)
    more, told = _quantile_maps(layers, mission, source)
    maps = replace(study.maps, layers=study.maps.layers | more, meanings=dict(study.maps.meanings) | told)
    return replace(study, over_grounds=result, grounds_from=source, maps=maps)


def _at_the_place(mission: Mission, ground: Terrain, study: SiteStudy, season: SkyTable) -> dict[str, float]:
    """Light from the panel and slope at the site's place."""
    x, y = study.place.x_m, study.place.y_m
    radius_m = mission.horizon.search_radius_km * 1000.0
    view = point_view(ground, x, y, mission.horizon.panel_height_m, radius_m=radius_m)
    numbers = point_statistics(point_series(view, season), mission.light.dark_below_disc_fraction)
    baseline_m = max(mission.terrain.fine_slope_baseline_m, 2.0 * ground.grid.cell_m)
    return {
        "season_lit_fraction": numbers["lit_fraction"],
        "season_longest_lit_days": numbers["longest_lit_hours"] / 24.0,
        "season_longest_dark_days": numbers["longest_dark_hours"] / 24.0,
        "slope_deg": float(slope_deg(ground, baseline_m)[ground.grid.cell_of(x, y)]),
    }


def _further(
    mission: Mission, region: Region, study: SiteStudy, whole: Terrain, sky: Skies, running: Running
) -> tuple[dict[str, float], dict[str, F32]]:
    """Touchdown, reach and drive at the site's place on one ground, and its layers on the site's cells."""
    look = replace(look_at_ground(mission, region, study.candidate, whole, sky, running), place=study.place)
    scene = site_scene(mission, region, look, running)
    landed = land(mission, look, scene, running)
    assert landed.touchdown is not None and landed.reach is not None
    found = {
        "touchdown_probability": landed.touchdown.probability,
        "reach_probability": landed.reach.probability,
        "psr_drive_km": landed.reach.distance_km,
    }
    if mission.terrain.grounds_through == "drive":
        drive = site_drive(mission, landed, scene, running)
        found["drive"] = float(drive.traverse is not None)
    maps = {name: landed.maps[name] for name in MAPS}
    limits = mission.sites
    maps["psr_probability"] = look.shadow.astype(np.float32)
    maps["lit_days_probability"] = _keeps(maps["season_longest_lit_days"] >= limits.min_lit_days, maps)
    maps["slope_probability"] = _keeps(maps["slope_deg"] <= limits.max_slope_deg, maps)
    return found, maps


def _keeps(kept: np.ndarray, maps: Mapping[str, F32]) -> F32:
    """1 where a limit is kept, 0 where not, NaN without data."""
    return np.where(np.isfinite(maps["slope_deg"]), kept, np.nan).astype(np.float32)


def _stated(numbers: Mapping[str, list[float]], mission: Mission) -> dict[str, float]:
    """Quantiles, deviations and probabilities of the numbers at the place."""
    result: dict[str, float] = {}
    for name, values in numbers.items():
        known = [value for value in values if np.isfinite(value)]
        if name != "drive" and len(known) * QUANTILE >= 1.0:
            result |= dict(zip((f"{name}_p05", f"{name}_p50", f"{name}_p95"), band(known), strict=True))
            result[f"{name}_sigma"] = float(np.std(known, ddof=1))
    limits = mission.sites
    lit, slope = np.array(numbers["season_longest_lit_days"]), np.array(numbers["slope_deg"])
    result["lit_days_probability"] = float((lit >= limits.min_lit_days).mean())
    result["slope_probability"] = float((slope <= limits.max_slope_deg).mean())
    if "drive" in numbers:
        result["drive_probability"] = float(np.mean(numbers["drive"]))
    return result


def _quantile_maps(
    layers: Mapping[str, list[F32]], mission: Mission, source: str
) -> tuple[dict[str, F32], dict[str, str]]:
    """Maps of quantiles and probabilities, and what each says."""
    found: dict[str, F32] = {}
    told: dict[str, str] = {}
    words = f"over {mission.terrain.grounds} grounds: {source}"
    limits = mission.sites
    kept = {
        "psr_probability": "share of grounds on which the cell lies in permanent shadow large enough to count",
        "lit_days_probability": f"share of grounds on which the longest lit spell of the season is "
        f"{limits.min_lit_days:g} days or more",
        "slope_probability": f"share of grounds on which the slope is {limits.max_slope_deg:g} degrees or less",
    }
    for name, stack in layers.items():
        if name in kept:
            found[name] = np.asarray(np.mean(stack, axis=0, dtype=np.float64), np.float32)
            told[name] = f"{kept[name]}, {words}"
            continue
        quantiles = np.quantile(
            np.asarray(stack, np.float64), [QUANTILE, 0.5, 1.0 - QUANTILE], axis=0, method="weibull"
        )
        for k, ending in enumerate(("p05", "p50", "p95")):
            found[f"{name}_{ending}"] = np.asarray(quantiles[k], np.float32)
            told[f"{name}_{ending}"] = f"{label_of(name)}, {int(ending[1:])} % quantile {words}"
    return found, told
