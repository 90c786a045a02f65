"""The way there: launch windows of a site by its own light, descents, designs."""

import numpy as np

from lupex.base.arrays import F64, Mask
from lupex.base.constants import DAY_S, MOON_RADIUS_M
from lupex.base.errors import InputError, SpanError
from lupex.catalogue import catalogue_entry
from lupex.ephemeris import sky_cover_tdb_s, sky_span, tdb_s_to_utc, utc_to_tdb_s
from lupex.illumination import PointSeries, point_series
from lupex.mission import Mission
from lupex.model.position.fix import enu_axes
from lupex.study.contacts.chosen import asked_stations
from lupex.study.ground import point_terrain
from lupex.study.places import map_point, point_view
from lupex.trajectory import (
    DescentPlan,
    Propulsion,
    SiteLight,
    Vehicles,
    WindowMap,
    descent_plan,
    launcher_of,
    longest_way_s,
    propulsion_of,
    window_map,
)

STEP_S = 3600.0
LONGEST_YEARS = 30.0


def mission_vehicles(mission: Mission) -> Vehicles:
    """The launcher and the lander of a mission. Raises UnpublishedError for numbers nobody stated."""
    name = mission.trajectory.launcher
    entry = catalogue_entry("launcher", name)
    return Vehicles(
        launcher=launcher_of(entry.name, entry.facts), propulsion=propulsion_of(mission.lander_name, mission.lander)
    )


def mission_site(mission: Mission, site: tuple[float, float] | None) -> tuple[float, float]:
    """The place a landing is asked for: that given, else the first place of the mission, else its [trajectory] site."""
    if site is not None:
        return site
    if mission.places:
        return mission.places[0].lat_deg, mission.places[0].lon_deg
    return mission.trajectory.site_lat_deg, mission.trajectory.site_lon_deg


def launch_windows(
    mission: Mission, start_utc: str, stop_utc: str, site: tuple[float, float] | None = None
) -> WindowMap:
    """Launch windows of a site, one row for every 6 hours.

    Args:
        mission: its settings, launcher, lander and terrain.
        start_utc, stop_utc: span of launches.
        site: latitude and east longitude; None for the mission's (see `mission_site`).

    Raises SpanError for times outside the kernels, InputError for places off the terrain and vehicles that cannot be.
    """
    vehicles = mission_vehicles(mission)
    span = tuple(float(utc_to_tdb_s(t)[0]) for t in (start_utc, stop_utc))
    if not span[1] > span[0]:
        raise InputError(f"windows: --stop {stop_utc} does not come after --start {start_utc}", "exchange them")
    if span[1] - span[0] > LONGEST_YEARS * 365.25 * DAY_S:
        raise SpanError(f"windows: more than {LONGEST_YEARS:g} years", "ask for a shorter span")
    place = mission_site(mission, site)
    light, height = site_light(mission, place, (span[0], span[1]))
    plan = mission_descent(mission, vehicles.propulsion, height)
    return window_map((span[0], span[1]), light, vehicles.launcher, vehicles.propulsion, mission.trajectory,
                      plan.total_m_s)  # fmt: skip


def mission_descent(mission: Mission, propulsion: Propulsion, site_height_m: float) -> DescentPlan:
    """The nominal descent of a mission's lander onto a site; mass at its start after the burns before it.

    Args:
        mission: settings. propulsion: of the lander. site_height_m: over the 1737.4 km sphere.
    """
    before = 1100.0 if mission.trajectory.transfer == "loops" else 900.0
    mass = propulsion.wet_mass_kg
    if not propulsion.stage_mass_kg:
        mass *= float(np.exp(-before / (propulsion.orbit_isp_s * 9.80665)))
    return descent_plan(propulsion, mass, mission.descent, mission.trajectory.orbit_altitude_km, site_height_m)


def site_light(
    mission: Mission, place: tuple[float, float], span_tdb_s: tuple[float, float]
) -> tuple[SiteLight, float]:
    """A site's own light by the hour over launches and the ways after them, and its height over the sphere (m).

    Args:
        mission: terrain and what counts as dark. place: latitude and east longitude. span_tdb_s: of launches.
    """
    settings = mission.trajectory
    life_days = mission.light.season_days
    end = span_tdb_s[1] + longest_way_s(settings) + DAY_S * (life_days + 1.0)
    first, last = sky_cover_tdb_s()
    if span_tdb_s[0] < first or end > last:
        covered = tdb_s_to_utc([first, last - (end - span_tdb_s[1])])
        raise SpanError(
            "windows: launches, or the life on the ground after them, lie outside the kernels",
            f"stay within {covered[0]}..{covered[1]}",
        )
    start_utc, stop_utc = tdb_s_to_utc([span_tdb_s[0] - STEP_S, end])
    terrain = point_terrain(mission.terrain.dem, *place, mission.terrain.check_dem)
    view = point_view(terrain, *map_point(terrain, *place), settings.lander_height_m)
    series = point_series(view, sky_span(start_utc, stop_utc, STEP_S))
    light = light_of_series(mission, place, series)
    return light, view.distance_m - MOON_RADIUS_M - settings.lander_height_m


def light_of_series(mission: Mission, place: tuple[float, float], series: PointSeries) -> SiteLight:
    """What windows need of a place's light.

    Args:
        mission: what counts as dark, the antennas. place: latitude and east longitude. series: even times.
    """
    lit = series.sun_disc_fraction > mission.light.dark_below_disc_fraction
    sun = _towards(series.sun_azimuth_true_deg, series.sun_elevation_deg)
    earth = _towards(series.earth_azimuth_true_deg, series.earth_elevation_deg)
    apart = np.degrees(np.arccos(np.clip(np.sum(sun * earth, axis=1), -1.0, 1.0)))
    return SiteLight(
        lat_deg=place[0], lon_deg=place[1], times_tdb_s=series.times_tdb_s, lit=lit, earth=series.earth_centre_visible,
        sun_elevation_deg=series.sun_elevation_deg, lit_days=_lit_days(series, lit, mission),
        sun_me=sun @ enu_axes(*place), eclipsed=apart < series.sun_radius_deg + series.earth_radius_deg,
        stations=tuple(asked_stations(mission.ground)),
    )  # fmt: skip


def _towards(azimuth_true_deg: F64, elevation_deg: F64) -> F64:
    """Unit vectors (n, 3) east, north, up."""
    azimuth, elevation = np.radians(azimuth_true_deg), np.radians(elevation_deg)
    level = np.cos(elevation)
    return np.stack([level * np.sin(azimuth), level * np.cos(azimuth), np.sin(elevation)], axis=1)


def _lit_days(series: PointSeries, lit: Mask, mission: Mission) -> F64:
    """Days from each time to the first dark spell longer than survivable, cut at the end of life (as landing dates)."""
    step_days = (series.times_tdb_s[1] - series.times_tdb_s[0]) / DAY_S
    edges = np.flatnonzero(np.diff(np.concatenate([[False], ~lit, [False]]).astype(np.int8)))
    begin, end = edges[0::2], edges[1::2]
    survivable = mission.dates.survivable_dark_hours / 24.0 / step_days
    fatal = end - begin > survivable
    begin, end = begin[fatal], end[fatal]
    here = np.arange(lit.size)
    following = np.searchsorted(end, here, side="right")
    start = np.append(begin, lit.size)[following]
    return np.minimum(np.maximum(start - here, 0) * step_days, mission.light.season_days)
