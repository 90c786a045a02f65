"""lupex water: what instruments would read, what readings mean, and whether there is water."""

import argparse
from typing import Any

from lupex.base.errors import InputError
from lupex.cli import arguments, evidence_commands
from lupex.cli.printing import aligned, print_json

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
    _add_count(parts)
    evidence_commands.add_commands(parts)


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


def _add_count(parts: Any) -> None:
    count = parts.add_parser("count", help="neutrons: wet, dry, or go on counting; valid however often it is asked")
    count.add_argument(
        "--counts", metavar="N", type=arguments.whole_number("counts", -(10**12), 10**12), required=True,
        help="since the rover stood still",
    )  # fmt: skip
    count.add_argument(
        "--time-s", metavar="T", type=arguments.number("time", 1e-3, 1e8), required=True, help="live counting time"
    )
    arguments.add_mission(count)
    _add_file(count)
    arguments.add_format(count, "text")
    count.set_defaults(run=_count)


def _add_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--file",
        metavar="INSTRUMENT.toml",
        type=arguments.path,
        help="an instrument file of your own instead of the catalogue's",
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


def _count(args: argparse.Namespace) -> None:
    from lupex import water
    from lupex.mission import load_mission

    instrument = water.instrument("nss" if args.file is None else str(args.file))
    found = water.neutron_test(instrument, load_mission(args.mission).water_rule, args.counts, args.time_s)
    result = {
        "answer": found.answer,
        "log_ratio_wet": found.log_wet,
        "asked_wet": found.asked_wet,
        "log_ratio_dry": found.log_dry,
        "asked_dry": found.asked_dry,
        "assumptions": instrument.assumptions(),
    }
    _print(result, args.form)


def _print(result: dict[str, Any], form: str) -> None:
    if form == "json":
        print_json(result)
    elif form == "csv":
        from lupex.cli.printing import print_rows

        print_rows([{key: value for key, value in result.items() if not isinstance(value, list)}], "csv")
    else:
        rows = [[key, ", ".join(value) if isinstance(value, list) else str(value)] for key, value in result.items()]
        print(aligned(rows), end="")
