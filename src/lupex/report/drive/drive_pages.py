"""The pages of a site's recommended drive into shadow and back, and the table that compares the sites' drives."""

import math

import numpy as np

from lupex.model import DriveEnd, Fact, Haven, SiteDrive, Traverse, TraverseRisk
from lupex.report.drive.drive_map import SPELLS_SHOWN
from lupex.report.drive.drive_spells import (
    Spell,
    distance_km,
    drive_numbers,
    end_words,
    hours,
    longest_spells,
    safe_texts,
    spells,
)
from lupex.report.paper.document import (
    Beside,
    Block,
    Cell,
    Heading,
    Items,
    Paragraph,
    Picture,
    Table,
    number_cell,
    text_cell,
)
from lupex.report.paper.names import site_stem, synthetic_label
from lupex.report.paper.style import Figure, file_stem
from lupex.report.paper.times import minute, utc_texts
from lupex.report.paper.words import (
    DASH,
    cause,
    label,
    moment,
    number,
    percent,
    plain,
    quantity,
    sentence,
    tidy,
    with_error,
)
from lupex.results import SiteResult, StudyResult
from lupex.traverse import drive_constraints

NOTES_SHOWN = 8
USED_FACTS = (
    "mass_kg", "speed_m_s", "max_slope_deg", "battery_wh", "solar_array_area_m2", "solar_array_efficiency_fraction",
    "hotel_power_w", "sleep_power_w", "drive_power_w", "drill_power_w", "measure_power_w", "night_survival_hours",
    "max_charge_w",
)  # fmt: skip
"""Facts of a rover that decide how it drives, draws and charges."""


def drive_blocks(
    result: StudyResult, site: SiteResult, name: str, anchor: str, figures: dict[str, Figure]
) -> list[Block]:
    """The section of the recommended drive; nothing when none was asked for.

    Args:
        result: of the study.
        site: the site of the page.
        name: of the site, as it stands in the heading.
        anchor: how the anchors of its headings begin.
        figures: of this site, by name.
    """
    drive = site.drive
    if drive is None:
        return []
    blocks: list[Block] = [Heading(f"Site {name}: recommended drive", 2, f"{anchor}-drive")]
    if drive.traverse is None:
        return [*blocks, *_no_drive(drive), *_assumed(result)]
    blocks.append(Paragraph(_words(drive, drive.traverse)))
    blocks += _assumed(result)
    blocks += [Picture(figures[k], share) for k, share in (("drive_map", 0.86),) if k in figures]
    numbers = _numbers_table(drive)
    right = [*([] if drive.risk is None else _risk_tables(drive.risk)), *_margin_table(drive.traverse)]
    blocks += [Beside(numbers, tuple(right))] if right else [numbers]
    blocks += _haven_table(drive.havens)
    blocks += [Picture(figures[k]) for k in ("drive_profile",) if k in figures]
    blocks += _timeline(site, drive.traverse)
    return blocks + _notes(drive.traverse)


def comparison_of_drives(result: StudyResult, _: dict[str, Figure]) -> list[Block]:
    """One table of every site's drive into shadow and back, by rank; nothing when none was asked for.

    Args:
        result: of the study.
    """
    sites = [s for s in sorted(result.sites, key=lambda s: s.site.rank) if s.drive is not None]
    if not sites:
        return []
    header = (
        *map(text_cell, ("Site", "Into")),
        *map(number_cell, ("Distance (km)", "Time (h)", "Lowest charge (Wh)", "Longest dark (h)", "Survival (%)")),
        text_cell("Ends in, may stay until (UTC)"),
    )
    rows = tuple(_comparison_row(site, site.drive) for site in sites if site.drive is not None)
    caption = (
        "Into the nearest permanent shadow and back to where the rover can go on living, in time and with its energy"
    )
    none = [(_name(site), site.drive) for site in sites if site.drive is not None and site.drive.traverse is None]
    reasons = tuple(f"{name}: no drive; {tidy(drive.reason) or 'no reason given'}." for name, drive in none)
    blocks: list[Block] = [Heading("Drive into shadow and back", 2, "drives"), Table(header, rows, caption)]
    return [*blocks, Items(tuple(reason.replace("..", ".") for reason in reasons))] if reasons else blocks


