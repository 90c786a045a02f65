"""Weights of criteria: checked when given, drawn when uncertain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import MissionError
from lupex.model import RankingSettings

SUM_TOLERANCE = 1e-3
PILOT = 4096
LARGEST_BATCH = 1 << 18
MOST_TRIES = 1 << 26
"""Proposals after which intervals count as leaving no room."""


@dataclass(frozen=True)
class Preferences:
    """What is said about the weights.

    Attributes:
        weights: criterion -> weight, of every criterion, summing to 1; empty: all equal.
        intervals: criterion -> (least, largest) weight; criteria not named may weigh anything from 0 to 1.
            When given, they take the place of the setting weights_uncertain.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)


def checked_weights(weights: Mapping[str, float], criteria: Sequence[str]) -> F64:
    """Weights (criterion,) in the order of ``criteria``; equal ones when none are given.

    Raises MissionError for a name that is missing or unknown, a weight that is negative, NaN or infinite, and for
    weights that do not sum to 1 within 0.001, saying what they would be scaled to do so.
    """
    if not weights:
        return np.full(len(criteria), 1.0 / len(criteria))
    _check_names("weights", weights, criteria)
    missing = [name for name in criteria if name not in weights]
    if missing:
        raise MissionError(f"[ranking] weights: none for '{missing[0]}'", "give every criterion of the table a weight")
    for name in criteria:
        if not (np.isfinite(weights[name]) and weights[name] >= 0.0):
            raise MissionError(f"[ranking] weights: '{name}' has {weights[name]:g}", "give 0 or more, a finite number")
    given = np.array([float(weights[name]) for name in criteria])
    total = float(given.sum())
    if total <= 0.0:
        raise MissionError("[ranking] weights: every weight is 0", "give the criteria that count weights that sum to 1")
    if abs(total - 1.0) > SUM_TOLERANCE:
        scaled = ", ".join(
            f"{name} = {value / total:.4g}" for name, value in zip(criteria, given, strict=True) if value
        )
        raise MissionError(f"[ranking] weights: they sum to {total:.6g}, not 1", f"scaled to 1 they are {scaled}")
    return given / total


def draw_weights(
    preferences: Preferences, criteria: Sequence[str], settings: RankingSettings, rng: np.random.Generator
) -> F64:
    """Weights (draw, criterion), each row at least 0 and summing to 1, uniform over what is left open.

    'any': the whole simplex. 'order': where a criterion given more weight keeps more, equal ones in any order.
    'around': where each stays within weight_spread times itself of the given weight. Intervals: where each stays in
    its own. Uniform means with respect to volume on the simplex (SMAA-2 with partial preferences).

    Args:
        preferences: given weights and intervals.
        criteria: names (criterion,).
        settings: how uncertain weights are, number of draws.
        rng: of the draws.

    Raises MissionError for faulty weights or intervals that leave no room.
    """
    given = checked_weights(preferences.weights, criteria)
    if preferences.intervals:
        return _within(*_bounds(preferences.intervals, criteria), settings.draws, rng)
    if settings.weights_uncertain == "around":
        reach = settings.weight_spread * given
        return _within(np.maximum(given - reach, 0.0), np.minimum(given + reach, 1.0), settings.draws, rng)
    drawn = _simplex(settings.draws, given.size, rng)
    return _ordered(drawn, given, rng) if settings.weights_uncertain == "order" else drawn


def _simplex(draws: int, count: int, rng: np.random.Generator) -> F64:
    drawn = rng.standard_exponential((draws, count))
    return np.asarray(drawn / drawn.sum(axis=1, keepdims=True))


def _ordered(drawn: F64, given: F64, rng: np.random.Generator) -> F64:
    """Largest draws to the largest given weights; by symmetry uniform where that order holds."""
    drawn = -np.sort(-drawn, axis=1)
    out = np.empty_like(drawn)
    first = 0
    for value in np.unique(given)[::-1]:
        members = np.nonzero(given == value)[0]
        part = drawn[:, first : first + members.size]
        out[:, members] = rng.permuted(part, axis=1)
        first += members.size
    return out


def _bounds(intervals: Mapping[str, tuple[float, float]], criteria: Sequence[str]) -> tuple[F64, F64]:
    _check_names("intervals of weights", intervals, criteria)
    pairs = np.array([intervals.get(name, (0.0, 1.0)) for name in criteria], np.float64)
    for name, (low, high) in zip(criteria, pairs, strict=True):
        if not 0.0 <= low <= high <= 1.0:
            raise MissionError(
                f"[ranking] intervals of weights: '{name}' has {low:g} to {high:g}",
                "give two numbers between 0 and 1, the smaller first",
            )
    return pairs[:, 0], pairs[:, 1]


def _within(low: F64, high: F64, draws: int, rng: np.random.Generator) -> F64:
    """Uniform on the simplex between bounds, by rejection: from the box without its widest side, or from the
    simplex above the lower bounds, whichever accepts more."""
    room = 1.0 - low.sum()
    if room < -1e-12 or high.sum() < 1.0 - 1e-12:
        raise MissionError(
            f"[ranking] intervals of weights: they sum to {low.sum():.4g} at least and {high.sum():.4g} at most",
            "leave room for a sum of 1",
        )
    if room < 1e-12:
        return np.tile(low / low.sum(), (draws, 1))
    if high.sum() < 1.0 + 1e-12:
        return np.tile(high / high.sum(), (draws, 1))
    widest = int(np.argmax(high - low))

    def from_box(count: int) -> F64:
        drawn = low + (high - low) * rng.random((count, low.size))
        drawn[:, widest] = 1.0 - (drawn.sum(axis=1) - drawn[:, widest])
        return drawn[(drawn[:, widest] >= low[widest]) & (drawn[:, widest] <= high[widest])]

    def from_simplex(count: int) -> F64:
        drawn = low + room * _simplex(count, low.size, rng)
        return drawn[(drawn <= high).all(axis=1)]

    propose = from_box if len(from_box(PILOT)) > len(from_simplex(PILOT)) else from_simplex
    kept: list[F64] = []
    held, tried, batch = 0, 0, PILOT
    while held < draws:
        kept.append(propose(batch))
        held, tried = held + len(kept[-1]), tried + batch
        if tried > MOST_TRIES:
            raise MissionError("[ranking] intervals of weights: next to no weights fit", "widen the intervals")
        batch = int(np.clip((draws - held) * tried / max(held, 1), PILOT, LARGEST_BATCH))
    return np.concatenate(kept)[:draws]


def _check_names(what: str, given: Mapping[str, object], criteria: Sequence[str]) -> None:
    for name in given:
        if name not in criteria:
            raise MissionError(f"[ranking] {what}: unknown criterion '{name}'", f"the table has {', '.join(criteria)}")
