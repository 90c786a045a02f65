"""Light around the lunar south pole: from terrain to a map, in a few lines of Python.

    python examples/light_map.py [LIT.tif]

Cuts 160 x 160 km around the pole out of the LOLA map in the package, computes the skyline of every cell and from it
18.7 years of light; prints what it found and, when a file is named, writes the share of time lit as GeoTIFF.
"""

import sys

import numpy as np

import lupex
from lupex.io import write_cog

CYCLE_UTC = ("2026-01-01T00:00:00Z", "2044-09-12T00:00:00Z")  # 18.7 years: a turn of the lunar node takes 18.61
CELLS = 100  # of 1600 m


def main(words: list[str]) -> None:
    """Print the brightest cell and the area of permanent shadow; write the map to ``words[0]`` when given."""
    cap = lupex.default_terrain("south")
    corner = (cap.grid.rows - CELLS) // 2
    region = cap.crop(corner, corner, CELLS, CELLS)  # the whole cap stays around it, as far terrain

    horizons = lupex.horizon_map(region)
    sky = lupex.sky_span(*CYCLE_UTC, step_s=3600.0)
    light = lupex.long_term_light(region, horizons, sky, CYCLE_UTC)

    lit = light["lit_fraction_any"]
    row, col = np.unravel_index(np.argmax(lit), lit.shape)
    lat_deg, lon_deg = region.grid.lat_lon_deg()
    shadow_km2 = float(np.sum(region.grid.cell_area_m2() * light["permanent_shadow"])) / 1e6
    print(f"brightest cell: {lat_deg[row, col]:.3f}, {lon_deg[row, col]:.3f} E, lit {lit[row, col]:.3f} of the time")
    print(f"permanent shadow: {shadow_km2:.0f} of {float(np.sum(region.grid.cell_area_m2())) / 1e6:.0f} km2")

    if words:
        name = "lit_fraction_any"
        write_cog(words[0], region.grid, lit, name=name, unit="1", meaning=light.meanings[name])
        print(f"map: {words[0]}")


if __name__ == "__main__":
    main(sys.argv[1:])
