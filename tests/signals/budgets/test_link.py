"""Budgets down and up: rows that add up, what makes a link better or worse, what is refused."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lupex.base.errors import InputError
from lupex.catalogue import radio, station
from lupex.model import Band, LinkSettings
from lupex.signals import LinkConditions, downlink, uplink
from lupex.signals.budgets.noise import moon_noise_k

MISASA, ROVER = station("misasa"), radio("lupex_rover_hga")
RANGE_M = 384_400e3


def test_the_rows_of_a_downlink_add_up_to_its_margin():
    b = downlink(MISASA, ROVER, RANGE_M, 30.0)
    eirp = sum(b.value(n) for n in ("transmitter power", "transmit loss", "transmit gain", "transmit pointing"))
    path = sum(b.value(n) for n in ("free space", "atmosphere", "polarisation"))
    gt = sum(b.value(n) for n in ("station G/T", "noise added", "receive pointing"))
    pt_n0 = eirp + path + gt + 228.5991672
    assert b.value("Pt/N0") == pytest.approx(pt_n0, abs=1e-9)
    margin = pt_n0 + sum(b.value(n) for n in ("telemetry power", "implementation loss"))
    margin -= b.value("telemetry rate") + b.value("Eb/N0 needed")
    assert b.value("telemetry margin") == pytest.approx(margin, abs=1e-9)


def test_variances_add_and_the_margin_gives_way_by_its_sigmas():
    b = downlink(MISASA, ROVER, RANGE_M, 30.0)
    margin = b.row("telemetry margin")
    parts = [row for row in b.rows if row.shape != "total" and not row.name.startswith(("carrier", "loop"))]
    assert margin.variance_db2 == pytest.approx(sum(row.variance_db2 for row in parts), abs=1e-12)
    assert float(b.worst_db("telemetry margin")) == pytest.approx(
        float(margin.mean) - 2.0 * np.sqrt(margin.variance_db2), abs=1e-12
    )
    assert float(margin.worst) < float(b.worst_db("telemetry margin")) < float(margin.value)


def test_arrays_along_a_pass_give_what_single_moments_give():
    ranges, elevations = np.array([370e6, 385e6, 400e6]), np.array([10.0, 40.0, 80.0])
    together = downlink(MISASA, ROVER, ranges, elevations).row("telemetry margin").value
    single = [downlink(MISASA, ROVER, r, e).value("telemetry margin") for r, e in zip(ranges, elevations, strict=True)]
    assert together == pytest.approx(single, abs=1e-9)


@given(st.floats(3.5e8, 4.1e8), st.floats(1.0001, 2.0), st.floats(5.0, 80.0))
def test_farther_lower_and_faster_is_never_better(range_m, factor, elevation_deg):
    slow = LinkConditions(rate_bps=1000.0)
    margin = downlink(MISASA, ROVER, range_m, elevation_deg, slow).value("telemetry margin")
    assert downlink(MISASA, ROVER, range_m * factor, elevation_deg, slow).value("telemetry margin") < margin
    assert downlink(MISASA, ROVER, range_m, elevation_deg / factor, slow).value("telemetry margin") < margin
    fast = downlink(MISASA, ROVER, range_m, elevation_deg, LinkConditions(rate_bps=1000.0 * factor))
    assert fast.value("telemetry margin") == pytest.approx(margin - 10.0 * np.log10(factor), abs=1e-9)
    assert fast.value("carrier margin") == downlink(MISASA, ROVER, range_m, elevation_deg, slow).value("carrier margin")


def test_the_hot_moon_costs_a_cold_receiver_what_its_noise_says():
    dss14 = station("dss14")
    cold = LinkConditions(LinkSettings(atmosphere="none", moon_noise=False))
    hot = LinkConditions(LinkSettings(atmosphere="none"))
    loss = downlink(dss14, ROVER, RANGE_M, 45.0, cold).value("G/T") - downlink(dss14, ROVER, RANGE_M, 45.0, hot).value(
        "G/T"
    )
    width = 70.0 * 299792458.0 / (ROVER.frequency_down_hz * dss14.dish_m)
    added_k = float(moon_noise_k("X", RANGE_M, 1.0, width))
    assert loss == pytest.approx(10.0 * np.log10(1.0 + added_k / dss14.band("X").system_noise_k), abs=1e-9)
    assert 8.0 < loss < 9.5


def test_ranging_takes_power_and_brings_its_own_margin():
    plain = downlink(MISASA, ROVER, RANGE_M, 30.0)
    ranging = downlink(MISASA, ROVER, RANGE_M, 30.0, LinkConditions(ranging=True))
    assert plain.margins == ("carrier margin", "telemetry margin")
    assert ranging.margins == (*plain.margins, "ranging margin")
    assert 0.05 < plain.value("telemetry margin") - ranging.value("telemetry margin") < 0.5


def test_a_suppressed_carrier_gives_all_power_to_the_data():
    bpsk = replace(ROVER, modulation="bpsk")
    b = downlink(MISASA, bpsk, RANGE_M, 30.0)
    assert b.value("Pd/N0") == b.value("Pt/N0")
    assert b.value("carrier margin") > downlink(MISASA, ROVER, RANGE_M, 30.0).value("carrier margin")
    with pytest.raises(InputError, match="tones need a residual carrier"):
        downlink(MISASA, bpsk, RANGE_M, 30.0, LinkConditions(ranging=True))


def test_an_uplink_has_margins_for_carrier_and_command():
    b = uplink(MISASA, ROVER, RANGE_M, 30.0)
    assert b.margins == ("carrier margin", "command margin")
    assert b.sigmas == 3.0
    assert b.value("command margin") - uplink(MISASA, ROVER, RANGE_M, 30.0, LinkConditions(rate_bps=4000.0)).value(
        "command margin"
    ) == pytest.approx(10.0 * np.log10(4.0), abs=1e-9)
    assert bool(b.closes)


def test_a_link_names_the_number_that_nobody_published():
    with pytest.raises(InputError, match="station usuda: g_t_db_k and rx_gain_dbi .* of band X not published"):
        downlink(station("usuda"), ROVER, RANGE_M, 30.0)
    with pytest.raises(InputError, match="state x_eirp_dbw in a station file"):
        uplink(station("usuda"), ROVER, RANGE_M, 30.0)
    with pytest.raises(InputError, match="radio lupex_rover_hga: tx_power_w is not known"):
        downlink(MISASA, replace(ROVER, tx_power_w=None), RANGE_M, 30.0)
    with pytest.raises(InputError, match="coding is not known"):
        downlink(MISASA, replace(ROVER, coding=None), RANGE_M, 30.0)
    with pytest.raises(InputError, match="data_rates_bps is not known"):
        downlink(MISASA, replace(ROVER, data_rates_bps=()), RANGE_M, 30.0)


def test_a_wrong_band_frequency_range_or_rate_is_refused():
    with pytest.raises(InputError, match="misasa has no band UHF, which radio lev1 needs; bands of misasa: X, Ka"):
        uplink(MISASA, radio("lev1"), RANGE_M, 30.0)
    with pytest.raises(InputError, match="8600 MHz lies outside band X of station misasa, which receives 8400 to 8500"):
        downlink(MISASA, replace(ROVER, frequency_down_hz=8.6e9), RANGE_M, 30.0)
    with pytest.raises(InputError, match="which sends 7145 to 7235 MHz"):
        uplink(MISASA, replace(ROVER, frequency_up_hz=8.45e9), RANGE_M, 30.0)
    with pytest.raises(InputError, match="range -5 m"):
        downlink(MISASA, ROVER, -5.0, 30.0)
    with pytest.raises(InputError, match="below the horizon"):
        downlink(MISASA, ROVER, RANGE_M, -2.0)
    with pytest.raises(InputError, match="rate 0 bps"):
        downlink(MISASA, ROVER, RANGE_M, 30.0, LinkConditions(rate_bps=0.0))
    with pytest.raises(InputError, match="bandwidth of rx is -1e\\+08 Hz"):
        Band(name="X", rx_min_hz=8.5e9, rx_max_hz=8.4e9)


def test_a_station_that_states_its_g_over_t_no_longer_stops_the_link():
    usuda = replace(station("usuda"), bands=(Band(name="X", g_t_db_k=54.0),))
    b = downlink(usuda, ROVER, RANGE_M, 30.0)
    assert b.value("station G/T") == 54.0
    assert any("efficiency of 0.6 (assumption)" in note for note in b.notes)
