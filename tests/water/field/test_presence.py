"""The field of presence against sums by brute force: sampling of the process, and its limits."""

import numpy as np
import pytest
from scipy.special import ndtr

from lupex.water.field.covariance import FieldSettings, Spots, covariance
from lupex.water.field.presence import field_posterior, score

SETTINGS = FieldSettings(length_m=100.0, sigma=1.0)


def spots(x, y=None, temperature=None):
    x = np.asarray(x, np.float64)
    zero = np.zeros_like(x)
    return Spots(x, zero if y is None else np.asarray(y), zero + 90.0 if temperature is None else temperature, zero)


def sampled(settings, measured, prior, log_factor, asked, asked_prior, draws=400_000):
    """Posterior probabilities at ``asked`` and ln evidence, by weighting draws of the whole process."""
    rng = np.random.default_rng(8)
    n = len(measured)
    both = Spots(*(np.concatenate([getattr(measured, k), getattr(asked, k)])
                   for k in ("x_m", "y_m", "temperature_k", "slope_deg")))  # fmt: skip
    kernel = covariance(settings, both, both) + 1e-9 * np.eye(len(both))
    mean = score(settings, np.concatenate([prior, asked_prior]))
    u = mean + rng.normal(size=(draws, len(both))) @ np.linalg.cholesky(kernel).T
    share = ndtr(u)
    weight = np.prod(np.exp(log_factor) * share[:, :n] + 1.0 - share[:, :n], axis=1)
    return (weight[:, None] * share[:, n:]).sum(0) / weight.sum(), np.log(weight.mean())


@pytest.mark.parametrize("log_factor", [(5.0, 4.0, -4.0), (8.0, -1.0, 0.5), (-5.0, -5.0, -5.0), (0.0, 0.0, 3.0)])
def test_probabilities_and_evidence_are_those_of_brute_force(log_factor):
    measured, asked = spots([0.0, 60.0, 150.0]), spots([0.0, 30.0, 100.0, 600.0])
    prior, there = np.array([0.3, 0.3, 0.2]), np.array([0.3, 0.3, 0.3, 0.1])
    found = field_posterior(SETTINGS, measured, prior, np.array(log_factor))
    expected, evidence = sampled(SETTINGS, measured, prior, np.array(log_factor), asked, there)
    # The likelihood has two humps: expectation propagation is close, not exact.
    assert found.at(asked, there)[0] == pytest.approx(expected, abs=0.02)
    assert found.log_evidence == pytest.approx(evidence, abs=0.06)


def test_nothing_measured_leaves_the_prior_everywhere():
    found = field_posterior(SETTINGS, spots([0.0, 50.0]), np.array([0.3, 0.3]), np.zeros(2))
    asked = spots([0.0, 25.0, 900.0])
    assert found.at(asked, np.array([0.1, 0.4, 0.9]))[0] == pytest.approx([0.1, 0.4, 0.9], abs=1e-9)
    assert found.log_evidence == pytest.approx(0.0, abs=1e-9)


def test_evidence_fades_with_distance_and_stops_where_the_ground_is_warm():
    found = field_posterior(SETTINGS, spots([0.0]), np.array([0.3]), np.array([6.0]))
    asked = spots([0.0, 50.0, 200.0, 2000.0, 50.0], temperature=np.array([90.0, 90.0, 90.0, 90.0, 180.0]))
    probability = found.at(asked, np.full(5, 0.3))[0]
    assert probability[0] > probability[1] > probability[2] > probability[3]
    assert probability[3] == pytest.approx(0.3, abs=1e-6)
    assert probability[4] == pytest.approx(0.3, abs=1e-6)


def test_the_order_of_places_does_not_matter():
    x, ratio = np.array([0.0, 60.0, 150.0, 20.0]), np.array([5.0, -2.0, 1.0, 3.0])
    prior = np.full(4, 0.25)
    asked = spots([10.0, 90.0])
    one = field_posterior(SETTINGS, spots(x), prior, ratio).at(asked, prior[:2])[0]
    other = field_posterior(SETTINGS, spots(x[::-1]), prior, ratio[::-1]).at(asked, prior[:2])[0]
    assert one == pytest.approx(other, abs=1e-6)


def test_the_covariance_is_positive_and_one_with_itself():
    rng = np.random.default_rng(0)
    many = Spots(*(rng.uniform(0, 300, 40), rng.uniform(0, 300, 40), rng.uniform(60, 200, 40), rng.uniform(0, 25, 40)))
    kernel = covariance(SETTINGS, many, many)
    assert np.linalg.eigvalsh(kernel).min() > -1e-10
    assert np.diag(kernel) == pytest.approx(1.0)
    assert kernel == pytest.approx(kernel.T)
