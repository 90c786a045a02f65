"""Passes, tracks and sub-points as the files people exchange take them: UTC text, ready for `lupex.io.messages`."""

from collections.abc import Sequence

import numpy as np

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.geodesy import geodetic_from_itrf, local_axes
from lupex.ephemeris import tdb_s_to_utc
from lupex.model import BookedPass, ContactPlan, LunarPlace, Pass, PassRow, Schedule, Station
from lupex.model.contact.tracking import TrackingSegment
from lupex.signals.geometry.tracks import Track, doppler_hz

_ABOUT = (
    "duration_s", "max_elevation_deg", "aos_azimuth_true_deg", "max_elevation_azimuth_true_deg",
    "los_azimuth_true_deg", "aos_elevation_deg", "los_elevation_deg", "min_range_m", "max_range_m",
    "one_way_light_time_s", "limited_by_aos", "limited_by_los",
)  # fmt: skip
"""Columns of a pass that stand in the description of a calendar event."""


def booked_rows(
    schedule: Schedule, stations: Sequence[Station], band: str = "", state: str = "operational"
) -> tuple[PassRow, ...]:
    """Rows of a schedule, times to a millisecond."""
    sites = {one.name: one.site for one in stations}
    return tuple(_booked_row(i, one, sites, band, state) for i, one in enumerate(schedule.booked, 1))


def plan_rows(
    plan: ContactPlan, stations: Sequence[Station], band: str = "", state: str = "tentative"
) -> tuple[PassRow, ...]:
    """Rows of all passes of a plan of contacts, booked or not; set-up and tear-down are those of the stations."""
    known = {one.name: one for one in stations}
    return tuple(_plan_row(i, one, known.get(one.station), band, state) for i, one in enumerate(plan.passes, 1))


def look_rows(seen: Track, digits: int = 0) -> list[dict[str, float | str]]:
    """Rows of a track: UTC, azimuth, elevation (deg), range (km), range rate (km/s), one-way light time (s).

    Args:
        seen: the track of one station.
        digits: decimals of the second in the times.
    """
    texts = tdb_s_to_utc(seen.times_tdb_s, digits)
    return [
        {
            "time_utc": text,
            "azimuth_true_deg": float(seen.azimuth_true_deg[k]),
            "elevation_deg": float(seen.elevation_deg[k]),
            "range_km": float(seen.range_m[k]) / 1e3,
            "range_rate_km_s": float(seen.range_rate_m_s[k]) / 1e3,
            "light_time_s": float(seen.light_time_s[k]),
        }
        for k, text in enumerate(texts)
    ]


def sub_points(seen: Track, station: Station, place: LunarPlace) -> list[dict[str, float | str]]:
    """Where the place stands in the zenith of the Earth, and the station in that of the Moon, at times of a track.

    ``earth_lat_deg``, ``earth_lon_deg``: geodetic, of the point under the apparent place. ``moon_lat_deg``,
    ``moon_lon_deg``: MOON_ME, of the point under the station. Both from directions and range, to some 0.01 deg
    (aberration, refraction when the track has it).

    Args:
        seen: the track of ``station``.
    """
    axes, place_axes = local_axes(station.lat_deg, station.lon_deg), local_axes(place.lat_deg, place.lon_deg)
    there = _directions(seen.azimuth_true_deg, seen.elevation_deg) * seen.range_m[:, None]
    here = _directions(seen.place_azimuth_true_deg, seen.place_elevation_deg) * seen.range_m[:, None]
    itrf = np.array(station.itrf_m) + there @ axes
    moon = (MOON_RADIUS_M + place.height_m) * place_axes[2] + here @ place_axes
    rows: list[dict[str, float | str]] = []
    for text, at, over in zip(tdb_s_to_utc(seen.times_tdb_s), itrf, moon, strict=True):
        lat_deg, lon_deg, _ = geodetic_from_itrf(*at.tolist())
        rows.append(
            {
                "time_utc": text,
                "earth_lat_deg": lat_deg,
                "earth_lon_deg": lon_deg,
                "moon_lat_deg": float(np.degrees(np.arcsin(over[2] / np.linalg.norm(over)))),
                "moon_lon_deg": float(np.degrees(np.arctan2(over[1], over[0]))),
            }
        )
    return rows


def tracking_segment(seen: Track, frequency_hz: float, band: str = "", digits: int = 6) -> TrackingSegment:
    """Predicted one-way range, range rate and received frequency of a track, for a tracking data message.

    Args:
        seen: the track of one station.
        band: letter of the band, for the metadata; '' leaves it out.
        frequency_hz: that the spacecraft sends. digits: decimals of the second in the time tags.
    """
    return TrackingSegment(
        participants=(seen.place, seen.station),
        path=(1, 2),
        times_utc=tuple(tdb_s_to_utc(seen.times_tdb_s, digits)),
        range_m=seen.range_m.copy(),
        range_rate_m_s=seen.range_rate_m_s.copy(),
        receive_hz=frequency_hz + doppler_hz(seen.range_rate_m_s, frequency_hz),
        transmit_hz=frequency_hz,
        band=band,
    )


def _booked_row(number: int, one: BookedPass, sites: dict[str, str], band: str, state: str) -> PassRow:
    start, stop, opens, closes = tdb_s_to_utc(
        [one.start_tdb_s, one.stop_tdb_s, one.activity_start_tdb_s, one.activity_stop_tdb_s], 3
    )
    return PassRow(
        number=number,
        station=one.station,
        site=sites.get(one.station, ""),
        spacecraft=one.spacecraft,
        start_utc=start,
        stop_utc=stop,
        activity_start_utc=opens,
        activity_stop_utc=closes,
        band=band,
        state=state,
        purposes=one.purposes,
        values={
            "duration_s": one.duration_s,
            "max_elevation_deg": one.max_elevation_deg,
            "cost": one.cost,
            "volume_bits": one.volume_bits,
        },
    )


def _plan_row(number: int, one: Pass, station: Station | None, band: str, state: str) -> PassRow:
    setup_s, teardown_s = (0.0, 0.0) if station is None else (station.setup_s, station.teardown_s)
    start, stop, opens, closes, highest = tdb_s_to_utc(
        [one.aos_tdb_s, one.los_tdb_s, one.aos_tdb_s - setup_s, one.los_tdb_s + teardown_s, one.max_elevation_tdb_s], 3
    )
    return PassRow(
        number=number,
        station=one.station,
        site="" if station is None else station.site,
        spacecraft=one.spacecraft,
        start_utc=start,
        stop_utc=stop,
        activity_start_utc=opens,
        activity_stop_utc=closes,
        band=band,
        state=state,
        values={"max_elevation_utc": highest} | {name: getattr(one, name) for name in _ABOUT},
    )


def _directions(azimuth_deg: np.ndarray, elevation_deg: np.ndarray) -> np.ndarray:
    """Unit vectors (n, 3) east, north, up."""
    az, el = np.radians(azimuth_deg), np.radians(elevation_deg)
    return np.stack([np.cos(el) * np.sin(az), np.cos(el) * np.cos(az), np.sin(el)], axis=1)
