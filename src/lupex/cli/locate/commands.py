"""lupex locate: where lander and rover are, by which method, and how sure that is."""

import argparse
from dataclasses import asdict
from typing import Any

from lupex.cli import arguments
from lupex.cli.locate import data_commands, image_commands
from lupex.cli.printing import aligned, print_columns, print_json, print_rows, running, say

DEFAULT_METHODS = "range,doppler"
FRAME_NAMES = (
    "MOON_PA_DE440", "MOON_ME_DE440_ME421", "MOON_ME_DE421", "geodetic", "grid-south", "grid-north", "lgrs",
)  # fmt: skip
"""As in lupex.navigation.frames, which help must not load."""


def add_commands(commands: Any) -> None:
    """Register locate and its commands.

    Args:
        commands: the subparsers to add to.
    """
    locate = commands.add_parser("locate", help="where lander and rover are, by which method, how sure")
    locate.set_defaults(run=lambda args: locate.error("no command given"))
    parts = locate.add_subparsers(metavar="COMMAND", title="commands", parser_class=arguments.CommandParser)
    _add_budget(parts)
    _add_range(parts)
    _add_frames(parts)
    _add_skyline(parts)
    _add_methods(parts)
    data_commands.add_commands(parts)
    image_commands.add_commands(parts)


def _add_budget(parts: Any) -> None:
    budget = parts.add_parser("budget", help="sigma of a place at rest after some days, by methods, without data")
    arguments.add_place(budget)
    budget.add_argument("--stations", metavar="A,B", required=True, help="antennas: names of the catalogue or files")
    budget.add_argument("--days", metavar="D,D", default="1,3,14", help="lengths of the arc (default 1,3,14)")
    budget.add_argument(
        "--methods", metavar="A,B", default=DEFAULT_METHODS,
        help=f"see lupex locate methods (default {DEFAULT_METHODS})",
    )  # fmt: skip
    budget.add_argument("--each", action="store_true", help="a row for every method alone, too")
    budget.add_argument(
        "--start", metavar="UTC", type=arguments.utc,
        help="first instant (default 2026-03-01, that of the published budget)",
    )  # fmt: skip
    budget.add_argument("--no-terrain", action="store_true", help="the Earth and orbiters are never behind terrain")
    budget.add_argument(
        "--min-elevation", metavar="DEG", type=arguments.number("elevation", 0.0, 89.0), default=10.0,
        help="of the Moon at the antennas (default 10)",
    )  # fmt: skip
    budget.add_argument(
        "--height", metavar="M", type=arguments.number("height", -20_000.0, 1e5),
        help="above the 1737.4 km sphere (default: of the DEM; 0 with --no-terrain)",
    )  # fmt: skip
    budget.add_argument(
        "--dem", metavar="DEM", type=arguments.dem, default="default", help="elevation map (default: LOLA at 1600 m)"
    )
    arguments.add_trust(budget)
    arguments.add_format(budget, "text")
    budget.set_defaults(run=_budget)


def _add_range(parts: Any) -> None:
    ranges = parts.add_parser("range", help="two-way ranges from an antenna to a place, term by term")
    ranges.add_argument("station", metavar="STATION", help="antenna: a name of the catalogue or a TOML file")
    arguments.add_place(ranges)
    ranges.add_argument(
        "--times", metavar="FILE", type=arguments.path, required=True,
        help="UTC of reception, one a line; '-' for stdin",
    )  # fmt: skip
    arguments.add_height(ranges, "height above the 1737.4 km sphere", lowest_m=-20_000.0, highest_m=1e8)
    ranges.add_argument("--without", metavar="A,B", default="", help="terms not to add (shown all the same)")
    arguments.add_format(ranges, "csv")
    ranges.set_defaults(run=_range)


def _add_frames(parts: Any) -> None:
    frames = parts.add_parser("frames", help="a place in another frame, exactly")
    frames.add_argument("--from", dest="source", metavar="FRAME", required=True, help=", ".join(FRAME_NAMES))
    frames.add_argument("--to", dest="target", metavar="FRAME", required=True, help="the same names")
    frames.add_argument(
        "values", metavar="X Y Z", nargs="+",
        help="metres; for geodetic LAT LON HEIGHT in degrees and metres; for lgrs also its letters and HEIGHT",
    )  # fmt: skip
    arguments.add_format(frames, "text")
    frames.set_defaults(run=_frames)


