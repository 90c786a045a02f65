"""Commands about drives: traverse plan, traverse check, traverse reach, traverse campaign."""

import argparse
import math
from typing import Any

from lupex.base.errors import InputError
from lupex.cli import arguments
from lupex.cli.printing import print_json, print_rows, running, say

GROUND_ONLY = ("mission", "start", "static", "energy_limit", "one_way")
TIMED_ONLY = ("start", "one_way")
SHADOW = "shadow"


def add_commands(commands: Any) -> None:
    """Register traverse with its sub-commands.

    Args:
        commands: the subparsers to add to.
    """
    drive = commands.add_parser("traverse", help="plan, check and bound drives in space and time")
    actions = drive.add_subparsers(metavar="ACTION", required=True, title="actions")
    _add_plan(actions)
    _add_check(actions)
    _add_reach(actions)
    _add_campaign(actions)


def _add_plan(actions: Any) -> None:
    plan = actions.add_parser(
        "plan", help="the best drive from a place to another and back to light, or over a raster of costs"
    )
    arguments.add_mission(plan)
    plan.add_argument(
        "--cost", metavar="FILE", type=arguments.path, help="plan over this raster of cost per metre instead"
    )
    plan.add_argument(
        "--from", dest="origin", metavar="A,B", type=pair, required=True, help="LAT,LON; with --cost X,Y of the raster"
    )
    plan.add_argument(
        "--to", dest="goal", metavar="A,B", type=goal, help=f"LAT,LON or '{SHADOW}' (default); with --cost X,Y"
    )
    _add_start(plan)
    plan.add_argument(
        "--static", choices=("time", "energy", "length"), help="ignore light: the way with the least of this"
    )
    plan.add_argument(
        "--energy-limit", metavar="WH", type=arguments.number("energy limit", 0.0, 1e9),
        help="with --static: most energy the driving may take",
    )  # fmt: skip
    plan.add_argument("--one-way", action="store_true", help="end at the goal, in sunlight")
    plan.add_argument("--cut-corners", action="store_true", help="with --cost: diagonal steps may pass closed cells")
    _add_out(plan, "folder for the drive as GeoJSON, GeoPackage, CSV and list of activities")
    arguments.add_format(plan, "csv")
    plan.set_defaults(run=_plan)


def _add_check(actions: Any) -> None:
    check = actions.add_parser("check", help="drive through waypoints of yours: the first broken limit, place and time")
    check.add_argument("waypoints", metavar="FILE", type=arguments.path, help="waypoints: CSV, GeoJSON or GeoPackage")
    arguments.add_mission(check)
    _add_start(check, "the file's first time, else the mission's")
    _add_out(check, "folder for files of the drive as it was played through")
    arguments.add_format(check, "text")
    check.set_defaults(run=_check)


def _add_reach(actions: Any) -> None:
    reach = actions.add_parser("reach", help="how far the rover gets: time, energy, and back to light")
    arguments.add_mission(reach)
    reach.add_argument("--from", dest="origin", metavar="LAT,LON", type=pair, required=True, help="where it starts")
    _add_start(reach)
    _add_out(reach, "folder for maps (GeoTIFF)")
    arguments.add_format(reach, "csv")
    reach.set_defaults(run=_reach)


def _add_campaign(actions: Any) -> None:
    campaign = actions.add_parser("campaign", help="which stops to visit, in what order and when")
    arguments.add_mission(campaign)
    campaign.add_argument(
        "--stops", metavar="FILE", type=arguments.path, required=True,
        help="CSV or GeoJSON: label, place, value, dwell_hours, and limits of time and light",
    )  # fmt: skip
    campaign.add_argument("--from", dest="origin", metavar="LAT,LON", type=pair, required=True, help="where it starts")
    _add_start(campaign)
    _add_out(campaign, "folder for the drive as GeoJSON, GeoPackage, CSV and list of activities")
    arguments.add_format(campaign, "csv")
    campaign.set_defaults(run=_campaign)


def pair(text: str) -> tuple[float, float]:
    """Two finite numbers with a comma between."""
    words = text.split(",")
    try:
        first, second = (float(word) for word in words)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text.strip()!r} is not two numbers; write them like -89.5,222.7") from None
    if not (math.isfinite(first) and math.isfinite(second)):
        raise argparse.ArgumentTypeError(f"{text.strip()!r} is not finite")
    return first, second


def goal(text: str) -> tuple[float, float] | str:
    """Two numbers, or the word for permanent shadow."""
    return SHADOW if text.strip() == SHADOW else pair(text)


def _add_start(parser: argparse.ArgumentParser, otherwise: str = "the mission's") -> None:
    parser.add_argument(
        "--start", metavar="UTC", type=arguments.utc, help=f"when the drive begins (default: {otherwise})"
    )


def _add_out(parser: argparse.ArgumentParser, meaning: str) -> None:
    parser.add_argument("--out", metavar="DIR", type=arguments.path, help=meaning)


def _plan(args: argparse.Namespace) -> None:
    if args.cost is not None:
        _plan_on_raster(args)
    elif args.cut_corners:
        raise arguments.UsageError("--cut-corners goes with --cost", "leave it out")
    elif args.static:
        _plan_static(args)
    else:
        _plan_in_time(args)


