"""Many descents with errors of orbit, map, thrust and exhaust: where they end and what limits they keep."""

from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.kernels.trajectory import descent as kernel
from lupex.model.glance import Glance
from lupex.model.settings.descent import DescentSettings
from lupex.trajectory.descent.profile import DescentPlan


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class DescentDispersion(Glance):
    """What a Monte Carlo of descents found.

    Attributes:
        along_sigma_m, cross_sigma_m: scatter of the touchdowns, along and across the track: the landing ellipse.
        ends (n, 7), notes (n, 7): of every flight, columns as in the kernel.
        kept: limit -> share of the flights that keep it. delta_v_m_s: mean and 99th percentile of the powered descent.
    """

    along_sigma_m: float
    cross_sigma_m: float
    ends: F64
    notes: F64
    kept: dict[str, float]
    delta_v_m_s: tuple[float, float]

    def _facts(self) -> dict[str, str]:
        return {"flights": f"{len(self.ends)} descents",
                "ellipse": f"{self.along_sigma_m:.0f} x {self.cross_sigma_m:.0f} m (1 sigma)"}  # fmt: skip


def dispersed(plan: DescentPlan, settings: DescentSettings, seed: int) -> DescentDispersion:
    """Descents flown with errors drawn from normal distributions.

    Args:
        plan: the nominal one. settings: standard deviations, limits, number of flights.
        seed: of the draws.

    Raises InputError where an error of the orbit is left at -1: `lupex.navigation.with_known_orbit` fills it in.
    """
    if min(settings.orbit_error_along_m, settings.orbit_error_across_m, settings.orbit_error_m_s) < 0.0:
        raise InputError("descent: an error of the orbit is left to [ellipse]", "state it, or use with_known_orbit")
    rng = np.random.default_rng(seed)
    draws = rng.standard_normal((settings.runs, 11))
    sigma = np.zeros(11)
    sigma[kernel.D_X] = settings.orbit_error_along_m
    sigma[[kernel.D_Y, kernel.D_R]] = settings.orbit_error_across_m
    sigma[[kernel.D_U, kernel.D_W, kernel.D_S]] = settings.orbit_error_m_s
    sigma[[kernel.MAP_X, kernel.MAP_Y]] = settings.map_error_m
    sigma[kernel.THRUST_SCALE], sigma[kernel.EXHAUST_SCALE] = (
        settings.thrust_error_fraction,
        settings.isp_error_fraction,
    )
    ends, notes = np.empty((settings.runs, 7)), np.empty((settings.runs, kernel.NOTES))
    kernel.fly_many(plan.start, plan.phases, plan.vehicle, draws * sigma, ends, notes)
    drift = np.hypot(ends[:, kernel.U], ends[:, kernel.W])
    within = {
        "sink": -ends[:, kernel.S] <= settings.max_sink_m_s,
        "drift": drift <= settings.max_drift_m_s,
        "tilt": notes[:, kernel.TILT] <= np.radians(settings.max_tilt_deg),
        "thrust": notes[:, kernel.SATURATED_S] == 0.0,
        "throttle": notes[:, kernel.LOWEST] >= plan.vehicle[kernel.THRUST_MIN],
        "clearance": notes[:, kernel.CLEARANCE] > -1.0,
    }
    powered = notes[:, kernel.DELTA_V]
    return DescentDispersion(
        along_sigma_m=float(np.std(ends[:, kernel.X])), cross_sigma_m=float(np.std(ends[:, kernel.Y])),
        ends=ends, notes=notes, kept={name: float(np.mean(held)) for name, held in within.items()},
        delta_v_m_s=(float(powered.mean()), float(np.quantile(powered, 0.99))),
    )  # fmt: skip
