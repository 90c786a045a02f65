"""Measurements of every kind but tracking as one table: rows of a CSV file, each to a predicted value with partials.

    lunar_satellites  m     pseudorange of a satellite in lunar orbit, its state at reception (place, velocity, MOON_ME)
    earth_gnss        m     pseudorange of an Earth satellite, its place when the signal left (geocentre, J2000)
    orbiter_range     m     one-way path; orbiter_doppler m/s its rate; reflector m half of a laser's round trip
    lander_radio      m     distance to a known point; lander_bearing, landmark_elevation deg to it
    same_beam         m     half a round trip less that of a known point, received by the antenna named
    dem_height        m     height of the ground above the 1737.4 km sphere

A receiver's clock is one unknown for every instant: pseudoranges of one instant are turned into orthonormal contrasts,
which are free of it and as white as the data were.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.ephemeris import BarycentricSeries, utc_to_split_tdb_s
from lupex.navigation.estimate.batch import Observations
from lupex.navigation.radio.beams import gnss_path, same_beam
from lupex.navigation.radio.paths import Receptions
from lupex.navigation.radio.ranges import RangeModel
from lupex.navigation.surface import models
from lupex.navigation.surface.models import Orbiter

ORBITERS = ("lunar_satellites", "orbiter_range", "orbiter_doppler", "reflector")
BEACONS = ("lander_radio", "lander_bearing", "landmark_elevation", "same_beam")
CLOCKED = ("lunar_satellites", "earth_gnss")
ANGLES = ("lander_bearing", "landmark_elevation")
SIGHTS = (*ORBITERS, *BEACONS, "earth_gnss", "dem_height")
"""Every method of the table."""
RADIAN = np.pi / 180.0


@dataclass(frozen=True, kw_only=True)
class Sight:
    """One measurement.

    Attributes:
        method: of `SIGHTS`. value, sigma: in the unit of the method. utc: of reception; '' where time tells nothing.
        place_m, velocity_m_s: of what was seen, as the method says; None where it needs none.
        name: of the satellite, landmark or antenna. where: place in the file, for messages.
    """

    method: str
    value: float
    sigma: float
    utc: str = ""
    place_m: tuple[float, float, float] | None = None
    velocity_m_s: tuple[float, float, float] | None = None
    name: str = ""
    where: str = ""

    def __post_init__(self) -> None:
        label = self.where or self.method
        if self.method not in SIGHTS:
            raise InputError(f"{label}: method '{self.method}'", f"use {', '.join(SIGHTS)}")
        if not (np.isfinite(self.value) and np.isfinite(self.sigma) and self.sigma > 0.0):
            raise InputError(
                f"{label}: value {self.value:g}, sigma {self.sigma:g}", "give finite numbers, sigma above 0"
            )
        if self.method in (*ORBITERS, *BEACONS, "earth_gnss") and self.place_m is None:
            raise InputError(f"{label}: {self.method} without the place of what was seen", "give x_m, y_m, z_m")
        if self.method in ORBITERS and self.velocity_m_s is None:
            raise InputError(f"{label}: {self.method} without a velocity", "give vx_m_s, vy_m_s, vz_m_s (MOON_ME)")
        if self.method in (*CLOCKED, "same_beam") and not self.utc:
            raise InputError(f"{label}: {self.method} without a time", "give utc of reception")
        radius = np.linalg.norm(self.place_m) if self.place_m is not None else np.nan
        if self.method in ORBITERS and not 1.7e6 < radius < 1e8:
            raise InputError(f"{label}: {self.method} from {radius:g} m of the Moon's centre", "give metres, MOON_ME")
        if self.method in BEACONS and not 1.7e6 < radius < 1.8e6:
            raise InputError(f"{label}: {self.method} to a point {radius:g} m from the Moon's centre", "give metres")


@dataclass(frozen=True, eq=False, kw_only=True)
class Surroundings:
    """What some methods need: series of Earth and Moon (earth_gnss), antennas and series (same_beam)."""

    series: BarycentricSeries | None = None
    model: RangeModel | None = None


def sight_observations(
    sights: Sequence[Sight], parameters: int, around: Surroundings = Surroundings()
) -> list[Observations]:
    """Observations of a state that begins with x, y, z, one entry for each method.

    Args:
        sights: in any order. parameters: length of the state.
        around: series and antennas.

    Raises InputError for pseudoranges of one satellite an instant, or a method whose surroundings are missing.
    """
    found = []
    for method in dict.fromkeys(one.method for one in sights):
        mine = [one for one in sights if one.method == method]
        predict = _predictor(method, mine, around)
        values, sigma = (np.array([getattr(one, key) for one in mine]) for key in ("value", "sigma"))
        scale = RADIAN if method in ANGLES else 1.0
        values, sigma, labels = (
            values * scale,
            sigma * scale,
            tuple(f"{one.utc or one.where} {one.name}" for one in mine),
        )
        if method in CLOCKED:
            contrast = _contrasts(mine)
            values, sigma = contrast @ values, np.abs(np.sqrt(contrast**2 @ sigma**2))
            predict, labels = _contrasted(predict, contrast), ()
        found.append(
            Observations(
                method=method,
                values=values,
                sigma=sigma,
                predict=_padded(predict, parameters),
                modulus=2.0 * np.pi if method in ANGLES else 0.0,
                labels=labels,
            )
        )
    return found


def simulated_sights(
    sights: Sequence[Sight], place_me_m: F64, rng: np.random.Generator, around: Surroundings = Surroundings(),
    clock_m: float = 3e5,
) -> list[Sight]:  # fmt: skip
    """The same sights with values that a receiver at a place would measure, noise and clock drawn.

    Args:
        sights: whose values do not matter. place_me_m: (3,) the truth.
        rng: of the draws. around: as in `sight_observations`.
        clock_m: one sigma of the clock's offset, drawn anew for every instant.
    """
    out: dict[int, Sight] = {}
    clocks: dict[str, float] = {}
    for method in dict.fromkeys(one.method for one in sights):
        chosen = [k for k, one in enumerate(sights) if one.method == method]
        mine = [sights[k] for k in chosen]
        predicted, _ = _predictor(method, mine, around)(place_me_m)
        scale = RADIAN if method in ANGLES else 1.0
        for k, one, value in zip(chosen, mine, predicted / scale, strict=True):
            clock = clocks.setdefault(f"{method} {one.utc}", clock_m * rng.normal()) if method in CLOCKED else 0.0
            out[k] = replace(one, value=float(value) + clock + one.sigma * rng.normal())
    return [out[k] for k in range(len(sights))]


Predict = Callable[[F64], tuple[F64, F64]]
"""Place (3,) -> values (n,) and Jacobian (n, 3)."""


def _predictor(method: str, mine: Sequence[Sight], around: Surroundings) -> Predict:
    places = np.array([one.place_m or (np.nan,) * 3 for one in mine])
    if method in ORBITERS:
        orbiter = Orbiter(places, np.array([one.velocity_m_s for one in mine]))
        model = {"orbiter_doppler": models.orbiter_doppler, "reflector": models.reflector_range}.get(
            method, models.orbiter_range
        )
        return lambda place: model(place, orbiter)
    if method == "earth_gnss":
        if around.series is None:
            raise InputError("earth_gnss: no series of Earth and Moon", "give one over the times")
        series, times = around.series, np.add(*utc_to_split_tdb_s([one.utc for one in mine]))
        return lambda place: gnss_path(series, place, times, places)
    if method == "same_beam":
        return _beams(mine, places, around)
    if method == "dem_height":
        return lambda place: models.dem_height(place, 0.0, 0.0, 0.0) if len(mine) == 1 else _stacked(place, len(mine))
    beacon = {"lander_radio": models.beacon_range, "lander_bearing": models.beacon_bearing}.get(
        method, models.beacon_elevation
    )
    return lambda place: beacon(place, places)


def _stacked(place: F64, count: int) -> tuple[F64, F64]:
    value, by = models.dem_height(place, 0.0, 0.0, 0.0)
    return np.repeat(value, count), np.repeat(by, count, axis=0)


def _beams(mine: Sequence[Sight], places: F64, around: Surroundings) -> Predict:
    if around.model is None:
        raise InputError("same_beam: no antennas", "name those of the catalogue in the column 'name'")
    model = around.model
    lander = places[0]
    if np.abs(places - lander).max() > 1e-3:
        raise InputError("same_beam: more than one lander", "give one file for each")
    known = model.antennas.names
    for one in mine:
        if one.name not in known:
            raise InputError(f"{one.where}: antenna '{one.name}' is not among {', '.join(known)}", "check the name")
    rx = np.array([known.index(one.name) for one in mine])
    receptions = Receptions(*utc_to_split_tdb_s([one.utc for one in mine]), rx, rx)
    return lambda place: same_beam(model, place, lander, receptions)


def _contrasts(mine: Sequence[Sight]) -> F64:
    """Rows (m, n) that are free of a constant at every instant: orthonormal where the sigmas are equal."""
    instants = list(dict.fromkeys(one.utc for one in mine))
    rows = []
    for instant in instants:
        where = [k for k, one in enumerate(mine) if one.utc == instant]
        if len({mine[k].name for k in where}) < len(where):
            raise InputError(f"{mine[where[0]].method} {instant}: a satellite is given twice", "keep one of them")
        sigmas = np.array([mine[k].sigma for k in where])
        # Null space of the clock's column, data whitened: Q of the orthogonal complement.
        column = (1.0 / sigmas)[:, None]
        null = np.linalg.svd(column, full_matrices=True)[0][:, 1:].T
        for line in null:
            row = np.zeros(len(mine))
            row[where] = line / sigmas
            rows.append(row)
    if not rows:
        raise InputError(
            f"{mine[0].method}: one satellite at every instant", "two at one instant are needed: the clock is unknown"
        )
    return np.array(rows)


def _contrasted(predict: Predict, contrast: F64) -> Predict:
    def told(place: F64) -> tuple[F64, F64]:
        values, by = predict(place)
        return contrast @ values, contrast @ by

    return told


def _padded(predict: Predict, parameters: int) -> Predict:
    def told(state: F64) -> tuple[F64, F64]:
        values, by = predict(state[:3])
        return values, np.concatenate([by, np.zeros((values.size, parameters - 3))], axis=1)

    return told
