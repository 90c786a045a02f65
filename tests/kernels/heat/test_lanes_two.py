"""The step with two terms of conductivity: equal to the one with theta where both can say it, and energy."""

import numpy as np
import pytest
from tests.kernels.heat.test_lanes import CONDUCTANCE, ES, MASS, QB, B, C, heat_content, march

from lupex.kernels.heat.lanes import LANES, LEAST_AHEAD
from lupex.kernels.heat.lanes_two import advance_two

CONSTANT = (1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
AMORPHOUS = (-2.03297e-1, -11.472, 22.5793, -14.3084, 3.41742, 0.01101, -2.80491e-5, 3.35837e-8, -1.40021e-11)


def march_two(flux, kelvin, step_s, solid, conductance):
    """State after ``flux`` (step,) on every lane, the sums, and the trace."""
    nodes = MASS.size
    state = np.zeros((nodes, 3 * LANES))
    state[:, :LANES] = kelvin[:, None]
    sums, trace = np.zeros((2 * nodes, LANES)), np.zeros((flux.size, nodes))
    many = np.repeat(flux[:, None], LANES, axis=1)
    advance_two(
        state, many, MASS / step_s, conductance, np.zeros((nodes, 5)), np.array([*solid, *C, ES, QB, LEAST_AHEAD]),
        sums, trace, np.zeros((0, 4 * LANES)), np.zeros((0, LANES)), np.zeros(flux.size, np.int64), np.zeros(9),
    )  # fmt: skip
    return state, sums, trace


def random_day(count=400):
    return np.clip(np.random.default_rng(2).normal(200.0, 300.0, count), 0.0, None)


START = np.array([150.0, 180.0, 200.0, 210.0, 220.0])


def test_with_constant_solid_conductivity_it_is_the_step_in_theta():
    both = np.column_stack([CONDUCTANCE, 4.0 * B * CONDUCTANCE])
    _, sums, trace = march_two(random_day(), START, 5000.0, CONSTANT, both)
    _, theta_sums, theta_trace = march(random_day(), START, 5000.0)
    assert trace == pytest.approx(theta_trace, abs=2e-5)  # fewer steps of Halley there
    flow = CONDUCTANCE * np.diff(theta_sums[:5, 0])
    assert sums[6:, 0] == pytest.approx(flow, rel=1e-5)


def test_heat_gained_is_flux_in_less_flux_out_to_rounding():
    flux, step_s = random_day(), 5000.0
    both = np.column_stack([CONDUCTANCE, 5e-8 * CONDUCTANCE])
    state, sums, _ = march_two(flux, START, step_s, AMORPHOUS, both)
    gained = MASS @ (heat_content(state[:, 0]) - heat_content(START)) - MASS @ state[:, 2 * LANES]
    supplied = step_s * (flux.sum() + QB * flux.size - sums[5, 0])
    assert gained == pytest.approx(supplied, abs=1e-9 * step_s * flux.sum())
    # and of the nodes below a face: what came up into them less what went on through it
    below = MASS[2:] @ (heat_content(state[2:, 0]) - heat_content(START[2:])) - MASS[2:] @ state[2:, 2 * LANES]
    assert below == pytest.approx(step_s * (QB * flux.size - sums[7, 0]), abs=1e-9 * step_s * flux.sum())
