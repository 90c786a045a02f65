"""When to launch for the sites of a study: their windows by the light already computed, the best few, what lands."""

import warnings
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import DAY_S, MOON_RADIUS_M
from lupex.base.errors import InputError, LupexWarning, UnpublishedError
from lupex.ephemeris import utc_to_tdb_s
from lupex.kernels.trajectory import windows as kernel
from lupex.mission import Mission
from lupex.results import SiteStudy
from lupex.results.launches import LaunchStudy, PayloadMass, SiteLaunches
from lupex.results.payload import PayloadStudy
from lupex.study.trajectory.windows import light_of_series, mission_descent, mission_vehicles
from lupex.trajectory import (
    Burn,
    DescentPlan,
    Launches,
    MassBudget,
    SiteLight,
    Vehicles,
    WindowMap,
    approach,
    landed_windows,
    launches,
    longest_way_s,
    mass_budget,
)

TRY_S = 1200.0
PORKCHOP_TRY_S = 3600.0
FLIGHT_ROWS = 5
"""Flight times of the porkchop; each is a map of its own."""
BEST = 3
BEST_APART_DAYS = 20.0
"""Nearer ones are the same window of the Moon's month."""


def launch_study(
    mission: Mission, studies: Sequence[SiteStudy], payload: PayloadStudy | None = None
) -> LaunchStudy | None:
    """Launch windows of the sites; None where [trajectory] does not ask, or the span of [light] is too short.

    Args:
        mission: settings and vehicles. studies: sites, best first, with their light. payload: as accommodated.
    """
    settings = mission.trajectory
    with_light = [study for study in studies if study.series is not None]
    if not settings.in_study or not with_light:
        return None
    try:
        vehicles = mission_vehicles(mission)
        span = _span(mission)
        if span is None:
            return None
        end = span[1] + 3600.0 * settings.study_cell_hours + longest_way_s(settings) + DAY_S
        lights = {study.name: _light(mission, study, end) for study in with_light}
        cell_s = 3600.0 * settings.study_cell_hours
        first = lights[with_light[0].name]
        found = launches(span, first, vehicles.launcher, settings, cell_s, TRY_S)
        plans = {study.name: mission_descent(mission, vehicles.propulsion, _height_m(study)) for study in with_light}
    except (InputError, UnpublishedError) as error:
        # A lander or a launcher that cannot be flown is no reason for the study of its sites to fail.
        warnings.warn(LupexWarning(f"no launch windows in this study: {error}"), stacklevel=2)
        return None
    sites = []
    for study in with_light:
        plan = plans[study.name]
        mapped = landed_windows(found, lights[study.name], vehicles, settings, plan.total_m_s)
        best = tuple(mapped.best(BEST, BEST_APART_DAYS))
        budget = window_budget(mission, vehicles, mapped, best[0], plan) if best else None
        sites.append(SiteLaunches(site=study.name, windows=mapped, best=best, budget=budget))
    days, burns = _porkchop(mission, found, vehicles, first)
    study, plan = with_light[0], plans[with_light[0].name]
    place = (study.place.lat_deg, study.place.lon_deg)
    budget = next((one.budget for one in sites if one.budget is not None), None)
    return LaunchStudy(
        cell_hours=settings.study_cell_hours, sites=tuple(sites), flight_days=days, burns_m_s=burns, vehicles=vehicles,
        plan=plan, over=approach(plan, place, mission.dispersion.track_azimuth_true_deg, study.terrain),
        azimuth_true_deg=mission.dispersion.track_azimuth_true_deg,
        masses=None if budget is None else payload_mass(mission, vehicles, budget.landed_kg, payload),
    )  # fmt: skip


