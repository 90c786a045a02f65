"""Azimuth, elevation, range and range rate along a pass as text with fixed columns."""

from collections.abc import Sequence
from pathlib import Path

from lupex.io.atomic import write_bytes
from lupex.io.text import one_line

LOOK_COLUMNS = (
    ("time_utc", "Time (UTC)", 24, "s"),
    ("azimuth_true_deg", "Azimuth (deg)", 14, ".3f"),
    ("elevation_deg", "Elevation (deg)", 16, ".3f"),
    ("range_km", "Range (km)", 16, ".6f"),
    ("range_rate_km_s", "Range rate (km/s)", 18, ".9f"),
)
"""Key of a row, heading, width and format."""


def looks_text(rows: Sequence[dict[str, float | str]], station: str, spacecraft: str) -> str:
    """Azimuth, elevation, range and range rate as a table of text with fixed columns, a heading above.

    ``rows``: with the keys of `LOOK_COLUMNS`, as `lupex.ground.look_rows` gives them.
    """
    head = "".join(f"{title:>{width}}" for _, title, width, _ in LOOK_COLUMNS)
    rule = "".join(f"{'-' * (width - 2):>{width}}" for _, _, width, _ in LOOK_COLUMNS)
    lines = [f"{one_line(station)}-To-{one_line(spacecraft)}: azimuth, elevation, range", "", head, rule]
    for row in rows:
        lines.append("".join(f"{format(row[key], spec):>{width}}" for key, _, width, spec in LOOK_COLUMNS))
    return "\n".join(lines) + "\n"


def write_looks(path: str | Path, rows: Sequence[dict[str, float | str]], station: str, spacecraft: str) -> None:
    """Write `looks_text` atomically. Raises StoreError when it cannot be written."""
    write_bytes(path, looks_text(rows, station, spacecraft).encode())
