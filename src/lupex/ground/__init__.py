"""Ground antennas: passes past both horizons, relays, and the schedule of passes."""

from lupex.ground.booking.inputs import drives_of, hidden_times, pass_rates
from lupex.ground.booking.problem import ScheduleProblem
from lupex.ground.booking.solve import schedule, without
from lupex.ground.passes.exchange import booked_rows, look_rows, plan_rows, sub_points, tracking_segment
from lupex.ground.passes.relay import place_windows, relay_plan, through_relay
from lupex.ground.passes.search import PassSettings, contact_plan, contact_plans, paired
from lupex.ground.passes.tables import booked_table, pass_table, series_table

__all__ = [
    "PassSettings",
    "ScheduleProblem",
    "booked_rows",
    "booked_table",
    "contact_plan",
    "contact_plans",
    "drives_of",
    "hidden_times",
    "look_rows",
    "paired",
    "pass_table",
    "pass_rates",
    "place_windows",
    "plan_rows",
    "relay_plan",
    "schedule",
    "series_table",
    "sub_points",
    "through_relay",
    "tracking_segment",
    "without",
]
