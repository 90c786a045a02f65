"""Figures of the chapter on launches: windows over the year, timelines, masses, the approach over the ground."""

from pathlib import Path
from typing import Any

import numpy as np

from lupex.base.constants import DAY_S
from lupex.base.frames import map_xy_m
from lupex.report.paper.finish import Note, finished
from lupex.report.paper.names import site_name, synthetic_of_study
from lupex.report.paper.panels import inches, map_note
from lupex.report.paper.style import BOTH, DEEP_BLUE, EARTH, GOLD, HAIR, INK, MARK, QUIET, SUN, Figure, new_figure
from lupex.report.paper.times import date_axis, utc_days
from lupex.report.paper.words import moment, number, plain, tidy
from lupex.report.trajectory.launch_files import arrival_tdb_s, timeline_rows
from lupex.results import StudyResult
from lupex.results.launches import LaunchStudy, SiteLaunches

REACH_KM = 120.0
"""Of the approach in the map and the profile, where the terrain reaches as far."""


def launch_figures(result: StudyResult, folder: Path) -> dict[str, Figure]:
    """Draw 'windows', 'timelines', 'masses' and 'approach' as far as there is something to draw.

    Args:
        result: of the study. folder: that receives the PNG files.
    """
    found = result.launches
    if found is None:
        return {}
    made = {"windows": _windows(result, found, folder), "approach": _approach(result, found, folder)}
    chosen = first_open(found)
    if chosen is not None:
        made |= {"timelines": _timelines(result, chosen, folder), "masses": _masses(result, chosen, folder)}
    return made


def first_open(found: LaunchStudy) -> SiteLaunches | None:
    """The best site with an open window; None where none has one."""
    return next((one for one in found.sites if one.best), None)


def _windows(result: StudyResult, found: LaunchStudy, folder: Path) -> Figure:
    names = len(found.sites)
    rows_in = 0.24 * names
    figure: Any = new_figure(7.2, 2.75 + rows_in)
    top = figure.add_axes(inches(figure, 0.75, 2.35, 5.55, rows_in))
    low = figure.add_axes(inches(figure, 0.75, 0.85, 5.55, 1.25))
    begins = found.sites[0].windows.launch_tdb_s
    days = utc_days(begins)
    edges = _edges(np.asarray(days, np.float64))
    lit = np.array([np.where(one.windows.open, one.windows.lit_days, np.nan) for one in found.sites])
    most = max(float(np.nanmax(lit, initial=1.0)), 1.0)
    top.set_facecolor(HAIR)
    drawn = top.pcolormesh(edges, np.arange(names + 1), np.ma.masked_invalid(lit), cmap="YlOrBr", vmin=0.0, vmax=most)
    for row in range(1, names):
        top.axhline(row, color="white", lw=0.8)
    for row, one in enumerate(found.sites):
        at = [edges[:-1][i] + 0.5 * (edges[1] - edges[0]) for i in one.best]
        top.plot(at, np.full(len(at), row + 0.5), "D", ms=3.6, mfc="none", mec=MARK, mew=1.1)
    top.set_ylim(names, 0)
    top.set_yticks(np.arange(names) + 0.5, labels=[site_name(one.site)[:12] for one in found.sites])
    top.tick_params(axis="y", length=0)
    top.tick_params(axis="x", labelbottom=False)
    _bar(figure, drawn, inches(figure, 6.4, 2.35, 0.09, rows_in), "lit days")
    flights = found.flight_days
    burns = low.pcolormesh(edges, _edges(flights), np.ma.masked_invalid(found.burns_m_s), cmap="viridis_r")
    low.set_ylabel("flight (days)", labelpad=2)
    low.set_xlabel("launch", labelpad=2)
    _bar(figure, burns, inches(figure, 6.4, 0.85, 0.09, 1.25), "m/s")
    for axes in (top, low):
        axes.set_xlim(edges[0], edges[-1])
        date_axis(axes)
    low.set_title("Burn towards the Moon and capture together, by flight time", fontsize=7.5, pad=3)
    top.set_title("Days of light after landing, where the window is open", fontsize=7.5, pad=3)
    settings = result.mission.trajectory
    heading = "When to launch"
    note = Note(
        stem="launch_windows",
        heading=heading,
        caption="Above: a row for each site, grey where a limit closes the window; diamonds are the timelines listed. "
        "Below: what the way costs; it follows the Moon's distance and has no site in it; white where no ellipse takes "
        "that long.",
        lines=f"patched conics with DE440 places · one launch looked at every {number(found.cell_hours, 0)} h · "
        f"{settings.transfer} · site's own light from {plain('height_m', settings.lander_height_m)} above ground, days "
        f"of light counted to at most {plain('season_days', result.mission.light.season_days)}",
        synthetic=synthetic_of_study(result),
        alt=f"Colour strips over a year: {heading}",
    )
    return finished(figure, folder, note, ["YlOrBr", "viridis_r"])


