"""The status of instruments: one row each, and a page in Markdown."""

from collections.abc import Sequence
from html import escape
from typing import Any

from lupex.io.text import markdown_cell, one_line
from lupex.model.payload.hosts import MarginPolicy
from lupex.model.payload.item import Item
from lupex.payload.records import NEEDED

_SHOWN = ("instrument", "owner", "trl", "maturity", "mass_kg", "mass_margined_kg", "measuring_power_w", "status")
_ASKED = (*NEEDED, "measuring_power_w", "drilling_power_w", "survival_min_k", "survival_max_k")


def open_actions(item: Item) -> list[str]:
    """What the owner owes: numbers an accommodation needs that are assumptions, and conflicts to resolve."""
    due = [key for key in _ASKED if key in item.facts and "assumption" in item.facts[key].source.lower()]
    missing = [key for key in ("survival_min_k", "survival_max_k") if key not in item.facts]
    words = [f"{item.agency}: state {', '.join(due + missing)}"] if due or missing else []
    return words + ([f"{item.agency}: say where it rides ({item.conflict})"] if item.conflict else [])


def status_rows(items: Sequence[Item], policy: MarginPolicy) -> list[dict[str, Any]]:
    """One row per instrument: owner, readiness, numbers with and without margin, what is assumed, what is open.

    Args:
        items: as known at a date. policy: of margins.
    """
    return [
        {
            "instrument": item.name,
            "title": item.title,
            "owner": item.owner,
            "trl": item.trl,
            "maturity": item.maturity,
            "margin_fraction": policy.fraction[item.maturity],
            "mass_kg": item.mass_kg,
            "mass_margined_kg": policy.margined(item.mass_kg, item.maturity),
            "standby_power_w": item.standby_w,
            "measuring_power_w": item.measuring_w,
            "night_power_w": item.night_w,
            "energy_day_wh": item.measurement_wh * item.per_day + 24.0 * item.standby_w,
            "data_day_mbit": item.measurement_mbit * item.per_day,
            "mounts": ", ".join(item.mounts),
            "needs": ", ".join(item.needs),
            "assumptions": len(item.assumptions()),
            "facts": len(item.facts),
            "conflict": item.conflict,
            "status": told[-1].value if told else "",
            "status_date": told[-1].date if told else "",
            "status_source": told[-1].source if told else "",
            "milestones": "; ".join(str(one) for one in _listed(item, "milestones")),
            "open_actions": "; ".join(open_actions(item)),
        }
        for item in items
        for told in [[change for change in item.status if change.key == "status"]]
    ]


def _listed(item: Item, key: str) -> tuple[Any, ...]:
    if key not in item.facts:
        return ()
    value = item.facts[key].value
    return value if isinstance(value, tuple) else (value,)


def status_markdown(rows: Sequence[dict[str, Any]], date: str = "") -> str:
    """A status page: a table of the instruments, conflicts between sources, and who owes what.

    Args:
        rows: of `status_rows`. date: of the state, '' for the latest.
    """
    cells = _SHOWN
    lines = [
        f"# Instruments{f' on {date}' if date else ''}",
        "",
        "Numbers marked * are assumptions in part: see who owes what.",
        "",
        f"| {' | '.join(cells)} |",
        f"|{'|'.join('-' for _ in cells)}|",
    ]
    for row in rows:
        mark = "*" if row["assumptions"] else ""
        shown = [_cell(row[name]) + (mark if name == "mass_kg" else "") for name in cells]
        lines.append(f"| {' | '.join(shown)} |")
    conflicts = [row for row in rows if row["conflict"]]
    if conflicts:
        lines += ["", "## Sources that contradict each other", ""]
        lines += [f"- {_cell(row['instrument'])}: {_cell(row['conflict'])}" for row in conflicts]
    lines += ["", "## Who owes what", ""]
    lines += [f"- {_cell(row['instrument'])}: {_cell(row['open_actions'])}" for row in rows if row["open_actions"]]
    return "\n".join(lines) + "\n"


def status_html(rows: Sequence[dict[str, Any]], date: str = "") -> str:
    """The same page as HTML, whole and without anything to load; text is escaped.

    Args:
        rows: of `status_rows`. date: of the state, '' for the latest.
    """
    title = f"Instruments{f' on {date}' if date else ''}"
    header = "".join(f"<th>{escape(name)}</th>" for name in _SHOWN)
    body = "".join("<tr>" + "".join(f"<td>{_html(row[name])}</td>" for name in _SHOWN) + "</tr>\n" for row in rows)
    conflicts = "".join(
        f"<li>{_html(row['instrument'])}: {_html(row['conflict'])}</li>" for row in rows if row["conflict"]
    )
    owed = "".join(f"<li>{_html(row['instrument'])}: {_html(row['open_actions'])}</li>" for row in rows
                   if row["open_actions"])  # fmt: skip
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width"><style>body{font:16px sans-serif;margin:1em}'
        "table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.2em .5em;text-align:left}</style></head>\n"
        f"<body><h1>{escape(title)}</h1>\n<p>Numbers are assumptions in part: see who owes what.</p>\n"
        f"<table><thead><tr>{header}</tr></thead><tbody>\n{body}</tbody></table>\n"
        f"<h2>Sources that contradict each other</h2><ul>{conflicts}</ul>\n<h2>Who owes what</h2><ul>{owed}</ul>\n"
        "</body></html>\n"
    )


def _html(value: Any) -> str:
    return escape(one_line(f"{value:.4g}" if isinstance(value, float) else str(value)))


def _cell(value: Any) -> str:
    return markdown_cell(f"{value:.4g}" if isinstance(value, float) else str(value))
