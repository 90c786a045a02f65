"""Where was an image taken? Craters seen in it against a catalogue, nobody having said which is which.

Triangles of neighbouring craters are compared by their three sides and three diameters; each pair that agrees proposes
a place, a yaw and a scale. A proposal is judged by all craters of the image: each is either the nearest one of the
catalogue (Gaussian in place and log of diameter) or false, anywhere in the image. Beside the proposals stands the
hypothesis that every crater is false; what is left for it says how likely the pattern is chance. Theory:
docs/theory/navigation.md.
"""

from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.base.frames import Pole, convergence_deg, lat_lon_deg
from lupex.base.gate import numbers_checked

NEIGHBOURS = 6
"""Triangles are made of a crater and two of so many around it."""
MOST_PROPOSALS = 6000
GATE = 4.0
"""Sigmas within which a crater of the image may be one of the catalogue."""


@dataclass(frozen=True, eq=False)
class Craters:
    """Places (n, 2), metres, and diameters (n,), metres: on the map, or in an image (right, up, from its middle)."""

    xy_m: F64
    diameter_m: F64

    def __post_init__(self) -> None:
        xy = np.atleast_2d(np.asarray(self.xy_m, np.float64))
        size = np.atleast_1d(np.asarray(self.diameter_m, np.float64))
        if xy.shape != (size.size, 2) or not (np.all(np.isfinite(xy)) and np.all(np.isfinite(size))):
            raise InputError("craters: places and diameters do not match or are not finite", "give x, y, diameter each")
        if np.any(size <= 0.0):
            raise InputError(f"craters: a diameter of {size.min():g} m", "give positive metres")
        object.__setattr__(self, "xy_m", xy)
        object.__setattr__(self, "diameter_m", size)


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class CraterSettings:
    """What is assumed of image and catalogue; assumptions all.

    Attributes:
        sigma_m: of a crater's middle, image and catalogue together. size_sigma: of the log of a diameter.
        scale_sigma: of the image's scale (altimeter). false_fraction: craters of the image that are none of the
            catalogue's. map_sigma_m: tie of the map, added to every place.
        yaw_deg, yaw_sigma_deg: true azimuth of the image's up, where it is known; None for unknown.
        modes: most places reported.
    """

    sigma_m: float = 5.0
    size_sigma: float = 0.15
    scale_sigma: float = 0.02
    false_fraction: float = 0.3
    map_sigma_m: float = 5.0
    yaw_deg: float | None = None
    yaw_sigma_deg: float = 2.0
    modes: int = 8

    def __post_init__(self) -> None:
        for name in ("sigma_m", "size_sigma", "scale_sigma", "yaw_sigma_deg"):
            if not getattr(self, name) > 0.0:
                raise InputError(f"craters: {name} = {getattr(self, name):g}", "give a positive number")
        if not 0.0 < self.false_fraction < 1.0:
            raise InputError(f"craters: false_fraction = {self.false_fraction:g}", "give a number between 0 and 1")


@dataclass(frozen=True, eq=False, kw_only=True)
class CraterMode:
    """A place the image's middle may be: map x, y (m), covariance (2, 2), latitude, longitude, true yaw (deg).

    scale: of the image's metres on the map. probability: of this place. pairs: (k, 2) numbers of the image's craters
    and of the catalogue's that belong together.
    """

    x_m: float
    y_m: float
    lat_deg: float
    lon_deg: float
    covariance_m2: F64
    yaw_deg: float
    scale: float
    probability: float
    pairs: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class CraterFix:
    """Places by falling probability, and the probability that the pattern is chance or lies elsewhere."""

    modes: tuple[CraterMode, ...]
    elsewhere: float


