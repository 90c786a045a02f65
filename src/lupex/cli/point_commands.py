"""Commands about one place: sky, skyline, light."""

import argparse
from pathlib import Path
from typing import Any

from lupex.base.errors import InputError
from lupex.base.utc import civil_s
from lupex.cli import arguments
from lupex.cli.printing import print_columns, print_json, print_rows

MOST_ROWS = 5_000_000


def add_commands(commands: Any) -> None:
    """Register sky, skyline and light.

    Args:
        commands: the subparsers to add to.
    """
    sky = commands.add_parser("sky", help="where Sun and Earth stand over a place, without terrain")
    arguments.add_place(sky)
    sky.add_argument(
        "--times", metavar="FILE", type=arguments.path, help="one UTC time a line, '#' comments; '-' for stdin"
    )
    arguments.add_span(sky, required=False)
    arguments.add_height(sky, "height above the 1737.4 km sphere", lowest_m=-20_000.0)
    arguments.add_format(sky, "csv")
    sky.set_defaults(run=_sky)

    skyline = commands.add_parser("skyline", help="elevation of the terrain horizon around a place")
    arguments.add_point_dem(skyline)
    arguments.add_trust(skyline)
    arguments.add_place(skyline)
    arguments.add_far(skyline)
    arguments.add_height(skyline, "height of the eye above the ground")
    skyline.add_argument(
        "--azimuths",
        metavar="N",
        type=arguments.whole_number("azimuths", 8, 3600),
        default=720,
        help="number of directions (default 720)",
    )
    skyline.add_argument("--aem", metavar="FILE", type=Path, help="write it as an azimuth-elevation mask too (.aem)")
    arguments.add_format(skyline, "csv")
    skyline.set_defaults(run=_skyline)

    light = commands.add_parser("light", help="sunlight and Earth view at a place over time")
    arguments.add_point_dem(light)
    arguments.add_trust(light)
    arguments.add_place(light)
    arguments.add_span(light, required=False)
    arguments.add_far(light)
    arguments.add_height(light, "height of the eye above the ground")
    light.add_argument(
        "--summary", action="store_true", help="statistics instead of the time series; without dates, over 18.7 years"
    )
    light.add_argument(
        "--grounds",
        metavar="N",
        type=arguments.whole_number("grounds", 1, 1000),
        help="quantiles of the summary over N grounds: clones, errors drawn, or seeds of synthetic relief",
    )
    light.add_argument("--clones", metavar="PATH", nargs="+", help="published clones of the DEM: files or their folder")
    light.add_argument("--error-map", metavar="FILE", help="standard deviation of its heights (m), on its grid")
    light.add_argument(
        "--error", metavar="M", type=arguments.number("error", 0.0, 200.0), default=0.0, help="the same, one for all"
    )
    light.add_argument(
        "--error-length",
        metavar="M",
        type=arguments.number("error length", 0.0, 1.0e6),
        default=0.0,
        help="distance at which the correlation of its errors falls to 1/e",
    )
    light.add_argument(
        "--seed", metavar="N", type=arguments.whole_number("seed", 0, 2**31), default=1, help="of what is drawn"
    )
    arguments.add_format(light, "")
    light.set_defaults(run=_light)


def _sky(args: argparse.Namespace) -> None:
    tdb_s, utc = _times_of(args)
    from lupex.ephemeris import sky_rows

    print_columns({"utc": utc, **sky_rows(args.lat, args.lon, tdb_s, args.height)}, args.form)


def _skyline(args: argparse.Namespace) -> None:
    from lupex import study

    terrain = study.point_terrain(args.dem, args.lat, args.lon, arguments.dem_check(args), args.far)
    true_deg, grid_deg, elevation_deg = study.skyline_at(
        terrain, args.lat, args.lon, args.height, azimuths=args.azimuths
    )
    if args.aem is not None:
        from lupex.io import write_elevation_mask

        order = true_deg.argsort()
        write_elevation_mask(args.aem, true_deg[order], elevation_deg[order])
    columns = {"azimuth_true_deg": true_deg, "azimuth_grid_deg": grid_deg, "elevation_deg": elevation_deg}
    print_columns(columns, args.form)


