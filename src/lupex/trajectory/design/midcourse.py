"""Corrections on the way to the Moon: what an error of the translunar burn costs, and what is left of it at the Moon.

Linear about the transfer. An error of the burn grows along it; at each correction the orbit is known with an error of
its own, and three components of velocity bring both components of the miss vector and the time of the perilune back.
Every correction is made with an error in size and direction. Draws give statistics; nothing is drawn that is not
stated.
"""

from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import DAY_S
from lupex.base.errors import InputError
from lupex.ephemeris import BarycentricSeries
from lupex.model.glance import Glance
from lupex.model.settings.trajectory import TrajectorySettings
from lupex.trajectory.design.arc import ArcForces, arc, moon_state
from lupex.trajectory.design.correct import Transfer, TransferAim, passing

DRAWS = 10_000
STEPS = np.array([100.0, 100.0, 100.0, 1e-3, 1e-3, 1e-3])
"""Of places (m) and velocities (m/s) for derivatives."""
EARLY_S = 0.1 * DAY_S
"""The aims are judged that long before the perilune: nearer to it a step of the derivatives is no longer small."""


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Midcourse(Glance):
    """Corrections of a transfer.

    Attributes:
        times_tdb_s: (k,) of the corrections. mean_m_s, p99_m_s: (k,) of their delta-v.
        total_mean_m_s, total_p99_m_s: of the sum. sigma_b_m: (2,) left in both components of the miss vector after the
            last; sigma_time_s: left in the time of the perilune. uncorrected_b_m: (2,) without any.
        draws: (n, k) delta-v of every draw, m/s.
    """

    times_tdb_s: F64
    mean_m_s: F64
    p99_m_s: F64
    total_mean_m_s: float
    total_p99_m_s: float
    sigma_b_m: F64
    sigma_time_s: float
    uncorrected_b_m: F64
    draws: F64

    def _facts(self) -> dict[str, str]:
        return {"corrections": str(self.times_tdb_s.size), "99 %": f"{self.total_p99_m_s:.1f} m/s",
                "left": f"{np.hypot(*self.sigma_b_m) / 1e3:.1f} km"}  # fmt: skip


def midcourse(
    transfer: Transfer, aim: TransferAim, settings: TrajectorySettings, series: BarycentricSeries, seed: int,
    forces: ArcForces = ArcForces(),
) -> Midcourse:  # fmt: skip
    """Statistics of two corrections of a transfer.

    Args:
        transfer: as corrected. aim: what it was asked for. settings: errors, and when corrections are made.
        series: over it. seed: of the draws. forces: of the integration.

    Raises InputError where the corrections do not follow each other before the perilune.
    """
    flight = aim.arrive_tdb_s - aim.depart_tdb_s
    stops = np.array([settings.first_correction_days * DAY_S, flight - settings.last_correction_days * DAY_S])
    if not 0.0 < stops[0] < stops[1] < flight - EARLY_S:
        raise InputError(
            f"midcourse: corrections {stops[0] / DAY_S:.2f} and {stops[1] / DAY_S:.2f} days into {flight / DAY_S:.2f}",
            "correct first_correction_days and last_correction_days in [trajectory]",
        )
    nominal = arc(transfer.start, aim.depart_tdb_s, stops, series, forces)
    starts = np.concatenate([transfer.start[None, :], nominal])
    begins = aim.depart_tdb_s + np.array([0.0, *stops])
    carried = [_transition(starts[k], begins[k], stops[k] - (0.0 if k == 0 else stops[0]), series, forces)
               for k in range(2)]  # fmt: skip
    aims = [_aims(starts[k], begins[k], aim, series, forces) for k in range(3)]
    rng = np.random.default_rng(seed)
    error = np.zeros((DRAWS, 6))
    error[:, 3:] = rng.normal(0.0, settings.injection_error_m_s, (DRAWS, 3))
    uncorrected = np.std(error @ aims[0].T, axis=0)
    burns = []
    for k in range(2):
        error = error @ carried[k].T
        known = error.copy()
        known[:, :3] += rng.normal(0.0, 1000.0 * settings.orbit_known_km, (DRAWS, 3))
        known[:, 3:] += rng.normal(0.0, settings.orbit_known_m_s, (DRAWS, 3))
        asked = -known @ aims[k + 1].T @ np.linalg.inv(aims[k + 1][:, 3:]).T
        size = np.linalg.norm(asked, axis=1)
        made = asked + settings.burn_error_fraction * size[:, None] * rng.standard_normal((DRAWS, 3))
        error[:, 3:] += made
        burns.append(np.linalg.norm(made, axis=1))
    draws = np.stack(burns, axis=1)
    left = np.std(error @ aims[2].T, axis=0)
    total = draws.sum(axis=1)
    return Midcourse(
        times_tdb_s=begins[1:], mean_m_s=draws.mean(axis=0), p99_m_s=np.quantile(draws, 0.99, axis=0),
        total_mean_m_s=float(total.mean()), total_p99_m_s=float(np.quantile(total, 0.99)), sigma_b_m=left[:2],
        sigma_time_s=float(left[2]), uncorrected_b_m=uncorrected[:2], draws=draws,
    )  # fmt: skip


def _transition(state: F64, epoch: float, lasts_s: float, series: BarycentricSeries, forces: ArcForces) -> F64:
    """Change (6, 6) of a state after a time by its change at the epoch, central differences."""
    ends = [
        (
            arc(state + step, epoch, [lasts_s], series, forces)[0]
            - arc(state - step, epoch, [lasts_s], series, forces)[0]
        )
        / (2.0 * step.max())
        for step in np.diag(STEPS)
    ]
    return np.stack(ends, axis=1)


def _aims(state: F64, epoch: float, aim: TransferAim, series: BarycentricSeries, forces: ArcForces) -> F64:
    """Change (3, 6) of the miss vector (m) and of the time of the perilune (s) by the state."""
    judged = aim.arrive_tdb_s - EARLY_S
    moon, axes = moon_state(judged, series)

    def found(at: F64) -> tuple[F64, F64, float]:
        one = passing(arc(at, epoch, [judged - epoch], series, forces)[0] - moon)
        return one.miss, one.incoming, one.to_perilune_s

    _, incoming, _ = found(state)
    first = np.cross(incoming, axes[:, 2])
    first /= np.linalg.norm(first)
    second = np.cross(incoming, first)
    columns = []
    for step in np.diag(STEPS):
        (up, _, late), (down, _, early) = found(state + step), found(state - step)
        change = np.array([first @ (up - down), second @ (up - down), late - early])
        columns.append(change / (2.0 * step.max()))
    return np.stack(columns, axis=1)
