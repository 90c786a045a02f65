"""An instrument as it is to be accommodated, at one date."""

from dataclasses import dataclass
from typing import Any

from lupex.model.fact import Fact


@dataclass(frozen=True, kw_only=True)
class Item:
    """What the payload needs to know of one instrument at a date.

    Attributes:
        name, title, owner: who provides it. maturity: class of the margin policy. trl: readiness, 1 to 9.
        mass_kg: best estimate, without margin. envelope_m: length, width, height.
        standby_w, measuring_w, night_w: power waiting, at work, through the night.
        measurement_wh, measurement_mbit: of one measurement. per_day: measurements in 24 h.
        view_half_angle_deg: of the field of view, 0 for none.
        failure_probability: on the surface.
        mounts: it can stand on. needs, excludes: instruments that must, must not, ride on the same host.
        facts: all that is known, with sources. status: dated changes up to the date, oldest first.
        conflict: sources that contradict each other about the host, '' where they agree.
    """

    name: str
    title: str
    owner: str
    maturity: str
    trl: int
    mass_kg: float
    envelope_m: tuple[float, float, float]
    standby_w: float
    measuring_w: float
    night_w: float
    measurement_wh: float
    measurement_mbit: float
    per_day: float
    view_half_angle_deg: float
    failure_probability: float
    mounts: tuple[str, ...]
    needs: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    facts: dict[str, Fact]
    status: tuple["Change", ...] = ()
    conflict: str = ""

    @property
    def volume_m3(self) -> float:
        """Of the envelope."""
        return self.envelope_m[0] * self.envelope_m[1] * self.envelope_m[2]

    @property
    def agency(self) -> str:
        """The owner's first word: JAXA, ISRO, NASA, ESA ..."""
        return self.owner.split()[0] if self.owner.split() else ""

    def assumptions(self) -> list[str]:
        """Keys of facts nobody has published."""
        return [key for key, fact in self.facts.items() if "assumption" in fact.source.lower()]


@dataclass(frozen=True, order=True)
class Change:
    """A dated change: from ``date`` (YYYY-MM-DD) on ``key`` of ``instrument`` is ``value``, as ``source`` says."""

    date: str
    instrument: str
    key: str
    value: Any
    source: str