def _light(args: argparse.Namespace) -> None:
    span = arguments.given(args, "start", "stop", "step")
    if args.grounds is None and (args.clones or args.error_map or args.error or args.error_length):
        raise arguments.UsageError("errors of the DEM are stated, but no number of grounds", "give --grounds N")
    args.summary = args.summary or args.grounds is not None
    if args.grounds is not None and len(span) < 3:
        raise arguments.UsageError("--grounds needs a span", "give --start, --stop and --step")
    if len(span) < 3 and (span or not args.summary):
        raise arguments.UsageError(
            "the span is not complete", "give --start, --stop and --step; or --summary alone for the long term"
        )
    if not span:
        _long_term(args)
        return
    _check_span(args)
    from lupex import study
    from lupex.ephemeris import sky_span, tdb_s_to_utc

    terrain = study.point_terrain(args.dem, args.lat, args.lon, arguments.dem_check(args), args.far)
    sky = sky_span(args.start, args.stop, args.step)
    if not args.summary:
        columns = study.light_series_at(terrain, args.lat, args.lon, sky, args.height)
        print_columns({"utc": tdb_s_to_utc(sky.times_tdb_s, _digits(args)), **columns}, args.form or "csv")
        return
    summary = study.light_summary_at(terrain, args.lat, args.lon, sky, args.height)
    if args.grounds is not None:
        place = (args.lat, args.lon, args.height)
        summary |= study.light_over_grounds(terrain, place, sky, _errors(args), args.dem)
    if args.form == "csv":
        print_rows([summary], "csv")
    else:
        print_json(summary)


def _errors(args: argparse.Namespace) -> Any:
    from lupex.study import GroundErrors

    return GroundErrors(
        count=args.grounds,
        clones=tuple(args.clones or ()),
        error_map=args.error_map,
        error_m=args.error,
        length_m=args.error_length,
        seed=args.seed,
    )


def _long_term(args: argparse.Namespace) -> None:
    from lupex import study

    terrain = study.point_terrain(args.dem, args.lat, args.lon, arguments.dem_check(args), args.far)
    summary = study.long_term_summary_at(terrain, args.lat, args.lon, args.height)
    if args.form == "csv":
        print_rows([summary], "csv")
    else:
        print_json(summary)


def _times_of(args: argparse.Namespace) -> tuple[Any, list[str]]:
    """TDB seconds past J2000 and UTC texts of the rows asked for."""
    span = arguments.given(args, "start", "stop", "step")
    if args.times is not None and span:
        raise arguments.UsageError("--times does not go with --start, --stop and --step", "give one or the other")
    if args.times is not None:
        texts = arguments.times_in(args.times)
        from lupex.ephemeris import utc_to_tdb_s

        return utc_to_tdb_s(texts), texts
    if len(span) < 3:
        raise arguments.UsageError("no times given", "give --times FILE, or --start, --stop and --step")
    _check_span(args)
    from lupex.ephemeris import steps_tdb_s, tdb_s_to_utc

    tdb_s = steps_tdb_s(args.start, args.stop, args.step)
    return tdb_s, tdb_s_to_utc(tdb_s, _digits(args))


def _check_span(args: argparse.Namespace) -> None:
    """Raise InputError when a span is empty or makes far too many rows."""
    span_s = civil_s(args.stop) - civil_s(args.start)
    if span_s <= 0:
        raise InputError(f"--stop {args.stop} does not come after --start {args.start}", "exchange or correct them")
    if span_s / args.step > MOST_ROWS:
        raise InputError(
            f"--step {args.step:g} makes {span_s / args.step:.3g} rows, more than {MOST_ROWS}",
            f"use a step of at least {span_s / MOST_ROWS:.3g} s or a shorter span",
        )


def _digits(args: argparse.Namespace) -> int:
    """Decimals of a second needed to tell the rows apart."""
    whole = float(args.step).is_integer() and "." not in args.start
    return 0 if whole else 3
