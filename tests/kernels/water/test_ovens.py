"""The kernel of ovens against the plain likelihood of one analyser, and against a sum over the kept share by hand."""

import numpy as np
import pytest

from lupex.kernels.water.ovens import sample_likelihood
from lupex.water import instrument
from lupex.water.ground import Ground
from lupex.water.models import Look, Measurement, Nuisances
from lupex.water.models.analysers import likelihood, oven

KEPT = np.array([0.6, 0.75, 0.9])
SHARE = np.array([0.2, 0.5, 0.3])
BLANK = np.array([-1.0, 0.0, 2.0])
ICE = np.array([0.0, 0.004, 0.05])
BOUND = np.array([5e-4, 5e-4, 3e-3])
ONE = np.ones(1)
NODES = Nuisances(0 * ONE, ONE, BLANK, np.full(3, 1 / 3), KEPT, SHARE, 0 * ONE, ONE)
STATES = Ground(ICE, np.zeros(3), BOUND)


def kernel(names: list[str], readings: list[float]) -> np.ndarray:
    ovens = np.array([oven(instrument(name)).row() for name in names])
    out = np.empty((BLANK.size, ICE.size))
    sample_likelihood(np.array(readings), ovens, BLANK, KEPT, SHARE, ICE, BOUND, out)
    return out


def plain(name: str, reading: float) -> np.ndarray:
    """(blank, kept, state) density."""
    values = {"mass_loss_g": reading / 100.0} if name == "ltga" else {"water_wt_percent": reading}
    found = Measurement(name, Look(depth_m=0.4), values, where="here")
    table = likelihood(instrument(name), STATES, found, NODES)[0]
    return np.exp(np.broadcast_to(table, (BLANK.size, KEPT.size, ICE.size)))


@pytest.mark.parametrize("name", ["ltga", "triton", "adore"])
def test_one_analyser_is_its_own_likelihood_summed_over_the_kept_share(name):
    expected = (plain(name, 0.4) * SHARE[None, :, None]).sum(1)
    assert kernel([name], [0.4]) == pytest.approx(expected, rel=1e-10)


def test_analysers_of_one_sample_share_what_was_lost():
    """The sum over the share kept stands outside the product: two analysers that agree say more than each alone."""
    expected = (plain("ltga", 3.9) * plain("adore", 3.1) * SHARE[None, :, None]).sum(1)
    assert kernel(["ltga", "adore"], [3.9, 3.1]) == pytest.approx(expected, rel=1e-10)
    apart = kernel(["ltga"], [3.9]) * kernel(["adore"], [3.1])
    assert np.abs(kernel(["ltga", "adore"], [3.9, 3.1]) / apart - 1.0).max() > 0.1


def test_the_density_of_a_reading_integrates_to_one():
    readings = np.linspace(-5.0, 25.0, 60_001)
    total = np.zeros((BLANK.size, ICE.size))
    for one in readings[::10]:
        total += kernel(["triton"], [one])
    assert total * (readings[10] - readings[0]) == pytest.approx(1.0, abs=2e-3)
