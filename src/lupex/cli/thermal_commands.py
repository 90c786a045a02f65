"""Commands about heat and ice: thermal, ice."""

import argparse
from typing import Any

from lupex.base.errors import InputError
from lupex.cli import arguments
from lupex.cli.printing import print_json, print_rows, progress, say


def add_commands(commands: Any) -> None:
    """Register thermal and ice with their sub-commands.

    Args:
        commands: the subparsers to add to.
    """
    thermal = commands.add_parser("thermal", help="temperature of the ground with depth")
    actions = thermal.add_subparsers(metavar="ACTION", required=True, title="actions")
    profile = actions.add_parser("profile", help="a column without terrain, through an ideal year")
    _add_column(profile, required=True)
    _add_ground(profile)
    _add_earth(profile)
    arguments.add_format(profile, "csv")
    profile.set_defaults(run=_profile)

    place = actions.add_parser("place", help="a column behind a place's own skyline, under the real Sun")
    arguments.add_dem(place)
    arguments.add_trust(place)
    arguments.add_place(place)
    _add_ground(place)
    _add_facing(place)
    arguments.add_format(place, "csv")
    place.set_defaults(run=_place)

    maps = actions.add_parser("map", help="temperatures and ice of every cell of a DEM, as GeoTIFF")
    _add_map(maps)
    arguments.add_trust(maps)
    maps.set_defaults(run=_map)

    ice = commands.add_parser("ice", help="how fast ice is lost, and how deep it lasts")
    actions = ice.add_subparsers(metavar="ACTION", required=True, title="actions")
    rate = actions.add_parser("rate", help="loss of bare ice into vacuum at a temperature")
    rate.add_argument(
        "--temperature-k", metavar="T", type=arguments.number("temperature", 1.0, 1000.0), required=True, help="K"
    )
    _add_species(rate)
    arguments.add_format(rate, "csv")
    rate.set_defaults(run=_rate)

    depth = actions.add_parser("depth", help="the depth below which ice lasts, for a column or one temperature")
    depth.add_argument(
        "--temperature-k", metavar="T", type=arguments.number("temperature", 1.0, 1000.0),
        help="one temperature at all depths, instead of a place",
    )  # fmt: skip
    depth.add_argument("--dem", metavar="DEM", type=arguments.dem, help="behind the skyline of this elevation map")
    arguments.add_trust(depth)
    _add_column(depth, required=False)
    _add_ground(depth)
    _add_species(depth)
    arguments.add_format(depth, "json")
    depth.set_defaults(run=_depth)

    maps = actions.add_parser("map", help="where ice lasts and how deep, for every cell of a DEM, as GeoTIFF")
    _add_map(maps)
    arguments.add_trust(maps)
    _add_species(maps)
    maps.set_defaults(run=_ice_map)


def _add_column(parser: argparse.ArgumentParser, required: bool) -> None:
    number = arguments.number
    parser.add_argument("--lat", metavar="LAT", type=number("latitude", -90.0, 90.0), required=required, help="deg N")
    parser.add_argument(
        "--lon", metavar="LON", type=number("longitude", -360.0, 360.0), default=0.0, help="deg E (default 0)"
    )
    parser.add_argument(
        "--slope", metavar="DEG", type=number("slope", 0.0, 89.0), default=0.0, help="slope of the ground, degrees"
    )
    parser.add_argument(
        "--aspect", metavar="DEG", type=number("aspect", -360.0, 360.0), default=0.0,
        help="azimuth of the downhill direction, clockwise from true north, degrees",
    )  # fmt: skip


def _add_ground(parser: argparse.ArgumentParser) -> None:
    number = arguments.number
    parser.add_argument(
        "--regolith", metavar="NAME", default="hayne2017", help="entry of the catalogue or a .toml file of that form"
    )
    parser.add_argument("--albedo", metavar="A", type=number("albedo", 0.0, 1.0), help="albedo at vertical light")
    parser.add_argument(
        "--constant-albedo", action="store_true", help="the same albedo at every angle of incidence, no rise at grazing"
    )
    parser.add_argument("--emissivity", metavar="E", type=number("emissivity", 0.01, 1.0), help="infrared emissivity")
    parser.add_argument(
        "--heat-flow", metavar="W_M2", type=number("heat flow", 0.0, 1.0), help="heat from the interior, W/m2"
    )


def _add_earth(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--earthshine", action="store_true", help="sunlight from the Earth and its heat, 0.14 W/m2 at most"
    )


def _add_facing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--without-facing", action="store_true", help="no light and heat from facing slopes")


