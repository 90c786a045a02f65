"""Commands about antennas on the ground and orbiters: contacts, link, czml."""

import argparse
from dataclasses import replace
from typing import Any

from lupex.base.errors import InputError
from lupex.base.utc import civil_s
from lupex.cli import arguments
from lupex.cli.printing import print_columns, print_json, print_rows, say

MOST_DAYS = 4000.0


def add_commands(commands: Any) -> None:
    """Register contacts, link and czml.

    Args:
        commands: the subparsers to add to.
    """
    contacts = commands.add_parser("contacts", help="passes of ground antennas over a place, past both horizons")
    arguments.add_place(contacts)
    contacts.add_argument("--start", metavar="UTC", type=arguments.utc, required=True, help="first instant")
    contacts.add_argument("--stop", metavar="UTC", type=arguments.utc, required=True, help="last instant")
    contacts.add_argument("--name", default="place", help="what the place is called in files and messages")
    _add_mission(contacts)
    contacts.add_argument(
        "--dem", metavar="DEM", type=arguments.dem, default="default", help="elevation map (default: LOLA at 1600 m)"
    )
    arguments.add_trust(contacts)
    contacts.add_argument("--stations", metavar="A,B", help="antennas: names of the catalogue or TOML files")
    contacts.add_argument("--radio", metavar="NAME", help="radio at the place: of the catalogue or a TOML file")
    contacts.add_argument(
        "--height", metavar="M", type=arguments.number("height", 0.0, 1e5), help="antenna above the ground, metres"
    )
    contacts.add_argument(
        "--pass", dest="number", metavar="N", type=arguments.whole_number("pass", 1, 10**6),
        help="pass N of the list sample by sample: directions, range, Doppler, margin, rate",
    )  # fmt: skip
    contacts.add_argument(
        "--step", metavar="SECONDS", type=arguments.number("step", 1.0, 86_400.0), default=120.0,
        help="with --pass or --out: farthest apart two samples stand (default 120)",
    )  # fmt: skip
    contacts.add_argument(
        "--schedule", action="store_true", help="the passes to book instead of all, as [ground] asks for them"
    )
    contacts.add_argument(
        "--lost", metavar="A,B", help="with --schedule: without these antennas or complexes; what that changes"
    )
    contacts.add_argument(
        "--lost-from", metavar="UTC", type=arguments.utc, help="with --lost: first instant of the outage"
    )
    contacts.add_argument(
        "--lost-until", metavar="UTC", type=arguments.utc, help="with --lost: last instant of the outage"
    )
    contacts.add_argument(
        "--out",
        metavar="DIR",
        type=arguments.path,
        help="folder for CSV, iCalendar, Simple Schedule, TDM, looks and GeoJSON",
    )
    contacts.add_argument("--summary", action="store_true", help="hours and data of each station instead of passes")
    arguments.add_format(contacts, "csv")
    contacts.set_defaults(run=_contacts)

    link = commands.add_parser("link", help="budget of the link between a ground antenna and a radio on the Moon")
    link.add_argument("station", metavar="STATION", help="antenna: a name of the catalogue or a TOML file")
    link.add_argument("radio", metavar="RADIO", help="radio: a name of the catalogue or a TOML file")
    link.add_argument(
        "--range", dest="range_km", metavar="KM", type=arguments.number("range", 1.0, 1e7), default=384_400.0,
        help="distance (default 384400)",
    )  # fmt: skip
    link.add_argument(
        "--elevation", metavar="DEG", type=arguments.number("elevation", 0.1, 90.0), default=30.0,
        help="of the Moon at the antenna (default 30)",
    )  # fmt: skip
    link.add_argument(
        "--rate", metavar="BPS", type=arguments.number("rate", 1e-3, 1e12),
        help="information rate (default: the radio's highest; its command rate with --up)",
    )  # fmt: skip
    way = link.add_mutually_exclusive_group()
    way.add_argument("--down", dest="direction", action="store_const", const="down", help="telemetry (default)")
    way.add_argument("--up", dest="direction", action="store_const", const="up", help="commands")
    link.add_argument("--ranging", action="store_true", help="ranging shares the carrier")
    link.add_argument(
        "--off-axis", metavar="DEG", type=arguments.number("angle", 0.0, 180.0),
        help="how far off its boresight the radio's antenna is (default: its pointing error)",
    )  # fmt: skip
    _add_mission(link)
    arguments.add_format(link, "text")
    link.set_defaults(run=_link, direction="down")

    scene = commands.add_parser("czml", help="tracks of orbiters (OEM) as a scene for Cesium")
    scene.add_argument("orbits", metavar="OEM", nargs="+", type=arguments.path, help="states about the Moon")
    scene.add_argument("--out", metavar="FILE", type=arguments.path, required=True, help="the scene, ending in .czml")
    scene.add_argument(
        "--step", metavar="SECONDS", type=arguments.number("step", 1e-3, 86_400.0), default=60.0,
        help="between two positions (default 60)",
    )  # fmt: skip
    scene.set_defaults(run=_czml)


def _add_mission(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--mission",
        metavar="MISSION.toml",
        type=arguments.path,
        help="[ground] and [link] of this file, else the defaults",
    )


