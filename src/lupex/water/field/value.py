"""What a further measurement is worth: how much it may be expected to lower the loss of deciding.

Deciding now costs the least of three: saying yes (wrong with 1 - p), saying no (wrong with p), saying not yet. A
measurement is worth the loss now minus the expected loss after it, readings drawn from what is believed now. It is
never negative, and it is nothing where no reading could change the mind.
"""

from dataclasses import dataclass, replace

import numpy as np

from lupex.base.arrays import F64
from lupex.model.settings.water import WaterSettings
from lupex.water.ground import Ground
from lupex.water.inference.joint import Joint
from lupex.water.inference.prior import GroundPrior, draw_truth
from lupex.water.inference.station import OVENS, StationTables
from lupex.water.inference.worlds import draw_kept
from lupex.water.models.channels import CHANNELS, Channel, channel
from lupex.water.models.measurement import Look, Measurement, log_mean


@dataclass(frozen=True)
class LossSettings:
    """What a wrong or missing answer costs, in units of a campaign that ends undecided."""

    false_yes: float = 20.0
    missed: float = 5.0
    undecided: float = 1.0

    @classmethod
    def of(cls, settings: WaterSettings) -> "LossSettings":
        """Those of a mission's [water]."""
        return cls(settings.false_yes_loss, settings.missed_loss)

    def least(self, present: F64 | float) -> F64:
        """Expected loss of the best answer for a probability of water."""
        p = np.asarray(present, np.float64)
        return np.minimum(np.minimum(self.false_yes * (1.0 - p), self.missed * p), self.undecided)


LEAST_HOURS = 0.01
"""Work that takes less time (or watt-hours) is taken to need this, so that nothing is worth infinitely much."""


@dataclass(frozen=True, kw_only=True)
class MeasurementValue:
    """What one measurement is worth.

    Attributes:
        channel: its name. depth_m: where it looks; None for instruments of the surface.
        value: expected drop of the loss. time_s, energy_wh: what it takes, hole not included.
        per_hour, per_wh: value over them.
    """

    channel: str
    depth_m: float | None
    value: float
    time_s: float
    energy_wh: float

    @property
    def per_hour(self) -> float:
        """Value per hour of work."""
        return self.value / max(self.time_s / 3600.0, LEAST_HOURS)

    @property
    def per_wh(self) -> float:
        """Value per watt-hour."""
        return self.value / max(self.energy_wh, LEAST_HOURS)


def measurement_values(
    table: StationTables,
    found: Joint,
    place: int,
    depths_m: tuple[float, ...],
    rng: np.random.Generator,
    loss: LossSettings = LossSettings(),
    draws: int = 48,
) -> list[MeasurementValue]:
    """The worth of every channel and depth at a place, best value per hour first.

    Args:
        table: what was measured there. found: the posterior of all places. place: its number among them.
        depths_m: where a hole may be sampled. rng: of the drawn readings.
        loss: what a wrong or missing answer costs. draws: readings drawn of each.
    """
    cells = table.posterior(found.others[place])
    now = float(loss.least(float(cells[table.states.wet].sum())))
    values = []
    for one in CHANNELS:
        for depth in depths_m if one.at_depth else (0.0,):
            after = _expected_loss(table, cells, one, depth, rng, loss, draws)
            time_s, energy_wh = cost(table, one.name)
            values.append(
                MeasurementValue(
                    channel=one.name, depth_m=depth if one.at_depth else None, value=max(now - after, 0.0),
                    time_s=time_s, energy_wh=energy_wh,
                )
            )  # fmt: skip
    return sorted(values, key=lambda value: -value.per_hour)


def cost(table: StationTables, name: str) -> tuple[float, float]:
    """(time, energy in watt-hours) of one measurement; what was seen from orbit costs the rover nothing."""
    asked = channel(name)
    if asked.orbital:
        return 0.0, 0.0
    made = table.instruments[asked.instrument]
    keys = ("analysis_s", "measuring_s", "exposure_s", "profile_s", "bite_s")
    time_s = next((made.value(key) for key in keys if key in made.facts), COUNTING_S)
    power = next((made.value(k) for k in ("measuring_power_w", "drilling_power_w") if k in made.facts), 0.0)
    return time_s, power * time_s / 3600.0


COUNTING_S = 900.0
"""Counting time of a counter at one place (assumption)."""


def _expected_loss(
    table: StationTables, cells: F64, one: Channel, depth_m: float, rng: np.random.Generator, loss: LossSettings,
    draws: int,
) -> float:  # fmt: skip
    """Mean loss of the best answer after a reading, readings drawn from the belief ``cells``."""
    of, prior = table.states.ground, GroundPrior()  # only for stones and the shared errors
    chosen = rng.choice(cells.size, draws, p=cells)
    losses = []
    for cell in chosen:
        truth = draw_truth(table.instruments, prior, rng)
        truth = replace(truth, kept=draw_kept(table.instruments, rng))
        ground = Ground(of.ice[cell], of.cover_m[cell], of.hydration[cell])
        look = Look(depth_m, COUNTING_S)
        reading = one.draw(table.instruments[one.instrument], ground, look, truth, rng)
        likelihood = cells * np.exp(_likelihood(table, one, reading, depth_m))
        losses.append(float(loss.least(float(likelihood[table.states.wet].sum() / likelihood.sum()))))
    return float(np.mean(losses))


def _likelihood(table: StationTables, one: Channel, reading: Measurement, depth_m: float) -> F64:
    """(cell,) ln likelihood of a reading, all nuisance parameters marginalised, up to a constant."""
    ground = table.states.columns if one.at_depth else table.states.ground
    logs = one.log_likelihood(table.instruments[one.instrument], ground, reading, table.nuisances)
    of = table.nuisances
    if logs.shape[0] > 1:
        logs = log_mean(logs, of.dry_rate_weight[:, None, None, None], 0)
    if one.name in OVENS:
        logs = log_mean(logs, of.kept_weight[None, None, :, None], 2)
        logs = log_mean(logs, of.blank_weight[None, :, None, None], 1)
    flat = logs.reshape(-1)
    flat = flat - flat.max()
    return flat[table.states.sample_of(depth_m)] if one.at_depth else flat
