"""A span asked for against the times a table holds: cut to it, or refused; never only a label."""

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import SpanError
from lupex.base.utc import UtcLike, utc_span
from lupex.ephemeris import tdb_s_to_utc, utc_to_tdb_s
from lupex.model import SkyTable

ROUNDING_S = 0.6
"""UTC texts of whole seconds may miss the times they were made from by this."""


def within(sky: SkyTable, span_utc: tuple[UtcLike, UtcLike] | None) -> tuple[SkyTable, tuple[str, str]]:
    """The rows of a sky table inside a span, and that span as UTC texts.

    Args:
        sky: each time stands for one step that begins there.
        span_utc: first instant and end, not itself included; None for everything the table holds.

    Raises SpanError when the table does not cover the span, or no time falls into it.
    """
    times = sky.times_tdb_s
    if times.size == 0:
        raise SpanError("sky table: it holds no times", "make one with sky_span")
    end_s = float(times[-1]) + sky.step_s
    if span_utc is None:
        begin, end = tdb_s_to_utc(np.array([times[0], end_s]))
        return sky, (begin, end)
    first, last = utc_span(span_utc)
    start_s, stop_s = (float(t) for t in utc_to_tdb_s([first, last]))
    held = " to ".join(tdb_s_to_utc(np.array([times[0], end_s])))
    if start_s < times[0] - ROUNDING_S or stop_s > end_s + ROUNDING_S or not stop_s > start_s:
        raise SpanError(
            f"span {first} to {last}: the sky table holds {held}",
            "ask for a span inside it, or make a table of that span",
        )
    inside = (times > start_s - ROUNDING_S) & (times < stop_s - ROUNDING_S)
    if inside.all():
        return sky, (first, last)
    if not inside.any():
        raise SpanError(f"span {first} to {last}: no time of the sky table", "use a table of finer step")
    return sky.rows(inside), (first, last)


def even_step_s(times_tdb_s: F64) -> float:
    """The step (s) of evenly spaced times (time,). Raises SpanError for fewer than two times or uneven ones."""
    if times_tdb_s.size < 2:
        raise SpanError("light: statistics over time need at least two times", "use a finer step or a longer span")
    step_s = float((times_tdb_s[-1] - times_tdb_s[0]) / (times_tdb_s.size - 1))
    if float(np.ptp(np.diff(times_tdb_s))) > 1e-3 + 1e-9 * step_s:
        raise SpanError("light: the times are not evenly spaced", "use a constant step")
    return step_s
