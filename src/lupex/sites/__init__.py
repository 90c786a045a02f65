"""Criteria, constraints and candidate ranking."""

from lupex.sites.constraints import CONSTRAINTS, Constraint, constraint_mask, rules
from lupex.sites.dispersion import Dispersion, cell_shares, dispersion_at, ellipse
from lupex.sites.first_score import FinePlace, fine_score, pick, rerank
from lupex.sites.first_score_criteria import CRITERIA, Criterion, distance_to_shadow_km, site_scores
from lupex.sites.hazard import HazardMap, LanderLimits, hazard_map, lander_limits
from lupex.sites.landing_ground import landing_ground, spread_over
from lupex.sites.measures import SiteInputs, mean_around, path_clearance_m
from lupex.sites.rank_acceptability import rank_candidates
from lupex.sites.ranking_criteria import (
    DECISION_CRITERIA,
    DecisionCriterion,
    criteria_table,
    decision_criteria,
    preferences,
    used_criteria,
)
from lupex.sites.reach import REACH_MEANINGS, ReachLimits, ReachMap, reach_at, reach_limits, reach_map
from lupex.sites.touchdown import TouchdownMap, avoided, touchdown_at, touchdown_map
from lupex.sites.value import pareto_front, topsis_scores, weighted_sum_scores
from lupex.sites.weights import Preferences, checked_weights, draw_weights

__all__ = [
    "CONSTRAINTS",
    "CRITERIA",
    "DECISION_CRITERIA",
    "REACH_MEANINGS",
    "Constraint",
    "Criterion",
    "DecisionCriterion",
    "Dispersion",
    "FinePlace",
    "HazardMap",
    "LanderLimits",
    "Preferences",
    "ReachLimits",
    "ReachMap",
    "SiteInputs",
    "TouchdownMap",
    "avoided",
    "cell_shares",
    "checked_weights",
    "constraint_mask",
    "criteria_table",
    "decision_criteria",
    "dispersion_at",
    "distance_to_shadow_km",
    "draw_weights",
    "ellipse",
    "fine_score",
    "hazard_map",
    "lander_limits",
    "landing_ground",
    "mean_around",
    "pareto_front",
    "path_clearance_m",
    "pick",
    "preferences",
    "rank_candidates",
    "reach_at",
    "reach_limits",
    "reach_map",
    "rerank",
    "rules",
    "site_scores",
    "spread_over",
    "topsis_scores",
    "touchdown_at",
    "touchdown_map",
    "used_criteria",
    "weighted_sum_scores",
]
