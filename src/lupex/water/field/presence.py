"""The field of presence: a Gaussian process behind the yes or no of every place, told by expectation propagation.

A place holds water at the level with probability Phi(m + u), u the process; m is such that the marginal is the place's
own prior. A measured place contributes the likelihood B Phi + (1 - Phi), B its Bayes factor: measurements of the ground
never show the score itself. Moments of that likelihood against a Gaussian are closed, so expectation propagation
(Minka 2001; Rasmussen and Williams 2006, ch. 3.6) needs no sampling.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.special import ndtr, ndtri

from lupex.base.arrays import F64
from lupex.water.field.covariance import FieldSettings, Spots, covariance

_SWEEPS = 60
_TOLERANCE = 1e-8
_LEAST = 1e-9


@dataclass(frozen=True, eq=False)
class FieldPosterior:
    """What measured places say of all others.

    Attributes:
        settings, measured: of the process. weights: what predictions multiply covariances with; inner: and the inverse
            that shrinks their variance.
        log_evidence: ln P(data) of the field over that of places without measurements, by the approximation.
        prior_mean: of the measured places, in probits. site_mean, site_variance: moments at them.
    """

    settings: FieldSettings
    measured: Spots
    weights: F64
    inner: F64
    log_evidence: float
    site_mean: F64
    site_variance: F64

    def at(self, spots: Spots, prior: F64) -> tuple[F64, F64, F64]:
        """(probability of water, mean, variance of the score), (n,) each.

        Args:
            spots: where. prior: (n,) probability there before anything was measured.
        """
        between = covariance(self.settings, spots, self.measured)
        mean = score(self.settings, prior) + between @ self.weights
        own = self.settings.sigma**2
        variance = np.maximum(own - np.einsum("ij,jk,ik->i", between, self.inner, between), 1e-12)
        return ndtr(mean / np.sqrt(1.0 + variance)), mean, variance


def score(settings: FieldSettings, probability: F64) -> F64:
    """Mean score in probits that makes a place hold water with this probability before anything is known."""
    clipped = np.clip(np.asarray(probability, np.float64), _LEAST, 1.0 - _LEAST)
    return np.asarray(ndtri(clipped) * np.sqrt(1.0 + settings.sigma**2))


def field_posterior(settings: FieldSettings, measured: Spots, prior: F64, log_bayes_factor: F64) -> FieldPosterior:
    """The field after measurements at places.

    Args:
        settings: lengths and spread of the field.
        measured: the places. prior: (n,) probability of water there before. log_bayes_factor: (n,) ln P(data | water
            at the level) over P(data | none) of each.
    """
    n = len(measured)
    kernel = covariance(settings, measured, measured) + 1e-9 * np.eye(n)
    mean0 = score(settings, prior)
    ratio = np.clip(np.asarray(log_bayes_factor, np.float64), -200.0, 200.0)
    precision, shift = np.zeros(n), np.zeros(n)  # of the Gaussian factors that stand for the likelihoods
    mean, cov = mean0.copy(), kernel.copy()
    logs = np.zeros(n)
    for _ in range(_SWEEPS):
        before = mean.copy()
        for i in range(n):
            out_precision = 1.0 / cov[i, i] - precision[i]
            out_variance = 1.0 / out_precision
            out_mean = out_variance * (mean[i] / cov[i, i] - shift[i])
            logs[i], new_mean, new_variance = _tilted(out_mean, out_variance, ratio[i])
            wanted = 1.0 / new_variance - out_precision
            target = new_mean / new_variance - out_mean * out_precision
            # A likelihood of two humps may widen: the factor's precision is then kept from turning the field over.
            wanted = max(wanted, -0.9 * out_precision)
            step = 0.8
            change, moved = step * (wanted - precision[i]), step * (target - shift[i])
            precision[i] += change
            shift[i] += moved
            column = cov[:, i].copy()
            cov -= np.outer(column, column) * (change / (1.0 + change * column[i]))
            mean = cov @ (np.linalg.solve(kernel, mean0) + shift)
        if np.abs(mean - before).max() < _TOLERANCE:
            break
    inner = _inner(kernel, precision)
    weights = np.asarray(np.linalg.solve(kernel, mean - mean0), np.float64)
    return FieldPosterior(
        settings, measured, weights, inner, _log_evidence(kernel, mean0, mean, cov, precision, shift, logs),
        mean, np.diag(cov).copy(),
    )  # fmt: skip


def _tilted(mean: float, variance: float, log_ratio: float) -> tuple[float, float, float]:
    """(ln normaliser, mean, variance) of N(mean, variance) times (B Phi + 1 - Phi), divided by max(B, 1)."""
    top = max(log_ratio, 0.0)
    wet, dry = float(np.exp(log_ratio - top)), float(np.exp(-top))
    spread = np.sqrt(1.0 + variance)
    z = mean / spread
    share, density = float(ndtr(z)), float(np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi))
    total = dry + (wet - dry) * share
    first = (wet - dry) * density / spread / total
    new_mean = mean + variance * first
    second = -(wet - dry) * density * z / (1.0 + variance) / total - first**2
    return float(np.log(total) + top), new_mean, float(max(variance + variance**2 * second, 1e-10))


def _inner(kernel: F64, precision: F64) -> F64:
    """(K + S^-1)^-1 for factors of any sign, without dividing by precisions near 0."""
    n = precision.size
    return np.asarray(np.linalg.solve(np.eye(n) + precision[:, None] * kernel, np.diag(precision)))


def _log_evidence(kernel: F64, mean0: F64, mean: F64, cov: F64, precision: F64, shift: F64, logs: F64) -> float:
    """ln Z of expectation propagation, in the form that holds for factors of any sign."""
    total = 0.0
    for i in range(mean.size):
        out_precision = 1.0 / cov[i, i] - precision[i]
        out_mean = (mean[i] / cov[i, i] - shift[i]) / out_precision
        total += logs[i]
        total += 0.5 * np.log(1.0 + precision[i] / out_precision)
        total += 0.5 * (out_mean**2 * out_precision - mean[i] ** 2 / cov[i, i])
    factor = cho_factor(kernel)
    sign, log_det = np.linalg.slogdet(np.eye(mean.size) + kernel * precision)
    quadratic = mean @ np.linalg.solve(cov, mean) - mean0 @ cho_solve(factor, mean0)
    return float(total - 0.5 * log_det + 0.5 * quadratic)
