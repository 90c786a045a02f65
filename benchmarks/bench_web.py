"""Tiles of the map: PNG and plain numbers from warm files, beside rio-tiler in the same run.

    python benchmarks/bench_web.py [--quick]

A map of 4096 x 4096 cells of 5 m (20 x 20 km) as `lupex study` writes it; 256 x 256 tiles of the levels a user sees.
CPU time of one thread; caches of finished tiles are left out. Both are given the same tiles of the same grid, and their
numbers are compared first. rio-tiler reads the file for each tile, which is what it is made for; lupex holds the map.
The exit code tells whether the targets are met. --quick: a small map; values are checked, speed is not.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from measuring import Targets, keep, machine, markdown

from lupex.io import write_cog
from lupex.model import Grid
from lupex.web import open_study
from lupex.web.tiles import HALF_M, TILE, TileMaker, encoded

PNG_PER_S, RAW_PER_S, TIMES_PEER = 800.0, 3000.0, 5.0
NAME = "slope_deg"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small, no demands on speed")
    quick = parser.parse_args(arguments).quick
    peer = find_spec("rio_tiler") is not None
    targets, rows = Targets(), []
    with tempfile.TemporaryDirectory() as folder:
        study = open_study(made(Path(folder), 512 if quick else 4096))
        tiles = TileMaker(study)
        wanted = seen_tiles(study.maps[NAME][0].file.grid, 40 if quick else 400)
        png = per_s(lambda t: encoded(tiles.counts(NAME, *t), tiles.legend(NAME).palette), wanted)
        raw = per_s(lambda t: tiles.raw(NAME, *t).tobytes(), wanted)
        rows.append(["lupex", f"{png:.0f}", f"{raw:.0f}"])
        numbers = {"png_per_s": png, "raw_per_s": raw}
        if peer:
            from rasterio.crs import CRS
            from rio_tiler.io import Reader

            path = str(study.maps[NAME][0].file.path)
            with Reader(path) as reader:
                crs = CRS.from_wkt(reader.dataset.crs.to_wkt())

                def part(tile: tuple[int, int, int]):  # type: ignore[no-untyped-def]
                    box = bounds(*tile)
                    return reader.part(box, bounds_crs=crs, dst_crs=crs, width=TILE, height=TILE, indexes=1)

                differences = [compared(tiles.raw(NAME, *t), part(t)) for t in wanted[:30:3]]
                targets.at_most("median difference of a tile's numbers from rio-tiler", max(differences), 1e-6)
                targets.stop_if_missed()
                few = wanted[: 20 if quick else 100]
                peer_raw = per_s(lambda t: part(t).array.tobytes(), few)
                legend = tiles.legend(NAME)
                ramp = {k: (*legend.palette[3 * k : 3 * k + 3], 255) for k in range(256)}

                def picture(tile: tuple[int, int, int]) -> bytes:
                    image = part(tile)
                    image.rescale(((legend.low, legend.high),))
                    return bytes(image.render(img_format="PNG", colormap=ramp, ZLEVEL=1))

                peer_png = per_s(picture, few)
            rows.append(["rio-tiler", f"{peer_png:.0f}", f"{peer_raw:.0f}"])
            numbers |= {"peer_png_per_s": peer_png, "peer_raw_per_s": peer_raw}
            if not quick:
                targets.at_least("PNG tiles, times rio-tiler", png / peer_png, TIMES_PEER)
                targets.at_least("plain tiles, times rio-tiler", raw / peer_raw, TIMES_PEER)
        if not quick:
            targets.at_least("PNG tiles per second", png, PNG_PER_S)
            targets.at_least("plain tiles per second", raw, RAW_PER_S)
    text = markdown(["tiles of 256 x 256, per second of CPU time", "PNG", "plain float32"], rows) + f"\n\n{machine()}."
    print(text)
    if not quick:
        keep("web", text, numbers)
    return targets.report()


def made(folder: Path, cells: int) -> Path:
    """A study's folder with one map of made-up slopes, smooth at large scales and rough at small ones."""
    (folder / "maps").mkdir()
    rng = np.random.default_rng(7)
    x, y = np.meshgrid(np.linspace(0.0, 30.0, cells), np.linspace(0.0, 30.0, cells))
    values = (12.0 + 6.0 * np.sin(x) * np.cos(0.7 * y) + rng.normal(0.0, 1.0, x.shape)).astype(np.float32)
    grid = Grid("south", cells, cells, 5.0, -40_000.0, 8_000.0)
    write_cog(folder / "maps" / f"region_{NAME}.tif", grid, values, name=NAME, unit="degree", meaning="made up")
    return folder


def seen_tiles(grid: Grid, count: int) -> list[tuple[int, int, int]]:
    """Tiles (level, column, row) that a user who pans at the map's own cells and two levels above comes by."""
    rng = np.random.default_rng(3)
    found = []
    for k in range(count):
        z = 11 - k % 3
        side = 2.0 * HALF_M / (1 << z)
        x = rng.uniform(grid.left_m, grid.right_m)
        y = rng.uniform(grid.bottom_m, grid.top_m)
        found.append((z, int((x + HALF_M) // side), int((HALF_M - y) // side)))
    return found


def bounds(z: int, x: int, y: int) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of a tile (m)."""
    side = 2.0 * HALF_M / (1 << z)
    return -HALF_M + x * side, HALF_M - (y + 1) * side, -HALF_M + (x + 1) * side, HALF_M - y * side


def compared(ours: np.ndarray, theirs) -> float:  # type: ignore[no-untyped-def]
    """Median difference of the pixels; on the edge between two cells each may take the other."""
    masked = theirs.array[0]
    known = np.isfinite(ours) & ~np.ma.getmaskarray(masked)
    both = np.abs(ours[known] - masked.data[known])
    return float(np.quantile(both, 0.5)) if both.size else 0.0


def per_s(work: Callable[[tuple[int, int, int]], object], wanted: Sequence[tuple[int, int, int]]) -> float:
    """Tiles per second of CPU time, after one round that warms everything."""
    for tile in wanted:
        work(tile)
    begun = time.process_time()
    for tile in wanted:
        work(tile)
    return len(wanted) / (time.process_time() - begun)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
