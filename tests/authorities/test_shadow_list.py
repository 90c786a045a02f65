"""Permanent shadow against the LROC list of 324 regions (psr_list: LROC/ASU; centroids and areas).

Conditions here: LOLA at 1600 m, 0 m above ground, 2020-01-01 to 2038-09-13. A region of 100 km2 is 39 cells; smaller
ones lose floors to the cell. A centroid need not be dark: that of a ring-shaped region lies on its lit middle.
"""

import csv

import numpy as np
from tests.illumination.scenes import regional, south_of_80
from tests.shared_data import shared

from lupex.illumination import shadow_regions


def listed() -> np.ndarray:
    """(n, 3) latitude, east longitude and area of regions poleward of 80.5 degrees south; none without the data."""
    place = shared("data/psr_list/psr_list.csv")
    if place is None:
        return np.empty((0, 3))
    with place.open(encoding="utf-8") as stream:
        rows = [[float(row[key]) for key in ("lat_deg", "east_lon_deg", "area_km2")] for row in csv.DictReader(stream)]
    table = np.array(rows)
    return table[table[:, 0] < -80.5]


def test_large_listed_regions_are_dark_at_their_centroids_here() -> None:
    maps, table = regional(), listed()
    large = table[table[:, 2] >= 100.0]
    dark = [bool(maps["permanent_shadow"][maps.grid.row_col(lat, lon)]) for lat, lon, _ in large]
    assert not len(table) or (len(large) >= 20 and np.mean(dark) >= 0.9)


def test_areas_of_the_largest_agree_with_the_list() -> None:
    """Shoemaker, Haworth, Faustini, Sverdrup: within 8 %, one rim of cells of 1600 m being 10 % of them."""
    _, regions = shadow_regions(regional(), south_of_80()[0], {})
    for lat, lon, area_km2 in sorted(listed().tolist(), key=lambda row: -row[2])[:4]:
        ours = min(regions, key=lambda one: abs(one.lat_deg - lat) + 0.01 * abs((one.lon_deg - lon + 180) % 360 - 180)
                   + (one.area_km2 < 0.5 * area_km2))  # fmt: skip
        assert abs(ours.area_km2 / area_km2 - 1.0) < 0.08, (lat, lon, area_km2, ours)
