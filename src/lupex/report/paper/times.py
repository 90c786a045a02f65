"""Times as pages write them."""

from datetime import datetime
from typing import Any

import numpy as np

from lupex.report.paper.words import DASH


def utc_texts(times_tdb_s: Any) -> list[str]:
    """UTC of each time, '' where it is not finite."""
    from lupex.ephemeris import tdb_s_to_utc

    times = np.asarray(times_tdb_s, dtype=np.float64)
    known = np.isfinite(times)
    texts = iter(tdb_s_to_utc(times[known])) if known.any() else iter(())
    return [next(texts) if k else "" for k in known]


def utc_days(times_tdb_s: Any) -> Any:
    """UTC of each time as days since 1970, as matplotlib counts them; NaN where it is not finite."""

    return np.array([day_number(text) if text else np.nan for text in utc_texts(times_tdb_s)])


def day_number(utc: str) -> float:
    """Days since 1970 of an ISO date or instant, as matplotlib counts them."""
    return (datetime.fromisoformat(utc.removesuffix("Z")) - datetime(1970, 1, 1)).total_seconds() / 86_400.0


def date_axis(axes: Any) -> None:
    """Ticks of dates, few enough to read."""
    from matplotlib import dates

    locator: Any = dates.AutoDateLocator(maxticks=10)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(dates.ConciseDateFormatter(locator, show_offset=False))  # type: ignore[no-untyped-call]


def minute(utc: str) -> str:
    """'2028-10-12 04:00' of an ISO text, midnight too; a dash of none."""
    return f"{utc[:10]} {utc[11:16]}" if utc else DASH
