"""lupex ops: the archive, the simulator, a Yamcs server's configuration, and a day of operations."""

import argparse
from typing import Any

from lupex.base.errors import InputError
from lupex.cli import arguments
from lupex.cli.operations import archive_commands
from lupex.cli.printing import aligned, print_json, say

LAT_DEG, LON_DEG = -89.45, 222.69
_DEFAULT_STATIONS = "misasa,usuda,byalalu32"


def add_commands(commands: Any) -> None:
    """Register ops and its commands.

    Args:
        commands: the subparsers to add to.
    """
    ops = commands.add_parser("ops", help="operations: archive, simulator, Yamcs configuration, a day of the loop")
    ops.set_defaults(run=lambda args: ops.error("no command given"))
    parts = ops.add_subparsers(metavar="COMMAND", title="commands", parser_class=arguments.CommandParser)
    archive_commands.add_commands(parts)
    _add_simulate(parts)
    _add_yamcs(parts)
    _add_day(parts)


def _add_place(parser: Any) -> None:
    parser.add_argument("--dem", metavar="DEM", type=arguments.dem, default="default", help="elevation map")
    parser.add_argument(
        "--place",
        metavar="LAT,LON",
        type=arguments.lat_lon,
        default=(LAT_DEG, LON_DEG),
        help=f"where the rover stands (default {LAT_DEG},{LON_DEG})",
    )
    parser.add_argument("--mission", metavar="FILE", type=arguments.path, help="mission file with the rover")
    parser.add_argument("--dictionary", metavar="NAME", default="lupex", help="packets and commands (default lupex)")


def _add_simulate(parts: Any) -> None:
    simulate = parts.add_parser("simulate", help="a rover that follows a plan: its telemetry, and its state at the end")
    simulate.add_argument(
        "plan", metavar="PLAN", type=arguments.path, help="JSON file: start_utc, duration_s, commands ..."
    )
    _add_place(simulate)
    simulate.add_argument("--out", metavar="CADUS", type=arguments.path, help="file the received frames go to")
    simulate.add_argument("--state", metavar="FILE", type=arguments.path, help="file the state at the end goes to")
    simulate.add_argument(
        "--tm",
        metavar="HOST:PORT",
        help="listen there and send packets to who connects (HOST: this machine)",
    )
    simulate.add_argument("--tc", metavar="HOST:PORT", help="listen there for command packets; goes with --tm")
    simulate.add_argument(
        "--files",
        metavar="HOST:PORT",
        help="listen there for files (CFDP): tracks of drives, and yours; goes with --tm",
    )
    simulate.add_argument(
        "--speed", metavar="X", type=arguments.number("speed", 0.0, 1e6), default=1.0,
        help="with --tm: 1 in time with the clock, 0 at once (default 1)",
    )  # fmt: skip
    simulate.add_argument("--json", action="store_true", help="the state at the end as JSON on stdout")
    simulate.set_defaults(run=_simulate)


def _add_yamcs(parts: Any) -> None:
    yamcs = parts.add_parser("yamcs", help="a Yamcs server of one's own")
    yamcs.set_defaults(run=lambda args: yamcs.error("no command given"))
    inner = yamcs.add_subparsers(metavar="COMMAND", title="commands", parser_class=arguments.CommandParser)
    init = inner.add_parser(
        "init", help="write a ready configuration: instance, links, files, XTCE, displays, timeline"
    )
    init.add_argument("folder", metavar="DIR", type=arguments.path, help="new or empty folder")
    init.add_argument("--dictionary", metavar="NAME", default="lupex", help="packets and commands (default lupex)")
    init.add_argument(
        "--passes", metavar="FILE", type=arguments.path, help="schedule (.xml) or calendar (.ics) of passes"
    )
    init.add_argument(
        "--plan", metavar="FILE", type=arguments.path, action="append", default=[],
        help="drive (.csv), plan of the simulator or day.json (.json) for the timeline; may be given again",
    )  # fmt: skip
    port = arguments.whole_number("port", 1, 65535)
    init.add_argument("--http-port", metavar="N", type=port, default=8090, help="of the server's pages (default 8090)")
    init.add_argument("--first-port", metavar="N", type=port, default=10015, help="first of six ports of its links")
    init.set_defaults(run=_yamcs_init)
    timeline = inner.add_parser("timeline", help="put passes, drives and commands of DIR on the running server")
    timeline.add_argument("folder", metavar="DIR", type=arguments.path, help="folder that init has written")
    timeline.add_argument("--url", metavar="URL", default="", help="of the server (default: the one in DIR)")
    timeline.set_defaults(run=_yamcs_timeline)


