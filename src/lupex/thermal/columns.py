"""Columns brought to the state that repeats with the Sun, and the proof that they are there.

Method: docs/theory/temperature.md. In a periodic state the mean of theta at depth z is that of the surface plus the
heat flow times the thermal resistance down to z. After every period each node is moved there at once, and the surface
towards its radiative balance; the last period runs free, and its change of temperature is the drift that is reported.
"""

import numpy as np
from numpy.typing import NDArray

from lupex.base.running import Running
from lupex.thermal.cells import Cells, Equilibrium, NotConvergedError, Plan, Stage, Wanted, cells_from
from lupex.thermal.march import Run, TwoRun
from lupex.thermal.regolith import Layers, Regolith
from lupex.thermal.sun import SunPath

__all__ = ["Cells", "Equilibrium", "NotConvergedError", "Plan", "Stage", "Wanted", "cells_from", "equilibrium"]

F64 = NDArray[np.float64]

YEAR_S = 365.25 * 86_400.0
MOST_IMBALANCE = 5e-7
"""Share of its heat that a column may give out too much or too little over the free period."""


def equilibrium(
    ground: Regolith,
    layers: Layers,
    cells: Cells,
    sun: SunPath,
    plan: Plan = Plan(),
    loss_fit: F64 | None = None,
    wanted: Wanted = Wanted(),
    running: Running = Running(),
) -> Equilibrium:
    """The repeating state of every cell's column under the Sun.

    Args:
        layers: of the column, with their properties.
        cells: what the Sun meets: directions, skylines, light absorbed at all times and from facing slopes.
        sun: where it stands and how bright it is over the period that repeats, in the frame of the cells.
        plan: lengths of steps, periods at each, and when columns count as settled.
        wanted: what else is kept of the last period, and the temperatures to start from.
        ground: regolith and heat flow.
        loss_fit: (9,) from `sublimation.loss_fit`; None: no loss is summed.

    Raises: NotConvergedError when columns still drift; InputError where one has neither light nor heat.
    """
    kind = Run if ground.conductivity_law == "radiative" else TwoRun
    run = kind(ground, layers, cells, sun, plan, wanted, running)
    shift = np.full(len(cells), np.inf)
    most_missed = MOST_IMBALANCE if plan.drift_k_per_year < np.inf else np.inf
    for number, stage in enumerate(plan.stages):
        for _ in range(stage.periods):
            run.period(stage)
            missed = run.imbalance()
            shift = run.shift()
            much = 1.0 if number + 1 == len(plan.stages) else 10.0
            if shift.max() < much * plan.enough_k and missed <= much * most_missed:
                break
    last = plan.stages[-1]
    for _ in range(plan.most_periods):
        before = run.temperature()
        run.period(last, np.zeros(9) if loss_fit is None else loss_fit)
        drift = np.abs(run.temperature() - before).max(axis=1) * (YEAR_S / sun.period_s)
        if not np.isfinite(drift).all():
            raise NotConvergedError("thermal: columns became unstable", "use more steps per lunation")
        missed = run.imbalance()
        if drift.max() <= plan.drift_k_per_year and missed <= most_missed:
            return run.result(drift, shift)
        shift = run.shift()
    raise NotConvergedError(
        f"thermal: after {run.periods} periods a column still drifts by {drift.max():.3g} K a year and misses "
        f"{missed:.3g} of its heat (limits {plan.drift_k_per_year:g}, {most_missed:g})",
        "use more periods, or look at its light and heat flow",
    )
