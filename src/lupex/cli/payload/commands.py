"""lupex payload: status of instruments, accommodation, what a loss would cost, tables out and in."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lupex.base.errors import InputError
from lupex.cli import arguments
from lupex.cli.printing import aligned, print_json, print_rows, running, say


def add_commands(commands: Any) -> None:
    """Register payload and its commands.

    Args:
        commands: the subparsers to add to.
    """
    payload = commands.add_parser("payload", help="instruments: status, accommodation with margins, worth, tables")
    payload.set_defaults(run=lambda args: payload.error("no command given"))
    parts = payload.add_subparsers(metavar="COMMAND", title="commands", parser_class=arguments.CommandParser)
    status = parts.add_parser(
        "status", help="each instrument as known at a date: owner, numbers, margins, what is open"
    )
    arguments.add_mission(status)
    _add_date(status)
    status.add_argument("--json", dest="form", action="store_const", const="json", help="as JSON")
    status.add_argument("--csv", dest="form", action="store_const", const="csv", help="as CSV")
    status.add_argument("--markdown", dest="form", action="store_const", const="markdown", help="as a page in Markdown")
    status.set_defaults(run=_status, form="text")
    fit = parts.add_parser("fit", help="the best accommodation with proof, its budgets, and what holds it back")
    arguments.add_mission(fit)
    _add_date(fit)
    arguments.add_format(fit, "text")
    fit.set_defaults(run=_fit)
    worth = parts.add_parser("worth", help="what the decision about water loses without each instrument")
    arguments.add_mission(worth)
    worth.add_argument(
        "--worlds", metavar="N", type=arguments.whole_number("worlds", 2, 100_000), default=20,
        help="simulated holes per kind of ground (default 20)",
    )  # fmt: skip
    arguments.add_format(worth, "text")
    worth.set_defaults(run=_worth)
    diff = parts.add_parser("diff", help="what changed between two dates")
    diff.add_argument("before", metavar="DATE1", help="YYYY-MM-DD")
    diff.add_argument("after", metavar="DATE2", help="YYYY-MM-DD")
    diff.add_argument("--mission", metavar="MISSION.toml", type=arguments.path, help="mission file (default: LUPEX)")
    arguments.add_format(diff, "text")
    diff.set_defaults(run=_diff)
    export = parts.add_parser("export", help="all facts as .xlsx, .csv, nested .json or a page in .md or .html")
    export.add_argument("file", metavar="FILE", type=arguments.path, help="ending in .xlsx, .csv, .json, .md or .html")
    export.add_argument("--mission", metavar="MISSION.toml", type=arguments.path, help="mission file (default: LUPEX)")
    _add_date(export)
    export.set_defaults(run=_export)
    taken = parts.add_parser("import", help="a table mailed back: what differs, and files that say so")
    taken.add_argument(
        "file", metavar="FILE", type=arguments.path, help="ending in .xlsx or .csv, as export writes them"
    )
    taken.add_argument("--mission", metavar="MISSION.toml", type=arguments.path, help="mission file (default: LUPEX)")
    taken.add_argument(
        "--out", metavar="DIR", type=arguments.path, help="folder for a TOML file per changed instrument"
    )
    arguments.add_format(taken, "text")
    taken.set_defaults(run=_import)


def _add_date(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--date", metavar="YYYY-MM-DD", default="", help="as known then (default: the latest)")


def _status(args: argparse.Namespace) -> None:
    from lupex.mission import load_mission
    from lupex.payload import status_markdown
    from lupex.study import payload_status

    rows = payload_status(load_mission(args.mission), args.date)
    if args.form in ("json", "csv"):
        print_rows(rows, args.form)
        return
    if args.form == "markdown":
        sys.stdout.write(status_markdown(rows, args.date))
        return
    shown = ("instrument", "owner", "trl", "maturity", "mass_kg", "mass_margined_kg", "assumptions", "status")
    table = [shown, *([_word(row[name]) for name in shown] for row in rows)]
    sys.stdout.write(aligned(table))
    sys.stdout.write("".join(f"conflict: {row['instrument']}: {row['conflict']}\n" for row in rows if row["conflict"]))
    sys.stdout.write(
        "open:\n" + "".join(f"  {row['instrument']}: {row['open_actions']}\n" for row in rows if row["open_actions"])
    )


def _fit(args: argparse.Namespace) -> None:
    from lupex.mission import load_mission
    from lupex.study import payload_fit

    found = payload_fit(load_mission(args.mission), args.date)
    budgets = [{**asdict(row), "margin": row.margin} for row in found.budgets]
    if args.form == "json":
        print_json({**asdict(found), "budgets": budgets})
        return
    if args.form == "csv":
        print_rows(budgets, "csv")
        return
    write = sys.stdout.write
    objectives = ", ".join(f"{name} {value:.4g}" for name, value in found.objective.items())
    write(f"proven best: {objectives}; fits with probability {found.fits_probability:.2f} when numbers grow\n")
    write(
        aligned([("instrument", "mount"), *found.assignment.items(), *((name, "left out") for name in found.left_out)])
    )
    names = ("host", "quantity", "phase", "unit", "basic", "margined", "limit", "margin")
    write("\n" + aligned([names, *([_word(row[name]) for name in names] for row in budgets)]))
    for one in found.binding:
        what = f"{one.quantity} ({one.phase}) of {one.host}"
        write(f"{one.more:g} {one.unit} more of {what} would buy {one.gain:.3g}: {', '.join(one.change)}\n")
    for view in found.views:
        if view.blocked_fraction > 0.0:
            share = 100.0 * view.blocked_fraction
            write(f"{view.instrument} on {view.mount}: the host blocks {share:.1f} % of its view\n")
    write(f"{len(found.pareto)} best compromises of worth, mass and risk; --json lists them\n")
    write("".join(f"conflict: {text}\n" for text in found.conflicts))


def _worth(args: argparse.Namespace) -> None:
    from lupex.mission import load_mission
    from lupex.study import instrument_worth

    rows = [asdict(one) for one in instrument_worth(load_mission(args.mission), args.worlds, running())]
    if args.form != "text":
        print_rows(rows, args.form)
        return
    names = (
        "instrument",
        "lost",
        "lost_delayed",
        "correct",
        "wet_confirmed",
        "dry_cleared",
        "wrong",
        "weight_nats",
        "mass_kg",
    )
    table = [[_word(row[name]) if row["instrument"] or name != "instrument" else "(all aboard)" for name in names]
             for row in rows]  # fmt: skip
    sys.stdout.write(aligned([names, *table]))
    sys.stdout.write(f"shares of simulated (synthetic) holes, {args.worlds} per kind of ground\n")


def _diff(args: argparse.Namespace) -> None:
    from lupex.mission import load_mission
    from lupex.payload import day, difference
    from lupex.study import payload_items

    mission = load_mission(args.mission)
    first, second = day(args.before, "DATE1"), day(args.after, "DATE2")
    rows = difference(payload_items(mission, first), payload_items(mission, second))
    if args.form != "text":
        print_rows(rows, args.form)
        return
    names = ("instrument", "key", "before", "after", "source")
    sys.stdout.write(
        aligned([names, *([_word(row[name]) for name in names] for row in rows)]) if rows else "no change\n"
    )


def _export(args: argparse.Namespace) -> None:
    from lupex.io import write_csv, write_json, write_text, write_workbook
    from lupex.mission import load_mission
    from lupex.payload import engineering_model, hosts, mounts, status_html, status_markdown, tables
    from lupex.study import payload_items, payload_status

    mission = load_mission(args.mission)
    made = payload_items(mission, args.date)
    ending = args.file.suffix.lower()
    if ending == ".xlsx":
        write_workbook(args.file, tables(made))
    elif ending == ".csv":
        header, *rows = tables(made)["instruments"]
        write_csv(args.file, header, rows)
    elif ending == ".json":
        settings = mission.payload
        write_json(args.file, engineering_model(made, hosts(settings), mounts(settings), date=args.date))
    elif ending == ".md":
        write_text(args.file, status_markdown(payload_status(mission, args.date), args.date))
    elif ending == ".html":
        write_text(args.file, status_html(payload_status(mission, args.date), args.date))
    else:
        raise InputError(
            f"payload export {args.file}: unknown ending '{ending}'", "use .xlsx, .csv, .json, .md or .html"
        )
    say(f"wrote {args.file}: {len(made)} instruments")


def _import(args: argparse.Namespace) -> None:
    from lupex.io import write_text
    from lupex.io.text import file_stems
    from lupex.mission import load_mission
    from lupex.payload import entry_text
    from lupex.study import mailed_changes

    entries, changes = mailed_changes(load_mission(args.mission), args.file)
    rows = [
        {"instrument": name, "key": key, "before": _value(entries[name], key), "after": body["value"],
         "source": body["source"]}
        for name, given in changes.items()
        for key, body in given.items()
    ]  # fmt: skip
    texts = {name: entry_text(name, given) for name, given in changes.items()}
    if args.out is not None:
        Path(args.out).mkdir(parents=True, exist_ok=True)
        for stem, text in zip(file_stems(list(texts)), texts.values(), strict=True):
            write_text(Path(args.out) / f"{stem}.toml", text)
        say(f"wrote {len(texts)} files to {args.out}; name them in [payload] instruments")
    if args.form != "text":
        print_rows(rows, args.form)
        return
    names = ("instrument", "key", "before", "after", "source")
    sys.stdout.write(
        aligned([names, *([_word(row[name]) for name in names] for row in rows)]) if rows else "no change\n"
    )


def _value(entry: Any, key: str) -> Any:
    fact = entry.fact(key)
    return None if fact is None else fact.value


def _word(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
