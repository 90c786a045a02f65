"""Projections are the same when their numbers are."""

import numpy as np
import pytest
import rasterio
from pyproj import CRS, Transformer

from lupex.base.errors import InputError
from lupex.base.frames import map_xy_m
from lupex.io import crs_wkt, same_crs
from lupex.io.crs import canonical_pole, is_moon, is_reference_sphere, lonlat_wkt, radii_m

SOUTH = [
    "IAU_2015:30135",
    "ESRI:103878",
    "+proj=stere +lat_0=-90 +lon_0=0 +k=1 +x_0=0 +y_0=0 +R=1737400 +units=m +no_defs",
    "+proj=stere +lat_0=-90 +lon_0=0 +k=1 +x_0=0 +y_0=0 +a=1737400 +b=1737400 +units=m +no_defs",
    "+proj=stere +lat_0=-90 +lat_ts=-90 +lon_0=0 +R=1737400 +units=m",
]
NOT_SOUTH = [
    "IAU_2015:30130",
    "+proj=stere +lat_0=-90 +lat_ts=-69.3 +lon_0=32.3 +R=1737400 +units=m",
    "+proj=stere +lat_0=-90 +lon_0=180 +R=1737400 +units=m",
    "+proj=stere +lat_0=-90 +lon_0=0 +k=0.994 +R=1737400 +units=m",
    "+proj=stere +lat_0=-90 +lon_0=0 +x_0=10 +R=1737400 +units=m",
    "+proj=stere +lat_0=-90 +lon_0=0 +R=1737400 +units=km",
    "+proj=stere +lat_0=-90 +lon_0=0 +R=1738000 +units=m",
    "+proj=gnom +lat_0=-90 +lon_0=0 +R=1737400 +units=m",
    "IAU_2015:30100",
    "EPSG:3031",
]


@pytest.mark.parametrize("text", SOUTH)
def test_copies_of_the_south_polar_map_are_the_same(text: str) -> None:
    assert same_crs(text, crs_wkt("south"))
    assert canonical_pole(text) == "south"


@pytest.mark.parametrize("text", NOT_SOUTH)
def test_other_maps_are_not_the_south_polar_map(text: str) -> None:
    assert not same_crs(text, crs_wkt("south"))
    assert canonical_pole(text) == ("north" if text == "IAU_2015:30130" else None)


@pytest.mark.parametrize("pole", ["south", "north"])
def test_our_wkt_projects_as_the_frames_module_does(pole: str) -> None:
    sign = -1.0 if pole == "south" else 1.0
    lat, lon = sign * np.array([89.9, 85.0, 75.0, 89.0]), np.array([10.0, 100.0, 200.0, 300.0])
    x, y = Transformer.from_crs(lonlat_wkt(), crs_wkt(pole), always_xy=True).transform(lon, lat)
    want_x, want_y = map_xy_m(lat, lon, pole)
    np.testing.assert_allclose(x, want_x, atol=1e-6)
    np.testing.assert_allclose(y, want_y, atol=1e-6)


def test_our_wkt_is_the_iau_definition_and_has_no_bound_crs() -> None:
    for pole, code in (("south", "IAU_2015:30135"), ("north", "IAU_2015:30130")):
        ours = CRS.from_wkt(crs_wkt(pole))
        assert same_crs(ours, code) and not ours.is_bound
        assert ours.to_json_dict()["id"] == {"authority": "IAU", "version": 2015, "code": int(code.split(":")[1])}


def test_a_crs_object_of_any_library_is_understood() -> None:
    assert same_crs(rasterio.crs.CRS.from_string("IAU_2015:30135"), CRS.from_user_input("ESRI:103878"))


def test_geographic_maps_compare_by_their_body() -> None:
    assert same_crs(lonlat_wkt(), "+proj=longlat +R=1737400 +no_defs")
    assert not same_crs(lonlat_wkt(), "EPSG:4326")


def test_bodies_are_told_apart() -> None:
    assert is_moon("IAU_2015:30100") and is_reference_sphere("IAU_2015:30100")
    assert is_moon("+proj=longlat +R=1738000") and not is_reference_sphere("+proj=longlat +R=1738000")
    assert not is_moon("EPSG:4326") and not is_moon("+proj=longlat +R=3396190")
    assert radii_m("EPSG:4326") == pytest.approx((6378137.0, 6356752.314245))


def test_nonsense_is_an_input_error() -> None:
    with pytest.raises(InputError, match="not understood"):
        same_crs("moonish", crs_wkt("south"))
