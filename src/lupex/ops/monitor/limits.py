"""Limits of parameters, judged in the order of packet time: late and played-back data count where they belong."""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lupex.model.telemetry.types import Limits

IN_LIMITS, WARNING, CRITICAL = "IN_LIMITS", "WARNING", "CRITICAL"
_GRAVITY = {IN_LIMITS: 0, WARNING: 1, CRITICAL: 2}


def verdict_of(limits: Limits, value: float | str) -> str:
    """IN_LIMITS, WARNING or CRITICAL of one engineering value; NaN violates the gravest limit there is."""
    if isinstance(value, str):
        return CRITICAL if value in limits.bad_labels else IN_LIMITS
    for level, pair in ((CRITICAL, limits.critical), (WARNING, limits.warning)):
        if pair is not None and (math.isnan(value) or not pair[0] <= value <= pair[1]):
            return level
    return IN_LIMITS


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """A spell of violations.

    Attributes:
        parameter: name. level: gravest verdict in it. begin_tai_s: first violating value (packet time).
        raised_tai_s: when so many in a row were reached. end_tai_s: first healthy value after, None: not yet.
        worst: value of that level farthest out, or the label. count: violating values.
    """

    parameter: str
    level: str
    begin_tai_s: float
    raised_tai_s: float
    end_tai_s: float | None
    worst: float | str
    count: int


@dataclass
class LimitWatch:
    """Values of one parameter with limits, kept in the order of packet time.

    A value that arrives late is put where it belongs and the alarms are judged anew, so that the answer does not
    depend on the order of arrival. Two values of one time are both kept, in order of arrival.
    """

    parameter: str
    limits: Limits
    _tai_s: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    _value: NDArray[np.object_] = field(default_factory=lambda: np.empty(0, object))

    def see(self, tai_s: NDArray[np.float64], values: NDArray[np.generic]) -> None:
        """Take in values and their packet times (n,)."""
        times = np.concatenate([self._tai_s, np.asarray(tai_s, np.float64)])
        held = np.concatenate([self._value, np.asarray(values).astype(object)])
        order = np.argsort(times, kind="stable")
        self._tai_s, self._value = times[order], held[order]

    @property
    def current(self) -> tuple[float, float | str] | None:
        """Packet time and value of the newest by packet time, None before the first."""
        return None if not self._tai_s.size else (float(self._tai_s[-1]), self._value[-1])

    def age_s(self, now_tai_s: float) -> float:
        """Seconds since the newest value was made, infinite before the first."""
        return math.inf if self.current is None else now_tai_s - self.current[0]

    def alarms(self) -> tuple[Alarm, ...]:
        """Every alarm in all values seen, by time."""
        found: list[Alarm] = []
        spell: list[tuple[float, float | str, str]] = []
        for tai_s, value in zip(self._tai_s.tolist(), self._value.tolist(), strict=True):
            verdict = verdict_of(self.limits, value)
            if verdict != IN_LIMITS:
                spell.append((tai_s, value, verdict))
                continue
            self._close(spell, tai_s, found)
            spell = []
        self._close(spell, None, found)
        return tuple(found)

    def _close(self, spell: list[tuple[float, float | str, str]], end: float | None, found: list[Alarm]) -> None:
        if len(spell) < self.limits.violations:
            return
        level = max((verdict for _, _, verdict in spell), key=_GRAVITY.__getitem__)
        worst = max((value for _, value, verdict in spell if verdict == level), key=self._outside)
        found.append(
            Alarm(
                parameter=self.parameter, level=level, begin_tai_s=spell[0][0],
                raised_tai_s=spell[self.limits.violations - 1][0], end_tai_s=end, worst=worst, count=len(spell),
            )
        )  # fmt: skip

    def _outside(self, value: float | str) -> float:
        if isinstance(value, str) or math.isnan(value):
            return math.inf
        pair = self.limits.critical or self.limits.warning
        return max(pair[0] - value, value - pair[1]) if pair is not None else 0.0