def _add_map(parser: argparse.ArgumentParser) -> None:
    arguments.add_dem(parser)
    parser.add_argument("--out", metavar="DIR", type=arguments.path, required=True, help="folder of the maps")
    parser.add_argument("--pole", choices=("south", "north"), default="south", help="pole of the default DEM")
    parser.add_argument("--real-sun", action="store_true", help="the real Sun over 47 lunations, not the ideal year")
    parser.add_argument("--at", metavar="UTC", type=arguments.utc, help="also temperatures at this time (real Sun)")
    tiles = parser.add_argument_group("at full detail in tiles, for DEMs above 150,000 cells, processes or a cluster")
    arguments.add_executor(tiles)
    tiles.add_argument(
        "--tile", metavar="CELLS", type=arguments.whole_number("tile", 64, 2048), help="side of a tile, n x 64 (192)"
    )
    tiles.add_argument("--fresh", action="store_true", help="throw away unfinished tiles instead of going on")
    _add_ground(parser)
    _add_facing(parser)
    _add_earth(parser)


def _add_species(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--species", metavar="NAME", default="h2o", help="h2o (default), co2, nh3, so2, hcn, ch3oh ...")


def ground_of(args: argparse.Namespace) -> Any:
    """The regolith that the options describe.

    Args:
        args: the parsed options.
    """
    from lupex.thermal import regolith

    level = 0.0 if args.constant_albedo else None
    return regolith(
        args.regolith,
        albedo=args.albedo,
        albedo_45deg=level,
        albedo_90deg=level,
        emissivity=args.emissivity,
        heat_flow_w_m2=args.heat_flow,
    )


def print_profile(profile: Any, form: str) -> None:
    """A column as JSON with everything that matters for reading it, or its depths as CSV.

    Args:
        profile: the temperatures.
        form: 'csv' or 'json'.
    """
    columns = {name: getattr(profile, name).tolist() for name in ("depth_m", "mean_k", "min_k", "max_k")}
    if form == "csv":
        print_rows([dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)], "csv")
        return
    print_json(
        {
            "lat_deg": profile.lat_deg,
            "lon_deg": profile.lon_deg,
            "surface_max_k": columns["max_k"][0],
            "surface_min_k": columns["min_k"][0],
            "surface_mean_k": columns["mean_k"][0],
            "surface_noon_k": profile.surface_noon_k,
            "surface_midnight_k": profile.surface_midnight_k,
            **columns,
            "drift_k_per_year": profile.drift_k_per_year,
            "heat_imbalance_fraction": profile.heat_imbalance_fraction,
            "deep_flow_w_m2": profile.deep_flow_w_m2,
            "absorbed_mean_w_m2": profile.absorbed_w_m2,
            "regolith": profile.ground.name,
            "albedo_law": profile.ground.albedo_law,
            "sun": profile.sun.title,
        }
    )


def _profile(args: argparse.Namespace) -> None:
    print_profile(_column(args), args.form)


def _place(args: argparse.Namespace) -> None:
    from lupex.study import place_profile

    ground = ground_of(args)
    print_profile(
        place_profile(
            args.dem, args.lat, args.lon, ground, facing=not args.without_facing, check=arguments.dem_check(args)
        ),
        args.form,
    )


def _map(args: argparse.Namespace, names: tuple[str, ...] = (), species: str = "h2o") -> None:
    from lupex.base.running import Running
    from lupex.study import SunAsked, ThermalRequest, TileRunning, dem_thermal, thermal_in_tiles, write_thermal_map
    from lupex.thermal import RESOLUTION_LAYERS, MapSettings
    from lupex.thermal import species as known

    known(species)
    pump = "ice_pump_flow_kg_m2_gyr" in names
    settings = MapSettings(facing=not args.without_facing, species=species, earthshine=args.earthshine, pump=pump)
    asked, ground, check = SunAsked(args.real_sun, args.at), ground_of(args), arguments.dem_check(args)
    told = Running(progress=progress())
    if arguments.given(args, "workers", "scheduler", "tile") or args.fresh:
        request = ThermalRequest(dem=args.dem, pole=args.pole, check=check, asked=asked, tile_cells=args.tile or 192)
        run = TileRunning(args.scheduler or args.workers or "serial", args.fresh)
        note = thermal_in_tiles(request, ground, settings, args.out, run, names, told)
        say(f"maps: {args.out}; {note}")
        return
    found = dem_thermal(args.dem, args.pole, ground, settings, asked, check, told)
    write_thermal_map(found, args.out, names and (*names, *RESOLUTION_LAYERS))
    say(f"maps: {args.out}; {found.albedo_law}; {found.floor_note}")