def crater_fix(seen: Craters, catalogue: Craters, pole: Pole, settings: CraterSettings = CraterSettings()) -> CraterFix:
    """Places on a map from which an image shows the craters it shows, each with covariance and probability.

    Args:
        seen: right and up of the image's middle on the ground (m), turned by an unknown yaw.
        catalogue: on the polar map of ``pole``.
        pole: of the map.
        settings: noise, scale, yaw.

    Raises InputError for fewer than four craters in the image or in the catalogue, and where no pattern of the
    catalogue explains the image better than chance.
    """
    for what, one in (("image", seen), ("catalogue", catalogue)):
        if one.diameter_m.size < 4:
            raise InputError(f"craters: {one.diameter_m.size} in the {what}", "four are needed: three fit anywhere")
    judge = _Judge(seen, catalogue, pole, settings)
    found: list[tuple[float, F64, F64, NDArray[np.int64]]] = []
    for start in judge.proposals():
        place = judge.refined(start)
        if place is None:
            continue
        if all(np.hypot(*(place[1][:2] - other[1][:2])) > GATE * settings.sigma_m for other in found):
            found.append(place)
    found.sort(key=lambda one: -one[0])
    weights = np.exp(np.minimum(np.array([one[0] for one in found]), 600.0))
    total = 1.0 + float(weights.sum())  # 1: every crater false
    if total < 2.0:
        raise InputError(
            f"craters: no pattern of the catalogue explains the {seen.diameter_m.size} of the image better than chance",
            "give more craters, a wider catalogue, the right scale, or the yaw",
        )
    modes = tuple(
        judge.mode(state, covariance, pairs, float(weight) / total)
        for (_, state, covariance, pairs), weight in zip(found[: settings.modes], weights, strict=False)
    )
    return CraterFix(modes, 1.0 - float(sum(one.probability for one in modes)))


