"""The chance that it fits against a case in closed form."""

from dataclasses import replace

import numpy as np
import pytest
from tests.payload.scenes import FRONT, LANDER, POLICY, ROVER, item

from lupex.payload import fits_probability, programme


def test_one_instrument_against_the_triangle_in_closed_form():
    # 11 kg grow by 0 to 20 %, most likely 5 %; the rover takes 12.1 kg: growth of 10 %.
    host = replace(ROVER, instrument_mass_kg=12.1)
    made = programme([item("a")], (host, LANDER), (FRONT,), POLICY, {"a": 1.0})
    below = 1.0 - (0.2 - 0.1) ** 2 / ((0.2 - 0.0) * (0.2 - 0.05))
    share = fits_probability(made, {"a": "front"}, 40_000, np.random.default_rng(0))
    assert share == pytest.approx(below, abs=0.01)


def test_nothing_aboard_fits_always():
    made = programme([item("a")], (ROVER, LANDER), (FRONT,), POLICY, {})
    assert fits_probability(made, {}, 10, np.random.default_rng(0)) == 1.0
