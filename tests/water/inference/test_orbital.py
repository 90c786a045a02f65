"""Maps from orbit over many places at once: the same as one place after the other by its cells."""

import numpy as np
import pytest
from tests.water.inference.scenes import INSTRUMENTS

from lupex.water import GroundPrior, Look, Measurement, Rule, channel, present_probability
from lupex.water.inference.orbital import OrbitalReadings, informed_probability
from lupex.water.inference.prior import states

PRIOR, RULE = GroundPrior(), Rule()
CHANCE, COVER = np.array([0.3, 0.3, 0.02, 0.6]), np.array([0.05, 1.2, 0.3, 0.3])


def test_every_place_is_what_its_own_cells_say():
    hydrogen, seen = np.array([0.8, 0.1, np.nan, 3.0]), np.array([1.0, 0.0, 0.0, np.nan])
    found = informed_probability(PRIOR, RULE, (CHANCE, COVER), OrbitalReadings(hydrogen, seen), INSTRUMENTS)
    for n in range(4):
        own = GroundPrior(ice_probability=CHANCE[n], cover_median_m=COVER[n])
        made = states(own, RULE, coarse=True, ice_cells=26)
        weight = made.weight.copy()
        for name, key, value in (("orbital_hydrogen", "hydrogen_wt_percent", hydrogen[n]),
                                 ("orbital_ice", "ice_seen", seen[n])):  # fmt: skip
            if np.isfinite(value):
                one = Measurement(name, Look(), {key: float(value)}, where="map")
                asked = channel(name)
                weight *= np.exp(asked.log_likelihood(INSTRUMENTS[asked.instrument], made.ground, one, None)[0, 0, 0])
        assert found[n] == pytest.approx(weight[made.wet].sum() / weight.sum(), rel=1e-9)


def test_places_off_every_map_keep_their_prior():
    nothing = OrbitalReadings(np.full(4, np.nan), np.full(4, np.nan))
    found = informed_probability(PRIOR, RULE, (CHANCE, COVER), nothing, INSTRUMENTS)
    np.testing.assert_allclose(found, present_probability(PRIOR, RULE, CHANCE, COVER), atol=1e-12)


def test_more_hydrogen_and_ice_that_was_seen_raise_the_chance_and_decide_nothing():
    def at(hydrogen, seen):
        readings = OrbitalReadings(np.full(4, hydrogen), np.full(4, seen))
        return informed_probability(PRIOR, RULE, (CHANCE, COVER), readings, INSTRUMENTS)

    base = present_probability(PRIOR, RULE, CHANCE, COVER)
    assert (at(2.0, np.nan) > base).all() and (at(0.02, np.nan) < base).all()
    assert (at(np.nan, 1.0) > base).all() and (at(np.nan, 0.0) < base).all()
    assert at(1.0, 1.0).max() < RULE.confirm
