"""Depth to stability, classes, areas."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from lupex.base.errors import InputError
from lupex.thermal import (
    SPECIES,
    IceSettings,
    PumpSettings,
    buried_loss_kg_m2_gyr,
    class_areas_km2,
    ice_class,
    ice_depth,
    ice_pump,
    isothermal_depth_m,
    isothermal_depths,
    loss_kg_m2_gyr,
)
from lupex.thermal.ice import relative_pressure

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


def cycle(low_k, swing_k, steps=4000):
    """Half a sine above a cold night, the shape of the published trials; one node at its mean below."""
    surface = low_k + swing_k * np.maximum(np.sin(2.0 * np.pi * (np.arange(steps) + 0.5) / steps), 0.0)
    return np.column_stack([surface, np.full(steps, surface.mean())])


def test_adsorbed_water_evaporates_like_ice_when_thick_and_smoothly_less_below():
    assert relative_pressure(0.0) == (0.0, 0.0)
    below, above = relative_pressure(2.45 * (1 - 1e-12)), relative_pressure(2.45)
    assert below == pytest.approx(above, rel=1e-9)
    assert relative_pressure(40.0)[0] == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize(("low_k", "swing_k"), [(80.0, 120.0), (90.0, 60.0)])
def test_the_pump_is_that_of_another_integrator(low_k, swing_k):
    history, period = cycle(low_k, swing_k), 2_551_442.976
    found = ice_pump(history, period)
    ln_loss = SPECIES["h2o_amorphous"].ln_loss
    to_molecules = 6.02214076e23 / 0.018015

    def evaporation(t, sigma):
        kelvin = low_k + swing_k * max(np.sin(2.0 * np.pi * t / period), 0.0)
        return float(np.exp(ln_loss(np.array(kelvin)))) * to_molecules * relative_pressure(max(sigma, 0.0) / 1e19)[0]

    def rate(t, y):
        lost = evaporation(t, y[0])
        return [1e12 - lost - 1e12 * (1.0 - np.exp(-y[0] / 1e19)), lost]

    state = [1e19, 0.0]
    for _ in range(12):
        run = solve_ivp(rate, (0.0, period), [state[0], 0.0], method="LSODA", rtol=1e-7, atol=1e10, max_step=2e4)
        state = run.y[:, -1]
    mean = state[1] / period / to_molecules * 1e9 * 365.25 * 86400.0
    assert found.surface_kg_m2_gyr == pytest.approx(mean, rel=0.01)


def test_cycles_pump_where_the_ground_below_is_cold_and_not_where_it_is_warm():
    cold = ice_pump(cycle(70.0, 80.0), 2_551_442.976).differential_kg_m2_gyr[1]
    warm = ice_pump(cycle(90.0, 200.0), 2_551_442.976).differential_kg_m2_gyr[1]
    assert cold > 0.0 > warm
    supplied = 1e12 * 0.018015 / 6.02214076e23 * 1e9 * 365.25 * 86400.0
    assert cold < supplied  # no more is driven down than arrives


def test_a_pump_that_would_cover_the_surface_is_refused():
    with pytest.raises(InputError, match="more water arrives"):
        PumpSettings(supply_m2_s=2e12)
