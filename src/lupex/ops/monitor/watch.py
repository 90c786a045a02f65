"""Everything that is watched, judged by packet time: what comes late changes the answer as if it had come in time."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lupex.model.telemetry.dictionary import Dictionary
from lupex.model.telemetry.types import Limits
from lupex.ops.monitor.limits import Alarm, LimitWatch
from lupex.ops.monitor.series import Series, Times


@dataclass(frozen=True)
class Gap:
    """Packets that did not come: name, packet times (TAI s) before and after, the second None while it lasts."""

    packet: str
    begin_tai_s: float
    end_tai_s: float | None


@dataclass
class Monitor:
    """Watches telemetry after a dictionary's own rules: derived values, limits by state, packets that must come."""

    dictionary: Dictionary
    _held: dict[str, Series] = field(init=False)
    _packets: dict[str, Series] = field(init=False)

    def __post_init__(self) -> None:
        names = [name for one in self.dictionary.derived for name in one.inputs]
        names += [name for one in self.dictionary.states for name in (one.parameter, one.state)]
        self._held = {name: Series() for name in names}
        self._packets = {one.packet: Series() for one in self.dictionary.expected}

    def see(self, packet: str, tai_s: Times, values: Mapping[str, NDArray[Any]]) -> None:
        """Take in the packets of one name.

        Args:
            packet: name of the container. tai_s: (n,) packet times. values: parameter -> engineering values (n,).
        """
        if packet in self._packets:
            self._packets[packet].see(tai_s, np.zeros(np.shape(tai_s)))
        for name in self._held.keys() & values.keys():
            self._held[name].see(tai_s, values[name])

    def derived(self, name: str) -> tuple[Times, NDArray[np.float64]]:
        """Times (TAI s) and values (n,) of a derived parameter: one at every time any of its inputs has a value.

        Args:
            name: of the dictionary's derived parameters. Raises KeyError for another.

        A value is not a number where an input is missing, too old, no number, or divided by zero.
        """
        one = {each.name: each for each in self.dictionary.derived}[name]
        times = np.unique(np.concatenate([self._held[part].sorted[0] for part in one.inputs]))
        inputs = {}
        for part in one.inputs:
            values, age = self._held[part].at(times)
            inputs[part] = np.where(age <= one.oldest_s, values.astype(np.float64), np.nan)
        with np.errstate(all="ignore"):
            found = np.broadcast_to(_evaluated(ast.parse(one.formula, mode="eval").body, inputs), times.shape)
        return times, np.where(np.isfinite(found), found, np.nan)

    def alarms(self) -> tuple[Alarm, ...]:
        """Alarms of derived parameters and of limits by state, by time of their begin."""
        found: list[Alarm] = []
        for one in self.dictionary.derived:
            if one.limits.any:
                times, values = self.derived(one.name)
                known = ~np.isnan(values)  # an input that is missing is no violation; its gap is told as such
                found += _alarms(one.name, one.limits, times[known], values[known])
        for rule in self.dictionary.states:
            times, values = self._held[rule.parameter].sorted
            states, age = self._held[rule.state].at(times)
            inside = np.isfinite(age) & np.isin(states, rule.labels)
            label = f"{rule.parameter} while {rule.state} is {'/'.join(rule.labels)}"
            # out of the state the spell ends, as at a healthy value
            for first, last in _runs(inside):
                end = float(times[last]) if last < times.size else None
                part = slice(first, last)
                found += [_closed(alarm, end) for alarm in _alarms(label, rule.limits, times[part], values[part])]
        return tuple(sorted(found, key=lambda alarm: (alarm.begin_tai_s, alarm.parameter)))

    def gaps(self, now_tai_s: float | None = None) -> tuple[Gap, ...]:
        """Where packets that must come did not, by time; a gap that later data fill is gone.

        Args:
            now_tai_s: a gap may reach up to now; None: only between packets that came.
        """
        found = []
        for one in self.dictionary.expected:
            times = self._packets[one.packet].sorted[0]
            for k in np.flatnonzero(np.diff(times) > one.longest_s):
                found.append(Gap(one.packet, float(times[k]), float(times[k + 1])))
            if now_tai_s is not None and times.size and now_tai_s - times[-1] > one.longest_s:
                found.append(Gap(one.packet, float(times[-1]), None))
        return tuple(sorted(found, key=lambda gap: (gap.begin_tai_s, gap.packet)))


def _evaluated(node: Any, inputs: Mapping[str, NDArray[np.float64]]) -> Any:
    """A formula that was checked when it was made: + - * /, names and numbers."""
    if isinstance(node, ast.Constant):
        return np.float64(str(node.value))
    if isinstance(node, ast.Name):
        return inputs[node.id]
    if isinstance(node, ast.UnaryOp):
        value = _evaluated(node.operand, inputs)
        return -value if isinstance(node.op, ast.USub) else value
    left, right = _evaluated(node.left, inputs), _evaluated(node.right, inputs)
    if isinstance(node.op, ast.Add):
        return left + right
    if isinstance(node.op, ast.Sub):
        return left - right
    return left * right if isinstance(node.op, ast.Mult) else left / right


def _alarms(name: str, limits: Limits, times: Times, values: NDArray[Any]) -> list[Alarm]:
    watch = LimitWatch(name, limits)
    watch.see(times, values)
    return list(watch.alarms())


def _closed(alarm: Alarm, end_tai_s: float | None) -> Alarm:
    return replace(alarm, end_tai_s=end_tai_s) if alarm.end_tai_s is None else alarm


def _runs(inside: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and behind the last of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], inside.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
