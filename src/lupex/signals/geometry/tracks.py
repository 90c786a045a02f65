"""What a station sees of a place on the Moon at given times: direction, range, Doppler, Sun, and the way back.

The light path is solved in the barycentric frame (docs/theory/ground_geometry.md); no kernel is
needed once the series of Earth, Moon and Sun is made.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M, SPEED_OF_LIGHT_M_S
from lupex.base.errors import InputError, SpanError
from lupex.base.geodesy import local_axes
from lupex.ephemeris.ground_geometry import (
    BLOCK_S,
    COLUMNS,
    EARTH_SPIN,
    EARTH_TURN,
    EARTH_VELOCITY,
    MOON_PLACE,
    MOON_SPIN,
    MOON_TURN,
    MOON_VELOCITY,
    EarthMoonSeries,
    earth_moon_series,
)
from lupex.kernels.contact import light_path as kernel
from lupex.model import LunarPlace, Station


@dataclass(frozen=True, eq=False, kw_only=True)
class Track:
    """A place on the Moon as a station sees it, (time,) arrays; times are those of reception, TDB seconds past J2000.

    Attributes:
        azimuth_true_deg, elevation_deg: at the station, apparent (light time, aberration, refraction when asked for).
        range_m: path of the light that arrives. light_time_s: the same in seconds.
        range_rate_m_s: change of that range per second of reception, positive when receding (one way, downlink).
        sun_angle_deg: between Sun and place at the station (Sun-Earth-Moon angle).
        place_azimuth_true_deg, place_elevation_deg: of the station at the place when the light left.
        moon_offset_deg: between the place and the Moon's centre at the station. moon_radius_deg: of its disc.
    """

    station: str
    place: str
    times_tdb_s: F64
    azimuth_true_deg: F64
    elevation_deg: F64
    range_m: F64
    range_rate_m_s: F64
    sun_angle_deg: F64
    place_azimuth_true_deg: F64
    place_elevation_deg: F64
    moon_offset_deg: F64
    moon_radius_deg: F64

    @property
    def light_time_s(self) -> F64:
        """One-way light time (time,)."""
        return self.range_m / SPEED_OF_LIGHT_M_S


def track(
    station: Station,
    place: LunarPlace,
    times_tdb_s: ArrayLike,
    refractivity_n_units: float = 0.0,
    series: EarthMoonSeries | None = None,
) -> Track:
    """The place as the station sees it at times (n,) of reception, horizons not regarded.

    Args:
        station, place: the two ends.
        times_tdb_s: (n,) of reception, TDB seconds past J2000.
        refractivity_n_units: surface refractivity of the air at the station (0: no refraction; 315 is the mean of
            ITU-R P.453); elevations are then apparent ones.
        series: from `earth_moon_series`, when many tracks share a span.

    Raises:
        InputError: a time is not finite. SpanError: a time lies outside the kernels or the series.
    """
    times = np.atleast_1d(np.asarray(times_tdb_s, dtype=np.float64)).ravel()
    held = covering(times, series)
    rows = rows_at(times, held)
    seen = looks(station, rows, place_m(place)[None], np.zeros((1, 3)), local_axes(place.lat_deg, place.lon_deg),
                 refractivity_n_units)  # fmt: skip
    return _track(station, place.name, times, rows, seen, np.full(times.size, MOON_RADIUS_M + place.height_m))


def moving_track(
    station: Station,
    name: str,
    times_tdb_s: ArrayLike,
    positions_me_m: F64,
    velocities_me_m_s: F64,
    series: EarthMoonSeries | None = None,
) -> Track:
    """The same for something that moves about the Moon: positions and velocities (n, 3) when the light left.

    Both in MOON_ME axes, metres from the Moon's centre; the velocity is that relative to the turning axes. The
    direction at the place is given in those of longitude and latitude 0.

    Args:
        station: the antenna.
        name: of the spacecraft.
        times_tdb_s: (n,) of reception, TDB seconds past J2000.
        positions_me_m, velocities_me_m_s: (n, 3) of the spacecraft.
        series: from `earth_moon_series`, when many tracks share a span.
    """
    times = np.atleast_1d(np.asarray(times_tdb_s, dtype=np.float64)).ravel()
    rows = rows_at(times, covering(times, series))
    seen = looks(station, rows, positions_me_m, velocities_me_m_s, local_axes(0.0, 0.0), 0.0)
    return _track(station, name, times, rows, seen, np.linalg.norm(positions_me_m, axis=1))


def two_way(
    up: Station, down: Station, place: LunarPlace, times_tdb_s: ArrayLike, series: EarthMoonSeries | None = None
) -> tuple[F64, F64]:
    """Round-trip range (m) and its rate (m/s), (n,), for times of reception at ``down`` of a signal sent by ``up``.

    Two-way when the stations are one, three-way otherwise. The range is c times the whole light time, the rate its
    change per second of reception.
    """
    times = np.atleast_1d(np.asarray(times_tdb_s, dtype=np.float64)).ravel()
    held = covering(np.concatenate([times - 10.0, times]), series)
    leg = track(down, place, times, series=held)
    up_m, up_rate_m_s = _uplink(up, place, times, leg.light_time_s, held)
    # A second of reception is 1 - v/c seconds at the place.
    slow = 1.0 - leg.range_rate_m_s / SPEED_OF_LIGHT_M_S
    return leg.range_m + up_m, leg.range_rate_m_s + up_rate_m_s * slow


def doppler_hz(range_rate_m_s: ArrayLike, frequency_hz: float) -> F64:
    """Received less sent frequency (Hz) of a signal whose path grows at this rate: f (-v / c), exact for our rates.

    The rate is per second of reception (`Track.range_rate_m_s`), for which df/f = -v/c holds without terms of
    higher order; relativistic rates of clocks (some 1e-10) are left out.
    """
    return -np.asarray(range_rate_m_s, dtype=np.float64) / SPEED_OF_LIGHT_M_S * frequency_hz


def place_m(place: LunarPlace) -> F64:
    """Position (3,) of a place in MOON_ME, metres. Raises InputError when there is no such place."""
    numbers = (place.lat_deg, place.lon_deg, place.height_m)
    if not all(np.isfinite(numbers)) or abs(place.lat_deg) > 90.0 or abs(place.lon_deg) > 360.0:
        raise InputError(
            f"place {place.name}: {place.lat_deg}, {place.lon_deg}, {place.height_m} m does not exist",
            "latitude first, -90 to 90, then east longitude",
        )
    return (MOON_RADIUS_M + place.height_m) * local_axes(place.lat_deg, place.lon_deg)[2]


def covering(times: F64, series: EarthMoonSeries | None) -> EarthMoonSeries:
    """The series given, when it covers the times, or a new one. Raises InputError, SpanError."""
    if not times.size or not np.all(np.isfinite(times)):
        raise InputError("track: no times, or one is not finite", "give TDB seconds past J2000")
    if series is None:
        return earth_moon_series(float(times.min()), float(times.max()))
    last = series.first_tdb_s + BLOCK_S * series.series.shape[0]
    if times.min() < series.first_tdb_s or times.max() > last:
        raise SpanError("track: times outside the series of Earth and Moon", "make a series of the whole span")
    return series


def rows_at(times: F64, series: EarthMoonSeries) -> F64:
    """The 36 columns of a series at times (n,): (n, 36)."""
    rows = np.empty((times.size, COLUMNS))
    kernel.states(times, series.first_tdb_s, BLOCK_S, series.series, rows)
    return rows


def looks(station: Station, rows: F64, positions_me_m: F64, velocities: F64, axes: F64, n_units: float) -> F64:
    """Looks (n, 7) of a station at one place (1, 3) or a moving one (n, 3): columns of
    `lupex.kernels.contact.light_path`.

    Args:
        station: the antenna.
        rows: (n, 36) Earth, Moon and axes at each time.
        positions_me_m: (1, 3) or (n, 3) of the place.
        velocities: (1, 3) or (n, 3) of the place, m/s in MOON_ME.
        axes: (3, 3) east, north and up of the place.
        n_units: surface refractivity at the station, 0 for none.
    """
    seen = np.empty((rows.shape[0], kernel.LOOKS))
    kernel.looks(
        rows,
        np.array(station.itrf_m),
        local_axes(station.lat_deg, station.lon_deg),
        np.ascontiguousarray(positions_me_m, dtype=np.float64),
        np.ascontiguousarray(velocities, dtype=np.float64),
        axes,
        n_units,
        seen,
    )
    return seen


def _uplink(up: Station, place: LunarPlace, times: F64, light_s: F64, series: EarthMoonSeries) -> tuple[F64, F64]:
    """Path (n,) of a signal that reaches the place ``light_s`` before ``times``, m, and its rate per second there.

    Differences of times are carried, never times: a double of TDB seconds resolves 0.1 us, 36 m of light.
    """
    here, moves = _place_barycentric(place, rows_at(times, series), light_s)
    earth = rows_at(times, series)[:, EARTH_VELOCITY]
    path_m = light_s * SPEED_OF_LIGHT_M_S
    rate = np.zeros_like(times)
    for _ in range(5):  # each step gains a factor of 1e-4
        before_s = light_s + path_m / SPEED_OF_LIGHT_M_S
        rows = rows_at(times - before_s, series)
        middle = rows_at(times - 0.5 * before_s, series)[:, EARTH_VELOCITY]
        turned = rows[:, EARTH_TURN].reshape(-1, 3, 3) @ np.array(up.itrf_m)
        # Simpson's rule over the Earth's velocity: where the Earth was, from where it is at reception
        shift = -before_s[:, None] * (earth + 4.0 * middle + rows[:, EARTH_VELOCITY]) / 6.0
        path = here - shift - turned
        path_m = np.linalg.norm(path, axis=1)
        speed = rows[:, EARTH_VELOCITY] + np.cross(rows[:, EARTH_SPIN], turned)
        along = np.sum(path * (moves - speed), axis=1) / path_m
        rate = along / (1.0 - np.sum(path * speed, axis=1) / path_m / SPEED_OF_LIGHT_M_S)
    return path_m, rate


def _place_barycentric(place: LunarPlace, rows: F64, light_s: F64) -> tuple[F64, F64]:
    """Place when the light left, from the Earth's centre at reception (n, 3), and its barycentric velocity."""
    turned = rows[:, MOON_TURN].reshape(-1, 3, 3) @ place_m(place)
    speed = rows[:, MOON_VELOCITY] + np.cross(rows[:, MOON_SPIN], turned)
    centre_s = np.linalg.norm(rows[:, MOON_PLACE], axis=1) / SPEED_OF_LIGHT_M_S
    return rows[:, MOON_PLACE] + turned + speed * (centre_s - light_s)[:, None], speed