def _add_skyline(parts: Any) -> None:
    skyline = parts.add_parser("skyline", help="where a panorama was taken: its skyline against a DEM, no prior needed")
    arguments.add_dem(skyline)
    skyline.add_argument(
        "panorama", metavar="PANORAMA.csv", type=arguments.path, help="columns azimuth_deg (camera), elevation_deg"
    )
    arguments.add_far(skyline)
    arguments.add_trust(skyline)
    arguments.add_height(skyline, "height of the camera above the ground")
    skyline.add_argument("--around", metavar="LAT,LON,KM", help="search only so many km to each side of a place")
    skyline.add_argument(
        "--sigma", metavar="DEG", type=arguments.number("sigma", 1e-4, 10.0), default=0.1,
        help="error of one sample, camera and map together (default 0.1)",
    )  # fmt: skip
    skyline.add_argument(
        "--tilt-sigma", metavar="DEG", type=arguments.number("tilt sigma", 1e-4, 10.0), default=0.1,
        help="of a constant offset in elevation (default 0.1)",
    )  # fmt: skip
    skyline.add_argument(
        "--yaw", metavar="DEG", type=arguments.number("yaw", -360.0, 360.0),
        help="true azimuth of the camera's zero, where known",
    )  # fmt: skip
    skyline.add_argument(
        "--yaw-sigma", metavar="DEG", type=arguments.number("yaw sigma", 1e-3, 90.0), default=2.0, help="(default 2)"
    )
    arguments.add_format(skyline, "text")
    skyline.set_defaults(run=_skyline)


def _add_methods(parts: Any) -> None:
    listed = parts.add_parser("methods", help="every method: what it measures, needs and is blind to, its noise")
    arguments.add_format(listed, "text")
    listed.set_defaults(run=_methods)


def _budget(args: argparse.Namespace) -> None:
    from lupex import study

    asked = study.BudgetAsked(
        stations=_names(args.stations),
        methods=_names(args.methods),
        days=tuple(_days(args.days)),
        **({"start_utc": args.start} if args.start else {}),
        lowest_deg=args.min_elevation,
        each=args.each,
        height_m=args.height,
    )
    terrain = None
    if not args.no_terrain:
        terrain = study.point_terrain(args.dem, args.lat, args.lon, arguments.dem_check(args))
    found = study.location_budget(terrain, (args.lat, args.lon), asked)
    for note in study.location_notes(asked):
        say(note)
    rows = [asdict(row) | {"unobserved": list(row.unobserved)} for row in found]
    if args.form == "json":
        print_json(rows)
    elif args.form == "csv":
        print_rows([row | {"unobserved": "; ".join(row["unobserved"])} for row in rows], "csv")
    else:
        table = [("days", "methods", "data", "east m", "north m", "up m", "not observed")]
        for one in found:
            sigmas = (one.sigma_east_m, one.sigma_north_m, one.sigma_up_m)
            words = "; ".join(one.unobserved)
            table.append((f"{one.days:g}", one.methods, str(one.data), *(f"{s:.3g}" for s in sigmas), words))  # type: ignore[arg-type]
        print(aligned(table), end="")


def _range(args: argparse.Namespace) -> None:
    from lupex import study
    from lupex.model.position.fix import place_me_m
    from lupex.navigation.radio.terms import TERMS

    left = _names(args.without) if args.without else ()
    unknown = [name for name in left if name not in TERMS]
    if unknown:
        raise arguments.UsageError(f"--without: no term '{unknown[0]}'", f"known: {', '.join(TERMS)}")
    terms = tuple(name for name in TERMS if name not in left)
    times = arguments.times_in(args.times)
    place = place_me_m(args.lat, args.lon, args.height)
    columns = study.station_ranges(args.station, place, times, terms, running())
    say(study.FRAME_NOTE)
    print_columns(columns, args.form)


def _frames(args: argparse.Namespace) -> None:
    from lupex.navigation.frames import NOTES, converted

    given, source = _frame_values(args.values, args.source)
    me = converted(given, source, "MOON_ME_DE440_ME421")
    if args.target == "lgrs":
        _lgrs(converted(me, "MOON_ME_DE440_ME421", "geodetic"), args.form)
        return
    x, y, z = (float(value) for value in converted(given, source, args.target))
    for name in (args.source, args.target):
        if name in NOTES and args.source != args.target:
            say(NOTES[name])
    found = {"frame": args.target, "x_m": x, "y_m": y, "z_m": z}
    if args.target == "geodetic":
        found = {"frame": args.target, "lat_deg": x, "lon_deg": y, "height_m": z}
        found |= {name: float(value) for name, value in zip(("x_m", "y_m", "z_m"), me, strict=True)}
    if args.form == "json":
        print_json(found)
    elif args.form == "csv":
        print_rows([found], "csv")
    else:
        print("  ".join(f"{name} {value:.6f}" for name, value in found.items() if isinstance(value, float)))


