"""Launches of a made-up site: open windows in the second half of ten days."""

import numpy as np

from lupex.base.constants import DAY_S, MOON_RADIUS_M
from lupex.catalogue import catalogue_entry
from lupex.kernels.trajectory import descent as columns
from lupex.model.settings.descent import DescentSettings
from lupex.model.settings.trajectory import TrajectorySettings
from lupex.results.launches import LaunchStudy, PayloadMass, SiteLaunches
from lupex.trajectory import (
    Approach,
    Burn,
    SiteLight,
    Vehicles,
    descent_plan,
    launcher_of,
    mass_budget,
    propulsion_of,
    window_map,
)

START = 898_267_869.0


def made_up_launches(sun_deg: float = 5.0, dry_kg: float = float("nan")) -> LaunchStudy:
    times = START + 3600.0 * np.arange(24 * 80)
    yes = np.ones(times.size, bool)
    light = SiteLight(
        lat_deg=-89.45, lon_deg=222.69, times_tdb_s=times, lit=yes, earth=yes,
        sun_elevation_deg=np.where(times > START + 35.0 * DAY_S, sun_deg, 0.0), lit_days=np.full(times.size, 50.0),
        sun_me=np.tile([1.0, 0.0, 0.0], (times.size, 1)), eclipsed=~yes,
    )  # fmt: skip
    launcher = launcher_of("h3_24l", catalogue_entry("launcher", "h3_24l").facts)
    propulsion = propulsion_of("lupex", catalogue_entry("lander", "lupex").facts)
    vehicles = Vehicles(launcher=launcher, propulsion=propulsion)
    windows = window_map((START, START + 10.0 * DAY_S), light, launcher, propulsion, TrajectorySettings(), 2145.0)
    plan = descent_plan(propulsion, 4500.0, DescentSettings(), 100.0)
    best = tuple(windows.best(2, 1.0))
    to_go = plan.track[:, 1 + columns.X]
    over = Approach(
        to_go_m=to_go, lat_deg=np.full(to_go.size, -89.0), lon_deg=np.linspace(0.0, 10.0, to_go.size),
        height_m=plan.track[:, 1 + columns.R] - MOON_RADIUS_M, terrain_m=np.zeros(to_go.size), mapped_m=to_go[0],
    )  # fmt: skip
    burns = (Burn(name="capture", delta_v_m_s=820.0), Burn(name="powered descent", delta_v_m_s=2145.0, descent=True))
    budget = mass_budget(propulsion, 6500.0, burns, 0.05) if best else None
    masses = PayloadMass(landed_kg=2218.0, payload_kg=350.0, payload_source="made up", dry_kg=dry_kg) if best else None
    days = np.linspace(3.0, 4.9, 3)
    return LaunchStudy(
        cell_hours=6.0, sites=(SiteLaunches(site="S1", windows=windows, best=best, budget=budget),), flight_days=days,
        burns_m_s=np.tile(windows.tli_m_s + windows.loi_m_s, (3, 1)), vehicles=vehicles, plan=plan, over=over,
        azimuth_true_deg=0.0, masses=masses,
    )  # fmt: skip
