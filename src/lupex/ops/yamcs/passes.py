"""Passes of a schedule or calendar as items of a Yamcs timeline."""

from pathlib import Path
from typing import Any

from lupex.base.errors import InputError
from lupex.base.utc import civil_s
from lupex.io import read_calendar, read_simple_schedule
from lupex.ops.yamcs.write import timeline_items


def timeline_of_file(path: Path) -> list[dict[str, Any]]:
    """Timeline items of the passes in a Simple Schedule (.xml) or calendar (.ics). Raises InputError for others."""
    ending = path.suffix.lower()
    if ending not in (".xml", ".ics"):
        raise InputError(f"{path}: neither .xml nor .ics", "give a Simple Schedule or a calendar of passes")
    passes = read_simple_schedule(path)[1] if ending == ".xml" else read_calendar(path)
    return timeline_items(
        (f"{one.spacecraft} at {one.station}", one.start_utc, civil_s(one.stop_utc) - civil_s(one.start_utc))
        for one in passes
    )
