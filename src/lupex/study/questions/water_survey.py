"""A survey for water around a place: light to temperature to ice to what each hole may be expected to prove."""

from dataclasses import replace

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.base.frames import lat_lon_deg, map_xy_m
from lupex.base.running import Running
from lupex.mission import Mission
from lupex.model import Terrain
from lupex.results.water import WaterPlaces, WaterSurvey
from lupex.study.places import point_view, true_skyline
from lupex.study.questions.drives import drive_ground
from lupex.terrain import aspect_deg, slope_deg
from lupex.thermal import Cells, equilibrium, ice_depth, ideal_year, layers_of, regolith
from lupex.thermal.profile import slope_normal
from lupex.thermal.sublimation import loss_fit
from lupex.thermal.sun import place_vectors
from lupex.water.field.covariance import Spots
from lupex.water.field.survey import present_probability, survey
from lupex.water.models.facts import instrument, instrument_names

AZIMUTHS = 180
MOST_PLACES = 600
NO_ICE_K = 230.0
"""Where the surface gets warmer than this no column is worth computing: ice is stable nowhere in it (mean too warm)."""

_BATCH = 64


def water_survey(
    mission: Mission,
    centre: tuple[float, float] | None = None,
    terrain: Terrain | None = None,
    name: str = "survey",
    running: Running = Running(),
) -> WaterSurvey:
    """The survey of a mission around a place.

    Args:
        mission: [water], [water_rule] and [water_prior] say what is asked for.
        centre: latitude and longitude, degrees; those of [water] when left out.
        terrain: the ground there; the mission's fine ground when left out.
        name: of the place, for files. running: how.

    Raises: GridError for a place off the terrain, InputError where no hole could be made.
    """
    settings = mission.water
    centre = (settings.lat_deg, settings.lon_deg) if centre is None else centre
    ground = drive_ground(mission, centre) if terrain is None else terrain
    x_m, y_m, slope, aspect = _candidates(mission, ground, centre)
    lat, lon = lat_lon_deg(x_m, y_m, ground.grid.pole)
    temperatures = _temperatures(ground, x_m, y_m, slope, aspect, running)
    depth = ice_depth(temperatures.depth_m, temperatures.loss).depth_m
    prior = mission.water_prior
    stable = depth <= mission.water_rule.reach_m
    chance = np.where(stable, prior.ice_probability, min(settings.unstable_probability, prior.ice_probability))
    cover = np.where(stable, depth, prior.cover_median_m)
    present = present_probability(prior, mission.water_rule, chance, cover)
    instruments = {one: instrument(one) for one in instrument_names()}
    spots = Spots(x_m, y_m, temperatures.max_k, slope)
    likely = _typical(prior, cover, chance)
    found = survey(settings, mission.water_rule, likely, instruments, spots, present, mission.study.seed)
    return WaterSurvey(
        name=name,
        lat_deg=centre[0],
        lon_deg=centre[1],
        terrain=ground,
        places=WaterPlaces(
            x_m=x_m, y_m=y_m, lat_deg=lat, lon_deg=lon, slope_deg=slope, max_k=temperatures.max_k,
            mean_k=temperatures.mean_k, stability_depth_m=depth, ice_probability=chance, present=present,
        ),
        survey=found,
        drift_k_per_year=temperatures.drift,
        notes=_notes(ground),
    )  # fmt: skip


class _Columns:
    """Temperatures of places: (n,) max and mean of the surface, (n, node) loss, nodes, largest drift."""

    def __init__(self, max_k: F64, mean_k: F64, loss: F64, depth_m: F64, drift: float) -> None:
        self.max_k, self.mean_k, self.loss, self.depth_m, self.drift = max_k, mean_k, loss, depth_m, drift


