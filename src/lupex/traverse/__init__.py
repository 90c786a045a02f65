"""Drives that respect every constraint in space and time."""

from lupex.traverse.edges import EDGE_CONSTRAINTS, Edges
from lupex.traverse.ground import blocked_share, drive_edges
from lupex.traverse.rover import array_factor, drive_energy_j_per_m, drive_speed_m_s, rover_model

__all__ = [
    "EDGE_CONSTRAINTS",
    "Edges",
    "array_factor",
    "blocked_share",
    "drive_edges",
    "drive_energy_j_per_m",
    "drive_speed_m_s",
    "rover_model",
]
