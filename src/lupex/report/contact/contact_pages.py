"""The pages of a site's contacts with the antennas on the ground, and the table that compares the sites."""

import math

from lupex.model import Fact, PassLink, SiteContacts, StationTotal
from lupex.model.settings.ground import NO_STATIONS
from lupex.report.contact.contact_booking import booking_blocks
from lupex.report.contact.contact_reading import longest_gaps, mean_highest_deg, representative
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
from lupex.report.paper.names import site_stem, station_name, synthetic_label
from lupex.report.paper.style import Figure, file_stem
from lupex.report.paper.times import minute, utc_texts
from lupex.report.paper.words import DASH, label, number, plain, quantity, sentence, tidy
from lupex.results import SiteResult, StudyResult

GAPS_SHOWN = 6
NOTES_SHOWN = 8
STATION_FACTS = ("min_elevation_deg", "height_m", "accuracy_m", "setup_s", "teardown_s", "cost_per_hour")
"""Facts of a station that may stand on an assumption and decide passes or cost; those of its radio are added."""


def contact_blocks(
    result: StudyResult, site: SiteResult, name: str, anchor: str, figures: dict[str, Figure]
) -> list[Block]:
    """The section on the antennas on the ground; one line when there is none.

    Args:
        result: of the study.
        site: the site of the page.
        name: of the site, as it stands in the heading.
        anchor: how the anchors of its headings begin.
        figures: of this site, by name.
    """
    contacts = site.contacts
    if contacts is None:
        return [Paragraph(_not_computed(result), "note")]
    some = bool(contacts.plan.passes)
    blocks: list[Block] = [Heading(f"Site {name}: contact with the antennas", 2, f"{anchor}-contact")]
    if not some:
        words = f"No antenna asked for has contact with the site from {_span(contacts)}."
        return [*blocks, Paragraph(words, "warning"), *_without_passes(contacts), *_notes(contacts)]
    blocks += [Paragraph(_words(contacts)), *_assumed(contacts)]
    blocks += [Picture(figures[k]) for k in ("contact_timeline",) if k in figures]
    blocks += [_stations_table(contacts), *_without_passes(contacts), *_needs(contacts)]
    blocks += [Picture(figures[k]) for k in ("contact_pass",) if k in figures]
    one, gaps = _pass_table(contacts), _gaps_table(contacts)
    blocks += [Beside(one, (gaps,))] if one is not None else [gaps]
    return [*blocks, *booking_blocks(contacts), *_notes(contacts), Paragraph(_files(site, contacts), "note")]


def comparison_of_contacts(result: StudyResult, _: dict[str, Figure]) -> list[Block]:
    """One table of every site's contacts, by rank; nothing when none were computed.

    Args:
        result: of the study.
    """
    sites = [s for s in sorted(result.sites, key=lambda s: s.site.rank) if s.contacts is not None]
    if not sites:
        return []
    booked = any(s.contacts is not None and s.contacts.schedule is not None for s in sites)
    header = (
        text_cell("Site"),
        *map(number_cell, ("Passes", "Contact (h)", "Mean (h a day)", "Least (h a day)", "Days without")),
        *map(number_cell, ("Longest gap (h)", "Data (Gbit)")),
        *([number_cell("Cost booked")] if booked else []),
    )
    rows = tuple(_comparison_row(site, site.contacts, booked) for site in sites if site.contacts is not None)
    caption = "With any of the antennas asked for, over the span of the contacts; data at the highest rate that closes"
    return [Heading("Contact with the antennas", 2, "contacts"), Table(header, rows, caption)]


def _comparison_row(site: SiteResult, contacts: SiteContacts, booked: bool) -> tuple[Cell, ...]:
    n = contacts.summary
    cost = None if contacts.schedule is None else contacts.schedule.cost
    return (
        text_cell(tidy(site.site.candidate.name)[:40] or "unnamed site"),
        number_cell(number(n.get("passes"), 0)),
        number_cell(number(n.get("contact_hours"), 1)),
        number_cell(number(n.get("contact_hours_per_day_mean"), 1)),
        number_cell(number(n.get("contact_hours_per_day_least"), 1)),
        number_cell(number(n.get("days_without_contact"), 0)),
        number_cell(number(n.get("longest_gap_hours"), 1)),
        number_cell(number(n.get("volume_gbit"), 1)),
        *([number_cell(number(cost, 1))] if booked else []),
    )


def _not_computed(result: StudyResult) -> str:
    if result.mission.ground.stations == NO_STATIONS:
        return "Contact with antennas on the ground was not computed: [ground] stations asks for none."
    return "Contact with antennas on the ground was not computed in this study."


def _span(contacts: SiteContacts) -> str:
    return f"{minute(contacts.span_utc[0])} to {minute(contacts.span_utc[1])} (UTC)"


