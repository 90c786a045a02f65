"""Simulation-based calibration: do posteriors mean what they say?

Draw a world from the prior, measure it, and ask which quantile of the posterior the truth is. Over many worlds these
quantiles are uniform exactly when posterior, prior, forward models and draws agree (Talts et al. 2018). Where a cell of
the posterior holds the truth, the quantile is drawn within that cell, so that the cells' finite size does no harm.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import chdtrc

from lupex.base.arrays import F64
from lupex.water.ground import Ground
from lupex.water.inference.joint import joint
from lupex.water.inference.prior import draw_ground, draw_truth, family_of, present_families
from lupex.water.inference.station import StationTables
from lupex.water.inference.worlds import Laboratory, draw_kept, measured

QUANTITIES = ("ice", "cover", "hydration", "dry_rate", "blank")
_BINS = 20


@dataclass(frozen=True, eq=False)
class CalibrationRun:
    """Quantiles of the truth in many posteriors.

    Attributes:
        quantiles: quantity -> (world,) in 0..1, uniform where calibrated.
        present: (world,) posterior probability of water at the level. was_present: (world,) whether there was.
    """

    quantiles: dict[str, F64]
    present: F64
    was_present: F64

    def p_values(self) -> dict[str, float]:
        """Quantity -> probability of a histogram as uneven as this, or more, were the quantiles uniform."""
        found = {}
        for name, values in self.quantiles.items():
            counts = np.bincount(np.minimum((values * _BINS).astype(int), _BINS - 1), minlength=_BINS)
            expected = values.size / _BINS
            found[name] = float(chdtrc(_BINS - 1, ((counts - expected) ** 2 / expected).sum()))
        return found

    def reliability(
        self, edges: tuple[float, ...] = (0.0, 0.02, 0.1, 0.3, 0.7, 0.9, 0.98, 1.0)
    ) -> list[tuple[float, float, int]]:
        """(mean stated probability, share that came true, worlds) between edges of the stated probability."""
        rows = []
        for low, high in zip(edges, edges[1:], strict=False):
            here = (self.present >= low) & ((self.present < high) | (high == edges[-1]))
            if here.any():
                rows.append((float(self.present[here].mean()), float(self.was_present[here].mean()), int(here.sum())))
        return rows


def calibration_run(lab: Laboratory, worlds: int, seed: int) -> CalibrationRun:
    """Quantiles of the truth over worlds drawn from the laboratory's prior and measured by its whole plan.

    Args:
        lab: prior, cells, instruments and plan. worlds: how many. seed: of every world's own generator.
    """
    rows = [_one(lab, np.random.default_rng([seed, number])) for number in range(worlds)]
    table = np.array([row[0] for row in rows])
    return CalibrationRun(
        {name: table[:, n] for n, name in enumerate(QUANTITIES)},
        np.array([row[1] for row in rows]),
        np.array([row[2] for row in rows]),
    )


def _one(lab: Laboratory, rng: np.random.Generator) -> tuple[list[float], float, float]:
    ground = draw_ground(lab.prior, lab.rule, rng)
    truth = draw_truth(lab.instruments, lab.prior, rng)
    table = StationTables(lab.states, lab.nuisances, lab.instruments)
    for group in lab.plan:
        truth = replace(truth, kept=draw_kept(lab.instruments, rng))
        for step in group:
            table.add(measured(lab, step, ground, truth, rng))
    found = joint([table], [table.evidence()])
    cells = table.posterior(found.others[0])
    values = _quantiles(lab, ground, cells, rng)
    for nodes, true, axis in ((lab.nuisances.dry_rate, truth.dry_rate, 1), (lab.nuisances.blank, truth.blank, 0)):
        values.append(_quantile(found.shared.sum(axis=axis), _between(nodes), true, rng))
    return values, float(found.present[0]), float(family_of(ground, lab.rule) in present_families())


def _quantiles(lab: Laboratory, ground: Ground, cells: F64, rng: np.random.Generator) -> list[float]:
    of = lab.states.ground
    rows = ((of.ice, ground.ice), (of.cover_m, ground.cover_m), (of.hydration, ground.hydration))
    return [
        _quantile(_marginal(values, cells), edges, float(true), rng)
        for (values, true), edges in zip(rows, lab.states.edges, strict=True)
    ]


def _marginal(values: F64, weight: F64) -> F64:
    """Weights of the distinct values, in their order."""
    _, places = np.unique(values, return_inverse=True)
    return np.asarray(np.bincount(places, weight), np.float64)


def _quantile(weight: F64, edges: F64, true: float, rng: np.random.Generator) -> float:
    """Where the truth stands among cells; an atom at 0 may come before the first."""
    atom = weight.size - (edges.size - 1)
    cell = 0 if atom and true == 0.0 else atom + int(np.searchsorted(edges[1:-1], true, side="right"))
    return min(float(weight[:cell].sum() + rng.random() * weight[cell]), 1.0)


def _between(nodes: F64) -> F64:
    """Ends of the cells of evenly spaced nodes."""
    half = 0.5 * (nodes[1] - nodes[0])
    return np.append(nodes - half, nodes[-1] + half)
