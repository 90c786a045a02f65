"""lupex locate craters: where an image was taken, by the pattern of its craters."""

import argparse
from typing import Any

from lupex.cli import arguments
from lupex.cli.printing import print_json, print_rows


def add_commands(parts: Any) -> None:
    """Register craters.

    Args:
        parts: the subparsers to add to.
    """
    craters = parts.add_parser("craters", help="where an image was taken: its craters against a catalogue, no names")
    craters.add_argument(
        "image",
        metavar="IMAGE.csv",
        type=arguments.path,
        help="columns x_m (right), y_m (up), diameter_m",
    )
    craters.add_argument(
        "catalogue", metavar="CATALOGUE", type=arguments.path, help="GeoPackage, GeoJSON or CSV with diameter_km"
    )
    craters.add_argument("--pole", choices=("south", "north"), default="south", help="of the map (default south)")
    for name, default, words in (
        ("sigma", 5.0, "of a crater's middle, image and catalogue together, m"),
        ("map-sigma", 5.0, "tie of the map, m"),
        ("scale-sigma", 0.02, "of the image's scale"),
        ("size-sigma", 0.15, "of the log of a diameter"),
    ):
        craters.add_argument(
            f"--{name}", metavar="X", type=arguments.number(name, 1e-6, 1e4), default=default,
            help=f"{words} (default {default:g})",
        )  # fmt: skip
    craters.add_argument(
        "--false-fraction", metavar="F", type=arguments.number("false fraction", 0.001, 0.999), default=0.3,
        help="share of the image's craters that the catalogue does not have (default 0.3)",
    )  # fmt: skip
    craters.add_argument(
        "--yaw", metavar="DEG", type=arguments.number("yaw", -360.0, 360.0), help="true azimuth of up, where known"
    )
    craters.add_argument(
        "--yaw-sigma", metavar="DEG", type=arguments.number("yaw sigma", 1e-3, 90.0), default=2.0, help="(default 2)"
    )
    arguments.add_format(craters, "text")
    craters.set_defaults(run=_craters)


def _craters(args: argparse.Namespace) -> None:
    from lupex import study
    from lupex.navigation.surface.crater_match import CraterSettings

    settings = CraterSettings(
        sigma_m=args.sigma,
        size_sigma=args.size_sigma,
        scale_sigma=args.scale_sigma,
        false_fraction=args.false_fraction,
        map_sigma_m=args.map_sigma,
        yaw_deg=args.yaw,
        yaw_sigma_deg=args.yaw_sigma,
    )
    fix = study.image_fix(args.image, args.catalogue, args.pole, settings)
    modes = [
        {"lat_deg": m.lat_deg, "lon_deg": m.lon_deg, "x_m": m.x_m, "y_m": m.y_m,
         "sigma_m": float(m.covariance_m2.trace() ** 0.5), "yaw_deg": m.yaw_deg, "scale": m.scale,
         "probability": m.probability, "matched": len(m.pairs)} for m in fix.modes
    ]  # fmt: skip
    if args.form == "json":
        best = {name: modes[0][name] for name in ("lat_deg", "lon_deg", "sigma_m", "yaw_deg")}
        print_json(best | {"modes": modes, "pairs": fix.modes[0].pairs.tolist(), "elsewhere": fix.elsewhere})
    elif args.form == "csv":
        print_rows(modes, "csv")
    else:
        for one in modes:
            place = f"{one['lat_deg']:.5f} {one['lon_deg']:.5f}  sigma {one['sigma_m']:.1f} m"
            print(
                f"{place}  yaw {one['yaw_deg']:.1f} deg  {one['matched']} craters  probability {one['probability']:.3f}"
            )