def _candidates(mission: Mission, ground: Terrain, centre: tuple[float, float]) -> tuple[F64, F64, F64, F64]:
    """x, y, slope and aspect of places on a lattice around the middle, on ground and not too steep for a hole."""
    settings, grid = mission.water, ground.grid
    x0, y0 = (float(value) for value in map_xy_m(*centre, grid.pole))
    reach = settings.radius_km * 1000.0
    steps = np.arange(-np.floor(reach / settings.spacing_m), np.floor(reach / settings.spacing_m) + 1)
    dx, dy = (part.ravel() * settings.spacing_m for part in np.meshgrid(steps, steps))
    inside = dx**2 + dy**2 <= reach**2
    x, y = x0 + dx[inside], y0 + dy[inside]
    col, row = np.floor((x - grid.left_m) / grid.cell_m), np.floor((grid.top_m - y) / grid.cell_m)
    on = (row >= 0) & (row < grid.rows) & (col >= 0) & (col < grid.cols)
    x, y, row, col = x[on], y[on], row[on].astype(int), col[on].astype(int)
    baseline = max(mission.terrain.fine_slope_baseline_m, 2.0 * grid.cell_m)
    slope = slope_deg(ground, baseline)[row, col].astype(np.float64)
    aspect = aspect_deg(ground, baseline)[row, col].astype(np.float64)
    good = np.isfinite(slope) & np.isfinite(aspect) & (slope <= settings.max_slope_deg)
    if not good.any():
        raise InputError(
            f"water survey: no ground flatter than {settings.max_slope_deg:g} deg within {settings.radius_km:g} km",
            "choose another place, a larger [water] radius_km or max_slope_deg",
        )
    if good.sum() > MOST_PLACES:
        raise InputError(
            f"water survey: {int(good.sum())} places, more than {MOST_PLACES}",
            "choose a larger [water] spacing_m or a smaller radius_km",
        )
    return x[good], y[good], slope[good], aspect[good]


def _temperatures(ground: Terrain, x_m: F64, y_m: F64, slope: F64, aspect: F64, running: Running) -> _Columns:
    """Columns of every place under its own skyline, over the ideal year; facing slopes are not counted."""
    made = regolith()
    layers, year = layers_of(made), ideal_year()
    lat, lon = lat_lon_deg(x_m, y_m, ground.grid.pole)
    rows = []
    for n in range(x_m.size):
        running.progress(n, x_m.size, "skylines")
        azimuth, elevation = true_skyline(point_view(ground, float(x_m[n]), float(y_m[n]), 0.0, AZIMUTHS))
        even = np.arange(AZIMUTHS) * (360.0 / AZIMUTHS)
        sine = np.sin(np.radians(np.interp(even, azimuth, elevation, period=360.0)))
        east, north, up = place_vectors(float(lat[n]), float(lon[n]))
        rows.append((east, north, up, slope_normal(east, north, up, float(slope[n]), float(aspect[n])), sine))
    east, north, up, normal, sine = (np.array(part) for part in zip(*rows, strict=True))
    cells = Cells(east, north, up, normal, sine.astype(np.float32), np.zeros(x_m.size))
    found = equilibrium(made, layers, cells, year, loss_fit=loss_fit("h2o"), running=running)
    return _Columns(
        found.max_k[:, 0], found.mean_k[:, 0], found.loss_kg_m2_gyr, layers.depth_m, float(found.drift_k_per_year.max())
    )


def _typical(prior, cover: F64, chance: F64):  # type: ignore[no-untyped-def]
    """The prior of a likely place of this survey, for the simulated holes."""
    return replace(prior, cover_median_m=float(np.clip(np.median(cover[chance >= np.median(chance)]), 1e-3, 5.0)))


def _notes(ground: Terrain) -> tuple[str, ...]:
    notes = [
        "Temperatures: one-dimensional, own skyline, ideal year; light and heat from facing slopes are left out, so "
        "that shadows come out too cold and ice too shallow.",
        "Instrument numbers that nobody has published are stand-ins (assumption).",
    ]
    if ground.synthetic_below_m is not None:
        notes.append(f"Relief below {ground.synthetic_below_m:g} m is synthetic: an example of the ground, not a map.")
    return tuple(notes)
