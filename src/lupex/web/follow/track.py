"""The rover's way by its own telemetry, with the covariance that wheels and heading leave.

The place is that of odometry. What it is worth comes from `navigation.estimate.drive_fix`: legs of five metres or more
by the odometer, without vision and with nothing sighted, so the ellipse only grows. It begins at the first place that
telemetry holds, taken as exact: the ellipse is relative to it. Its middle is where the filter believes the rover to
be, behind the odometry by the mean slip.
"""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lupex.base.arrays import F64
from lupex.navigation.estimate.drive import DriveNoise, Legs, drive_fix

LEG_M = 5.0
MOST_LEGS = 2000
MOST_POINTS = 20_000
SIGMAS = 2.4477
"""Semi-axes of an ellipse that holds 95 % of a plane's normal distribution, in sigmas."""


@dataclass
class Track:
    """Places in order of reception."""

    ms: list[float] = field(default_factory=list)
    x_m: list[float] = field(default_factory=list)
    y_m: list[float] = field(default_factory=list)
    heading_deg: list[float] = field(default_factory=list)
    odometer_m: list[float] = field(default_factory=list)

    def add(self, ms: list[float], x_m: F64, y_m: F64, heading_deg: F64, odometer_m: F64) -> None:
        """Take in places of telemetry (n,); those that are no numbers are left out."""
        good = np.isfinite(x_m) & np.isfinite(y_m) & np.isfinite(heading_deg) & np.isfinite(odometer_m)
        self.ms += [when for when, ok in zip(ms, good.tolist(), strict=True) if ok]
        for kept, more in (
            (self.x_m, x_m), (self.y_m, y_m), (self.heading_deg, heading_deg), (self.odometer_m, odometer_m),
        ):  # fmt: skip
            kept += more[good].tolist()
        if len(self.ms) > MOST_POINTS:
            for name in ("ms", "x_m", "y_m", "heading_deg", "odometer_m"):
                setattr(self, name, getattr(self, name)[::2])

    def told(self) -> dict[str, Any]:
        """The way by packet time, and the ellipses after every leg: middle, semi-axes (95 %) and direction."""
        if not self.ms:
            return {"ms": [], "x_m": [], "y_m": [], "heading_deg": [], "odometer_m": [], "ellipses": []}
        order = np.argsort(self.ms, kind="stable")
        columns = {
            name: np.array(getattr(self, name), np.float64)[order]
            for name in ("ms", "x_m", "y_m", "heading_deg", "odometer_m")
        }
        return {name: column.tolist() for name, column in columns.items()} | {"ellipses": _ellipses(columns)}


def _ellipses(way: dict[str, F64]) -> list[dict[str, float]]:
    """After every leg; a rover that did not move has a point."""
    odometer = np.maximum.accumulate(np.abs(np.diff(way["odometer_m"], prepend=way["odometer_m"][0])).cumsum())
    leg_m = max(LEG_M, float(odometer[-1]) / MOST_LEGS)
    ends = [0]
    for k in range(1, odometer.size):
        if odometer[k] - odometer[ends[-1]] >= leg_m:
            ends.append(k)
    if odometer[-1] - odometer[ends[-1]] > 0.0:
        ends.append(odometer.size - 1)
    if len(ends) == 1:
        return [_ellipse(way, 0, np.zeros(2), np.zeros((2, 2)))]
    wheel = np.diff(odometer[ends])
    # The heading of a leg is the way its odometry went, not where the rover looks at its end.
    step_x, step_y = np.diff(way["x_m"][ends]), np.diff(way["y_m"][ends])
    fix = drive_fix(Legs(wheel, np.arctan2(step_x, step_y), np.full(wheel.size, np.nan)), [], np.eye(2) * 1e-6,
                    DriveNoise(), False)  # fmt: skip
    return [_ellipse(way, k, fix.states[n, :2], fix.covariances[n, :2, :2]) for n, k in enumerate(ends)]


def _ellipse(way: dict[str, F64], k: int, moved_m: F64, covariance_m2: F64) -> dict[str, float]:
    values, vectors = np.linalg.eigh(covariance_m2)
    along = vectors[:, 1]
    return {
        "ms": float(way["ms"][k]),
        "x_m": float(way["x_m"][0] + moved_m[0]),
        "y_m": float(way["y_m"][0] + moved_m[1]),
        "major_m": SIGMAS * math.sqrt(max(float(values[1]), 0.0)),
        "minor_m": SIGMAS * math.sqrt(max(float(values[0]), 0.0)),
        "azimuth_grid_deg": math.degrees(math.atan2(float(along[0]), float(along[1]))) % 180.0,
    }
