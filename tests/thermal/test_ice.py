"""Depth to stability, classes, areas."""

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.thermal import (
    IceSettings,
    buried_loss_kg_m2_gyr,
    class_areas_km2,
    ice_class,
    ice_depth,
    isothermal_depth_m,
    isothermal_depths,
    loss_kg_m2_gyr,
)

ISOTHERMAL = {115.0: 1.4e-3, 120.0: 1.3e-2, 125.0: 9.8e-2, 130.0: 0.62, 135.0: 3.4}


@pytest.mark.parametrize(("kelvin", "depth_m"), ISOTHERMAL.items())
def test_the_isothermal_table_of_stability(kelvin, depth_m):
    assert isothermal_depth_m(kelvin) == pytest.approx(depth_m, rel=0.02)


@pytest.mark.parametrize("kelvin", [115.0, 120.0, 125.0, 130.0])
def test_a_column_of_one_temperature_gives_the_closed_form(kelvin):
    nodes = np.array([0.0, 0.003, 0.01, 0.05, 0.2, 1.0, 2.5])
    found = ice_depth(nodes, np.full((1, nodes.size), loss_kg_m2_gyr(kelvin)))
    assert found.depth_m[0] == pytest.approx(isothermal_depth_m(kelvin), rel=1e-6)
    whole = isothermal_depths(kelvin)
    assert found.low_m[0] == pytest.approx(whole.low_m[0], rel=1e-6)
    assert found.low_m[0] < found.depth_m[0] < found.high_m[0]


def test_ice_in_the_cold_lasts_at_the_surface_and_in_the_warm_nowhere():
    nodes = np.array([0.0, 0.1, 2.0])
    loss = np.array([[1.0, 1.0, 1.0], [1e12, 1e12, 1e12], [1e12, 1e-2, 1e-2]])
    found = ice_depth(nodes, loss)
    assert found.depth_m[0] == 0.0
    assert found.depth_m[1] == np.inf
    assert 0.0 < found.depth_m[2] < 0.1


def test_the_buried_loss_at_the_depth_found_is_the_limit():
    nodes = np.linspace(0.0, 2.0, 21)
    loss = np.exp(np.linspace(18.0, 5.0, 21))[None, :]
    depth = ice_depth(nodes, loss).depth_m[0]
    at = np.exp(np.interp(depth, nodes, np.log(loss[0])))
    assert buried_loss_kg_m2_gyr(at, depth) == pytest.approx(100.0, rel=1e-6)


def test_classes_and_their_areas():
    depth = np.array([[0.0, 0.01, 0.5], [0.7, 1.2, np.inf], [np.nan, 0.0, 0.0]])
    classes = ice_class(depth)
    assert classes.tolist() == [[0, 1, 1], [2, 3, 3], [-1, 0, 0]]
    areas = class_areas_km2(classes, np.full((3, 3), 4e6))
    assert areas == {"surficial": 12.0, "shallow": 8.0, "deep": 4.0, "dry": 8.0}


@pytest.mark.parametrize("wrong", [{"cover_m": 0.0}, {"limit_kg_m2_gyr": -1.0}, {"low_factor": 2.0}, {"deep_m": 0.1}])
def test_settings_that_cannot_be_are_refused(wrong):
    with pytest.raises(InputError, match=r"ice: .*; use"):
        IceSettings(**wrong)