def _contacts(args: argparse.Namespace) -> None:
    _check_span(args)
    from lupex import ground as antennas
    from lupex import report, study
    from lupex.model.contact.pass_columns import PASS_TABLE

    mission = _mission(args)
    words = {"stations": args.stations, "radio": args.radio, "antenna_height_m": args.height}
    ground = replace(mission.ground, **{key: value for key, value in words.items() if value is not None})
    ground = _schedule_days(args, ground)
    terrain = study.point_terrain(args.dem, args.lat, args.lon, arguments.dem_check(args))
    found = study.contacts_at(terrain, (args.lat, args.lon), (args.start, args.stop), ground, mission.link, args.name)
    series = None
    if args.number is not None:
        series = study.pass_series(found, args.number - 1, ground, mission.link, args.step)
    loss = None
    if args.lost is not None:
        outage = (args.lost_from or args.start, args.lost_until or args.stop)
        loss = study.contacts_without(found, args.lost, ground, mission.link, outage)
    if args.schedule and found.schedule is None:
        raise InputError(found.schedule_reason.rstrip("."), "ask for another span, other antennas or another place")
    for sentence in (*found.plan.notes, *report.why_empty(found)):
        say(sentence)
    if series is not None:
        print_columns(antennas.series_table(series, found.radio.frequency_down_hz), args.form)
    elif args.schedule:
        _print_schedule(found, loss, args.form)
    elif args.form == "json":
        passes = {} if args.summary else {"passes": antennas.pass_table(found)}
        print_json(report.contacts_summary(found) | passes)
    elif args.summary:
        print_rows(report.station_rows(found), "csv")
    else:
        _print_all(antennas.pass_table(found), PASS_TABLE)
    if args.out is not None:
        schedule = found.schedule if loss is None else loss.after
        for path in report.write_contacts(args.out, found, ground, args.step, schedule):
            say(f"written: {path}")


def _schedule_days(args: argparse.Namespace, ground: Any) -> Any:
    """[ground] with a schedule just where one is asked for; all days where the mission asks for none."""
    if args.lost is not None and not args.schedule:
        raise arguments.UsageError("--lost goes with --schedule", "give both")
    if args.lost is None and (args.lost_from or args.lost_until):
        raise arguments.UsageError("--lost-from and --lost-until go with --lost", "name the antennas")
    if not args.schedule:
        return replace(ground, schedule_days=0.0)
    return ground if ground.schedule_days > 0.0 else replace(ground, schedule_days=MOST_DAYS)


def _print_schedule(found: Any, loss: Any, form: str) -> None:
    """Booked passes on stdout; cost, bound and what is unmet on stderr. ``loss``: of a station, None for none."""
    from lupex import ground, report
    from lupex.model.contact.pass_columns import BOOKED_TABLE

    schedule = found.schedule if loss is None else loss.after
    if form == "json":
        change = {} if loss is None else report.loss_summary(loss)
        print_json(report.schedule_summary(schedule, found.stations, found.radio.band) | change)
        return
    _print_all(ground.booked_table(schedule, found.stations, found.radio.band), BOOKED_TABLE)
    for sentence in [] if loss is None else report.loss_sentences(loss):
        say(sentence)
    say(f"cost {schedule.cost:.2f}, {schedule.status}; nothing costs less than {schedule.bound:.2f}")
    for sentence in schedule.notes:
        say(sentence)


def _print_all(rows: list[dict[str, Any]], names: tuple[str, ...]) -> None:
    """Rows with their header even where there are none."""
    print_columns({name: [row[name] for row in rows] for name in names}, "csv")


def _link(args: argparse.Namespace) -> None:
    from lupex import report, study

    budget = study.link_budget(
        args.station,
        args.radio,
        1000.0 * args.range_km,
        args.elevation,
        study.link_asked(_mission(args).link, args.rate, args.ranging, args.off_axis),
        args.direction,
    )
    if args.form == "json":
        print_json(report.budget_summary(budget))
    elif args.form == "csv":
        print_rows(report.budget_rows(budget), "csv")
    else:
        print(budget)
        print(f"the link {'closes' if budget.closes else 'does not close'}")


def _czml(args: argparse.Namespace) -> None:
    if args.out.suffix != ".czml":
        raise arguments.UsageError(f"--out {args.out} does not end in .czml", "viewers know a scene by its ending")
    from lupex.io import read_oem
    from lupex.report import write_orbit_scene

    write_orbit_scene(args.out, [table for path in args.orbits for table in read_oem(path)], args.step)
    say(f"written: {args.out}")


def _mission(args: argparse.Namespace) -> Any:
    from lupex.mission import load_mission

    return load_mission(args.mission)


def _check_span(args: argparse.Namespace) -> None:
    """Raise InputError when a span is empty or far too long."""
    days = (civil_s(args.stop) - civil_s(args.start)) / 86_400.0
    if days <= 0.0:
        raise InputError(f"--stop {args.stop} does not come after --start {args.start}", "exchange or correct them")
    if days > MOST_DAYS:
        raise InputError(f"--start to --stop are {days:.0f} days, more than {MOST_DAYS:g}", "ask for a shorter span")
