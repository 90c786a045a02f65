"""Noise of the Moon in a beam."""

import numpy as np
import pytest

from lupex.base.constants import MOON_RADIUS_M
from lupex.signals.budgets.noise import BOLTZMANN_DBW_K_HZ, MOON_DISC_K, disc_in_beam_fraction, moon_noise_k


def test_boltzmann_is_the_exact_constant():
    assert pytest.approx(10.0 * np.log10(1.380649e-23), abs=1e-6) == BOLTZMANN_DBW_K_HZ


def test_a_gaussian_beam_on_a_disc_agrees_with_counting_samples():
    rng = np.random.default_rng(3)
    x, y = rng.normal(0.0, 0.3 / 2.35482, (2, 400_000))
    for offset in (0.0, 0.2, 0.26):
        counted = np.mean(np.hypot(x - offset, y) < 0.259)
        assert float(disc_in_beam_fraction(0.259, offset, 0.3)) == pytest.approx(counted, abs=0.003)


def test_a_narrow_beam_sees_only_moon_at_the_centre_and_half_of_it_at_the_limb():
    assert float(moon_noise_k("X", 384_400e3, 0.0, 0.046)) == pytest.approx(MOON_DISC_K["X"], abs=0.1)
    assert float(moon_noise_k("X", 384_400e3, 1.0, 0.046)) == pytest.approx(MOON_DISC_K["X"] / 2.0, rel=0.05)


def test_a_wide_beam_dilutes_the_disc_by_the_square_of_its_width():
    radius = np.degrees(MOON_RADIUS_M / 384_400e3)
    spread = 10.0 / 2.35482
    share = radius**2 / (2.0 * spread**2)
    assert float(moon_noise_k("S", 384_400e3, 0.0, 10.0)) == pytest.approx(MOON_DISC_K["S"] * share, rel=0.01)
