"""Antennas: gains, lobes, polarisation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lupex.base.errors import InputError
from lupex.signals.budgets.antennas import (
    dish_beamwidth_deg,
    dish_gain_dbi,
    free_space_loss_db,
    itu_pattern_dbi,
    pattern_loss_db,
    polarisation_loss_db,
)


@given(st.floats(1.0, 1e9), st.floats(1e8, 4e10))
def test_free_space_loss_is_the_formula_of_the_handbooks(distance_m, frequency_hz):
    handbook = 32.4478 + 20 * np.log10(distance_m / 1e3) + 20 * np.log10(frequency_hz / 1e6)
    assert float(free_space_loss_db(distance_m, frequency_hz)) == pytest.approx(handbook, abs=1e-4)


def test_a_range_or_frequency_of_nothing_is_refused():
    with pytest.raises(InputError, match="range 0 m"):
        free_space_loss_db(0.0, 8e9)
    with pytest.raises(InputError, match="frequency -1 Hz"):
        free_space_loss_db(1.0, -1.0)
    with pytest.raises(InputError, match="efficiency 1.2"):
        dish_gain_dbi(20.0, 8e9, 1.2)


@pytest.mark.parametrize("kind", ["gaussian", "parabolic"])
@pytest.mark.parametrize("beamwidth_deg", [0.05, 1.0, 20.0])
def test_half_the_beamwidth_costs_3_db(kind, beamwidth_deg):
    loss = pattern_loss_db(kind, [0.0, beamwidth_deg / 2.0], beamwidth_deg)
    assert loss[0] == pytest.approx(0.0, abs=1e-6)
    assert loss[1] == pytest.approx(3.0, abs=0.02)


def test_the_first_side_lobe_of_an_even_aperture_lies_17_6_db_down():
    angles = np.linspace(1.3, 2.4, 500)
    assert pattern_loss_db("parabolic", angles, 1.0).min() == pytest.approx(17.57, abs=0.02)


def test_an_isotropic_antenna_has_no_boresight_and_a_lobe_needs_a_width():
    assert np.all(pattern_loss_db("isotropic", [0.0, 90.0], None) == 0.0)
    with pytest.raises(InputError, match="beamwidth None"):
        pattern_loss_db("gaussian", 1.0, None)
    with pytest.raises(InputError, match="'helix' is unknown"):
        pattern_loss_db("helix", 1.0, 1.0)


def test_the_itu_envelope_falls_from_gain_to_floor():
    gain = dish_gain_dbi(34.0, 8.45e9, 0.65)
    angles = np.geomspace(1e-4, 180.0, 2000)
    envelope = itu_pattern_dbi(gain, 34.0 * 8.45e9 / 299792458.0, angles)
    assert envelope[0] == pytest.approx(gain, abs=0.01)
    assert envelope[-1] == -10.0
    assert np.all(np.diff(envelope) <= 1e-9)
    assert itu_pattern_dbi(gain, 958.0, 10.0) == pytest.approx(7.0, abs=1e-9)


def test_the_beam_of_misasa_is_a_tenth_of_the_moon():
    assert dish_beamwidth_deg(54.0, 8.45e9) == pytest.approx(0.046, abs=0.001)


def test_polarisation_loses_3_db_between_circle_and_line_and_nothing_between_circles():
    assert polarisation_loss_db(0.0, 0.0) == pytest.approx((0.0, 0.0, 0.0), abs=1e-9)
    assert polarisation_loss_db(200.0, 0.0) == pytest.approx((3.01, 3.01, 3.01), abs=0.01)
    mean, least, greatest = polarisation_loss_db(3.0, 3.0)
    assert least == pytest.approx(0.0, abs=1e-9)
    assert least < mean < greatest
    # Two equal ellipses crossed: ((2 r) / (1 + r^2))^2 of the power passes.
    r = 10.0 ** (3.0 / 20.0)
    assert greatest == pytest.approx(-20.0 * np.log10(2.0 * r / (1.0 + r * r)), abs=1e-9)