def _track(station: Station, name: str, times: F64, rows: F64, seen: F64, height_m: F64) -> Track:
    site = rows[:, EARTH_TURN].reshape(-1, 3, 3) @ np.array(station.itrf_m)
    distance = np.linalg.norm(rows[:, MOON_PLACE] - site, axis=1)
    return Track(
        station=station.name,
        place=name,
        times_tdb_s=times,
        azimuth_true_deg=seen[:, kernel.AZ],
        elevation_deg=seen[:, kernel.EL],
        range_m=seen[:, kernel.RANGE],
        range_rate_m_s=seen[:, kernel.RATE],
        sun_angle_deg=seen[:, kernel.SUN_ANGLE],
        place_azimuth_true_deg=seen[:, kernel.PLACE_AZ],
        place_elevation_deg=seen[:, kernel.PLACE_EL],
        moon_offset_deg=_apex_deg(distance, seen[:, kernel.RANGE], height_m),
        moon_radius_deg=np.degrees(np.arcsin(MOON_RADIUS_M / distance)),
    )


def _apex_deg(a: F64, b: F64, c: F64) -> F64:
    """Angle (deg) between sides a and b of triangles, opposite c: Kahan's formula, good for slender ones."""
    longer, shorter = np.maximum(a, b), np.minimum(a, b)
    part = c - (longer - shorter)
    top = np.maximum(((longer - shorter) + c) * part, 0.0)
    return np.asarray(2.0 * np.degrees(np.arctan(np.sqrt(top / ((longer + (shorter + c)) * ((longer - c) + shorter))))))
