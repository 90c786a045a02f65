"""Antennas, passes, link margins, contact plans."""

from lupex.ground.along import MarginSeries, data_rate_along, data_volume_bits, margin_along
from lupex.ground.budget import LinkBudget
from lupex.ground.coding import codes
from lupex.ground.conditions import LinkConditions
from lupex.ground.geodesy import geodetic_from_itrf, itrf_from_geodetic_m
from lupex.ground.link import downlink, uplink
from lupex.ground.radios import radio, radio_names
from lupex.ground.stations import station, station_names, stations
from lupex.ground.surface import surface_link, surface_reach_m
from lupex.ground.tolerances import Tolerance

__all__ = [
    "LinkBudget",
    "LinkConditions",
    "MarginSeries",
    "Tolerance",
    "codes",
    "data_rate_along",
    "data_volume_bits",
    "downlink",
    "geodetic_from_itrf",
    "itrf_from_geodetic_m",
    "margin_along",
    "radio",
    "radio_names",
    "station",
    "station_names",
    "stations",
    "surface_link",
    "surface_reach_m",
    "uplink",
]
