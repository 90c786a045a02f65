"""Files of positional data, and what they say as observations of one state: place, biases of antennas, plumb line."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError, LupexError
from lupex.base.gate import number, printable
from lupex.base.utc import utc_text
from lupex.catalogue import station, station_names
from lupex.ephemeris import BarycentricSeries, barycentric_series, utc_to_tdb_s
from lupex.gravity import lunar_field
from lupex.io.csv_table import CsvTable, read_csv_table
from lupex.io.messages.tdm import read_tdm
from lupex.model import Station, TrackingSegment
from lupex.model.position.fix import place_me_m
from lupex.navigation.estimate.batch import Observations, Predict
from lupex.navigation.radio.paths import Antennas
from lupex.navigation.radio.ranges import RangeModel
from lupex.navigation.radio.tracking import TrackingNoise, map_observations, stations_of, tracking_observations
from lupex.navigation.sights import ORBITERS, SIGHTS, Sight, Surroundings, sight_observations
from lupex.navigation.zenith import left_of_plumb_line_m, zenith_observations
from lupex.study.position.known_orbits import KnownOrbits, read_orbits, states_me

MAP_METHODS = ("image", "craters", "skyline", "star_tilt")
LEAST_SIGMA_M = 1e-3
"""No map is surer of a place than a millimetre; a sigma of 0 would let one row decide alone."""
PLUMB = ("plumb line north", "plumb line east")
"""Parameters of what is left of the plumb line (m), where zeniths are among the data."""
VECTORS = (("x_m", "y_m", "z_m"), ("vx_m_s", "vy_m_s", "vz_m_s"))


@dataclass(frozen=True, eq=False, kw_only=True)
class PositionData:
    """What the files hold: tracking, places read off maps (method, latitude and longitude, sigma) and other sights."""

    segments: tuple[TrackingSegment, ...] = ()
    places: tuple[tuple[str, tuple[float, float], float], ...] = ()
    sights: tuple[Sight, ...] = ()

    @property
    def zeniths(self) -> list[tuple[tuple[float, float], float]]:
        """Where star tracker and inclinometer point, with sigma (m)."""
        return [(at, sigma) for method, at, sigma in self.places if method == "star_tilt"]

    @property
    def times_utc(self) -> list[str]:
        """Every time of the data."""
        tracked = [t for one in self.segments for t in one.times_utc]
        return tracked + [one.utc for one in self.sights if one.utc]


@dataclass(frozen=True, eq=False, kw_only=True)
class Assembled:
    """Observations of a state that begins with x, y, z; names of its other parameters and their prior sigmas (m)."""

    observations: tuple[Observations, ...]
    names: tuple[str, ...]
    sigmas_m: tuple[float, ...]
    notes: tuple[str, ...] = field(default=())


def read_position_data(files: Sequence[Path], orbits: Sequence[Path] = ()) -> PositionData:
    """Everything that TDM files (keyword-value) and CSV files of places or of sights hold.

    Args:
        files: data; CSV with a column ``value`` are sights, others places.
        orbits: OEM and OPM of what sights name without a state.

    Raises InputError naming file and fault.
    """
    segments: list[TrackingSegment] = []
    places: list[tuple[str, tuple[float, float], float]] = []
    sights: list[Sight] = []
    known = read_orbits(orbits)
    for path in files:
        if path.suffix.lower() != ".csv":
            segments += read_tdm(path)[1]
            continue
        table = read_csv_table(path)
        if "value" in table.header:
            sights += sight_rows(table, known)
        else:
            places += _place_rows(table)
    _check_repeats(segments)
    return PositionData(segments=tuple(segments), places=tuple(places), sights=tuple(sights))


def assembled(data: PositionData, height_m: float, noise: TrackingNoise) -> Assembled:
    """Observations of all data.

    Args:
        data: of `read_position_data`. height_m: at which a map's place is taken to lie.
        noise: of tracking.

    Raises InputError for tracking by no known antenna, pseudoranges without two satellites at one instant.
    """
    stations, more = _stations(data), PLUMB if data.zeniths else ()
    size = 3 + len(stations) + len(more)
    found = _tracking(data.segments, noise, stations, len(more))
    found += [
        map_observations(f"{method} {k}", place_me_m(*at, height_m), sigma, size)
        for k, (method, at, sigma) in enumerate(data.places, 1)
        if method != "star_tilt"
    ]
    left_m = 0.0
    notes: tuple[str, ...] = ()
    if data.zeniths:
        used = lunar_field()
        left_m = left_of_plumb_line_m(used)
        where, spread = np.array([at for at, _ in data.zeniths]), np.array([sigma for _, sigma in data.zeniths])
        found.append(zenith_observations(where, spread, size, size - 2, used))
        notes = (
            f"star_tilt is corrected for the plumb line by GRGM1200A to degree {used.degree}; {left_m:.0f} m rms of it "
            "are left, alike over kilometres",
        )
    found += sight_observations(data.sights, size, _surroundings(data.sights, stations))
    sigmas = (*(noise.bias_m for _ in stations), *(left_m for _ in more))
    return Assembled(observations=tuple(found), names=(*stations, *more), sigmas_m=sigmas, notes=notes)


def antennas(names: Sequence[str]) -> Antennas:
    """The table of antennas of names of the catalogue or files. Raises InputError for one given twice or unknown."""
    found: list[Station] = [station(name) for name in names]
    called = tuple(one.name for one in found)
    if len(set(called)) != len(called):
        raise InputError("stations: one is given twice", "name each once")
    if not found:
        return Antennas((), np.zeros((0, 3)))
    return Antennas(called, np.array([one.itrf_m for one in found]), height_m=np.array([one.height_m for one in found]))


def sight_rows(table: CsvTable, orbits: KnownOrbits | None = None) -> list[Sight]:
    """The rows of a table of sights: method, value, sigma and, as the method needs them, utc, name, x_m, y_m, z_m,
    vx_m_s, vy_m_s, vz_m_s.

    Args:
        table: with a column ``value``.
        orbits: by name, of what a row names without a state.

    Raises InputError naming file and line.
    """
    for name in ("method", "sigma"):
        if name not in table.header:
            raise InputError(f"{table.path}: no column {name}", "give method, value, sigma and what the method needs")
    found = []
    states = _orbit_states(table, orbits) if orbits else {}
    for where, cells in table.rows:
        method, utc = cells["method"].strip(), cells.get("utc", "").strip()
        if method not in SIGHTS:
            raise InputError(f"{where}: method '{printable(method)}'", f"use {', '.join(SIGHTS)}")
        place, velocity = (_vector(where, cells, names) for names in VECTORS)
        try:
            time = utc_text(utc) if utc else ""
        except InputError as error:
            raise InputError(f"{where} utc: {error.what}", error.fix) from None
        if where in states:
            place, velocity = states[where]
        found.append(
            Sight(
                method=method,
                value=number(f"{where} value", cells["value"]),
                sigma=number(f"{where} sigma", cells["sigma"], 0.0, 1e9),
                utc=time,
                place_m=place,
                velocity_m_s=velocity,
                name=cells.get("name", "").strip(),
                where=where,
            )  # fmt: skip
        )
    return found


_State = tuple[tuple[float, float, float], tuple[float, float, float]]


def _orbit_states(table: CsvTable, orbits: KnownOrbits) -> dict[str, _State]:
    """Place and velocity in MOON_ME of every row of an orbiter that has none, by the place of the row in its file."""
    asked: dict[str, list[tuple[str, str]]] = {}
    for where, cells in table.rows:
        given = any(cells.get(name, "").strip() for names in VECTORS for name in names)
        if given or cells["method"].strip() not in ORBITERS:
            continue
        name, utc = cells.get("name", "").strip(), cells.get("utc", "").strip()
        if name.upper() not in orbits:
            raise InputError(f"{where}: no orbit of '{printable(name)}'", f"orbits given: {', '.join(orbits)}")
        if not utc:
            raise InputError(f"{where}: a state from an orbit needs a time", "give utc of reception")
        asked.setdefault(name.upper(), []).append((where, utc))
    found: dict[str, _State] = {}
    for name, rows in asked.items():
        try:
            states = states_me(orbits[name], utc_to_tdb_s([utc for _, utc in rows]))
        except LupexError:
            for where, utc in rows:  # the row at fault is named
                try:
                    states_me(orbits[name], utc_to_tdb_s([utc]))
                except LupexError as error:
                    raise type(error)(f"{where}: {error.what}", error.fix) from None
            raise
        for (where, _), place, velocity in zip(rows, *(one.tolist() for one in states), strict=True):
            found[where] = (tuple(place), tuple(velocity))
    return found


def _vector(where: str, cells: dict[str, str], names: tuple[str, str, str]) -> tuple[float, float, float] | None:
    given = [name for name in names if cells.get(name, "").strip()]
    if not given:
        return None
    if len(given) < 3:
        raise InputError(f"{where}: {given[0]} without the other two", f"give {', '.join(names)}")
    x, y, z = (number(f"{where} {name}", cells[name], -1e12, 1e12) for name in names)
    return x, y, z


def _place_rows(table: CsvTable) -> list[tuple[str, tuple[float, float], float]]:
    missing = [name for name in ("method", "lat_deg", "lon_deg", "sigma_m") if name not in table.header]
    if missing:
        raise InputError(
            f"{table.path}: no column {missing[0]}",
            "give method, lat_deg, lon_deg, sigma_m for places, or method, value, sigma ... for other sights",
        )
    found = []
    for where, cells in table.rows:
        method = cells["method"].strip()
        if method not in MAP_METHODS:
            raise InputError(f"{where}: method '{printable(method)}'", f"use {', '.join(MAP_METHODS)}")
        lat = number(f"{where} lat_deg", cells["lat_deg"], -90.0, 90.0)
        lon = number(f"{where} lon_deg", cells["lon_deg"], -360.0, 360.0)
        sigma = number(f"{where} sigma_m", cells["sigma_m"], LEAST_SIGMA_M, 1e6)
        found.append((method, (lat, lon), sigma))
    return found


def _check_repeats(segments: Sequence[TrackingSegment]) -> None:
    """Raise InputError when two segments hold the same instant of the same path: data counted twice."""
    seen: set[tuple[tuple[str, ...], str]] = set()
    for count, one in enumerate(segments, 1):
        way = tuple(one.participants[n - 1].lower() for n in one.path)
        for time in one.times_utc:
            if (way, time) in seen:
                raise InputError(f"TDM segment {count}: {time} of {' - '.join(way)} is given twice", "keep one of them")
            seen.add((way, time))


def _stations(data: PositionData) -> tuple[str, ...]:
    known = set(station_names())
    tracked = stations_of(data.segments)
    stations = [name for name in tracked if name in known]
    if data.segments and not stations:
        raise InputError(
            f"TDM: no participant is a station of the catalogue ({', '.join(tracked)})",
            "name them as lupex catalogue station does",
        )
    for one in data.sights:
        if one.method == "same_beam":
            if one.name not in known:
                raise InputError(f"{one.where}: antenna '{printable(one.name)}' is unknown",
                                 "name one of lupex catalogue station")  # fmt: skip
            stations.append(one.name)
    return tuple(dict.fromkeys(stations))


def _tracking(
    segments: Sequence[TrackingSegment], noise: TrackingNoise, stations: tuple[str, ...], more: int
) -> list[Observations]:
    if not segments:
        return []
    series = _series([t for one in segments for t in one.times_utc])
    found, _ = tracking_observations(segments, RangeModel(series=series, antennas=antennas(stations)), noise)
    return [replace(one, predict=_longer(one.predict, more)) for one in found]


def _longer(predict: Predict, more: int) -> Predict:
    """The same prediction for a state with ``more`` parameters behind."""

    def told(state: F64) -> tuple[F64, F64]:
        values, by = predict(state[: state.size - more])
        return values, np.concatenate([by, np.zeros((values.size, more))], axis=1)

    return told if more else predict


def sight_surroundings(sights: Sequence[Sight]) -> Surroundings:
    """Series of Earth and Moon and the antennas that some sights need."""
    return _surroundings(sights, _stations(PositionData(sights=tuple(sights))))


def _surroundings(sights: Sequence[Sight], stations: tuple[str, ...]) -> Surroundings:
    utc = [one.utc for one in sights if one.method in ("earth_gnss", "same_beam")]
    if not utc:
        return Surroundings()
    series = _series(utc)
    return Surroundings(series=series, model=RangeModel(series=series, antennas=antennas(stations)))


def _series(utc: Sequence[str]) -> BarycentricSeries:
    times = utc_to_tdb_s(utc)
    return barycentric_series(float(times.min()) - 300.0, float(times.max()) + 300.0)
