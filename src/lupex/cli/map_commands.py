"""Commands about whole maps: study, sites, horizons, maps."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from lupex.base.errors import LupexError, StoreError
from lupex.cli import arguments
from lupex.cli.printing import aligned, print_json, print_rows, running, say, say_table, stages


def add_commands(commands: Any) -> None:
    """Register study, sites, horizons and maps.

    Args:
        commands: the subparsers to add to.
    """
    study = commands.add_parser("study", help="one mission file in; ranked landing sites and a report out")
    arguments.add_mission(study)
    study.add_argument(
        "--out", metavar="DIR", type=arguments.path, help="folder of the report (default: out/<mission name>)"
    )
    study.add_argument("--json", action="store_true", help="summary of the results as JSON on stdout")
    study.add_argument("--fresh", action="store_true", help="compute all of it, also what is finished or was kept")
    study.set_defaults(run=_study)

    sites = commands.add_parser("sites", help="candidate landing sites of a mission, ranked")
    arguments.add_mission(sites)
    arguments.add_format(sites, "csv")
    _add_search_arguments(sites)
    sites.set_defaults(run=_sites)

    compare = commands.add_parser("compare", help="places of yours compared, as a study compares its sites")
    compare.add_argument(
        "places",
        metavar="LAT,LON",
        nargs="+",
        type=arguments.lat_lon,
        help="two places or more, degrees north and east",
    )
    compare.add_argument(
        "--mission", metavar="MISSION.toml", type=arguments.path, help="settings; the default mission's otherwise"
    )
    arguments.add_format(compare, "csv")
    compare.set_defaults(run=_compare)

    horizons = commands.add_parser("horizons", help="skyline of every cell of a DEM, into a chunked store")
    _add_map_arguments(horizons, "STORE", "folder of the store (zarr); an unfinished store is resumed")
    arguments.add_far(horizons)
    horizons.set_defaults(run=_horizons)

    maps = commands.add_parser("maps", help="light, shadow and Earth view of every cell of a DEM, as GeoTIFF")
    _add_map_arguments(maps, "DIR", "folder of the maps")
    arguments.add_far(maps)
    _add_tile_arguments(maps)
    maps.set_defaults(run=_maps)

    shadow = commands.add_parser("shadow", help="sunlight on every cell of a DEM at one instant, as GeoTIFF and figure")
    _add_map_arguments(shadow, "DIR", "folder of the map and its picture")
    shadow.add_argument("utc", metavar="UTC", type=arguments.utc, help="the instant")
    arguments.add_far(shadow)
    shadow.set_defaults(run=_shadow)


def _add_map_arguments(parser: argparse.ArgumentParser, kind: str, meaning: str) -> None:
    arguments.add_dem(parser)
    arguments.add_trust(parser)
    parser.add_argument("--out", metavar=kind, type=arguments.path, required=True, help=meaning)
    parser.add_argument(
        "--mission", metavar="MISSION.toml", type=arguments.path, help="settings; the default mission's otherwise"
    )
    parser.add_argument("--pole", choices=("south", "north"), help="pole of the default DEM")
    parser.add_argument(
        "--azimuths", metavar="N", type=arguments.whole_number("azimuths", 8, 3600), help="directions, a multiple of 8"
    )
    parser.add_argument(
        "--search-radius-km",
        metavar="KM",
        type=arguments.number("search radius", 1.0, 600.0),
        help="how far terrain can raise the skyline",
    )
    parser.add_argument(
        "--height",
        metavar="M",
        type=arguments.number("height", 0.0, 100.0),
        help="height of the eye above the ground, metres",
    )


def _add_search_arguments(parser: argparse.ArgumentParser) -> None:
    search = parser.add_argument_group("over the whole region in tiles, on finer cells (docs/howto/cluster.md)")
    search.add_argument(
        "--out", metavar="DIR", type=arguments.path, help="folder of the tiles; they are kept and used again"
    )
    search.add_argument(
        "--cell", metavar="M", type=arguments.number("cell", 0.1, 1e5), help="finer cells, interpolated, not measured"
    )
    arguments.add_executor(search)
    search.add_argument("--fresh", action="store_true", help="throw away the tiles that are there")


def _add_tile_arguments(parser: argparse.ArgumentParser) -> None:
    """What spreads the work; any of it makes the maps tile by tile, as DEMs too large for memory always are."""
    tiles = parser.add_argument_group("in tiles, for large DEMs, many processes or a cluster (docs/howto/cluster.md)")
    arguments.add_executor(tiles)
    tiles.add_argument(
        "--tile", metavar="CELLS", type=arguments.whole_number("tile", 64, 8192), help="side of a tile, n x 64 (512)"
    )
    tiles.add_argument(
        "--cell", metavar="M", type=arguments.number("cell", 0.1, 1e5), help="finer cells, interpolated, not measured"
    )
    tiles.add_argument(
        "--poleward-of", metavar="DEG", type=arguments.number("latitude", 45.0, 89.9), help="only the square around it"
    )
    tiles.add_argument("--without-span", action="store_true", help="leave out the time series of the mission span")
    tiles.add_argument("--fresh", action="store_true", help="throw away unfinished tiles instead of going on")
    tiles.add_argument("--dry-run", action="store_true", help="say tiles, memory, disk and time; compute nothing")


def _study(args: argparse.Namespace) -> None:
    from lupex.mission import load_mission

    mission = load_mission(args.mission)
    out = args.out or Path("out") / mission.name
    summary = _finished_study(mission, out, args.fresh)
    say_table(_site_lines(summary["sites"]))
    say(f"report: {out / summary['report']}")
    if args.json:
        print_json({**summary, "folder": str(out)})


def _finished_study(mission: Any, out: Path, fresh: bool = False) -> dict[str, Any]:
    """Summary of a mission's study in ``out``: the recorded one where nothing has changed, else a new one's.

    A new one goes on from the steps that a stopped run has finished; ``fresh``: neither counts.
    """
    from lupex.study import Kept, is_up_to_date, recorded_summary, study_key, unfinished

    key = study_key(mission)
    steps = unfinished(out, key)
    done = not fresh and is_up_to_date(out, key)
    if fresh or done:
        steps.remove()
    if done:
        say(f"nothing has changed since {out} was written")
        return recorded_summary(out)
    from lupex.report import all_chapters, write_report
    from lupex.study import compiled_ahead, record_run, run_study

    all_chapters()  # a plug-in that takes a name is refused before the work
    if finished := steps.finished():
        say(f"goes on where it was stopped: {len(finished)} finished steps are in {steps.folder.name}")
    with _tidied_on_failure(out, steps):
        _check_writable(out)
        told = stages()
        with compiled_ahead(told.or_workers(mission.study.workers).threads):
            result = run_study(mission, told, Kept(steps))
        told.progress(0, 1, "report")
        files = write_report(result, out)
        told.progress(1, 1, "report")
        summary = _study_summary(result, [path.relative_to(out).as_posix() for path in files])
        record_run(out, key, files, summary)
        steps.remove()
    return summary


@contextmanager
def _tidied_on_failure(out: Path, steps: Any) -> Iterator[None]:
    """Remove what a study that failed on its input has kept, and the folders that were made for it where empty.

    The steps of one that was stopped, or that met a full disk or a fault of ours, stay: the same command goes on.
    """
    made = [folder for folder in out.absolute().parents if not folder.exists()]
    try:
        yield
    except BaseException as error:
        if isinstance(error, LupexError) and not isinstance(error, StoreError):
            steps.remove()
        for folder in made:
            with suppress(OSError):
                folder.rmdir()
        raise


def _check_writable(out: Path) -> None:
    """Raise StoreError when nothing can be written to a folder, or beside one that is not there: better before the work
    than after it."""
    from lupex.io import atomic_path

    probe = (out if out.exists() else out.absolute().parent) / ".lupex-probe"
    with atomic_path(probe) as partial:
        partial.write_bytes(b"lupex")
    probe.unlink()


def _sites(args: argparse.Namespace) -> None:
    from lupex.mission import load_mission

    mission = load_mission(args.mission)
    if arguments.given(args, "out", "cell", "workers", "scheduler") or args.fresh:
        _search(args, mission)
        return
    from lupex.study import sites_table

    print_rows(sites_table(mission, running()), args.form)


def _compare(args: argparse.Namespace) -> None:
    if len(args.places) < 2:
        raise arguments.UsageError("one place alone cannot be compared", "give two or more LAT,LON")
    from lupex.mission import load_mission
    from lupex.model.settings.place import MissionPlace

    mission = load_mission(args.mission)
    places = tuple(MissionPlace(f"P{number}", *place) for number, place in enumerate(args.places, 1))
    from lupex.study import compared_places

    print_rows(compared_places(replace(mission, places=places), stages()), args.form)


def _search(args: argparse.Namespace, mission: Any) -> None:
    if args.out is None:
        raise arguments.UsageError("a search in tiles needs a folder for them", "give --out DIR")
    from lupex.study import TileRunning, search_cap

    run = TileRunning(args.scheduler or args.workers or "serial", args.fresh)
    print_rows(search_cap(mission, args.cell, args.out, run, running()).rows(), args.form)


def _horizons(args: argparse.Namespace) -> None:
    mission = _map_mission(args)
    from lupex.study import horizon_store

    horizon_store(args.dem, args.out, mission, running())
    say(f"horizons: {args.out}")


def _shadow(args: argparse.Namespace) -> None:
    mission = _map_mission(args)
    from lupex import report, study

    maps = study.shadow_map(args.dem, args.utc, mission, running())
    args.out.mkdir(parents=True, exist_ok=True)
    written = study.write_shadow_map(maps, args.out)
    source = "LOLA 1600 m of the package" if args.dem == "default" else Path(args.dem).name
    picture = report.layer_figure(maps, "sun_disc_fraction", args.out, study.shadow_stem(maps), source)
    for path in (written, picture):
        say(f"written: {path}")


def _maps(args: argparse.Namespace) -> None:
    mission = _map_mission(args)
    from lupex.study import dem_maps, needs_tiles

    tiled = arguments.given(args, "workers", "scheduler", "tile", "cell", "poleward_of")
    tiled += [word for word in (args.without_span, args.fresh, args.dry_run) if word]
    if tiled or needs_tiles(args.dem, mission):
        _tiled_maps(args, mission)
    else:
        dem_maps(args.dem, args.out, mission, running())
    if not args.dry_run:
        say(f"maps: {args.out}")


def _tiled_maps(args: argparse.Namespace, mission: Any) -> None:
    from lupex.study import MapRequest, TileRunning, mission_light, tile_job, tile_plan, tiled_maps

    request = MapRequest(
        dem=args.dem,
        cell_m=args.cell,
        poleward_of_deg=args.poleward_of,
        tile_cells=args.tile or 512,
        with_span=not args.without_span,
    )
    if args.dry_run:
        light = mission_light(mission, request.with_span)
        print(aligned(_plan_lines(tile_plan(tile_job(request, mission, light), light), args.workers)), end="")
        return
    run = TileRunning(args.scheduler or args.workers or "serial", args.fresh)
    tiled_maps(request, mission, args.out, run, running())


def _plan_lines(plan: Any, workers: int | None) -> list[list[str]]:
    cores = workers or os.cpu_count() or 1
    return [
        ["cells", f"{plan.grid.rows} x {plan.grid.cols} of {plan.grid.cell_m:g} m"],
        ["tiles", str(plan.tiles)],
        ["maps", str(plan.layers)],
        ["memory of a worker", f"{plan.memory_per_worker_bytes / 1e9:.2f} GB"],
        ["disk while running", f"{plan.disk_bytes / 1e9:.2f} GB"],
        ["core hours (estimate)", f"{plan.core_s / 3600.0:.2f}"],
        [f"hours on {cores} cores (estimate)", f"{plan.core_s / 3600.0 / cores:.2f}"],
    ]


def _map_mission(args: argparse.Namespace) -> Any:
    """The mission's settings with the options of the command line in their place."""
    from lupex.mission import load_mission
    from lupex.mission.consistency import check_consistency

    mission = load_mission(args.mission)
    horizon = {
        "azimuths": args.azimuths,
        "search_radius_km": args.search_radius_km,
        "surface_height_m": args.height,
    }
    horizon = {name: value for name, value in horizon.items() if value is not None}
    check = arguments.dem_check(args) if args.trust_dem else mission.terrain.check_dem
    terrain = replace(mission.terrain, dem=args.dem, pole=args.pole or mission.terrain.pole, check_dem=check)
    if args.far:
        terrain = replace(terrain, far_dem=tuple(args.far))
    mission = replace(mission, terrain=terrain, horizon=replace(mission.horizon, **horizon))
    check_consistency(mission)
    return mission


