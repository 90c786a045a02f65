"""The chapter from launch to landing: windows by site, the best few timelines, what lands, the payload beside it."""

import math

from lupex.base.constants import DAY_S
from lupex.model.settings.ground import NO_STATIONS
from lupex.report.paper.document import (
    Block,
    Heading,
    Items,
    Paragraph,
    Picture,
    Table,
    number_cell,
    text_cell,
)
from lupex.report.paper.names import site_name
from lupex.report.paper.style import Figure
from lupex.report.paper.times import minute, utc_texts
from lupex.report.paper.words import DASH, moment, number, percent, plain, sentence, tidy
from lupex.report.trajectory.launch_figures import first_open
from lupex.results import StudyResult
from lupex.results.launches import LaunchStudy, PayloadMass, SiteLaunches
from lupex.trajectory import MassBudget

REASONS = {
    "launch_azimuth": "azimuth at launch",
    "flight_time": "flight time",
    "orbit_plane": "plane of the orbit",
    "light": "dark at every landing allowed",
    "sun_elevation": "Sun too low",
    "earth": "Earth out of view",
    "contact": "no antenna in view",
    "lit_days": "too few days of light",
    "eclipse": "eclipse too long",
    "launch_energy": "energy of the launcher",
    "landed_mass": "landed mass",
}
LAUNCH_REFERENCES = (
    "Kizner, W. (1959). A Method of Describing Miss Distances for Lunar and Interplanetary Trajectories. JPL EP-674.",
    "Cherry, G. W. (1964). A General, Explicit, Optimizing Guidance Law for Rocket-Propelled Spaceflight. AIAA 64-638.",
)


def has_launches(result: StudyResult) -> bool:
    """Whether launches were looked at."""
    return result.launches is not None


def launch_blocks(result: StudyResult, figures: dict[str, Figure]) -> list[Block]:
    """Windows of every site, timelines, masses and payload, the approach.

    Args:
        result: of the study. figures: of this chapter.
    """
    found = result.launches
    if found is None:
        return []
    chosen = first_open(found)
    blocks: list[Block] = [Heading("From launch to landing", 1, "launch", True), Paragraph(_lead(result, found))]
    blocks += [Picture(figures[name]) for name in ("windows",) if name in figures]
    blocks.append(_sites_table(found))
    if chosen is not None and chosen.budget is not None:
        blocks += [Picture(figures[name]) for name in ("timelines",) if name in figures]
        blocks.append(_best_table(chosen))
        blocks += [Picture(figures[name], 0.9) for name in ("masses",) if name in figures]
        blocks.append(_mass_table(chosen.budget))
    blocks.append(Items(tuple(sentence(text) for text in _remarks(result, found))))
    blocks += [Picture(figures[name]) for name in ("approach",) if name in figures]
    files = "tables/launch_windows.csv, launch_timelines.csv, launch_masses.csv, launch_approach.csv"
    return [*blocks, Paragraph(f"All of it: {files}.", "note")]


def launch_method(result: StudyResult) -> list[str]:
    """How the windows were found.

    Args:
        result: of the study.
    """
    found = result.launches
    if found is None:
        return []
    return [
        "Launch windows. Patched conics with the Moon of DE440: in every cell the cheapest launch whose plane "
        "holds the pad and the Moon at arrival, within the launcher's azimuths; the plane of the lunar orbit holds the "
        "direction of arrival and the site at landing. Landings are tried by the hour against the site's light, "
        "Sun, Earth and antennas. The descent is flown by polynomial guidance (Cherry 1964) over a round Moon. A "
        "trajectory is "
        "integrated by `lupex trajectory design`, not here."
    ]


def _lead(result: StudyResult, found: LaunchStudy) -> str:
    m, settings = result.mission, result.mission.trajectory
    title = tidy(found.vehicles.launcher.name).upper().replace("_", "-")
    first = utc_texts(found.sites[0].windows.launch_tdb_s[[0, -1]])
    seen = [
        *(["the Earth"] if settings.earth_at_landing else []),
        *(["the Moon from an antenna"] if settings.contact_at_landing and m.ground.stations != NO_STATIONS else []),
    ]
    view = f"{' and '.join(seen)} in view, " if seen else ""
    way = "loops about the Earth and a last burn by the lander" if settings.transfer == "loops" else "one burn"
    return (
        f"Launches from {moment(first[0])} to {moment(first[1])}, one looked at every {number(found.cell_hours, 0)} h "
        f"([trajectory] study_days, study_cell_hours; `lupex trajectory windows` looks every 6 h), on "
        f"{title}, by {way}. A window is open when the lander comes down "
        f"within {number(settings.max_orbit_days, 0)} days in orbit on lit ground, the Sun at least "
        f"{plain('sun_deg', settings.min_sun_elevation_deg)} up, {view}with "
        f"{plain('min_lit_days', settings.min_lit_days)} of light ahead and at most "
        f"{number(settings.max_eclipse_hours, 0)} h of eclipse between arrival and landing. "
        f"Days of light are counted to at most {plain('season_days', m.light.season_days)}, one life on the surface."
    )