class _Judge:
    """State (4,): map x, y of the image's middle, grid azimuth of its up (rad), scale less one."""

    def __init__(self, seen: Craters, catalogue: Craters, pole: Pole, settings: CraterSettings) -> None:
        self.seen, self.catalogue, self.pole, self.settings = seen, catalogue, pole, settings
        self.tree = cKDTree(catalogue.xy_m)
        self.logs, self.known_logs = np.log(seen.diameter_m), np.log(catalogue.diameter_m)
        span = np.ptp(catalogue.xy_m, axis=0) + 1.0
        self.area = float(np.prod(span))
        reach = np.ptp(seen.xy_m, axis=0) + 4.0 * settings.sigma_m
        self.footprint = float(np.prod(reach))
        # Craters of the catalogue in one image: a false one is as likely anywhere, a true one is one of these.
        self.held = max(1.0, catalogue.diameter_m.size * self.footprint / self.area)
        spread = max(float(np.std(self.known_logs)), 0.1)
        off = (self.logs - self.known_logs.mean()) / spread
        self.log_false = -np.log(self.footprint) - 0.5 * off**2 - np.log(np.sqrt(2.0 * np.pi) * spread)

    def proposals(self) -> list[F64]:
        """States proposed by triangles that agree, those with most craters first; alike ones once."""
        own, known = _triangles(self.seen, turned=True), _triangles(self.catalogue, turned=False)
        if not own.size or not known.size:
            return []
        s = self.settings
        first = self._measures(self.seen.xy_m, self.logs, own)
        tree = cKDTree(self._measures(self.catalogue.xy_m, self.known_logs, known))
        pairs = [(a, b) for a, many in enumerate(tree.query_ball_point(first, GATE)) for b in many]
        if not pairs:
            return []
        ours, theirs = (np.array(side) for side in zip(*pairs, strict=True))
        states, left = _similarities(self.seen.xy_m[own[ours]], self.catalogue.xy_m[known[theirs]])
        good = (left < (3.0 * s.sigma_m) ** 2) & (np.abs(states[:, 3]) < GATE * s.scale_sigma)
        if s.yaw_deg is not None:
            grid = s.yaw_deg + convergence_deg(states[:, 0], states[:, 1], self.pole)
            off = (np.degrees(states[:, 2]) - grid + 180.0) % 360.0 - 180.0
            good &= np.abs(off) < GATE * s.yaw_sigma_deg
        order = np.flatnonzero(good)[np.argsort(left[good], kind="stable")][:MOST_PROPOSALS]
        states = states[order]
        if not states.size:
            return []
        counts = np.array([len(self._pairs(state, 2.0 * GATE)) for state in states])
        kept: list[F64] = []
        for k in np.argsort(-counts, kind="stable"):
            if counts[k] < 4 or len(kept) >= 40:
                break
            alike = any(
                np.hypot(*(states[k][:2] - one[:2])) < 2.0 * GATE * s.sigma_m and np.cos(states[k][2] - one[2]) > 0.99
                for one in kept
            )
            if not alike:
                kept.append(states[k])
        return kept

    def refined(self, start: F64) -> tuple[float, F64, F64, NDArray[np.int64]] | None:
        """Log of the evidence over that of chance, state, covariance (4, 4) and pairs; None where it falls apart."""
        state, pairs = start.copy(), self._pairs(start, 2.0 * GATE)
        for gate in (2.0 * GATE, GATE, GATE, GATE):
            if len(pairs) < 3:
                return None
            for _ in range(3):
                rows, right = self._rows(state, pairs)
                state = state + np.linalg.lstsq(rows, right, rcond=None)[0]
            pairs = self._pairs(state, gate)
        if len(pairs) < 4:
            return None
        rows, _ = self._rows(state, pairs)
        covariance = np.asarray(np.linalg.inv(rows.T @ rows), np.float64)
        return self._evidence(state, covariance, pairs), state, covariance, pairs

    def mode(self, state: F64, covariance: F64, pairs: NDArray[np.int64], probability: float) -> CraterMode:
        """A place as users see it, the tie of the map in its covariance."""
        x, y = float(state[0]), float(state[1])
        lat, lon = lat_lon_deg(x, y, self.pole)
        return CraterMode(
            x_m=x,
            y_m=y,
            lat_deg=float(lat),
            lon_deg=float(lon),
            covariance_m2=covariance[:2, :2] + self.settings.map_sigma_m**2 * np.eye(2),
            yaw_deg=float((np.degrees(state[2]) - convergence_deg(x, y, self.pole)) % 360.0),
            scale=1.0 + float(state[3]),
            probability=probability,
            pairs=pairs,
        )

    def _measures(self, xy: F64, logs: F64, triangles: NDArray[np.int64]) -> F64:
        """Logs of sides and diameters (n, 6) in sigmas; sides by their own error and that of the scale."""
        s = self.settings
        a, b, c = (xy[triangles[:, k]] for k in range(3))
        sides = np.stack([np.linalg.norm(u - v, axis=1) for u, v in ((a, b), (b, c), (c, a))], axis=1)
        usual = np.median(np.linalg.norm(self.seen.xy_m - self.seen.xy_m.mean(axis=0), axis=1)) + s.sigma_m
        sigma = np.hypot(s.scale_sigma, np.sqrt(2.0) * s.sigma_m / usual)
        return np.concatenate([np.log(np.maximum(sides, 1e-9)) / sigma, logs[triangles] / s.size_sigma], axis=1)

    def _placed(self, state: F64) -> F64:
        sine, cosine = np.sin(state[2]), np.cos(state[2])
        right, up = self.seen.xy_m[:, 0], self.seen.xy_m[:, 1]
        return state[:2] + (1.0 + state[3]) * np.stack([right * cosine + up * sine, up * cosine - right * sine], axis=1)

    def _pairs(self, state: F64, gate: float) -> NDArray[np.int64]:
        """Numbers (k, 2) of the image's craters and the nearest of the catalogue, each used once, within a gate."""
        away, which = self.tree.query(self._placed(state))
        size = (self.logs + np.log1p(state[3]) - self.known_logs[which]) / self.settings.size_sigma
        square = (away / self.settings.sigma_m) ** 2 + size**2
        pairs, taken = [], set()
        for k in np.argsort(square, kind="stable"):
            if square[k] <= gate**2 and which[k] not in taken:
                taken.add(which[k])
                pairs.append((int(k), int(which[k])))
        return np.array(pairs, np.int64).reshape(-1, 2)

    def _rows(self, state: F64, pairs: NDArray[np.int64]) -> tuple[F64, F64]:
        """Whitened partials by the state and residuals; priors of scale and yaw below."""
        s, n = self.settings, len(pairs)
        placed = self._placed(state)[pairs[:, 0]]
        off = self.catalogue.xy_m[pairs[:, 1]] - placed
        arm = placed - state[:2]
        rows = np.zeros((2 * n + 2, 4))
        rows[:n, 0] = rows[n : 2 * n, 1] = 1.0
        rows[:n, 2], rows[n : 2 * n, 2] = arm[:, 1], -arm[:, 0]
        rows[:n, 3], rows[n : 2 * n, 3] = (arm / (1.0 + state[3])).T
        rows[: 2 * n] /= s.sigma_m
        right = np.concatenate([off[:, 0], off[:, 1], np.zeros(2)]) / s.sigma_m
        rows[-2, 3], right[-2] = 1.0 / s.scale_sigma, -state[3] / s.scale_sigma
        right[-1] = 0.0
        if s.yaw_deg is not None:
            grid = np.radians(s.yaw_deg + float(convergence_deg(state[0], state[1], self.pole)))
            sigma = np.radians(s.yaw_sigma_deg)
            rows[-1, 2] = 1.0 / sigma
            right[-1] = ((grid - state[2] + np.pi) % (2.0 * np.pi) - np.pi) / sigma
        return rows, right

    def _evidence(self, state: F64, covariance: F64, pairs: NDArray[np.int64]) -> float:
        """Log of the probability of the image by this place over that by chance, the place's own extent counted in."""
        s = self.settings
        off = self.catalogue.xy_m[pairs[:, 1]] - self._placed(state)[pairs[:, 0]]
        size = (self.logs[pairs[:, 0]] + np.log1p(state[3]) - self.known_logs[pairs[:, 1]]) / s.size_sigma
        square = np.sum(off**2, axis=1) / s.sigma_m**2 + size**2
        log_true = -0.5 * square - np.log((2.0 * np.pi) ** 1.5 * s.sigma_m**2 * s.size_sigma) - np.log(self.held)
        ratio = (1.0 - s.false_fraction) * np.exp(log_true - self.log_false[pairs[:, 0]]) + s.false_fraction
        told = float(np.log(ratio).sum()) + (self.logs.size - len(pairs)) * float(np.log(s.false_fraction))
        prior = (
            -np.log(self.area) - 0.5 * (state[3] / s.scale_sigma) ** 2 - np.log(np.sqrt(2.0 * np.pi) * s.scale_sigma)
        )
        if s.yaw_deg is None:
            prior -= np.log(2.0 * np.pi)
        else:
            rows, right = self._rows(state, pairs)
            prior += np.log(rows[-1, 2] / np.sqrt(2.0 * np.pi)) - 0.5 * right[-1] ** 2
        volume = 0.5 * float(np.linalg.slogdet(2.0 * np.pi * covariance)[1])
        return told + float(prior) + volume