def _bar(figure: Any, drawn: Any, where: Any, label: str) -> None:
    bar = figure.colorbar(drawn, cax=figure.add_axes(where))
    bar.ax.tick_params(labelsize=6, length=2, pad=1.5)
    bar.ax.locator_params(nbins=4)
    bar.set_label(label, fontsize=6.5, labelpad=2)
    bar.outline.set_linewidth(0.4)


def _edges(middles: Any) -> Any:
    if middles.size == 1:
        return np.array([middles[0] - 0.5, middles[0] + 0.5])
    half = 0.5 * np.diff(middles)
    return np.concatenate([[middles[0] - half[0]], middles[:-1] + half, [middles[-1] + half[-1]]])


PARTS = (
    ("loops about the Earth", QUIET),
    ("to the Moon", EARTH),
    ("in lunar orbit", DEEP_BLUE),
    ("on lit ground", GOLD),
)


def _timelines(result: StudyResult, one: SiteLaunches, folder: Path) -> Figure:
    count = len(one.best)
    figure: Any = new_figure(7.2, 1.6 + 0.36 * count)
    axes = figure.add_axes(inches(figure, 1.25, 0.95, 5.6, 0.36 * count))
    w = one.windows
    for row, i in enumerate(one.best):
        launch, landing = float(w.launch_tdb_s[i]), float(w.landing_tdb_s[i])
        arrive = arrival_tdb_s(result, one, i)
        stops = np.array([launch, arrive - float(w.flight_s[i]), arrive, landing, landing + DAY_S * w.lit_days[i]])
        after = (stops - launch) / DAY_S
        for k, (name, colour) in enumerate(PARTS):
            axes.barh(row, after[k + 1] - after[k], left=after[k], height=0.55, color=colour, lw=0.0,
                      label=name if row == 0 else None)  # fmt: skip
        axes.text(
            after[3], row - 0.34, f"lands {moment(_utc(result, one, row, 'touchdown'))}", fontsize=5.8, va="bottom"
        )
    axes.set_yticks(range(count), labels=[moment(_utc(result, one, row, "launch")) for row in range(count)])
    axes.set_ylim(count - 0.5, -0.75)
    axes.set_xlim(left=0.0)
    axes.set_xlabel("days after launch", labelpad=2)
    axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=4, handlelength=1.0, columnspacing=1.2)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)
    heading = f"From launch to landing, {tidy(one.site)}"
    note = Note(
        stem="launch_timelines",
        heading=heading,
        caption="The best few windows of the best site that has one, at least a month of the Moon apart. Light after "
        "landing ends with the first dark spell that is not survived, or where the count ends.",
        lines="launch dates on the left · times of all events: tables/launch_timelines.csv",
        synthetic=synthetic_of_study(result),
        alt=f"Bars over days: {heading}",
    )
    return finished(figure, folder, note)


def _utc(result: StudyResult, one: SiteLaunches, choice: int, event: str) -> str:
    return next(
        str(row["utc"]) for row in timeline_rows(result, one) if row["choice"] == choice + 1 and row["event"] == event
    )


