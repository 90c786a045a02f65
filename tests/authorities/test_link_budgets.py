"""Published link budgets and coding tables.

Authorities: JAXA (Misasa's GREAT project; the LEV-1 budget of its amateur club), the DSN 70 m subnet (810-005 101),
CCSDS 130.1-G-3, Hamkins 2011 (IPN 42-184D), Chandra's operations code for a residual carrier, spacelink's tests for
free space, dish and ranging codes.
"""

import math
from dataclasses import replace

import pytest
from scipy.special import j0

from lupex.catalogue import radio, station
from lupex.model import Band, LinkSettings
from lupex.signals import LinkConditions, downlink, uplink
from lupex.signals.budgets.antennas import dish_gain_dbi, free_space_loss_db
from lupex.signals.budgets.coding import code
from lupex.signals.budgets.modulation import decibels, downlink_shares, pn_clock_share

BARE = LinkSettings(atmosphere="none", moon_noise=False, station_pointing_error_deg=0.0, station_axial_ratio_db=0.0)
RANGE_M = 384_400e3


@pytest.mark.parametrize(
    ("range_km", "frequency_mhz", "loss_db", "tolerance_db"),
    [
        (384_400, 8450, 222.68, 0.01),
        (363_300, 8450, 222.19, 0.01),
        (405_500, 8450, 223.14, 0.01),
        (384_400, 7190, 221.28, 0.01),
        (400_000, 435, 197.26, 0.01),
        (400_000, 1000, 204.48, 0.01),
        (400_000, 10_000, 224.48, 0.01),
        (2_000_000, 8400, 236.946, 0.01),
    ],
)
def test_free_space_loss_is_that_of_the_tables(range_km, frequency_mhz, loss_db, tolerance_db):
    assert float(free_space_loss_db(range_km * 1e3, frequency_mhz * 1e6)) == pytest.approx(loss_db, abs=tolerance_db)


def test_a_dish_of_20_m_has_63_dbi_in_x_band():
    assert dish_gain_dbi(20.0, 8.4e9, 0.65) == pytest.approx(63.04, abs=0.01)


def test_misasa_sends_142_6_dbm():
    rover = radio("lupex_rover_hga")
    published = uplink(station("misasa"), rover, RANGE_M, 30.0, LinkConditions(BARE)).value("EIRP") + 30.0
    assert published == pytest.approx(142.62, abs=0.005)
    from_parts = replace(station("misasa"), bands=(Band(name="X", tx_power_w=20e3, tx_gain_dbi=69.62),))
    assert uplink(from_parts, rover, RANGE_M, 30.0, LinkConditions(BARE)).value("EIRP") + 30.0 == pytest.approx(
        142.63, abs=0.005
    )


def test_the_published_budget_of_lev_1_comes_out_line_by_line():
    uhf = replace(station("misasa"), name="club", bands=(Band(name="UHF", tx_power_w=500.0, tx_gain_dbi=31.6),))
    # What the page leaves open (commands) does not touch the lines compared.
    lev1 = replace(
        radio("lev1"), command_rate_bps=10.0, command_index_rad=1.0, command_coding="uncoded", up_loop_hz=10.0
    )
    budget = uplink(uhf, lev1, 400_000e3, 45.0, LinkConditions(BARE, tolerances={}))
    assert budget.value("EIRP") == pytest.approx(58.6, abs=0.05)
    assert -budget.value("free space") == pytest.approx(197.3, abs=0.05)
    assert budget.value("G/T") == pytest.approx(-23.6, abs=0.05)
    assert budget.value("Pt/N0") == pytest.approx(66.3, abs=0.05)
    assert budget.value("Pt/N0") == pytest.approx(58.59 - 197.26 - 23.64 + 228.60, abs=0.01)


def test_a_residual_carrier_keeps_a_tenth_of_the_power():
    shares = downlink_shares(1.25, 0.176, 0.236)
    assert decibels(shares.carrier) == pytest.approx(-10.214, abs=0.001)
    assert decibels(shares.data) == pytest.approx(-0.644, abs=0.001)
    assert shares.carrier + shares.data == pytest.approx(j0(0.176) ** 2 * j0(0.236) ** 2, abs=1e-12)


@pytest.mark.parametrize(("name", "share"), [("DSN", 0.91088), ("T4B", 0.88116), ("T2B", 0.39363)])
def test_the_clock_of_a_ranging_code_holds_the_published_share(name, share):
    assert pn_clock_share(name) == pytest.approx(share, abs=1e-5)


@pytest.mark.parametrize(("name", "g_t_db_k"), [("dss14", 62.33), ("dss43", 62.20), ("dss63", 62.43)])
def test_the_dsn_70_m_antennas_have_the_published_g_over_t(name, g_t_db_k):
    budget = downlink(station(name), radio("lupex_rover_hga"), RANGE_M, 45.0, LinkConditions(BARE))
    assert budget.value("G/T") == pytest.approx(g_t_db_k, abs=0.005)


def test_misasa_loses_the_published_propagation_loss_at_the_lowest_published_elevation():
    """JAXA gives G/T 53.80 dB/K without and 53.35 with 0.45 dB of propagation, for 15 to 80 degrees of elevation."""
    x_band = downlink(station("misasa"), radio("lupex_rover_hga"), RANGE_M, 15.0)
    assert x_band.value("station G/T") == pytest.approx(53.80, abs=1e-9)
    assert -x_band.value("atmosphere") == pytest.approx(0.45, abs=0.05)


@pytest.mark.parametrize(
    ("name", "error_rate", "ebn0_db", "tolerance_db"),
    [
        ("uncoded", 1e-5, 9.59, 0.01),
        ("conv", 1e-5, 9.59 - 5.5, 0.15),  # 130.1-G-3 3.3: a gain of about 5.5 dB
        ("rs_conv_i5", 7.0e-5, 2.40, 0.01),
        ("turbo_1/2", 6.3e-5, 1.5, 0.01),
        ("turbo_1/6", 8.5e-5, 0.3, 0.01),
        ("ldpc_1/2_1024", 1.7767e-5, 1.8999, 0.001),
        ("tc_ldpc_128", 1.77e-5, 5.0, 0.001),
    ],
)
def test_codes_need_the_published_energy(name, error_rate, ebn0_db, tolerance_db):
    assert code(name).required_ebn0_db(error_rate) == pytest.approx(ebn0_db, abs=tolerance_db)


def test_every_code_stays_above_the_limit_of_shannon():
    for name in ("rs_conv_i1", "rs_conv_i5", "turbo_1/2", "turbo_1/3", "turbo_1/4", "turbo_1/6", "ldpc_1/2_1024"):
        rate = code(name).rate
        # Of any channel input at this spectral efficiency (complex symbols of two coded bits).
        limit_db = 10.0 * math.log10((2.0 ** (2.0 * rate) - 1.0) / (2.0 * rate))
        assert code(name).required_ebn0_db(1e-4) > limit_db + 0.2
