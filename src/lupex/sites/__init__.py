"""Criteria, constraints and candidate ranking."""

from lupex.sites.constraints import CONSTRAINTS, Constraint, constraint_mask, rules
from lupex.sites.criteria import CRITERIA, Criterion, distance_to_shadow_km, site_scores
from lupex.sites.ranking import FinePlace, fine_score, pick, rerank

__all__ = [
    "CONSTRAINTS",
    "CRITERIA",
    "Constraint",
    "Criterion",
    "FinePlace",
    "constraint_mask",
    "distance_to_shadow_km",
    "fine_score",
    "pick",
    "rerank",
    "rules",
    "site_scores",
]
