"""What a working group compares: criteria with their uncertainty, safe touchdown, reach, rank, date."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.model.fields.terrain import frozen
from lupex.model.glance import STRIP_ROWS, Glance, counted


@dataclass(frozen=True, eq=False, repr=False)
class CriteriaTable(Glance):
    """Candidates against criteria.

    Attributes:
        alternatives: candidate names (alternative,).
        criteria: criterion names (criterion,), unit in the name.
        higher_is_better: (criterion,) bool.
        value, sigma: (alternative, criterion) value and its one-sigma uncertainty, in the criterion's unit.
    """

    alternatives: tuple[str, ...]
    criteria: tuple[str, ...]
    higher_is_better: tuple[bool, ...]
    value: F64
    sigma: F64

    def __post_init__(self) -> None:
        shape = (len(self.alternatives), len(self.criteria))
        if self.value.shape != shape or self.sigma.shape != shape or len(self.higher_is_better) != shape[1]:
            raise InputError(f"criteria table: values {self.value.shape}, sigmas {self.sigma.shape}, expected {shape}")
        object.__setattr__(self, "value", frozen(np.asarray(self.value, np.float64)))
        object.__setattr__(self, "sigma", frozen(np.asarray(self.sigma, np.float64)))

    def _facts(self) -> dict[str, str]:
        counts = f"{counted(len(self.alternatives), 'place')} x {counted(len(self.criteria), 'criterion', 'criteria')}"
        return {"size": counts, "places": ", ".join(self.alternatives)}

    def _details(self) -> dict[str, str]:
        return self._facts() | {"criteria": ", ".join(self.criteria)}


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Ranking(Glance):
    """How firm the order of candidates is.

    Attributes:
        table: what was ranked.
        pareto: (alternative,) bool, not dominated in the central values.
        rank_acceptability: (alternative, rank) share of draws of weights and values that give the rank.
        central_weights: (alternative, criterion) mean weights of the draws in which it comes first; NaN if never.
        confidence: (alternative,) share of value draws in which it comes first at its central weights.
        weighted_sum, topsis: (alternative,) scores with the given weights.
        order: alternatives from best to worst by the named method.
        method: 'acceptability', 'weighted_sum' or 'topsis'.
        deciding: for the best against the second: the criterion that decides.
        deciding_shift: by how much that criterion of the best (its unit) must worsen before the order changes.
        draws: number of draws.
        weights: (criterion,) the given weights, summing to 1.
        mean_rank: (alternative,) mean over the draws, from 1.
    """

    table: CriteriaTable
    pareto: NDArray[np.bool_]
    rank_acceptability: F64
    central_weights: F64
    confidence: F64
    weighted_sum: F64
    topsis: F64
    order: tuple[str, ...]
    method: str
    deciding: str
    deciding_shift: float
    draws: int
    weights: F64 = field(default_factory=lambda: np.empty(0))
    mean_rank: F64 = field(default_factory=lambda: np.empty(0))

    def _facts(self) -> dict[str, str]:
        by = f"by {self.method}" + (f", decided by {self.deciding}" if self.deciding else "")
        return {"order": " > ".join(self.order), "method": by, "draws": counted(self.draws, "draw")}


@dataclass(frozen=True, kw_only=True)
class Touchdown:
    """Probability of a safe touchdown over the landing dispersion, aimed at one point.

    ``probability`` by exact convolution, ``monte_carlo`` +- ``monte_carlo_error`` (one sigma) as a check;
    ``without_avoidance`` the same with no hazard avoidance; ``best_aim_offset_m`` (east, north on the map) of the
    best aim point within the searched window and ``best_aim_probability`` there. ``terms``: share of hazard by
    cause at the aim point (slope, step, rocks), labelled.
    """

    probability: float
    without_avoidance: float
    monte_carlo: float
    monte_carlo_error: float
    best_aim_probability: float
    best_aim_offset_m: tuple[float, float]
    terms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Probability, over the landing dispersion, of a drive into permanent shadow and back to light.

    With the light held still, a screening: ``there`` reaches the target, ``and_back`` also returns within the rover's
    limits; ``distance_km`` the median drivable one-way distance where there is a way, limits of range and energy
    aside; ``straight_km`` the distance from the aim point as the crow flies; ``limits``: share of the dispersion lost
    to each limit (slope, range, energy, dark time).

    With the light as it moves: ``in_time``, share of the same landings from which the drive there, the stay and the
    drive back to light can be done in time (None: not computed), and ``in_time_note``, what has to be said about it.
    """

    there: float
    and_back: float
    distance_km: float
    straight_km: float
    limits: dict[str, float] = field(default_factory=dict)
    in_time: float | None = None
    in_time_note: str = ""

    @property
    def probability(self) -> float:
        """Of reaching shadow and coming back to light: in time where that is known, else with the light held still."""
        return self.and_back if self.in_time is None else self.in_time


@dataclass(frozen=True, eq=False, repr=False)
class DateTable(Glance):
    """Site x landing date.

    Attributes:
        sites: names (site,); dates_utc: ISO texts (date,).
        values: quantity name -> (site, date) array: lit_days_after_landing (until the first dark spell longer than
            the rover survives), lit_fraction, sun_and_earth_fraction, longest_dark_hours, over the mission's life.
        best_windows: per site the runs of dates (first, last) that fulfil the mission's light limits, best first.
    """

    sites: tuple[str, ...]
    dates_utc: tuple[str, ...]
    values: dict[str, F64]
    best_windows: tuple[tuple[tuple[str, str], ...], ...] = ()

    def _facts(self) -> dict[str, str]:
        dates = counted(len(self.dates_utc), "date") + (f" from {self.dates_utc[0]}" if self.dates_utc else "")
        return {"sites": ", ".join(self.sites), "dates": dates, "values": ", ".join(self.values)}

    def _picture(self) -> NDArray[np.float64] | None:
        first = next(iter(self.values.values()), None)
        return None if first is None or not first.size else np.repeat(first, STRIP_ROWS, axis=0)
