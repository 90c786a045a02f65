"""What temperature cycles pump into the ground: against another integrator, of columns and of maps."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from tests.thermal.test_maps import ground, surface_of

from lupex.base.errors import InputError
from lupex.thermal import (
    PUMP_LAYERS,
    SPECIES,
    MapSettings,
    PumpNotSettledError,
    PumpSettings,
    ice_pump,
    pump_map,
    thermal_map,
    thermal_profile,
)
from lupex.thermal.pump import relative_pressure
from lupex.thermal.sublimation import loss_kg_m2_gyr
from lupex.thermal.sun import PHASES, SEASONS

LUNATION_S = 2_551_442.976


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


def test_ground_on_which_ice_grows_without_end_is_told_apart_from_bad_input(monkeypatch):
    monkeypatch.setattr("lupex.thermal.pump.MOST_PUMP_PERIODS", 1)
    with pytest.raises(PumpNotSettledError, match="does not settle"):
        ice_pump(cycle(70.0, 80.0), LUNATION_S)


def test_a_map_pumps_what_columns_of_the_same_hours_do():
    """Rows run with the Sun's longitude, so the hours of a season are turned about before they are stepped through."""
    hours = np.arange(PHASES * SEASONS)
    rows = np.stack([80.0 + 90.0 * np.maximum(np.sin(2.0 * np.pi * hours / PHASES), 0.0), np.full(hours.size, 140.0)])
    in_time = rows.reshape(2, SEASONS, PHASES)[:, :, ::-1].reshape(2, -1)
    at_depth = 95.0
    loss = np.full((2, 3), float(loss_kg_m2_gyr(at_depth)))
    loss[1] = loss_kg_m2_gyr(140.0)
    found = pump_map(rows, loss, np.array([0.0, 0.1, 0.5]), LUNATION_S)
    column = ice_pump(np.column_stack([in_time[0], np.full(hours.size, at_depth)]), SEASONS * LUNATION_S)
    assert found.differential_kg_m2_gyr[0] == pytest.approx(column.differential_kg_m2_gyr[1], rel=1e-4)
    assert found.depth_m[0] == 0.1
    assert found.flow_kg_m2_gyr[0] == pytest.approx(found.differential_kg_m2_gyr[0] * 1e-4 / (0.1 + 1e-4))
    assert (found.differential_kg_m2_gyr[1], found.flow_kg_m2_gyr[1], found.depth_m[1]) == (0.0, 0.0, np.inf)


def test_layers_of_pumping_agree_with_the_profile_of_level_ground():
    terrain = ground()
    found = thermal_map(surface_of(terrain), settings=MapSettings(turns=1, facing=False, pump=True))
    assert set(PUMP_LAYERS) <= set(found.maps.layers)
    assert "assumption" in found.maps.meanings["ice_pump_flow_kg_m2_gyr"]
    lat, lon = (float(value[3, 3]) for value in terrain.grid.lat_lon_deg())
    profile = thermal_profile(lat, lon)
    column = ice_pump(profile.history_k, profile.sun.period_s)
    assert found["ice_pump_differential_kg_m2_gyr"][3, 3] == pytest.approx(
        column.differential_kg_m2_gyr[1:].max(), rel=0.05
    )
    middle = terrain.grid.rows // 2
    assert found["ice_pump_flow_kg_m2_gyr"][middle, middle] < 1.0  # in the dark nothing leaves to be driven down


def test_no_pump_is_published_for_other_ices():
    with pytest.raises(InputError, match="no pump is published for co2"):
        MapSettings(species="co2", pump=True)
