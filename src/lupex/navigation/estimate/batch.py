"""Batch least squares with known Jacobians: square-root information, consider parameters, rejection of outliers.

Each step solves [R0; H/sigma] dx = [R0 (x0 - x); (z - h(x))/sigma] by QR (Bierman 1977, ch. 5), so the covariance
(R^T R)^-1 never comes out indefinite. Consider parameters c are not solved for, but their covariance enters as
P + S Pc S^T with S = -P H^T W C (Tapley, Schutz and Born 2004, sec. 6.3).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.base.gate import numbers_checked
from lupex.model.position.fix import checked_covariance
from lupex.navigation.estimate.consistency import residual_checks

Predict = Callable[[F64], tuple[F64, F64]]
"""State (p,) -> predicted values (n,) and Jacobian (n, p)."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Observations:
    """Data of one method.

    Attributes:
        method: name. values (n,): measured. sigma (n,): white noise, one sigma.
        predict: state -> values and Jacobian. considered: (n, c) change of the values with the consider parameters.
        modulus: values are known but for a multiple of this (range ambiguity, turns of an angle); 0: whole.
        labels: of each datum for messages; () to number them.
    """

    method: str
    values: F64
    sigma: F64
    predict: Predict
    considered: F64 | None = None
    modulus: float = 0.0
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        values = np.atleast_1d(np.asarray(self.values, np.float64))
        sigma = np.broadcast_to(np.asarray(self.sigma, np.float64), values.shape)
        if not np.all(np.isfinite(values)):
            raise InputError(f"{self.method}: a measured value is not finite", "leave gaps out")
        if not np.all(sigma > 0.0) or not np.all(np.isfinite(sigma)):
            raise InputError(f"{self.method}: a sigma is not positive", "give the noise of every datum")
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "sigma", np.array(sigma))

    def residuals(self, state: F64) -> tuple[F64, F64]:
        """Measured less predicted (n,), by the nearest multiple of the modulus, and the Jacobian (n, p)."""
        predicted, jacobian = self.predict(state)
        left = self.values - predicted
        if self.modulus > 0.0:
            left = left - self.modulus * np.rint(left / self.modulus)
        return left, jacobian


@dataclass(frozen=True, eq=False, kw_only=True)
class Prior:
    """What was known before: state (p,), covariance (p, p), and that of the consider parameters (c, c)."""

    state: F64
    covariance: F64
    considered: F64 = field(default_factory=lambda: np.zeros((0, 0)))

    def __post_init__(self) -> None:
        state = np.asarray(self.state, np.float64)
        covariance = checked_covariance(self.covariance, "prior")
        if covariance.shape != (state.size, state.size):
            raise InputError(f"prior: {state.size} parameters, covariance {covariance.shape}", "make them fit")
        object.__setattr__(self, "state", state)
        object.__setattr__(self, "covariance", covariance)
        if self.considered.size:
            object.__setattr__(self, "considered", checked_covariance(self.considered, "consider parameters"))


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class BatchSettings:
    """How a batch is solved.

    Attributes:
        iterations: most Gauss-Newton steps. converged_sigma: a step below this part of its sigma ends them.
        reject_sigma: data farther off than this are left out; 0 keeps all. most_rejected: share at which the fit is
            refused: so many outliers mean a wrong model or prior.
    """

    iterations: int = 30
    converged_sigma: float = 1e-3
    reject_sigma: float = 4.5
    most_rejected: float = 0.5


@dataclass(frozen=True, eq=False, kw_only=True)
class BatchFit:
    """Result: state (p,), covariance (p, p) with consider parameters, noise_covariance (p, p) without them.

    Attributes:
        residuals: method -> residuals in sigmas (n,). used: method -> mask (n,). chi2: of the data used and the prior.
        data: number of data used. steps: Gauss-Newton steps. notes: what a user must know.
        leverages: method -> degrees of freedom its data gave to the fit.
    """

    state: F64
    covariance: F64
    noise_covariance: F64
    residuals: dict[str, F64]
    used: dict[str, NDArray[np.bool_]]
    chi2: float
    data: int
    steps: int
    notes: tuple[str, ...] = ()
    leverages: dict[str, float] = field(default_factory=dict)

    @property
    def chi2_per_datum(self) -> float:
        """About 1 when the noise is what was said."""
        return self.chi2 / max(self.data, 1)


