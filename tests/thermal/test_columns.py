"""Columns against a plain explicit one, closed forms, conservation of energy, and convergence shown."""

from dataclasses import replace

import numpy as np
import pytest
from tests.thermal.plain_column import MONTH_S, plain_column

from lupex.base.errors import InputError
from lupex.base.running import Running
from lupex.thermal import Cells, LayerSettings, NotConvergedError, Plan, Regolith, Stage, equilibrium, layers_of
from lupex.thermal.columns import Wanted
from lupex.thermal.regolith import COARSE_LAYERS
from lupex.thermal.sublimation import loss_fit, loss_kg_m2_gyr
from lupex.thermal.sun import ideal_year, place_vectors

GROUND = Regolith()
MONTH = ideal_year(inclination_deg=0.0, lunations=1)
NIGHT = replace(MONTH, flux_w_m2=np.zeros_like(MONTH.flux_w_m2))


def level_cells(lats_deg, base_w_m2=0.0):
    vectors = [place_vectors(lat, 0.0) for lat in lats_deg]
    east, north, up = (np.array([v[i] for v in vectors]) for i in range(3))
    count = len(lats_deg)
    return Cells(east, north, up, up, np.zeros((count, 4), np.float32), np.full(count, base_w_m2))


def month(lats_deg, plan=Plan(), layers=LayerSettings(), running=Running(), **wanted):
    cells = level_cells(lats_deg)
    return equilibrium(GROUND, layers_of(GROUND, layers), cells, MONTH, plan, wanted=Wanted(**wanted), running=running)


