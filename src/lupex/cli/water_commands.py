"""lupex water: what instruments would read, what readings mean, and whether there is water."""

import argparse
from pathlib import Path
from typing import Any

from lupex.base.errors import InputError
from lupex.cli import arguments
from lupex.cli.printing import aligned, print_json, say

DEFAULT_DEPTH_M = 0.4


def add_commands(commands: Any) -> None:
    """Register water and its commands.

    Args:
        commands: the subparsers to add to.
    """
    water = commands.add_parser("water", help="is there water: instruments, evidence, decision, survey")
    water.set_defaults(run=lambda args: water.error("no command given"))
    parts = water.add_subparsers(metavar="COMMAND", title="commands", parser_class=arguments.CommandParser)
    _add_forward(parts)
    _add_invert(parts)
    _add_instruments(parts)
    _add_infer(parts)
    _add_decide(parts)
    _add_record(parts)


def _add_forward(parts: Any) -> None:
    forward = parts.add_parser("forward", help="what an instrument would read over ground with water")
    forward.add_argument("instrument", metavar="INSTRUMENT", help="channel or instrument, see lupex water instruments")
    forward.add_argument(
        "--water-wt-percent", metavar="W", type=arguments.number("water", 0.0, 100.0), required=True,
        help="water ice, weight per cent",
    )  # fmt: skip
    forward.add_argument(
        "--depth-m", metavar="D", type=arguments.number("depth", 0.0, 10.0),
        help="thickness of the dry cover (default 0: uniform); instruments in a hole look 10 cm below its foot",
    )  # fmt: skip
    forward.add_argument(
        "--time-s", metavar="T", type=arguments.number("time", 1e-3, 1e8), default=1.0, help="counting time (default 1)"
    )
    forward.add_argument(
        "--hydration-wt-percent", metavar="H", type=arguments.number("hydration", 0.0, 100.0), default=0.0,
        help="hydrogen that is no ice, as weight per cent of water (default 0)",
    )  # fmt: skip
    forward.add_argument(
        "--temperature-k", metavar="T", type=arguments.number("temperature", 20.0, 400.0), default=110.0,
        help="of the ground (default 110)",
    )  # fmt: skip
    _add_file(forward)
    arguments.add_format(forward, "text")
    forward.set_defaults(run=_forward)


def _add_invert(parts: Any) -> None:
    invert = parts.add_parser("invert", help="water of uniform ground from a neutron count rate")
    invert.add_argument("instrument", metavar="nss", help="the neutron spectrometer")
    invert.add_argument(
        "--rate", metavar="CPS", type=arguments.number("rate", -1e9, 1e9), required=True,
        help="counts per second, corrected for dead time",
    )  # fmt: skip
    invert.add_argument(
        "--time-s", metavar="T", type=arguments.number("time", 1e-3, 1e8), default=1.0, help="counting time (default 1)"
    )
    _add_file(invert)
    arguments.add_format(invert, "text")
    invert.set_defaults(run=_invert)


def _add_instruments(parts: Any) -> None:
    listed = parts.add_parser("instruments", help="every channel: instrument, owner, model, what is an assumption")
    arguments.add_format(listed, "text")
    listed.set_defaults(run=_instruments)


def _add_infer(parts: Any) -> None:
    infer = parts.add_parser("infer", help="posterior of water by depth at every place of the evidence")
    _add_evidence(infer)
    arguments.add_format(infer, "text")
    infer.set_defaults(run=_infer)


def _add_decide(parts: Any) -> None:
    decide = parts.add_parser("decide", help="confirmed, absent or undecided by the rule of the evidence file")
    _add_evidence(decide)
    arguments.add_format(decide, "text")
    decide.set_defaults(run=_decide)


def _add_record(parts: Any) -> None:
    record = parts.add_parser("record", help="append one measurement to an evidence file, sealed")
    record.add_argument("evidence", metavar="EVIDENCE.toml", type=Path, help="the file, which only ever grows")
    record.add_argument("place", metavar="PLACE", help="name of a place of the file")
    record.add_argument("channel", metavar="CHANNEL", help="channel or instrument")
    record.add_argument(
        "values", metavar="NAME=VALUE", nargs="+", help="depth_m, time_s, blank and what was measured, as in TOML"
    )
    record.set_defaults(run=_record)


def _add_evidence(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("evidence", metavar="EVIDENCE.toml", nargs="+", type=Path, help="evidence, one file or more")
    parser.add_argument("--without", metavar="A,B", default="", help="channels to leave out")


def _add_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--file", metavar="INSTRUMENT.toml", type=Path, help="an instrument file of your own instead of the catalogue's"
    )


