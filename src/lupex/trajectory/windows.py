"""Launch windows over years: launch, transfer, capture, plane, landing in light, mass; and what closes them."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lupex.base.arrays import F64, Mask
from lupex.base.constants import DAY_S, EARTH_RADIUS_M, MOON_RADIUS_M
from lupex.base.errors import InputError
from lupex.ephemeris import MoonTable, moon_table, tdb_s_to_utc
from lupex.kernels.trajectory import windows as kernel
from lupex.model import Station
from lupex.model.glance import Glance, counted, span_words
from lupex.model.settings.trajectory import TrajectorySettings
from lupex.trajectory.conics import BODIES, GM_EARTH_M3_S2, GM_MOON_M3_S2, STANDARD_GRAVITY_M_S2
from lupex.trajectory.seen import (
    TDB_MINUS_UT_S,
    behind_moon,
    orbit_shadow_fraction,
    perigee_places,
    perilune_places,
    station_seen,
)
from lupex.trajectory.vehicles import Launcher, Propulsion, Vehicles

CELL_S = 6 * 3600.0
TRY_S = 600.0
FLIGHTS = 9

REASONS = {
    kernel.OPEN: "",
    kernel.NO_AZIMUTH: "launch_azimuth",
    kernel.NO_FLIGHT: "flight_time",
    kernel.NO_PLANE: "orbit_plane",
    kernel.NO_LIGHT: "light",
    kernel.NO_SUN: "sun_elevation",
    kernel.NO_EARTH: "earth",
    kernel.NO_CONTACT: "contact",
    kernel.NO_LIT_DAYS: "lit_days",
}
ECLIPSE, LAUNCH_ENERGY, LANDED_MASS = "eclipse", "launch_energy", "landed_mass"


@dataclass(frozen=True, eq=False, kw_only=True)
class SiteLight:
    """A site's own light on even times: what windows need of `lupex.illumination`.

    Attributes:
        lat_deg, lon_deg: of the site. times_tdb_s: (n,) even. lit, earth: (n,). sun_elevation_deg: over level ground.
        lit_days: (n,) days from a landing then to the first dark spell that is not survived.
        sun_me: (n, 3) unit, towards the Sun. eclipsed: (n,) whether the Earth hides any part of it.
        stations: antennas whose view of the Moon counts as contact.
    """

    lat_deg: float
    lon_deg: float
    times_tdb_s: F64
    lit: Mask
    earth: Mask
    sun_elevation_deg: F64
    lit_days: F64
    sun_me: F64
    eclipsed: Mask
    stations: tuple[Station, ...] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class Launches:
    """Launches of a span in cells, the same for every site: what `landed_windows` begins from.

    Attributes:
        span_tdb_s: first and last. cell_s: length of a cell. rows: (cell, k) columns as in the kernel.
        moon: on the times of the light. contact: (n,) whether an antenna has the Moon in view then.
    """

    span_tdb_s: tuple[float, float]
    cell_s: float
    rows: F64
    moon: MoonTable
    contact: Mask


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class WindowMargins(Glance):
    """What else an analyst asks of a window, (cell,) arrays.

    Attributes:
        tli_contact: an antenna has the perigee of the last burn in view. loi_contact: the Moon does not hide the first
            perilune from the Earth, and an antenna has the Moon in view then. landing_contact: likewise the site.
        eclipse_hours: in which the Earth hides part of the Sun at the Moon, from arrival to landing.
        orbit_shadow_fraction: share of the waiting orbit in the Moon's shadow at landing.
        mass_margin_kg: landed mass over the least; NaN where nobody states it.
    """

    tli_contact: Mask
    loi_contact: Mask
    landing_contact: Mask
    eclipse_hours: F64
    orbit_shadow_fraction: F64
    mass_margin_kg: F64

    def _facts(self) -> dict[str, str]:
        seen = self.tli_contact & self.loi_contact & self.landing_contact
        return {"windows": f"{seen.size} windows", "contact": f"{int(seen.sum())} seen at all three events"}


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class WindowMap(Glance):
    """Launch windows of one site, (cell,) arrays.

    Attributes:
        launch_tdb_s, landing_tdb_s: NaN where there is none. tli_m_s: from the circular parking orbit by whomever;
            lander_tli_m_s: the lander's part. loi_m_s: into the circular polar orbit. descent_m_s: deorbit and braking.
        landed_kg, lit_days, sun_elevation_deg, earth_visible: at the landing. closed_by: '' where the window is open.
        flight_s, v_infinity_m_s, azimuth_deg, inclination_deg, polar_offset_deg: geometry of the transfer.
        more: contact, eclipse and margins.
    """

    launch_tdb_s: F64
    landing_tdb_s: F64
    tli_m_s: F64
    lander_tli_m_s: F64
    loi_m_s: F64
    descent_m_s: float
    landed_kg: F64
    lit_days: F64
    sun_elevation_deg: F64
    earth_visible: Mask
    closed_by: tuple[str, ...]
    flight_s: F64
    v_infinity_m_s: F64
    azimuth_deg: F64
    inclination_deg: F64
    polar_offset_deg: F64
    more: WindowMargins

    def _facts(self) -> dict[str, str]:
        known = self.launch_tdb_s
        return {"cells": counted(known.size, "cell"), "open": f"{self.open.sum()} open",
                "span": span_words((known[0], known[-1]))}  # fmt: skip

    @property
    def open(self) -> Mask:
        """(cell,) whether nothing closes the window."""
        return np.array([not reason for reason in self.closed_by], bool)

    def closed_counts(self) -> dict[str, int]:
        """How many cells each constraint closes, the most first."""
        found: dict[str, int] = {}
        for reason in self.closed_by:
            if reason:
                found[reason] = found.get(reason, 0) + 1
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    def rows(self) -> dict[str, Any]:
        """Columns of the table that `lupex trajectory windows` prints."""
        landing, more = np.isfinite(self.landing_tdb_s), self.more
        landed = np.full(landing.size, "", object)
        landed[landing] = tdb_s_to_utc(self.landing_tdb_s[landing])

        def words(values: Mask) -> list[str]:
            return np.where(landing, np.where(values, "true", "false"), "").tolist()

        return {
            "launch_utc": list(tdb_s_to_utc(self.launch_tdb_s)),
            "landing_utc": landed.tolist(),
            "tli_m_s": self.tli_m_s,
            "loi_m_s": self.loi_m_s,
            "descent_m_s": np.full(landing.size, self.descent_m_s),
            "landed_mass_kg": self.landed_kg,
            "lit_days_after_landing": self.lit_days,
            "sun_elevation_deg": self.sun_elevation_deg,
            "earth_visible": words(self.earth_visible),
            "closed_by": list(self.closed_by),
            "mass_margin_kg": more.mass_margin_kg,
            "flight_days": self.flight_s / DAY_S,
            "v_infinity_m_s": self.v_infinity_m_s,
            "azimuth_deg": self.azimuth_deg,
            "inclination_deg": self.inclination_deg,
            "polar_offset_deg": self.polar_offset_deg,
            "tli_contact": words(more.tli_contact),
            "loi_contact": words(more.loi_contact),
            "landing_contact": words(more.landing_contact),
            "eclipse_hours": more.eclipse_hours,
            "orbit_shadow_fraction": more.orbit_shadow_fraction,
        }

    def best(self, count: int, apart_days: float) -> list[int]:
        """Rows of open windows, most lit days first and of equals most mass; launches and landings lie apart.

        Args:
            count: at most. apart_days: between them.
        """
        chosen: list[int] = []
        order = sorted(
            np.flatnonzero(self.open), key=lambda i: (-round(float(self.lit_days[i])), -float(self.landed_kg[i]))
        )
        for i in order:
            both = (self.launch_tdb_s, self.landing_tdb_s)
            if all(abs(t[i] - t[k]) >= apart_days * DAY_S for k in chosen for t in both):
                chosen.append(int(i))
            if len(chosen) == count:
                break
        return chosen


def window_map(
    span_tdb_s: tuple[float, float], light: SiteLight, launcher: Launcher, propulsion: Propulsion,
    settings: TrajectorySettings, descent_m_s: float,
) -> WindowMap:  # fmt: skip
    """Launch windows in cells of 6 hours over a span: in each the cheapest launch, and the landing with most light.

    Args:
        span_tdb_s: first and last launch.
        light: of the site, over the span and the waits after it. launcher, propulsion: vehicles. settings: limits.
        descent_m_s: deorbit and powered descent.

    Raises InputError for an empty span, or light that does not reach far enough.
    """
    found = launches(span_tdb_s, light, launcher, settings)
    return landed_windows(found, light, Vehicles(launcher=launcher, propulsion=propulsion), settings, descent_m_s)


def launches(
    span_tdb_s: tuple[float, float], light: SiteLight, launcher: Launcher, settings: TrajectorySettings,
    cell_s: float = CELL_S, try_s: float = TRY_S,
) -> Launches:  # fmt: skip
    """The cheapest launch of every cell of a span; no site in it yet.

    Args:
        span_tdb_s: first and last launch. light: whose times and antennas are used. launcher: curve, pad, azimuths.
        settings: limits. cell_s: length of a cell; try_s: step of launch times tried in it.

    Raises as `window_map`.
    """
    if not span_tdb_s[1] > span_tdb_s[0]:
        raise InputError("windows: the span is empty", "let --stop come after --start")
    if settings.min_flight_days > settings.max_flight_days or settings.min_orbit_days > settings.max_orbit_days:
        raise InputError("windows: a shortest time is longer than the longest", "correct [trajectory]")
    starts = np.arange(span_tdb_s[0], span_tdb_s[1], cell_s)
    times = light.times_tdb_s
    needed = span_tdb_s[1] + cell_s + longest_way_s(settings)
    if times[0] > span_tdb_s[0] or times[-1] < needed:
        raise InputError("windows: the light at hand does not cover the span", "make it longer")
    moon = moon_table(times)
    flights = DAY_S * np.linspace(settings.min_flight_days, settings.max_flight_days, FLIGHTS)
    rows = np.full((starts.size, kernel.COLUMNS), np.nan)
    kernel.launches(
        starts, flights, times[0], times[1] - times[0], moon.moon, _numbers(launcher, settings, cell_s, try_s), rows
    )
    contact = station_seen(light.stations, times, moon.moon[:, :3])
    return Launches(span_tdb_s=span_tdb_s, cell_s=cell_s, rows=rows, moon=moon, contact=contact)


def landed_windows(
    found: Launches, light: SiteLight, vehicles: Vehicles, settings: TrajectorySettings, descent_m_s: float
) -> WindowMap:
    """The windows of launches at one site.

    Args:
        found: launches. light: of the site, on the times of the launches' Moon. vehicles: launcher and lander.
        settings: limits. descent_m_s: deorbit and powered descent.
    """
    rows, times = found.rows.copy(), light.times_tdb_s
    lat, lon = np.radians([light.lat_deg, light.lon_deg])
    place = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    shown = np.stack([light.lit, light.sun_elevation_deg, light.earth, found.contact, light.lit_days], axis=1)
    numbers = _numbers(vehicles.launcher, settings, found.cell_s, TRY_S)
    numbers[kernel.NEED_CONTACT] *= bool(light.stations)
    kernel.landings(
        times[0], times[1] - times[0], found.moon.axes, place, np.ascontiguousarray(shown, np.float64), numbers, rows
    )
    made = _map(rows, light, descent_m_s, _margins(rows, found, light, vehicles.launcher, settings, place))
    return _closed_by_mass(made, rows[:, kernel.C3], vehicles.launcher, vehicles.propulsion, settings)


def longest_way_s(settings: TrajectorySettings) -> float:
    """Longest time from launch to landing that the settings allow (s)."""
    return loops_s(settings) + DAY_S * (settings.max_flight_days + settings.max_orbit_days)


def _numbers(launcher: Launcher, settings: TrajectorySettings, cell_s: float, try_s: float) -> F64:
    numbers = np.empty(kernel.SETTINGS)
    numbers[kernel.SITE_LAT], numbers[kernel.SITE_LON] = np.radians([launcher.pad_lat_deg, launcher.pad_lon_deg])
    numbers[kernel.AZ_MIN], numbers[kernel.AZ_MAX] = np.radians([launcher.azimuth_min_deg, launcher.azimuth_max_deg])
    numbers[kernel.LOOPS_S] = loops_s(settings)
    numbers[kernel.PERIGEE_M] = EARTH_RADIUS_M + 1000.0 * settings.parking_altitude_km
    numbers[kernel.GM_EARTH], numbers[kernel.GM_MOON] = GM_EARTH_M3_S2, GM_MOON_M3_S2
    numbers[kernel.ORBIT_M] = MOON_RADIUS_M + 1000.0 * settings.orbit_altitude_km
    numbers[kernel.MAX_OFFSET] = np.radians(settings.max_polar_offset_deg)
    numbers[kernel.MIN_WAIT_S], numbers[kernel.MAX_WAIT_S] = (
        DAY_S * settings.min_orbit_days, DAY_S * settings.max_orbit_days,
    )  # fmt: skip
    numbers[kernel.MIN_SUN], numbers[kernel.MAX_SUN] = settings.min_sun_elevation_deg, settings.max_sun_elevation_deg
    numbers[kernel.MIN_LIT], numbers[kernel.NEED_EARTH] = settings.min_lit_days, float(settings.earth_at_landing)
    numbers[kernel.NEED_CONTACT] = float(settings.contact_at_landing)
    numbers[kernel.CELL_S], numbers[kernel.TRY_S], numbers[kernel.UT_LAG_S] = cell_s, try_s, TDB_MINUS_UT_S
    return numbers


def _margins(
    rows: F64, found: Launches, light: SiteLight, launcher: Launcher, settings: TrajectorySettings, place: F64
) -> WindowMargins:
    """Contact, eclipse and shadow of rows that have a landing; false and NaN elsewhere."""
    held = rows[:, kernel.LANDING] >= 0.0
    row, times, moon = rows[held], light.times_tdb_s, found.moon
    index = row[:, kernel.LANDING].astype(np.int64)
    first, step = times[0], times[1] - times[0]
    arrived = np.clip(np.rint((row[:, kernel.ARRIVAL] - first) / step).astype(np.int64), 0, times.size - 1)
    there = moon_table(row[:, kernel.ARRIVAL]).moon[:, :3]
    launch = row[:, kernel.LAUNCH]
    depart = launch + loops_s(settings)
    normal = np.empty((len(row), 3))
    pad = np.radians([launcher.pad_lat_deg, launcher.pad_lon_deg])
    for one, t, at in zip(normal, launch - TDB_MINUS_UT_S, there, strict=True):
        kernel.launch_plane(t, pad[0], pad[1], at, one)
    perigee = EARTH_RADIUS_M + 1000.0 * settings.parking_altitude_km
    eccentricity = perigee * row[:, kernel.PERIGEE_V] ** 2 / GM_EARTH_M3_S2 - 1.0
    begins = perigee_places(there, normal, perigee, eccentricity)
    orbit = MOON_RADIUS_M + 1000.0 * settings.orbit_altitude_km
    incoming = np.ascontiguousarray(row[:, kernel.OFF :])
    site = np.einsum("nij,j->ni", moon.axes[index], place)
    plane = np.cross(incoming, site)
    plane /= np.maximum(np.linalg.norm(plane, axis=1), 1e-9)[:, None]
    captured = perilune_places(incoming, plane, moon.axes[arrived][:, :, 2], orbit, GM_MOON_M3_S2)
    hidden = behind_moon(captured, there)
    sun = np.einsum("nij,nj->ni", moon.axes[index], light.sun_me[index])
    dark = np.concatenate([[0.0], np.cumsum(light.eclipsed)]) * step / 3600.0

    def whole(values: F64 | Mask, empty: float | bool) -> Any:
        out = np.full(len(rows), empty)
        out[held] = values
        return out

    return WindowMargins(
        tli_contact=whole(station_seen(light.stations, depart, begins), False),
        loi_contact=whole(station_seen(light.stations, row[:, kernel.ARRIVAL], there) & ~hidden, False),
        landing_contact=whole(found.contact[index] & light.earth[index], False),
        eclipse_hours=whole(dark[index + 1] - dark[np.minimum(arrived, index)], np.nan),
        orbit_shadow_fraction=whole(orbit_shadow_fraction(plane, sun, orbit), np.nan),
        mass_margin_kg=np.full(len(rows), np.nan),
    )


def loops_s(settings: TrajectorySettings) -> float:
    """Time from launch to the last burn near the Earth (s): loops where the transfer has them."""
    return DAY_S * settings.loop_days if settings.transfer == "loops" else 0.0


def _map(rows: F64, light: SiteLight, descent_m_s: float, more: WindowMargins) -> WindowMap:
    index = rows[:, kernel.LANDING].astype(np.int64)
    landing = index >= 0

    def at(values: F64) -> F64:
        return np.where(landing, values[index], np.nan)

    return WindowMap(
        launch_tdb_s=rows[:, kernel.LAUNCH],
        landing_tdb_s=at(light.times_tdb_s),
        tli_m_s=rows[:, kernel.TLI],
        lander_tli_m_s=np.zeros(len(rows)),
        loi_m_s=rows[:, kernel.LOI],
        descent_m_s=descent_m_s,
        landed_kg=np.full(len(rows), np.nan),
        lit_days=at(light.lit_days),
        sun_elevation_deg=at(light.sun_elevation_deg),
        earth_visible=np.where(landing, light.earth[index], False),
        closed_by=tuple(REASONS[int(code)] for code in rows[:, kernel.CLOSED]),
        flight_s=rows[:, kernel.FLIGHT],
        v_infinity_m_s=rows[:, kernel.V_INFINITY],
        azimuth_deg=rows[:, kernel.AZIMUTH],
        inclination_deg=rows[:, kernel.INCLINATION],
        polar_offset_deg=rows[:, kernel.OFFSET],
        more=more,
    )


def lander_tli_m_s(
    c3_m2_s2: F64, launcher: Launcher, propulsion: Propulsion, settings: TrajectorySettings
) -> tuple[F64, Mask]:
    """The lander's part of the way to the Moon's energy (m/s), and whether the launcher's curve covers the launch.

    By loops the launcher injects into the C3 its curve gives for the mass and the lander's burns at the perigee do the
    rest; directly the launcher does all of it.

    Args:
        c3_m2_s2: (n,) of the transfers. launcher, propulsion, settings: as in `window_map`.
    """
    mass = propulsion.wet_mass_kg + propulsion.stage_mass_kg
    given = launcher.c3_for(mass) * 1e6
    if settings.transfer == "direct":
        return np.zeros_like(c3_m2_s2), np.asarray(given >= c3_m2_s2 - 1e3)
    perigee = EARTH_RADIUS_M + 1000.0 * settings.parking_altitude_km
    escape = 2.0 * BODIES["earth"].gm_m3_s2 / perigee
    rest = np.sqrt(c3_m2_s2 + escape) - np.sqrt(min(given, 0.0) + escape)
    return np.maximum(rest, 0.0), np.isfinite(c3_m2_s2)


def _closed_by_mass(
    made: WindowMap, c3: F64, launcher: Launcher, propulsion: Propulsion, settings: TrajectorySettings
) -> WindowMap:
    part, covered = lander_tli_m_s(c3, launcher, propulsion, settings)
    grow = 1.0 + settings.delta_v_margin_fraction
    exhaust = propulsion.orbit_isp_s * STANDARD_GRAVITY_M_S2
    injected = propulsion.wet_mass_kg + propulsion.stage_mass_kg
    mass = injected * np.exp(-(part + made.loi_m_s + settings.correction_m_s) * grow / exhaust)
    if propulsion.stage_mass_kg:
        mass = np.minimum(mass, propulsion.wet_mass_kg)
    mass = mass * np.exp(-made.descent_m_s * grow / propulsion.exhaust_m_s)
    least = settings.min_landed_mass_kg or (
        propulsion.dry_mass_kg + propulsion.payload_mass_kg if propulsion.dry_mass_kg else 0.0
    )
    closed, dark = list(made.closed_by), made.more.eclipse_hours > settings.max_eclipse_hours
    for i, reason in enumerate(closed):
        if not reason:
            late = LAUNCH_ENERGY if not covered[i] else LANDED_MASS if mass[i] < least else ""
            closed[i] = ECLIPSE if dark[i] else late
    more = replace(made.more, mass_margin_kg=mass - least if least else np.full(mass.size, np.nan))
    return replace(made, lander_tli_m_s=part, landed_kg=mass, closed_by=tuple(closed), more=more)
