"""The comparison of sites: criteria with their errors, and how firm their order is."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lupex.base.running import Running
from lupex.io import read_terrain
from lupex.mission import Mission
from lupex.model import Grid, Ranking, Site
from lupex.results import SiteStudy
from lupex.sites import DECISION_CRITERIA, SiteInputs, criteria_table, preferences, rank_candidates, spread_over
from lupex.terrain import roughness_m
from lupex.terrain.skyline import heights_at
from lupex.thermal import ThermalMap

OVER_THE_ELLIPSE = {criterion.name for criterion in DECISION_CRITERIA if criterion.over_the_ellipse}

METHOD_WORDS = {
    "acceptability": "acceptability under uncertain weights and values",
    "weighted_sum": "the weighted sum of all criteria",
    "topsis": "TOPSIS",
}


def compare(
    mission: Mission,
    studies: Sequence[SiteStudy],
    running: Running = Running(),
) -> Ranking | None:
    """Ranking of the sites by the criteria that have weight in [ranking]; None for a single site.

    Args:
        mission: the settings.
        studies: the sites as far as they are studied.

    Raises InputError when a criterion with weight has no map or value, MissionError for faulty weights.
    """
    if len(studies) < 2:
        return None
    inputs = [_inputs(mission, study) for study in studies]
    table = criteria_table(inputs, mission.ranking)
    rng = np.random.default_rng(mission.study.seed)
    return rank_candidates(table, mission.ranking, rng, preferences(mission.ranking), running)


def in_order(sites: Sequence[Site], ranking: Ranking | None) -> list[Site]:
    """The sites in the order of the ranking, with its rank and a first reason that says so; as they are without one."""
    if ranking is None:
        return list(sites)
    by_name = {site.candidate.name: site for site in sites}
    row = {name: i for i, name in enumerate(ranking.table.alternatives)}
    ordered = []
    for rank, name in enumerate(ranking.order, 1):
        share = 100.0 * float(ranking.rank_acceptability[row[name], 0])
        words = f"rank {rank} by {METHOD_WORDS[ranking.method]}; first in {share:.1f} % of the draws"
        site = by_name[name]
        ordered.append(replace(site, rank=rank, reasons=(words, *site.reasons)))
    return ordered


def _inputs(mission: Mission, look: SiteStudy) -> SiteInputs:
    touchdown, reach = look.touchdown, look.reach
    assert touchdown is not None and reach is not None and look.shares is not None
    given = {"touchdown_probability": touchdown.probability, "reach_probability": reach.probability}
    sigma = {"touchdown_probability": look.touchdown_sigma, "reach_probability": look.reach_sigma}
    given["season_longest_earth_gap_days"], sigma["season_longest_earth_gap_days"] = look.earth_gap_days, 0.0
    if math.isfinite(reach.distance_km):
        given["psr_drive_km"], sigma["psr_drive_km"] = reach.distance_km, 0.0
    layers = {**look.maps.layers, **_more_layers(mission, look)}
    for name in OVER_THE_ELLIPSE & layers.keys():
        spread = spread_over(layers[name], look.shares)
        if spread is not None:
            given[name], sigma[name] = spread.mean, spread.sigma
    for name in sigma:
        of_grounds = look.over_grounds.get(f"{name}_sigma", 0.0)
        sigma[name] = math.hypot(sigma[name], of_grounds if math.isfinite(of_grounds) else 0.0)
    return SiteInputs(
        name=look.candidate.name,
        grid=look.terrain.grid,
        layers=layers,
        x_m=look.place.x_m,
        y_m=look.place.y_m,
        radius_m=max(mission.dispersion.along_sigma_m, mission.dispersion.cross_sigma_m),
        terrain=look.terrain,
        track_azimuth_true_deg=mission.dispersion.track_azimuth_true_deg,
        given=given,
        given_sigma=sigma,
    )


def _more_layers(mission: Mission, look: SiteStudy) -> dict[str, NDArray[np.float32]]:
    """Layers only the comparison asks for: roughness over the fine baseline, ground more likely hazardous than not."""
    hazard = look.maps["hazard_probability"]
    ice = (
        {}
        if mission.ranking.weight_ice <= 0.0
        else {"ice_depth_m": ice_depth_m(mission, look.terrain.grid, look.thermal)}
    )
    baseline_m = max(mission.terrain.fine_slope_baseline_m, 2.0 * look.terrain.grid.cell_m)
    return {
        "roughness_m": roughness_m(look.terrain, baseline_m),
        "hazard_fraction": np.where(np.isnan(hazard), np.nan, hazard > 0.5).astype(np.float32),
        **ice,
    }


def ice_depth_m(mission: Mission, grid: Grid, heat: ThermalMap | None = None) -> NDArray[np.float32]:
    """Depth at which ice is stable (row, col), m, on ``grid``; NaN where unknown, 9990 where stable nowhere.

    From the mission's map, bilinear, where it names one; else from the site's own map of ice, nearest cell.
    Raises InputError when the map cannot be read.
    """
    x, y = grid.xy_m()
    if mission.ranking.ice_depth_map != "none":
        return heights_at(read_terrain(mission.ranking.ice_depth_map, judged=False), x, y).astype(np.float32)
    assert heat is not None  # the mission's check asks for one of the two
    own, depth = heat.maps.grid, heat.maps["ice_depth_m"]
    col = np.clip(((x - own.left_m) / own.cell_m).astype(int), 0, own.cols - 1)
    row = np.clip(((own.top_m - y) / own.cell_m).astype(int), 0, own.rows - 1)
    return np.asarray(depth[row, col], np.float32)