def _words(contacts: SiteContacts) -> str:
    n = contacts.summary
    words = (
        f"From {_span(contacts)} the antennas see the site in {number(n.get('passes'), 0)} passes; some antenna has "
        f"contact for {quantity('contact_hours', n.get('contact_hours'))}, "
        f"{number(n.get('contact_hours_per_day_mean'), 1)} hours a day in the mean. "
    )
    if contacts.longest_gap_start_utc:
        words += (
            f"The longest time without any is {quantity('gap_hours', contacts.longest_gap_hours)}, from "
            f"{minute(contacts.longest_gap_start_utc)}. "
        )
    else:
        words += "There is no time without any. "
    volume = n.get("volume_gbit", math.nan)
    words += (
        f"At the highest rate that closes, {number(volume, 1)} Gbit can come down, every moment counted once. "
        if math.isfinite(volume)
        else "How much data can come down is not known. "
    )
    words += f"The antenna of the site stands {plain('height_m', float(contacts.antenna_height_m))} above the ground."
    return words + (" Times with the Sun too near to the beam are left out." if contacts.sun_excluded else "")


def _is_assumption(fact: Fact) -> bool:
    return tidy(fact.source).startswith("assumption")


def _assumed(contacts: SiteContacts) -> list[Block]:
    """What stands on an assumption: of the radio, and of which antennas."""
    radio, texts = contacts.radio, []
    own = [label(fact.key).lower() for fact in radio.facts if _is_assumption(fact)]
    if own:
        texts.append(f"Assumptions stand in for what is not published of the radio {tidy(radio.title)[:60]}: "
                     f"{', '.join(own)}.")  # fmt: skip
    by_key: dict[str, list[str]] = {}
    for station in contacts.stations:
        for fact in station.facts:
            if _is_assumption(fact) and (fact.key in STATION_FACTS or fact.key.startswith(f"{radio.band.lower()}_")):
                by_key.setdefault(label(fact.key).lower(), []).append(station_name(station.name))
    if by_key:
        every = len(contacts.stations)
        listed = [f"{key} ({'all' if len(who) == every else ', '.join(who)})" for key, who in by_key.items()]
        texts.append(f"Of the antennas: {'; '.join(listed)}.")
    words = "Other numbers give other links; state your own in files of the radio and the stations."
    return [Paragraph(" ".join([*texts, words]), "note")] if texts else []


def _stations_table(contacts: SiteContacts) -> Table:
    header = (
        *map(text_cell, ("Antenna", "")),
        *map(number_cell, ("Passes", "Hours", "Longest", "Highest", "Mean", "Down (dB)", "Up (dB)", "kbit/s", "Gbit")),
    )
    rate = next((one.margin_rate_bps for one in contacts.links if math.isfinite(one.margin_rate_bps)), math.nan)
    at = f" at {number(rate / 1e3, 1)} kbit/s" if math.isfinite(rate) else ""
    caption = (
        "Antennas: passes, hours of contact, the longest pass (h), the highest elevation and the mean over the passes "
        f"of their highest (°). Down: least to greatest margin of the downlink{at}; up: the least of commands; each "
        "the mean less the standard deviations of [link]. Highest rate that closes, and the data it brings down, each "
        "antenna alone"
    )
    return Table(header, tuple(_station_row(contacts, total) for total in contacts.totals), caption, "compact")


def _station_row(contacts: SiteContacts, total: StationTotal) -> tuple[Cell, ...]:
    return (
        text_cell(station_name(total.station)),
        text_cell(tidy(total.title)[:48]),
        number_cell(number(total.passes, 0)),
        number_cell(number(total.hours, 1)),
        number_cell(number(total.longest_hours, 1)),
        number_cell(number(total.max_elevation_deg, 1)),
        number_cell(number(mean_highest_deg(contacts, total.station), 1)),
        number_cell(_margins(total)),
        number_cell(number(total.up_margin_db, 1)),
        number_cell(_rate(total.highest_rate_bps)),
        number_cell(number(total.volume_bits / 1e9, 1)),
    )


def _margins(link: StationTotal | PassLink) -> str:
    if not math.isfinite(link.worst_margin_db):
        return DASH
    return f"{number(link.worst_margin_db, 1)} to {number(link.best_margin_db, 1)}"


def _rate(rate_bps: float) -> str:
    return "none closes" if rate_bps == 0.0 else number(rate_bps / 1e3, 1)


def _without_passes(contacts: SiteContacts) -> list[Block]:
    texts = tuple(f"{station_name(t.station)} has no pass. {sentence(t.reason)}".strip() for t in contacts.totals
                  if not t.passes)  # fmt: skip
    return [Items(texts)] if texts else []


def _needs(contacts: SiteContacts) -> list[Block]:
    """Links that cannot be computed, and what they need, by name."""
    rows = tuple(
        (text_cell(station_name(total.station)), text_cell(link), text_cell(_bare(reason, total.station)))
        for total in contacts.totals
        for link, reason in (("down", total.down_reason), ("up", total.up_reason))
        if reason
    )
    if not rows:
        return []
    caption = "Links that need a number nobody published; state it in a file of the station or the radio"
    return [Table(tuple(map(text_cell, ("Antenna", "Link", "Needs"))), rows, caption, "compact")]


def _bare(reason: str, station: str) -> str:
    """The reason without the name of the station, which stands beside it."""
    text = tidy(reason).removeprefix(f"station {station}: ").removesuffix(" not published, the link needs it")
    return text[:200]