def _sites_table(found: LaunchStudy) -> Table:
    numbers = ("Open", "Longest light, d", "Highest Sun, °", "Least to capture, m/s", "Most landed, kg")
    header = (text_cell("Site"), *map(number_cell, numbers), text_cell("Closed most by"))
    rows = []
    for one in found.sites:
        w, here = one.windows, one.windows.open
        counts = one.windows.closed_counts()
        worst = ", ".join(f"{REASONS[name]} ({number(n, 0)})" for name, n in list(counts.items())[:2]) or DASH
        best = (w.lit_days[here].max(), w.sun_elevation_deg[here].max(), (w.lander_tli_m_s + w.loi_m_s)[here].min(),
                w.landed_kg[here].max()) if here.any() else (None,) * 4  # fmt: skip
        cells = (number(best[0], 1), number(best[1], 1), number(best[2], 0), number(best[3], 0))
        share = f"{number(here.sum(), 0)} of {number(here.size, 0)}"
        rows.append((text_cell(site_name(one.site)), number_cell(share), *map(number_cell, cells), text_cell(worst)))
    caption = (
        "Windows of every site over the span: how many are open and the best of them, each column by itself; light is "
        "counted to at most one life on the surface"
    )
    return Table(header, tuple(rows), caption)


def _best_table(one: SiteLaunches) -> Table:
    header = (text_cell("Launch (UTC)"), text_cell("Landing (UTC)"), *map(number_cell, (
        "Way, d", "TLI, m/s", "Capture, m/s", "Descent, m/s", "Landed, kg", "Light, d", "Sun, °", "Orbit in shadow",
        "Eclipse, h")), text_cell("Contact"))  # fmt: skip
    w, rows = one.windows, []
    for i in one.best:
        utc = utc_texts([w.launch_tdb_s[i], w.landing_tdb_s[i]])
        seen = [name for name, there in (("TLI", w.more.tli_contact[i]), ("capture", w.more.loi_contact[i]),
                                         ("landing", w.more.landing_contact[i])) if there]  # fmt: skip
        numbers = (
            number((w.landing_tdb_s[i] - w.launch_tdb_s[i]) / DAY_S, 1), number(w.tli_m_s[i], 0),
            number(w.loi_m_s[i], 0), number(w.descent_m_s, 0), number(w.landed_kg[i], 0), number(w.lit_days[i], 1),
            number(w.sun_elevation_deg[i], 1), percent(w.more.orbit_shadow_fraction[i]),
            number(w.more.eclipse_hours[i], 1),
        )  # fmt: skip
        rows.append((text_cell(minute(utc[0])), text_cell(minute(utc[1])), *map(number_cell, numbers),
                     text_cell(", ".join(seen) or DASH)))  # fmt: skip
    caption = (
        f"The best few of {site_name(one.site)}: most light first. TLI from the parking orbit, whoever gives it; "
        "eclipse: hours from arrival to landing in which the Earth hides part of the Sun; contact: an antenna sees it"
    )
    return Table(header, tuple(rows), caption)


def _mass_table(budget: MassBudget) -> Table:
    header = (text_cell("Step"), *map(number_cell, ("Δv, m/s", "with margin", "Isp, s", "Spent, kg", "Left, kg")))
    rows = tuple(
        (text_cell(row.name), *map(number_cell, (number(row.delta_v_m_s, 0), number(row.margined_m_s, 0),
         number(row.isp_s, 0), number(row.spent_kg, 0), number(row.after_kg, 0))))
        for row in budget.rows
    )  # fmt: skip
    return Table(header, rows, "Staged masses of the best window", "compact")


def _remarks(result: StudyResult, found: LaunchStudy) -> list[str]:
    texts = []
    masses = found.masses
    if masses is None:
        texts.append("No window of any site is open in this span: see what closes them in the table")
    else:
        texts.append(_payload_words(masses))
    propulsion, launcher = found.vehicles.propulsion, found.vehicles.launcher
    texts += [
        f"{launcher.name.upper().replace('_', '-')}: {tidy(source)}"
        for key, source in launcher.sources
        if key == "curve_mass_kg"
    ]
    texts.append(
        f"The lander is taken with {number(propulsion.wet_mass_kg, 0)} kg, {number(propulsion.thrust_n, 0)} N and "
        f"{number(propulsion.isp_s, 0)} s of specific impulse; what of it is an assumption says the table of facts"
    )
    texts.append(
        "The perigee of the last burn lies low over the same ground at every launch of one azimuth: where no antenna "
        "stands near it, contact comes only afterwards"
    )
    return texts


def _payload_words(masses: PayloadMass) -> str:
    text = (
        f"Of {number(masses.landed_kg, 0)} kg on the ground {number(masses.payload_kg, 0)} kg are payload "
        f"({masses.payload_source}); {number(masses.for_dry_kg, 0)} kg are left for the lander itself"
    )
    if math.isnan(masses.dry_kg):
        return f"{text}. Its dry mass is unpublished: the mass closes if the lander weighs no more than that"
    text += f", which weighs {number(masses.dry_kg, 0)} kg: the mass"
    if masses.margin_kg >= 0.0:
        return f"{text} closes, {number(masses.margin_kg, 0)} kg over"
    return f"{text} does not close, {number(-masses.margin_kg, 0)} kg short"
