"""A drive read as spells: what the rover does from when to when, and the numbers of the whole drive."""

import math
import string
from dataclasses import dataclass
from typing import Any

import numpy as np

from lupex.base.constants import HOUR_S
from lupex.model import DriveEnd, SiteDrive, Traverse
from lupex.report.paper.times import minute, utc_texts
from lupex.report.paper.words import quantity, tidy
from lupex.results import SiteResult


@dataclass(frozen=True)
class Spell:
    """One activity without a break: waypoints ``first`` to ``last`` (where the next one begins).

    ``place`` is the label of its first waypoint, ``letter`` the mark of a stop on the map ('' for drives).
    """

    activity: str
    first: int
    last: int
    place: str
    letter: str = ""


def spells(traverse: Traverse) -> list[Spell]:
    """The drive in order: waypoints of one activity on end are one spell; a label begins a new one.

    Standing spells at one place between two drives share the letter of that stop.

    Args:
        traverse: the timed drive.
    """
    starts = _starts(traverse)
    ends = [*starts[1:], len(traverse) - 1]
    found: list[Spell] = []
    stops = 0
    for first, last in zip(starts, ends, strict=True):
        activity = traverse.activity[first]
        if activity != "end" and not traverse.labels[first] and _at_once(traverse, first, last):
            continue
        letter = ""
        if activity not in ("drive", "end"):
            fresh = not found or not found[-1].letter
            stops += fresh
            letter = _letters(stops - 1) if fresh else found[-1].letter
        found.append(Spell(activity, first, last, tidy(traverse.labels[first]), letter))
    return found


def _at_once(traverse: Traverse, first: int, last: int) -> bool:
    return bool(traverse.times_tdb_s[first] == traverse.times_tdb_s[last])


def _starts(traverse: Traverse) -> list[int]:
    def fresh(i: int) -> bool:
        moved = traverse.x_m[i] != traverse.x_m[i - 1] or traverse.y_m[i] != traverse.y_m[i - 1]
        stands = traverse.activity[i] != "drive"
        return traverse.activity[i] != traverse.activity[i - 1] or bool(traverse.labels[i]) or (stands and moved)

    return [0, *(i for i in range(1, len(traverse)) if fresh(i))]


def _letters(index: int) -> str:
    """A, B, ... Z, AA, AB, ..."""
    letters = string.ascii_uppercase
    return letters[index] if index < len(letters) else _letters(index // len(letters) - 1) + letters[index % 26]


def longest_spells(every: list[Spell], traverse: Traverse, most: int) -> list[Spell]:
    """At most ``most`` spells in order: the named ones and the two ends first, then the longest."""
    if len(every) <= most:
        return every
    ends = (every[0], every[-1])
    weight = [(s in ends, bool(s.place), hours(traverse, s)) for s in every]
    kept = sorted(sorted(range(len(every)), key=lambda i: weight[i], reverse=True)[:most])
    return [every[i] for i in kept]


def hours(traverse: Traverse, spell: Spell) -> float:
    """How long a spell lasts."""
    return float(traverse.times_tdb_s[spell.last] - traverse.times_tdb_s[spell.first]) / HOUR_S


def distance_km(traverse: Traverse, spell: Spell) -> float:
    """How far the rover drives in it, on the ground."""
    return float(traverse.distance_m[spell.last] - traverse.distance_m[spell.first]) / 1000.0


def target_index(traverse: Traverse) -> int:
    """The waypoint where the way out ends: the first called 'target', else the place farthest from the start."""
    if "target" in traverse.labels:
        return traverse.labels.index("target")
    return int(np.argmax(np.hypot(traverse.x_m - traverse.x_m[0], traverse.y_m - traverse.y_m[0])))


def drive_numbers(drive: SiteDrive) -> dict[str, float]:
    """Named numbers of the whole drive; empty when there is none.

    What the planner says of itself counts (it knows the lows between waypoints too), else the waypoints.
    """
    traverse = drive.traverse
    if traverse is None:
        return {}
    t = traverse.times_tdb_s
    read = {
        "duration_hours": float(t[-1] - t[0]) / HOUR_S,
        "driven_km": float(traverse.distance_m[-1]) / 1000.0,
        "drawn_wh": float(traverse.energy_wh[-1]),
        "lowest_battery_wh": float(np.fmin.reduce(traverse.battery_wh)),
        "longest_dark_hours": float(np.fmax.reduce(traverse.dark_hours)),
    }
    return read | {name: traverse.summary[name] for name in LOWS if name in traverse.summary}


LOWS = ("lowest_battery_wh", "longest_dark_hours")
"""What may be worse between two waypoints than at both."""


def drive_row(site: SiteResult) -> dict[str, Any]:
    """The drive of a site as columns; empty when none was asked for."""
    drive = site.drive
    if drive is None:
        return {}
    row: dict[str, Any] = {"drive_target": tidy(drive.target), "drive_none_because": tidy(drive.reason)}
    row |= {"drive_shortest_km": drive.static_km}
    row |= {f"drive_{name}": value for name, value in drive_numbers(drive).items()}
    if drive.risk is not None:
        row |= {
            "drive_survival_probability": drive.risk.survival,
            "drive_survival_sigma": drive.risk.survival_error,
        }
    return row


def end_words(end: DriveEnd) -> str:
    """How the rover lives where a drive ends, in a sentence.

    Args:
        end: where and how the drive ends.
    """
    power = f"{quantity('array_w', end.array_w)} against {quantity('array_w', end.load_w)} of hotel power"
    until = minute(utc_texts([end.may_stay_until_tdb_s])[0])
    stay = f"{'may stay until at least' if end.may_stay_on else 'may stay until'} {until} (UTC)"
    over = f"over the next 24 h the array gives {power}"
    if end.ends_in == "light":
        return f"It ends charging in the light: {over}; the rover {stay}."
    if end.ends_in == "haven":
        return f"It ends in a haven: {over}, but the rover sleeps through the dark and {stay}."
    return f"The rover cannot go on living where it ends: {over}; it {stay}."


def end_row(end: DriveEnd | None) -> dict[str, Any]:
    """The end of a drive as columns of tables/drives.csv; None in all of them where there is no drive."""
    if end is None:
        return dict.fromkeys(END_COLUMNS)
    utc = utc_texts([end.time_tdb_s, end.may_stay_until_tdb_s])
    row = {
        "end_utc": utc[0],
        "end_array_w": end.array_w,
        "end_load_w": end.load_w,
        "may_stay_hours": end.may_stay_hours,
        "ends_in": end.ends_in,
        "may_stay_until_utc": utc[1],
        "end_need_wh": end.need_wh,
        "lowest_after_wh": end.lowest_wh,
    }
    return {name: None if isinstance(v, float) and not math.isfinite(v) else v for name, v in row.items()}


END_COLUMNS = ("end_utc", "end_array_w", "end_load_w", "may_stay_hours", "ends_in", "may_stay_until_utc", "end_need_wh",
               "lowest_after_wh")  # fmt: skip


def safe_texts(traverse: Traverse) -> list[str]:
    """Until when the rover may stand at each waypoint, '' where it is not known."""
    until = traverse.safe_until_tdb_s
    return [""] * len(traverse) if until is None else utc_texts(until)
