"""Drives that respect every constraint in space and time."""

from lupex.traverse.constraints import CONSTRAINTS, first_violation, slack_of, violations
from lupex.traverse.cost_raster import CostEdges, cost_edges, plan_on_cost
from lupex.traverse.edges import EDGE_CONSTRAINTS, Edges
from lupex.traverse.files import activities, timeline, write_traverse
from lupex.traverse.ground import blocked_share, drive_edges
from lupex.traverse.havens import HavenSettings, havens, safe_until
from lupex.traverse.obstruction import Obstruction, Relaxation, why_cut
from lupex.traverse.pareto import ParetoRoutes, pareto_routes
from lupex.traverse.reachable import Isochrones, isochrones, reachable
from lupex.traverse.risk import RiskSettings, risk
from lupex.traverse.route_light import light_along
from lupex.traverse.rover import array_factor, drive_energy_j_per_m, drive_speed_m_s, rover_model
from lupex.traverse.simulate import SimulationSettings, simulate
from lupex.traverse.static import Route, route
from lupex.traverse.walk import Profile, profile, replay
from lupex.traverse.smoothing import Polyline, smoothed
from lupex.traverse.tour import Tour, tour

__all__ = [
    "CONSTRAINTS",
    "EDGE_CONSTRAINTS",
    "CostEdges",
    "Edges",
    "HavenSettings",
    "Isochrones",
    "Obstruction",
    "ParetoRoutes",
    "Polyline",
    "Profile",
    "Relaxation",
    "RiskSettings",
    "Route",
    "SimulationSettings",
    "Tour",
    "activities",
    "array_factor",
    "blocked_share",
    "cost_edges",
    "drive_edges",
    "drive_energy_j_per_m",
    "drive_speed_m_s",
    "first_violation",
    "havens",
    "isochrones",
    "light_along",
    "pareto_routes",
    "plan_on_cost",
    "profile",
    "reachable",
    "replay",
    "risk",
    "route",
    "rover_model",
    "safe_until",
    "simulate",
    "slack_of",
    "smoothed",
    "timeline",
    "tour",
    "violations",
    "why_cut",
    "write_traverse",
]
