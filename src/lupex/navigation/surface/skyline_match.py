"""Where was a panorama taken? Its skyline against the skylines of every cell, without a prior for place or yaw.

Two stages. Coarse: squared misfits of every cell at every yaw, steps of `COARSE_DEG`, as three matrix products per
block of cells; a mask stands for missing sectors. Fine: the best starts are refined in x, y, yaw and tilt offset by
least squares on skylines interpolated between cells. Places farther apart than `SettingsOfMatch.apart_cells` are modes
of their own; their probabilities are Laplace's approximation of the posterior under a flat prior, times the chance that
the search found the place at all. Theory: docs/theory/navigation.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.base.frames import convergence_deg, grid_from_pencil_deg, lat_lon_deg
from lupex.model import HorizonMap
from lupex.navigation.surface.skyline_coarse import COARSE_DEG, Panorama, SettingsOfMatch, coarse_candidates

BETWEEN_CELLS = 0.1
"""Error of a skyline interpolated between four cells as a share of what they differ by: measured on a 10 m tile, rms
0.05 to 0.16 (docs/theory/navigation.md)."""
SEARCH_MISSES = ((60.0, 9.0 / 42.0), (120.0, 3.0 / 42.0), (360.0, 1.0 / 38.0))
"""Covered degrees -> chance that the search never comes near the true place, however well it would fit: (missed + 1) /
(trials + 2) of 40, 40 and 36 trials on measured ground (docs/validation.md); in between by the straight line. What is
believed of the modes found is believed with the rest of it only."""
HUBER = 3.0
"""Misfits beyond so many sigmas count linearly: near relief that the map does not have."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Mode:
    """One place the panorama fits: map x, y (m), covariance (2, 2), latitude, longitude, true yaw (deg), probability.

    chi2_per_datum: about 1 where sigma is right; tilt_deg: offset in elevation found.
    """

    x_m: float
    y_m: float
    lat_deg: float
    lon_deg: float
    covariance_m2: F64
    yaw_deg: float
    tilt_deg: float
    probability: float
    chi2_per_datum: float

    @property
    def sigma_m(self) -> float:
        """Root of the trace of the covariance."""
        return float(np.sqrt(np.trace(self.covariance_m2)))


@dataclass(frozen=True, eq=False)
class SkylineFix:
    """Modes by falling probability, what a user must know, and the probability that the place is none of the modes."""

    modes: tuple[Mode, ...]
    notes: tuple[str, ...] = ()
    elsewhere: float = 0.0


def skyline_fix(horizon: HorizonMap, panorama: Panorama, settings: SettingsOfMatch = SettingsOfMatch()) -> SkylineFix:
    """Places of the map whose skylines the panorama fits, each with covariance and probability.

    Args:
        horizon: skylines of every cell, seen from the camera's height.
        panorama: what the camera saw.
        settings: noise and tilt.

    Raises InputError when nothing fits: an upside-down panorama, a wrong unit, a place off the map.
    """
    cells, yaws = coarse_candidates(horizon, panorama, settings)
    found = _Fine(horizon, panorama, settings).modes(cells, yaws)
    elsewhere = missed_probability(panorama.covered_deg)
    total = sum(weight for _, weight in found) / (1.0 - elsewhere)
    modes = tuple(
        Mode(**{**{k: getattr(mode, k) for k in mode.__dataclass_fields__}, "probability": weight / total})
        for mode, weight in found[: settings.modes]
    )
    best = modes[0]
    if best.chi2_per_datum > 9.0:
        flipped = _Fine(horizon, Panorama(-panorama.azimuth_deg, -panorama.elevation_deg), settings)
        upside = min(
            (mode.chi2_per_datum for mode, _ in flipped.modes(*coarse_candidates(horizon, flipped.panorama, settings)))
        )
        hint = (
            "it fits upside down: turn it over"
            if upside < 0.25 * best.chi2_per_datum
            else ("the place may be off the map, the unit wrong, or sigma far too small")
        )
        raise InputError(
            f"skyline match: the best place misfits by {np.sqrt(best.chi2_per_datum):.1f} sigma in every sample", hint
        )
    return SkylineFix(modes, _notes(horizon, panorama, modes), elsewhere)


def missed_probability(covered_deg: float) -> float:
    """Chance that a search by a panorama covering so many degrees never comes near its place (`SEARCH_MISSES`)."""
    covered, missed = zip(*SEARCH_MISSES, strict=True)
    return float(np.interp(covered_deg, covered, missed))


def _notes(horizon: HorizonMap, panorama: Panorama, modes: tuple[Mode, ...]) -> tuple[str, ...]:
    notes = []
    if panorama.covered_deg < 350.0:
        notes.append(f"the panorama covers {panorama.covered_deg:.0f} of 360 deg")
    elsewhere = missed_probability(panorama.covered_deg)
    if elsewhere > 0.05:
        notes.append(
            f"a search by so narrow a view misses its place altogether in {100.0 * elsewhere:.0f} of 100 trials: that "
            "is taken off every probability; add a sector"
        )
    if modes[0].probability < 0.95:
        notes.append(f"{len(modes)} places fit; the best has a probability of {modes[0].probability:.2f}")
    if modes[0].chi2_per_datum > 2.0:
        notes.append(
            f"misfits are {np.sqrt(modes[0].chi2_per_datum):.1f} times sigma; the covariance is scaled by that"
        )
    if horizon.synthetic_below_m is not None:
        notes.append(
            f"the map's relief below {horizon.synthetic_below_m:g} m is synthetic: no real panorama will fit it"
        )
    return tuple(notes)


