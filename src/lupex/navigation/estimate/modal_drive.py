"""A drive that begins, or is sighted, at one of several places: a particle filter whose particles are Gaussians.

A skyline or an image may fit at several places. Every particle is one of them with its own state and covariance
(mixture Kalman filter, Chen and Liu 2000, J. R. Stat. Soc. B 62, 493): a leg carries each one, a sighting weighs each
by its likelihood and, where the sighting itself has several modes, splits it. What is nowhere among the modes is one
more hypothesis, a flat one over the ground searched. Weights are exact for linear legs; no draws are made, so the same
data give the same answer. Theory: docs/theory/navigation.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import stats

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.base.frames import Pole, convergence_deg
from lupex.model.position.fix import checked_covariance
from lupex.navigation.estimate.drive import (
    HEADING,
    SCALE,
    SIZE,
    SLIP,
    DriveNoise,
    Leg,
    Legs,
    Sighting,
    expected_sighting,
)
from lupex.navigation.surface.skyline_match import SkylineFix

LEAST_WEIGHT = 1e-9
MOST_PARTICLES = 400
"""Particles kept; lighter ones are dropped first."""
MERGED_SIGMA = 0.5
"""Particles nearer than this, by the covariance of the heavier one, become one of the same mean and spread."""


@dataclass(frozen=True, eq=False, kw_only=True)
class PlaceModes:
    """Places that fit what was seen, after leg ``after`` (0: before the first).

    Attributes:
        places_m: (k, 2) map x, y. covariances_m2: (k, 2, 2). probabilities: (k,), with ``elsewhere`` they add up to 1.
        elsewhere: that it was at none of them. area_m2: of the ground searched, over which elsewhere is flat.
    """

    places_m: F64
    covariances_m2: F64
    probabilities: F64
    elsewhere: float
    area_m2: float
    after: int = 0

    def __post_init__(self) -> None:
        places = np.atleast_2d(np.asarray(self.places_m, np.float64))
        chances = np.atleast_1d(np.asarray(self.probabilities, np.float64))
        spreads = np.asarray(self.covariances_m2, np.float64).reshape(-1, 2, 2)
        if places.shape != (chances.size, 2) or spreads.shape[0] != chances.size or not chances.size:
            raise InputError("modes: places, covariances and probabilities do not match", "give one of each for a mode")
        total = float(chances.sum()) + self.elsewhere
        if np.any(chances < 0.0) or not 0.0 <= self.elsewhere < 1.0 or abs(total - 1.0) > 1e-6:
            raise InputError(
                f"modes: probabilities add up to {total:.6g}", "with elsewhere they are 1 and none negative"
            )
        if not (np.all(np.isfinite(places)) and self.area_m2 > 0.0 and np.isfinite(self.area_m2)):
            raise InputError("modes: a place is not finite or the ground searched has no area", "give metres")
        for k, one in enumerate(spreads, 1):
            checked_covariance(one, f"mode {k}")
        for name, value in (("places_m", places), ("covariances_m2", spreads), ("probabilities", chances)):
            object.__setattr__(self, name, value)


@dataclass(frozen=True, eq=False, kw_only=True)
class ModalFix:
    """What a drive with several modes comes to.

    Attributes:
        states: (k, 5) of the particles left after the last leg, heaviest first; covariances (k, 5, 5); weights (k,).
        elsewhere: probability that the rover is at none of them.
        best: (n + 1,) weight of the heaviest particle after every leg, those that lie within 3 sigma of it counted in.
        decided_after: leg from which on that stays above 0.99; -1 when it does not.
        rejected: sightings no particle could explain.
    """

    states: F64
    covariances: F64
    weights: F64
    elsewhere: float
    best: F64
    decided_after: int
    rejected: tuple[str, ...] = field(default=())


def skyline_modes(fix: SkylineFix, area_m2: float, after: int = 0) -> PlaceModes:
    """The modes of a skyline search as a start or a sighting of a drive; what was cut off counts as elsewhere.

    Args:
        fix: of `skyline_fix`. area_m2: of the map searched.
        after: leg after which the panorama was taken.
    """
    chances = np.array([one.probability for one in fix.modes])
    return PlaceModes(
        places_m=np.array([[one.x_m, one.y_m] for one in fix.modes]),
        covariances_m2=np.array([one.covariance_m2 for one in fix.modes]),
        probabilities=chances,
        elsewhere=max(0.0, 1.0 - float(chances.sum())),
        area_m2=area_m2,
        after=after,
    )


def modal_drive(
    legs: Legs,
    start: PlaceModes,
    sightings: Sequence[Sighting | PlaceModes] = (),
    noise: DriveNoise = DriveNoise(),
    pole: Pole | None = None,
) -> ModalFix:
    """Places of the rover after a drive, each with its probability.

    Args:
        legs: what wheels, heading and vision say.
        start: places before the first leg. sightings: ranges, bearings, places and modes; coordinates are map x, y.
        noise: of legs and rejection.
        pole: of the map: headings and bearings count from true north and are turned into the map where each particle
            is. None: they count from the map's y.

    Raises InputError for a start that is not before the first leg, a sighting that names no leg or an unknown kind.
    """
    n = legs.wheel_m.size
    if start.after != 0:
        raise InputError(f"modes: the start is after leg {start.after}", "give the places before the first leg")
    by_leg: dict[int, list[Sighting | PlaceModes]] = {}
    for one in sightings:
        if not 0 <= one.after <= n:
            raise InputError(f"drive: a sighting after leg {one.after} of {n}", "number legs from 1")
        by_leg.setdefault(one.after, []).append(one)
    held = _Particles(start, noise, pole)
    best = np.empty(n + 1)
    for k in range(n + 1):
        if k:
            held.carry(legs, k - 1)
        for one in by_leg.get(k, []):
            held.weigh(one)
        best[k] = held.heaviest()
    above = np.flatnonzero(best <= 0.99)
    decided = 0 if not above.size else int(above[-1]) + 1
    order = np.argsort(-np.array([one.weight for one in held.some]), kind="stable")
    some = [held.some[k] for k in order]
    return ModalFix(
        states=np.array([one.state for one in some]),
        covariances=np.array([one.covariance for one in some]),
        weights=np.array([one.weight for one in some]),
        elsewhere=held.elsewhere,
        best=best,
        decided_after=decided if decided <= n else -1,
        rejected=tuple(held.rejected),
    )


@dataclass(frozen=True, eq=False)
class _One:
    weight: float
    state: F64
    covariance: F64


class _Particles:
    """Gaussians with weights, and the weight of the flat hypothesis."""

    def __init__(self, start: PlaceModes, noise: DriveNoise, pole: Pole | None) -> None:
        self.noise, self.pole, self.area = noise, pole, start.area_m2
        self.rejected: list[str] = []
        self.elsewhere = start.elsewhere
        self.some = [
            self._born(float(p), place, spread)
            for p, place, spread in zip(start.probabilities, start.places_m, start.covariances_m2, strict=True)
            if p > 0.0
        ]

    def carry(self, legs: Legs, k: int) -> None:
        """Every particle over one leg."""
        moved = []
        for one in self.some:
            state, covariance, _ = Leg(legs, k, self.noise, True, self._turn(one.state)).carried(
                one.state, one.covariance
            )
            moved.append(_One(one.weight, state, covariance))
        self.some = moved

    def weigh(self, seen: Sighting | PlaceModes) -> None:
        """Weights and states after a sighting; those that no particle explains are left out by name."""
        flat = 0.0
        if isinstance(seen, PlaceModes):
            after = [self._split(one, seen) for one in self.some]
            some = [one for many in after for one in many]
            if self.elsewhere > 0.0:
                some += [
                    self._born(self.elsewhere * float(p) / self.area, place, spread)
                    for p, place, spread in zip(seen.probabilities, seen.places_m, seen.covariances_m2, strict=True)
                    if p > 0.0
                ]
                flat = self.elsewhere * seen.elsewhere / seen.area_m2
        else:
            updated = [self._updated(one, seen) for one in self.some]
            least = min((square for _, square in updated), default=np.inf)
            if least > stats.chi2.isf(self.noise.reject, np.atleast_1d(seen.value).size):
                self.rejected.append(f"{seen.kind} after leg {seen.after}: {np.sqrt(least):.1f} sigma off")
                return
            some = [one for one, _ in updated]
            if self.elsewhere > 0.0:
                if seen.kind == "place":
                    some.append(self._born(self.elsewhere / self.area, seen.value, seen.covariance))
                else:
                    flat = self.elsewhere * (1.0 / np.sqrt(self.area) if seen.kind == "range" else 0.5 / np.pi)
        total = sum(one.weight for one in some) + flat
        if not total > 0.0:
            self.rejected.append(f"modes after leg {seen.after}: none of the places held explains them")
            return
        self.elsewhere = flat / total
        self.some = _merged([_One(one.weight / total, one.state, one.covariance) for one in some])

    def heaviest(self) -> float:
        """Weight of the heaviest particle with all that lie within three of its sigmas."""
        if not self.some:
            return 0.0
        first = max(self.some, key=lambda one: one.weight)
        inverse = np.linalg.inv(first.covariance[:2, :2])
        off = np.array([one.state[:2] - first.state[:2] for one in self.some])
        near = np.einsum("ni,ij,nj->n", off, inverse, off) <= 9.0
        return float(np.sum(np.array([one.weight for one in self.some])[near]))

    def _born(self, weight: float, place: F64, spread: F64) -> _One:
        state = np.array([*np.asarray(place, np.float64), self.noise.slip_mean, 0.0, 0.0])
        covariance = np.zeros((SIZE, SIZE))
        covariance[:2, :2] = spread
        covariance[SLIP, SLIP] = self.noise.slip_sigma**2
        covariance[SCALE, SCALE] = self.noise.visual_scale_sigma**2
        covariance[HEADING, HEADING] = self.noise.heading_bias_rad**2
        return _One(weight, state, covariance)

    def _split(self, one: _One, seen: PlaceModes) -> list[_One]:
        """The particle at each mode it may be, and where the search missed it."""
        found = [_One(one.weight * seen.elsewhere / seen.area_m2, one.state, one.covariance)]
        for p, place, spread in zip(seen.probabilities, seen.places_m, seen.covariances_m2, strict=True):
            off = place - one.state[:2]
            spreads = one.covariance[:2, :2] + spread
            if p > 0.0 and float(off @ np.linalg.solve(spreads, off)) < 60.0:
                there, _ = _kalman(one, off, np.eye(2, SIZE), spread)
                found.append(_One(there.weight * float(p), there.state, there.covariance))
        return [child for child in found if child.weight > 0.0]

    def _updated(self, one: _One, seen: Sighting) -> tuple[_One, float]:
        expected, row = expected_sighting(one.state, seen)
        off = np.atleast_1d(np.asarray(seen.value, np.float64)) - expected
        if seen.kind == "bearing":
            off = (off + self._turn(one.state) + np.pi) % (2.0 * np.pi) - np.pi
        return _kalman(one, off, row, checked_covariance(np.atleast_2d(seen.covariance), f"{seen.kind}"))

    def _turn(self, state: F64) -> float:
        """What is added to an azimuth from true north to count it from the map's y."""
        return 0.0 if self.pole is None else float(np.radians(convergence_deg(state[0], state[1], self.pole)))


