"""Evidence and field together: what all measurements say of any spot, shared calibrations included.

Given the shared nuisance parameters (dry rate, blank) the places' Bayes factors feed the field; its evidence then
weighs the values of those parameters. The sum over their nodes is exact, the field within it by expectation
propagation.
"""

from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.water.field.covariance import FieldSettings, Spots, covariance
from lupex.water.field.presence import FieldPosterior, field_posterior
from lupex.water.inference.joint import logsumexp
from lupex.water.inference.prior import PRESENT_FROM
from lupex.water.inference.station import StationTables

LEAST_WEIGHT = 1e-4
"""Nodes of the shared nuisance parameters with less than this of the weight are left out."""


@dataclass(frozen=True, eq=False)
class JointField:
    """The field under each value of the shared nuisance parameters that matters.

    Attributes:
        weight: (node,) of each. fields: the field given it.
        log_amount: (place,) mean of ln(mass fraction of ice) where there is water; log_amount_sigma: its spread.
    """

    weight: F64
    fields: tuple[FieldPosterior, ...]
    log_amount: F64
    log_amount_sigma: F64

    def probability(self, spots: Spots, prior: F64) -> F64:
        """(n,) probability of water at the level at spots whose prior is given."""
        each = [field.at(spots, prior)[0] for field in self.fields]
        return np.asarray(sum(w * p for w, p in zip(self.weight, each, strict=True)))

    def amount(self, spots: Spots, median: float, ln_sigma: float) -> tuple[F64, F64]:
        """(n,) median mass fraction of ice where there is water, and its spread in ln: a process of its own.

        Args:
            spots: places of the field.
            median, ln_sigma: of the prior.
        """
        settings, measured = self.fields[0].settings, self.fields[0].measured
        scale = (ln_sigma / settings.sigma) ** 2
        noise = self.log_amount_sigma**2
        # A place's own posterior holds the prior already: what is left is what the data said.
        told = np.maximum(1.0 / noise - 1.0 / ln_sigma**2, 1e-9)
        value = np.log(median) + (self.log_amount - np.log(median)) / (noise * told)
        kernel = scale * covariance(settings, measured, measured) + np.diag(1.0 / told)
        between = scale * covariance(settings, spots, measured)
        mean = np.log(median) + between @ np.linalg.solve(kernel, value - np.log(median))
        shrunk = ln_sigma**2 - np.einsum("ij,ji->i", between, np.linalg.solve(kernel, between.T))
        return np.exp(mean), np.sqrt(np.maximum(shrunk, 1e-12))


def joint_field(settings: FieldSettings, spots: Spots, tables: list[StationTables]) -> JointField:
    """The field after all measurements of places.

    Args:
        settings: lengths and spread of the field.
        spots: of the places. tables: what was measured at each, in the same order.
    """
    evidence = [table.evidence() for table in tables]
    priors = np.array([table.states.family_weights() for table in tables])
    prior = priors[:, PRESENT_FROM:].sum(axis=1)
    wet = np.stack([logsumexp(each[..., PRESENT_FROM:], axis=2) for each in evidence])
    dry = np.stack([logsumexp(each[..., :PRESENT_FROM], axis=2) for each in evidence])
    of = tables[0].nuisances
    start = np.log(of.dry_rate_weight)[:, None] + np.log(of.blank_weight)[None, :]
    alone = start + np.logaddexp(wet, dry).sum(axis=0)
    alone = np.exp(alone - alone.max())
    rows, cols = np.nonzero(alone > LEAST_WEIGHT * alone.max())
    against = np.log((1.0 - prior) / prior)[:, None]
    fields, logs = [], []
    for row, col in zip(rows, cols, strict=True):
        factor = (wet - dry)[:, row, col] + against[:, 0]
        made = field_posterior(settings, spots, prior, factor)
        fields.append(made)
        logs.append(start[row, col] + float((dry[:, row, col] - np.log(1.0 - prior)).sum()) + made.log_evidence)
    weight = np.exp(np.array(logs) - max(logs))
    kept = weight > LEAST_WEIGHT * weight.max()
    mean, sigma = _amounts(tables)
    return JointField(
        weight[kept] / weight[kept].sum(),
        tuple(one for one, keep in zip(fields, kept, strict=True) if keep),
        mean,
        sigma,
    )


def _amounts(tables: list[StationTables]) -> tuple[F64, F64]:
    """(place,) mean and spread of ln(ice) where there is water at the level, of each place by itself."""
    means, sigmas = [], []
    for table in tables:
        of = table.nuisances
        cells = table.posterior(of.dry_rate_weight[:, None] * of.blank_weight[None, :])[table.states.wet]
        total = cells.sum()
        weight = cells / total if total > 0.0 else np.full(cells.size, 1.0 / cells.size)
        value = np.log(table.states.ground.ice[table.states.wet])
        mean = float((weight * value).sum())
        means.append(mean)
        sigmas.append(float(np.sqrt((weight * (value - mean) ** 2).sum())))
    return np.array(means), np.maximum(np.array(sigmas), 1e-3)
