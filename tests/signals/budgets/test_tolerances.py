"""Tolerances: mean and variance of each shape against samples drawn from it."""

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.signals.budgets.tolerances import TYPICAL, Tolerance


def test_mean_and_variance_are_those_of_a_million_samples():
    rng = np.random.default_rng(5)
    drawn = {
        "triangular": rng.triangular(-1.0, 0.0, 0.4, 1_000_000),
        "uniform": rng.uniform(-1.0, 0.4, 1_000_000),
        "gaussian": rng.normal(-0.3, 1.4 / 6.0, 1_000_000),
    }
    for shape, samples in drawn.items():
        tolerance = Tolerance(0.4, -1.0, shape)
        assert tolerance.mean_db == pytest.approx(samples.mean(), abs=0.002)
        assert tolerance.variance_db2 == pytest.approx(samples.var(), rel=0.005)


def test_a_fixed_value_has_neither():
    assert (Tolerance().mean_db, Tolerance().variance_db2) == (0.0, 0.0)


def test_wrong_signs_and_shapes_are_refused():
    with pytest.raises(InputError, match="favourable is 0 or more"):
        Tolerance(-0.1, 0.0, "uniform")
    with pytest.raises(InputError, match="'square' is unknown"):
        Tolerance(0.1, -0.1, "square")
    with pytest.raises(InputError, match="a fixed value has no tolerances"):
        Tolerance(0.1, -0.1)


def test_typical_tolerances_are_below_one_decibel():
    assert all(t.favourable_db <= 0.5 and t.adverse_db >= -0.5 for t in TYPICAL.values())
