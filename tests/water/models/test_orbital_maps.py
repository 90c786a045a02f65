"""Hydrogen and surface ice of maps from orbit: what a pixel says of one place, and what it is refused for."""

import numpy as np
import pytest
from tests.water.inference.scenes import INSTRUMENTS

from lupex.base.errors import InputError
from lupex.water import Look, Measurement, channel, ground
from lupex.water.ground import Ground
from lupex.water.models.orbital_maps import (
    hydrogen_log_density,
    hydrogen_wt_percent,
    seen_log_probability,
    seen_probability,
)

LPNS, M3 = INSTRUMENTS["lpns"], INSTRUMENTS["m3"]


def test_hydrogen_of_a_place_by_hand():
    """0.05 wt% bound and 2 wt% of ice below 20 cm, one leakage depth."""
    found = hydrogen_wt_percent(LPNS, ground(0.02, 0.2, 5e-4), Look())
    assert float(found) == pytest.approx(0.05 + 2.0 * np.exp(-1.0))


def test_a_pixel_is_most_likely_over_ground_like_it_and_says_little():
    """0.3 wt% against 3 wt%: at 1 wt% seen neither is favoured by more than a few, for a pixel is no hole."""
    kinds = Ground(np.array([0.0, 0.003, 0.01, 0.03]), np.zeros(4), np.full(4, 1e-5))
    logs = hydrogen_log_density(LPNS, kinds, np.asarray(1.0))
    assert np.argmax(logs) == 2
    assert logs[2] - logs[1] < np.log(3.0) and logs[2] - logs[3] < np.log(3.0)
    assert logs[2] - logs[0] > 3.0


def test_surface_ice_speaks_only_of_open_ice():
    assert float(seen_probability(M3, ground(0.2, 0.1), Look())) == pytest.approx(M3.value("false_share"))
    assert float(seen_probability(M3, ground(0.3), Look())) == pytest.approx(0.5, abs=0.01)
    buried, open_ice = (seen_log_probability(M3, ground(0.2, cover), np.asarray(1.0)) for cover in (0.1, 0.0))
    assert float(open_ice - buried) > np.log(40.0)


@pytest.mark.parametrize("name", ["orbital_hydrogen", "orbital_ice"])
def test_draws_follow_the_likelihood(name):
    """Mean of the reading over 4000 draws against the mean by the likelihood itself."""
    asked, rng = channel(name), np.random.default_rng(2)
    here, made = ground(0.05, 0.0, 1e-4), INSTRUMENTS[channel(name).instrument]
    key = asked.needs[0]
    drawn = np.array([asked.draw(made, here, Look(), None, rng).values[key] for _ in range(4000)], float)
    if name == "orbital_ice":
        assert drawn.mean() == pytest.approx(float(seen_probability(made, here, Look())), abs=0.025)
    else:
        middle = float(hydrogen_wt_percent(made, here, Look()))
        assert np.median(drawn) == pytest.approx(middle, rel=0.05)


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("lend", {"hydrogen_wt_percent": 150.0}, "lies outside 0 .. 30; state the unit of the map"),
        ("lpns", {"hydrogen_wt_percent": -0.1}, "lies outside 0 .. 30"),
        ("lpns", {}, "hydrogen_wt_percent is missing"),
        ("m3", {"ice_seen": 0.4}, "ice seen is 0.4; give 1 where ice was seen"),
    ],
)
def test_pixels_that_cannot_be_are_refused(name, values, said):
    asked = channel(name)
    measurement = Measurement(asked.name, Look(), values, where="map")
    with pytest.raises(InputError) as refused:
        asked.log_likelihood(INSTRUMENTS[asked.instrument], ground(0.01), measurement, None)
    assert said in str(refused.value) and str(refused.value).startswith("map: ")
