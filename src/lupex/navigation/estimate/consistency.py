"""Does a covariance say what the errors are? NEES and NIS against chi-squared (Bar-Shalom, Li and Kirubarajan 2001)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

from lupex.base.arrays import F64
from lupex.base.errors import InputError


@dataclass(frozen=True, kw_only=True)
class Consistency:
    """Mean of normalised squared errors over runs, its expectation and the interval that holds it.

    Attributes:
        mean: of the squares. expected: their degrees of freedom. low, high: interval of the mean at ``level``.
        runs: how many. level: probability of the interval.
    """

    mean: float
    expected: float
    low: float
    high: float
    runs: int
    level: float

    @property
    def consistent(self) -> bool:
        """Whether the mean lies within the interval."""
        return self.low <= self.mean <= self.high

    @property
    def words(self) -> str:
        """One sentence."""
        if self.consistent:
            return (
                f"errors fit their covariance (mean square {self.mean:.2f}, {self.low:.2f} to {self.high:.2f} allowed)"
            )
        side = "smaller than the errors" if self.mean > self.high else "larger than the errors"
        return f"the covariance is {side}: mean square {self.mean:.2f}, {self.low:.2f} to {self.high:.2f} allowed"


def normalised_squares(errors: F64, covariances: F64) -> F64:
    """e^T P^-1 e (n,) of errors (n, d) with covariances (n, d, d) or one (d, d): NEES of states, NIS of innovations."""
    e = np.atleast_2d(np.asarray(errors, np.float64))
    p = np.broadcast_to(np.asarray(covariances, np.float64), (e.shape[0], e.shape[1], e.shape[1]))
    return np.asarray(np.einsum("ni,ni->n", e, np.linalg.solve(p, e[..., None])[..., 0]))


def consistency(squares: F64, degrees: int, level: float = 0.99) -> Consistency:
    """Whether independent normalised squares (n,) have the mean they ought to.

    Args:
        squares: of `normalised_squares`. degrees: of freedom of each.
        level: probability with which a right covariance passes.

    Raises InputError without a run.
    """
    values = np.asarray(squares, np.float64)
    if not values.size:
        raise InputError("consistency: no run", "give at least one")
    total = values.size * degrees
    low, high = stats.chi2.ppf([(1.0 - level) / 2.0, (1.0 + level) / 2.0], total) / values.size
    return Consistency(
        mean=float(values.mean()),
        expected=float(degrees),
        low=float(low),
        high=float(high),
        runs=values.size,
        level=level,
    )


def residual_checks(
    residuals: Mapping[str, F64], leverages: Mapping[str, float], level: float = 0.999
) -> tuple[str, ...]:
    """Which methods' residuals do not fit the noise they were given, one sentence each; () where all do.

    Args:
        residuals: method -> residuals in sigmas (n,) of the data used.
        leverages: method -> degrees of freedom the fit took from it, sum of its leverages.
        level: probability with which right noise passes, for each method.

    The sum of squares is held against chi-squared of what the fit left: too large says that the model or the noise is
    wrong, too small that the noise was overstated.
    """
    said = []
    for name, values in residuals.items():
        left = values.size - leverages.get(name, 0.0)
        if values.size < 2 or left < 0.5:
            continue
        square = float(np.sum(np.square(values)))
        low, high = stats.chi2.ppf([(1.0 - level) / 2.0, (1.0 + level) / 2.0], left)
        if not low <= square <= high:
            times = np.sqrt(square / left)
            cause = "noise or model is wrong" if square > high else "the noise is less than stated"
            said.append(f"{name}: residuals are {times:.2f} times their sigma ({values.size} data): {cause}")
    return tuple(said)


def disagreement(difference: F64, covariance: F64, level: float = 0.999) -> tuple[bool, str]:
    """Whether two independent fixes contradict each other, and a sentence.

    Args:
        difference: (d,) of the positions. covariance: (d, d), the sum of both.
        level: probability with which fixes that are right pass.
    """
    e = np.asarray(difference, np.float64)
    square = float(normalised_squares(e, covariance)[0])
    limit = float(stats.chi2.ppf(level, e.size))
    apart = float(np.linalg.norm(e))
    if square <= limit:
        return False, f"{apart:.1f} m apart, within their covariance ({np.sqrt(square):.1f} sigma)"
    return True, f"{apart:.1f} m apart, {np.sqrt(square):.1f} sigma: one of them is wrong or its covariance too small"
