"""What a survey for water around a site could prove: from its map of ice to stations and the decision to expect."""

import math
from dataclasses import dataclass, replace

import numpy as np

from lupex.base.arrays import F32, F64
from lupex.base.frames import lat_lon_deg
from lupex.base.running import Running
from lupex.mission import Mission
from lupex.model import Grid, LightMap, Terrain, Traverse
from lupex.model.quantities import sentences
from lupex.model.settings.water import PriorSettings
from lupex.results import SiteStudy
from lupex.results.water import WaterPlaces, WaterSurvey
from lupex.study.stages.orbital import orbital_notes, orbital_readings
from lupex.thermal import ThermalMap
from lupex.thermal.maps import DEEPEST_M
from lupex.water.field.covariance import Spots
from lupex.water.field.survey import Survey, survey
from lupex.water.field.trials import HoleTrials, hole_trials
from lupex.water.inference.orbital import OrbitalReadings, informed_probability
from lupex.water.inference.prior import present_probability
from lupex.water.models.facts import Instrument, instrument, instrument_names

MOST_PLACES = 600
"""Places considered at most: the covariance of the field between them is held whole."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Lattice:
    """Places where a hole could be made, (n,) each: map frame, slope of the ground, coldness and ice below.

    Attributes:
        x_m, y_m: map frame. slope_deg: of the ground.
        max_k, mean_k: of the surface over the year. stability_depth_m: ice lasts below it; inf where it does not.
    """

    x_m: F64
    y_m: F64
    slope_deg: F64
    max_k: F64
    mean_k: F64
    stability_depth_m: F64


def all_instruments() -> dict[str, Instrument]:
    """Every instrument of the catalogue by name."""
    return {name: instrument(name) for name in instrument_names()}


def mission_trials(mission: Mission) -> HoleTrials:
    """Holes simulated with the rule, the prior and the instruments of a mission: one set for all its sites."""
    return hole_trials(mission.water, mission.water_rule, mission.water_prior, all_instruments(), mission.study.seed)


def water_trials(mission: Mission, running: Running = Running()) -> HoleTrials | None:
    """`mission_trials` where the mission asks for water in its study; None without it or without maps of ice."""
    if not (mission.water.in_study and mission.thermal.maps):
        return None
    running.progress(0, 1, "simulated holes")
    return mission_trials(mission)


def site_water(mission: Mission, study: SiteStudy, trials: HoleTrials | None) -> WaterSurvey | None:
    """The survey around a site and along its drive; None where none was asked for or no hole could be made.

    Args:
        mission: the settings. study: with temperatures and, where there is one, the drive.
        trials: simulated holes, None where water is not asked for.
    """
    heat = study.thermal
    if trials is None or heat is None:
        return None
    centre = (study.place.x_m, study.place.y_m)
    drive = None if study.drive is None else study.drive.traverse
    lattice = _lattice(mission, study, heat, centre, drive)
    if lattice.x_m.size == 0:
        return None
    notes = [
        f"Temperatures and depth of stable ice: nearest cell of {heat.maps.grid.cell_m:g} m of the site's map.",
        "Whether the rover gets there and back in time is for the campaign to find: hand it the stops.",
    ]
    return survey_over(
        mission, study.name, centre, study.terrain, lattice, trials,
        maps=prior_maps(mission, heat, study.terrain), drift=heat.numbers["drift_99_k_per_year"], notes=tuple(notes),
    )  # fmt: skip


def survey_over(
    mission: Mission,
    name: str,
    centre: tuple[float, float],
    terrain: Terrain,
    lattice: Lattice,
    trials: HoleTrials,
    *,
    maps: LightMap | None,
    drift: float,
    notes: tuple[str, ...],
) -> WaterSurvey:
    """The best survey over places whose temperatures are known.

    Args:
        mission: settings, rule and prior. name: of the place, for files and labels.
        centre: x, y of the map frame, m. terrain: the ground there.
        lattice: places where a hole could be made; one at least. trials: simulated holes of the mission.
        maps: of the prior, None where there are none. drift: largest of the temperatures, K per year.
        notes: sentences on how they were found.
    """
    pole = terrain.grid.pole
    lat, lon = lat_lon_deg(lattice.x_m, lattice.y_m, pole)
    readings = orbital_readings(mission, lat, lon)
    chance, cover = local_prior(mission, lattice.stability_depth_m)
    present = believed(mission, chance, cover, readings)
    spots = Spots(lattice.x_m, lattice.y_m, lattice.max_k, lattice.slope_deg)
    found = survey(mission.water, trials, typical_prior(mission.water_prior, cover, chance), spots, present)
    middle = tuple(float(value) for value in lat_lon_deg(*centre, pole))
    places = WaterPlaces(
        x_m=lattice.x_m, y_m=lattice.y_m, lat_deg=lat, lon_deg=lon, slope_deg=lattice.slope_deg,
        max_k=lattice.max_k, mean_k=lattice.mean_k, stability_depth_m=lattice.stability_depth_m,
        ice_probability=chance, present=present, hydrogen_wt_percent=readings.hydrogen_wt_percent,
        ice_seen=readings.ice_seen,
    )  # fmt: skip
    return WaterSurvey(
        name=name,
        lat_deg=middle[0],
        lon_deg=middle[1],
        terrain=terrain,
        places=places,
        survey=found,
        numbers=survey_numbers(places, found, mission.water_rule.reach_m),
        maps=maps,
        drift_k_per_year=drift,
        notes=(*notes, *orbital_notes(mission, readings), *common_notes(terrain.synthetic_below_m)),
    )  # fmt: skip


def survey_numbers(places: WaterPlaces, found: Survey, reach_m: float) -> dict[str, float]:
    """What a survey comes to, by name with unit.

    Args:
        places: considered. found: the survey over them. reach_m: deepest cover that leaves a layer within the rule.
    """
    stable, count = places.stability_depth_m <= reach_m, len(found.stations)
    return {
        "stations": count,
        "places": int(stable.size),
        "places_with_stable_ice": int(stable.sum()),
        "stable_fraction": float(stable.mean()),
        "best_probability": float(places.present.max()),
        "survey_hours": count * found.chosen.hours,
        "survey_energy_wh": count * found.chosen.energy_wh,
    }


def local_prior(mission: Mission, stability_depth_m: F64) -> tuple[F64, F64]:
    """Chance of ice and median thickness of the dry cover (m), from the depth below which ice lasts.

    Args:
        mission: prior and reach. stability_depth_m: any shape; inf where ice lasts nowhere.

    Returns: two arrays of that shape. Where ice lasts within reach of the auger, the prior's chance and that depth;
    elsewhere the chance that the laws of loss are wrong, and the prior's cover.
    """
    prior = mission.water_prior
    stable = stability_depth_m <= mission.water_rule.reach_m
    unstable = min(mission.water.unstable_probability, prior.ice_probability)
    return np.where(stable, prior.ice_probability, unstable), np.where(stable, stability_depth_m, prior.cover_median_m)


def believed(mission: Mission, chance: F64, cover_m: F64, readings: OrbitalReadings) -> F64:
    """(n,) probability of water at the level within reach at places, maps from orbit taken into account.

    Args:
        mission: prior and rule. chance: (n,) of any ice. cover_m: (n,) median thickness of the dry cover.
        readings: of maps from orbit.
    """
    if readings.none:
        return present_probability(mission.water_prior, mission.water_rule, chance, cover_m)
    local = (chance, cover_m)
    return informed_probability(mission.water_prior, mission.water_rule, local, readings, all_instruments())


def prior_maps(mission: Mission, heat: ThermalMap, terrain: Terrain) -> LightMap:
    """Probability of water at the level within reach, and depth of stable ice, over the cells of a thermal map.

    Args:
        mission: rule and prior. heat: the site's map of ice. terrain: the ground it was made from.
    """
    depth = np.asarray(heat.maps["ice_depth_m"], np.float64)
    known = np.isfinite(depth)
    chance, cover = (part.ravel() for part in local_prior(mission, np.where(known, depth, np.inf)))
    lat, lon = (part.ravel() for part in heat.maps.grid.lat_lon_deg())
    present = believed(mission, chance, cover, orbital_readings(mission, lat, lon)).reshape(known.shape)
    layers: dict[str, F32] = {
        "water_probability": np.where(known, present, np.nan).astype(np.float32),
        "ice_depth_m": np.asarray(heat.maps["ice_depth_m"], np.float32),
    }
    return LightMap(
        grid=heat.maps.grid,
        layers=layers,
        meanings={**heat.maps.meanings, **sentences(("water_probability",))},
        span_utc=heat.maps.span_utc,
        observer_height_m=0.0,
        synthetic_below_m=terrain.synthetic_below_m,
    )


def typical_prior(prior: PriorSettings, cover_m: F64, chance: F64) -> PriorSettings:
    """The prior of a likely place among several: it weighs the kinds of ground that were simulated.

    Args:
        prior: of the mission. cover_m, chance: (n,) of the places.
    """
    likely = chance >= np.median(chance)
    cover = float(np.clip(np.median(cover_m[likely]), 1e-3, 5.0))
    return replace(prior, cover_median_m=cover, ice_probability=float(chance.max()))


def common_notes(synthetic_below_m: float | None) -> tuple[str, ...]:
    """What every survey leaves out, in sentences."""
    notes = ["Instrument numbers that nobody has published are stand-ins (assumption)."]
    if synthetic_below_m is not None:
        notes.append(f"Relief below {synthetic_below_m:g} m is synthetic: an example of the ground, not a map.")
    return tuple(notes)


def lattice_points(centre: tuple[float, float], reach_m: float, spacing_m: float) -> tuple[F64, F64]:
    """x and y of the points of a square lattice through a centre, within a reach of it along each axis.

    Args:
        centre: x, y of the map frame, m. reach_m: how far. spacing_m: between neighbours.
    """
    steps = np.arange(-np.floor(reach_m / spacing_m), np.floor(reach_m / spacing_m) + 1)
    dx, dy = (part.ravel() * spacing_m for part in np.meshgrid(steps, steps))
    return centre[0] + dx, centre[1] + dy


def _lattice(
    mission: Mission, study: SiteStudy, heat: ThermalMap, centre: tuple[float, float], drive: Traverse | None
) -> Lattice:
    """Places within [water] radius_km of the site, and near its drive, on ground flat enough for a hole."""
    settings, grid = mission.water, study.terrain.grid
    radius_m, spacing_m = 1000.0 * settings.radius_km, settings.spacing_m
    way = np.empty((0, 2)) if drive is None else np.column_stack([drive.x_m, drive.y_m])
    far = radius_m if drive is None else radius_m + float(np.hypot(*(way - centre).T).max())
    while True:
        x, y = lattice_points(centre, far, spacing_m)
        near = np.hypot(x - centre[0], y - centre[1]) <= radius_m
        if len(way):
            from scipy.spatial import cKDTree

            near |= cKDTree(way).query(np.column_stack([x, y]))[0] <= max(spacing_m, grid.cell_m)
        x, y = x[near], y[near]
        slope = _at(grid, study.maps["slope_deg"], x, y)
        kept = np.isfinite(slope) & (slope <= settings.max_slope_deg)
        layers = {name: _at(heat.maps.grid, heat.maps[name], x, y)
                  for name in ("surface_max_k", "surface_mean_k", "ice_depth_m")}  # fmt: skip
        kept &= np.all([np.isfinite(values) for values in layers.values()], axis=0)
        if kept.sum() <= MOST_PLACES:
            break
        spacing_m *= math.sqrt(2.0)
    depth = layers["ice_depth_m"][kept]
    return Lattice(
        x_m=x[kept], y_m=y[kept], slope_deg=slope[kept], max_k=layers["surface_max_k"][kept],
        mean_k=layers["surface_mean_k"][kept],
        stability_depth_m=np.where(depth < DEEPEST_M, depth, np.inf),
    )  # fmt: skip


def _at(grid: Grid, layer: F32, x_m: F64, y_m: F64) -> F64:
    """Values of the cells that hold points; NaN off the grid."""
    col, row = np.floor((x_m - grid.left_m) / grid.cell_m), np.floor((grid.top_m - y_m) / grid.cell_m)
    on = (row >= 0) & (row < grid.rows) & (col >= 0) & (col < grid.cols)
    found = np.full(x_m.shape, np.nan)
    found[on] = layer[row[on].astype(int), col[on].astype(int)]
    return found
