"""Laws of sublimation against published numbers (docs/validation.md)."""

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.thermal.sublimation import SPECIES, loss_fit, loss_kg_m2_gyr, temperature_of_loss_k

TABLE = {100: 0.638, 102: 2.05, 105: 10.9, 110: 144.0, 112: 380.0, 117: 3709.0, 120: 1.33e4, 130: 6.18e5}


@pytest.mark.parametrize(("kelvin", "expected"), TABLE.items())
def test_water_is_lost_as_schorghofer_and_williams_say(kelvin, expected):
    assert loss_kg_m2_gyr(kelvin) == pytest.approx(expected, rel=0.01)


def test_at_70_K_hardly_a_molecule_leaves():
    """Andreas 2007: below 1 molecule per cm2 and hour; 2.3e-3 by this law."""
    kg_m2_s = loss_kg_m2_gyr(70.0) / 3.15576e16
    assert kg_m2_s / 0.018015 * 6.02214076e23 * 3600.0 / 1e4 == pytest.approx(2.3e-3, rel=0.05)


@pytest.mark.parametrize(("loss", "kelvin"), [(1.0, 100.76), (10.0, 104.84), (100.0, 109.27)])
def test_the_temperature_of_a_loss(loss, kelvin):
    assert temperature_of_loss_k(loss) == pytest.approx(kelvin, abs=0.02)


def test_the_laws_of_water_differ_as_published():
    ratio = loss_kg_m2_gyr([100.0, 110.0], "h2o_clapeyron") / loss_kg_m2_gyr([100.0, 110.0])
    assert ratio == pytest.approx([1 - 0.31, 1 - 0.23], abs=0.01)
    assert loss_kg_m2_gyr(100.0, "h2o_amorphous") > loss_kg_m2_gyr(100.0)


@pytest.mark.parametrize(
    ("name", "kelvin", "pascal"), [("co2", 194.7, 101_325.0), ("nh3", 195.4, 6_060.0), ("so2", 197.6, 1_670.0)]
)
def test_pressures_meet_the_triple_or_sublimation_point(name, kelvin, pascal):
    """One atmosphere of carbon dioxide at 194.7 K; triple points of ammonia and sulphur dioxide (CRC Handbook)."""
    law = SPECIES[name]
    ln_root = 0.5 * np.log(law.molar_kg / (2 * np.pi * 8.314462618 * kelvin))
    assert np.exp(law.ln_loss(np.float64(kelvin)) - ln_root) == pytest.approx(pascal, rel=0.06)


@pytest.mark.parametrize("name", SPECIES)
def test_the_fit_the_columns_use_is_within_two_per_cent(name):
    centre, scale, *coefficients = loss_fit(name)
    x = np.linspace(-1.0, 1.0, 501)
    fitted = np.polynomial.polynomial.polyval(x, coefficients) ** 8
    assert fitted == pytest.approx(loss_kg_m2_gyr(centre + x / scale * 0.999999, name), rel=0.02)


@pytest.mark.parametrize(("kelvin", "name"), [(5.0, "h2o"), (300.0, "h2o"), (np.nan, "h2o"), (20.0, "co2")])
def test_a_temperature_outside_the_law_is_refused(kelvin, name):
    with pytest.raises(InputError, match=r"lies outside .* where the law of"):
        loss_kg_m2_gyr(kelvin, name)


def test_an_unknown_ice_is_refused_with_those_known():
    with pytest.raises(InputError, match="unknown species 'xenon'; use one of h2o"):
        loss_kg_m2_gyr(100.0, "xenon")
