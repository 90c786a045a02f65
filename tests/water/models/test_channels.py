"""Every channel: its instrument is in the catalogue, its draws follow its likelihood, ice moves it the right way."""

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.water import CHANNELS, channel, ground, instrument, instrument_names
from lupex.water.ground import Ground
from lupex.water.models import Look, Nuisances, Truth

LOOK = Look(depth_m=0.4, time_s=300.0)
ZERO, ONE = np.zeros(1), np.ones(1)
KNOWN = Nuisances(ZERO, ONE, ZERO, ONE, np.array([0.8]), ONE, np.array([0.03]), ONE)
ICE = np.concatenate([[0.0], np.geomspace(1e-3, 0.3, 40)])


def test_every_instrument_of_the_catalogue_is_asked_by_a_channel():
    assert {one.instrument for one in CHANNELS} <= set(instrument_names())
    assert len({one.name for one in CHANNELS}) == len(CHANNELS) == 15


@pytest.mark.parametrize("one", CHANNELS, ids=lambda one: one.name)
def test_expected_and_noise_are_finite_and_ice_moves_the_reading(one):
    made = instrument(one.instrument)
    dry, wet = (float(one.predict(made, ground(ice), LOOK)) for ice in (0.0, 0.05))
    assert np.isfinite([dry, wet]).all()
    assert (wet < dry) if one.name == "nss" else (wet > dry)
    assert float(one.sigma(made, ground(0.05), LOOK)) > 0.0
    assert one.unit and one.valid and one.source and one.nuisances


@pytest.mark.parametrize("one", CHANNELS, ids=lambda one: one.name)
def test_draws_of_a_ground_are_best_explained_by_it(one):
    """The log-likelihood summed over draws peaks at the ground they were drawn from: model and draws are one."""
    made, rng = instrument(one.instrument), np.random.default_rng(7)
    states = Ground(ICE, np.zeros(1), np.full(1, 5e-4))
    total = np.zeros(ICE.size)
    for _ in range(400):
        found = one.draw(made, ground(0.05, 0.0, 5e-4), LOOK, Truth(), rng)
        total += one.log_likelihood(made, states, found, KNOWN).reshape(-1)
    best = ICE[total.argmax()]
    weak = one.orbital or one.name in ("nir_cuttings", "permittivity", "gpr", "thermal_probe", "ems_l")
    assert best == pytest.approx(0.05, rel=0.35 if weak else 0.16)


def test_only_channels_that_see_the_molecule_are_specific():
    assert [one.name for one in CHANNELS if one.specific] == ["nir_surface", "nir_cuttings", "triton", "adore"]


def test_stones_imitate_ice_to_the_radar():
    """A ratio that ice of 20 wt% would give is given by stones as well: the radar alone decides nothing."""
    radar = channel("dfsar")
    made = instrument("dfsar")
    rock = np.linspace(0.0, 0.4, 41)
    stony = Nuisances(ZERO, ONE, ZERO, ONE, np.array([0.8]), ONE, rock, np.full(rock.size, 1 / rock.size))
    found = radar.draw(made, ground(0.2), LOOK, Truth(rock=0.0), np.random.default_rng(3))
    states = Ground(np.array([0.0, 0.2]), np.zeros(1), np.zeros(1))
    bare = radar.log_likelihood(made, states, found, Nuisances(ZERO, ONE, ZERO, ONE, ONE, ONE, ZERO, ONE)).reshape(-1)
    free = radar.log_likelihood(made, states, found, stony).reshape(-1)
    assert bare[1] - bare[0] > 3.0
    assert abs(free[1] - free[0]) < 1.0


@pytest.mark.parametrize(("name", "meant"), [("NSS", "nss"), ("alis", "nir_surface"), ("ems-l", "ems_l")])
def test_other_spellings_are_known(name, meant):
    assert channel(name).name == meant


def test_an_unknown_instrument_is_named_with_the_nearest():
    with pytest.raises(InputError, match=r"unknown instrument 'adoor'; did you mean 'adore'\?"):
        channel("adoor")
