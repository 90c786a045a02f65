"""Regions and areas of permanent shadow on made-up maps."""

import numpy as np
import pytest

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.frames import lat_lon_deg
from lupex.illumination import area_by_latitude, shadow_regions
from lupex.model import Grid, LightMap, Terrain

PICTURE = """
##......
##.....#
......#.
...#....
..###...
...#...#
"""
GRID = Grid.centred("south", 0.0, 0.0, 8, 1000.0).crop(0, 0, 6, 8)


def maps(grid, mask):
    shadow = np.where(mask, 1.0, 0.0).astype(np.float32)
    return LightMap(
        grid=grid,
        layers={"permanent_shadow": shadow},
        meanings={"permanent_shadow": "dark"},
        span_utc=("a", "b"),
        observer_height_m=0.0,
    )


def drawn():
    mask = np.array([[c == "#" for c in line] for line in PICTURE.split()])
    terrain = Terrain(GRID, np.arange(48, dtype=np.float32).reshape(6, 8))
    return maps(GRID, mask), terrain


def place(row, col):
    lat, lon = GRID.lat_lon_deg()
    return float(lat[row, col]), float(lon[row, col])


def test_regions_are_numbered_by_size_and_touch_at_corners():
    labels, regions = shadow_regions(*drawn(), {})
    assert [r.label for r in regions] == [1, 2, 3, 4]
    assert [r.area_km2 for r in regions] == pytest.approx([5.0, 4.0, 2.0, 1.0], abs=1e-4)
    assert labels[4, 3] == 1
    assert labels[0, 0] == 2
    assert labels[1, 7] == labels[2, 6] == 3
    assert labels[5, 7] == 4
    assert (labels > 0).sum() == 12


def test_a_region_tells_its_middle_and_mean_height():
    _, regions = shadow_regions(*drawn(), {})
    assert (regions[0].lat_deg, regions[0].lon_deg) == pytest.approx(place(4, 3), abs=1e-9)
    assert regions[0].mean_elevation_m == pytest.approx((27 + 34 + 35 + 36 + 43) / 5, abs=1e-5)


def test_names_stick_to_the_region_at_or_next_to_their_point():
    names = {
        "Cross": place(4, 3),
        "Near": place(1, 2),
        "Nowhere": place(0, 4),
        "Far": (-60.0, 10.0),
        "Arm": place(5, 3),
    }
    _, regions = shadow_regions(*drawn(), names)
    assert [r.name for r in regions] == ["Arm, Cross", "Near", "", ""]


def test_small_regions_leave_the_list_but_not_the_labels():
    labels, regions = shadow_regions(*drawn(), {}, smallest_km2=1.5)
    assert len(regions) == 3
    assert labels.max() == 4


def test_no_shadow_is_no_region():
    labels, regions = shadow_regions(maps(GRID, np.zeros((6, 8), bool)), drawn()[1], {"A": place(0, 0)})
    assert regions == ()
    assert not labels.any()


def test_areas_by_latitude_are_those_of_the_sphere():
    """A cap of 3 degrees: each band's mapped area is 2 pi R^2 (cos difference)."""
    grid = Grid.centred("south", 0.0, 0.0, 500, 400.0)
    rows = area_by_latitude(maps(grid, grid.xy_m()[0] < 0.0), 87.0)
    assert [(low, high) for low, high, _, _ in rows] == [(87.0, 88.0), (88.0, 89.0), (89.0, 90.0)]
    for low, high, dark, mapped in rows:
        exact = 2e-6 * np.pi * MOON_RADIUS_M**2 * (np.sin(np.radians(high)) - np.sin(np.radians(low)))
        assert mapped == pytest.approx(exact, rel=0.003)
        assert dark == pytest.approx(exact / 2, rel=0.003)


def test_cells_without_height_count_nowhere():
    grid = Grid.centred("south", 0.0, 0.0, 10, 1000.0)
    shadow = np.ones(grid.shape, np.float32)
    shadow[:5] = np.nan
    light = LightMap(
        grid=grid,
        layers={"permanent_shadow": shadow},
        meanings={"permanent_shadow": "dark"},
        span_utc=("a", "b"),
        observer_height_m=0.0,
    )
    assert area_by_latitude(light, 89.0)[0][2:] == pytest.approx((50.0, 50.0), abs=1e-3)


def test_a_fraction_of_a_band_at_the_end():
    rows = area_by_latitude(maps(GRID, np.zeros((6, 8), bool)), 87.5, 2.0)
    assert [(low, high) for low, high, _, _ in rows] == [(87.5, 89.5), (89.5, 90.0)]
    assert lat_lon_deg(0.0, 0.0, "south")[0] == -90.0