@pytest.mark.parametrize("lat_deg", [0.0, 60.0, 85.0])
def test_a_plain_explicit_column_keeps_the_temperatures_found(lat_deg):
    """By the principle of comparison a column begun above the repeating state stays above, one below below."""
    found = month([lat_deg], trace=True)
    depth = layers_of(GROUND).depth_m
    layer_m, steps = 0.002, 24_000
    nodes = int(0.9 / layer_m) + 1
    hour = 2.0 * np.pi * (np.arange(steps) + 0.5) / steps
    mu = np.maximum(-np.cos(np.radians(lat_deg)) * np.cos(hour), 0.0)
    i = np.arccos(mu)
    flux = 1361.0 * mu * (1.0 - 0.12 - 0.06 * (i / (np.pi / 4)) ** 3 - 0.25 * (i / (np.pi / 2)) ** 8)
    start = np.interp(np.arange(nodes) * layer_m, depth, found.end_k[0])
    seen = {}
    for offset in (-0.6, 0.0, 0.6):
        column = start + offset
        for _ in range(3):
            seen[offset] = plain_column(column, layer_m, MONTH_S / steps, flux, 0.95, 0.018, 2.7, 0.07)
        assert np.all((column - start) * np.sign(offset) > -0.3)
        if offset == 0.0:
            assert np.abs(column - start)[int(0.2 / layer_m) :].max() < 0.3
            assert np.abs(column - start)[int(0.5 / layer_m) :].max() < 0.03
    assert seen[-0.6].max() - 0.05 < found.max_k[0, 0] < seen[0.6].max() + 0.05
    assert seen[-0.6].min() - 0.1 < found.min_k[0, 0] < seen[0.6].min() + 0.1
    plain = seen[0.0][np.arange(480) * steps // 480 + steps // 960]  # a step stands for its middle
    apart = np.abs(found.trace_k[:, 0] - plain)
    assert np.median(apart) < 0.2
    assert np.mean(apart > 1.0) < 0.01  # at sunrise, which the longer steps cut coarsely


def test_the_deep_mean_is_the_closed_form_and_the_flow_at_depth_the_heat_of_the_interior():
    found = month([0.0, 60.0, 85.0, -89.0])
    layers = layers_of(GROUND)
    assert found.deep_flow_w_m2 == pytest.approx(GROUND.heat_flow_w_m2, rel=1e-3)
    b = GROUND.radiative_chi / (4.0 * 350.0**3)
    theta = found.mean_k + b * found.mean_k**4  # below a metre the wave is gone: the mean of theta is theta of the mean
    deep = layers.depth_m > 1.0
    rise = np.diff(theta[:, deep], axis=1) / np.diff(layers.resistance_m2_k_w[deep])
    assert rise == pytest.approx(GROUND.heat_flow_w_m2, rel=2e-3)


@pytest.mark.parametrize("base_w_m2", [0.0, 0.02, 0.3, 2.0])
def test_ground_in_constant_light_is_as_warm_as_its_balance_says(base_w_m2):
    layers = layers_of(GROUND)
    found = equilibrium(GROUND, layers, level_cells([0.0], base_w_m2), NIGHT)
    surface = ((base_w_m2 + 0.018) / (0.95 * 5.670374419e-8)) ** 0.25
    assert found.mean_k[0, 0] == pytest.approx(surface, abs=2e-3)
    b = GROUND.radiative_chi / (4.0 * 350.0**3)
    theta = surface + b * surface**4 + 0.018 * layers.resistance_m2_k_w
    assert found.mean_k[0] + b * found.mean_k[0] ** 4 == pytest.approx(theta, abs=5e-3)


def test_heat_taken_in_is_heat_given_out_to_a_millionth():
    found = month([0.0, 30.0, 60.0, 85.0])
    supplied = found.absorbed_w_m2 + GROUND.heat_flow_w_m2
    assert np.abs(found.emitted_w_m2 / supplied - 1.0).max() < 1e-6


def test_halving_steps_and_layers_changes_little():
    lats = [0.0, 60.0, 85.0]
    fine = month(lats, Plan((Stage(60, 2, 6), Stage(1920, 2, 4))), LayerSettings(0.0015, 1.1, 2.4))
    usual = month(lats)
    coarse = month(lats, Plan((Stage(60, 2, 6), Stage(120, 2, 4))), COARSE_LAYERS)
    for got, surface, minimum in ((usual, 0.03, 0.1), (coarse, 0.15, 0.45)):
        assert np.abs(got.max_k[:, 0] - fine.max_k[:, 0]).max() < surface
        assert np.abs(got.min_k[:, 0] - fine.min_k[:, 0]).max() < minimum
    at = [np.interp(0.66, layers_of(GROUND, s).depth_m, r.mean_k[0]) for s, r in
          ((LayerSettings(0.0015, 1.1, 2.4), fine), (LayerSettings(), usual), (COARSE_LAYERS, coarse))]  # fmt: skip
    assert at[1] == pytest.approx(at[0], abs=0.04)
    assert at[2] == pytest.approx(at[0], abs=0.12)


def test_single_precision_agrees_with_double():
    settled = (Stage(60, 2, 8),)
    plans = [Plan(settled, enough_k=0.0, drift_k_per_year=np.inf, double=double) for double in (True, False)]
    double, single = (month([0.0, 60.0, 85.0, -89.9], plan) for plan in plans)
    for name in ("mean_k", "max_k", "min_k", "end_k"):
        assert np.abs(getattr(double, name) - getattr(single, name)).max() < 0.01, name
    assert single.deep_flow_w_m2 == pytest.approx(double.deep_flow_w_m2, rel=0.01)


def test_the_answer_does_not_depend_on_the_number_of_threads_or_on_the_other_cells():
    lats = np.linspace(0.0, 89.0, 70)
    one, two = (month(lats, running=Running(workers)) for workers in (1, 2))
    assert np.array_equal(one.mean_k, two.mean_k)
    alone = month(lats[33:34])
    assert alone.mean_k[0] == pytest.approx(one.mean_k[33], abs=0.01)


def test_a_column_that_still_drifts_is_refused_not_reported():
    with pytest.raises(NotConvergedError, match="drifts by"):
        month([0.0], Plan((Stage(60, 2, 1),), enough_k=0.0, drift_k_per_year=1e-12, most_periods=2))


def test_ground_without_light_or_heat_is_refused():
    ground = Regolith(heat_flow_w_m2=0.0)
    with pytest.raises((InputError, NotConvergedError)):
        equilibrium(ground, layers_of(ground), level_cells([0.0]), NIGHT)


def test_the_loss_of_ice_is_the_mean_over_the_period_of_the_loss_at_each_step():
    layers = layers_of(GROUND)
    found = equilibrium(GROUND, layers, level_cells([-85.0]), MONTH, Plan(), loss_fit(), Wanted(trace=True))
    slow = loss_kg_m2_gyr(np.clip(found.trace_k, 93.5, 249.9)).mean(axis=0)
    assert found.loss_kg_m2_gyr[0] == pytest.approx(slow, rel=0.01)
