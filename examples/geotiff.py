"""Room io: a map of slopes as GeoTIFF, and what the file says of itself.

python examples/geotiff.py SLOPE.tif
"""

import sys

import lupex
from lupex.io import write_cog


def main(words: list[str]) -> None:
    """Write the slope around the south pole to ``words[0]``; print what a reader of the terrain file would be told."""
    path = words[0] if words else "slope.tif"
    region = lupex.default_terrain("south").crop(331, 331, 100, 100)
    slope = lupex.slope_deg(region, baseline_m=3200.0)
    write_cog(path, region.grid, slope, name="slope_deg", unit="deg", meaning="slope over a baseline of 3200 m")
    print(f"{path}: {region.grid.rows} x {region.grid.cols} cells of {region.grid.cell_m:g} m, {region.grid.crs_name}")
    print(f"steepest {float(slope.max()):.1f} deg, mean {float(slope.mean()):.1f} deg")


if __name__ == "__main__":
    main(sys.argv[1:])