def _name(site: SiteResult) -> str:
    return tidy(site.site.candidate.name)[:40] or "unnamed site"


def _comparison_row(site: SiteResult, drive: SiteDrive) -> tuple[Cell, ...]:
    n, risk = drive_numbers(drive), drive.risk
    survival = DASH if risk is None else with_error("probability", risk.survival, risk.survival_error)
    return (
        text_cell(_name(site)),
        text_cell(tidy(drive.target) or DASH),
        number_cell(number(n.get("driven_km"), 2)),
        number_cell(number(n.get("duration_hours"), 1)),
        number_cell(number(n.get("lowest_battery_wh"), 0)),
        number_cell(number(n.get("longest_dark_hours"), 1)),
        number_cell(survival),
        text_cell("no drive" if drive.traverse is None else _ends_in(drive.end)),
    )


def _ends_in(end: DriveEnd | None) -> str:
    if end is None:
        return DASH
    return f"{end.ends_in or 'nowhere to live'}, {minute(utc_texts([end.may_stay_until_tdb_s])[0])}"


def _no_drive(drive: SiteDrive) -> list[Block]:
    reason = sentence(drive.reason) or "No reason was given."
    words = f"No drive into {_shadow(drive)} and back is recommended. {reason}"
    blocks: list[Block] = [Paragraph(words, "warning")]
    if math.isfinite(drive.static_km):
        static = quantity("distance_km", drive.static_km)
        blocks.append(
            Paragraph(f"With light and energy left aside, the shortest drivable way there and back is {static}.")
        )
    blocks.append(Paragraph(f"Searched for rover {tidy(drive.rover.name)} from {_window(drive)}.", "note"))
    return blocks


def _shadow(drive: SiteDrive) -> str:
    target = tidy(drive.target)[:80]
    if not target:
        return "the nearest permanent shadow"
    return f"the {target}" if target.lower().startswith("permanent shadow") else f"the permanent shadow “{target}”"


def _window(drive: SiteDrive) -> str:
    return f"{moment(drive.window_utc[0])} to {moment(drive.window_utc[1])} (UTC)"


def _words(drive: SiteDrive, traverse: Traverse) -> str:
    n, utc = drive_numbers(drive), utc_texts(traverse.times_tdb_s[[0, -1]])
    words = (
        f"From {minute(utc[0])} to {minute(utc[1])} (UTC) the rover {tidy(drive.rover.name)[:60]} drives into "
        f"{_shadow(drive)} and back to where it can go on living: {quantity('distance_km', n['driven_km'])} in "
        f"{quantity('duration_hours', n['duration_hours'])}. The charge falls to "
        f"{quantity('battery_wh', n['lowest_battery_wh'])} of {quantity('battery_wh', drive.rover.full_battery_wh)}; "
        f"the longest time without sunlight is {quantity('dark_hours', n['longest_dark_hours'])}."
    )
    if drive.end is not None:
        words += f" {end_words(drive.end)}"
    if drive.risk is None:
        return words
    return (
        words + f" With speed, energy and delays uncertain the survival probability is {percent(drive.risk.survival)}."
    )


def _assumed(result: StudyResult) -> list[Block]:
    """One sentence that names the rover's facts nobody has published."""
    assumed = [fact for fact in result.mission.rover if fact.key in USED_FACTS and _is_assumption(fact)]
    if not assumed:
        return []
    names = ", ".join(label(fact.key).lower() for fact in assumed)
    return [Paragraph(f"Assumptions stand in for what is not published of this rover: {names}. Another rover drives "
                      "another way; see the mission facts.", "note")]  # fmt: skip


def _is_assumption(fact: Fact) -> bool:
    return tidy(fact.source).startswith("assumption")


DOING = {
    "drive": "driving",
    "wait": "waiting",
    "charge": "charging",
    "sleep": "sleeping",
    "drill": "drilling",
    "measure": "measuring",
}


