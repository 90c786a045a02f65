"""Where the Sun and a second body stand for the page: the Earth, an antenna on it, or a relay in lunar orbit."""

from pathlib import Path

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.base.frames import me_to_map_frame
from lupex.ephemeris import earth_moon_series, sky_span, utc_to_tdb_s
from lupex.io import read_oem
from lupex.model import SkyTable, Station
from lupex.signals.geometry.orbit import Orbit, in_moon_me, orbit
from lupex.study.contacts.chosen import asked_station, asked_stations
from lupex.web.folder import StudyFolder
from lupex.web.ground import MOST_TIMES, unix_ms

EARTH, RELAY = "earth", "relay"
COLUMNS = 8
UP_M = 1e5


def bodies(study: StudyFolder, relay: Orbit | None) -> list[dict[str, str]]:
    """What the map may be seen from beside Sun and Earth: the mission's antennas, and the relay.

    Args:
        study: whose mission. relay: None for none.
    """
    found = []
    try:
        stations = asked_stations(study.mission.ground)
    except InputError as error:  # a file that is gone: the rest of the page does not depend on it
        study.note(str(error))
        stations = []
    found += [{"name": one.name, "title": one.title} for one in stations]
    if relay is not None:
        found.append({"name": RELAY, "title": f"relay {relay.table.name}"})
    return found


def read_relay(path: str | Path) -> Orbit:
    """The orbit of a relay in an OEM file. Raises InputError for a file with no orbit, or several, about the Moon."""
    tables = read_oem(path)
    if len(tables) != 1:
        raise InputError(f"{path}: {len(tables)} orbits", "give a file with one")
    return orbit(tables[0])


def sky_bytes(
    study: StudyFolder, span_utc: tuple[str, str], step_s: float, toward: str = EARTH, relay: Orbit | None = None
) -> bytes:
    """Sun and a second body over time: rows of 8 float64, little-endian.

    Columns: time (ms since 1970 UTC), Sun x y k, body x y k, and 1 where the body can look at the Moon at all (an
    antenna: the Moon's centre above its lowest elevation, without mask and refraction; a relay: within its table).
    Positions are metres in the map frame of the pole, from the Moon's centre, without light time.

    Args:
        study: whose pole and antennas.
        span_utc: first and last instant. step_s: between rows.
        toward: 'earth', 'relay' or the name of an antenna.
        relay: its orbit.

    Raises InputError for more than 30,000 times or an unknown body, SpanError outside the kernels.
    """
    start_utc, stop_utc = span_utc
    count = float(utc_to_tdb_s(stop_utc)[0] - utc_to_tdb_s(start_utc)[0]) / step_s
    if not 0.0 < count <= MOST_TIMES:
        raise InputError(
            f"sky from {start_utc} to {stop_utc}: {count:.0f} times", f"ask for 1 to {MOST_TIMES}; take a longer step"
        )
    if toward == EARTH:
        sky = sky_span(start_utc, stop_utc, step_s)
        body, on = sky.earth_me_m, np.ones(len(sky))
    elif toward == RELAY:
        if relay is None:
            raise InputError("no relay", "start the server with --relay FILE")
        sky = sky_span(start_utc, stop_utc, step_s)
        body, on = _relay(relay, sky)
    else:
        sky, body, on = _antenna(asked_station(toward, study.mission.ground), (start_utc, stop_utc), step_s)
    rows = np.empty((len(sky), COLUMNS), "<f8")
    rows[:, 0] = unix_ms(sky.times_tdb_s)
    rows[:, 1:4] = me_to_map_frame(sky.sun_me_m, study.pole)
    rows[:, 4:7] = me_to_map_frame(body, study.pole)
    rows[:, 7] = on
    return rows.tobytes()


def _antenna(station: Station, span_utc: tuple[str, str], step_s: float) -> tuple[SkyTable, F64, F64]:
    lat, lon = np.radians([station.lat_deg, station.lon_deg])
    up = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    place = np.array(station.itrf_m)
    sky = sky_span(*span_utc, step_s, stations={"at": place, "above": place + UP_M * up})
    at = sky.stations_me_m["at"]
    zenith = (sky.stations_me_m["above"] - at) / UP_M
    sine = -np.einsum("ij,ij->i", at, zenith) / np.linalg.norm(at, axis=1)
    return sky, at, (sine >= np.sin(np.radians(station.min_elevation_deg))).astype(np.float64)


def _relay(relay: Orbit, sky: SkyTable) -> tuple[F64, F64]:
    times = sky.times_tdb_s
    first, last = relay.useable_tdb_s
    on = (times >= first) & (times <= last)
    body = np.zeros((times.size, 3))
    body[:, 2] = 1e7  # anywhere: `on` says that nobody knows
    if on.any():
        series = earth_moon_series(float(times[on][0]) - 10.0, float(times[on][-1]) + 10.0)
        body[on] = in_moon_me(relay, times[on], series)[0]
    return body, on.astype(np.float64)