def _plan_on_raster(args: argparse.Namespace) -> None:
    _refuse(args, GROUND_ONLY, "--cost")
    if args.goal is None or args.goal == SHADOW:
        raise arguments.UsageError("--cost needs --to X,Y", "give the goal in the raster's coordinates")
    from lupex import study

    found = study.drive_over_raster(args.cost, args.origin, args.goal, args.cut_corners)
    if found.summary["length_unit"] not in ("metre", "unknown"):
        say(f"note: the raster's coordinates are in {found.summary['length_unit']}; costs and lengths are per that")
    if args.out is not None:
        say(f"written: {study.write_raster_drive(found, args.out)}")
    if args.form == "json":
        print_json(found.summary | {"path": [list(point) for point in found.path_xy]})
    else:
        print_rows([{"x": x, "y": y} for x, y in found.path_xy], "csv")


def _refuse(args: argparse.Namespace, names: tuple[str, ...], option: str) -> None:
    """Raises UsageError when one of these was given, which an option rules out."""
    for name in names:
        given = getattr(args, name)
        if given is not None and given is not False:
            word = "a mission file" if name == "mission" else f"--{name.replace('_', '-')}"
            raise arguments.UsageError(f"{word} does not go with {option}", "leave one of them out")


def _mission(args: argparse.Namespace) -> Any:
    from lupex.mission import load_mission

    return load_mission(args.mission)


def _place(origin: tuple[float, float], option: str) -> tuple[float, float]:
    if abs(origin[0]) > 90.0 or abs(origin[1]) > 360.0:
        raise InputError(f"{option} {origin[0]:g},{origin[1]:g} is no place", "give LAT,LON, degrees, latitude first")
    return origin


def _goal(args: argparse.Namespace) -> tuple[float, float] | None:
    return None if args.goal in (None, SHADOW) else _place(args.goal, "--to")


def _plan_static(args: argparse.Namespace) -> None:
    from lupex import report, study

    _refuse(args, TIMED_ONLY, "--static")
    to = _goal(args)
    if to is None:
        raise arguments.UsageError("--static needs --to LAT,LON", "give the place to drive to")
    limit = math.inf if args.energy_limit is None else args.energy_limit
    drive = study.static_drive(_mission(args), _place(args.origin, "--from"), to, args.static, limit)
    rows = report.static_rows(drive)
    if args.out is not None:
        say(f"written: {report.write_static_drive(drive, args.out)}")
    if args.form == "json":
        print_json(report.static_summary(drive) | {"waypoints": rows})
    else:
        print_rows(rows, "csv")


def _plan_in_time(args: argparse.Namespace) -> None:
    if args.energy_limit is not None:
        raise arguments.UsageError("--energy-limit goes with --static", "in time the battery is the limit")
    if args.one_way and _goal(args) is None:
        raise arguments.UsageError("--one-way needs --to LAT,LON", "give the place the drive ends at")
    from lupex import report, study

    mission, start = _mission(args), _place(args.origin, "--from")
    begin = args.start or study.drive_begin_utc(mission, None)
    scene, drive = study.drive_in_time(mission, start, _goal(args), begin, args.one_way, running())
    summary = report.drive_summary(scene, drive)
    _show(drive.traverse, summary, args, scene.terrain)
    if args.form == "csv":
        for note in summary["notes"]:
            say(f"note: {note}")
        say(report.drive_sentence(drive))


def _check(args: argparse.Namespace) -> None:
    if args.waypoints.suffix == ".toml":
        raise arguments.UsageError(
            f"{args.waypoints} is a mission file; waypoints come first", "see 'lupex traverse check --help'"
        )
    from lupex import report, study

    checked = study.checked_drive(_mission(args), args.waypoints, args.start, running())
    summary = report.check_summary(checked)
    if args.form != "text":
        _show(checked.traverse, summary, args, checked.scene.terrain)
        return
    _write(checked.traverse, args, checked.scene.terrain)
    for number, one in enumerate(summary["broken"]):
        print(f"{'also' if number else 'first'} broken: {one['sentence']}")
    print(summary["sentence"] if summary["broken"] else f"every limit holds: {summary['sentence']}")
    if checked.end is not None:
        say(f"note: {report.end_words(checked.end)}")


def _reach(args: argparse.Namespace) -> None:
    from lupex import report, study

    mission, start = _mission(args), _place(args.origin, "--from")
    begin = args.start or study.drive_begin_utc(mission, None)
    reached = study.reached_ground(mission, start, begin, running())
    rows = report.reach_rows(reached)
    if args.out is not None:
        for path in report.write_reach(reached, args.out):
            say(f"written: {path}")
    if args.form == "json":
        print_json({"from": list(start), "start_utc": begin, "reach": rows})
    else:
        print_rows(rows, "csv")


def _campaign(args: argparse.Namespace) -> None:
    from lupex import report, study

    mission, start = _mission(args), _place(args.origin, "--from")
    begin = args.start or study.drive_begin_utc(mission, None)
    planned = study.planned_campaign(mission, args.stops, start, begin, running())
    summary = report.campaign_summary(planned)
    _write(planned.drive.traverse, args, planned.scene.terrain)
    if args.form == "json":
        print_json(summary | {"waypoints": report.drive_rows(planned.campaign.traverse)})
    else:
        print_rows(summary["stops"], "csv")
        say(f"worth {summary['value']:g} of at most {summary['bound']:g}; {report.drive_sentence(planned.drive)}")


def _show(drive: Any, summary: dict[str, Any], args: argparse.Namespace, terrain: Any) -> None:
    """A drive on stdout as asked for, and as files."""
    from lupex.report import drive_rows

    _write(drive, args, terrain)
    rows = drive_rows(drive)
    if args.form == "json":
        print_json(summary | {"waypoints": rows})
    else:
        print_rows(rows, "csv")


def _write(drive: Any, args: argparse.Namespace, terrain: Any) -> None:
    if args.out is None:
        return
    from lupex.report.drive.exchange import write_traverse

    for path in write_traverse(args.out, drive, "drive", terrain):
        say(f"written: {path}")
