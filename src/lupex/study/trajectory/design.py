"""One trajectory in full: the window of a launch, flown from the last burn near the Earth to the start of braking."""

from dataclasses import replace

import numpy as np

from lupex.base.constants import DAY_S
from lupex.base.errors import InputError, NothingLeftError
from lupex.ephemeris import barycentric_series, utc_to_tdb_s
from lupex.kernels.trajectory import descent as columns
from lupex.kernels.trajectory import windows as kernel
from lupex.mission import Mission
from lupex.results.design import Design
from lupex.study.trajectory.windows import (
    mission_descent,
    mission_site,
    mission_vehicles,
    site_light,
)
from lupex.trajectory import (
    Burn,
    DescentPlan,
    Flight,
    FlightSettings,
    TransferAim,
    Vehicles,
    WindowMap,
    flight,
    mass_budget,
    midcourse,
    window_map,
)
from lupex.trajectory.design.arc import moon_state
from lupex.trajectory.seen import TDB_MINUS_UT_S
from lupex.trajectory.windows import CELL_S

AROUND_DAYS = 7.0
FLIGHT_ROWS = 9
"""Of windows before and after a launch that are mapped with it, for the porkchop."""


def designed(mission: Mission, launch_utc: str, site: tuple[float, float] | None = None) -> Design:
    """The trajectory of a launch within six hours of a time.

    Args:
        mission: settings, vehicles and terrain. launch_utc: the cell of windows that begins there is flown.
        site: latitude and east longitude; None for the mission's.

    Raises NothingLeftError when a constraint closes the window (it says which) or the corrector does not converge,
    InputError and SpanError as `launch_windows`.
    """
    vehicles, place = mission_vehicles(mission), mission_site(mission, site)
    launch = float(utc_to_tdb_s(launch_utc)[0])
    span = (launch - AROUND_DAYS * DAY_S, launch + AROUND_DAYS * DAY_S)
    light, height = site_light(mission, place, span)
    plan = mission_descent(mission, vehicles.propulsion, height)
    found = window_map(span, light, vehicles.launcher, vehicles.propulsion, mission.trajectory, plan.total_m_s)
    row = round((launch - span[0]) / CELL_S)
    if found.closed_by[row]:
        raise NothingLeftError(
            f"design: the window of {launch_utc} is closed by {found.closed_by[row]}",
            "see `lupex trajectory windows` for those that are open, or relax [trajectory]",
        )
    aim = transfer_aim(mission, found, row, place, vehicles)
    series = barycentric_series(aim.depart_tdb_s - DAY_S, aim.landing_tdb_s + DAY_S)
    settings = mission.trajectory
    flown = flight(
        aim,
        FlightSettings(
            capture_apolune_km=settings.capture_apolune_km, orbit_km=settings.orbit_altitude_km,
            capture_burns=settings.capture_burns,
            braking_km=mission.descent.perilune_km, descent_m=float(plan.start[columns.X]),
        ),
        series,
    )  # fmt: skip
    budget = mass_budget(
        vehicles.propulsion, vehicles.propulsion.wet_mass_kg + vehicles.propulsion.stage_mass_kg,
        design_burns(mission, found, row, flown, plan), settings.delta_v_margin_fraction, settings.min_landed_mass_kg,
    )  # fmt: skip
    if budget.margin_kg < 0.0:
        raise NothingLeftError(
            f"design: {budget.landed_kg:.0f} kg land, {-budget.margin_kg:.0f} kg too few", "lighten the lander"
        )
    times = np.linspace(settings.min_flight_days, settings.max_flight_days, FLIGHT_ROWS)
    burns = []
    for days in times.tolist():
        one = replace(settings, min_flight_days=days, max_flight_days=days)
        mapped = window_map(span, light, vehicles.launcher, vehicles.propulsion, one, plan.total_m_s)
        burns.append(mapped.tli_m_s + mapped.loi_m_s)
    return Design(
        site=place, windows=found, row=row, flight=flown, descent=plan, mass=budget, vehicles=vehicles,
        flight_days=times, burns_m_s=np.array(burns),
        corrections=midcourse(flown.transfer, aim, settings, series, mission.study.seed),
    )  # fmt: skip


def transfer_aim(
    mission: Mission, found: WindowMap, row: int, place: tuple[float, float], vehicles: Vehicles
) -> TransferAim:
    """What the transfer of a window is asked for.

    Args:
        mission: settings. found, row: the window. place: latitude and east longitude. vehicles: with the pad.
    """
    settings = mission.trajectory
    loops = settings.loop_days * DAY_S if settings.transfer == "loops" else 0.0
    launch = float(found.launch_tdb_s[row])
    arrive = launch + loops + float(found.flight_s[row])
    moon, _ = moon_state(arrive, barycentric_series(arrive - DAY_S, arrive + DAY_S))
    normal = np.empty(3)
    pad = np.radians([vehicles.launcher.pad_lat_deg, vehicles.launcher.pad_lon_deg])
    kernel.launch_plane(launch - TDB_MINUS_UT_S, pad[0], pad[1], np.ascontiguousarray(moon[:3]), normal)
    lat, lon = np.radians(place)
    if not np.isfinite(arrive):
        raise InputError("design: the window has no transfer", "choose another launch")
    return TransferAim(
        depart_tdb_s=launch + loops, arrive_tdb_s=arrive, perigee_km=settings.parking_altitude_km, normal=normal,
        perilune_km=settings.orbit_altitude_km, landing_tdb_s=float(found.landing_tdb_s[row]),
        site_me=np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]),
    )  # fmt: skip


def design_burns(mission: Mission, found: WindowMap, row: int, flown: Flight, plan: DescentPlan) -> tuple[Burn, ...]:
    """Burns of the lander in order: its part of the way to the Moon, corrections, at the Moon, the descent.

    Args:
        mission: settings. found, row: the window. flown: integrated burns at the Moon. plan: of the descent.
    """
    burns = [Burn(name="translunar, lander's part", delta_v_m_s=float(found.lander_tli_m_s[row]))]
    burns.append(Burn(name="corrections and orbit keeping", delta_v_m_s=mission.trajectory.correction_m_s))
    burns += [
        Burn(name=event.name, delta_v_m_s=event.delta_v_m_s, descent=event.name == "deorbit")
        for event in flown.events
        if event.delta_v_m_s > 0.0
    ]
    return (*burns, Burn(name="powered descent", delta_v_m_s=plan.powered_m_s, descent=True))
