"""Contact of the ground with a place: passes, links, daily hours, gaps, the best pass."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lupex.base.constants import DAY_S, HOUR_S, MOON_RADIUS_M
from lupex.base.errors import InputError
from lupex.base.frames import lat_lon_deg
from lupex.base.utc import UtcLike, utc_span
from lupex.ephemeris import earth_moon_series, tdb_s_to_utc, utc_to_tdb_s
from lupex.ground import contact_plan
from lupex.illumination import PointView
from lupex.mission import Mission
from lupex.model import (
    ContactPlan,
    GroundSettings,
    LinkSettings,
    LunarPlace,
    PassLink,
    PassSeries,
    SiteContacts,
    SiteDrive,
    Station,
    StationLoss,
    StationTotal,
    Terrain,
)
from lupex.results import Season
from lupex.signals import track
from lupex.study.contacts.booking import scheduled, stations_lost
from lupex.study.contacts.chosen import asked_radio, asked_stations, pass_settings
from lupex.study.contacts.links import NAN, LinkAsked, PlanLinks, links_along, plan_links
from lupex.study.places import map_point, point_view, true_skyline

SERIES_STEP_S = 120.0
"""Between samples of the representative pass."""


def site_contacts(
    mission: Mission, season: Season, terrain: Terrain, place: PointView, name: str, drive: SiteDrive | None = None
) -> SiteContacts | None:
    """Contacts of a site over the landing season (or the mission span, as [ground] says); None for no stations.

    Args:
        mission: its [ground], [link] and [horizon]. season: the landing season.
        terrain: fine ground around the site. place: its map point, seen from the panel's height.
        name: of the site in files and messages.
        drive: recommended there; passes are booked for it.

    Raises: InputError for stations or a radio that cannot be used.
    """
    ground = mission.ground
    stations = asked_stations(ground)
    if not stations:
        return None
    view = place
    if ground.antenna_height_m != mission.horizon.panel_height_m:
        radius_m = 1000.0 * mission.horizon.search_radius_km
        view = point_view(terrain, place.x_m, place.y_m, ground.antenna_height_m, radius_m=radius_m)
    light = mission.light
    whole = ground.span == "mission"
    span_utc = (light.start_utc, light.stop_utc) if whole else (season.start_utc, season.stop_utc)
    return contacts_of(lunar_place(view, name), span_utc, stations, ground, mission.link, drive)


def contacts_at(
    terrain: Terrain,
    at: tuple[float, float],
    span_utc: tuple[UtcLike, UtcLike],
    ground: GroundSettings,
    link: LinkSettings = LinkSettings(),
    name: str = "place",
) -> SiteContacts:
    """Contacts of a place given by latitude and longitude (deg), its antenna above the terrain as [ground] says.

    Args:
        terrain: around the place. at: latitude and east longitude (deg), MOON_ME.
        span_utc: first and last instant. ground, link: settings.
        name: of the place in files and messages.

    Raises: InputError for stations or a radio that cannot be used, or no stations; GridError off the terrain;
        SpanError for a span that is empty or outside the kernels.
    """
    stations = asked_stations(ground)
    if not stations:
        raise InputError("contacts: no stations asked for", "name some, as misasa,usuda")
    view = point_view(terrain, *map_point(terrain, *at), ground.antenna_height_m)
    return contacts_of(lunar_place(view, name), span_utc, stations, ground, link)


def contacts_without(
    found: SiteContacts,
    lost: str | Sequence[str],
    ground: GroundSettings,
    link: LinkSettings,
    outage_utc: tuple[UtcLike, UtcLike] | None = None,
) -> StationLoss:
    """What becomes of the schedule of some contacts when antennas are lost.

    Args:
        found: contacts with a schedule. lost: antennas or complexes, as `lupex.ground.without` takes them.
        ground, link: the settings the contacts were made with.
        outage_utc: first and last instant of the outage; None for the whole span.

    Raises: InputError for a name that is not among the antennas, an outage outside the span, or a place without
        contacts.
    """
    if found.place is None or not found.plan.passes:
        raise InputError("contacts: there is no schedule a station could be lost from", "choose another span")
    series = earth_moon_series(*found.plan.span_tdb_s)
    carried = plan_links(found.plan, found.stations, found.place, LinkAsked(found.radio, ground, link), series)
    outage = None if outage_utc is None else tuple(float(t) for t in utc_to_tdb_s(utc_span(outage_utc)))
    return stations_lost(found, lost, carried.rates, ground, None if outage is None else (outage[0], outage[1]))


def lunar_place(view: PointView, name: str) -> LunarPlace:
    """A place of the ground workshop from a map point with its skyline.

    Args:
        view: the place with its skyline.
        name: of the place.
    """
    lat, lon = lat_lon_deg(view.x_m, view.y_m, view.pole)
    azimuth, elevation = true_skyline(view)
    return LunarPlace(
        name=name,
        lat_deg=float(lat),
        lon_deg=float(lon),
        height_m=view.distance_m - MOON_RADIUS_M,
        skyline_azimuth_true_deg=azimuth,
        skyline_elevation_deg=elevation,
    )


def contacts_of(
    place: LunarPlace,
    span_utc: tuple[UtcLike, UtcLike],
    stations: Sequence[Station],
    ground: GroundSettings,
    link: LinkSettings,
    drive: SiteDrive | None = None,
) -> SiteContacts:
    """Everything about the contact of some stations with one place over a span of UTC texts.

    Args:
        place: on the Moon, with its skyline. stations: antennas, each name once.
        span_utc: first and last instant. ground, link: settings.
        drive: for whose commands passes are booked; None for none.
    """
    span = utc_span(span_utc)
    start, stop = (float(t) for t in utc_to_tdb_s(span))
    plan = contact_plan(stations, place, (start, stop), pass_settings(ground))
    asked = LinkAsked(asked_radio(ground), ground, link)
    carried = plan_links(plan, stations, place, asked, earth_moon_series(start, stop))
    days = max(1, int(np.ceil((stop - start) / DAY_S)))
    daily = {name: np.array(hours) for name, hours in plan.daily_hours(start, days).items()}
    gap = plan.gaps().longest()
    found = SiteContacts(
        plan=plan,
        span_utc=span,
        stations=tuple(stations),
        antenna_height_m=ground.antenna_height_m,
        lat_deg=place.lat_deg,
        lon_deg=place.lon_deg,
        radio=asked.radio,
        links=carried.links,
        totals=tuple(_total(one, plan, carried.links) for one in stations),
        days_utc=tuple(text[:10] for text in tdb_s_to_utc(start + DAY_S * np.arange(days))),
        daily_hours=daily.pop("any"),
        daily_station_hours=daily,
        longest_gap_hours=0.0 if gap is None else (gap[1] - gap[0]) / HOUR_S,
        longest_gap_start_utc="" if gap is None else tdb_s_to_utc(gap[0])[0],
        sun_excluded=ground.sun_exclusion_deg > 0.0,
        place=place,
    )
    found = replace(found, summary=_summary(found, carried), series=_best_pass(found, asked))
    return scheduled(found, carried.rates, ground, drive)


def _total(station: Station, plan: ContactPlan, links: Sequence[PassLink]) -> StationTotal:
    own = [(one, link) for one, link in zip(plan.passes, links, strict=True) if one.station == station.name]
    down = [link for _, link in own if not link.down_reason]
    up = [link.up_margin_db for _, link in own if not link.up_reason]
    return StationTotal(
        station=station.name,
        title=station.title,
        passes=len(own),
        hours=sum(one.duration_s for one, _ in own) / HOUR_S,
        longest_hours=max((one.duration_s for one, _ in own), default=0.0) / HOUR_S,
        max_elevation_deg=max((one.max_elevation_deg for one, _ in own), default=NAN),
        volume_bits=sum(link.volume_bits for link in down) if down or not own else NAN,
        highest_rate_bps=max((link.highest_rate_bps for link in down), default=NAN),
        worst_margin_db=min((link.worst_margin_db for link in down), default=NAN),
        best_margin_db=max((link.best_margin_db for link in down), default=NAN),
        up_margin_db=min(up, default=NAN),
        reason=plan.reasons.get(station.name, ""),
        down_reason=next((link.down_reason for _, link in own if link.down_reason), ""),
        up_reason=next((link.up_reason for _, link in own if link.up_reason), ""),
    )


def _best_pass(found: SiteContacts, asked: LinkAsked) -> PassSeries | None:
    """The pass that brings down most, or the longest where nothing is known of that; the earliest of equals."""
    if not found.links:
        return None
    volumes = np.nan_to_num([link.volume_bits for link in found.links], nan=0.0)
    lengths = np.array([one.duration_s for one in found.plan.passes])
    return pass_series(found, int(np.argmax(volumes if volumes.max() > 0.0 else lengths)), asked.ground, asked.link)


def pass_series(
    found: SiteContacts, number: int, ground: GroundSettings, link: LinkSettings, step_s: float = SERIES_STEP_S
) -> PassSeries:
    """One pass of contacts sample by sample: its ends and evenly between, no farther than ``step_s`` apart.

    Args:
        found: contacts of a place. step_s: farthest apart two samples stand.
        number: of the pass in the plan, from 0. ground, link: the settings the contacts were made with.

    Raises: InputError for a pass that is not there.
    """
    passes, place = found.plan.passes, found.place
    if place is None or not 0 <= number < len(passes):
        raise InputError(f"contacts: no pass {number + 1}, there are {len(passes)}", "count from 1")
    one = passes[number]
    station = next(s for s in found.stations if s.name == one.station)
    times = one.sample_times_tdb_s(step_s)
    seen = track(station, place, times, ground.refractivity_n_units)
    asked = LinkAsked(found.radio, ground, link)
    along = links_along(station, asked, seen)
    return PassSeries(
        station=station.name,
        number=number,
        times_tdb_s=times,
        azimuth_true_deg=seen.azimuth_true_deg,
        elevation_deg=seen.elevation_deg,
        place_azimuth_true_deg=seen.place_azimuth_true_deg,
        place_elevation_deg=seen.place_elevation_deg,
        place_skyline_deg=np.interp(
            seen.place_azimuth_true_deg, place.skyline_azimuth_true_deg, place.skyline_elevation_deg, period=360.0
        ),
        range_m=seen.range_m,
        range_rate_m_s=seen.range_rate_m_s,
        margin_db=along.down_db,
        rate_bps=along.rate_bps,
        margin_rate_bps=NAN if along.down_reason else asked.rate_bps,
    )


def _summary(found: SiteContacts, carried: PlanLinks) -> dict[str, float]:
    span = found.plan.span_tdb_s
    hours = float(found.daily_hours.sum())
    whole_days = found.daily_hours[: int((span[1] - span[0]) // DAY_S)]
    return {
        "passes": float(len(found.plan.passes)),
        "contact_hours": hours,
        "contact_fraction": hours * HOUR_S / (span[1] - span[0]),
        "contact_hours_per_day_mean": hours * DAY_S / (span[1] - span[0]),
        "contact_hours_per_day_least": float(whole_days.min()) if whole_days.size else NAN,
        "days_without_contact": float(np.count_nonzero(whole_days == 0.0)),
        "longest_gap_hours": found.longest_gap_hours,
        "volume_gbit": carried.volume_bits / 1e9,
        "antenna_height_m": found.antenna_height_m,
    }