def _numbers_table(drive: SiteDrive) -> Table:
    n, rover, outlives = drive_numbers(drive), drive.rover, drive.rover.max_dark_hours
    known = drive.traverse.summary if drive.traverse is not None else {}
    rows = [("Duration", quantity("duration_hours", n["duration_hours"]))]
    times = {doing: known.get(f"{key}_hours", 0.0) for key, doing in DOING.items()}
    rows += [(doing, quantity("duration_hours", value)) for doing, value in times.items() if value > 0.0]
    rows += [(label(key), quantity(key, n[key])) for key in ("driven_km", "drawn_wh", "lowest_battery_wh")]
    rows += [
        ("least charge allowed", quantity("battery_wh", rover.least_battery_wh)),
        ("full charge", quantity("battery_wh", rover.full_battery_wh)),
        ("Longest time without sunlight", quantity("dark_hours", n["longest_dark_hours"])),
        ("most the rover outlives", quantity("dark_hours", outlives) if math.isfinite(outlives) else "no limit"),
        ("Shortest drivable way, light left aside", quantity("distance_km", drive.static_km)),
    ]
    if drive.end is not None:
        rows += [
            ("Array at the end, mean of the next 24 h", quantity("array_w", drive.end.array_w)),
            ("hotel power", quantity("array_w", drive.end.load_w)),
            ("Ends in", drive.end.ends_in or "no place to live on"),
            ("may stay until (UTC)", minute(utc_texts([drive.end.may_stay_until_tdb_s])[0])),
        ]
    cells = tuple((text_cell(name), number_cell(value)) for name, value in rows)
    return Table((text_cell("Drive"), number_cell("Value")), cells, "The drive in numbers", "compact")


def _risk_tables(risk: TraverseRisk) -> list[Block]:
    survival = with_error("probability", risk.survival, risk.survival_error)
    rows: list[tuple[str, str]] = [
        ("Survival probability (1σ)", f"{survival}\u00a0%" if survival != DASH else DASH),
        ("Monte Carlo samples", number(risk.draws, 0)),
    ]
    ordered = sorted(risk.causes.items(), key=lambda item: (-item[1], item[0]))
    rows += [(f"ended by: {constraint(name)}", percent(share)) for name, share in ordered if share > 0.0]
    cells = tuple((text_cell(name), number_cell(value)) for name, value in rows)
    caption = "With speed, energy and delays uncertain"
    odds = ("5th percentile", "Median", "95th percentile")
    spread = tuple(
        (text_cell(name), *(number_cell(quantity(key, value, with_unit=False)) for value in values))
        for name, key, values in (
            ("Lowest charge (Wh)", "battery_wh", risk.battery_low_wh),
            ("Late at the end (h)", "late_hours", risk.late_hours),
        )
    )
    return [
        Table((text_cell("Risk"), number_cell("Value")), cells, caption, "compact"),
        Table((text_cell("Over the samples"), *map(number_cell, odds)), spread, "", "compact"),
    ]


def constraint(name: str) -> str:
    """A constraint of a drive, or what ends one, in words."""
    return {row.name: row.label for row in drive_constraints()}.get(name) or cause(name)


def _margin_table(traverse: Traverse) -> list[Table]:
    """The least margin of every constraint, in the order of the one table; a dash where it does not apply."""
    if not traverse.slack:
        return []
    rows = []
    for row in drive_constraints():
        values = traverse.slack.get(row.name, np.zeros(0))
        left = values[np.isfinite(values)]
        least = float(left.min()) if left.size else math.nan
        shown = number(least, 0 if abs(least) >= 100.0 else 2)
        rows.append(
            (text_cell(row.label.capitalize()), number_cell(shown if shown == DASH else f"{shown}\u00a0{row.unit}"))
        )
    header = (text_cell("Limit"), number_cell("Least margin"))
    return [
        Table(header, tuple(rows), "Margins: the least left of every limit on the way; –: no such limit", "compact")
    ]