class _Fine:
    """Least squares around starts: x, y (cells), yaw (deg), offset (deg)."""

    def __init__(self, horizon: HorizonMap, panorama: Panorama, settings: SettingsOfMatch) -> None:
        self.horizon, self.panorama, self.settings = horizon, panorama, settings
        spacing = panorama.covered_deg / panorama.azimuth_deg.size
        self.sigma = settings.sigma_deg * np.sqrt(max(1.0, settings.independent_deg / max(spacing, 1e-6)))
        self.step = 360.0 / horizon.azimuths_pencil_deg.size

    def modes(self, cells: NDArray[np.int64], yaws: F64) -> list[tuple[Mode, float]]:
        """Modes and their relative weights, by falling weight."""
        grid = self.horizon.grid
        rows, cols = np.divmod(cells, grid.cols)
        # Every candidate once more, at full resolution and at yaws across the coarse bin: the means over bins of the
        # coarse stage cannot rank places whose skylines differ in detail only.
        ranked = []
        for row, col, yaw in zip(rows.tolist(), cols.tolist(), yaws.tolist(), strict=True):
            cost, fine = self._best_yaw(row, col, yaw)
            ranked.append((cost, row, col, fine))
        ranked.sort()
        tried: list[tuple[float, float]] = []
        found: list[tuple[float, F64, F64]] = []
        for _, row, col, yaw in ranked:
            if any(np.hypot(row - r, col - c) < 2.0 for r, c in tried):
                continue
            tried.append((row, col))
            found.append(self._refined(np.array([row, col, yaw, 0.0])))
            if len(found) >= self.settings.starts:
                break
        found.sort(key=lambda one: one[0])
        kept: list[tuple[float, F64, F64]] = []
        for one in found:
            near = [k for k in kept if np.hypot(*(k[1][:2] - one[1][:2])) < self.settings.apart_cells]
            if not near:
                kept.append(one)
        lowest = kept[0][0]
        # Where the misfits are larger than sigma says, the posterior is as wide as they are.
        scale = max(1.0, self._misfit(kept[0][1]))
        weighed = []
        for chi2, state, covariance in kept:
            weight = float(np.exp(-0.5 * (chi2 - lowest) / scale) * np.sqrt(np.linalg.det(covariance[:2, :2])))
            weighed.append((self._mode(state, covariance * scale), weight))
        return sorted(weighed, key=lambda pair: -pair[1])

    def _best_yaw(self, row: int, col: int, yaw: float) -> tuple[float, float]:
        """Least misfit (tilt taken out) of one cell over yaws around a coarse one, and that yaw."""
        grid = self.horizon.grid
        knots = self._grid_azimuths(grid.left_m + (col + 0.5) * grid.cell_m, grid.top_m - (row + 0.5) * grid.cell_m)
        profile = self.horizon.counts[:, row, col] * HorizonMap.UNIT_DEG
        comb = yaw + np.arange(-COARSE_DEG, COARSE_DEG + 0.1, 0.5)
        wanted = self.panorama.azimuth_deg[None, :] + comb[:, None]
        left = self.panorama.elevation_deg - np.interp(wanted.ravel(), knots, profile, period=360.0).reshape(
            wanted.shape
        )
        shrink = 1.0 / ((self.sigma / self.settings.tilt_sigma_deg) ** 2 + left.shape[1])
        costs = (left**2).sum(axis=1) - shrink * left.sum(axis=1) ** 2
        best = int(np.argmin(costs))
        return float(costs[best]), float(comb[best])

    def _refined(self, start: F64) -> tuple[float, F64, F64]:
        state = start.copy()
        cost = self._cost(state)
        damping = 1e-2
        for _ in range(25):
            residual, _, jacobian = self._residual(state, jacobian=True)
            normal = jacobian.T @ jacobian
            move = np.linalg.solve(normal + damping * np.diag(np.diag(normal) + 1e-9), jacobian.T @ residual)
            move[:2] = np.clip(move[:2], -2.0, 2.0)
            fresh = self._cost(state + move)
            if fresh < cost:
                state, damping = state + move, damping * 0.3
                done = cost - fresh < 1e-4
                cost = fresh
                if done:
                    break
            else:
                damping *= 8.0
                if damping > 1e6:
                    break
        _, _, jacobian = self._residual(state, jacobian=True)
        covariance = np.asarray(np.linalg.pinv(jacobian.T @ jacobian), np.float64)
        # Between cells the skyline is known to its interpolation only: a tenth of a cell is the least sigma.
        covariance[0, 0] += 0.01
        covariance[1, 1] += 0.01
        return cost, state, covariance

    def _cost(self, state: F64) -> float:
        """Minus twice the log likelihood, up to a constant: Huber's loss and what the sigmas add."""
        residual, sigma, _ = self._residual(state, jacobian=False)
        size = np.abs(residual)
        loss = np.where(size <= HUBER, size**2, 2.0 * HUBER * size - HUBER**2)
        return float(loss.sum() + 2.0 * np.log(sigma / self.sigma).sum())

    def _misfit(self, state: F64) -> float:
        """Mean square of the samples' residuals in sigmas, large ones cut."""
        residual, _, _ = self._residual(state, jacobian=False)
        seen = residual[: self.panorama.azimuth_deg.size]
        return float(np.mean(np.minimum(np.abs(seen), 10.0) ** 2))

    def _residual(self, state: F64, jacobian: bool) -> tuple[F64, F64, F64]:
        """Weighted residuals with the priors of tilt and yaw below them, sigmas of the samples, Jacobian (weighted)."""
        grid = self.horizon.grid
        row = float(np.clip(state[0], 0.0, grid.rows - 1.001))
        col = float(np.clip(state[1], 0.0, grid.cols - 1.001))
        outside = np.hypot(state[0] - row, state[1] - col)
        r, c = int(row), int(col)
        fr, fc = row - r, col - c
        block = self.horizon.counts[:, r : r + 2, c : c + 2].astype(np.float64) * HorizonMap.UNIT_DEG
        across = block[:, :, 0] * (1.0 - fc) + block[:, :, 1] * fc
        profile = across[:, 0] * (1.0 - fr) + across[:, 1] * fr
        corners = block.reshape(-1, 4)
        apart = corners.max(axis=1) - corners.min(axis=1)
        x = grid.left_m + (col + 0.5) * grid.cell_m
        y = grid.top_m - (row + 0.5) * grid.cell_m
        knots = self._grid_azimuths(x, y)
        wanted = self.panorama.azimuth_deg + state[2]
        sigma = np.hypot(self.sigma, BETWEEN_CELLS * np.interp(wanted, knots, apart, period=360.0))
        predicted = np.interp(wanted, knots, profile, period=360.0) + state[3]
        left = (self.panorama.elevation_deg - predicted) / sigma
        priors = [-state[3] / self.settings.tilt_sigma_deg, 10.0 * outside]
        if self.settings.yaw_deg is not None:
            target = self.settings.yaw_deg + float(convergence_deg(x, y, grid.pole))
            priors.append(-((state[2] - target + 180.0) % 360.0 - 180.0) / self.settings.yaw_sigma_deg)
        residual = np.concatenate([left, priors])
        if not jacobian:
            return residual, sigma, np.zeros((0, 0))
        by_row = across[:, 1] - across[:, 0]
        by_col = (block[:, 0, 1] - block[:, 0, 0]) * (1.0 - fr) + (block[:, 1, 1] - block[:, 1, 0]) * fr
        h = 0.5 * self.step
        by_yaw = (
            np.interp(wanted + h, knots, profile, period=360.0) - np.interp(wanted - h, knots, profile, period=360.0)
        ) / (2.0 * h)
        slope = np.zeros((residual.size, 4))
        n = left.size
        slope[:n, 0] = np.interp(wanted, knots, by_row, period=360.0) / sigma
        slope[:n, 1] = np.interp(wanted, knots, by_col, period=360.0) / sigma
        slope[:n, 2] = by_yaw / sigma
        slope[:n, 3] = 1.0 / sigma
        slope[n, 3] = 1.0 / self.settings.tilt_sigma_deg
        if self.settings.yaw_deg is not None:
            slope[n + 2, 2] = 1.0 / self.settings.yaw_sigma_deg
        # Huber's weights, as in iteratively reweighted least squares.
        weight = np.sqrt(np.minimum(1.0, HUBER / np.maximum(np.abs(residual), 1e-12)))
        return residual * weight, sigma, slope * weight[:, None]

    def _grid_azimuths(self, x: float, y: float) -> F64:
        return grid_from_pencil_deg(self.horizon.azimuths_pencil_deg, x, y)

    def _mode(self, state: F64, covariance: F64) -> Mode:
        grid = self.horizon.grid
        x = grid.left_m + (state[1] + 0.5) * grid.cell_m
        y = grid.top_m - (state[0] + 0.5) * grid.cell_m
        lat, lon = lat_lon_deg(x, y, grid.pole)
        turn = grid.cell_m * np.array([[0.0, 1.0], [-1.0, 0.0]])
        return Mode(
            x_m=float(x),
            y_m=float(y),
            lat_deg=float(lat),
            lon_deg=float(lon),
            covariance_m2=turn @ covariance[:2, :2] @ turn.T,
            yaw_deg=float((state[2] - convergence_deg(x, y, grid.pole)) % 360.0),
            tilt_deg=float(state[3]),
            probability=0.0,
            chi2_per_datum=self._misfit(state),
        )
