"""A relay in lunar orbit: contact of stations with it, of a place with it, and of a place through it."""

from collections.abc import Sequence

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M, SPEED_OF_LIGHT_M_S
from lupex.base.geodesy import local_axes
from lupex.ephemeris import (
    EarthMoonSeries,
    earth_moon_series,
    earth_orientation_note,
    earth_orientation_source,
    orientation_seam_note,
)
from lupex.ground.passes.crossings import windows_where_positive
from lupex.ground.passes.search import PassSettings, limits_of, mask_of, skyline_of, slew_elevation_deg
from lupex.kernels.contact import contacts as kernel
from lupex.model import ContactPlan, LunarPlace, Pass, Station, Windows
from lupex.signals.geometry.orbit import Orbit, in_moon_me
from lupex.signals.geometry.tracks import Track, moving_track, place_m

STEP_S = 30.0
"""Samples along a lunar orbit: 1.5 deg of a low one."""

_WORDS = ("min_elevation", "mask", "keyhole", "exclusion", "limb")


def relay_track(station: Station, relay: Orbit, times_tdb_s: F64, series: EarthMoonSeries) -> Track:
    """A relay as a station sees it at times (n,) of reception; directions at the relay are on axes of (0, 0).

    The state is taken when the light left, by two steps of light time.

    Args:
        times_tdb_s: (n,) of reception.
        series: Earth and Moon over the span, from `earth_moon_series`.
    """
    light_s = np.full(times_tdb_s.size, 1.28)
    seen = None
    for _ in range(3):
        seen = moving_track(
            station, relay.table.name, times_tdb_s, *in_moon_me(relay, times_tdb_s - light_s, series), series
        )
        light_s = seen.light_time_s
    assert seen is not None
    return seen


def relay_plan(
    stations: Sequence[Station],
    relay: Orbit,
    span_tdb_s: tuple[float, float],
    settings: PassSettings = PassSettings(),
) -> ContactPlan:
    """Passes of stations with a relay, which the Moon hides behind its limb (sphere of 1737.4 km).

    Args:
        span_tdb_s: first and last instant of reception.
        settings: step of the search, masks and exclusions.

    Raises SpanError when the span, less the light time, reaches outside the states of the relay.
    """
    start, stop = span_tdb_s
    series = earth_moon_series(start - 10.0, stop + 10.0)
    windows: dict[str, Windows] = {}
    passes: list[Pass] = []
    reasons: dict[str, str] = {}
    for station in stations:

        def margin(times: F64, station: Station = station) -> F64:
            return _margins(station, relay, times, series, settings).min(axis=1)

        windows[station.name] = windows_where_positive(margin, (start, stop), STEP_S)
        for a, b in windows[station.name]:
            if b - a > settings.shortest_s:
                passes.append(_pass(station, relay, a, b, (start, stop), series, settings))
        if not len(windows[station.name]):
            times = np.linspace(start, stop, 500)
            margins = _margins(station, relay, times, series, settings)
            worst = _WORDS[int(np.argmin(margins.max(axis=0)))]
            reasons[station.name] = f"{worst}: keeps {relay.table.name} from {station.name} throughout"
    notes = (earth_orientation_note(start, stop), orientation_seam_note(start, stop))
    passes.sort(key=lambda one: (one.aos_tdb_s, one.station))
    return ContactPlan(
        spacecraft=relay.table.name,
        span_tdb_s=(start, stop),
        passes=tuple(passes),
        windows=windows,
        reasons=reasons,
        notes=tuple(note for note in notes if note),
        earth_orientation=earth_orientation_source(start, stop),
    )


def place_windows(
    place: LunarPlace, relay: Orbit, span_tdb_s: tuple[float, float], min_elevation_deg: float = -90.0
) -> Windows:
    """When a relay stands above the skyline of a place, above its limb and above an elevation; times at the Moon.

    Where no skyline is given the limb of the 1737.4 km sphere stands for it.
    """
    series = earth_moon_series(span_tdb_s[0] - 10.0, span_tdb_s[1] + 10.0)

    def margin(times: F64) -> F64:
        azimuth, elevation, _ = relay_directions(place, relay, times, series)
        return elevation - np.maximum(_horizon_deg(place, azimuth), min_elevation_deg)

    return windows_where_positive(margin, span_tdb_s, STEP_S)


def relay_directions(
    place: LunarPlace, relay: Orbit, times_tdb_s: F64, series: EarthMoonSeries
) -> tuple[F64, F64, F64]:
    """Azimuth from true north (deg), elevation (deg) and distance (m) of a relay at a place, (n,); no light time."""
    towards = in_moon_me(relay, times_tdb_s, series)[0] - place_m(place)
    east, north, up = (towards @ local_axes(place.lat_deg, place.lon_deg).T).T
    azimuth = np.degrees(np.arctan2(east, north)) % 360.0
    return azimuth, np.degrees(np.arctan2(up, np.hypot(east, north))), np.linalg.norm(towards, axis=1)


