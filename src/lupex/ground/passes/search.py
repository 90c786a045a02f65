"""Passes: when a station and a place on the Moon see each other past both horizons.

Contact holds while the place stands above the station's minimum elevation and mask and below its
keyhole, the Sun is far enough from the beam, and the station stands above the skyline of the place.
Edges are bracketed on a coarse grid and refined by bisection (`lupex.kernels.contact.contacts`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64, tdb_seconds
from lupex.base.constants import MOON_RADIUS_M, SPEED_OF_LIGHT_M_S
from lupex.base.errors import InputError, SpanError
from lupex.base.gate import near, numbers_checked
from lupex.base.geodesy import local_axes
from lupex.base.running import Running, takes_running
from lupex.base.threads import over_rows
from lupex.ephemeris.ground_geometry import (
    BLOCK_S,
    EarthMoonSeries,
    earth_moon_series,
    earth_orientation_note,
    earth_orientation_source,
    orientation_seam_note,
)
from lupex.kernels.contact import contacts as kernel
from lupex.kernels.contact.light_path import AZ, EL, PLACE_EL
from lupex.model import ContactPlan, LunarPlace, Pass, Station, Windows
from lupex.signals.geometry.tracks import looks, place_m, rows_at

STEP_S = 1200.0
"""Coarse grid; refined only where an edge of contact may lie in an interval."""
SAMPLES = 17
"""Looks along a pass from which its extremes are found."""
SIDEREAL_DEG_S = 15.041 / 3600.0
"""Fastest the sky turns: with it an antenna of azimuth rate s follows up to elevation acos(rate / s)."""


@numbers_checked
@dataclass(frozen=True)
class PassSettings:
    """What counts as contact.

    Attributes:
        sun_exclusion_deg: no contact while the Sun is nearer to the beam than this; 0: not regarded.
        refractivity_n_units: surface refractivity of the air; 0: no refraction (315: mean of ITU-R P.453).
        skyline_margin_deg: the station must stand this much above the skyline of the place.
        shortest_s: passes shorter than this are left out.
    """

    sun_exclusion_deg: float = 0.0
    refractivity_n_units: float = 0.0
    skyline_margin_deg: float = 0.0
    shortest_s: float = 0.0

    def __post_init__(self) -> None:
        if not (0.0 <= self.sun_exclusion_deg < 180.0 and 0.0 <= self.refractivity_n_units <= 600.0):
            raise InputError("passes: exclusion angle or refractivity out of bounds", "0..180 deg, 0..600 N units")
        if not (np.isfinite(self.skyline_margin_deg) and self.shortest_s >= 0.0):
            raise InputError("passes: margin or shortest pass makes no sense", "give finite, not negative numbers")


def contact_plan(
    stations: Sequence[Station],
    place: LunarPlace,
    span_tdb_s: tuple[float, float],
    settings: PassSettings = PassSettings(),
) -> ContactPlan:
    """The passes of some stations with one place; see `contact_plans`."""
    return contact_plans(stations, [place], span_tdb_s, settings)[0]


@takes_running
def contact_plans(
    stations: Sequence[Station],
    places: Sequence[LunarPlace],
    span_tdb_s: tuple[float, float],
    settings: PassSettings = PassSettings(),
    running: Running = Running(),
) -> list[ContactPlan]:
    """A plan for each place: passes with AOS and LOS to 1 s, windows per station, reasons where there is no pass.

    Args:
        settings: step of the search, exclusions, refraction.
        stations: names must differ. places: with their skylines.
        span_tdb_s: first and last instant of reception, TDB seconds past J2000.
        running: on how many threads, and who is told how far it is.

    Raises:
        InputError: no station or place, two stations of one name, or a place that does not exist.
        SpanError: the span is empty or reaches outside the kernels.
    """
    span = tdb_seconds("passes", span_tdb_s)
    if span.shape != (2,):
        raise SpanError(f"passes: {span.size} instants", "give the first and the last of the span")
    start, stop = span.tolist()
    names = [one.name for one in stations]
    if not stations or not places:
        raise InputError("passes: no station or no place", "give at least one of each")
    if len(set(names)) != len(names):
        raise InputError("passes: two stations have one name", "rename one of them")
    if not stop > start:
        raise SpanError("passes: the span is empty", "give the earlier instant first")
    series = earth_moon_series(start, stop)
    times = np.linspace(start, stop, max(2, int(np.ceil((stop - start) / STEP_S)) + 1))
    search = _search(series, times, settings, stations, places)
    found: list[list[Pass]] = [[] for _ in range(len(stations) * len(places))]

    def work(first: int, last: int) -> None:
        for i in range(first, last):
            found[i] = search.passes(stations[i % len(stations)], places[i // len(stations)])

    over_rows(work, len(found), running, "passes")
    notes = [note for note in (earth_orientation_note(start, stop), orientation_seam_note(start, stop)) if note] + [
        f"Position of {one.name} is known to {one.accuracy_m:g} m only."
        for one in stations
        if one.accuracy_m is not None and one.accuracy_m >= 50.0
    ]
    return [
        _plan(search, stations, place, found[i * len(stations) : (i + 1) * len(stations)], tuple(notes))
        for i, place in enumerate(places)
    ]


def paired(plan: ContactPlan, uplink: str, downlink: str) -> Windows:
    """When a signal sent by one station and returned by the place is received at another (three-way).

    Times are those of reception at ``downlink``. A signal that arrives there at t left the place at the same moment
    (to 30 ms) as one that would arrive at ``uplink`` at t, so both windows are compared at reception.

    Raises InputError for a station the plan does not hold.
    """
    for name in (uplink, downlink):
        if name not in plan.windows:
            raise InputError(f"plan has no station '{name}'", near(name, plan.windows, "it holds"))
    return plan.windows[uplink] & plan.windows[downlink]


def _search(
    series: EarthMoonSeries,
    times: F64,
    settings: PassSettings,
    stations: Sequence[Station],
    places: Sequence[LunarPlace],
) -> "_Search":
    rows = rows_at(times, series)
    bounds = {one.name: np.empty(times.size) for one in stations}
    for one in stations:
        axes = local_axes(one.lat_deg, one.lon_deg)
        kernel.station_elevation_bound(rows, np.array(one.itrf_m), axes, bounds[one.name])
    place_bounds = {id(place): np.empty(times.size) for place in places}
    for place in places:
        sky_az, sky_el = skyline_of(place)
        axes = local_axes(place.lat_deg, place.lon_deg)
        kernel.place_elevation_bound(
            rows, place_m(place), axes, sky_az, sky_el + settings.skyline_margin_deg, place_bounds[id(place)]
        )
    return _Search(
        series=series, times=times, rows=rows, settings=settings, station_bounds=bounds, place_bounds=place_bounds
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class _Search:
    series: EarthMoonSeries
    times: F64
    rows: F64
    settings: PassSettings
    station_bounds: dict[str, F64]
    place_bounds: dict[int, F64]

    def passes(self, station: Station, place: LunarPlace) -> list[Pass]:
        axes, place_axes = local_axes(station.lat_deg, station.lon_deg), local_axes(place.lat_deg, place.lon_deg)
        site, position = np.array(station.itrf_m), place_m(place)
        limits, mask = limits_of(station, self.settings), mask_of(station)
        sky = skyline_of(place)
        series = (self.series.first_tdb_s, BLOCK_S, self.series.series)
        room = 64 + int(5 * (self.times[-1] - self.times[0]) / 86_400.0)
        while True:
            edges = np.empty(room)
            count, inside = kernel.contact_edges(
                self.times,
                self.rows,
                self.station_bounds[station.name],
                self.place_bounds[id(place)],
                *series,
                site,
                axes,
                position,
                place_axes,
                limits,
                *mask,
                *sky,
                edges,
            )
            if count <= room:
                break
            room = count
        ends = np.concatenate([[self.times[0]] * bool(inside), edges[:count]])
        if ends.size % 2:
            ends = np.append(ends, self.times[-1])
        starts, stops = ends[0::2], ends[1::2]
        keep = stops - starts > max(self.settings.shortest_s, 0.0)
        starts, stops = starts[keep], stops[keep]
        facts = np.empty((starts.size, kernel.FACTS))
        n_units = self.settings.refractivity_n_units
        kernel.pass_facts(starts, stops, SAMPLES, *series, site, axes, position, place_axes, n_units, facts)
        return [
            self._pass(station, place, a, b, row, (limits, *mask, *sky))
            for a, b, row in zip(starts.tolist(), stops.tolist(), facts, strict=True)
        ]

    def _pass(
        self, station: Station, place: LunarPlace, start: float, stop: float, facts: F64, bounds: tuple[F64, ...]
    ) -> Pass:
        at_aos, at_los = facts[kernel.AT_AOS], facts[kernel.AT_LOS]
        first = "span" if start == self.times[0] else limit_at(at_aos, station, bounds)
        last = "span" if stop == self.times[-1] else limit_at(at_los, station, bounds)
        return Pass(
            station=station.name,
            spacecraft=place.name,
            aos_tdb_s=start,
            los_tdb_s=stop,
            aos_azimuth_true_deg=float(at_aos[AZ]),
            los_azimuth_true_deg=float(at_los[AZ]),
            aos_elevation_deg=float(at_aos[EL]),
            los_elevation_deg=float(at_los[EL]),
            max_elevation_deg=float(facts[kernel.MAX_ELEVATION]),
            max_elevation_tdb_s=float(facts[kernel.HIGHEST_AT]),
            max_elevation_azimuth_true_deg=float(facts[kernel.HIGHEST_AZ]),
            min_range_m=float(facts[kernel.MIN_RANGE]),
            max_range_m=float(facts[kernel.MAX_RANGE]),
            min_range_rate_m_s=float(facts[kernel.MIN_RATE]),
            max_range_rate_m_s=float(facts[kernel.MAX_RATE]),
            one_way_light_time_s=float(facts[kernel.HIGHEST_RANGE]) / SPEED_OF_LIGHT_M_S,
            min_sun_angle_deg=float(facts[kernel.MIN_SUN_ANGLE]),
            limited_by_aos=first,
            limited_by_los=last,
        )


def limits_of(station: Station, settings: PassSettings) -> F64:
    """The limits (5,) of `lupex.kernels.contact.contacts`; a slew rate is a keyhole about the zenith.

    Args:
        station: whose limits are taken.
        settings: exclusions and margins.
    """
    highest = 90.1 if station.keyhole_elevation_deg is None else station.keyhole_elevation_deg
    if slew_elevation_deg(station) < min(highest, 90.0):
        highest = slew_elevation_deg(station)
    return np.array(
        [
            station.min_elevation_deg,
            highest,
            settings.sun_exclusion_deg,
            settings.refractivity_n_units,
            settings.skyline_margin_deg,
        ]
    )


def slew_elevation_deg(station: Station) -> float:
    """Elevation (deg) up to which the azimuth axis follows the sky: acos(sidereal rate / slew); 90.1 without a rate."""
    if station.slew_deg_s is None:
        return 90.1
    return float(np.degrees(np.arccos(min(1.0, SIDEREAL_DEG_S / station.slew_deg_s))))


def mask_of(station: Station) -> tuple[F64, F64]:
    """Azimuths and elevations of the mask as arrays."""
    return np.array(station.mask_azimuth_deg, np.float64), np.array(station.mask_elevation_deg, np.float64)


def skyline_of(place: LunarPlace) -> tuple[F64, F64]:
    """Skyline of a place: its own, or where none is given the limb of the 1737.4 km sphere, acos(R / (R + h)) down."""
    if place.skyline_azimuth_true_deg.size:
        return place.skyline_azimuth_true_deg, place.skyline_elevation_deg
    ratio = MOON_RADIUS_M / (MOON_RADIUS_M + max(place.height_m, 0.0))
    return np.zeros(1), np.array([-np.degrees(np.arccos(ratio))])


def limit_at(seen: F64, station: Station, bounds: tuple[F64, ...]) -> str:
    """Which limit binds at a look on the edge of contact, a word of `lupex.model.contact.contact.LIMITS`."""
    held = np.empty(kernel.MARGINS)
    limits, mask_az, mask_el, sky_az, sky_el = bounds
    kernel.margins(seen, limits, mask_az, mask_el, sky_az, sky_el, held)
    name = ("min_elevation", "mask", "keyhole", "exclusion", "terrain")[int(np.argmin(held))]
    if name == "keyhole" and slew_elevation_deg(station) <= limits[kernel.MAX_EL]:
        return "slew"
    return name


def _plan(
    search: _Search, stations: Sequence[Station], place: LunarPlace, found: list[list[Pass]], notes: tuple[str, ...]
) -> ContactPlan:
    span = (float(search.times[0]), float(search.times[-1]))
    windows = {
        one.name: Windows(np.array([p.aos_tdb_s for p in held]), np.array([p.los_tdb_s for p in held]), span)
        for one, held in zip(stations, found, strict=True)
    }
    reasons = {one.name: _reason(search, one, place) for one, held in zip(stations, found, strict=True) if not held}
    order = sorted((p for held in found for p in held), key=lambda p: (p.aos_tdb_s, p.station))
    return ContactPlan(
        spacecraft=place.name,
        span_tdb_s=span,
        passes=tuple(order),
        windows=windows,
        reasons=reasons,
        notes=notes,
        earth_orientation=earth_orientation_source(*span),
    )


def _reason(search: _Search, station: Station, place: LunarPlace) -> str:
    """Why a station has no pass at all, in a sentence that begins with geometry, mask, terrain or exclusion."""
    place_axes = local_axes(place.lat_deg, place.lon_deg)
    seen = looks(station, search.rows, place_m(place)[None], np.zeros((1, 3)), place_axes,
                 search.settings.refractivity_n_units)  # fmt: skip
    limits, (mask_az, mask_el) = limits_of(station, search.settings), mask_of(station)
    sky_az, sky_el = skyline_of(place)
    held = np.empty((seen.shape[0], kernel.MARGINS))
    for look, margins in zip(seen, held, strict=True):
        kernel.margins(look, limits, mask_az, mask_el, sky_az, sky_el, margins)
    if held[:, kernel.OVER_MIN_EL].max() <= 0.0:
        return (
            f"geometry: {place.name} never stands above {station.min_elevation_deg:g} deg at {station.name}, "
            f"at most {seen[:, EL].max():.1f} deg"
        )
    if held[:, [kernel.OVER_MIN_EL, kernel.OVER_MASK]].min(axis=1).max() <= 0.0:
        return f"mask: {place.name} never stands above the mask of {station.name}"
    if held[:, kernel.OVER_SKYLINE].max() <= 0.0:
        if seen[:, PLACE_EL].max() <= 0.0:
            return f"geometry: {place.name} never faces the Earth, which stays below its level horizon"
        short = -held[:, kernel.OVER_SKYLINE].max()
        return f"terrain: the skyline of {place.name} hides {station.name} throughout, by {short:.2f} deg at best"
    if held[:, kernel.OFF_SUN].max() <= 0.0:
        return f"exclusion: the Sun is too near to {place.name} throughout"
    both = held[:, [kernel.OVER_MIN_EL, kernel.OVER_MASK, kernel.OVER_SKYLINE]].min(axis=1).max() > 0.0
    if both:
        return f"exclusion: whenever both horizons are free, Sun, keyhole or slew rate of {station.name} forbid it"
    return f"terrain: whenever {place.name} stands above {station.name}, the skyline of the place hides the station"
