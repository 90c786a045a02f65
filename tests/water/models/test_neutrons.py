"""Neutron formulas against vipersci's own test, the published table, and layered ground against its limits."""

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.water import detection_time_s, ground, instrument, uniform_rate_cps, uniform_water
from lupex.water.ground import Ground
from lupex.water.models import Look, Measurement, Nuisances, Truth
from lupex.water.models.neutrons import draw, log_likelihood, rate_factor, true_counts

NSS = instrument("nss")
ONE = np.ones(1)


def nuisances(*dry_rate: float) -> Nuisances:
    nodes = np.asarray(dry_rate)
    return Nuisances(nodes, np.full(nodes.size, 1.0 / nodes.size), 0 * ONE, ONE, 0.8 * ONE, ONE, 0 * ONE, ONE)


def counted(counts: object, time_s: float = 100.0, **more: object) -> Measurement:
    return Measurement("nss", Look(time_s=time_s), {"counts": counts, "dead_time_s": 0.0, **more}, where="here")


def test_the_inverse_is_that_of_vipersci():
    assert uniform_water(NSS, 10.0) == pytest.approx(0.0397245, abs=1e-6)


# Reference table of the formula: weight per cent, rate, detection at 3 and 5 sigma.
@pytest.mark.parametrize(
    ("percent", "rate", "at_3", "at_5"),
    [(0.05, 29.60, 203.0, 563.0), (0.1, 28.66, 59.0, 165.0), (0.3, 25.67, 9.0, 25.0), (0.5, 23.39, 3.9, 10.8),
     (1.0, 19.32, 1.3, 3.7)],
)  # fmt: skip
def test_rates_and_detection_times_are_those_of_the_table(percent, rate, at_3, at_5):
    water = percent / 100.0
    assert float(uniform_rate_cps(NSS, water)) == pytest.approx(rate, abs=0.006)
    assert detection_time_s(NSS, water, 3.0) == pytest.approx(at_3, rel=0.01, abs=0.05)
    assert detection_time_s(NSS, water, 5.0) == pytest.approx(at_5, rel=0.01, abs=0.05)


def test_forward_and_inverse_undo_each_other():
    for water in (1e-4, 0.005, 0.056, 0.5):
        assert uniform_water(NSS, float(uniform_rate_cps(NSS, water))) == pytest.approx(water, rel=1e-12)


def test_a_sample_above_the_dry_rate_is_ordinary_but_not_one_beyond_noise():
    assert uniform_water(NSS, 31.0) == 0.0
    assert uniform_water(NSS, 45.0) == 0.0
    with pytest.raises(InputError, match="by more than noise allows in 1 s"):
        uniform_water(NSS, 65.0)
    with pytest.raises(InputError, match="by more than noise allows in 1000 s"):
        uniform_water(NSS, 32.0, 1000.0)


@pytest.mark.parametrize("rate", [0.0, -3.0, float("nan"), 0.1])
def test_a_rate_no_ground_can_give_is_refused(rate):
    with pytest.raises(InputError):
        uniform_water(NSS, rate)


def test_a_cover_hides_ice_by_its_thickness_over_the_leakage_depth():
    open_lying = rate_factor(NSS, ground(0.05))
    assert 1.0 - rate_factor(NSS, ground(0.05, 0.2)) == pytest.approx((1.0 - open_lying) / np.e, rel=1e-12)
    assert rate_factor(NSS, ground(0.05, 5.0)) == pytest.approx(1.0, abs=1e-9)
    assert rate_factor(NSS, ground(0.03, 0.0, 0.02)) == pytest.approx(rate_factor(NSS, ground(0.0, 0.0, 0.05)))


def test_dead_time_shortens_the_time():
    assert true_counts(counted(1000, dead_time_s=1e-3)) == (1000.0, 99.0)


@pytest.mark.parametrize(
    ("values", "said"),
    [({"counts": -1, "dead_time_s": 0.0}, "counts -1 lies outside"), ({"counts": 5}, "dead_time_s is missing"),
     ({"counts": 2.5, "dead_time_s": 0.0}, "no whole number"), ({"counts": float("nan"), "dead_time_s": 0.0}, "nan"),
     ({"counts": 1000, "dead_time_s": 1.0}, "fills the counting time")],
)  # fmt: skip
def test_counts_that_cannot_be_are_refused(values, said):
    with pytest.raises(InputError, match=said):
        true_counts(Measurement("nss", Look(time_s=100.0), values, where="here"))


def test_counts_beyond_the_dry_rate_and_its_calibration_are_refused():
    states = ground(0.0)
    with pytest.raises(InputError, match="above the dry rate"):
        log_likelihood(NSS, states, counted(4500), nuisances(-0.05, 0.05))
    assert np.isfinite(log_likelihood(NSS, states, counted(3200), nuisances(-0.05, 0.05))).all()


def test_the_likelihood_is_a_distribution_and_draws_follow_it():
    """Sums to 1 over counts; mean and variance of draws are those of Poisson noise and terrain together."""
    one = ground(0.01)
    total = sum(np.exp(log_likelihood(NSS, one, counted(n), nuisances(0.02)).item()) for n in range(1700, 2300))
    assert total == pytest.approx(1.0, abs=1e-6)
    rng = np.random.default_rng(1)
    drawn = np.array([draw(NSS, one, Look(time_s=100.0), Truth(0.02), rng).values["counts"] for _ in range(4000)])
    mean = float(uniform_rate_cps(NSS, 0.01)) * 102.0
    assert drawn.mean() == pytest.approx(mean, rel=0.003)
    assert drawn.var() == pytest.approx(mean + (0.01 * mean) ** 2, rel=0.08)


def test_the_likelihood_prefers_the_ground_that_was_counted():
    ice = np.linspace(0.0, 0.1, 101)
    states = Ground(ice, np.zeros(1), np.zeros(1))
    counts = round(float(uniform_rate_cps(NSS, 0.03)) * 1000.0)
    best = log_likelihood(NSS, states, counted(counts, 1000.0), nuisances(0.0)).reshape(-1).argmax()
    assert ice[best] == pytest.approx(0.03, abs=0.001)
