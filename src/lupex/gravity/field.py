"""The Moon's gravity field (GRGM1200A to degree 300) and what hangs from it: acceleration and the plumb line."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import ArrayLike

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.gravity.axes import pa_from_me
from lupex.kernels.navigation import gravity as kernel
from lupex.model.position.fix import enu_axes

FILE = "grgm1200a_300.npz"
EXACT = 100
"""Degree to which the file holds float64; beyond it float32, whose rounding is below the formal errors."""

PLUMB_LEFT_M = {20: 1815.0, 50: 1658.0, 100: 1225.0, 200: 788.0, 300: 549.0}
"""Published: metres rms that are left of the plumb line south of 85 S after a correction of that degree (GRGM1200A
against its degree 660); correlated over kilometres."""


@dataclass(frozen=True, eq=False)
class GravityField:
    """Fully normalised coefficients C, S (degree + 1, degree + 1), GM (m3/s2) and radius (m), axes MOON_PA."""

    gm_m3_s2: float
    radius_m: float
    cosine: F64
    sine: F64

    @property
    def degree(self) -> int:
        """Highest degree."""
        return self.cosine.shape[0] - 1

    def to_degree(self, degree: int) -> "GravityField":
        """The same cut at a degree. Raises InputError outside 0 .. the field's own."""
        if not 0 <= degree <= self.degree:
            raise InputError(f"gravity: degree {degree}", f"the field at hand reaches {self.degree}")
        return GravityField(
            self.gm_m3_s2,
            self.radius_m,
            np.ascontiguousarray(self.cosine[: degree + 1, : degree + 1]),
            np.ascontiguousarray(self.sine[: degree + 1, : degree + 1]),
        )


@lru_cache(maxsize=1)
def lunar_field() -> GravityField:
    """GRGM1200A to degree 300, as shipped; the tide system is not stated by its producer."""
    with files("lupex.data").joinpath(FILE).open("rb") as stream, np.load(stream, allow_pickle=False) as held:
        size = 301
        tables = []
        for which in (0, 1):
            whole = np.zeros((size, size))
            low, high = np.tril_indices(EXACT + 1), np.tril_indices(size)
            whole[low] = held["low"][which]
            above = high[0] > EXACT
            whole[high[0][above], high[1][above]] = held["high"][which]
            tables.append(whole)
        return GravityField(float(held["gm_m3_s2"]), float(held["radius_m"]), *tables)


@lru_cache(maxsize=8)
def factors(degree: int) -> F64:
    """Tables of the recursion (4, degree + 2, degree + 2) for `lupex.kernels.navigation.gravity`."""
    out = np.zeros((4, degree + 2, degree + 2))
    for n in range(1, degree + 2):
        m = np.arange(n, dtype=np.float64)
        out[kernel.ALONG, n, :n] = np.sqrt((2.0 * n + 1.0) * (2.0 * n - 1.0) / ((n - m) * (n + m)))
        if n > 1:
            inner = np.arange(n - 1, dtype=np.float64)
            out[kernel.BEFORE, n, : n - 1] = np.sqrt(
                (2.0 * n + 1.0) * (n - inner - 1.0) * (n + inner - 1.0) / ((2.0 * n - 3.0) * (n + inner) * (n - inner))
            )
    for n in range(degree + 1):
        m = np.arange(n + 1, dtype=np.float64)
        zonal = np.where(m == 0.0, np.sqrt(0.5), 1.0)
        out[kernel.BESIDE, n, : n + 1] = np.sqrt((n - m) * (n + m + 1.0)) * zonal
        grown = (2.0 * n + 1.0) * (n + m + 2.0) * (n + m + 1.0) / (2.0 * n + 3.0)
        out[kernel.BEYOND, n, : n + 1] = np.sqrt(grown) * zonal
    return out


def acceleration_pa(field: GravityField, places_pa_m: ArrayLike) -> F64:
    """Acceleration (n, 3), m/s2, at places (n, 3) in MOON_PA metres, in the same axes.

    Args:
        field: cut to the degree wanted.
        places_pa_m: on or above the surface; below the field's radius high degrees still hold near the surface.
    """
    places = np.ascontiguousarray(np.atleast_2d(np.asarray(places_pa_m, np.float64)))
    out = np.empty_like(places)
    kernel.accelerations(
        places, field.gm_m3_s2, field.radius_m, field.degree, field.cosine, field.sine, factors(field.degree), out
    )
    return out


def deflection_rad(place_me_m: F64, field: GravityField) -> tuple[float, float]:
    """Tilt of the zenith (against the plumb line, upwards) from the radius, towards north and towards east, radians.

    Args:
        place_me_m: (3,) on the surface, MOON_ME metres.
        field: cut to the degree wanted; its degree decides what is left (`PLUMB_LEFT_M`).

    Evaluate it on the surface: 3 km of height change it by a tenth. Tables that give the plumb line downwards have the
    other sign. The Moon's turn adds below 0.01 arcsec at a pole (omega^2 r sin(colatitude)) and is left out.
    """
    place = np.asarray(place_me_m, np.float64)
    turn = pa_from_me()
    pull = turn.T @ acceleration_pa(field, turn @ place)[0]
    zenith = -pull / np.linalg.norm(pull)
    lat = float(np.degrees(np.arctan2(place[2], np.hypot(place[0], place[1]))))
    east, north, up = enu_axes(lat, float(np.degrees(np.arctan2(place[1], place[0]))))
    return float(zenith @ north / (zenith @ up)), float(zenith @ east / (zenith @ up))