def _pass_table(contacts: SiteContacts) -> Table | None:
    found, series = representative(contacts), contacts.series
    if found is None or series is None:
        return None
    one, station = found
    link = contacts.links[series.number]
    aos, los, top = utc_texts([one.aos_tdb_s, one.los_tdb_s, one.max_elevation_tdb_s])
    rows = [
        ("Antenna", tidy(station.title)[:48]),
        ("From (UTC)", minute(aos)),
        ("begins by", LIMITS.get(one.limited_by_aos, tidy(one.limited_by_aos))),
        ("To (UTC)", minute(los)),
        ("ends by", LIMITS.get(one.limited_by_los, tidy(one.limited_by_los))),
        ("Duration", quantity("duration_hours", one.duration_s / 3600.0)),
        ("Highest", f"{quantity('elevation_deg', one.max_elevation_deg)} at {minute(top)}"),
        ("Distance (km)", f"{number(one.min_range_m / 1e3, 0)} to {number(one.max_range_m / 1e3, 0)}"),
        ("Light time, one way", f"{number(one.one_way_light_time_s, 3)}\u00a0s"),
        ("Range rate (m/s)", f"{number(one.min_range_rate_m_s, 1)} to {number(one.max_range_rate_m_s, 1)}"),
        ("Sun from the beam, least", quantity("angle_deg", one.min_sun_angle_deg)),
        ("Margin down (dB)", _margins(link)),
        ("Margin up, least (dB)", number(link.up_margin_db, 1)),
        ("Highest rate (kbit/s)", _rate(link.highest_rate_bps)),
        ("Data (Gbit)", number(link.volume_bits / 1e9, 2)),
    ]
    cells = tuple((text_cell(name), number_cell(value)) for name, value in rows)
    why = "The pass that brings down most" if math.isfinite(link.volume_bits) else "The longest pass"
    return Table((text_cell("Pass"), number_cell("Value")), cells, why, "compact")


LIMITS = {
    "span": "the span",
    "min_elevation": "lowest elevation",
    "mask": "mask of the antenna",
    "keyhole": "keyhole of the antenna",
    "slew": "slew rate",
    "exclusion": "Sun near the beam",
    "terrain": "terrain at the site",
    "limb": "limb of the Moon",
}
"""What begins or ends a pass, in words."""


def _gaps_table(contacts: SiteContacts) -> Table:
    rows = tuple(
        (number_cell(minute(start)), number_cell(minute(stop)), number_cell(number(hours, 1)))
        for start, stop, hours in longest_gaps(contacts, GAPS_SHOWN)
    ) or ((number_cell(DASH),) * 3,)
    header = tuple(map(number_cell, ("From (UTC)", "To (UTC)", "Hours")))
    return Table(header, rows, "Longest times without any antenna", "compact")


def _notes(contacts: SiteContacts) -> list[Block]:
    source = contacts.plan.earth_orientation
    booked = contacts.schedule.notes if contacts.schedule is not None else ()
    notes = [*contacts.plan.notes, *([source] if source else []), *booked]
    if not notes:
        return []
    texts = [sentence(note) for note in notes[:NOTES_SHOWN]]
    more = ["… and more in study.json."] if len(notes) > NOTES_SHOWN else []
    return [Paragraph("What to know of these contacts", "note"), Items((*texts, *more))]


def contact_stem(site: SiteResult, kind: str) -> str:
    """Name without ending of a site's file of contacts, the synthetic label included."""
    return file_stem(f"{site_stem(site)}_{kind}", synthetic_label(site))


def _files(site: SiteResult, contacts: SiteContacts) -> str:
    kinds = ["passes", "contact_stations", "contact_days"]
    kinds += ["pass_series"] if contacts.series is not None else []
    kinds += ["booked"] if contacts.schedule is not None else []
    listed = ", ".join(f"tables/{contact_stem(site, kind)}.csv" for kind in kinds)
    kinds = ["passes", *(["booked"] if contacts.schedule is not None else [])]
    exchanged = ", ".join(f"contacts/{contact_stem(site, kind)}.ics and .xml" for kind in kinds)
    return f"Tables: {listed}. Calendars and CCSDS Simple Schedules: {exchanged}."


def contact_method(result: StudyResult) -> list[str]:
    """How passes and links were computed, in words; nothing where no antenna was asked for.

    Args:
        result: of the study.
    """
    if all(site.contacts is None for site in result.sites):
        return []
    g, link = result.mission.ground, result.mission.link
    return [
        "Antennas on the ground. A pass lasts while the site stands above the antenna's lowest elevation and mask "
        "(with light time, aberration and the Earth's predicted orientation; refraction for "
        f"{plain('n_units', g.refractivity_n_units)} N units), and the antenna above the site's skyline, seen from "
        f"{plain('height_m', g.antenna_height_m)} above ground. Budgets of the links follow the DSN's handbook: "
        "each parameter with its tolerances, margins as the mean less "
        f"{plain('sigmas', link.down_sigmas)} (down) and {plain('sigmas', link.up_sigmas)} (up) standard "
        f"deviations, with a margin of {plain('margin_db', link.required_margin_db)} asked for."
    ]
