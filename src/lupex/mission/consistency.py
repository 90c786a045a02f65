"""Settings that are right one by one and cannot all hold together."""

from collections.abc import Callable, Iterator

from lupex.base.constants import DAY_S, JULIAN_YEAR_S
from lupex.base.errors import InputError, MissionError
from lupex.base.frames import sight_m
from lupex.base.utc import civil_s, utc_text
from lupex.catalogue import catalogue_names, is_published
from lupex.catalogue.names import suggestion
from lupex.mission.mission import SETTINGS, Mission
from lupex.mission.paths import is_path
from lupex.mission.plugins import plugin_criteria
from lupex.model.settings.ground import NO_STATIONS
from lupex.model.settings.ranking import WEIGHT_NAMES
from lupex.model.settings.setting import settings_fields

LARGEST_FINE_SIDE = 8192
"""Cells along one side of a fine DEM: 8192 x 8192 is what a laptop's memory holds."""

DEFAULT_CELL_M = 1600.0
"""Cell of the default DEM."""

SHORTEST_BASELINE_CELLS = 2.0
"""A slope over less than two cells is not resolved."""

WEIGHT_TOLERANCE = 1e-3
"""How far weights that should sum to 1 may be off."""


Contradiction = tuple[str, str, str]
"""Table, what is wrong, and what to do."""


def check_consistency(mission: Mission) -> None:
    """Raise MissionError, naming file and table, for the first contradiction in a mission."""
    for rule in RULES:
        for table, what, fix in rule(mission):
            raise MissionError(f"{mission.path} [{table}]: {what}", fix)


def _dem_names(mission: Mission) -> Iterator[Contradiction]:
    terrain = mission.terrain
    if terrain.dem == "default" and terrain.far_dem not in (("default",), ("none",)):
        yield "terrain", "far_dem is given but dem is 'default'", "give your DEM as dem, or leave far_dem out"
    if is_published(terrain.dem):
        if terrain.far_dem not in (("default",), ("none",)):
            yield (
                "terrain",
                f"far_dem is given but dem is '{terrain.dem}', around which published maps nest by themselves",
                "leave far_dem out",
            )
        if terrain.pole != "south":
            yield "terrain", f"dem = '{terrain.dem}' shows the south pole", 'write pole = "south"'


def _fine_grid(mission: Mission) -> Iterator[Contradiction]:
    terrain = mission.terrain
    size_m = 1000.0 * terrain.fine_size_km
    cells = size_m / terrain.fine_cell_m
    if cells < 16:
        yield (
            "terrain",
            f"fine_cell_m = {terrain.fine_cell_m:g} leaves {cells:.3g} cells a side of fine_size_km = "
            f"{terrain.fine_size_km:g}",
            f"use a fine_cell_m of at most {size_m / 16:g}",
        )
    if cells > LARGEST_FINE_SIDE:
        yield (
            "terrain",
            f"fine_cell_m = {terrain.fine_cell_m:g} makes {cells:.0f} cells a side of fine_size_km = "
            f"{terrain.fine_size_km:g}",
            f"use a fine_cell_m of at least {size_m / LARGEST_FINE_SIDE:g} or a smaller fine_size_km",
        )
    shortest_m = SHORTEST_BASELINE_CELLS * terrain.fine_cell_m
    if not shortest_m <= terrain.fine_slope_baseline_m <= size_m:
        yield (
            "terrain",
            f"fine_slope_baseline_m = {terrain.fine_slope_baseline_m:g} lies outside two cells of "
            f"fine_cell_m = {terrain.fine_cell_m:g} .. fine_size_km = {terrain.fine_size_km:g}",
            f"use a value from {shortest_m:g} to {size_m:g}",
        )


