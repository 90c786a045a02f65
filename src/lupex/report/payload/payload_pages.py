"""Pages on the payload: who owes what, what rides where, budgets with margins, what holds the payload back."""

from typing import Any

from lupex.model.payload.fit import Binding, BudgetRow, Fit
from lupex.payload import Activity
from lupex.report.paper.document import Block, Cell, Heading, Items, Paragraph, Table, number_cell, text_cell
from lupex.report.paper.style import Figure
from lupex.report.paper.times import utc_texts
from lupex.report.paper.words import DASH, moment, number, percent, tidy
from lupex.results import StudyResult
from lupex.results.payload import PayloadStudy

SYMBOLS = {"m3": "m³"}
TIGHT_FRACTION = 0.1
"""Of a limit: a margin below this is marked."""


def payload_blocks(result: StudyResult, _: dict[str, Figure]) -> list[Block]:
    """Status of the instruments, accommodation, budgets, what holds it back, conflicts between sources.

    Args:
        result: of the study.
    """
    found = result.payload
    if found is None:
        return []
    blocks: list[Block] = [Heading("Payload: what rides where, with which margin", 1, "payload", True)]
    if found.fit is None:
        return [
            *blocks,
            Paragraph(f"No accommodation keeps all requirements. {tidy(found.impossible)}."),
            _status(found),
        ]
    fit = found.fit
    blocks += [Paragraph(_lead(found, fit)), _status(found), _budgets(fit)]
    if fit.binding:
        blocks += [Paragraph("What more of a limit would buy, each found by solving again:"),
                   Items(tuple(_binding(one) for one in fit.binding))]  # fmt: skip
    if found.activities:
        blocks.append(_activities(found))
    if found.terrain_views:
        blocks.append(_on_terrain(found))
    seen = [view for view in fit.views if view.blocked_fraction > 0.0]
    told = [f"{view.instrument} on {view.mount}: the host blocks {percent(view.blocked_fraction)} of its view"
            for view in seen]  # fmt: skip
    if fit.conflicts or told:
        blocks += [Paragraph("Shown, not resolved:"), Items((*map(tidy, fit.conflicts), *told))]
    return blocks


def payload_method(result: StudyResult) -> list[str]:
    """How the accommodation was found.

    Args:
        result: of the study.
    """
    if result.payload is None:
        return []
    return [
        "Payload. Each instrument takes one mount or stays at home; objectives are brought to their optimum one after "
        "the other by mixed-integer programming with a gap of zero, earlier ones held. Numbers carry the margin of "
        "their maturity. The chance of fitting draws one factor of growth per instrument, triangular from none to "
        "twice its margin (assumption)."
    ]


def _lead(found: PayloadStudy, fit: Fit) -> str:
    left = ", ".join(fit.left_out) or "none"
    assumed = sum(int(row["assumptions"]) for row in found.status)
    value = "; ".join(f"{name} {number(one, 2)}" for name, one in fit.objective.items())
    return (
        f"Of {len(found.status)} instruments {len(fit.assignment)} find a place; left out: {left}. The assignment is "
        f"proven best ({value}). Worth: {found.worth_source}. When numbers grow as their maturity lets expect it still "
        f"fits with a probability of {percent(fit.fits_probability)}. Data of a day: {found.data_source}. {assumed} "
        "numbers behind it are assumptions: no mass, power or envelope of these instruments, hosts and mounts is "
        "published, so this shows what the method says of stand-ins, not what fits on LUPEX."
    )


def _status(found: PayloadStudy) -> Table:
    words, numbers = ("Instrument", "Owner", "Mount"), ("TRL", "Mass, kg", "with margin", "Worth")
    header = (*map(text_cell, words), *map(number_cell, numbers), text_cell("Status"))
    assigned = {} if found.fit is None else found.fit.assignment
    rows = tuple(_status_cells(row, assigned, found.worth) for row in found.status)
    caption = (
        "Instruments as they are known; masses marked * are assumptions; what each agency has yet to state is in "
        "tables/payload_status.csv"
    )
    return Table(header, rows, caption)


