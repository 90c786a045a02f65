"""Passes and the plan (drives, commands) as items of a Yamcs timeline, and the bands that show them."""

import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lupex.base.errors import InputError
from lupex.base.gate import file_json, printable
from lupex.base.utc import civil_s, utc_text
from lupex.io import read_calendar, read_simple_schedule
from lupex.io.csv_table import read_csv_table
from lupex.ops.simulator.plan import read_plan
from lupex.packets.times.cuc import tai_to_utc

BANDS = {"pass": "Passes", "drive": "Drives", "command": "Commands"}
"""Tag of items -> name of the band that shows them, in order from the top."""
COMMAND_S = 60.0
"""A command takes no time of its own; it is drawn so long."""
_NAMES = uuid.UUID("5b0c7a52-52a9-4e1c-9a3b-5f2f0c5d9b11")
Item = dict[str, Any]


def timeline_items(rows: Iterable[tuple[str, str, float]], kind: str = "pass") -> list[Item]:
    """Items of a Yamcs timeline; equal rows have equal identities, so that an item posted again is known.

    Args:
        rows: (name, start UTC, duration s). kind: a key of BANDS, by which a band selects.
    """
    return [
        {
            "id": str(uuid.uuid5(_NAMES, f"{kind} {name} {start} {duration_s:.3f}")),
            "type": "EVENT", "name": name, "start": start, "duration": f"{duration_s:.3f}s", "tags": [kind],
        }
        for name, start, duration_s in rows
    ]  # fmt: skip


def passes_of_file(path: Path) -> list[Item]:
    """Timeline items of the passes in a Simple Schedule (.xml) or calendar (.ics). Raises InputError for others."""
    ending = path.suffix.lower()
    if ending not in (".xml", ".ics"):
        raise InputError(f"{path}: neither .xml nor .ics", "give a Simple Schedule or a calendar of passes")
    passes = read_simple_schedule(path)[1] if ending == ".xml" else read_calendar(path)
    return timeline_items(
        (f"{one.spacecraft} at {one.station}", one.start_utc, civil_s(one.stop_utc) - civil_s(one.start_utc))
        for one in passes
    )


def plan_of_file(path: Path) -> list[Item]:
    """Timeline items of a plan: a drive (.csv with start_time and end_time, as `lupex traverse plan` writes it), a plan
    of the simulator or the record of a day (.json). Raises InputError for others.

    Args:
        path: of the file.
    """
    ending = path.suffix.lower()
    if ending == ".csv":
        return timeline_items(_drive_rows(path), "drive")
    if ending != ".json":
        raise InputError(f"{path}: neither .csv nor .json", "give a drive, a plan of the simulator or a day.json")
    table = file_json(path, "a plan")
    if isinstance(table, dict) and "verdicts" in table:
        return _of_day(path, table)
    plan = read_plan(path)
    sent = [(one.name, one.execute_tai_s or one.send_tai_s, one.given) for one in plan.commands if not one.on_event]
    contacts = [("contact", tai_to_utc(start)[0], stop - start) for start, stop in plan.contacts_tai_s]
    return timeline_items(contacts) + _commands(sent)


def _drive_rows(path: Path) -> list[tuple[str, str, float]]:
    """Activities of a drive; those that follow each other under one name are one."""
    table = read_csv_table(path)
    if not {"start_time", "end_time"} <= set(table.header):
        raise InputError(f"{path}: no columns start_time and end_time", "give the CSV file of 'lupex traverse plan'")
    rows: list[tuple[str, str, float]] = []
    for where, cells in table.rows:
        try:
            start, stop = utc_text(cells["start_time"]), utc_text(cells["end_time"])
        except InputError as error:
            raise InputError(f"{where}: {error.what}", error.fix) from None
        length_s = civil_s(stop) - civil_s(start)
        if length_s < 0.0:
            raise InputError(f"{where}: ends before it begins", "swap start_time and end_time")
        name = printable(cells.get("activity") or cells.get("label") or "drive", 60)
        if rows and rows[-1][0] == name and abs(civil_s(rows[-1][1]) + rows[-1][2] - civil_s(start)) < 1.0:
            rows[-1] = (name, rows[-1][1], rows[-1][2] + length_s)
        else:
            rows.append((name, start, length_s))
    return rows


def _of_day(path: Path, table: dict[str, Any]) -> list[Item]:
    """Contacts and released commands of a day; drives last from their release to their end."""
    try:
        spans = [(float(start), float(stop)) for start, stop in table["contacts_tai_s"]]
        sent = [(str(one["command"]), float(one["released_tai_s"]), str(one["arguments"])) for one in table["commands"]]
        drives = [(str(one["name"]), float(one["begin_tai_s"]), float(one["time_s"])) for one in table["drives"]]
    except (KeyError, TypeError, ValueError):
        raise InputError(f"{path}: is no record of a day", "give the day.json of 'lupex ops day'") from None
    contacts = [("contact", tai_to_utc(start)[0], stop - start) for start, stop in spans]
    driven = [(name, tai_to_utc(start)[0], length_s) for name, start, length_s in drives]
    return timeline_items(contacts) + timeline_items(driven, "drive") + _commands(sent)


def _commands(sent: Iterable[tuple[str, float, Any]]) -> list[Item]:
    rows = []
    for name, tai_s, given in sent:
        told = given if isinstance(given, str) else " ".join(f"{key}={value}" for key, value in given.items())
        rows.append((printable(f"{name} {told}".strip(), 80), tai_to_utc(tai_s)[0], COMMAND_S))
    return timeline_items(rows, "command")