def _forward(args: argparse.Namespace) -> None:
    from lupex import water

    channel = water.channel(args.instrument)
    instrument = water.instrument(channel.instrument if args.file is None else str(args.file))
    cover = args.depth_m or 0.0
    ground = water.ground(args.water_wt_percent / 100.0, cover, args.hydration_wt_percent / 100.0)
    look = water.Look(cover + 0.1 if args.depth_m is not None else DEFAULT_DEPTH_M, args.time_s, args.temperature_k)
    result = {
        "instrument": channel.name,
        "title": channel.title,
        "owner": instrument.owner,
        "quantity": channel.quantity,
        "expected": float(channel.predict(instrument, ground, look)),
        "unit": channel.unit,
        "sigma": float(channel.sigma(instrument, ground, look)),
        "nuisances": list(channel.nuisances),
        "valid": channel.valid,
        "source": channel.source,
        "assumptions": instrument.assumptions(),
    }
    _print(result, args.form)


def _invert(args: argparse.Namespace) -> None:
    from lupex import water

    if water.channel(args.instrument).name != "nss":
        raise InputError(f"invert {args.instrument}: only nss has an inverse of its own", "use lupex water infer")
    instrument = water.instrument("nss" if args.file is None else str(args.file))
    fraction = water.uniform_water(instrument, args.rate, args.time_s)
    result = {
        "instrument": "nss",
        "water_mass_fraction": fraction,
        "dry_rate_cps": instrument.value("dry_rate_cps"),
        "assumptions": instrument.assumptions(),
    }
    _print(result, args.form)


def _instruments(args: argparse.Namespace) -> None:
    from lupex import water

    rows = []
    for channel in water.CHANNELS:
        instrument = water.instrument(channel.instrument)
        rows.append(
            {
                "channel": channel.name,
                "instrument": instrument.title,
                "owner": instrument.owner,
                "quantity": channel.quantity,
                "unit": channel.unit,
                "needs": list(channel.needs),
                "specific": channel.specific,
                "source": channel.source,
                "assumptions": instrument.assumptions(),
            }
        )
    if args.form == "json":
        print_json(rows)
        return
    from lupex.cli.printing import print_rows

    names = ("channel", "owner", "quantity", "unit", "source")
    if args.form == "csv":
        print_rows([{name: row[name] for name in names} for row in rows], "csv")
    else:
        print(aligned([names, *([str(row[name]) for name in names] for row in rows)]), end="")


def _infer(args: argparse.Namespace) -> None:
    from lupex import water

    evidence = _evidence(args)
    result = water.posterior_summary(evidence)
    if args.form == "json":
        print_json(result)
        return
    rows = [
        {"place": name, "probability_present": place["probability_present"], "depth_m": depth, "ice_mean": mean}
        for name, place in result["places"].items()
        for depth, mean in zip(place["depth_m"], place["ice_mean"], strict=True)
    ]
    if args.form == "csv":
        from lupex.cli.printing import print_rows

        print_rows(rows, "csv")
    else:
        print(aligned([list(rows[0]), *([_short(value) for value in row.values()] for row in rows)]), end="")


def _decide(args: argparse.Namespace) -> None:
    from lupex import water

    result = water.decision_summary(_evidence(args))
    if args.form == "json":
        print_json(result)
        return
    if args.form == "csv":
        from lupex.cli.printing import print_rows

        print_rows([{"place": name, **_plain(place)} for name, place in result["places"].items()], "csv")
        return
    print(f"{result['decision']}: water at {result['rule']['level_wt_percent']:g} wt% or more, probability "
          f"{result['probability_present']:.4g}{' (synthetic)' if result['synthetic'] else ''}")  # fmt: skip
    rows = [(name, f"{value:+.2f}") for name, value in result["log_bayes_factor"].items()]
    print(aligned([("channel", "ln Bayes factor"), *rows]), end="")
    for sentence in result["missing"]:
        print(f"missing: {sentence}")


def _record(args: argparse.Namespace) -> None:
    import tomllib

    from lupex import water

    values: dict[str, Any] = {}
    for word in args.values:
        try:
            values |= tomllib.loads(word.strip())
        except tomllib.TOMLDecodeError:
            raise arguments.UsageError(
                f"{word.strip()!r} is no NAME=VALUE", "write it as in TOML, e.g. counts=2100"
            ) from None
    evidence = water.record_measurement(args.evidence, args.place, args.channel, values)
    say(f"{args.evidence}: {len(evidence.measurements)} measurements, {evidence.sealed} sealed")


def _evidence(args: argparse.Namespace) -> Any:
    from lupex import water

    evidence = water.merged([water.read_evidence(path) for path in args.evidence])
    left = tuple(name.strip() for name in args.without.split(",") if name.strip())
    return evidence.without(left) if left else evidence


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if not isinstance(value, dict | list)}


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _print(result: dict[str, Any], form: str) -> None:
    if form == "json":
        print_json(result)
    elif form == "csv":
        from lupex.cli.printing import print_rows

        print_rows([{key: value for key, value in result.items() if not isinstance(value, list)}], "csv")
    else:
        rows = [[key, ", ".join(value) if isinstance(value, list) else str(value)] for key, value in result.items()]
        print(aligned(rows), end="")
