"""Tables of passes: CSV, and azimuth, elevation and range along a pass as text."""

from collections.abc import Sequence
from pathlib import Path

from lupex.io.atomic import write_bytes
from lupex.io.tables import csv_text
from lupex.model import PassRow

PASS_COLUMNS = ("number", "station", "site", "spacecraft", "band", "state", "start_utc", "stop_utc",
                "activity_start_utc", "activity_stop_utc", "purposes")  # fmt: skip

LOOK_COLUMNS = (
    ("time_utc", "Time (UTC)", 24, "s"),
    ("azimuth_true_deg", "Azimuth (deg)", 14, ".3f"),
    ("elevation_deg", "Elevation (deg)", 16, ".3f"),
    ("range_km", "Range (km)", 16, ".6f"),
    ("range_rate_km_s", "Range rate (km/s)", 18, ".9f"),
)
"""Key of a row, heading, width and format."""


def write_passes_csv(path: str | Path, rows: Sequence[PassRow]) -> None:
    """Write passes as CSV: columns in common first, then those the rows bring along. Raises StoreError."""
    extra = list(dict.fromkeys(key for row in rows for key in row.values))
    lines = [[*(_cell(row, key) for key in PASS_COLUMNS), *(row.values.get(key) for key in extra)] for row in rows]
    write_bytes(path, csv_text([*PASS_COLUMNS, *extra], lines).encode())


def looks_text(rows: Sequence[dict[str, float | str]], station: str, spacecraft: str) -> str:
    """Azimuth, elevation, range and range rate as a table of text with fixed columns, a heading above.

    ``rows``: with the keys of `LOOK_COLUMNS`, as `lupex.ground.look_rows` gives them.
    """
    head = "".join(f"{title:>{width}}" for _, title, width, _ in LOOK_COLUMNS)
    rule = "".join(f"{'-' * (width - 2):>{width}}" for _, _, width, _ in LOOK_COLUMNS)
    lines = [f"{station}-To-{spacecraft}: azimuth, elevation, range", "", head, rule]
    for row in rows:
        lines.append("".join(f"{format(row[key], spec):>{width}}" for key, _, width, spec in LOOK_COLUMNS))
    return "\n".join(lines) + "\n"


def write_looks(path: str | Path, rows: Sequence[dict[str, float | str]], station: str, spacecraft: str) -> None:
    """Write `looks_text` atomically. Raises StoreError when it cannot be written."""
    write_bytes(path, looks_text(rows, station, spacecraft).encode())


def _cell(row: PassRow, key: str) -> str | int:
    value: str | int = "; ".join(row.purposes) if key == "purposes" else getattr(row, key)
    return value
