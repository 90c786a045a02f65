"""The booked passes of a site: what they cost, how good the choice is proven to be, what stays unmet."""

from collections.abc import Sequence

from lupex.model import Schedule, SiteContacts
from lupex.report.paper.document import Beside, Block, Paragraph, Table, number_cell, text_cell
from lupex.report.paper.names import station_name
from lupex.report.paper.times import minute
from lupex.report.paper.words import DASH, number, percent, quantity, sentence, tidy

STATUS = {"optimal": "proven the cheapest, but for the gap", "stopped": "the best found when the search was stopped"}
PROVEN = "proven the cheapest"
DAYS_SHOWN = 31
CLOSED = 1e-6
"""Gaps this small come from rounding."""


def booking_blocks(contacts: SiteContacts) -> list[Block]:
    """Cost, bound, needs and antennas of the schedule; the reason where one was asked for and there is none.

    Args:
        contacts: contacts of one site.
    """
    schedule = contacts.schedule
    if schedule is None:
        reason = sentence(contacts.schedule_reason)
        return [Paragraph(f"No schedule of passes. {reason}", "note")] if reason else []
    begin, end = schedule.days_utc[:1] or ("",), schedule.days_utc[-1:] or ("",)
    words = (
        f"Passes are booked from {minute(begin[0])} to {minute(end[0])} (UTC), a stretch of [ground] schedule_days; "
        "each day of it begins at the time of day of its first. Contact is counted in hours. The cost is hours of each "
        "antenna times its cost per hour, in no currency: [ground] cost_per_hour where none is known; only ratios "
        "matter."
    )
    rows = (
        ("Passes booked", number(len(schedule.booked), 0)),
        ("Cost", number(schedule.cost, 1)),
        ("with penalties", number(schedule.objective, 1)),
        ("no choice below", number(schedule.bound, 1)),
        ("gap to it", percent(schedule.gap_fraction)),
        *((f"Longest time without contact, {station_name(name)}", quantity("gap_hours", hours))
          for name, hours in schedule.longest_gap_hours.items()),
    )  # fmt: skip
    closed = schedule.status == "optimal" and schedule.gap_fraction < CLOSED
    caption = f"The schedule: {PROVEN if closed else STATUS.get(schedule.status, tidy(schedule.status))}"
    cells = tuple((text_cell(name), number_cell(value)) for name, value in rows)
    left = Table((text_cell("Booked"), number_cell("Value")), cells, caption, "compact")
    tables = Beside(left, (_antennas(schedule),))
    return [Paragraph(words), tables, *_days(schedule), *_unmet(schedule)]


def _days(schedule: Schedule) -> list[Block]:
    """Hours of contact booked on each day, by the day's begin."""
    if not schedule.daily_hours or len(schedule.days_utc) < 2:
        return []
    names = list(schedule.daily_hours)
    begins = schedule.days_utc[:-1][:DAYS_SHOWN]
    more = "; later ones in study.json" if len(schedule.days_utc) > DAYS_SHOWN + 1 else ""
    rows = tuple(
        (number_cell(minute(begins[k])), *(number_cell(_hours(schedule.daily_hours[name], k)) for name in names))
        for k in range(len(begins))
    )
    header = (number_cell("Day from (UTC)"), *(number_cell(f"{station_name(name)} (h)") for name in names))
    return [Table(header, rows, f"Hours of contact booked each day, any antenna{more}", "compact")]


def _hours(hours: Sequence[float], day: int) -> str:
    return number(hours[day], 2) if day < len(hours) else DASH


def _antennas(schedule: Schedule) -> Table:
    rows = tuple(
        (text_cell(station_name(name)), number_cell(number(len(schedule.of(name)), 0)), number_cell(number(hours, 1)))
        for name, hours in schedule.antenna_hours.items()
    )
    header = (text_cell("Antenna"), number_cell("Passes"), number_cell("Hours"))
    return Table(header, rows, "Booked at each antenna, without set-up and tear-down", "compact")


def _unmet(schedule: Schedule) -> list[Block]:
    if not schedule.unmet:
        return [Paragraph("Every need is met.", "note")]
    rows = tuple(
        (text_cell(tidy(need)[:80]), number_cell(number(amount, 2))) for need, amount in schedule.unmet.items()
    )
    blocks: list[Block] = []
    if schedule.short_share_bound > 0.0:
        blocks.append(
            Paragraph("It is proven that the needs cannot all be met; this schedule misses least.", "warning")
        )
    return [*blocks, Table((text_cell("Need"), number_cell("Missing")), rows, "What stays unmet", "compact")]