def _timeline(site: SiteResult, traverse: Traverse) -> list[Block]:
    every = spells(traverse)
    shown = longest_spells(every, traverse, SPELLS_SHOWN)
    utc, safe = utc_texts(traverse.times_tdb_s), safe_texts(traverse)
    known = any(safe)
    header = (
        *map(text_cell, ("Activity", "Place")),
        number_cell("From (UTC)"),
        *map(number_cell, ("Hours", "km", "Wh before", "Wh after")),
        *([number_cell("Safe until (UTC)")] if known else []),
    )
    rows: list[tuple[Cell, ...]] = []
    for i, spell in enumerate(shown):
        if i and every.index(spell) - every.index(shown[i - 1]) > 1:
            rows.append((text_cell("…"), *(text_cell("") for _ in header[1:])))
        more = (number_cell(minute(safe[spell.first])),) if known else ()
        rows.append((*_timeline_row(traverse, spell, utc), *more))
    caption = "Timeline. Place: the name, or the letter of the stop on the map"
    caption += (
        "; safe until: how long the rover could stand at the row's beginning and still come through" if known else ""
    )
    blocks: list[Block] = [Table(header, tuple(rows), caption, "compact")]
    short = "Shown are the named rows and the longest. " if len(shown) < len(every) else ""
    stem = f"drives/{drive_name(site)}"
    words = f"{short}The whole timeline: {stem}_activities.csv; every waypoint: {stem}.csv, .geojson and .gpkg."
    return [*blocks, Paragraph(words, "note")]


def _timeline_row(traverse: Traverse, spell: Spell, utc: list[str]) -> tuple[Cell, ...]:
    if spell.activity == "end":
        figures = [DASH, DASH, number(float(traverse.battery_wh[spell.first]), 0), DASH]
    else:
        driven = distance_km(traverse, spell)
        before, after = (float(traverse.battery_wh[i]) for i in (spell.first, spell.last))
        km = number(driven, 2) if spell.activity == "drive" else DASH
        figures = [number(hours(traverse, spell), 2), km, number(before, 0), number(after, 0)]
    place = " ".join(text for text in (spell.letter, spell.place) if text)
    return (
        text_cell(spell.activity),
        text_cell(place),
        number_cell(minute(utc[spell.first])),
        *map(number_cell, figures),
    )


def drive_name(site: SiteResult) -> str:
    """Name of a site's drive files, the synthetic label included; by rank where the site's name is not ASCII."""
    stem = site_stem(site) if site_stem(site).isascii() else f"site_{site.site.rank}"
    return file_stem(f"{stem}_drive", synthetic_label(site))


def _haven_table(havens: tuple[Haven, ...]) -> list[Block]:
    if not havens:
        return []
    header = (
        text_cell("Haven"),
        *map(number_cell, ("Safe from (UTC)", "until (UTC)", "Lit (%)", "Lowest charge (Wh)")),
    )
    rows = tuple(
        (
            text_cell(tidy(haven.label)[:40]),
            number_cell(moment(haven.from_utc)),
            number_cell(moment(haven.until_utc)),
            number_cell(quantity("lit_fraction", haven.lit_fraction, with_unit=False)),
            number_cell(number(haven.lowest_wh, 0)),
        )
        for haven in havens
    )
    return [Table(header, rows, "Safe havens by the way: where the rover can stand out a stay", "compact")]


def _notes(traverse: Traverse) -> list[Block]:
    if not traverse.notes:
        return []
    texts = [sentence(note) for note in traverse.notes[:NOTES_SHOWN]]
    more = ["… and more in study.json."] if len(traverse.notes) > NOTES_SHOWN else []
    return [Paragraph("What to know of this drive", "note"), Items((*texts, *more))]


def drive_method(result: StudyResult) -> list[str]:
    """How the recommended drives were planned, in words; nothing where none was asked for.

    Args:
        result: of the study.
    """
    if all(site.drive is None for site in result.sites):
        return []
    m = result.mission
    return [
        "Recommended drive. Steps between cells are checked along their whole length for climb, descent and side "
        "slope. The plan follows place, time and charge together: Sun and Earth (or a station) are read from the "
        f"skyline of every cell in time steps of {plain('step_minutes', m.traverse.step_minutes)}, the rover may "
        "drive, wait, charge or sleep, and must end in the light. Its chances are the share of drives that keep "
        f"every limit among {plain('draws', m.traverse.draws)} drawn with uncertain speed and power and with "
        "delays, each following the plan blindly."
    ]