def _add_day(parts: Any) -> None:
    day = parts.add_parser("day", help="the daily loop over a simulated day, with three faults")
    _add_place(day)
    day.add_argument("--start", metavar="UTC", type=arguments.utc, default="2028-05-14T00:00:00Z", help="first instant")
    day.add_argument("--hours", metavar="H", type=arguments.number("hours", 1.0, 336.0), default=24.0, help="how long")
    day.add_argument("--stations", metavar="A,B", default=_DEFAULT_STATIONS, help="antennas")
    day.add_argument("--every-pass", action="store_true", help="use every pass, booked or not")
    day.add_argument(
        "--state", metavar="FILE", type=arguments.path, help="go on from the state of an earlier day or plan"
    )
    day.add_argument(
        "--seed", metavar="N", type=arguments.whole_number("seed", 0, 2**63), default=1, help="of all chance"
    )
    day.add_argument(
        "--drive", metavar="M", type=arguments.number("drive", 40.0, 2000.0), default=200.0, help="how far to the goal"
    )
    day.add_argument("--no-faults", action="store_true", help="nothing goes wrong")
    day.add_argument("--go", metavar="NAME", default="", help="the person who gives the go for every stack of commands")
    day.add_argument(
        "--ask", action="store_true",
        help="every stack waits in DIR until a person gives the go there (lupex serve --follow DIR --allow-commands)",
    )  # fmt: skip
    day.add_argument(
        "--speed", metavar="X", type=arguments.number("speed", 0.0, 1e6), default=0.0,
        help="1 in time with the clock, 60 a minute in a second, 0 as fast as it goes (default 0)",
    )  # fmt: skip
    day.add_argument("--out", metavar="DIR", type=arguments.path, help="archive, stacks, history and verdicts go here")
    day.add_argument("--json", action="store_true", help="verdicts, commands, events and alarms as JSON on stdout")
    day.set_defaults(run=_day)


def _simulate(args: argparse.Namespace) -> None:
    from lupex.catalogue.telemetry import dictionary
    from lupex.cli.operations.scene import rover_of, surroundings_at
    from lupex.io.atomic import write_bytes
    from lupex.io.tables import write_json
    from lupex.mission import load_mission
    from lupex.ops.simulator.plan import read_plan, simulate, spacecraft_for
    from lupex.ops.simulator.state import end_state
    from lupex.packets.times.cuc import tai_to_utc

    for name, given in (("--tc", args.tc), ("--files", args.files)):
        if given is not None and args.tm is None:
            raise arguments.UsageError(f"{name} goes with --tm", "give both")
    if args.tm is not None and args.out is not None:
        raise arguments.UsageError("--out and --tm exclude each other", "give one of them")
    plan = read_plan(args.plan)
    first, last = plan.start_tai_s - 600.0, plan.start_tai_s + plan.duration_s + 1200.0
    span = (tai_to_utc(first)[0], tai_to_utc(last)[0])
    around, place = surroundings_at(args.dem, args.place, span, plan.seed)
    rover = rover_of(load_mission(args.mission))
    craft = spacecraft_for(plan.at(*place), dictionary(args.dictionary), rover, around)
    received = simulate(plan, craft) if args.tm is None else _serve(args, plan, craft)
    state = end_state(craft)
    if args.out is not None:
        write_bytes(args.out, received)
    if args.state is not None:
        write_json(args.state, state)
    if args.json:
        print_json(state)
    body = craft.onboard.body
    say(
        f"{len(received)} octets received; at {state['utc']} x {body.x_m:.1f} m, y {body.y_m:.1f} m, "
        f"mode {state['mode']}, {body.charge_wh:.0f} Wh, {body.odometer_m:.1f} m driven, "
        f"{len(craft.storage)} packets stored"
    )