def _kalman(one: _One, off: F64, row: F64, own: F64) -> tuple[_One, float]:
    """The particle after an innovation (Joseph form), its weight times the likelihood; and the normalised square."""
    spread = row @ one.covariance @ row.T + own
    square = float(off @ np.linalg.solve(spread, off))
    density = np.exp(-0.5 * square) / np.sqrt(np.linalg.det(2.0 * np.pi * spread))
    gain = np.linalg.solve(spread, row @ one.covariance).T
    left = np.eye(SIZE) - gain @ row
    covariance = left @ one.covariance @ left.T + gain @ own @ gain.T
    return _One(one.weight * float(density), one.state + gain @ off, covariance), square


def _merged(some: list[_One]) -> list[_One]:
    """The heavier particles, those that say the same made one of the same mean and spread; weights still add up."""
    order = sorted(some, key=lambda one: -one.weight)
    kept: list[_One] = []
    for one in order:
        if one.weight < LEAST_WEIGHT and kept:
            continue
        for k, first in enumerate(kept):
            off = one.state - first.state
            if np.hypot(*off[:2]) ** 2 > MERGED_SIGMA**2 * np.trace(first.covariance[:2, :2]):
                continue
            if off @ np.linalg.solve(first.covariance, off) < MERGED_SIGMA**2 * SIZE:
                kept[k] = _pooled(first, one)
                break
        else:
            kept.append(one)
    kept = kept[:MOST_PARTICLES]
    scale = sum(one.weight for one in order) / sum(one.weight for one in kept)
    return [_One(one.weight * scale, one.state, one.covariance) for one in kept]


def _pooled(a: _One, b: _One) -> _One:
    weight = a.weight + b.weight
    share = b.weight / weight
    off = b.state - a.state
    spread = (1.0 - share) * a.covariance + share * b.covariance + share * (1.0 - share) * np.outer(off, off)
    return _One(weight, a.state + share * off, spread)
