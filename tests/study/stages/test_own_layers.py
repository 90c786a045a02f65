"""Where a site lies among the features of a layer, against plain geometry on the sphere."""

import math

import numpy as np
import pytest
from tests.shared_data import shared

from lupex.base.frames import map_xy_m
from lupex.io import read_own_layer
from lupex.model import Candidate, Grid, Site
from lupex.model.fields.own_layer import OwnFeature, OwnLayer
from lupex.model.settings.own_layer import MissionLayer
from lupex.study.stages.own_layers import near_features

R_KM = 1737.4


def site(lat: float, lon: float, name: str = "S1") -> Site:
    x, y = (float(v) for v in map_xy_m(lat, lon, "south"))
    candidate = Candidate(name=name, lat_deg=lat, lon_deg=lon, x_m=x, y_m=y, rank=1, score=0.5, criteria={})
    grid = Grid("south", 2, 2, 50.0, x, y)
    return Site(
        candidate=candidate, fine_grid=grid, fine={}, rank_regional=1, rank=1, score=0.5, synthetic_below_m=None
    )


def feature(name: str, *lat_lon: tuple[float, float], diameter_m: float = math.nan) -> OwnFeature:
    lat, lon = np.array(lat_lon, float).T
    return OwnFeature(name, (np.column_stack(map_xy_m(lat, lon, "south")),), diameter_m)


def near(layer: OwnLayer, lat: float, lon: float):
    (row,) = near_features([layer], [site(lat, lon)], "south")
    return row


def test_a_name_is_as_far_as_its_great_circle_and_where_it_is_seen() -> None:
    layer = OwnLayer("n", "names", (feature("far", (-80.0, 0.0)), feature("near", (-88.0, 30.0))))
    found = near(layer, -89.0, 30.0)
    assert (found.nearest, found.inside) == ("near", ())
    assert found.distance_km == pytest.approx(math.radians(1.0) * R_KM, rel=1e-9)
    assert found.azimuth_true_deg == pytest.approx(0.0, abs=1e-6)
    assert near(layer, -87.0, 30.0).azimuth_true_deg == pytest.approx(180.0)


def test_a_crater_holds_what_its_rim_encloses_and_the_smallest_is_named_first() -> None:
    km = math.radians(1.0) * R_KM
    layer = OwnLayer("c", "craters", (
        feature("large", (-88.0, 0.0), diameter_m=2000.0 * 1.5 * km), feature("small", (-88.9, 0.0), diameter_m=8000.0)
    ))  # fmt: skip
    found = near(layer, -89.0, 0.0)
    assert (found.nearest, found.distance_km, found.inside) == ("small", 0.0, ("small", "large"))
    assert math.isnan(found.azimuth_true_deg)
    outside = near(layer, -85.5, 0.0)
    assert (outside.nearest, outside.inside) == ("large", ())
    assert outside.distance_km == pytest.approx(2.5 * km - 1.5 * km, rel=1e-6)


def test_an_area_holds_a_site_but_not_in_its_hole() -> None:
    ring = feature("", (-88.0, 0.0), (-88.0, 90.0), (-88.0, 180.0), (-88.0, 270.0)).parts
    hole = feature("", (-89.5, 0.0), (-89.5, 90.0), (-89.5, 180.0), (-89.5, 270.0)).parts
    layer = OwnLayer("r", "regions", (OwnFeature("A", (*ring, *hole)),))
    assert near(layer, -89.0, 45.0).inside == ("A",) and near(layer, -89.0, 45.0).distance_km == 0.0
    held = near(layer, -89.99, 45.0)
    assert held.inside == () and 0.0 < held.distance_km < 0.5 * math.radians(0.5) * R_KM * 1.5


def test_a_scarp_is_as_far_as_the_nearest_point_of_its_line_and_unnamed_ones_are_numbered() -> None:
    layer = OwnLayer(
        "s", "scarps", (feature("", (-87.0, 80.0), (-87.0, 81.0)), feature("", (-89.0, 0.0), (-87.0, 0.0)))
    )
    found = near(layer, -88.0, 5.0)
    assert found.nearest == "no. 2"
    across = math.asin(math.sin(math.radians(2.0)) * math.sin(math.radians(5.0)))
    assert found.distance_km == pytest.approx(across * R_KM, rel=1e-3)


def test_sites_lie_in_the_published_regions_that_are_named_after_their_place() -> None:
    path = shared("data/artemis_regions/artemis3_2024_regions.csv")
    if path is None:
        return
    said = MissionLayer(name="A3", file=str(path), kind="regions", label="region")
    layer = read_own_layer(said, "south")
    for one in layer.features:
        x, y = one.middle_m
        lat = -90.0 + 2.0 * math.degrees(math.atan(math.hypot(x, y) / 2.0 / (1000.0 * R_KM)))
        found = near(layer, lat, math.degrees(math.atan2(x, y)))
        assert found.inside[:1] == (one.name,)
