"""Drives that respect every constraint in space and time."""

from typing import Any

from lupex.base.version import renamed
from lupex.traverse.campaign.order_search import SearchLimits
from lupex.traverse.campaign.plan import CampaignSettings, plan_campaign
from lupex.traverse.checks.constraints import (
    CONSTRAINTS,
    DriveConstraint,
    DriveLog,
    drive_constraints,
    first_violation,
    slack_of,
    violations,
)
from lupex.traverse.checks.havens import HavenSettings, havens, safe_until, standing_dark_hours
from lupex.traverse.checks.living import LivingEnds, LivingRule, drive_end, living_ends, needs_to_stay
from lupex.traverse.checks.replay import Profile, profile, replay
from lupex.traverse.checks.risk import RiskSettings, risk
from lupex.traverse.checks.route_light import light_along
from lupex.traverse.checks.simulate import SimulationSettings, simulate
from lupex.traverse.in_time.plan import plan_in_time
from lupex.traverse.in_time.settings import NoDrive, Task, TimeSettings
from lupex.traverse.reach.maps import TimeReach, needed_battery, reach_in_time
from lupex.traverse.reach.start_needs import start_needs
from lupex.traverse.routes.cost_raster import CostEdges, cost_edges, plan_on_cost
from lupex.traverse.routes.pareto import ParetoRoutes, pareto_routes
from lupex.traverse.routes.reachable import Isochrones, isochrones, reachable
from lupex.traverse.routes.smoothing import Polyline, smoothed
from lupex.traverse.routes.static import Route, route
from lupex.traverse.routes.tour import Tour, tour
from lupex.traverse.steps.edge_table import blocked_share, drive_edges
from lupex.traverse.steps.edges import EDGE_CONSTRAINTS, Edges
from lupex.traverse.steps.obstruction import Obstruction, Relaxation, why_cut
from lupex.traverse.steps.rover import array_factor, drive_energy_j_per_m, drive_speed_m_s, rover_model

__all__ = [
    "CONSTRAINTS",
    "CampaignSettings",
    "CostEdges",
    "DriveConstraint",
    "DriveLog",
    "EDGE_CONSTRAINTS",
    "Edges",
    "Task",
    "HavenSettings",
    "Isochrones",
    "LivingEnds",
    "LivingRule",
    "NoDrive",
    "Obstruction",
    "ParetoRoutes",
    "Polyline",
    "Profile",
    "Relaxation",
    "RiskSettings",
    "Route",
    "SearchLimits",
    "SimulationSettings",
    "TimeReach",
    "TimeSettings",
    "Tour",
    "array_factor",
    "blocked_share",
    "cost_edges",
    "drive_constraints",
    "drive_edges",
    "drive_end",
    "drive_energy_j_per_m",
    "drive_speed_m_s",
    "first_violation",
    "havens",
    "isochrones",
    "light_along",
    "living_ends",
    "needed_battery",
    "needs_to_stay",
    "pareto_routes",
    "plan_campaign",
    "plan_in_time",
    "plan_on_cost",
    "profile",
    "reach_in_time",
    "reachable",
    "replay",
    "risk",
    "route",
    "rover_model",
    "safe_until",
    "simulate",
    "slack_of",
    "smoothed",
    "standing_dark_hours",
    "start_needs",
    "tour",
    "violations",
    "why_cut",
]


def __getattr__(name: str) -> Any:
    """Names of the release before, for one more release, each with a DeprecationWarning that names the new one."""
    return renamed(__name__, name, {"Errand": Task})
