"""Commands about elevation maps: dem fetch, dem info, dem import."""

import argparse
import math
from pathlib import Path
from typing import Any

from lupex.cli import arguments
from lupex.cli.printing import aligned, print_json, print_rows, progress, say


def add_commands(commands: Any) -> None:
    """Register dem with its three sub-commands.

    Args:
        commands: the subparsers to add to.
    """
    dem = commands.add_parser("dem", help="fetch, describe and import elevation maps")
    actions = dem.add_subparsers(metavar="ACTION", required=True, title="actions")

    fetch = actions.add_parser("fetch", help="download a named product into the cache; goes on where it stopped")
    fetch.add_argument("name", metavar="NAME", help="name of the product in the catalogue")
    fetch.add_argument(
        "--cache", metavar="DIR", type=arguments.path, help="folder to keep it in (default: the user's cache)"
    )
    fetch.add_argument("--table", metavar="FILE", type=arguments.path, help="another table of products (TOML)")
    fetch.add_argument(
        "--around",
        nargs=3,
        metavar=("LAT", "LON", "KM"),
        type=arguments.number("window", -360.0, 2000.0),
        help="only the square within KM kilometres of a place, by ranges from a cloud-optimised GeoTIFF",
    )
    fetch.set_defaults(run=_fetch)

    info = actions.add_parser("info", help="what a DEM holds")
    arguments.add_dem(info)
    _add_pole(info)
    info.add_argument("--json", action="store_true", help="JSON on stdout")
    info.set_defaults(run=_info)

    bring = actions.add_parser("import", help="rewrite a DEM as GeoTIFF in metres on the polar grid")
    arguments.add_dem(bring)
    _add_pole(bring)
    arguments.add_trust(bring)
    bring.add_argument("--out", metavar="FILE", type=arguments.path, required=True, help="GeoTIFF to write")
    bring.add_argument(
        "--around",
        nargs=3,
        metavar=("LAT", "LON", "KM"),
        type=arguments.number("window", -360.0, 2000.0),
        help="only the square within KM kilometres of a place",
    )
    bring.set_defaults(run=_import)

    image = actions.add_parser("image", help="whether an image bears out the shadow that a DEM predicts at its time")
    arguments.add_dem(image)
    image.add_argument("image", metavar="IMAGE", type=arguments.path, help="map-projected image, one band")
    image.add_argument("utc", metavar="UTC", type=arguments.utc, help="when it was taken")
    image.add_argument(
        "--region", metavar="KM", type=arguments.number("region", 0.01, 1000.0), default=2.0, help="side (default: 2)"
    )
    arguments.add_far(image)
    _add_pole(image)
    arguments.add_trust(image)
    image.add_argument("--json", action="store_true", help="JSON on stdout")
    image.set_defaults(run=_image)


def _add_pole(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--pole", choices=("south", "north"), default="south", help="pole of the default DEM")


def _fetch(args: argparse.Namespace) -> None:
    from lupex.base.cache import cache_dir
    from lupex.study import fetch_dem, fetch_dem_window

    folder = args.cache or cache_dir() / "dems"
    if args.around is not None:
        around = (args.around[0], args.around[1], 1000.0 * args.around[2])
        print(fetch_dem_window(args.name, around, folder, table=args.table))
        return
    print(fetch_dem(args.name, folder, table=args.table, progress=progress()))


def _info(args: argparse.Namespace) -> None:
    from lupex.io import describe_dem
    from lupex.io.tables import plain
    from lupex.study import dem_agreement

    facts = plain(describe_dem(_path(args)))
    found = None if args.dem == "default" else dem_agreement(args.dem)
    if args.json:
        print_json(facts | {"agreement": plain(found)})
    else:
        facts |= {} if found is None else {"map around it": _agreement_words(found)}
        print(aligned([[name, str(value)] for name, value in facts.items()]), end="")


def _agreement_words(found: Any) -> str:
    """One line about an `Agreement`."""
    if found.cause:
        return f"contradicts it: {found.cause}"
    numbers = f"offset {found.offset_m:.1f} m, spread {found.rms_m:.1f} m"
    if math.isfinite(found.scale):
        numbers += f", scale {found.scale:.3f}, correlation {found.correlation:.4f}"
    return f"{numbers} over {found.blocks} blocks"


def _import(args: argparse.Namespace) -> None:
    from lupex.io import import_dem
    from lupex.study import check_dem

    if args.dem != "default":
        check_dem(args.dem, arguments.dem_check(args))
    around = None if args.around is None else (args.around[0], args.around[1], 1000.0 * args.around[2])
    import_dem(_path(args), args.out, around)
    say(f"imported: {args.out}")


def _image(args: argparse.Namespace) -> None:
    from dataclasses import replace

    from lupex.mission import load_mission
    from lupex.study import image_against_dem

    mission = load_mission(None)
    far = (*(args.far or ()), "default")
    terrain = replace(mission.terrain, pole=args.pole, far_dem=far, check_dem=arguments.dem_check(args))
    rows = image_against_dem(args.dem, args.image, args.utc, replace(mission, terrain=terrain), 1000.0 * args.region)
    print_rows(rows, "json" if args.json else "csv")


def _path(args: argparse.Namespace) -> Path:
    if args.dem != "default":
        return Path(args.dem)
    from importlib.resources import files

    return Path(str(files("lupex") / "data" / f"lola_dem_{args.pole}_1600m.tif"))
