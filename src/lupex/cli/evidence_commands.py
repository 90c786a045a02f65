"""lupex water infer, decide, record, value, survey: evidence, what it says, and where to look next."""

import argparse
from typing import Any

from lupex.cli import arguments
from lupex.cli.printing import aligned, print_json, say


def add_commands(parts: Any) -> None:
    """Register the commands of ``lupex water`` about evidence and surveys."""
    _add_infer(parts)
    _add_decide(parts)
    _add_record(parts)
    _add_value(parts)
    _add_survey(parts)


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
    record.add_argument(
        "evidence", metavar="EVIDENCE.toml", type=arguments.path, help="the file, which only ever grows"
    )
    record.add_argument("place", metavar="PLACE", help="name of a place of the file")
    record.add_argument("channel", metavar="CHANNEL", help="channel or instrument")
    record.add_argument(
        "values", metavar="NAME=VALUE", nargs="+", help="depth_m, time_s, blank and what was measured, as in TOML"
    )
    record.set_defaults(run=_record)


def _add_value(parts: Any) -> None:
    value = parts.add_parser("value", help="what the next measurement is worth, by place, channel and depth")
    _add_evidence(value)
    value.add_argument("--depths", metavar="M,M", default="0.3,0.6,1.0,1.4", help="depths of a hole, metres")
    value.add_argument(
        "--draws", metavar="N", type=arguments.whole_number("draws", 4, 10_000), default=48, help="readings drawn"
    )
    value.add_argument(
        "--seed", metavar="N", type=arguments.whole_number("seed", 0, 2**31), default=1, help="of the draws"
    )
    arguments.add_format(value, "csv")
    value.set_defaults(run=_value)


def _add_survey(parts: Any) -> None:
    survey = parts.add_parser("survey", help="a survey before landing: stations, depths, hours, expected decision")
    arguments.add_mission(survey)
    survey.add_argument("--at", metavar="LAT,LON", help="middle of the survey, instead of that of [water]")
    survey.add_argument(
        "--out", metavar="DIR", type=arguments.path, required=True, help="folder for stops.csv, places.csv, survey.json"
    )
    arguments.add_format(survey, "text")
    survey.set_defaults(run=_survey)


def _add_evidence(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "evidence", metavar="EVIDENCE.toml", nargs="+", type=arguments.path, help="evidence, one file or more"
    )
    parser.add_argument("--without", metavar="A,B", default="", help="channels to leave out")


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


def _value(args: argparse.Namespace) -> None:
    from lupex import water

    depths = tuple(_depth(word) for word in args.depths.split(","))
    rows = water.value_rows(_evidence(args), depths, args.draws, args.seed)
    if args.form == "json":
        print_json(rows)
        return
    from lupex.cli.printing import print_rows

    print_rows(rows, "csv")


def _depth(word: str) -> float:
    try:
        return arguments.number("depth", 0.0, 10.0)(word)
    except argparse.ArgumentTypeError as error:
        raise arguments.UsageError(f"--depths: {error}", "give metres with commas between, as 0.3,0.6") from None


def _survey(args: argparse.Namespace) -> None:
    from lupex import report, study
    from lupex.cli.printing import running
    from lupex.cli.traverse_commands import pair
    from lupex.mission import load_mission

    mission = load_mission(args.mission)
    centre = None
    if args.at is not None:
        try:
            centre = pair(args.at.strip())
        except argparse.ArgumentTypeError as error:
            raise arguments.UsageError(f"--at: {error}", "give LAT,LON") from None
    found = study.water_survey(mission, centre, running=running())
    summary = report.survey_summary(found, mission)
    for path in report.write_survey(args.out, found, mission):
        say(f"written: {path}")
    for note in found.notes:
        say(note)
    if args.form == "json":
        print_json(summary)
        return
    if args.form == "csv":
        from lupex.cli.printing import print_columns

        names = tuple(summary["stations"][0]) if summary["stations"] else ("label",)
        print_columns({name: [row[name] for row in summary["stations"]] for name in names}, "csv")
        return
    plan, expected = summary["chosen"], summary["expected"]
    depths = ", ".join(f"{depth:g}" for depth in plan["depths_m"])
    print(f"{len(summary['stations'])} stations of {plan['hours']:.1f} h, samples at {depths} m")
    print(", ".join(f"{name} {100.0 * share:.0f} %" for name, share in expected.items()) + " expected")
    alike = summary["expected_were_all_stations_alike"]
    print(", ".join(f"{name} {100.0 * share:.0f} %" for name, share in alike.items()) + " were all stations alike")


def _evidence(args: argparse.Namespace) -> Any:
    from lupex import water

    evidence = water.merged([water.read_evidence(path) for path in args.evidence])
    left = tuple(name.strip() for name in args.without.split(",") if name.strip())
    return evidence.without(left) if left else evidence


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if not isinstance(value, dict | list)}


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
