"""The Sun over one period: an ideal year, or the real one with its distance and the eclipses by the Earth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.constants import (
    AU_M,
    EARTH_RADIUS_M,
    MOON_RADIUS_M,
    SOLAR_IRRADIANCE_1AU_W_M2,
    SUN_RADIUS_M,
    SYNODIC_MONTH_S,
)
from lupex.base.errors import SpanError
from lupex.base.frames import Pole, me_to_map_frame
from lupex.model import SkyTable

F64 = NDArray[np.float64]

INCLINATION_DEG = 1.543
"""Of the Moon's equator to the ecliptic: how far the subsolar point leaves the equator (IAU mean values)."""

SUN_RADIUS_RAD = SUN_RADIUS_M / AU_M
IDEAL_SAMPLES = 2880
PHASES = 24
SEASONS = 12
"""Rows of a table of light from facing slopes: hours of the lunar day by twelfths of the year."""


@dataclass(frozen=True, eq=False)
class SunPath:
    """The Sun over a period that repeats.

    Attributes:
        period_s: length; ``lunations``: days of the Moon in it, a whole number.
        direction: (sample, 3) unit vectors at evenly spaced instants, first 0, last the period.
        flux_w_m2: (sample,) outside any shadow of the Moon, less what the Earth covers.
        facing_row: (sample,) row of a table of facing slopes for the hour and season (`PHASES` x `SEASONS`).
        title: what it is, in words.
    """

    period_s: float
    lunations: int
    direction: F64
    flux_w_m2: F64
    facing_row: NDArray[np.int64]
    title: str

    def rows(self, steps_per_lunation: int, samples: int) -> F64:
        """(step x samples, 4): unit vector in the middle of each part of a step, mean flux over it / samples."""
        count = self.lunations * steps_per_lunation * max(samples, 1)
        grid = np.linspace(0.0, 1.0, self.flux_w_m2.size)
        vectors = self.direction_at((np.arange(count) + 0.5) / count)
        spacing = 1.0 / (grid.size - 1)
        total = np.concatenate([[0.0], np.cumsum(0.5 * (self.flux_w_m2[1:] + self.flux_w_m2[:-1]) * spacing)])
        mean = np.diff(np.interp(np.arange(count + 1) / count, grid, total)) * count
        return np.column_stack([vectors, mean / max(samples, 1)])

    def direction_at(self, part: F64) -> F64:
        """Unit vectors (n, 3) at parts 0..1 of the period."""
        grid = np.linspace(0.0, 1.0, self.flux_w_m2.size)
        vectors = np.column_stack([np.interp(part, grid, column) for column in self.direction.T])
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))

    def facing_rows(self, steps_per_lunation: int) -> tuple[NDArray[np.int64], F64]:
        """(step,): row of the table of facing slopes, and the flux relative to 1 au."""
        count = self.lunations * steps_per_lunation
        middle = (np.arange(count) + 0.5) / count
        near = np.rint(middle * (self.flux_w_m2.size - 1)).astype(np.int64)
        return self.facing_row[near], self.rows(steps_per_lunation, 1)[:, 3] / SOLAR_IRRADIANCE_1AU_W_M2

    def in_map_frame(self, pole: Pole) -> "SunPath":
        """The same path with directions in the map frame of a pole instead of MOON_ME."""
        turned = me_to_map_frame(self.direction, pole)
        return SunPath(self.period_s, self.lunations, turned, self.flux_w_m2, self.facing_row, self.title)


def ideal_year(inclination_deg: float = INCLINATION_DEG, lunations: int = 12) -> SunPath:
    """A year of whole lunations at 1 au in MOON_ME: the subsolar point goes once round in each, and north and south
    once a year as a sine; no eclipses. It begins at midnight on longitude 0 and the northward equinox.
    """
    part = np.linspace(0.0, 1.0, lunations * IDEAL_SAMPLES + 1)
    lon = np.pi - 2.0 * np.pi * lunations * part
    season = 2.0 * np.pi * part
    lat = np.radians(inclination_deg) * np.sin(season)
    vectors = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    flux = np.full(part.size, SOLAR_IRRADIANCE_1AU_W_M2)
    title = f"ideal year of {lunations} lunations, 1 au, subsolar latitude +-{inclination_deg:g} deg, no eclipses"
    return SunPath(lunations * SYNODIC_MONTH_S, lunations, vectors, flux, _facing(lon, season), title)