def window_budget(mission: Mission, vehicles: Vehicles, found: WindowMap, row: int, plan: DescentPlan) -> MassBudget:
    """Staged masses of a window, its burns as the map has them.

    Args:
        mission: margins. vehicles: launcher and lander. found, row: the window. plan: of the descent.
    """
    settings, propulsion = mission.trajectory, vehicles.propulsion
    burns = (
        Burn(name="translunar, lander's part", delta_v_m_s=float(found.lander_tli_m_s[row])),
        Burn(name="corrections and orbit keeping", delta_v_m_s=settings.correction_m_s),
        Burn(name="capture to circular orbit", delta_v_m_s=float(found.loi_m_s[row])),
        Burn(name="deorbit", delta_v_m_s=plan.deorbit_m_s, descent=True),
        Burn(name="powered descent", delta_v_m_s=plan.powered_m_s, descent=True),
    )
    injected = propulsion.wet_mass_kg + propulsion.stage_mass_kg
    return mass_budget(propulsion, injected, burns, settings.delta_v_margin_fraction, settings.min_landed_mass_kg)


def payload_mass(mission: Mission, vehicles: Vehicles, landed_kg: float, payload: PayloadStudy | None) -> PayloadMass:
    """The landed mass beside the payload: the rover and the lander's instruments with their margins.

    Args:
        mission: for the rover's mass. vehicles: for what is stated of the lander. landed_kg: of a window.
        payload: as accommodated; without it the mass stated for the lander's payload counts.
    """
    propulsion = vehicles.propulsion
    rover = next((float(fact.value) for fact in mission.rover if fact.key == "mass_kg"), 0.0)
    fit = None if payload is None else payload.fit
    aboard = [] if fit is None else [r for r in fit.budgets if r.quantity == "mass" and "lander" in r.host]
    if rover and aboard:
        kg, source = rover + sum(r.margined for r in aboard), "rover, and the lander's instruments with their margins"
    else:
        kg, source = propulsion.payload_mass_kg, "payload stated for the lander"
    return PayloadMass(
        landed_kg=landed_kg, payload_kg=kg, payload_source=source, dry_kg=propulsion.dry_mass_kg or float("nan")
    )


def _span(mission: Mission) -> tuple[float, float] | None:
    """First and last launch: as many days as asked for, as far as light for the way and the life after it lasts."""
    settings = mission.trajectory
    start, stop = (float(utc_to_tdb_s(text)[0]) for text in (mission.light.start_utc, mission.light.stop_utc))
    cell_s = 3600.0 * settings.study_cell_hours
    last = stop - longest_way_s(settings) - cell_s - DAY_S * mission.light.season_days
    end = min(start + settings.study_days * DAY_S, last)
    return (start, end) if end >= start + cell_s else None


def _light(mission: Mission, study: SiteStudy, end_tdb_s: float) -> SiteLight:
    """The light of a site up to the last landing; lit days are counted beyond it."""
    assert study.series is not None
    light = light_of_series(mission, (study.place.lat_deg, study.place.lon_deg), study.series)
    n = int(np.searchsorted(light.times_tdb_s, end_tdb_s, side="right"))
    return replace(
        light, times_tdb_s=light.times_tdb_s[:n], lit=light.lit[:n], earth=light.earth[:n],
        sun_elevation_deg=light.sun_elevation_deg[:n], lit_days=light.lit_days[:n], sun_me=light.sun_me[:n],
        eclipsed=light.eclipsed[:n],
    )  # fmt: skip


def _height_m(study: SiteStudy) -> float:
    assert study.view is not None
    return study.view.distance_m - MOON_RADIUS_M


def _porkchop(mission: Mission, found: Launches, vehicles: Vehicles, light: SiteLight) -> tuple[F64, F64]:
    """Flight times (days) and TLI + LOI of every one of them and every launch (k, cell)."""
    settings = mission.trajectory
    days = np.linspace(settings.min_flight_days, settings.max_flight_days, FLIGHT_ROWS)
    burns = []
    for flight in days.tolist():
        one = replace(settings, min_flight_days=flight, max_flight_days=flight)
        burns.append(launches(found.span_tdb_s, light, vehicles.launcher, one, found.cell_s, PORKCHOP_TRY_S).rows)
    return days, np.array([rows[:, kernel.TLI] + rows[:, kernel.LOI] for rows in burns])