def _ice_map(args: argparse.Namespace) -> None:
    from lupex.thermal import ICE_LAYERS, PUMP_LAYERS

    _map(args, (*ICE_LAYERS, *PUMP_LAYERS) if args.species == "h2o" else ICE_LAYERS, args.species)


def _column(args: argparse.Namespace) -> Any:
    from lupex.thermal import thermal_profile

    species, earth = getattr(args, "species", "h2o"), getattr(args, "earthshine", False)
    if getattr(args, "dem", None) is not None:
        from lupex.study import place_profile

        return place_profile(args.dem, args.lat, args.lon, ground_of(args), species, check=arguments.dem_check(args))
    return thermal_profile(args.lat, args.lon, ground_of(args), (args.slope, args.aspect), species=species, earth=earth)


def _rate(args: argparse.Namespace) -> None:
    from lupex.thermal import SPECIES, loss_kg_m2_gyr

    rate = float(loss_kg_m2_gyr(args.temperature_k, args.species))
    row = {"temperature_k": args.temperature_k, "species": args.species, "rate_kg_m2_gyr": rate}
    if args.form == "csv":
        print_rows([row], "csv")
    else:
        print_json({**row, "law": SPECIES[args.species].source})


def _depth(args: argparse.Namespace) -> None:
    from lupex.thermal import CLASSES, IceSettings, ice_class, ice_depth, isothermal_depths

    settings = IceSettings()
    if (args.temperature_k is None) == (args.lat is None):
        raise InputError("ice depth: needs either --lat or --temperature-k", "give one of them")
    if args.temperature_k is not None:
        found = isothermal_depths(args.temperature_k, args.species, settings)
        extra: dict[str, Any] = {"temperature_k": args.temperature_k}
    else:
        profile = _column(args)
        found = ice_depth(profile.depth_m, profile.loss_kg_m2_gyr[None, :], settings)
        extra = {
            "lat_deg": args.lat,
            "lon_deg": args.lon,
            "surface_max_k": float(profile.max_k[0]),
            "surface_mean_k": float(profile.mean_k[0]),
            "drift_k_per_year": profile.drift_k_per_year,
            "albedo_law": profile.ground.albedo_law,
        }
        if args.species == "h2o":
            extra |= _pumped(profile, settings)
    depths = {name: float(getattr(found, name)[0]) for name in ("depth_m", "low_m", "high_m")}
    row = {
        "species": args.species,
        "depth_m": _finite(depths["depth_m"]),
        "depth_low_m": _finite(depths["low_m"]),
        "depth_high_m": _finite(depths["high_m"]),
        "class": CLASSES[int(ice_class(depths["depth_m"], settings))],
        "limit_kg_m2_gyr": settings.limit_kg_m2_gyr,
        **extra,
    }
    if args.form == "csv":
        print_rows([row], "csv")
    else:
        print_json(row)


def _pumped(profile: Any, settings: Any) -> dict[str, Any]:
    """What temperature cycles drive down, where most of it goes through the cover above; null where nothing does.

    Null as well where ice lasts on the surface: there is nothing to pump from one side to the other.
    """
    from lupex.thermal import PUMP_MODEL, PumpNotSettledError, buried_loss_kg_m2_gyr, ice_pump

    keys = ("surface_kg_m2_gyr", "depth_m", "differential_kg_m2_gyr", "flow_kg_m2_gyr")
    try:
        pump = ice_pump(profile.history_k, profile.sun.period_s)
    except PumpNotSettledError:
        return dict.fromkeys((f"pump_{key}" for key in keys), None) | {"pump_model": PUMP_MODEL}
    flow = buried_loss_kg_m2_gyr(pump.differential_kg_m2_gyr, profile.depth_m, settings)[1:]
    node = int(flow.argmax()) + 1
    pumps = bool(flow[node - 1] > 0.0)
    return {
        "pump_surface_kg_m2_gyr": pump.surface_kg_m2_gyr,
        "pump_depth_m": float(profile.depth_m[node]) if pumps else None,
        "pump_differential_kg_m2_gyr": float(pump.differential_kg_m2_gyr[node]) if pumps else None,
        "pump_flow_kg_m2_gyr": float(flow[node - 1]) if pumps else None,
        "pump_model": PUMP_MODEL,
    }


def _finite(value: float) -> float | None:
    """None (null) for a depth that lies below the column: ice does not last within it."""
    return value if value < 1e9 else None
