"""The step of many columns: energy, against a matrix solved plainly, and whether it is vectorised."""

import time

import numpy as np
import pytest
from numba import njit

from lupex.kernels.heat.fused import fma
from lupex.kernels.heat.lanes import LANES, LINE_BYTES, WHOLE_ROW, advance, couplings, on_a_line, step_constants

C = (-3.6125, 2.7431, 2.3616e-3, -1.2340e-5, 8.9093e-9)
ES, QB, B = 0.95 * 5.670374419e-8, 0.018, 2.7 / (4 * 350.0**3)
MASS = np.array([3.0, 8.0, 15.0, 40.0, 90.0])
CONDUCTANCE = np.array([0.25, 0.2, 0.1, 0.05])


def march(flux, kelvin, step_s, dtype=np.float64, deep=MASS.size):
    """State after ``flux`` (step,) on every lane, the sums, and the trace."""
    nodes = MASS.size
    state = np.zeros((nodes, 3 * LANES), dtype)
    state[:, :LANES] = kelvin[:, None]
    sums, trace = np.zeros((nodes + 2, LANES), dtype), np.zeros((flux.size, nodes), dtype)
    many = np.repeat(flux[:, None], LANES, axis=1).astype(dtype)
    mass = MASS / step_s
    advance(
        state, many, mass.astype(dtype), couplings(mass, CONDUCTANCE).astype(dtype),
        on_a_line((nodes + 1) * WHOLE_ROW, state), step_constants(B, C, ES, QB, dtype), deep, sums,
        np.zeros((0, LANES), dtype), np.zeros(flux.size, np.int64), trace, np.zeros((0, 4 * LANES), dtype),
        np.zeros(9, dtype),
    )  # fmt: skip
    return state, sums, trace


def heat_content(kelvin):
    return sum(c * kelvin ** (n + 1) / (n + 1) for n, c in enumerate(C))


@pytest.mark.parametrize("deep", [1, 2, 4, 5])
def test_heat_gained_is_flux_in_less_flux_out_to_rounding(deep):
    rng = np.random.default_rng(1)
    flux = np.clip(rng.normal(200.0, 300.0, 500), 0.0, None)
    start, step_s = np.array([150.0, 180.0, 200.0, 210.0, 220.0]), 5000.0
    state, sums, _ = march(flux, start, step_s, deep=deep)
    gained = MASS @ (heat_content(state[:, 0]) - heat_content(start))
    owed = MASS @ state[:, 2 * LANES]
    supplied = step_s * (flux.sum() + QB * flux.size - sums[-2, 0])
    assert sums[-1] == pytest.approx(flux.sum(), rel=1e-12)
    assert gained - owed == pytest.approx(supplied, abs=1e-9 * step_s * flux.sum())


def test_one_short_step_is_the_explicit_one():
    start = np.array([150.0, 180.0, 200.0, 210.0, 220.0])
    flux = np.array([400.0])
    state, _, _ = march(flux, start, 0.01)
    theta = start + B * start**4
    upward = np.append(CONDUCTANCE * np.diff(theta), QB)
    gain = upward - np.concatenate([[ES * start[0] ** 4 - flux[0]], upward[:-1]])
    c = np.polynomial.polynomial.polyval(start, C)
    assert state[:, 0] - start == pytest.approx(0.01 * gain / (MASS * c), rel=1e-3)


def test_a_huge_step_ends_in_balance():
    state, _, _ = march(np.full(60, 300.0), np.full(5, 200.0), 1e7)
    assert ES * state[0, 0] ** 4 == pytest.approx(300.0 + QB, rel=1e-6)


def test_a_product_and_a_sum_are_rounded_once():
    @njit
    def both(a, x, b):
        return fma(a, x, b)

    for kind, eps in ((np.float64, 2.0**-52), (np.float32, 2.0**-23)):
        near = kind(1.0 + eps)
        assert both(near, near, kind(-1.0 - 2.0 * eps)) == eps * eps  # rounded twice it is 0


def test_scratch_begins_on_a_cache_line():
    for kind in (np.float32, np.float64):
        for size in (7, 100, 5000):
            room = on_a_line(size, np.zeros(1, kind))
            assert room.ctypes.data % LINE_BYTES == 0
            assert (room.size, room.dtype) == (size, kind)


def test_all_lanes_do_the_same():
    state, _, _ = march(np.linspace(0.0, 900.0, 50), np.full(5, 120.0), 3000.0, np.float32)
    assert np.ptp(state.reshape(5, 3, LANES), axis=2).max() == 0.0


def test_single_precision_gains_the_speed_of_vectors():
    """Where LLVM falls back to scalar code, single precision takes as long as double."""
    flux = np.full(20_000, 300.0)
    spent = {}
    for dtype in (np.float64, np.float32):
        march(flux[:2], np.full(5, 200.0), 3000.0, dtype)
        spent[dtype] = min(timed(flux, dtype) for _ in range(4))
    assert spent[np.float64] > 1.3 * spent[np.float32]


def timed(flux, dtype):
    begin = time.process_time()
    march(flux, np.full(5, 200.0), 3000.0, dtype)
    return time.process_time() - begin
