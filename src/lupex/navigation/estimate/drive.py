"""The moving rover: extended Kalman filter over a drive, Rauch-Tung-Striebel smoother, rejection by innovation.

State (5,): east, north (m, from the lander), slip of the wheels, scale error of visual odometry, heading's bias (rad).
A leg moves the place by wheel distance times (1 - slip) along the heading less its bias; slip is a first-order
Gauss-Markov process, the other two are constants. Visual odometry measures the same leg another way, so it observes
the slip. The covariance starts with the lander's own when places are to be absolute.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import stats

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.model.position.fix import checked_covariance

EAST, NORTH, SLIP, SCALE, HEADING = range(5)
SIZE = 5


@dataclass(frozen=True, kw_only=True)
class DriveNoise:
    """Of a drive; assumptions unless said.

    Attributes:
        wheel_fraction: white error of a leg's wheel distance. slip_mean, slip_sigma: of the slip, slip_legs: legs over
            which it forgets. visual_fraction: white error of a leg by vision; visual_scale_sigma: of its constant (Yutu
            1-4 % on legs of 2-7 m, Wan 2014). heading_sigma_rad: white; heading_bias_rad: constant (plumb line 0.07 deg
            rms and mounting).
        inertial_sigma_m: of a leg's length by the inertial unit between two stops; by default that of a leg of 100 s
            (`dead_reckoning`); taken as white.
        reject: probability below which an innovation is left out.
    """

    wheel_fraction: float = 0.02
    slip_mean: float = 0.05
    slip_sigma: float = 0.05
    slip_legs: float = 20.0
    visual_fraction: float = 0.02
    visual_scale_sigma: float = 0.01
    heading_sigma_rad: float = 0.009
    heading_bias_rad: float = 0.009
    inertial_sigma_m: float = 0.3
    reject: float = 1e-5


@dataclass(frozen=True, eq=False)
class Legs:
    """Legs of a drive (n,): wheel distance (m), measured heading (rad from north, clockwise), distance by vision (m).

    Vision is NaN where it failed (no light, no texture). inertial_m: distance by the inertial unit, NaN or None
    without one.
    """

    wheel_m: F64
    heading_rad: F64
    visual_m: F64
    inertial_m: F64 | None = None

    def __post_init__(self) -> None:
        if self.inertial_m is None:
            object.__setattr__(self, "inertial_m", np.full(np.shape(np.atleast_1d(self.wheel_m)), np.nan))
        names = ("wheel_m", "heading_rad", "visual_m", "inertial_m")
        for name in names:
            object.__setattr__(self, name, np.atleast_1d(np.asarray(getattr(self, name), np.float64)))
        if len({getattr(self, name).shape for name in names}) > 1:
            raise InputError("drive: wheel, heading and vision have different lengths", "give one of each for a leg")
        if not (np.all(np.isfinite(self.wheel_m)) and np.all(np.isfinite(self.heading_rad))):
            raise InputError("drive: a wheel distance or heading is not finite", "only vision may have gaps (NaN)")


@dataclass(frozen=True, eq=False, kw_only=True)
class Sighting:
    """Something measured after leg ``after`` (0: before the first).

    Attributes:
        kind: 'range' (m to the beacon), 'bearing' (rad from north, clockwise, to the beacon; it has the heading's bias)
            or 'place' (east, north of a skyline, image or crater match).
        value: (1,) or (2,). covariance: (1, 1) or (2, 2). beacon_m: east, north of the lander or landmark.
    """

    after: int
    kind: str
    value: F64
    covariance: F64
    beacon_m: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, eq=False, kw_only=True)
class DriveFix:
    """States (n + 1, 5) and covariances (n + 1, 5, 5) after every leg: filtered, and smoothed with all data.

    nis: normalised squares of all innovations used, nis_degrees their degrees. rejected: what was left out.
    """

    states: F64
    covariances: F64
    smoothed: F64
    smoothed_covariances: F64
    nis: F64
    nis_degrees: F64
    rejected: tuple[str, ...] = field(default=())

    @property
    def warning(self) -> str:
        """What the innovations say against the covariance, in one sentence; '' where they fit it or there are none."""
        if not self.nis.size:
            return ""
        # One innovation at a time: its mean over degrees of freedom is one where filter and noise are right.
        total = float(self.nis_degrees.sum())
        low, high = stats.chi2.ppf([0.0005, 0.9995], total)
        square = float(self.nis.sum())
        if low <= square <= high:
            return ""
        side = "too small" if square > high else "too large"
        return f"innovations are {np.sqrt(square / total):.2f} times what the covariance says: it is {side}"


def drive_fix(
    legs: Legs,
    sightings: Sequence[Sighting],
    start_covariance_m2: F64,
    noise: DriveNoise = DriveNoise(),
    vision: bool = True,
) -> DriveFix:
    """Place of the rover after every leg, filtered and smoothed.

    Args:
        legs: what wheels, heading and vision say.
        sightings: ranges, bearings and places, in any order.
        start_covariance_m2: (2, 2) of the first place, east and north: the lander's own for absolute places.
        noise: of everything. vision: whether visual odometry is used.

    Raises InputError for a sighting that names no leg or an unknown kind.
    """
    state = np.array([0.0, 0.0, noise.slip_mean, 0.0, 0.0])
    covariance = np.zeros((SIZE, SIZE))
    covariance[:2, :2] = checked_covariance(start_covariance_m2, "drive's start")
    covariance[2:, 2:] = np.diag(np.square([noise.slip_sigma, noise.visual_scale_sigma, noise.heading_bias_rad]))
    by_leg: dict[int, list[Sighting]] = {}
    for one in sightings:
        if not 0 <= one.after <= legs.wheel_m.size:
            raise InputError(f"drive: a sighting after leg {one.after} of {legs.wheel_m.size}", "number legs from 1")
        by_leg.setdefault(one.after, []).append(one)
    held = _Run()
    n = legs.wheel_m.size
    states, covariances = np.empty((n + 1, SIZE)), np.empty((n + 1, SIZE, SIZE))
    predicted, predicted_p = np.empty((n, SIZE)), np.empty((n, SIZE, SIZE))
    before: list[Before] = []
    state, covariance = held.seen(state, covariance, by_leg.get(0, []), noise)
    states[0], covariances[0] = state, covariance
    for k in range(n):
        moved = Leg(legs, k, noise, vision)
        state, covariance, held_before = moved.carried(state, covariance)
        before.append(held_before)
        predicted[k], predicted_p[k] = state, covariance
        state, covariance = held.seen(state, covariance, by_leg.get(k + 1, []), noise)
        states[k + 1], covariances[k + 1] = state, covariance
    smoothed, smoothed_p = states.copy(), covariances.copy()
    for k in range(n - 1, -1, -1):
        gain = np.linalg.solve(predicted_p[k], before[k].cross.T).T
        smoothed[k] = before[k].state + gain @ (smoothed[k + 1] - predicted[k])
        smoothed_p[k] = before[k].covariance + gain @ (smoothed_p[k + 1] - predicted_p[k]) @ gain.T
    return DriveFix(
        states=states,
        covariances=covariances,
        smoothed=smoothed,
        smoothed_covariances=smoothed_p,
        nis=np.array(held.nis),
        nis_degrees=np.array(held.degrees, np.float64),
        rejected=tuple(held.rejected),
    )


@dataclass(frozen=True, eq=False)
class Before:
    """State and covariance before a leg once the leg's own distances are known, and their covariance with it after."""

    state: F64
    covariance: F64
    cross: F64


class Leg:
    """One leg: how it carries state and covariance.

    Vision and wheels are two noisy measures of one distance. With vision the leg's length is their weighted mean given
    the state (slip and scale), so that both errors stay in the state; the weights are those of their white noise.
    """

    def __init__(self, legs: Legs, k: int, noise: DriveNoise, vision: bool, turn_rad: float = 0.0) -> None:
        self.wheel, self.heading, self.noise = float(legs.wheel_m[k]), float(legs.heading_rad[k]) + turn_rad, noise
        self.visual = float(legs.visual_m[k]) if vision else float("nan")
        self.inertial = float(legs.inertial_m[k]) if legs.inertial_m is not None else float("nan")

    def carried(self, state: F64, covariance: F64) -> tuple[F64, F64, Before]:
        """State and covariance after the leg, its two distances taken in first; and what a smoother needs."""
        noise = self.noise
        # A place does not depend on the leg's own noise before it is driven: the leg's white errors are states of the
        # moment, carried as two extra columns and dropped after.
        wide = np.zeros((SIZE + 3, SIZE + 3))
        wide[:SIZE, :SIZE] = covariance
        scale = max(abs(self.wheel), 1e-9)
        wide[SIZE, SIZE] = (noise.wheel_fraction * scale) ** 2
        wide[SIZE + 1, SIZE + 1] = (noise.visual_fraction * scale) ** 2
        wide[SIZE + 2, SIZE + 2] = noise.heading_sigma_rad**2
        mean = np.concatenate([state, np.zeros(3)])
        identity = np.eye(SIZE + 3)
        if np.isfinite(self.visual):
            # visual / (1 + scale) = wheel (1 - slip) + e_w + e_v, both errors white.
            row = np.zeros(SIZE + 3)
            row[SLIP], row[SCALE], row[SIZE], row[SIZE + 1] = -self.wheel, self.wheel * (1.0 - mean[SLIP]), 1.0, 1.0
            expected = self.wheel * (1.0 - mean[SLIP]) * (1.0 + mean[SCALE])
            spread = row @ wide @ row + 1e-12
            gain = wide @ row / spread
            mean = mean + gain * (self.visual - expected)
            update = identity - np.outer(gain, row)
            wide = update @ wide @ update.T + 1e-12 * np.outer(gain, gain)
        if np.isfinite(self.inertial):
            row = np.zeros(SIZE + 3)
            row[SLIP], row[SIZE] = -self.wheel, 1.0
            spread = row @ wide @ row + noise.inertial_sigma_m**2
            gain = wide @ row / spread
            mean = mean + gain * (self.inertial - self.wheel * (1.0 - mean[SLIP]) - mean[SIZE])
            update = identity - np.outer(gain, row)
            wide = update @ wide @ update.T + noise.inertial_sigma_m**2 * np.outer(gain, gain)
        length = self.wheel * (1.0 - mean[SLIP]) + mean[SIZE]
        course = self.heading - mean[HEADING] + mean[SIZE + 2]
        sine, cosine = np.sin(course), np.cos(course)
        move = np.zeros((SIZE, SIZE + 3))
        move[:, :SIZE] = np.eye(SIZE)
        move[EAST, SLIP], move[NORTH, SLIP] = -self.wheel * sine, -self.wheel * cosine
        move[EAST, HEADING], move[NORTH, HEADING] = -length * cosine, length * sine
        move[EAST, SIZE], move[NORTH, SIZE] = sine, cosine
        move[EAST, SIZE + 2], move[NORTH, SIZE + 2] = length * cosine, -length * sine
        keep = np.exp(-1.0 / noise.slip_legs)
        move[SLIP, SLIP] = keep
        after = np.array(mean[:SIZE])
        after[EAST] += length * sine
        after[NORTH] += length * cosine
        after[SLIP] = noise.slip_mean + keep * (mean[SLIP] - noise.slip_mean)
        later = move @ wide @ move.T
        later[SLIP, SLIP] += noise.slip_sigma**2 * (1.0 - keep**2)
        later = 0.5 * (later + later.T)
        return after, later, Before(mean[:SIZE], wide[:SIZE, :SIZE], (wide @ move.T)[:SIZE])


class _Run:
    """Innovations gathered along a drive."""

    def __init__(self) -> None:
        self.nis: list[float] = []
        self.degrees: list[int] = []
        self.rejected: list[str] = []

    def seen(self, state: F64, covariance: F64, sightings: Sequence[Sighting], noise: DriveNoise) -> tuple[F64, F64]:
        """State and covariance after the sightings of one place (Joseph form)."""
        for one in sightings:
            expected, row = expected_sighting(state, one)
            off = np.atleast_1d(np.asarray(one.value, np.float64)) - expected
            if one.kind == "bearing":
                off = (off + np.pi) % (2.0 * np.pi) - np.pi
            own = checked_covariance(np.atleast_2d(one.covariance), f"{one.kind} after leg {one.after}")
            spread = row @ covariance @ row.T + own
            square = float(off @ np.linalg.solve(spread, off))
            if square > stats.chi2.isf(noise.reject, off.size):
                self.rejected.append(f"{one.kind} after leg {one.after}: {np.sqrt(square):.1f} sigma off")
                continue
            self.nis.append(square)
            self.degrees.append(off.size)
            gain = np.linalg.solve(spread, row @ covariance).T
            state = state + gain @ off
            left = np.eye(SIZE) - gain @ row
            covariance = left @ covariance @ left.T + gain @ own @ gain.T
        return state, covariance


def expected_sighting(state: F64, one: Sighting) -> tuple[F64, F64]:
    """What a sighting would be at a state (5,), and its partials (n, 5). Raises InputError for an unknown kind."""
    to = np.asarray(one.beacon_m) - state[:2]
    distance = float(np.hypot(*to))
    if one.kind == "place":
        return state[:2], np.eye(2, SIZE)
    row = np.zeros((1, SIZE))
    if distance < 0.5:
        raise InputError(f"drive: {one.kind} to a beacon at the rover itself", "leave it out")
    if one.kind == "range":
        row[0, :2] = -to / distance
        return np.array([distance]), row
    if one.kind == "bearing":
        row[0, EAST], row[0, NORTH] = -to[1] / distance**2, to[0] / distance**2
        row[0, HEADING] = 1.0
        return np.array([np.arctan2(to[0], to[1]) + state[HEADING]]), row
    raise InputError(f"drive: no sighting of kind '{one.kind}'", "use range, bearing or place")


def simulated_drive(
    headings_rad: F64, leg_m: float, rng: np.random.Generator, noise: DriveNoise = DriveNoise()
) -> tuple[Legs, F64]:
    """Made-up legs with slip, and the true places (n + 1, 2), east and north from the start.

    Args:
        headings_rad: (n,) true headings. leg_m: true length of a leg.
        rng: of the draws. noise: of everything.
    """
    n = headings_rad.size
    keep = np.exp(-1.0 / noise.slip_legs)
    slip = noise.slip_mean + noise.slip_sigma * rng.normal()
    scale, bias = noise.visual_scale_sigma * rng.normal(), noise.heading_bias_rad * rng.normal()
    wheel, visual = np.empty(n), np.empty(n)
    for k in range(n):
        wheel[k] = (leg_m + noise.wheel_fraction * leg_m * rng.normal()) / (1.0 - slip)
        visual[k] = (leg_m + noise.visual_fraction * leg_m * rng.normal()) * (1.0 + scale)
        slip = (
            noise.slip_mean + keep * (slip - noise.slip_mean) + noise.slip_sigma * np.sqrt(1 - keep**2) * rng.normal()
        )
    heading = headings_rad + bias + noise.heading_sigma_rad * rng.normal(size=n)
    steps = leg_m * np.stack([np.sin(headings_rad), np.cos(headings_rad)], axis=1)
    places = np.concatenate([np.zeros((1, 2)), np.cumsum(steps, axis=0)])
    return Legs(wheel, heading, visual), places
