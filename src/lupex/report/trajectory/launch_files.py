"""Files of the chapter on launches: windows of every site, staged masses, the approach."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from lupex.base.constants import DAY_S
from lupex.io import write_csv
from lupex.report.paper.times import utc_texts
from lupex.report.paper.words import tidy
from lupex.results import StudyResult
from lupex.results.launches import LaunchStudy, SiteLaunches


def write_launches(result: StudyResult, folder: Path) -> None:
    """Write tables/launch_windows.csv, launch_timelines.csv, launch_masses.csv and launch_approach.csv.

    Args:
        result: of the study. folder: of the report.
    """
    found = result.launches
    if found is None:
        return
    tables = folder / "tables"
    columns = [one.windows.rows() for one in found.sites]
    rows = [
        [tidy(one.site), *values]
        for one, held in zip(found.sites, columns, strict=True)
        for values in zip(*(list(column) for column in held.values()), strict=True)
    ]
    write_csv(tables / "launch_windows.csv", ["site", *columns[0]], rows)
    timelines = [{"site": tidy(one.site), **row} for one in found.sites for row in timeline_rows(result, one)]
    names = ("site", "choice", "event", "utc", "days_after_launch", "delta_v_m_s")
    write_csv(tables / "launch_timelines.csv", names, [[row[name] for name in names] for row in timelines])
    write_csv(tables / "launch_masses.csv", ["site", *MASS], _masses(found))
    over = found.over
    write_csv(
        tables / "launch_approach.csv", ["to_go_m", "lat_deg", "lon_deg", "height_m", "terrain_m"],
        np.stack([over.to_go_m, over.lat_deg, over.lon_deg, over.height_m, over.terrain_m], axis=1)[::10].tolist(),
    )  # fmt: skip


MASS = ("name", "delta_v_m_s", "margined_m_s", "isp_s", "before_kg", "spent_kg", "after_kg")


def _masses(found: LaunchStudy) -> list[list[Any]]:
    return [
        [tidy(one.site), *(asdict(row)[name] for name in MASS)]
        for one in found.sites if one.budget is not None for row in one.budget.rows
    ]  # fmt: skip


def timeline_rows(result: StudyResult, one: SiteLaunches) -> list[dict[str, Any]]:
    """Events of the best few windows of a site: launch to the end of the light, UTC and days after launch.

    Args:
        result: of the study. one: of its sites.
    """
    w, rows = one.windows, []
    for choice, i in enumerate(one.best, 1):
        launch, landing = float(w.launch_tdb_s[i]), float(w.landing_tdb_s[i])
        arrive = arrival_tdb_s(result, one, i)
        events = (
            ("launch", launch, float("nan")),
            ("translunar burn", arrive - float(w.flight_s[i]), float(w.tli_m_s[i])),
            ("capture", arrive, float(w.loi_m_s[i])),
            ("touchdown", landing, w.descent_m_s),
            ("light ends", landing + DAY_S * float(w.lit_days[i]), float("nan")),
        )
        texts = utc_texts(np.array([t for _, t, _ in events]))
        rows += [
            {"choice": choice, "event": name, "utc": utc, "days_after_launch": (t - launch) / DAY_S, "delta_v_m_s": dv}
            for (name, t, dv), utc in zip(events, texts, strict=True)
        ]
    return rows


def arrival_tdb_s(result: StudyResult, one: SiteLaunches, row: int) -> float:
    """When a window arrives at the Moon.

    Args:
        result: of the study, for the length of the loops. one: a site. row: of its windows.
    """
    settings = result.mission.trajectory
    loops = DAY_S * settings.loop_days if settings.transfer == "loops" else 0.0
    return float(one.windows.launch_tdb_s[row] + loops + one.windows.flight_s[row])