def real_sun(sky: SkyTable, lunations: int, place_me_m: F64 | None = None) -> SunPath:
    """The real Sun of a sky table that covers ``lunations`` mean synodic months from its first row, repeated after.

    47 lunations are 4.004 draconic years, so that seasons repeat with them; 12 are not.

    Args:
        sky: rows at most some hours apart; one hour resolves eclipses.
        place_me_m: (3,) where the eclipses by the Earth are seen, MOON_ME; None: the Moon's centre.

    Raises: SpanError when the table is too short.
    """
    period = lunations * SYNODIC_MONTH_S
    since = sky.times_tdb_s - sky.times_tdb_s[0]
    if since[-1] < period - 2.0 * sky.step_s:
        days = f"{since[-1] / 86400:.1f} days, {lunations} lunations last {period / 86400:.1f}"
        raise SpanError(
            f"thermal: the sky table spans {days}",
            "make a longer table",
        )
    count = max(int(round(period / 3600.0)), 24 * lunations)
    at = np.linspace(0.0, period, count + 1)
    place = np.zeros(3) if place_me_m is None else np.asarray(place_me_m, np.float64)
    sun = _between(since, sky.sun_me_m, at)
    earth = _between(since, sky.earth_me_m, at)
    distance = np.linalg.norm(sun, axis=1)
    vectors = sun / distance[:, None]
    light = 1.0 - earth_covers(sun - place, earth - place)
    flux = SOLAR_IRRADIANCE_1AU_W_M2 * (AU_M / distance) ** 2 * light
    lat, lon = np.arcsin(vectors[:, 2]), np.arctan2(vectors[:, 1], vectors[:, 0])
    season = np.arctan2(lat, np.gradient(lat, at) * (346.62 * 86_400.0 / (2.0 * np.pi)))
    title = f"real Sun over {lunations} lunations with eclipses by the Earth, then repeated"
    return SunPath(period, lunations, vectors, flux, _facing(lon, season), title)


def earth_covers(sun_m: F64, earth_m: F64) -> F64:
    """Share (time,) of the Sun's disc behind the Earth's, from vectors (time, 3) to both; overlap of two circles.

    The Earth's air, which lights the totally eclipsed Moon a little, is left out.

    Args:
        sun_m: (time, 3) apparent position of the Sun.
        earth_m: (time, 3) apparent position of the Earth.
    """
    sun_distance, earth_distance = np.linalg.norm(sun_m, axis=1), np.linalg.norm(earth_m, axis=1)
    r, big = np.arcsin(SUN_RADIUS_M / sun_distance), np.arcsin(EARTH_RADIUS_M / earth_distance)
    crossed = np.linalg.norm(np.cross(sun_m, earth_m), axis=1)
    apart = np.arctan2(crossed, np.sum(sun_m * earth_m, axis=1))
    d = np.clip(apart, np.abs(big - r) + 1e-12, None)
    with np.errstate(invalid="ignore"):
        a = np.arccos(np.clip((d * d + r * r - big * big) / (2 * d * r), -1, 1))
        b = np.arccos(np.clip((d * d + big * big - r * r) / (2 * d * big), -1, 1))
        lens = r * r * (a - np.sin(2 * a) / 2) + big * big * (b - np.sin(2 * b) / 2)
    share = np.where(apart >= r + big, 0.0, lens / (np.pi * r * r))
    inside = np.minimum(1.0, (big / r) ** 2)
    return np.asarray(np.where(apart <= np.abs(big - r), inside, np.clip(share, 0.0, 1.0)))


def place_vectors(lat_deg: float, lon_deg: float) -> tuple[F64, F64, F64]:
    """East, north and up (3,) of a place in MOON_ME; at a pole north is the limit along the meridian."""
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    up = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    east = np.array([-np.sin(lon), np.cos(lon), 0.0])
    return east, np.cross(up, east), up


def surface_point_m(lat_deg: float, lon_deg: float) -> F64:
    """Position (3,) of a place on the reference sphere, MOON_ME."""
    return MOON_RADIUS_M * place_vectors(lat_deg, lon_deg)[2]


def facing_sun(row: int, part: float = 0.0, inclination_deg: float = INCLINATION_DEG) -> F64:
    """Unit vector (3,) in MOON_ME to the Sun of a row of the table of facing slopes, ``part`` rows off its middle."""
    lon = 2.0 * np.pi * (row % PHASES + 0.5 + part) / PHASES - np.pi
    lat = np.radians(inclination_deg) * np.sin(2.0 * np.pi * (row // PHASES + 0.5) / SEASONS)
    return np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def _facing(lon_rad: F64, season_rad: F64) -> NDArray[np.int64]:
    hour = np.floor((lon_rad + np.pi) % (2.0 * np.pi) / (2.0 * np.pi) * PHASES).astype(np.int64) % PHASES
    season = np.floor(season_rad % (2.0 * np.pi) / (2.0 * np.pi) * SEASONS).astype(np.int64) % SEASONS
    return season * PHASES + hour


def _between(times: F64, values: F64, at: F64) -> F64:
    """Rows of ``values`` at other times; a cubic between hourly rows is good to far below a kilometre."""
    from scipy.interpolate import CubicSpline

    return np.asarray(CubicSpline(times, values, axis=0)(np.minimum(at, times[-1])))