def _serve(args: argparse.Namespace, plan: Any, craft: Any) -> bytes:
    """The plan on sockets; nothing is kept of what was sent."""
    import tempfile
    from contextlib import ExitStack, closing
    from pathlib import Path

    from lupex.ops.simulator.serve import Server, host_and_port, serve

    with ExitStack() as until:
        servers: dict[str, Any] = {
            name: None if place is None
            else until.enter_context(closing(Server(host_and_port(place), checked=name != "files")))
            for name, place in (("packets", args.tm), ("commands", args.tc), ("files", args.files))
        }  # fmt: skip
        if args.files is not None:
            _keep_tracks(craft, Path(until.enter_context(tempfile.TemporaryDirectory())))
        say(", ".join(f"{name} on port {one.port}" for name, one in servers.items() if one is not None))
        tm = servers["packets"]
        commands = serve(plan, craft, tm, servers["commands"], args.speed, files=servers["files"])
        say(f"{commands} commands came in; {tm.dropped} clients dropped that did not read, {tm.refused} refused")
        if craft.files is not None:
            for one in craft.files.verdicts:
                say(f"file {one.name}: {one.verdict}{one.reason and ', '}{one.reason}")
    return b""


def _keep_tracks(craft: Any, folder: Any) -> None:
    """Give the rover an end of file transfers, and let it keep tracks of its drives."""
    from lupex.ops.loop.playback import file_ends
    from lupex.ops.simulator.recorder import Recorder
    from lupex.packets.pus.telemetry import TelemetryWriter

    try:
        _, craft.files = file_ends(folder)
    except ImportError:
        raise InputError("--files: cfdp-py is not installed", "pip install lupex[cfdp]") from None
    craft.onboard.recorder = Recorder(writer=TelemetryWriter(craft.onboard.dictionary))


def _yamcs_init(args: argparse.Namespace) -> None:
    from lupex.catalogue.telemetry import dictionary
    from lupex.ops.yamcs import YamcsSettings, write_yamcs
    from lupex.ops.yamcs.timeline import passes_of_file, plan_of_file

    first = args.first_port
    settings = YamcsSettings(
        http_port=args.http_port, tm_port=first, tc_port=first + 1, tm_frame_port=first + 2, tc_frame_port=first + 3,
        aos_frame_port=first + 4, file_port=first + 5,
    )  # fmt: skip
    timeline = [] if args.passes is None else passes_of_file(args.passes)
    for path in args.plan:
        timeline += plan_of_file(path)
    timeline = list({one["id"]: one for one in timeline}.values())
    files = write_yamcs(args.folder, dictionary(args.dictionary), settings, timeline)
    say(f"{len(files)} files in {args.folder}; README.md says how to start the server")


def _yamcs_timeline(args: argparse.Namespace) -> None:
    from lupex.ops.yamcs.push import push_timeline

    new = push_timeline(args.folder, args.url)
    say(f"{new['items']} items, {new['bands']} bands and {new['views']} views are new on the server's timeline")


