"""From readings in telemetry to evidence, decision, and what to measure next."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from lupex import water
from lupex.ops.commanding.stack import Stack, Step
from lupex.ops.simulator.instruments import CUTTINGS, NEUTRONS

MOST_TRIES = 3
"""A measurement that a restart or safe mode ended is asked for again, so often in all."""


@dataclass(frozen=True)
class Weighed:
    """The decision after a measurement: packet time, channel, answer of the rule and probability of water."""

    tai_s: float
    channel: str
    answer: str
    present: float


@dataclass(kw_only=True)
class WaterLoop:
    """Evidence of one place, grown by telemetry; each reading counts once, however often it is played back.

    Attributes:
        evidence: rule and prior, then what was measured. count_s: length of a neutron measurement.
        depth_m: of the hole that is drilled where neutrons do not decide. drill_m_s: how fast.
        weighed: decision after each measurement, in order of arrival.
    """

    evidence: water.Evidence
    count_s: int = 1800
    depth_m: float = 0.4
    drill_m_s: float = 0.002 / 60.0
    weighed: list[Weighed] = field(default_factory=list)
    _seen: set[tuple[str, float]] = field(default_factory=set)
    _offered: list[str] = field(default_factory=list)

    @classmethod
    def at(cls, name: str, rule: water.Rule, prior: water.GroundPrior, temperature_k: float = 110.0) -> "WaterLoop":
        """The loop at a place where nothing was measured yet.

        Args:
            name: of the place. rule, prior: registered before. temperature_k: of the ground at depth.
        """
        place = water.Place(name=name, lat_deg=None, lon_deg=None, temperature_k=temperature_k, prior=prior)
        facts = {each: water.instrument(each) for each in water.instrument_names()}
        return cls(
            evidence=water.Evidence(
                name="telemetry", path="telemetry", synthetic=True, rule=rule, instruments=facts, places=(place,),
                measurements=(), sealed=0,
            )
        )  # fmt: skip

    def see(self, packet: str, tai_s: np.ndarray, columns: Mapping[str, np.ndarray]) -> None:
        """Take in packets: readings among them become evidence, and the rule is asked after each.

        Args:
            packet: name of the container. tai_s: (n,) packet times. columns: parameter -> values (n,).
        """
        for k, when in enumerate(np.asarray(tai_s, np.float64).tolist()):
            found = self._measurement(packet, {name: column[k] for name, column in columns.items()})
            if found is not None and (packet, when) not in self._seen:
                self._seen.add((packet, when))
                self._weigh(found, when)

    def next_stack(self, number: int, left_s: float) -> Stack | None:
        """What to measure next, None when the rule has answered or nothing is left that fits.

        Args:
            number: for the name of the stack. left_s: seconds until the day ends.
        """
        if self.weighed and self.weighed[-1].answer != "undecided":
            return None
        ready = Step(name="enable_schedule", after_previous=False)
        done = [one.channel for one in self.weighed]
        wanted = {name: name not in done and self._offered.count(name) < MOST_TRIES for name in (NEUTRONS, CUTTINGS)}
        if wanted[NEUTRONS] and left_s > self.count_s + 600.0:
            self._offered.append(NEUTRONS)
            return Stack(
                name=f"neutrons {number}",
                steps=(ready, Step(name="measure_neutrons", given={"interval_s": self.count_s})),
            )
        if wanted[CUTTINGS] and done and left_s > self.depth_m / self.drill_m_s + 600.0:
            self._offered.append(CUTTINGS)
            return Stack(name=f"drill {number}", steps=(ready, Step(name="drill_to", given={"depth_m": self.depth_m})))
        return None

    def _measurement(self, packet: str, row: Mapping[str, Any]) -> water.Measurement | None:
        if packet == "neutron_counts" and row["neutron_interval_s"] > 0:
            values = {"counts": int(row["neutron_total"]), "dead_time_s": 0.0}
            return water.Measurement(
                NEUTRONS, water.Look(time_s=float(row["neutron_interval_s"])), values, where=packet
            )
        if packet == "cuttings_bands":
            bands = tuple(float(row[f"cuttings_band_{k}"]) for k in (1, 2, 3))
            look = water.Look(float(row["cuttings_depth_m"]), 1.0, self.evidence.places[0].temperature_k)
            return water.Measurement(CUTTINGS, look, {"band_depths": bands}, where=packet)
        return None

    def _weigh(self, found: water.Measurement, tai_s: float) -> None:
        pair = (self.evidence.places[0].name, found)
        self.evidence = replace(self.evidence, measurements=(*self.evidence.measurements, pair))
        answer = water.decision_summary(self.evidence)
        present = float(answer["probability_present"])
        self.weighed.append(Weighed(tai_s, found.channel, str(answer["decision"]), present))