def _default_cell(mission: Mission) -> Iterator[Contradiction]:
    terrain = mission.terrain
    if terrain.dem != "default":
        return
    if terrain.fine_cell_m > DEFAULT_CELL_M:
        yield (
            "terrain",
            f"fine_cell_m = {terrain.fine_cell_m:g} is coarser than the default DEM",
            f"use at most {DEFAULT_CELL_M:g}",
        )
    if terrain.slope_baseline_m < SHORTEST_BASELINE_CELLS * DEFAULT_CELL_M:
        yield (
            "terrain",
            f"slope_baseline_m = {terrain.slope_baseline_m:g} is shorter than two cells of the default DEM",
            f"use at least {SHORTEST_BASELINE_CELLS * DEFAULT_CELL_M:g}, or bring a finer DEM",
        )


def _azimuths(mission: Mission) -> Iterator[Contradiction]:
    count = mission.horizon.azimuths
    if count % 8:
        near = 8 * max(1, round(count / 8))
        yield "horizon", f"azimuths = {count} is not a multiple of 8", f"use {near}"


def _eyes(mission: Mission) -> Iterator[Contradiction]:
    horizon = mission.horizon
    for key in ("surface_height_m", "panel_height_m"):
        sight_km = sight_m(getattr(horizon, key)) / 1000.0
        if sight_km > horizon.search_radius_km:
            yield (
                "horizon",
                f"{key} = {getattr(horizon, key):g} sees {sight_km:.4g} km of bare ground, farther than "
                f"search_radius_km = {horizon.search_radius_km:g}",
                "lower it, or search farther",
            )


def _span(mission: Mission) -> Iterator[Contradiction]:
    light = mission.light
    span_s = civil_s(light.stop_utc) - civil_s(light.start_utc)
    if span_s <= 0:
        yield (
            "light",
            f"stop_utc = {light.stop_utc} does not come after start_utc = {light.start_utc}",
            "exchange or correct them",
        )
    elif span_s < light.season_days * DAY_S:
        yield (
            "light",
            f"a season of season_days = {light.season_days:g} does not fit into start_utc .. stop_utc "
            f"({span_s / DAY_S:g} days)",
            "lengthen the span or shorten the season",
        )
    elif span_s > light.cycle_years * JULIAN_YEAR_S:
        yield (
            "light",
            f"the long-term cycle of cycle_years = {light.cycle_years:g} is shorter than start_utc .. stop_utc "
            f"({span_s / JULIAN_YEAR_S:.1f} years)",
            "lengthen cycle_years or shorten the span",
        )


def _site_limits(mission: Mission) -> Iterator[Contradiction]:
    sites = mission.sites
    weights = (sites.weight_light, sites.weight_earth, sites.weight_slope, sites.weight_psr)
    if sum(weights) <= 0:
        yield (
            "sites",
            "all four weights are zero",
            "give weight_light, weight_earth, weight_slope or weight_psr a value",
        )
    if sites.min_abs_latitude_deg > sites.max_abs_latitude_deg:
        yield (
            "sites",
            f"min_abs_latitude_deg = {sites.min_abs_latitude_deg:g} lies above max_abs_latitude_deg = "
            f"{sites.max_abs_latitude_deg:g}",
            "exchange or correct them",
        )
    if sites.min_lit_days > mission.light.season_days:
        yield (
            "sites",
            f"min_lit_days = {sites.min_lit_days:g} is longer than season_days = "
            f"{mission.light.season_days:g} of [light]",
            "lower min_lit_days or lengthen the season",
        )


def _drive(mission: Mission) -> Iterator[Contradiction]:
    drive, light = mission.traverse, mission.light
    if drive.neighbours not in (8, 16):
        yield "traverse", f"neighbours = {drive.neighbours} is neither 8 nor 16", "use 8 or 16"
    steps = drive.span_days * 24.0 * 60.0 / drive.step_minutes
    if steps < 2:
        yield "traverse", f"span_days = {drive.span_days:g} is shorter than two steps", "shorten step_minutes"
    if drive.begin == "season":
        return
    try:
        begin_s = civil_s(utc_text(drive.begin))
    except InputError as error:
        yield "traverse", f"begin = '{drive.begin}': {error.what}", "write 'season', or UTC like 2028-05-01T00:00:00Z"
        return
    end_s = begin_s + 3600.0 * drive.first_hours + DAY_S * drive.span_days
    if begin_s < civil_s(light.start_utc) or end_s > civil_s(light.stop_utc):
        yield (
            "traverse",
            f"the drive from begin = {drive.begin} over first_hours and span_days leaves start_utc .. stop_utc of "
            "[light]",
            "begin inside the mission span, or lengthen it",
        )


