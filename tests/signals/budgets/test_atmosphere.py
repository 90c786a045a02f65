"""Atmosphere: the table, the path through the air, its noise."""

import sys

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.catalogue import station
from lupex.signals.budgets.atmosphere import (
    PERCENTS,
    ZENITH_DB,
    air_mass,
    attenuation_db,
    sky_noise_k,
    zenith_attenuation_db,
)


def test_the_air_mass_is_the_cosecant_high_up_and_finite_at_the_horizon():
    high = np.array([11.0, 30.0, 60.0, 90.0])
    assert air_mass(high) == pytest.approx(1.0 / np.sin(np.radians(high)), rel=0.02)
    assert float(air_mass(90.0)) == pytest.approx(1.0, abs=1e-9)
    assert float(air_mass(0.0)) == pytest.approx(39.9, abs=0.1)


@pytest.mark.parametrize("site", sorted(ZENITH_DB))
def test_rarer_weather_and_higher_bands_attenuate_more(site):
    bands = ZENITH_DB[site][2]
    for values in bands.values():
        assert len(values) == len(PERCENTS)
        assert np.all(np.diff(values) > 0.0)
    assert np.all(np.array(bands["S"]) < np.array(bands["X"]))
    assert np.all(np.array(bands["X"]) < np.array(bands["Ka"]))


def test_a_station_takes_the_nearest_site_and_says_so():
    value, source = zenith_attenuation_db(station("usuda"), "X", 90.0)
    assert value == pytest.approx(0.113, abs=1e-9)
    assert "Misasa" in source and "90 %" in source
    assert "Canberra" in zenith_attenuation_db(station("dss43"), "X", 90.0)[1]
    assert "Uchinoura" in zenith_attenuation_db(station("uchinoura34"), "S", 90.0)[1]


def test_availability_between_the_columns_lies_between_their_values():
    ka = [zenith_attenuation_db(station("misasa"), "Ka", p)[0] for p in (95.0, 97.0, 98.0)]
    assert ka[0] == pytest.approx(2.820) and ka[2] == pytest.approx(4.638)
    assert ka[0] < ka[1] < ka[2]


def test_what_the_table_does_not_hold_is_refused():
    misasa = station("misasa")
    with pytest.raises(InputError, match="availability 99.9 percent"):
        zenith_attenuation_db(misasa, "X", 99.9)
    with pytest.raises(InputError, match="elevation -1 deg; the target is below the horizon"):
        attenuation_db(misasa, "X", 8.45e9, [10.0, -1.0], 90.0, "table")
    with pytest.raises(InputError, match="atmosphere 'fog' is unknown; known: table, itur, none"):
        attenuation_db(misasa, "X", 8.45e9, 10.0, 90.0, "fog")


def test_without_the_package_itur_the_error_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "itur", None)
    with pytest.raises(InputError, match="pip install itur, or choose 'table'"):
        attenuation_db(station("misasa"), "X", 8.45e9, 30.0, 90.0, "itur")


def test_air_that_swallows_everything_shines_at_its_own_heat():
    assert float(sky_noise_k(0.0)) == 0.0
    assert float(sky_noise_k(100.0)) == pytest.approx(275.0, abs=1e-6)
    assert float(sky_noise_k(0.05)) == pytest.approx(3.15, abs=0.01)
