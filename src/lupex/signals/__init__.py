"""What a radio signal between Earth and Moon does: directions, range, Doppler, sight lines, link budgets."""

from lupex.base.geodesy import geodetic_from_itrf, itrf_from_geodetic_m
from lupex.signals.budgets.along import MarginSeries, data_rate_along, data_volume_bits, margin_along
from lupex.signals.budgets.budget import LinkBudget
from lupex.signals.budgets.coding import codes
from lupex.signals.budgets.conditions import LinkConditions
from lupex.signals.budgets.link import downlink, uplink
from lupex.signals.budgets.surface import surface_link, surface_reach_m
from lupex.signals.budgets.tolerances import Tolerance
from lupex.signals.geometry.orbit import Orbit, orbit, place_orbit
from lupex.signals.geometry.sight_line import Mast, SightLine, sight_line
from lupex.signals.geometry.tracks import Track, doppler_hz, track, two_way

__all__ = [
    "LinkBudget",
    "LinkConditions",
    "MarginSeries",
    "Mast",
    "Orbit",
    "SightLine",
    "Tolerance",
    "Track",
    "codes",
    "data_rate_along",
    "data_volume_bits",
    "doppler_hz",
    "downlink",
    "geodetic_from_itrf",
    "itrf_from_geodetic_m",
    "margin_along",
    "orbit",
    "place_orbit",
    "sight_line",
    "surface_link",
    "surface_reach_m",
    "track",
    "two_way",
    "uplink",
]
