"""The table of attenuations against the ITU-R recommendations themselves, by the package itur."""

import numpy as np
import pytest

from lupex.catalogue import station
from lupex.signals.budgets.atmosphere import attenuation_db

ELEVATIONS_DEG = np.array([20.0, 45.0, 80.0])


def both(band, frequency_hz):
    table, _ = attenuation_db(station("misasa"), band, frequency_hz, ELEVATIONS_DEG, 90.0, "table")
    itur, source = attenuation_db(station("misasa"), band, frequency_hz, ELEVATIONS_DEG, 90.0, "itur")
    assert "itur" in source
    return table, itur


def test_at_x_band_the_table_is_what_the_recommendations_say():
    table, itur = both("X", 8.45e9)
    assert table == pytest.approx(itur, rel=0.05)


def test_at_ka_band_the_cosecant_errs_to_the_safe_side_low_down():
    """Rain and clouds fill a low layer, so that a slanted path is shorter than the cosecant has it."""
    table, itur = both("Ka", 32.0e9)
    assert table[-1] == pytest.approx(itur[-1], rel=0.05)
    assert np.all(table >= 0.97 * itur)
    assert np.all(np.diff(table / itur) < 0.0) and table[0] < 1.3 * itur[0]
