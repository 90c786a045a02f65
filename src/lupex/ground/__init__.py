"""Antennas, passes, link margins, contact plans."""

from lupex.ground.along import MarginSeries, data_rate_along, data_volume_bits, margin_along
from lupex.ground.budget import LinkBudget
from lupex.ground.coding import codes
from lupex.ground.conditions import LinkConditions
from lupex.ground.geodesy import geodetic_from_itrf, itrf_from_geodetic_m
from lupex.ground.geometry import Track, doppler_hz, track, two_way
from lupex.ground.link import downlink, uplink
from lupex.ground.orbit import Orbit, orbit
from lupex.ground.pass_rows import booked_rows, look_rows, plan_rows, sub_points, tracking_segment
from lupex.ground.passes import PassSettings, contact_plan, contact_plans, paired
from lupex.ground.radios import radio, radio_names
from lupex.ground.relay import place_windows, relay_plan, through_relay
from lupex.ground.schedule import schedule, without
from lupex.ground.schedule_inputs import drives_of, hidden_times, pass_rates
from lupex.ground.schedule_problem import ScheduleProblem
from lupex.ground.sight_line import Mast, SightLine, sight_line
from lupex.ground.stations import station, station_names, stations
from lupex.ground.surface import surface_link, surface_reach_m
from lupex.ground.tolerances import Tolerance

__all__ = [
    "LinkBudget",
    "LinkConditions",
    "MarginSeries",
    "Mast",
    "Orbit",
    "PassSettings",
    "ScheduleProblem",
    "SightLine",
    "Tolerance",
    "Track",
    "booked_rows",
    "codes",
    "contact_plan",
    "contact_plans",
    "data_rate_along",
    "data_volume_bits",
    "doppler_hz",
    "downlink",
    "drives_of",
    "geodetic_from_itrf",
    "hidden_times",
    "itrf_from_geodetic_m",
    "look_rows",
    "margin_along",
    "orbit",
    "paired",
    "pass_rates",
    "place_windows",
    "plan_rows",
    "radio",
    "radio_names",
    "relay_plan",
    "schedule",
    "sight_line",
    "station",
    "station_names",
    "stations",
    "sub_points",
    "surface_link",
    "surface_reach_m",
    "through_relay",
    "track",
    "tracking_segment",
    "two_way",
    "uplink",
    "without",
]