def through_relay(plan: ContactPlan, at_place: Windows) -> Windows:
    """When a place is heard through a relay in real time: both legs at once, times of reception on the ground.

    Windows of the place are moved by the light time of the nearest pass (they change by 10 ms within one).

    Args:
        plan: passes of the stations with the relay.
        at_place: when the relay stands above the skyline of the place.
    """
    joined = plan.any_station()
    if not plan.passes or not len(at_place):
        return Windows(np.empty(0), np.empty(0), plan.span_tdb_s)
    middle = np.array([0.5 * (one.aos_tdb_s + one.los_tdb_s) for one in plan.passes])
    light_s = np.array([one.one_way_light_time_s for one in plan.passes])

    def moved(times: F64) -> F64:
        return times + light_s[np.argmin(np.abs(middle[:, None] - times), axis=0)]

    low, high = plan.span_tdb_s
    a, b = np.clip(moved(at_place.start_tdb_s), low, high), np.clip(moved(at_place.stop_tdb_s), low, high)
    keep = b > a
    return joined & Windows(a[keep], b[keep], plan.span_tdb_s)


def _horizon_deg(place: LunarPlace, azimuth: F64) -> F64:
    skyline = skyline_of(place)
    return np.array([kernel.height_of(a, *skyline) for a in azimuth.tolist()])


def _margins(station: Station, relay: Orbit, times: F64, series: EarthMoonSeries, settings: PassSettings) -> F64:
    """Margins (n, 5) in degrees, in the order of _WORDS."""
    seen = relay_track(station, relay, times, series)
    limits, mask = limits_of(station, settings), mask_of(station)
    out = np.empty((times.size, 5))
    out[:, kernel.OVER_MIN_EL] = seen.elevation_deg - limits[kernel.MIN_EL]
    out[:, kernel.OVER_MASK] = seen.elevation_deg - np.array(
        [kernel.height_of(a, *mask) for a in seen.azimuth_true_deg.tolist()]
    )
    out[:, kernel.UNDER_MAX_EL] = limits[kernel.MAX_EL] - seen.elevation_deg
    out[:, kernel.OFF_SUN] = seen.sun_angle_deg - limits[kernel.SUN_EXCLUSION]
    position = in_moon_me(relay, times - seen.light_time_s, series)[0]
    far = np.linalg.norm(position, axis=1)
    el, az = np.radians(seen.place_elevation_deg), np.radians(seen.place_azimuth_true_deg)
    local = np.stack([np.sin(az) * np.cos(el), np.cos(az) * np.cos(el), np.sin(el)], axis=1)
    up = np.sum((local @ local_axes(0.0, 0.0)) * position, axis=1) / far
    dip = np.arccos(np.minimum(MOON_RADIUS_M / far, 1.0))
    out[:, kernel.OVER_SKYLINE] = np.degrees(np.arcsin(np.clip(up, -1.0, 1.0)) + dip)
    return out


def _pass(
    station: Station,
    relay: Orbit,
    start: float,
    stop: float,
    span: tuple[float, float],
    series: EarthMoonSeries,
    settings: PassSettings,
) -> Pass:
    times = np.linspace(start, stop, max(33, int((stop - start) / 60.0)))
    seen = relay_track(station, relay, times, series)
    ends = _margins(station, relay, times[[0, -1]], series, settings)
    words = [_WORDS[int(k)] for k in np.argmin(ends, axis=1)]
    words = ["slew" if w == "keyhole" and slew_elevation_deg(station) < 90.0 else w for w in words]
    top = int(np.argmax(seen.elevation_deg))
    return Pass(
        station=station.name,
        spacecraft=relay.table.name,
        aos_tdb_s=start,
        los_tdb_s=stop,
        aos_azimuth_true_deg=float(seen.azimuth_true_deg[0]),
        los_azimuth_true_deg=float(seen.azimuth_true_deg[-1]),
        aos_elevation_deg=float(seen.elevation_deg[0]),
        los_elevation_deg=float(seen.elevation_deg[-1]),
        max_elevation_deg=float(seen.elevation_deg[top]),
        max_elevation_tdb_s=float(times[top]),
        max_elevation_azimuth_true_deg=float(seen.azimuth_true_deg[top]),
        min_range_m=float(seen.range_m.min()),
        max_range_m=float(seen.range_m.max()),
        min_range_rate_m_s=float(seen.range_rate_m_s.min()),
        max_range_rate_m_s=float(seen.range_rate_m_s.max()),
        one_way_light_time_s=float(seen.range_m[top] / SPEED_OF_LIGHT_M_S),
        min_sun_angle_deg=float(seen.sun_angle_deg.min()),
        limited_by_aos="span" if start == span[0] else words[0],
        limited_by_los="span" if stop == span[1] else words[1],
    )