def _status_cells(row: dict[str, Any], assigned: dict[str, str], worth: dict[str, float]) -> tuple[Cell, ...]:
    mark = "*" if "mass_kg" in row["open_actions"] else ""
    status = f"{row['status']} ({row['status_date']})" if row["status"] else DASH
    return (
        text_cell(row["instrument"]), text_cell(row["owner"]), text_cell(assigned.get(row["instrument"], "left out")),
        number_cell(number(row["trl"], 0)), number_cell(number(row["mass_kg"], 1) + mark),
        number_cell(number(row["mass_margined_kg"], 1)), number_cell(number(worth.get(row["instrument"]), 2)),
        text_cell(tidy(status)),
    )  # fmt: skip


def _budgets(fit: Fit) -> Table:
    header = (text_cell("Host"), text_cell("Quantity"), text_cell("Phase"),
              *map(number_cell, ("Basic", "With margins", "Limit", "Margin", "of the limit")))  # fmt: skip
    used = [row for row in fit.budgets if row.basic > 0.0]
    caption = (
        "Budgets of the hosts that carry instruments: margin = limit − value with margins; marked: below "
        f"{percent(TIGHT_FRACTION)} of its limit"
    )
    return Table(header, tuple(_budget_cells(row) for row in used), caption)


def _budget_cells(row: BudgetRow) -> tuple[Cell, ...]:
    digits = 3 if row.unit == "m3" else 1
    share = row.margin / row.limit if row.limit else float("nan")
    kind = "warn" if share < TIGHT_FRACTION else "number"
    unit = SYMBOLS.get(row.unit, row.unit)
    return (
        text_cell(row.host), text_cell(f"{row.quantity}, {unit}"), text_cell(row.phase),
        *(number_cell(number(value, digits)) for value in (row.basic, row.margined, row.limit)),
        Cell(number(row.margin, digits), kind), Cell(percent(share), kind),
    )  # fmt: skip


def _on_terrain(found: PayloadStudy) -> Table:
    blocked = {view.instrument: view.blocked_fraction for view in (found.fit.views if found.fit else ())}
    header = (text_cell("Instrument"), text_cell("Mount"), *map(number_cell, ("Host blocks", "Terrain, mean", "from",
              "to")))  # fmt: skip
    rows = tuple(
        (text_cell(name), text_cell(mount), number_cell(percent(blocked.get(name, 0.0))), number_cell(percent(mean)),
         number_cell(percent(least)), number_cell(percent(most)))
        for name, mount, least, mean, most in found.terrain_views
    )  # fmt: skip
    return Table(
        header, rows,
        f"Share of each field of view that the host blocks, and that lies on terrain at {found.terrain_site} on level "
        "ground, over the headings of the host",
    )  # fmt: skip


def _activities(found: PayloadStudy) -> Table:
    header = (text_cell("Instrument"), text_cell("Begins (UTC)"), *map(number_cell, ("Minutes", "Power, W", "Mbit")),
              text_cell("After"))  # fmt: skip
    rows = tuple(_activity_cells(one, found.activities_begin_tdb_s) for one in found.activities)
    caption = (
        f"One hole at the stop for work of the drive of {found.activities_site}, laid on the day that begins with it, "
        "with the contacts of that day: the layout of most worth within 12 h, proven on slots of 15 min; a dash where "
        "it does not fit"
    )
    return Table(header, rows, caption)


def _activity_cells(one: Activity, begin_tdb_s: float) -> tuple[Cell, ...]:
    begins = DASH if one.start_s is None else moment(utc_texts([begin_tdb_s + one.start_s])[0])
    minutes = one.duration_s / 60.0
    numbers = (number(minutes, 0 if minutes >= 1.0 else 2), number(one.power_w, 0), number(one.data_mbit, 0))
    return (text_cell(one.instrument), text_cell(begins), *map(number_cell, numbers),
            text_cell(", ".join(one.after) or DASH))  # fmt: skip


def _binding(one: Binding) -> str:
    unit = SYMBOLS.get(one.unit, one.unit)
    what = f"{number(one.more, 1)} {unit} more of {one.quantity} ({one.phase}) on {one.host}"
    return f"{what}: {number(one.gain, 2)} of worth; {', '.join(one.change)}"
