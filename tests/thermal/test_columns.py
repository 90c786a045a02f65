"""Columns against a plain explicit one, closed forms, conservation of energy, and convergence shown."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from tests.thermal.plain_column import MONTH_S, plain_column

from lupex.base.errors import InputError
from lupex.base.running import Running
from lupex.thermal import (
    Cells,
    LayerSettings,
    NotConvergedError,
    Plan,
    Regolith,
    Stage,
    equilibrium,
    layers_of,
    march,
    regolith,
)
from lupex.thermal.columns import Wanted
from lupex.thermal.regolith import COARSE_LAYERS, conductivity_w_m_k
from lupex.thermal.sublimation import loss_fit, loss_kg_m2_gyr
from lupex.thermal.sun import SUN_RADIUS_RAD, ideal_year, place_vectors

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


FINE = LayerSettings(0.00075, 1.05, 2.4)


@pytest.mark.parametrize("lat_deg", [0.0, 60.0, 85.0])
def test_a_plain_explicit_column_keeps_the_temperatures_found_with_short_steps_and_thin_layers(lat_deg):
    """Two ways to cut space and time into pieces meet where both are fine; what the usual, longer steps and thicker
    layers cost is the next test's."""
    found = month([lat_deg], Plan((Stage(60, 2, 6), Stage(3840, 2, 6))), FINE, trace=True)
    layer_m, steps = 0.002, 24_000
    z = np.arange(int(0.9 / layer_m) + 1) * layer_m
    start = np.interp(z, layers_of(GROUND, FINE).depth_m, found.end_k[0])
    column, flux = start.copy(), disc_flux(lat_deg, steps)
    for _ in range(3):
        surface = plain_column(column, layer_m, MONTH_S / steps, flux, 0.95, 0.018, 2.7, 0.07)
    away = np.abs(column - start)
    assert away.max() < 0.05
    assert away[z > 0.2].max() < 0.02
    assert away[z > 0.5].max() < 0.004
    assert found.max_k[0, 0] == pytest.approx(surface.max(), abs=0.01)
    assert found.min_k[0, 0] == pytest.approx(surface.min(), abs=0.04)
    middle = surface[((np.arange(3840) + 0.5) * steps / 3840).astype(int)]  # a step stands for its middle
    apart = np.abs(found.trace_k[:, 0] - middle)
    assert np.median(apart) < 0.02
    assert np.percentile(apart, 99) < 0.25  # at sunrise


def disc_flux(lat_deg, steps):
    """Absorbed W/m2 (step,) of level ground: chords of the Sun's disc above the horizon, albedo at its centre."""
    hour = 2.0 * np.pi * (np.arange(steps) + 0.5) / steps
    height = np.arcsin(-np.cos(np.radians(lat_deg)) * np.cos(hour))
    y = (np.arange(200) + 0.5) / 100 - 1.0
    chord = np.sqrt(1.0 - y * y)
    seen = np.maximum(np.sin(height[:, None] + SUN_RADIUS_RAD * y), 0.0) @ (chord / chord.sum())
    i = np.minimum(np.pi / 2 - height, np.pi / 2)
    return 1361.0 * seen * (1.0 - 0.12 - 0.06 * (i / (np.pi / 4)) ** 3 - 0.25 * (i / (np.pi / 2)) ** 8)


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


@pytest.mark.parametrize("sun", [MONTH, ideal_year()], ids=["month", "year"])
def test_heat_taken_in_is_heat_given_out_to_a_millionth_also_at_the_pole(sun):
    found = equilibrium(GROUND, layers_of(GROUND), level_cells([0.0, 30.0, 60.0, 85.0, -89.0, -90.0]), sun)
    supplied = found.absorbed_w_m2 + GROUND.heat_flow_w_m2
    assert np.abs(found.emitted_w_m2 / supplied - 1.0).max() < 1e-6


HALVED = (  # steps, layers; largest change (K) of max, min, mean at 0.1, 0.66, 1.5 m, against half the step and layer
    (120, COARSE_LAYERS, LayerSettings(0.002, 1.14, 2.4), (0.035, 0.13, 0.07)),
    (240, LayerSettings(0.002, 1.14, 2.4), LayerSettings(0.001, 1.07, 2.4), (0.01, 0.04, 0.03)),
    (480, LayerSettings(), LayerSettings(0.0015, 1.105, 2.4), (0.01, 0.065, 0.02)),
    (960, LayerSettings(0.0015, 1.105, 2.4), LayerSettings(0.00075, 1.05, 2.4), (0.004, 0.03, 0.008)),
)


