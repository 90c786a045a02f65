"""One descent a user asks for: nominal flight, fuel optimum, dispersion, terrain below, Sun and Earth at touchdown."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from lupex.base.arrays import F64
from lupex.base.frames import map_xy_m
from lupex.catalogue import catalogue_entry
from lupex.ephemeris import moon_table, sky_table, utc_to_tdb_s
from lupex.illumination import point_series
from lupex.kernels.trajectory import descent as columns
from lupex.mission import Mission
from lupex.model import Terrain
from lupex.navigation.orbit.landing import with_known_orbit
from lupex.study.contacts.chosen import asked_stations
from lupex.study.ground import point_terrain
from lupex.study.places import map_point, point_view
from lupex.study.trajectory.windows import mission_descent, mission_site
from lupex.terrain import point_height_m
from lupex.trajectory import (
    Approach,
    BrakingOptimum,
    BrakingProblem,
    DescentDispersion,
    DescentPlan,
    DescentView,
    Propulsion,
    approach,
    braking_optimum,
    descent_plan,
    descent_view,
    dispersed,
    propulsion_of,
)
from lupex.trajectory.descent.profile import PHASES

VIEW_ROWS = 25


@dataclass(frozen=True, kw_only=True)
class DescentAsked:
    """What a descent is asked for; what is None or '' comes from the mission.

    Attributes:
        site: latitude and east longitude. lander: of the catalogue or a file. mass_kg: at the start of braking.
        at_utc: of touchdown. azimuth_true_deg: of the ground track. braking: time (s) and distance (km) of a flown one.
        seed: of the draws.
    """

    site: tuple[float, float] | None = None
    lander: str = ""
    mass_kg: float | None = None
    at_utc: str | None = None
    azimuth_true_deg: float | None = None
    braking: tuple[float, float] | None = None
    seed: int | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class DescentAnswer:
    """A descent.

    Attributes:
        site: latitude and east longitude. azimuth_true_deg: of the track there. propulsion: of the lander.
        plan, optimum, dispersion, over: the nominal flight, its best braking, its scatter, the ground under it.
        view: Sun, Earth and antennas on the way down, None without a time; lit: whether the ground below its rows is
            lit, NaN off the map. touchdown: Sun, shadow and Earth there, empty without a time.
        synthetic: label of terrain that is made up.
    """

    site: tuple[float, float]
    azimuth_true_deg: float
    propulsion: Propulsion
    plan: DescentPlan
    optimum: BrakingOptimum
    dispersion: DescentDispersion
    over: Approach
    touchdown: dict[str, Any]
    synthetic: str
    view: DescentView | None = None
    lit: F64 | None = None

    @property
    def phases(self) -> list[dict[str, Any]]:
        """A row for each phase: time, distance, state at its start, thrust."""
        track, rows = self.plan.track, []
        for p, downrange in enumerate(self.plan.downrange_m.tolist()):
            part = track[track[:, 11] == p]
            thrust = np.linalg.norm(part[:, 8:11], axis=1)
            rows.append({
                "phase": PHASES[p], "start_s": part[0, 0], "duration_s": self.plan.phases[p, columns.DURATION],
                "height_m": part[0, 1 + columns.R] - self.plan.radius_m, "speed_m_s": part[0, 1 + columns.U],
                "sink_m_s": -part[0, 1 + columns.S], "mass_kg": part[0, 1 + columns.MASS], "downrange_m": downrange,
                "thrust_min_n": float(thrust.min()), "thrust_max_n": float(thrust.max()),
            })  # fmt: skip
        return rows

    def track_columns(self) -> dict[str, F64]:
        """Columns of the nominal flight."""
        names = ("time_s", "to_go_m", "across_m", "radius_m", "speed_m_s", "speed_across_m_s", "climb_m_s", "mass_kg",
                 "thrust_along_n", "thrust_across_n", "thrust_up_n", "phase")  # fmt: skip
        return dict(zip(names, self.plan.track.T, strict=True))

    def view_rows(self) -> list[dict[str, Any]]:
        """A row for some instants of the way down: Sun, shadow and light on the ground below, Earth, antennas."""
        view, lit = self.view, self.lit
        if view is None or lit is None:
            return []
        return [
            {
                "time_s": float(view.times_s[i]), "to_go_m": float(view.to_go_m[i]),
                "sun_elevation_deg": float(view.sun_elevation_deg[i]),
                "shadow_of_1_m_m": _known(view.shadow_of_1_m_m[i]),
                "camera_phase_deg": float(view.phase_deg[i]),
                "ground_lit": None if np.isnan(lit[i]) else bool(lit[i]),
                "earth_elevation_deg": float(view.earth_elevation_deg[i]),
                "earth_visible": bool(view.earth_seen[i]), "station_visible": bool(view.station_seen[i]),
            }
            for i in range(lit.size)
        ]  # fmt: skip

    def summary(self) -> dict[str, Any]:
        """What `lupex trajectory descent --json` prints."""
        plan, best, spread = self.plan, self.optimum, self.dispersion
        clearance, where = self.over.lowest
        return {
            "site": list(self.site),
            "lander": self.propulsion.name,
            "delta_v_m_s": plan.total_m_s,
            "deorbit_m_s": plan.deorbit_m_s,
            "powered_m_s": plan.powered_m_s,
            "fuel_kg": float(plan.start[columns.MASS] - plan.end[columns.MASS]),
            "mass_at_braking_kg": float(plan.start[columns.MASS]),
            "landed_mass_kg": float(plan.end[columns.MASS]),
            "braking_s": float(plan.phases[0, columns.DURATION]),
            "braking_downrange_m": float(plan.downrange_m[0]),
            "phases": self.phases,
            "optimum": {
                "braking_s": best.duration_s, "braking_downrange_m": best.downrange_m, "fuel_kg": best.fuel_kg,
                "delta_v_m_s": best.delta_v_m_s, "slack": best.slack, "integrated_fuel_kg": best.integrated_fuel_kg,
                "miss_m": best.miss_m, "miss_m_s": best.miss_m_s,
                "guided_fuel_kg": float(plan.start[columns.MASS]) - self.phases[1]["mass_kg"],
            },
            "dispersion": {
                "runs": len(spread.ends), "along_sigma_m": spread.along_sigma_m, "cross_sigma_m": spread.cross_sigma_m,
                "track_azimuth_true_deg": self.azimuth_true_deg, "kept_fraction": spread.kept,
                "powered_mean_m_s": spread.delta_v_m_s[0], "powered_p99_m_s": spread.delta_v_m_s[1],
            },
            "terrain": {"clearance_m": clearance, "at_to_go_m": where, "mapped_to_go_m": self.over.mapped_m,
                        "synthetic": self.synthetic},
            "touchdown": self.touchdown,
            "view": self.view_rows(),
        }  # fmt: skip


def descent_answer(mission: Mission, asked: DescentAsked) -> DescentAnswer:
    """The descent asked for.

    Args:
        mission: settings, lander and terrain. asked: what differs from it.

    Raises InputError, NothingLeftError when no such descent exists; UnpublishedError for engines nobody stated.
    """
    place = mission_site(mission, asked.site)
    if asked.lander:
        entry = catalogue_entry("lander", asked.lander)
        propulsion = propulsion_of(entry.name, entry.facts)
    else:
        propulsion = propulsion_of(mission.lander_name, mission.lander)
    terrain = point_terrain(mission.terrain.dem, *place, mission.terrain.check_dem)
    x, y = map_point(terrain, *place)
    height = point_height_m(terrain, x, y)
    rough = None if asked.braking is None else (asked.braking[0], 1000.0 * asked.braking[1])
    if asked.mass_kg is None and rough is None:
        plan = mission_descent(mission, propulsion, height)
    else:
        mass = asked.mass_kg or float(mission_descent(mission, propulsion, height).start[columns.MASS])
        plan = descent_plan(propulsion, mass, mission.descent, mission.trajectory.orbit_altitude_km, height, rough)
    azimuth = mission.dispersion.track_azimuth_true_deg if asked.azimuth_true_deg is None else asked.azimuth_true_deg
    over = approach(plan, place, azimuth, terrain)
    view, lit = _view(mission, plan, over, asked, terrain)
    return DescentAnswer(
        site=place, azimuth_true_deg=azimuth, propulsion=propulsion, plan=plan,
        optimum=braking_optimum(braking_problem(plan, mission), float(plan.phases[0, columns.DURATION])),
        dispersion=dispersed(plan, with_known_orbit(mission.descent, mission.ellipse),
                             mission.study.seed if asked.seed is None else asked.seed),
        over=over, view=view, lit=lit, touchdown=_touchdown(mission, place, asked, terrain),
        synthetic=terrain.label,
    )  # fmt: skip


def braking_problem(plan: DescentPlan, mission: Mission) -> BrakingProblem:
    """The braking of a plan as a problem of least fuel, with the share of the thrust the settings allow."""
    settings, vehicle = mission.descent, plan.vehicle
    return BrakingProblem(
        gm_m3_s2=float(vehicle[columns.GM]), radius_m=plan.radius_m,
        start_radius_m=float(plan.start[columns.R]), start_speed_m_s=float(plan.start[columns.U]),
        end_height_m=1000.0 * settings.gate_km, end_speed_m_s=settings.gate_speed_m_s,
        end_sink_m_s=settings.gate_sink_m_s, mass_kg=float(plan.start[columns.MASS]),
        thrust_min_n=float(vehicle[columns.THRUST_MIN]),
        thrust_max_n=float(vehicle[columns.THRUST_MAX]) * settings.thrust_use_fraction,
        exhaust_m_s=float(vehicle[columns.EXHAUST]),
    )  # fmt: skip


def _view(
    mission: Mission, plan: DescentPlan, over: Approach, asked: DescentAsked, terrain: Terrain
) -> tuple[DescentView | None, F64 | None]:
    """View on the way down at some rows and whether the ground below is lit there; None without a time."""
    if asked.at_utc is None:
        return None, None
    n = over.to_go_m.size
    rows = np.unique(np.linspace(0, n - 1, VIEW_ROWS).round().astype(int))
    some = Approach(
        to_go_m=over.to_go_m[rows], lat_deg=over.lat_deg[rows], lon_deg=over.lon_deg[rows],
        height_m=over.height_m[rows], terrain_m=over.terrain_m[rows], mapped_m=over.mapped_m,
    )  # fmt: skip
    before = plan.track[-n:, 0][rows] - float(plan.notes[columns.TIME])
    times = float(utc_to_tdb_s(asked.at_utc)[0]) + before
    sky = sky_table(times)
    view = descent_view(some, before, sky, moon_table(times).axes, asked_stations(mission.ground))
    lit = np.full(rows.size, np.nan)
    for k, (lat, lon) in enumerate(zip(some.lat_deg, some.lon_deg, strict=True)):
        if not np.isfinite(some.terrain_m[k]) or not terrain.grid.contains(
            *(float(v) for v in map_xy_m(lat, lon, terrain.grid.pole))
        ):
            continue
        seen = point_series(point_view(terrain, *map_point(terrain, lat, lon), 0.0), sky_table(times[k : k + 1]))
        lit[k] = seen.sun_disc_fraction[0] > mission.light.dark_below_disc_fraction
    return view, lit


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _touchdown(mission: Mission, place: tuple[float, float], asked: DescentAsked, terrain: Any) -> dict[str, Any]:
    """Sun, shadow and Earth at touchdown, empty without a time."""
    if asked.at_utc is None:
        return {}
    view = point_view(terrain, *map_point(terrain, *place), mission.trajectory.lander_height_m)
    seen = point_series(view, sky_table(utc_to_tdb_s(asked.at_utc)))
    elevation = float(seen.sun_elevation_deg[0])
    lit = bool(seen.sun_disc_fraction[0] > mission.light.dark_below_disc_fraction)
    azimuth = mission.dispersion.track_azimuth_true_deg if asked.azimuth_true_deg is None else asked.azimuth_true_deg
    towards = (float(seen.sun_azimuth_true_deg[0]) - azimuth + 180.0) % 360.0 - 180.0
    return {
        "utc": asked.at_utc,
        "sun_elevation_deg": elevation,
        "sun_azimuth_true_deg": float(seen.sun_azimuth_true_deg[0]),
        "sun_from_track_deg": towards,
        "lit": lit,
        "shadow_of_1_m_m": 1.0 / math.tan(math.radians(elevation)) if lit and elevation > 0.0 else None,
        "earth_visible": bool(seen.earth_centre_visible[0]),
        "earth_elevation_deg": float(seen.earth_elevation_deg[0]),
    }
