"""The Moon's gravity: its field, the axes it is given in, and the plumb line."""

from lupex.gravity.axes import pa_from_me
from lupex.gravity.field import PLUMB_LEFT_M, GravityField, acceleration_pa, deflection_rad, factors, lunar_field

__all__ = [
    "PLUMB_LEFT_M",
    "GravityField",
    "acceleration_pa",
    "deflection_rad",
    "factors",
    "lunar_field",
    "pa_from_me",
]