def _triangles(craters: Craters, turned: bool) -> NDArray[np.int64]:
    """Triples (n, 3) of a crater and two around it, each once; ``turned``: in all six orders."""
    count = craters.diameter_m.size
    near = cKDTree(craters.xy_m).query(craters.xy_m, min(NEIGHBOURS + 1, count))[1]
    found = {tuple(sorted((int(row[0]), int(a), int(b)))) for row in near for a, b in combinations(row[1:], 2)}
    some = np.array(sorted(found), np.int64).reshape(-1, 3)
    return np.concatenate([some[:, list(order)] for order in permutations(range(3))]) if turned else some


def _similarities(own: F64, known: F64) -> tuple[F64, F64]:
    """States (n, 4) that bring triangles (n, 3, 2) of the image onto those of the map, and mean squares left (m2)."""
    a = own[..., 0] + 1j * own[..., 1]
    b = known[..., 0] + 1j * known[..., 1]
    a0, b0 = a.mean(axis=1), b.mean(axis=1)
    da, db = a - a0[:, None], b - b0[:, None]
    turn = np.sum(np.conj(da) * db, axis=1) / np.maximum(np.sum(np.abs(da) ** 2, axis=1), 1e-12)
    shift = b0 - turn * a0
    left = np.mean(np.abs(db - turn[:, None] * da) ** 2, axis=1)
    # Azimuths count clockwise, angles of complex numbers the other way.
    return np.stack([shift.real, shift.imag, -np.angle(turn), np.abs(turn) - 1.0], axis=1), left