def batch_fit(
    observations: Sequence[Observations], prior: Prior, settings: BatchSettings = BatchSettings()
) -> BatchFit:
    """State and covariance from all data and the prior.

    Args:
        observations: one entry for each method.
        prior: state to begin at and its covariance.
        settings: steps and rejection.

    Raises InputError when nothing converges, too much is rejected, or a model gives numbers that are not finite.
    """
    root = np.linalg.inv(np.linalg.cholesky(prior.covariance))
    state = prior.state.copy()
    masks = [np.ones(one.values.size, bool) for one in observations]
    notes: list[str] = []
    for _ in range(8):
        state, steps = _converged(observations, masks, prior, root, state, settings)
        fresh = _masks(observations, masks, prior, root, state, settings)
        same = all(np.array_equal(a, b) for a, b in zip(fresh, masks, strict=True))
        masks = fresh
        total, kept = sum(m.size for m in masks), sum(int(m.sum()) for m in masks)
        if total and kept < (1.0 - settings.most_rejected) * total:
            raise InputError(
                f"batch: {total - kept} of {total} data lie more than {settings.reject_sigma:g} sigma off",
                "the model, the noise or the prior is wrong; look at the residuals",
            )
        if same:
            break
    else:
        notes.append("the set of rejected data did not settle; the last one is used")
    rows, right = _stacked(observations, masks, prior, root, state)
    upper = np.linalg.qr(rows, mode="r")
    inverse = np.linalg.inv(upper)
    noise = inverse @ inverse.T
    covariance = noise + _consider(observations, masks, state, noise, prior.considered)
    off = state - prior.state
    distance = float(off @ np.linalg.solve(prior.covariance, off))
    if distance > 16.0 + 4.0 * state.size:
        notes.append(
            f"the solution lies {np.sqrt(distance):.1f} sigma from the prior: one of them, or its covariance, is wrong"
        )
    residuals, leverages = {}, {}
    for one, mask in zip(observations, masks, strict=True):
        left, jacobian = one.residuals(state)
        residuals[one.method] = left / one.sigma
        leverages[one.method] = float(np.sum((jacobian[mask] / one.sigma[mask, None] @ inverse) ** 2))
    kept_residuals = {one.method: residuals[one.method][mask] for one, mask in zip(observations, masks, strict=True)}
    notes += residual_checks(kept_residuals, leverages)
    return BatchFit(
        state=state,
        covariance=covariance,
        noise_covariance=noise,
        residuals=residuals,
        used={one.method: mask for one, mask in zip(observations, masks, strict=True)},
        chi2=float(right @ right),
        data=sum(int(m.sum()) for m in masks),
        steps=steps,
        notes=tuple(notes),
        leverages=leverages,
    )


def information_covariance(jacobians: Sequence[tuple[F64, F64]], prior_covariance: F64) -> F64:
    """Covariance (p, p) that data with Jacobians (n, p) and sigmas (n,) would give on top of a prior: design, no data.

    Args:
        jacobians: (Jacobian, sigma) of each kind of data.
        prior_covariance: (p, p).
    """
    root = np.linalg.inv(np.linalg.cholesky(checked_covariance(prior_covariance, "prior")))
    rows = [root, *(jacobian / np.asarray(sigma)[:, None] for jacobian, sigma in jacobians if jacobian.size)]
    inverse = np.linalg.inv(np.linalg.qr(np.concatenate(rows), mode="r"))
    return np.asarray(inverse @ inverse.T)


def _stacked(
    observations: Sequence[Observations], masks: list[NDArray[np.bool_]], prior: Prior, root: F64, state: F64
) -> tuple[F64, F64]:
    rows, right = [root], [root @ (prior.state - state)]
    for one, mask in zip(observations, masks, strict=True):
        left, jacobian = one.residuals(state)
        if not (np.all(np.isfinite(left)) and np.all(np.isfinite(jacobian))):
            raise InputError(f"{one.method}: the model gives numbers that are not finite", "check the prior position")
        rows.append(jacobian[mask] / one.sigma[mask, None])
        right.append(left[mask] / one.sigma[mask])
    return np.concatenate(rows), np.concatenate(right)


def _converged(
    observations: Sequence[Observations],
    masks: list[NDArray[np.bool_]],
    prior: Prior,
    root: F64,
    start: F64,
    settings: BatchSettings,
) -> tuple[F64, int]:
    state = start.copy()
    rows, right = _stacked(observations, masks, prior, root, state)
    cost = float(right @ right)
    for step in range(1, settings.iterations + 1):
        q, upper = np.linalg.qr(rows)
        move = np.linalg.solve(upper, q.T @ right)
        size = float(np.sqrt(np.sum((upper @ move) ** 2)))
        # A step that makes things worse is halved: Gauss-Newton overshoots far from a fix.
        for _ in range(12):
            rows, right = _stacked(observations, masks, prior, root, state + move)
            fresh = float(right @ right)
            if fresh <= cost * (1.0 + 1e-9) + 1e-9 or size < settings.converged_sigma:
                break
            move = move * 0.5
        state, cost = state + move, fresh
        if size < settings.converged_sigma:
            return state, step
    raise InputError(
        f"batch: not converged in {settings.iterations} steps (last step {size:.3g} sigma)",
        "begin nearer, widen the prior, or look for a method that allows more than one place",
    )


def _masks(
    observations: Sequence[Observations],
    masks: list[NDArray[np.bool_]],
    prior: Prior,
    root: F64,
    state: F64,
    settings: BatchSettings,
) -> list[NDArray[np.bool_]]:
    """Which data lie within the limit, each judged by its residual's own sigma, its share in the fit taken out."""
    if settings.reject_sigma <= 0.0:
        return masks
    rows, _ = _stacked(observations, masks, prior, root, state)
    inverse = np.linalg.inv(np.linalg.qr(rows, mode="r"))
    found = []
    for one, mask in zip(observations, masks, strict=True):
        left, jacobian = one.residuals(state)
        leverage = np.sum((jacobian / one.sigma[:, None] @ inverse) ** 2, axis=1)
        # A used datum has pulled the fit towards itself; one left out has not.
        spread = np.sqrt(np.where(mask, np.maximum(1.0 - leverage, 1e-6), 1.0 + leverage))
        found.append(np.abs(left / one.sigma) <= settings.reject_sigma * spread)
    return found


def _consider(
    observations: Sequence[Observations], masks: list[NDArray[np.bool_]], state: F64, noise: F64, considered: F64
) -> F64:
    if not considered.size:
        return np.zeros_like(noise)
    mixed = np.zeros((state.size, considered.shape[0]))
    for one, mask in zip(observations, masks, strict=True):
        if one.considered is not None:
            _, jacobian = one.residuals(state)
            weight = 1.0 / one.sigma[mask, None] ** 2
            mixed += jacobian[mask].T @ (weight * one.considered[mask])
    sensitivity = -noise @ mixed
    return np.asarray(sensitivity @ considered @ sensitivity.T)