def _masses(result: StudyResult, one: SiteLaunches, folder: Path) -> Figure:
    assert one.budget is not None
    assert result.launches is not None
    rows = one.budget.rows
    figure: Any = new_figure(7.2, 1.3 + 0.26 * (len(rows) + 3))
    axes = figure.add_axes(inches(figure, 2.1, 0.85, 4.4, 0.26 * (len(rows) + 3)))
    names, top = ["injected"], rows[0].before_kg
    axes.barh(0, top, color=DEEP_BLUE, height=0.62)
    axes.text(top, 0, f" {number(top, 0)} kg", va="center", fontsize=6.5)
    for k, row in enumerate(rows, 1):
        names.append(row.name)
        axes.barh(k, row.spent_kg, left=row.after_kg, color=SUN if row.delta_v_m_s else QUIET, height=0.62)
        burn = f", {number(row.margined_m_s, 0)} m/s" if row.delta_v_m_s else ""
        axes.text(row.before_kg, k, f" −{number(row.spent_kg, 0)} kg{burn}", va="center", fontsize=6.5)
        axes.plot([row.after_kg, row.after_kg], [k - 0.31, k + 1.31], color=INK, lw=0.5)
    last = len(rows) + 1
    names.append("on the ground")
    axes.barh(last, one.budget.landed_kg, color=BOTH, height=0.62)
    axes.text(one.budget.landed_kg, last, f" {number(one.budget.landed_kg, 0)} kg", va="center", fontsize=6.5)
    masses = result.launches.masses
    if masses is not None:
        names.append("of it payload")
        axes.barh(last + 1, masses.payload_kg, color=MARK, height=0.62)
        axes.text(masses.payload_kg, last + 1, f" {number(masses.payload_kg, 0)} kg", va="center", fontsize=6.5)
    axes.set_yticks(range(len(names)), labels=names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(0.0, 1.22 * top)
    axes.set_xlabel("mass (kg)", labelpad=2)
    axes.tick_params(axis="y", length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    heading = f"Where the mass goes, {tidy(one.site)}"
    note = Note(
        stem="launch_masses",
        heading=heading,
        caption=f"Staged masses of the best window. Every burn carries a margin of "
        f"{plain('margin_fraction', result.mission.trajectory.delta_v_margin_fraction)}; gravity losses of the powered "
        "descent are in its burn.",
        lines="rocket equation burn by burn · engines, margins and masses: see assumptions in [trajectory], [lander]",
        synthetic=synthetic_of_study(result),
        alt=f"Falling bars of mass: {heading}",
    )
    return finished(figure, folder, note)


def _approach(result: StudyResult, found: LaunchStudy, folder: Path) -> Figure:
    over, grid = found.over, result.maps.grid
    near = over.to_go_m <= 1000.0 * REACH_KM
    figure: Any = new_figure(7.2, 3.5)
    axes = figure.add_axes(inches(figure, 0.35, 0.85, 2.15))
    extent = np.array([grid.left_m, grid.left_m + grid.cell_m * grid.cols, grid.top_m - grid.cell_m * grid.rows,
                       grid.top_m]) / 1000.0  # fmt: skip
    axes.imshow(result.maps["hillshade"], cmap="gray", extent=extent.tolist(), vmin=0.0, vmax=1.0)
    x, y = map_xy_m(over.lat_deg, over.lon_deg, grid.pole)
    axes.plot(x / 1000.0, y / 1000.0, color="white", lw=2.2)
    axes.plot(x / 1000.0, y / 1000.0, color=MARK, lw=1.2)
    axes.plot(x[-1:] / 1000.0, y[-1:] / 1000.0, "o", ms=4, mfc=MARK, mec="white", mew=0.8)
    half = min(REACH_KM, 0.5 * grid.cell_m * min(grid.shape) / 1000.0)
    middle = (float(x[-1]) / 1000.0, float(y[-1]) / 1000.0)
    axes.set_xlim(middle[0] - half, middle[0] + half)
    axes.set_ylim(middle[1] - half, middle[1] + half)
    axes.set_xlabel("map x, y (km)", labelpad=2)
    axes.tick_params(labelsize=5.5)
    side = figure.add_axes(inches(figure, 3.2, 0.95, 3.7, 1.95))
    km = over.to_go_m[near] / 1000.0
    side.fill_between(km, over.terrain_m[near] / 1000.0, float(np.nanmin(over.terrain_m[near])) / 1000.0 - 1.0,
                      color=QUIET, alpha=0.45, lw=0.0)  # fmt: skip
    side.plot(km, over.terrain_m[near] / 1000.0, color=QUIET, lw=0.9, label="ground")
    side.plot(km, over.height_m[near] / 1000.0, color=DEEP_BLUE, lw=1.4, label="lander")
    clearance, where = over.lowest
    if where <= 1000.0 * REACH_KM:
        side.axvline(where / 1000.0, color=MARK, lw=0.8, ls="--", label="least clearance")
    side.set_xlim(float(km.max()), 0.0)
    side.set_xlabel("ground distance to go (km)", labelpad=2)
    side.set_ylabel("height (km)", labelpad=2)
    side.legend(loc="upper right")
    for edge in ("top", "right"):
        side.spines[edge].set_visible(False)
    heading = f"The way in over the ground, {tidy(found.sites[0].site)}"
    note = Note(
        stem="launch_approach",
        heading=heading,
        caption="Left: the last part of the ground track over the region. Right: the guided descent over the same "
        "ground; heights above the 1737.4 km sphere.",
        lines=f"track azimuth at the site {plain('azimuth_deg', found.azimuth_true_deg)}, clockwise from true north "
        f"([dispersion]) · least height over the ground before the last kilometre {number(clearance, 0)} m\n"
        f"{map_note()}",
        synthetic=synthetic_of_study(result),
        alt=f"Map and profile: {heading}",
    )
    return finished(figure, folder, note, ["gray"])
