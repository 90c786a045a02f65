"""The comparison of sites: criteria with their errors, and how firm their order is."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from lupex.model import Mission, Ranking, Reach, Site, Touchdown
from lupex.sites import SiteInputs, criteria_table, preferences, rank_candidates
from lupex.study.looks import FineLook


def compare(
    mission: Mission,
    sites: Sequence[Site],
    looks: Mapping[str, FineLook],
    landings: Mapping[str, tuple[Touchdown, Reach]],
) -> Ranking:
    """Ranking of the sites by the criteria that have weight in [ranking].

    Raises InputError when a criterion with weight has no map or value, MissionError for faulty weights.
    """
    inputs = [_inputs(mission, looks[s.candidate.name], *landings[s.candidate.name]) for s in sites]
    table = criteria_table(inputs, mission.ranking)
    rng = np.random.default_rng(mission.study.seed)
    return rank_candidates(table, mission.ranking, rng, preferences(mission.ranking), mission.study.workers)


def _inputs(mission: Mission, look: FineLook, touchdown: Touchdown, reach: Reach) -> SiteInputs:
    given = {"touchdown_probability": touchdown.probability, "reach_probability": reach.and_back}
    sigma = {"touchdown_probability": touchdown.monte_carlo_error, "reach_probability": 0.0}
    if math.isfinite(reach.distance_km):
        given["psr_drive_km"], sigma["psr_drive_km"] = reach.distance_km, 0.0
    return SiteInputs(
        look.candidate.name,
        look.terrain.grid,
        look.maps.layers,
        look.place.x_m,
        look.place.y_m,
        radius_m=max(mission.dispersion.along_sigma_m, mission.dispersion.cross_sigma_m),
        terrain=look.terrain,
        track_azimuth_true_deg=mission.dispersion.track_azimuth_true_deg,
        given=given,
        given_sigma=sigma,
    )