def _frame_values(words: list[str], source: str) -> tuple[Any, str]:
    """Three numbers and the frame they are in; letters of LGRS with a height become latitude, longitude and height."""
    import numpy as np

    from lupex.navigation.lgrs import lgrs_lat_lon

    letters = source == "lgrs" and any(c.isalpha() for c in words[0])
    if len(words) != 3 and not (letters and len(words) <= 2):
        what = "lgrs takes its letters and HEIGHT, or X Y Z" if source == "lgrs" else "a place is X Y Z"
        raise arguments.UsageError(f"frames: {len(words)} values; {what}", "give them behind the options")
    if letters:
        if len(words) == 3:
            raise arguments.UsageError("frames: letters of LGRS and two values", "give the letters and HEIGHT")
        height = arguments.number("height", -1e6, 1e9)(words[1]) if len(words) == 2 else 0.0
        return np.array([*lgrs_lat_lon(words[0]), height]), "geodetic"
    return np.array([arguments.number(name, -1e12, 1e12)(v) for name, v in zip("xyz", words, strict=True)]), source


def _lgrs(geodetic: Any, form: str) -> None:
    """Print a place (latitude, longitude, height) in LGRS."""
    from lupex.navigation.lgrs import grid_place

    place = grid_place(float(geodetic[0]), float(geodetic[1]))
    found = {
        "frame": "lgrs", "x_m": place.easting_m, "y_m": place.northing_m, "z_m": float(geodetic[2]),
        "zone": place.zone, "lgrs": place.text, "lgrs_acc": place.condensed,
    }  # fmt: skip
    if form == "json":
        print_json(found)
    elif form == "csv":
        print_rows([found], "csv")
    else:
        print(f"{place.text}  condensed {place.condensed}  height {geodetic[2]:.3f} m")


def _skyline(args: argparse.Namespace) -> None:
    from lupex import study

    around = None
    if args.around is not None:
        words = args.around.strip().split(",")
        try:
            around = (
                *arguments.lat_lon(",".join(words[:2])),
                arguments.number("km", 0.01, 1000.0)(",".join(words[2:])),
            )
        except argparse.ArgumentTypeError as error:
            raise arguments.UsageError(f"--around: {error}", "give LAT,LON,KM") from None
    asked = study.SkylineAsked(
        panorama=study.read_panorama(args.panorama),
        height_m=args.height,
        sigma_deg=args.sigma,
        tilt_sigma_deg=args.tilt_sigma,
        yaw_deg=args.yaw,
        yaw_sigma_deg=args.yaw_sigma,
    )
    terrain = study.skyline_ground(args.dem, around, arguments.dem_check(args), args.far)
    fix = study.panorama_fix(terrain, asked, running())
    for note in fix.notes:
        say(note)
    modes = [
        {"lat_deg": m.lat_deg, "lon_deg": m.lon_deg, "x_m": m.x_m, "y_m": m.y_m, "sigma_m": m.sigma_m,
         "yaw_deg": m.yaw_deg, "tilt_deg": m.tilt_deg, "probability": m.probability,
         "chi2_per_datum": m.chi2_per_datum} for m in fix.modes
    ]  # fmt: skip
    if args.form == "json":
        best = {name: modes[0][name] for name in ("lat_deg", "lon_deg", "sigma_m", "yaw_deg")}
        print_json(best | {"modes": modes, "elsewhere": fix.elsewhere, "notes": list(fix.notes)})
    elif args.form == "csv":
        print_rows(modes, "csv")
    else:
        for one in modes:
            place = f"{one['lat_deg']:.5f} {one['lon_deg']:.5f}  sigma {one['sigma_m']:.1f} m"
            print(f"{place}  yaw {one['yaw_deg']:.2f} deg  probability {one['probability']:.3f}")


def _methods(args: argparse.Namespace) -> None:
    from lupex.navigation.methods import METHODS

    rows = [asdict(row) for row in METHODS]
    if args.form != "text":
        print_rows(rows, args.form)
        return
    table = [("name", "sigma", "unit", "every s", "bias", "blind to")]
    table += [(r.name, f"{r.sigma:g}", r.unit, f"{r.every_s:g}", f"{r.bias:g}", r.blind_to) for r in METHODS]
    print(aligned(table), end="")


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.strip().split(",") if name.strip())


def _days(text: str) -> list[float]:
    try:
        return [arguments.number("days", 0.01, 400.0)(word) for word in text.strip().split(",")]
    except argparse.ArgumentTypeError as error:
        raise arguments.UsageError(f"--days: {error}", "give days with commas between, as 1,3,14") from None
