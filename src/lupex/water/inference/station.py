"""What the measurements of one place say, channel by channel and together.

Log-likelihoods of one place are kept as two tables: over (dry rate, cell) for the neutron spectrometer and over
(blank, cell) for everything else. Their product summed over cells is a matrix product, which gives the evidence of
every family of ground for every value of the calibrations that the places share. Cells are the only approximation.
"""

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.kernels.water.ovens import sample_likelihood
from lupex.water.inference.prior import FAMILIES, States
from lupex.water.models.analysers import oven, reading, sample_mass_g
from lupex.water.models.channels import channel
from lupex.water.models.facts import Instrument
from lupex.water.models.measurement import Measurement, Nuisances, log_mean

OVENS = ("ltga", "triton", "adore")
_TINY = 1e-300
PRIOR_CONFLICT = -25.0
"""ln of the share of the prior that explains the data, relative to their best explanation."""


class StationTables:
    """Log-likelihood of one place's measurements so far. It grows by `add`; nothing is ever taken away.

    Args:
        states, nuisances: cells of the prior and nodes of what measurements share.
        instruments: by name of the catalogue.
    """

    def __init__(self, states: States, nuisances: Nuisances, instruments: dict[str, Instrument]) -> None:
        self.states, self.nuisances, self.instruments = states, nuisances, instruments
        self.channels: list[str] = []
        self.samples: dict[float, list[Measurement]] = {}
        self.blanks: list[Measurement] = []
        self._neutron: F64 | None = None
        self._neutron_part: tuple[F64, F64] | None = None
        self._factors: dict[str, float] = {}
        self._oven: F64 = np.zeros((nuisances.blank.size, states.weight.size))
        self._alone: dict[str, F64] = {}
        self._waiting: set[float] = set()
        self._entered: dict[float, F64] = {}

    def add(self, measurement: Measurement) -> None:
        """Take one measurement into account.

        Raises:
            InputError: numbers that cannot be, or that no ground of the prior explains.
        """
        asked = channel(measurement.channel, measurement.where)
        instrument = self.instruments[asked.instrument]
        self._factors.pop(asked.name, None)
        if measurement.blank:
            self._add_blank(asked.name, instrument, measurement)
            return
        if asked.name not in self.channels:
            self.channels.append(asked.name)
        if asked.name in OVENS:
            reading(instrument, measurement)  # refused now rather than when it is needed
            self.samples.setdefault(measurement.look.depth_m, []).append(measurement)
            self._waiting.add(measurement.look.depth_m)
            return
        ground = self.states.columns if asked.at_depth else self.states.ground
        table = asked.log_likelihood(instrument, ground, measurement, self.nuisances)
        if not np.isfinite(table.max()):
            raise InputError(f"{measurement.where}: no ground of the prior explains this", "check reading and prior")
        table = table[:, 0, 0] if asked.name == "nss" else table[0, 0]
        if asked.at_depth:
            table = table[:, self.states.sample_of(measurement.look.depth_m)]
        if asked.name == "nss":
            self._neutron = table if self._neutron is None else self._neutron + table
            self._neutron_part = None
        else:
            self._oven += table
        self._alone[asked.name] = self._alone.get(asked.name, 0.0) + table

    def evidence(self) -> F64:
        """(dry rate, blank, family) ln of P(all measurements and the family | shared nuisances)."""
        self._enter_samples()
        top_o = self._oven.max(axis=1, keepdims=True)
        right = np.exp(self._oven - top_o) * self.states.weight
        nodes = self.nuisances.dry_rate.size
        out = np.empty((nodes, right.shape[0], len(FAMILIES)))
        top_n, left = self._neutrons()
        for number in range(len(FAMILIES)):
            members = self.states.members(number)
            part = right[:, members]
            out[..., number] = part.sum(axis=1) if left is None else left[:, members] @ part.T
        return np.log(out + _TINY) + top_n[:, :, None] + top_o[:, 0][None, :, None]

    def _neutrons(self) -> tuple[F64, F64 | None]:
        """Largest ln likelihood of each dry rate, and (dry rate, cell) likelihoods over it; None without counts."""
        if self._neutron is None:
            return np.zeros((self.nuisances.dry_rate.size, 1)), None
        if self._neutron_part is None:
            top = self._neutron.max(axis=1, keepdims=True)
            self._neutron_part = top, np.exp(self._neutron - top)
        return self._neutron_part

    def posterior(self, shared: F64) -> F64:
        """(cell,) probability, for weights (dry rate, blank) of the shared nuisances given the other places.

        Args:
            shared: proportional to prior times the likelihood of all other places.
        """
        self._enter_samples()
        mixed = shared @ np.exp(self._oven - self._oven.max())
        if self._neutron is not None:
            mixed *= np.exp(self._neutron - self._neutron.max())
        total = mixed.sum(axis=0) * self.states.weight
        return np.asarray(total / total.sum())

    def check_prior(self, where: str) -> None:
        """Raise InputError when the prior knows no water at the level or no ground without it, or when only ground
        that it holds for all but impossible explains the measurements."""
        for cells, what in ((self.states.wet, "water at the level"), (self.states.not_wet, "ground without water")):
            if not self.states.weight[cells].sum() > 0.0:
                raise InputError(
                    f"{where}: the prior gives {what} no chance at all", "widen the prior, or ask for less"
                )
        evidence = self.evidence()
        best = self._oven.max(axis=0) + (0.0 if self._neutron is None else self._neutron.max(axis=0))
        if evidence.max() - best.max() < PRIOR_CONFLICT:
            raise InputError(
                f"{where}: the prior excludes the data: their best explanation has less than 1e-11 of it",
                "widen the prior, or look for a mistake in the data",
            )

    def log_bayes_factor(self, name: str) -> float:
        """ln of P(its measurements | water at the level) over P(... | none), of one channel by itself."""
        if name not in self._factors:
            self._factors[name] = self._log_bayes_factor(name)
        return self._factors[name]

    def _log_bayes_factor(self, name: str) -> float:
        table = self.channel_table(name)
        likelihood = self.states.weight * np.exp(table - table.max())
        weight = self.states.weight
        parts = (self.states.wet, self.states.not_wet)
        odds = [(likelihood[part].sum() + _TINY) / weight[part].sum() for part in parts]
        return float(np.log(odds[0]) - np.log(odds[1]))

    def channel_table(self, name: str) -> F64:
        """(cell,) ln P(its measurements | cell) of one channel, its nuisance parameters marginalised.

        Args:
            name: of the channel.
        """
        table = self._alone.get(name, np.zeros((1, 1)))
        for depth, sample in self.samples.items():
            own = [one for one in sample if one.channel == name]
            if own:
                table = table + self._sample_table(own)[:, self.states.sample_of(depth)]
        if table.shape[0] == 1:
            return table[0]
        weights = self.nuisances.dry_rate_weight if name == "nss" else self.nuisances.blank_weight
        return log_mean(table, weights[:, None], 0)[0]

    def _add_blank(self, name: str, instrument: Instrument, measurement: Measurement) -> None:
        if name not in OVENS:
            raise InputError(f"{measurement.where}: a blank of {name}", f"blanks belong to {', '.join(OVENS)}")
        table = channel(name).log_likelihood(instrument, self.states.columns, measurement, self.nuisances)
        per_blank = table.reshape(self.nuisances.blank.size, -1)[:, :1]
        self._oven += per_blank
        self._alone[name] = self._alone.get(name, 0.0) + per_blank
        self.blanks.append(measurement)

    def _enter_samples(self) -> None:
        """Put samples with new readings in place of what was known of them: their analysers share one loss of ice."""
        for depth in sorted(self._waiting):
            table = self._sample_table(self.samples[depth])
            change = table - self._entered[depth] if depth in self._entered else table
            self._entered[depth] = table
            self._oven += change[:, self.states.sample_of(depth)]
        self._waiting.clear()

    def _sample_table(self, sample: list[Measurement]) -> F64:
        """(blank, column) ln P(readings of one sample), the share of ice kept marginalised."""
        pairs = [(self.instruments[channel(one.channel).instrument], one) for one in sample]
        readings = np.array([reading(made, one) for made, one in pairs])
        ovens = np.array([oven(made, sample_mass_g(made, one)).row() for made, one in pairs])
        of, columns = self.nuisances, self.states.columns
        # Nodes of the blank may stand farther apart than the noise is wide: what lies between two is added to it.
        ovens[:, 2] = np.hypot(ovens[:, 2], ovens[:, 4] * (of.blank[1] - of.blank[0]) / np.sqrt(12.0))
        out = np.empty((of.blank.size, columns.ice.size))
        sample_likelihood(readings, ovens, of.blank, of.kept, of.kept_weight, columns.ice, columns.hydration, out)
        return np.log(out + _TINY)
