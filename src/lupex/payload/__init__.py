"""The payload: what instruments need and owe, where they fit with which margin, what an accommodation is worth.

`items`, `hosts`, `mounts` and `margin_policy` read the catalogue or files of one's own; `programme` joins them to one
multiple-choice programme; `fit` gives the accommodation with its proof; `budgets` its margins; `plan` lays activities
on a time line. Sources that contradict each other are shown, not resolved.
"""

from lupex.payload.budgets import budgets
from lupex.payload.changes import change_log, day, difference
from lupex.payload.exchange import changes_of, engineering_model, entry_text, tables
from lupex.payload.fit import fit, pareto
from lupex.payload.growth import fits_probability
from lupex.payload.operations import Activity, Timeline, check, plan
from lupex.payload.optimum import core, optimum
from lupex.payload.programme import Demands, Programme, programme
from lupex.payload.records import hosts, items, margin_policy, mounts
from lupex.payload.status import open_actions, status_html, status_markdown, status_rows
from lupex.payload.timeline import drive_timeline, station_activities, working_stop_s
from lupex.payload.views import blocked_fraction, terrain_fraction

__all__ = [
    "Activity",
    "Demands",
    "Programme",
    "Timeline",
    "blocked_fraction",
    "budgets",
    "change_log",
    "changes_of",
    "check",
    "core",
    "day",
    "difference",
    "drive_timeline",
    "engineering_model",
    "entry_text",
    "fit",
    "fits_probability",
    "hosts",
    "items",
    "margin_policy",
    "mounts",
    "open_actions",
    "optimum",
    "pareto",
    "plan",
    "programme",
    "station_activities",
    "status_html",
    "status_markdown",
    "status_rows",
    "tables",
    "terrain_fraction",
    "working_stop_s",
]
