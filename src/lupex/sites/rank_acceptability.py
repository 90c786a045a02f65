"""How firm an order of candidates is: stochastic multicriteria acceptability analysis (SMAA-2).

Lahdelma & Salminen (2001), Operations Research 49, 444-454. See docs/theory/ranking.md.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F32, F64, I64
from lupex.base.errors import InputError
from lupex.base.running import Running, takes_running
from lupex.base.threads import over_rows
from lupex.kernels.decision import acceptability as kernel
from lupex.model import CriteriaTable, Ranking, RankingSettings
from lupex.sites.value import Worth, check_table, pareto_front, topsis_scores, weighted_sum_scores, worth
from lupex.sites.weights import Preferences, checked_weights, draw_weights

MOST_ALTERNATIVES = 10_000
KEPT_RANKS = 1000
BLOCK_CELLS = 1 << 18
"""Draws times alternatives of noise held by a thread at once."""
CONFIDENCE_WORK = 2e8
LEAST_CONFIDENCE_DRAWS = 1000
LARGEST_GROUP = 1 << 22
FARTHEST = 1e6
"""Shifts are sought up to this many ranges of a criterion."""


@dataclass(frozen=True, eq=False)
class Draws:
    """Everything random of one ranking: a block of draws always has the same numbers, on whatever thread.

    ``weights`` (draw, criterion); ``seed`` of the noise of values; ``ties`` (draw,) uint64; ``block`` draws a block.
    """

    weights: F64
    seed: int
    ties: NDArray[np.uint64]
    block: int
    noisy: bool

    def blocks(self) -> list[slice]:
        """The draws of each block."""
        total = len(self.weights)
        return [slice(first, min(first + self.block, total)) for first in range(0, total, self.block)]

    def noise(self, number: int, draws: int, alternatives: int, stream: int = 0) -> F32:
        """Standard normal numbers (draw, alternative) of a block; no rows when no value is uncertain."""
        if not self.noisy:
            return np.empty((0, alternatives), np.float32)
        generator = np.random.Generator(np.random.SFC64(np.random.SeedSequence((self.seed, stream, number))))
        return generator.standard_normal((draws, alternatives), dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Outcome:
    """Sums over the draws: counts (rank, alternative), rank_sum (alternative,) from 0; and of every draw who came
    first and second, top (draw, 2), and by how much utility, lead (draw,)."""

    counts: NDArray[np.int32]
    rank_sum: I64
    top: NDArray[np.int32]
    lead: F64


@takes_running
def rank_candidates(
    table: CriteriaTable,
    settings: RankingSettings,
    rng: np.random.Generator,
    preferences: Preferences = Preferences(),
    running: Running = Running(),
) -> Ranking:
    """Acceptability of every rank, central weights and confidence, Pareto front, weighted sum and TOPSIS.

    In each of ``settings.draws`` draws, weights come from `draw_weights` and every value from a normal distribution
    with its sigma, independent of the others; alternatives are ranked by the weighted sum of linear value functions
    (`worth`), equal ones in random order. The same ``rng`` state gives the same numbers for any number of threads.

    Args:
        preferences: weights (summing to 1) and intervals; without them equal weights.
        running: on how many threads.

    With more than 1000 alternatives only the first 1000 ranks are kept.
    Raises InputError for a table that cannot be ranked, MissionError for faulty weights.
    """
    check_table(table)
    if len(table.alternatives) > MOST_ALTERNATIVES:
        raise InputError(
            f"ranking: {len(table.alternatives)} alternatives", f"screen them to at most {MOST_ALTERNATIVES} first"
        )
    given = checked_weights(preferences.weights, table.criteria)
    scaled = worth(table)
    draws = _draws(table, scaled, settings, preferences, rng)
    outcome = _simulate(scaled, draws, running)
    acceptability = np.ascontiguousarray(outcome.counts.T) / settings.draws
    mean_rank = 1.0 + outcome.rank_sum / settings.draws
    central = _central_weights(draws.weights, outcome)
    scores = {"weighted_sum": weighted_sum_scores(table, given), "topsis": topsis_scores(table, given)}
    if settings.method == "acceptability":
        order = np.lexsort((mean_rank, -acceptability[:, 0]))
    else:
        order = np.argsort(-scores[settings.method], kind="stable")
    leading = central[order[0]] if settings.method == "acceptability" else given
    best = int(order[0])
    leads = (
        _leads_by_acceptability(scaled, draws.weights, outcome, best)
        if settings.method == "acceptability"
        else _leads_by_score(table, scaled, settings.method, given, best)
    )
    deciding, shift = _deciding(table, scaled, order, leading, leads)
    return Ranking(
        table=table,
        pareto=pareto_front(table),
        rank_acceptability=acceptability,
        central_weights=central,
        confidence=_confidence(scaled, central, draws, running),
        weighted_sum=scores["weighted_sum"],
        topsis=scores["topsis"],
        order=tuple(table.alternatives[i] for i in order),
        method=settings.method,
        deciding=deciding,
        deciding_shift=shift,
        draws=settings.draws,
        weights=given,
        mean_rank=mean_rank,
    )


def _draws(
    table: CriteriaTable,
    scaled: Worth,
    settings: RankingSettings,
    preferences: Preferences,
    rng: np.random.Generator,
) -> Draws:
    weights = draw_weights(preferences, table.criteria, settings, rng)
    ties = rng.integers(0, 2**64, settings.draws, dtype=np.uint64)
    block = int(np.clip(BLOCK_CELLS // len(table.alternatives), 16, 4096))
    return Draws(weights, int(rng.integers(2**63)), ties, block, bool((scaled.sigma > 0.0).any()))


def _columns(scaled: Worth) -> tuple[F64, F64]:
    """Values and variances as (criterion, alternative), as the kernels read them."""
    return np.ascontiguousarray(scaled.value.T), np.ascontiguousarray((scaled.sigma**2).T)


def _simulate(scaled: Worth, draws: Draws, running: Running) -> Outcome:
    value, variance = _columns(scaled)
    alternatives = value.shape[1]
    top, lead = np.empty((len(draws.weights), 2), np.int32), np.empty(len(draws.weights))
    blocks = draws.blocks()
    threads = min(running.threads, len(blocks))

    def part(thread: int) -> tuple[NDArray[np.int32], I64]:
        counts = np.zeros((min(alternatives, KEPT_RANKS), alternatives), np.int32)
        rank_sum = np.zeros(alternatives, np.int64)
        for number in range(thread, len(blocks), threads):
            at = blocks[number]
            noise = draws.noise(number, at.stop - at.start, alternatives)
            kernel.rank_block(
                value, variance, draws.weights[at], noise, draws.ties[at], counts, rank_sum, top[at], lead[at]
            )
        return counts, rank_sum

    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(part, range(threads)))
    for counts, rank_sum in parts[1:]:
        parts[0][0][:] += counts
        parts[0][1][:] += rank_sum
    return Outcome(*parts[0], top, lead)


def _central_weights(weights: F64, outcome: Outcome) -> F64:
    """Mean weights of the draws each alternative wins (alternative, criterion); NaN where it never does."""
    alternatives = outcome.rank_sum.size
    sums = np.stack([np.bincount(outcome.top[:, 0], column, alternatives) for column in weights.T], axis=1)
    won = outcome.counts[0].astype(np.float64)[:, None]
    return np.divide(sums, won, out=np.full(sums.shape, np.nan), where=won > 0)


def _confidence(scaled: Worth, central: F64, draws: Draws, running: Running) -> F64:
    """Share of draws of the values in which each comes first at its central weights; 0 where it never came first."""
    who = np.nonzero(np.isfinite(central).all(axis=1))[0]
    alternatives = len(scaled.value)
    affordable = CONFIDENCE_WORK / (who.size * alternatives)
    count = min(len(draws.weights), int(max(affordable, LEAST_CONFIDENCE_DRAWS))) if draws.noisy else 1
    out = np.zeros(alternatives)
    for group in np.array_split(who, -(-who.size * alternatives // LARGEST_GROUP)):
        wins = np.zeros(group.size)
        base = central[group] @ scaled.value.T
        spread = np.sqrt(central[group] ** 2 @ (scaled.sigma**2).T)
        strongest = np.argsort(-base, axis=1, kind="stable").astype(np.int32)
        for number, first in enumerate(range(0, count, draws.block)):
            size = min(draws.block, count - first)
            noise = draws.noise(number, size, alternatives, stream=1)

            def work(lo: int, hi: int) -> None:
                kernel.wins_block(base, spread, strongest, group, noise, size, lo, hi, wins)  # noqa: B023

            over_rows(work, group.size, running)
        out[group] = wins / count
    return out


Leads = Callable[[int, float], bool]
"""Whether the best still comes first when criterion j of it is worse by this much (its unit)."""


def _leads_by_acceptability(scaled: Worth, weights: F64, outcome: Outcome, best: int) -> Leads:
    """With the same draws again: where the best has less than it led by, the second of the draw wins."""
    won = outcome.top[:, 0] == best
    runners_up, lead, weight = outcome.top[won, 1], outcome.lead[won], weights[won]
    others = outcome.counts[0].copy()
    others[best] = 0

    def leads(j: int, shift: float) -> bool:
        lost = lead < weight[:, j] * _share(shift, scaled.scale[j])
        gained = np.bincount(runners_up[lost], minlength=others.size)
        return bool(lost.size - np.count_nonzero(lost) >= (others + gained).max())

    return leads


def _leads_by_score(table: CriteriaTable, scaled: Worth, method: str, weights: F64, best: int) -> Leads:
    def leads(j: int, shift: float) -> bool:
        if method == "weighted_sum":
            score = scaled.value @ weights
            score[best] -= weights[j] * _share(shift, scaled.scale[j])
        else:
            value = table.value.copy()
            value[best, j] += -shift if table.higher_is_better[j] else shift
            score = topsis_scores(replace(table, value=value), weights)
        return bool(score[best] >= np.delete(score, best).max())

    return leads


def _share(shift: float, scale: float) -> float:
    return shift / scale if scale > 0.0 else 0.0


def _deciding(table: CriteriaTable, scaled: Worth, order: I64, weights: F64, leads: Leads) -> tuple[str, float]:
    """The criterion in which the best gains most over the second, and the worsening (its unit) that costs the lead."""
    if len(order) < 2:
        return "", float("inf")
    gain = weights * (scaled.value[order[0]] - scaled.value[order[1]])
    j = int(np.argmax(gain))
    shift = float(scaled.scale[j]) or 1.0
    if not leads(j, 0.0):
        return table.criteria[j], 0.0
    low, high = 0.0, next((step for step in _steps(shift) if not leads(j, step)), float("inf"))
    if np.isinf(high):
        return table.criteria[j], high
    low = high / 2.0 if high > 1e-3 * shift else 0.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if leads(j, middle) else (low, middle)
    return table.criteria[j], high


def _steps(scale: float) -> Iterator[float]:
    step = 1e-3 * scale
    while step < FARTHEST * scale:
        yield step
        step *= 2.0
