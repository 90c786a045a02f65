"""A made-up drive, and copies of it whose printed numbers are spelled with other digits."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from lupex.ephemeris import utc_to_tdb_s
from lupex.model import DriveEnd, Grid, Haven, Rover, SiteDrive, Traverse, TraverseRisk
from lupex.report.drive.drive_spells import spells
from lupex.report.paper.times import utc_texts
from lupex.report.paper.words import number

if TYPE_CHECKING:
    from tests.report.made_up_study import Digits

START_UTC = "2028-10-14T06:20:00Z"
WINDOW = ("2028-10-12T00:00:00Z", "2028-11-03T00:00:00Z")
HOUR_S = 3600.0
ROVER = Rover(
    name="lupex",
    mass_kg=350.0,
    speed_m_s=0.045,
    max_up_slope_deg=25.0,
    max_down_slope_deg=25.0,
    max_cross_slope_deg=25.0,
    hotel_power_w=95.0,
    sleep_power_w=30.0,
    array_w=610.0,
    battery_wh=7000.0,
    min_charge_fraction=0.2,
    max_dark_hours=81.0,
)


def made_up_traverse(grid: Grid) -> Traverse:
    """A straight way out of the middle of the grid, a stop on it, drilling and measuring, and another way back.

    Every cell crossed takes 1.1 h, draws 250 Wh and is 1.02 cells long; the far third lies in the dark.
    """
    cells = min(12, grid.cols // 2 - 2)
    row, col = grid.rows // 2, grid.cols // 2
    out = [(row - i // 2, col + i) for i in range(cells + 1)]
    back = [*out[:-3:-1], *((r + (2 < i < cells - 2), c) for i, (r, c) in enumerate(out[-3::-1]))]
    plan = [*_leg(out[: cells // 2], "start"), _stand(out[cells // 2], "charge", 6.5), *_leg(out[cells // 2 :], "")]
    plan += [_stand(out[-1], "drill", 8.0, "target"), _stand(out[-1], "measure", 3.75), *_leg(back, "")]
    plan += [_stand(back[-1], "charge", 14.0), _stand(back[-1], "sleep", 20.0), _stand(back[-1], "end", 0.0, "end")]
    place, activity, hours, labels = (list(column) for column in zip(*plan, strict=True))
    drives = np.array([a == "drive" for a in activity])
    dark = np.array([c >= col + 2 * cells // 3 for _, c in place])
    took = np.array(hours)
    times = float(utc_to_tdb_s(START_UTC)[0]) + HOUR_S * np.concatenate([[0.0], np.cumsum(took)[:-1]])
    drawn = np.concatenate([[0.0], np.cumsum(np.where(drives, 250.0, 95.0 * took))[:-1]])
    flow = np.where(drives, -110.0, -35.0 * took) + np.where(dark, 0.0, np.where(drives, 60.0, 300.0 * took))
    way = np.concatenate([[0.0], np.cumsum(np.where(drives, 1.02 * grid.cell_m, 0.0))[:-1]])
    n = len(plan)
    battery = np.empty(n)
    since = np.zeros(n)
    battery[0] = 6900.0
    for i in range(n - 1):
        battery[i + 1] = min(7000.0, battery[i] + flow[i])
        since[i + 1] = since[i] + took[i] if dark[i] else 0.0
    safe = times + np.maximum(0.0, battery - 1400.0) / 95.0 * HOUR_S
    safe[-1] = np.nan
    summary = {
        "drive_hours": float(took[drives].sum()),
        "wait_hours": 0.0,
        "lowest_battery_wh": float(battery.min()) - 3.0,
    }
    return Traverse(
        name="into shadow and back",
        pole=grid.pole,
        times_tdb_s=times,
        x_m=grid.x_m()[[c for _, c in place]],
        y_m=grid.y_m()[[r for r, _ in place]],
        activity=tuple(activity),
        labels=tuple(labels),
        distance_m=way,
        energy_wh=drawn,
        battery_wh=battery,
        disc_fraction=np.where(dark, 0.0, 0.83),
        earth_in_view=~dark,
        dark_hours=since,
        slope_deg=np.where(drives, 4.2, np.nan),
        slack={"battery_wh": battery - 1400.0, "dark_hours": 81.0 - since, "step_m": np.full(n, np.nan)},
        safe_until_tdb_s=safe,
        summary=summary,
        notes=("the light is that of eyes 2 m above the ground", "no station is asked for"),
    )


def _stand(place: tuple[int, int], activity: str, hours: float, label: str = "") -> tuple[Any, ...]:
    return place, activity, hours, label


def _leg(places: list[tuple[int, int]], label: str) -> list[tuple[Any, ...]]:
    return [(place, "drive", 1.1, label if i == 0 else "") for i, place in enumerate(places)]


def made_up_drive(grid: Grid, rank: int) -> SiteDrive:
    """A drive at the sites of odd rank; the others have none."""
    if rank % 2 == 0:
        reason = "the battery cuts every way back; one of 9300 Wh opens a way of 61 h"
        return SiteDrive(rover=ROVER, target="Faustini", window_utc=WINDOW, step_s=900.0, reason=reason, static_km=13.7)
    traverse = made_up_traverse(grid)
    risk = TraverseRisk(
        survival=0.9731,
        survival_error=0.0016,
        draws=10_000,
        causes={"battery_wh": 0.0212, "dark_hours": 0.0057, "map_m": 0.0},
        battery_low_wh=(1811.0, 2790.0, 3020.0),
        late_hours=(0.0, 1.2, 7.9),
    )
    havens = tuple(
        Haven(
            label=f"haven {k + 1}",
            x_m=float(traverse.x_m[i]),
            y_m=float(traverse.y_m[i]),
            from_utc=WINDOW[0],
            until_utc=WINDOW[1],
            lit_fraction=0.93 - 0.1 * k,
            lowest_wh=4100.0 - 700 * k,
        )
        for k, i in enumerate((2, len(traverse) - 6))
    )
    return SiteDrive(
        rover=ROVER,
        target="",
        window_utc=WINDOW,
        step_s=900.0,
        traverse=traverse,
        risk=risk,
        havens=havens,
        reason="",
        static_km=2.31,
        end=made_up_end(traverse),
    )


def made_up_end(traverse: Traverse) -> DriveEnd:
    """Charging at the end of a drive, for 20 days and more."""
    arrival = float(traverse.times_tdb_s[-1])
    return DriveEnd(
        time_tdb_s=arrival, array_w=312.4, load_w=95.0, may_stay_until_tdb_s=arrival + 480.0 * HOUR_S,
        light_until_tdb_s=arrival + 480.0 * HOUR_S, lowest_wh=2345.0, need_wh=1876.0, ends_in="light",
    )  # fmt: skip


def respelled_end(end: DriveEnd, digits: "Digits") -> DriveEnd:
    """An end whose numbers and clocks are spelled with ``digits``."""
    begin = float(utc_to_tdb_s("2041-03-11T11:12:00Z" if _is_low(digits) else "2078-06-06T07:16:00Z")[0])
    until = _ascending(begin, 2, 230.0 * HOUR_S, digits, lambda a, b, _: utc_texts([b])[0][:16])[1]
    return replace(
        end, array_w=digits.value(end.array_w), load_w=digits.value(end.load_w), may_stay_until_tdb_s=float(until),
        light_until_tdb_s=float(until),
    )  # fmt: skip


def respelled_drive(drive: SiteDrive, digits: "Digits", respelled: Callable[[Any, Any], Any]) -> SiteDrive:
    """The drive with every number a report could print spelled with ``digits``."""
    return SiteDrive(
        rover=respelled_rover(drive.rover, digits),
        target=digits.text(drive.target),
        window_utc=digits.value(drive.window_utc),
        step_s=drive.step_s,
        traverse=None if drive.traverse is None else respelled_traverse(drive.traverse, digits),
        risk=respelled(drive.risk, digits),
        havens=respelled(drive.havens, digits),
        reason=digits.text(drive.reason),
        static_km=digits.value(drive.static_km),
        end=None if drive.end is None else respelled_end(drive.end, digits),
    )


def respelled_rover(rover: Rover, digits: "Digits") -> Rover:
    """Name, battery and darkness the rover outlives; what the report does not print stays."""
    full = digits.value(rover.battery_wh)
    share = _tried(lambda: digits.value(0.1), lambda share: number(full * share, 0), digits)
    return replace(
        rover, name=digits.text(rover.name), battery_wh=full, min_charge_fraction=share,
        max_dark_hours=digits.value(rover.max_dark_hours),
    )  # fmt: skip


def respelled_traverse(traverse: Traverse, digits: "Digits") -> Traverse:
    """Times, distances, charges and the rest such that clocks, durations and ways of the spells are spelled."""
    corners = [spell.first for spell in spells(traverse)]
    drives = np.array([traverse.activity[i] == "drive" for i in corners[:-1]])
    begin = "2041-03-11T11:12:00Z" if _is_low(digits) else "2078-06-06T07:16:00Z"
    times = _ascending(float(utc_to_tdb_s(begin)[0]), len(corners), 230.0 * HOUR_S, digits, _clock)
    way = _ascending(0.0, int(drives.sum()) + 1, 4.0, digits, lambda a, b, _: f"{number(b - a, 2)} {number(b, 1)}")
    way = np.append(0.0, way[np.cumsum(drives)])
    charge = [digits.value(6543.0) for _ in corners]
    where = np.arange(len(traverse))
    safe = np.full(len(traverse), np.nan)
    for corner, time in zip(corners[:-1], times, strict=False):
        safe[corner] = _ascending(time, 2, 230.0 * HOUR_S, digits, lambda a, b, _: utc_texts([b])[0][:16])[1]
    return replace(
        traverse, times_tdb_s=np.interp(where, corners, times), distance_m=1000.0 * np.interp(where, corners, way),
        battery_wh=np.interp(where, corners, charge), energy_wh=np.linspace(0.0, digits.value(6543.0), where.size),
        dark_hours=digits.table(np.full(where.size, 11.0)), slack=digits.table(dict(traverse.slack)),
        safe_until_tdb_s=safe, summary=digits.value(dict(traverse.summary)), notes=digits.value(traverse.notes),
        name=digits.text(traverse.name),
    )  # fmt: skip


def _clock(before: float, after: float, first: float) -> str:
    hours = (after - before) / HOUR_S
    return f"{utc_texts([after])[0][:16]} {number(hours, 2)} {number((after - first) / HOUR_S, 1)}"


def _ascending(
    first: float, count: int, most: float, digits: "Digits", shown: Callable[[float, float, float], str]
) -> Any:
    """``count`` values from ``first`` up, each at most ``most`` above the one before, such that what is ``shown`` of
    the one before, it and the first is spelled with ``digits``."""
    values = [first]
    while len(values) < count:
        before = values[-1]
        values.append(
            _tried(
                lambda before=before: before + most * (0.002 + digits.rng.uniform() ** 2),
                lambda after, before=before: shown(before, after, first),
                digits,
            )
        )
    return np.array(values)


def _tried(draw: Callable[[], float], shown: Callable[[float], str], digits: "Digits") -> float:
    """The first value drawn of which what is shown is spelled with ``digits``."""
    for _ in range(50_000):
        value = draw()
        if is_spelled(shown(value), digits):
            return value
    raise AssertionError("no such number was drawn")


def is_spelled(text: str, digits: "Digits") -> bool:
    """Whether every number of a text holds a 6, 7 or 8, or with low digits none does: then two such share none."""
    high = [not set("678").isdisjoint(token) for token in re.findall(r"[0-9]+(?:[.,][0-9]+)*", text)]
    return not any(high) if _is_low(digits) else all(high)


def _is_low(digits: "Digits") -> bool:
    return "1" in digits.alphabet
