"""A survey for water around a place: light to temperature to ice to what each hole may be expected to prove."""

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.base.frames import lat_lon_deg, map_xy_m
from lupex.base.running import Running
from lupex.mission import Mission
from lupex.model import Terrain
from lupex.results.water import WaterSurvey
from lupex.study.places import point_view, true_skyline
from lupex.study.questions.drives import drive_ground
from lupex.study.stages.water import MOST_PLACES, Lattice, lattice_points, mission_trials, survey_over
from lupex.terrain import aspect_deg, slope_deg
from lupex.thermal import Cells, equilibrium, ice_depth, ideal_year, layers_of, regolith
from lupex.thermal.profile import slope_normal
from lupex.thermal.sublimation import loss_fit
from lupex.thermal.sun import place_vectors

AZIMUTHS = 180
NO_ICE_K = 230.0
"""Where the surface gets warmer than this no column is worth computing: ice is stable nowhere in it (mean too warm)."""

ALONE = (
    "Temperatures: one-dimensional, own skyline, ideal year; light and heat from facing slopes are left out, so that "
    "shadows come out too cold and ice too shallow."
)


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
    temperatures = _temperatures(ground, x_m, y_m, slope, aspect, running)
    lattice = Lattice(
        x_m=x_m, y_m=y_m, slope_deg=slope, max_k=temperatures.max_k, mean_k=temperatures.mean_k,
        stability_depth_m=ice_depth(temperatures.depth_m, temperatures.loss).depth_m,
    )  # fmt: skip
    middle = tuple(float(value) for value in map_xy_m(*centre, ground.grid.pole))
    return survey_over(
        mission, name, (middle[0], middle[1]), ground, lattice, mission_trials(mission),
        maps=None, drift=temperatures.drift, notes=(ALONE,),
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
    x, y = lattice_points((x0, y0), reach, settings.spacing_m)
    inside = (x - x0) ** 2 + (y - y0) ** 2 <= reach**2
    x, y = x[inside], y[inside]
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
