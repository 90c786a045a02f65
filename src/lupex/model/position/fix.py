"""A position that never comes without its covariance, frame, epoch and method."""

from dataclasses import dataclass, field

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import InputError
from lupex.model.fields.terrain import frozen

ME_FRAME = "MOON_ME_DE440_ME421"


def checked_covariance(covariance: F64, what: str) -> F64:
    """The covariance (n, n), made exactly symmetric.

    Args:
        what: begins the message of an error.

    Raises InputError when it is not finite, not symmetric or not positive definite.
    """
    found = np.asarray(covariance, np.float64)
    if found.ndim != 2 or found.shape[0] != found.shape[1] or not np.all(np.isfinite(found)):
        raise InputError(f"{what}: covariance of shape {found.shape} is no finite square", "give a square of numbers")
    if not np.allclose(found, found.T, rtol=1e-6, atol=1e-12 * np.abs(found).max()):
        raise InputError(f"{what}: covariance is not symmetric", "check the order of its rows and columns")
    found = 0.5 * (found + found.T)
    spread = np.sqrt(np.maximum(np.diag(found), 1e-300))
    lowest = float(np.linalg.eigvalsh(found / np.outer(spread, spread)).min())
    if not lowest > 0.0:
        raise InputError(
            f"{what}: covariance is not positive definite (smallest eigenvalue of its correlations {lowest:.3g})",
            "a variance of zero or a correlation above one cannot be used",
        )
    return found


@dataclass(frozen=True, eq=False, kw_only=True)
class PositionFix:
    """Where a lander or rover is.

    Attributes:
        position_me_m: (3,) metres in ``frame``. covariance_me_m2: (3, 3).
        epoch_utc: when. method: names of what it was made of.
        frame: always MOON_ME_DE440_ME421 here; other frames by `lupex.navigation.converted`.
        residuals: statistic -> value (rms in sigmas, number of data, ...). rejected: what was left out and why.
        unobserved: directions nothing was learned of, in words. notes: what a user must know.
    """

    position_me_m: F64
    covariance_me_m2: F64
    epoch_utc: str
    method: str
    frame: str = ME_FRAME
    residuals: dict[str, float] = field(default_factory=dict)
    rejected: tuple[str, ...] = ()
    unobserved: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        place = np.asarray(self.position_me_m, np.float64)
        if place.shape != (3,) or not np.all(np.isfinite(place)):
            raise InputError("position: not three finite metres")
        if self.frame != ME_FRAME:
            raise InputError(f"position: frame {self.frame}", f"convert it to {ME_FRAME} first")
        object.__setattr__(self, "position_me_m", frozen(place))
        object.__setattr__(self, "covariance_me_m2", frozen(checked_covariance(self.covariance_me_m2, "position")))

    @property
    def lat_lon_height(self) -> tuple[float, float, float]:
        """Latitude, east longitude in [0, 360) (deg) and height above the 1737.4 km sphere (m)."""
        x, y, z = (float(v) for v in self.position_me_m)
        lat, lon = np.degrees(np.arctan2(z, np.hypot(x, y))), np.degrees(np.arctan2(y, x)) % 360.0
        return float(lat), float(lon), float(np.linalg.norm(self.position_me_m) - MOON_RADIUS_M)

    @property
    def covariance_enu_m2(self) -> F64:
        """Covariance (3, 3) along local east, north and up."""
        lat, lon, _ = self.lat_lon_height
        axes = enu_axes(lat, lon)
        return np.asarray(axes @ self.covariance_me_m2 @ axes.T)

    @property
    def sigma_enu_m(self) -> tuple[float, float, float]:
        """One sigma towards east, north and up (m)."""
        east, north, up = np.sqrt(np.diag(self.covariance_enu_m2))
        return float(east), float(north), float(up)

    @property
    def sigma_horizontal_m(self) -> float:
        """Root sum square of east and north (m)."""
        east, north, _ = self.sigma_enu_m
        return float(np.hypot(east, north))


def enu_axes(lat_deg: float, lon_deg: float) -> F64:
    """Unit vectors east, north, up by rows (3, 3) on the sphere; at a pole, north is along the meridian."""
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    return np.array(
        [
            [-np.sin(lon), np.cos(lon), 0.0],
            [-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)],
            [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)],
        ]
    )


def place_me_m(lat_deg: float, lon_deg: float, height_m: float = 0.0) -> F64:
    """MOON_ME place (3,), metres, of latitude, east longitude (deg) and height above the 1737.4 km sphere (m).

    Raises InputError for a place that does not exist.
    """
    if not (abs(lat_deg) <= 90.0 and abs(lon_deg) <= 360.0 and -1e5 < height_m < 1e9):
        raise InputError(f"place {lat_deg:g}, {lon_deg:g}, {height_m:g} m does not exist", "give degrees and metres")
    return np.asarray((MOON_RADIUS_M + height_m) * enu_axes(lat_deg, lon_deg)[2])