def _site_lines(sites: list[dict[str, Any]]) -> list[list[str]]:
    lines = [["rank", "site", "latitude_deg", "longitude_deg", "score"]]
    for site in sites:
        place = [f"{site['lat_deg']:.4f}", f"{site['lon_deg']:.4f}"]
        lines.append([str(site["rank"]), site["name"], *place, f"{site['score']:.3f}"])
    return lines


def _study_summary(result: Any, files: list[str]) -> dict[str, Any]:
    """What a study found, in brief; files are named within the study's folder."""
    season = result.season
    return {
        "mission": result.mission.name,
        "report": "report.html",
        "files": files,
        "season": {"start_utc": season.start_utc, "stop_utc": season.stop_utc, "days": season.days},
        "sky": dict(result.sky_numbers),
        "constraints": [asdict(share) for share in result.constraints],
        "sites": [
            {
                "rank": found.site.rank,
                "name": found.site.candidate.name,
                "lat_deg": found.site.lat_deg,
                "lon_deg": found.site.lon_deg,
                "score": found.site.score,
                "synthetic_below_m": found.site.synthetic_below_m,
                "reasons": list(found.site.reasons),
                "fine": dict(found.site.fine),
                "summary": dict(found.summary),
            }
            for found in sorted(result.sites, key=lambda found: found.site.rank)
        ],
    }