def _antennas(mission: Mission) -> Iterator[Contradiction]:
    ground = mission.ground
    if not ground.stations:
        yield "ground", "stations names none", "name one or more, or write 'none'"
    if NO_STATIONS[0] in ground.stations and len(ground.stations) > 1:
        yield "ground", "stations names 'none' and others", "write 'none' alone, or leave it out"
    if ground.skyline_margin_deg < 0.0 and ground.antenna_height_m == 0.0:
        yield "ground", "skyline_margin_deg is below 0 for an antenna on the ground", "raise one of the two"


def _catalogue_names(mission: Mission) -> Iterator[Contradiction]:
    """Names of the catalogue; files (their content is read when it is used) have been found by the loader."""
    for table in SETTINGS:
        settings = getattr(mission, table)
        for spec in settings_fields(settings):
            kind, value = spec.metadata["catalogue"], getattr(settings, spec.name)
            if kind in ("", "dem"):  # a DEM is a path, or has been told from one as a name of the catalogue
                continue
            for name in value if isinstance(value, tuple) else (value,):
                known = catalogue_names(kind)
                if name not in known and name not in spec.metadata["words"] and not is_path(spec, name):
                    noun = kind.removesuffix("s").replace("_", " ")
                    yield table, f"{spec.name}: unknown {noun} '{name}'", suggestion(name.lower(), known)


def _ranking_weights(mission: Mission) -> Iterator[Contradiction]:
    names = [*WEIGHT_NAMES, *(criterion.weight for criterion in plugin_criteria())]
    weights = {name: mission.ranking.weight(name) for name in names if mission.ranking.weight(name) > 0.0}
    total = sum(weights.values())
    if total <= 0.0:
        yield "ranking", "every weight is 0", "give the criteria that count weights that sum to 1"
    elif abs(total - 1.0) > WEIGHT_TOLERANCE:
        scaled = ", ".join(f"{name} = {value / total:.4g}" for name, value in weights.items())
        yield "ranking", f"the weights sum to {total:.6g}, not 1", f"scaled to 1 they are {scaled}"


def _maps_of_a_study(mission: Mission) -> Iterator[Contradiction]:
    if mission.ranking.weight_ice > 0.0 and mission.ranking.ice_depth_map == "none" and not mission.thermal.maps:
        yield (
            "ranking",
            "weight_ice is above 0, but there is no ice_depth_map and [thermal] maps = false",
            "give the path of a map of the depth, let [thermal] make one, or set weight_ice = 0",
        )


def _hydrogen_unit(mission: Mission) -> Iterator[Contradiction]:
    water = mission.water
    if water.hydrogen_map != "none" and water.hydrogen_unit == "none":
        yield (
            "water",
            "hydrogen_map is given without its unit",
            "add hydrogen_unit: 'wt_percent' (water-equivalent), 'ppm' (hydrogen by mass) or 'fraction'",
        )
    if water.hydrogen_map == "none" and water.hydrogen_unit != "none":
        yield "water", "hydrogen_unit is given without hydrogen_map", "name the raster, or leave the unit out"


Rule = Callable[[Mission], Iterator[Contradiction]]

RULES: tuple[Rule, ...] = (
    _dem_names,
    _fine_grid,
    _default_cell,
    _azimuths,
    _eyes,
    _span,
    _site_limits,
    _drive,
    _antennas,
    _catalogue_names,
    _maps_of_a_study,
    _hydrogen_unit,
    _ranking_weights,
)
"""Every rule, in the order they are tried. A new one is a function here."""
