"""Interpolation between exact knots."""

import numpy as np

from lupex.ephemeris.chebyshev import BLOCK_S, NODES, ORIGIN_S, interpolated

WIDE = (-1e12, 1e12)


def smooth(times_s):
    phase = 2 * np.pi * times_s / (27.3 * 86_400)
    return np.stack([np.cos(phase), np.sin(phase), 1 + 0.1 * np.cos(2.1 * phase)], axis=-1)


def test_a_rotation_of_27_days_is_met_to_rounding():
    times = np.linspace(0.0, 3e8, 20_000)
    assert np.abs(interpolated(smooth, times, WIDE) - smooth(times)).max() < 2e-11


def test_order_repeats_and_span_do_not_matter():
    times = np.random.default_rng(3).uniform(0, 1e7, 5000)
    times = np.concatenate([times, times[:100]])
    values = interpolated(smooth, times, WIDE)
    order = np.argsort(times)
    assert np.array_equal(interpolated(smooth, times[order], WIDE), values[order])
    early = times < 5e6
    assert np.array_equal(interpolated(smooth, times[early], WIDE), values[early])


def test_few_times_are_asked_directly():
    times = np.arange(5) * 1e8
    assert np.array_equal(interpolated(smooth, times, WIDE), smooth(times))
    assert interpolated(smooth, times[:0], WIDE).shape == (0, 3)


def test_many_times_cost_a_few_evaluations():
    asked = []

    def counting(times_s):
        asked.append(times_s.size)
        return smooth(times_s)

    interpolated(counting, ORIGIN_S + np.arange(0, 10 * BLOCK_S, 600.0), WIDE)
    assert asked == [10 * NODES]


def test_nothing_outside_the_cover_is_evaluated():
    cover = (1000.0, 1000.0 + 0.5 * BLOCK_S)

    def guarded(times_s):
        assert times_s.min() >= cover[0]
        assert times_s.max() <= cover[1]
        return smooth(times_s)

    times = np.linspace(*cover, 1000)
    assert np.abs(interpolated(guarded, times, cover) - smooth(times)).max() == 0.0


def test_block_edges_belong_to_one_block():
    edges = ORIGIN_S + BLOCK_S * np.arange(4)
    times = np.sort(np.concatenate([edges, edges - 1e-3, np.linspace(edges[0], edges[-1], 500)]))
    assert np.abs(interpolated(smooth, times, WIDE) - smooth(times)).max() < 2e-11