def _day(args: argparse.Namespace) -> None:
    import tempfile
    from contextlib import ExitStack
    from pathlib import Path

    from lupex.io.tables import write_json
    from lupex.ops.loop.desk import Desk
    from lupex.ops.simulator.state import end_state

    if args.ask and (args.out is None or args.go):
        raise arguments.UsageError("--ask goes with --out and without --go", "name a folder where the stacks wait")
    if args.ask and args.speed == 0.0:
        raise arguments.UsageError("--ask needs a --speed", "at once nobody could answer; try --speed 60")
    with ExitStack() as until:
        folder = args.out
        if folder is None:
            folder = Path(until.enter_context(tempfile.TemporaryDirectory()))
        elif folder.exists() and any(folder.iterdir()):
            raise InputError(f"{folder}: not an empty folder", "name a new one")
        day = _prepared_day(args, folder)
        until.callback(day.ground.archive.close)
        day.desk = Desk(folder) if args.ask else None
        rows = day.run(args.speed)
        answer = {
            "verdicts": [
                {"asked": v.asked, "happened": v.happened, "right": v.right, "evidence": v.evidence} for v in rows
            ],
            "right": all(one.right for one in rows),
            "commands": day.ground.history.rows(),
            "refused": day.ground.refused,
            "events": day.ground.events,
            "alarms": day.ground.alarms,
            "water": [] if day.ground.water is None else day.ground.water.weighed,
            "missing": day.ground.monitor.gaps(day.craft.tai_s),
            "contacts_tai_s": day.craft.radio.contacts_tai_s,
            "stacks": day.stacks,
            "drives": [
                {"name": f"drive of {plan.time_s / 60.0:.0f} min", "begin_tai_s": begin, "time_s": plan.time_s}
                for begin, plan in day.plans
            ],
            "frames": day.ground.chain.counts,
            "files": []
            if day.ground.files is None
            else [
                {"name": one.name, "verdict": one.verdict, "reason": one.reason} for one in day.ground.files.verdicts
            ],
            "notes": day.notes,
        }
        if args.out is not None:
            write_json(folder / "day.json", answer)
            write_json(folder / "state.json", end_state(day.craft))
        if args.json:
            print_json(answer)
        else:
            table = [("asked", "happened", "right", "evidence")]
            table += [(one.asked, one.happened, "yes" if one.right else "NO", one.evidence) for one in rows]
            print(aligned(table), end="")
        for note in day.notes:
            say(f"note: {note}")


def _prepared_day(args: argparse.Namespace, folder: Any) -> Any:
    from importlib.util import find_spec

    from lupex.base.gate import file_json
    from lupex.catalogue.telemetry import dictionary
    from lupex.cli.operations.scene import contacts_of_day, rover_of, surroundings_at
    from lupex.ephemeris import tdb_s_to_utc, utc_to_tdb_s
    from lupex.mission import load_mission
    from lupex.ops.loop.inputs import DayInputs, operations_day
    from lupex.packets.times.cuc import tai_to_utc, tdb_to_tai_1958_s

    state = {} if args.state is None else file_json(args.state, "a state")
    if not isinstance(state, dict) or (args.state is not None and not isinstance(state.get("tai_s"), int | float)):
        raise InputError(f"{args.state}: is no state", "give state.json of an earlier day, or the state of a plan")
    first = tai_to_utc(float(state["tai_s"]), 3)[0] if state else args.start
    start = float(utc_to_tdb_s(first)[0])
    stop = start + 3600.0 * args.hours
    before, after = tdb_s_to_utc([start - 600.0, stop + 1200.0])
    around, (x_m, y_m) = surroundings_at(args.dem, args.place, (before, after), args.seed)
    mission = load_mission(args.mission)
    with_files = find_spec("cfdppy") is not None
    if not with_files:
        say("note: tracks of drives are not sent as files: pip install lupex[cfdp]")
    contacts, note = contacts_of_day(mission, args, (start, stop))
    if note:
        say(f"note: {note}")
    inputs = DayInputs(
        dictionary=dictionary(args.dictionary),
        rover=rover_of(mission),
        around=around,
        x_m=x_m,
        y_m=y_m,
        start_tai_s=float(state["tai_s"]) if state else float(tdb_to_tai_1958_s(start)[0]),
        hours=args.hours,
        seed=args.seed,
        contacts_tai_s=contacts,
        drive_m=args.drive,
        faults=not args.no_faults,
        go=args.go,
        water=(mission.water_rule, mission.water_prior),
        state=state,
        files=folder / "files" if with_files else None,
    )
    return operations_day(inputs, folder / "archive.sqlite")
