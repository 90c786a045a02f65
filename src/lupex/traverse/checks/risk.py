"""How likely a planned drive is to be survived when speed, energy and luck differ from the plan.

The plan is followed blindly: no draw changes its way, gives up a stop or seeks a haven, so the result is a lower
bound of what a watchful crew would reach. Theory: docs/theory/traverse_margins.md.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import DAY_S
from lupex.base.errors import InputError
from lupex.base.gate import numbers_checked
from lupex.base.threads import over_rows
from lupex.kernels.drive.risk import BATTERY, DARK, DRIVE, IDLE, NO_LIFE, SPAN, SURVIVES, WORK, drive_draws
from lupex.model import LightSeries, Rover, Traverse, TraverseRisk, TraverseSettings
from lupex.traverse.checks.living import LivingRule, needs_to_stay
from lupex.traverse.checks.replay import IDLE as IDLE_WORDS
from lupex.traverse.checks.replay import drive_w_of
from lupex.traverse.checks.route_light import full_disc_w, light_along, step_length_s, step_of
from lupex.traverse.steps.rover import drive_speed_m_s

CAUSES = {"battery_wh": BATTERY, "dark_hours": DARK, "span_hours": SPAN, "end_wh": NO_LIFE}
"""What ends a sample: charge, darkness, that it is not done when the light series ends (unknown counts as lost), or
that it arrives where it cannot go on living."""


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class RiskSettings:
    """Uncertainties of a drive; 1-sigma fractions of mean-one lognormal factors, drawn once per drive.

    ``delays_per_day`` and ``delays_per_m``: faults while driving, drilling and measuring (Poisson);
    ``delay_hours``: their mean length (exponential); ``draws``: how many drives.
    """

    speed_sigma_fraction: float = 0.1
    energy_sigma_fraction: float = 0.1
    delays_per_day: float = 0.2
    delay_hours: float = 4.0
    draws: int = 10_000
    delays_per_m: float = 0.0

    def __post_init__(self) -> None:
        for name in ("speed_sigma_fraction", "energy_sigma_fraction", "delays_per_day", "delay_hours", "delays_per_m"):
            if not 0.0 <= getattr(self, name) < math.inf:
                raise InputError(f"risk: {name} is {getattr(self, name)}", "give 0 or more")
        if self.draws < 1:
            raise InputError(f"risk: {self.draws} draws", "give at least 1")

    @classmethod
    def of(cls, settings: TraverseSettings) -> "RiskSettings":
        """From [traverse] of a mission file."""
        return cls(
            speed_sigma_fraction=settings.speed_sigma_fraction,
            energy_sigma_fraction=settings.energy_sigma_fraction,
            delays_per_day=settings.delays_per_day,
            delay_hours=settings.delay_hours,
            draws=settings.draws,
        )


def risk(
    traverse: Traverse,
    rover: Rover,
    light: LightSeries,
    settings: RiskSettings | TraverseSettings,
    rng: np.random.Generator,
    rule: LivingRule | None = None,
) -> TraverseRisk:
    """Survival probability of a drive by Monte Carlo, and what ends the samples that are lost.

    Every draw drives with one factor of speed and one of all power drawn; faults stop it where it is, awake, for an
    exponential time. It leaves a waypoint not before the planned time and, when late, as soon as it can: idle stops
    are cut short, drilling and measuring are not. A leg takes as long as planned, or as the slower rover needs when
    that is longer; a late rover drives as fast as it can. Where view is needed it stands while there is none.
    Light follows the true time. A draw dies when its charge falls below the least, when darkness lasts too long, or
    when it is not done at the end of the light; with a ``rule`` also when it arrives so late, or with so little charge,
    that it cannot go on living where the drive ends. Without uncertainty every sample repeats the plan's charge. Delays
    are those of the samples that survive, NaN when none does.

    Args:
        traverse: the plan. rover: whose limits count. light: covering the plan and the days after.
        settings: uncertainties. rng: of the samples. rule: what it takes to live on at the end; None: nothing.

    Raises SpanError when the light does not cover the plan.
    """
    s = RiskSettings.of(settings) if isinstance(settings, TraverseSettings) else settings
    n = s.draws
    speeds, factors = (_lognormal(rng, sigma, n) for sigma in (s.speed_sigma_fraction, s.energy_sigma_fraction))
    seeds = rng.integers(0, 2**63, n, dtype=np.uint64)
    rates = np.array([s.delays_per_day / DAY_S, s.delays_per_m])
    plan = _plan(traverse, rover, light)
    stay_wh = np.zeros(0) if rule is None else _stay_wh(traverse, rover, light, rule)
    play: Any = drive_draws
    ends, lows, late_s = np.empty(n, np.int64), np.empty(n), np.empty(n)

    def block(first: int, last: int) -> None:
        play(first, last, speeds, factors, seeds, rates, s.delay_hours * 3600.0, *plan, stay_wh, ends, lows, late_s)

    over_rows(block, n)
    survived = ends == SURVIVES
    share = float(survived.mean())
    late = late_s[survived] / 3600.0 if survived.any() else np.full(1, math.nan)
    return TraverseRisk(
        survival=share,
        survival_error=math.sqrt(share * (1.0 - share) / n),
        draws=n,
        causes={name: float((ends == number).mean()) for name, number in CAUSES.items()},
        battery_low_wh=_percentiles(lows),
        late_hours=_percentiles(late),
    )


def _plan(traverse: Traverse, rover: Rover, light: LightSeries) -> tuple[object, ...]:
    """Arguments of `drive_draws` from ``begin`` to ``limits``."""
    first = step_of(light, float(traverse.times_tdb_s[0]))
    origin, step_s = float(light.times_tdb_s[first]), step_length_s(light)
    row, col = light.grid.cells_of(traverse.x_m, traverse.y_m)
    flat, cell = np.unique(row * light.grid.cols + col, return_inverse=True)
    _, of = np.unique(row * light.grid.cols + col, return_index=True)
    disc, earth = light_along(light, row[of], col[of], first)
    plan_s = traverse.times_tdb_s - origin
    span_s = np.diff(plan_s)
    drawn_w = drive_w_of(traverse, rover)[:-1]
    kind = np.array([_kind(*pair) for pair in zip(traverse.activity[:-1], drawn_w, strict=True)], np.int64)
    metres = np.diff(traverse.distance_m)
    speed = drive_speed_m_s(rover, _drivable(traverse, rover)[:-1])
    least_s = np.where((kind == DRIVE) & (metres > 0.0), np.minimum(span_s, metres / speed), span_s)
    here = cell[:-1].astype(np.int64)
    there = np.where(kind == DRIVE, cell[1:], cell[:-1]).astype(np.int64)
    begin = np.array([plan_s[0], traverse.battery_wh[0], traverse.dark_hours[0] * 3600.0])
    hotel = np.array([rover.hotel_power_w, rover.sleep_power_w])
    return (
        begin,
        plan_s,
        least_s,
        metres,
        drawn_w,
        kind,
        here,
        there,
        hotel,
        rover.comm_to_drive,
        np.ascontiguousarray(disc.T),
        np.ascontiguousarray(earth.T),
        full_disc_w(light, rover)[first:],
        limits_of(rover, step_s),
    )


def _stay_wh(traverse: Traverse, rover: Rover, light: LightSeries, rule: LivingRule) -> F64:
    """Least charge (boundary,), Wh, with which a drive may end in its last cell, from the step it begins in."""
    row, col = light.grid.cells_of(traverse.x_m[-1:], traverse.y_m[-1:])
    first = step_of(light, float(traverse.times_tdb_s[0]))
    return np.ascontiguousarray(needs_to_stay(light, rover, rule, (row, col))[first:, 0])


def limits_of(rover: Rover, step_s: float) -> F64:
    """Step length, full and least charge, most charging power, longest darkness (s): as the kernels take them."""
    return np.array([
        step_s, rover.full_battery_wh, rover.least_battery_wh, rover.max_charge_w, rover.max_dark_hours * 3600.0
    ])  # fmt: skip


def _drivable(traverse: Traverse, rover: Rover) -> F64:
    return np.clip(np.nan_to_num(traverse.slope_deg), -rover.max_down_slope_deg, rover.max_up_slope_deg)


def _kind(word: str, drawn_w: float) -> int:
    """Whoever stands and draws more than the hotel power works, whatever it is called."""
    return DRIVE if word == "drive" else IDLE if word in IDLE_WORDS and drawn_w == 0.0 else WORK


def _lognormal(rng: np.random.Generator, sigma: float, n: int) -> F64:
    """Factors with mean 1 and standard deviation ``sigma``; exactly 1 for 0."""
    spread = math.sqrt(math.log1p(sigma * sigma))
    return np.exp(spread * rng.standard_normal(n) - 0.5 * spread * spread)


def _percentiles(values: F64) -> tuple[float, float, float]:
    low, middle, high = np.percentile(values, [5.0, 50.0, 95.0])
    return float(low), float(middle), float(high)
