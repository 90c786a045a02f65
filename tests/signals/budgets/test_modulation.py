"""Shares of power and carrier loops."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lupex.base.errors import InputError
from lupex.signals.budgets.modulation import decibels, downlink_shares, pn_clock_share, squaring_loss_db, uplink_shares


@given(st.floats(0.0, 1.5), st.floats(0.0, 1.5), st.floats(0.0, 1.5))
def test_shares_never_exceed_the_power_there_is(telemetry, ranging, command):
    for shares in (downlink_shares(telemetry, ranging, command), uplink_shares(command, ranging)):
        assert min(shares.carrier, shares.data, shares.ranging) >= 0.0
        assert shares.carrier + shares.data + shares.ranging <= 1.0 + 1e-12


def test_ranging_takes_from_carrier_and_data_alike():
    without, with_tone = downlink_shares(1.25), downlink_shares(1.25, 0.5)
    assert with_tone.carrier / without.carrier == pytest.approx(with_tone.data / without.data, abs=1e-12)
    assert with_tone.ranging > 0.0 == without.ranging


def test_a_squared_loop_loses_little_at_strong_symbols_and_much_at_weak_ones():
    assert float(squaring_loss_db(20.0)) == pytest.approx(-0.022, abs=0.001)
    assert float(squaring_loss_db(-10.0)) == pytest.approx(-7.78, abs=0.01)


def test_an_unknown_ranging_code_is_refused_and_nothing_has_no_decibels():
    with pytest.raises(InputError, match="known: DSN, T4B, T2B"):
        pn_clock_share("T8B")
    assert decibels(0.0) == float("-inf")