@pytest.mark.parametrize(("steps", "layers", "halved", "most"), HALVED)
def test_halving_steps_and_layers_changes_less_and_less(steps, layers, halved, most):
    lats = [0.0, 30.0, 60.0, 85.0, -89.0]
    got, half = (month(lats, Plan((Stage(60, 2, 6), Stage(n, 2, 6))), cut) for n, cut in
                 ((steps, layers), (2 * steps, halved)))  # fmt: skip
    means = [
        np.array([np.interp((0.1, 0.66, 1.5), layers_of(GROUND, cut).depth_m, one) for one in run.mean_k])
        for run, cut in ((got, layers), (half, halved))
    ]
    changes = (got.max_k[:, 0] - half.max_k[:, 0], got.min_k[:, 0] - half.min_k[:, 0], means[0] - means[1])
    for change, limit in zip(changes, most, strict=True):
        assert np.abs(change).max() < limit


@pytest.mark.parametrize("steps", [60, 480])
def test_nodes_below_the_daily_wave_may_keep_their_properties_for_a_lunation(steps, monkeypatch):
    lats, plan = [0.0, 60.0, 85.0, -88.5], Plan((Stage(60, 2, 6), Stage(steps, 2, 3)))
    layers = layers_of(GROUND, COARSE_LAYERS)
    kept = equilibrium(GROUND, layers, level_cells(lats), ideal_year(), plan)
    monkeypatch.setattr(march, "deep_node", lambda ground, layers: layers.depth_m.size)
    whole = equilibrium(GROUND, layers, level_cells(lats), ideal_year(), plan)
    for name, most in (("mean_k", 0.003), ("max_k", 0.02), ("min_k", 0.02)):
        apart = np.abs(getattr(kept, name) - getattr(whole, name))
        assert 0.0 < apart.max() < most, name


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


MARTINEZ = regolith("martinez_siegler")


def test_with_low_temperature_conductivity_a_shadowed_column_follows_its_law():
    """dT/dz = heat flow over K(T, z), integrated by another library from the surface down."""
    found = equilibrium(MARTINEZ, layers_of(MARTINEZ), level_cells([0.0], 0.02), NIGHT)
    depth = layers_of(MARTINEZ).depth_m
    surface = ((0.02 + 0.018) / (0.95 * 5.670374419e-8)) ** 0.25

    def slope(z, kelvin):
        return 0.018 / conductivity_w_m_k(MARTINEZ, kelvin, z)

    law = solve_ivp(slope, (0.0, depth[-1]), [surface], t_eval=depth, rtol=1e-8, atol=1e-8).y[0]
    assert found.mean_k[0] == pytest.approx(law, abs=0.02 * (law[-1] - surface))
    assert law[-1] - surface > 15.0
    assert found.deep_flow_w_m2[0] == pytest.approx(0.018, rel=1e-6)


def test_with_low_temperature_conductivity_columns_repeat_and_balance():
    lats = [0.0, 60.0, 85.0, -89.0]
    layers = layers_of(MARTINEZ)
    found = equilibrium(MARTINEZ, layers, level_cells(lats), MONTH)
    supplied = found.absorbed_w_m2 + MARTINEZ.heat_flow_w_m2
    assert np.abs(found.emitted_w_m2 / supplied - 1.0).max() < 1e-6
    assert found.deep_flow_w_m2 == pytest.approx(MARTINEZ.heat_flow_w_m2, rel=1e-4)
    single = Plan((Stage(60, 2, 6), Stage(480, 2, 3)), 0.0, np.inf, 1, double=False)
    again = equilibrium(MARTINEZ, layers, level_cells(lats), MONTH, single)
    assert again.mean_k == pytest.approx(found.mean_k, abs=0.02)
    hayne = month(lats)
    assert found.mean_k[2, -1] > hayne.mean_k[2, -1] + 3.0  # cold ground conducts worse: it is warmer below


def test_ground_without_light_or_heat_is_refused():
    ground = Regolith(heat_flow_w_m2=0.0)
    with pytest.raises((InputError, NotConvergedError)):
        equilibrium(ground, layers_of(ground), level_cells([0.0]), NIGHT)


def test_the_loss_of_ice_is_the_mean_over_the_period_of_the_loss_at_each_step():
    layers = layers_of(GROUND)
    found = equilibrium(GROUND, layers, level_cells([-85.0]), MONTH, Plan(), loss_fit(), Wanted(trace=True))
    slow = loss_kg_m2_gyr(np.clip(found.trace_k, 93.5, 249.9)).mean(axis=0)
    assert found.loss_kg_m2_gyr[0] == pytest.approx(slow, rel=0.01)
