"""The booked passes of a site: what they cost, how good the choice is proven to be, what stays unmet."""

from lupex.model import Schedule, SiteContacts
from lupex.report.paper.document import Beside, Block, Paragraph, Table, number_cell, text_cell
from lupex.report.paper.names import station_name
from lupex.report.paper.words import number, percent, quantity, sentence, tidy

STATUS = {"optimal": "proven the cheapest, but for the gap", "stopped": "the best found when the search was stopped"}
PROVEN = "proven the cheapest"
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
    return [Beside(left, (_antennas(schedule),)), *_unmet(schedule)]


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
