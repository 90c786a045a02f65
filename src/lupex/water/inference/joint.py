"""Places together: they share the error of the neutron spectrometer's dry rate and the blank of the ovens.

Given those two numbers the places are independent (a field that ties them together: `lupex.water.field`), so the joint
posterior is exact: products of the places' evidence, summed over the nodes of the two numbers.
"""

from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.water.inference.prior import FAMILIES, PRESENT_FROM
from lupex.water.inference.station import StationTables


@dataclass(frozen=True, eq=False)
class Joint:
    """What all places together say under one calibration.

    Attributes:
        families: (place, family) posterior probability.
        log_likelihood: (place, family) ln P(all data | that family at the place).
        any_present: probability that at least one place holds water at the level.
        shared: (dry rate, blank) posterior weights.
        others: (place, dry rate, blank) the same without the place's own measurements.
        log_evidence: ln P(all data).
    """

    families: F64
    log_likelihood: F64
    any_present: float
    shared: F64
    others: F64
    log_evidence: float

    @property
    def present(self) -> F64:
        """(place,) probability of water at the level."""
        return self.families[:, PRESENT_FROM:].sum(axis=1)


def joint(tables: list[StationTables], evidence: list[F64], shift: float = 0.0) -> Joint:
    """All places under a dry rate whose calibration is off by ``shift`` (relative).

    Args:
        tables: of every place. evidence: `StationTables.evidence` of each, computed once for many shifts.
    """
    return joints(tables, evidence, (shift,))[0]


def joints(tables: list[StationTables], evidence: list[F64], shifts: tuple[float, ...]) -> list[Joint]:
    """`joint` for each of several shifts; what does not depend on them is computed once.

    Args:
        tables, evidence: as `joint` takes them. shifts: relative errors of the dry rate.
    """
    of = tables[0].nuisances
    totals = [logsumexp(each, axis=2) for each in evidence]
    together, wet_none = sum(totals), np.ones_like(totals[0])
    for each, total in zip(evidence, totals, strict=True):
        wet_none *= np.exp(each[:, :, :PRESENT_FROM] - total[:, :, None]).sum(axis=2)
    prior = np.stack([table.states.family_weights() for table in tables])
    with np.errstate(divide="ignore"):
        ln_prior = np.log(prior)
    made = []
    for shift in shifts:
        start = log_prior(of.dry_rate, of.dry_rate_weight, shift)[:, None] + np.log(of.blank_weight)[None, :]
        weight = start + together
        log_evidence = float(logsumexp(weight))
        shared = np.exp(weight - log_evidence)
        rests = [weight - total for total in totals]
        found = np.stack([_over_nodes(rest[:, :, None] + each) for rest, each in zip(rests, evidence, strict=True)])
        log_likelihood = found - ln_prior
        families = np.where(prior > 0.0, np.exp(found - log_evidence), 0.0)
        made.append(
            Joint(
                families=families / families.sum(axis=1, keepdims=True),
                log_likelihood=log_likelihood,
                any_present=float(1.0 - (shared * wet_none).sum()),
                shared=shared,
                others=np.stack([np.exp(rest - logsumexp(rest)) for rest in rests]),
                log_evidence=log_evidence,
            )
        )
    return made


def _over_nodes(values: F64) -> F64:
    """(family,) ln of the sum over all nodes of the shared nuisance parameters."""
    return logsumexp(values.reshape(-1, values.shape[-1]), axis=0)


def logsumexp(values: F64, axis: int | tuple[int, ...] | None = None, b: F64 | None = None) -> F64:
    """ln of the sum of b exp(values) over axes; b is 1 when left out. (scipy's checks take longer than these sums.)"""
    top = values.max(axis=axis, keepdims=True)
    each = np.exp(values - top)
    total = (each if b is None else b * each).sum(axis=axis)
    return np.asarray(np.log(total) + top.reshape(np.shape(total)))


def log_prior(nodes: F64, weights: F64, shift: float) -> F64:
    """ln of the weights of evenly spaced nodes of a normal distribution after its mean has moved by ``shift``."""
    if shift == 0.0:
        return np.log(weights)
    sigma = float(np.sqrt((weights * nodes**2).sum()))
    moved = -0.5 * ((nodes - shift) / sigma) ** 2
    return np.asarray(moved - logsumexp(moved))


def log_against_worst(found: Joint, prior: F64, place: int) -> tuple[float, float]:
    """ln Bayes factors of one place: (water over its worst rival among dry families, none over its worst wet rival).

    Args:
        found: of all places. place: the number of one among them.
        prior: (family,) prior probabilities there: the weights within water and within none.
    """
    each = found.log_likelihood[place]
    wet, dry = slice(PRESENT_FROM, len(FAMILIES)), slice(0, PRESENT_FROM)
    mixed = [float(logsumexp(each[part], b=prior[part] / prior[part].sum())) for part in (wet, dry)]
    return mixed[0] - float(each[dry].max()), mixed[1] - float(each[wet].max())
