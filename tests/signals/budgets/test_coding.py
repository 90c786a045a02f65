"""Codes: curves that fall, thresholds that rise, what is not published."""

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.signals.budgets.coding import code, codes


@pytest.mark.parametrize("name", sorted(codes()))
def test_errors_fall_with_energy_and_every_curve_has_a_source(name):
    known = code(name)
    assert np.all(np.diff(known.ebn0_db) > 0.0)
    assert np.all(np.diff(known.error_rate) < 0.0)
    assert len(known.ebn0_db) == len(known.error_rate)
    assert 0.0 < known.rate <= 1.0
    assert len(known.source) > 8


@pytest.mark.parametrize("name", sorted(codes()))
def test_fewer_errors_cost_more_energy(name):
    assert code(name).required_ebn0_db(1e-4) > code(name).required_ebn0_db(3e-3)


def test_reed_solomon_with_hard_decisions_is_the_binomial_tail():
    """Counted by drawing codewords: at 5.5 dB about 1 word in 18 has more than 16 wrong symbols."""
    rng = np.random.default_rng(11)
    amplitude = np.sqrt(2.0 * 10.0**0.55 * 223.0 / 255.0)
    wrong = (rng.normal(amplitude, 1.0, (6000, 255, 8)) < 0.0).any(axis=2).sum(axis=1) > 16
    rs = code("rs")
    at = np.interp(5.5, rs.ebn0_db, np.log10(rs.error_rate))
    assert 10.0**at == pytest.approx(wrong.mean(), rel=0.15)


def test_a_curve_is_not_stretched_far_beyond_its_points():
    assert code("turbo_1/3").required_ebn0_db(1e-4) == pytest.approx(0.804, abs=0.002)
    with pytest.raises(InputError, match="no published point near an error rate of 1e-06"):
        code("turbo_1/3").required_ebn0_db(1e-6)
    with pytest.raises(InputError, match="code 'ldpc_4/5' is unknown; known: uncoded"):
        code("ldpc_4/5")
