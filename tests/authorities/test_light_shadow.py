"""Permanent shadow against published regions and areas.

Authorities: LROC atlas of permanently shadowed regions (identifiers hold latitude and longitude); Mazarico et al.
2011 (Icarus 211:1066), 16 055 km^2 poleward of 80 S at 240 m and 3 660 km^2 poleward of 87.5 S; O'Brien and Byrne
2022, 20 900 km^2 at 30 m; Barker et al. 2023, 20 800 km^2 at 20 m; Williams et al., Faustini 664 km^2; LOLA product
LPSR_85S_060M_201608, 18.64 % of the square +-75.84 km.
Conditions here: LOLA at 1600 m, 0 m above ground, skylines over the whole cap, 2020-01-01 to 2038-09-13. Published
areas grow with resolution because shadow inside small craters is lost in coarse cells; ours must be smaller than
theirs, and regions much larger than a cell must nearly agree. Not possible at 1600 m: doubly shadowed areas (5.4
km^2 in all), shares of regions below 1 km^2 (a cell is 2.6 km^2), simple craters below 20 km one by one.
"""

import tomllib

import numpy as np
import pytest
from tests.illumination.scenes import regional, south_of_80

from lupex.catalogue import catalogue_folder
from lupex.illumination import area_by_latitude, shadow_regions


def names():
    text = catalogue_folder().joinpath("shadow_regions", "south.toml").read_text(encoding="utf-8")
    return {entry["name"]: (entry["lat_deg"], entry["lon_deg"]) for entry in tomllib.loads(text)["region"].values()}


def dark_km2(lat_deg):
    rows = area_by_latitude(regional(), lat_deg, 90.0 - lat_deg)
    return rows[0][2]


def test_the_inside_of_shackleton_is_never_lit():
    """Reference: 0.0 %. The atlas point and every cell within 2 cells of the crater's centre."""
    maps = regional()
    for lat_deg, lon_deg in ((-89.645, 128.203), (-89.67, 129.8)):
        row, col = maps.grid.row_col(lat_deg, lon_deg)
        around = slice(row - 2, row + 3), slice(col - 2, col + 3)
        assert maps["permanent_shadow"][around].all()
        assert not maps["lit_fraction_any"][around].any()


@pytest.mark.parametrize(
    "name", ["Haworth", "Shoemaker", "Faustini", "Sverdrup", "Cabeus", "Cabeus B", "Malapert", "Shackleton"]
)
def test_each_named_region_is_dark_at_its_point(name):
    """All eight are, with all eight cells around: none needs an excuse at 1600 m."""
    maps = regional()
    row, col = maps.grid.row_col(*names()[name])
    around = slice(row - 1, row + 2), slice(col - 1, col + 2)
    assert maps["permanent_shadow"][around].all()
    assert maps["sun_margin_deg"][row, col] < -0.3


def test_each_name_belongs_to_a_region_of_its_own():
    _, regions = shadow_regions(regional(), south_of_80()[0], names())
    named = {region.name: region for region in regions if region.name}
    assert set(named) == set(names())
    assert all(region.area_km2 > 100.0 for region in named.values())


def test_faustini_is_as_large_as_published():
    """Published 664 km^2, ours 652: a crater of 41 km holds its shadow at any resolution."""
    _, regions = shadow_regions(regional(), south_of_80()[0], names())
    area = next(region.area_km2 for region in regions if region.name == "Faustini")
    assert area == pytest.approx(664.0, rel=0.04)


def test_the_area_poleward_of_80_south_is_below_that_of_finer_dems():
    """Ours 12 530 km^2 at 1600 m; 16 055 at 240 m; 20 800 to 20 900 at 20 to 30 m."""
    area = dark_km2(80.0)
    assert area == pytest.approx(12_530.0, rel=0.03)
    assert 0.7 * 16_055.0 < area < 16_055.0


def test_the_area_poleward_of_87_5_south():
    """Ours 3 220 km^2; published 3 660 at 240 m: near the pole the large craters hold most."""
    area = dark_km2(87.5)
    assert area == pytest.approx(3_220.0, rel=0.03)
    assert 0.85 * 3_660.0 < area < 3_660.0


def test_the_share_of_the_square_of_the_60_m_product():
    """Published 0.1864 at 60 m; ours 0.152."""
    maps = regional()
    x, y = maps.grid.xy_m()
    square = (np.abs(x) < 75_840.0) & (np.abs(y) < 75_840.0)
    share = float(maps["permanent_shadow"][square].mean(dtype=float))
    assert share == pytest.approx(0.152, abs=0.005)
    assert share < 0.1864


def test_the_never_lit_share_of_the_middle_50_km():
    """Reference baseline 12.9 % on this DEM, with a sine for the Sun's latitude (1.54 degrees at most) and a 2 m
    mast. Ours 11.9 %: the true Sun climbs to 1.588 degrees."""
    maps = regional()
    x, y = maps.grid.xy_m()
    middle = (np.abs(x) < 25_000.0) & (np.abs(y) < 25_000.0)
    assert float(maps["permanent_shadow"][middle].mean(dtype=float)) == pytest.approx(0.119, abs=0.006)
