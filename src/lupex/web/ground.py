"""The ground of a study and its light: what the questions about a place and an instant stand on."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import InputError
from lupex.base.frames import map_xy_m
from lupex.base.running import Running
from lupex.ephemeris import sky_span, sky_table, tdb_s_to_datetime64, utc_to_tdb_s
from lupex.illumination import disc_series
from lupex.model import Grid, HorizonMap, SkyTable, Terrain
from lupex.study.ground import region_terrain
from lupex.study.stages.region import skyline_settings
from lupex.terrain import horizon_map
from lupex.web.folder import REGION, StudyFolder, table

ELEVATION = "elevation_m"
MOST_LIT_CELLS = 160_000
"""A page holds the skylines of so many cells: 115 MB at 360 azimuths."""
MOST_TIMES = 30_000


@dataclass(frozen=True, eq=False)
class LitGround:
    """Ground with the skyline of every cell."""

    terrain: Terrain
    horizons: HorizonMap


class Ground:
    """Terrain of the region and of the sites, read once; the skylines of the last two asked for are kept."""

    def __init__(self, study: StudyFolder) -> None:
        self.study = study
        self._terrain: dict[str, Terrain] = {}
        self._lit: OrderedDict[tuple[str, float], LitGround] = OrderedDict()
        self._lock = threading.RLock()

    def terrain(self, part: str) -> Terrain:
        """The terrain of 'region' or a site, as the study's own maps hold it, with what lies around it.

        Raises InputError for an unknown part, and for a mission whose region cannot be read any more.
        """
        with self._lock:
            if part not in self._terrain:
                self._terrain[part] = self._read(part)
            return self._terrain[part]

    def part_at(self, lat_deg: float, lon_deg: float) -> str:
        """The finest part that holds a place: a site, else 'region'. Raises InputError off the maps.

        Args:
            lat_deg, lon_deg: the place.
        """
        x, y = self.map_xy(lat_deg, lon_deg)
        for source in reversed(self.study.maps.get(ELEVATION, [])):
            if source.file.grid.contains(x, y):
                return source.part
        raise InputError(
            f"({lat_deg:g}, {lon_deg:g}) lies off the maps of this study", "choose a place on the coloured ground"
        )

    def map_xy(self, lat_deg: float, lon_deg: float) -> tuple[float, float]:
        """Map coordinates of a place on the study's map. Raises InputError for the other half of the Moon.

        Args:
            lat_deg, lon_deg: the place.
        """
        if (lat_deg > 0.0) == (self.study.pole == "south") and lat_deg != 0.0:
            raise InputError(f"latitude {lat_deg:g} lies on the other half", f"the study shows the {self.study.pole}")
        x, y = map_xy_m(lat_deg, lon_deg, self.study.pole)
        return float(x), float(y)

    def lit(self, part: str, height_m: float = 0.0) -> LitGround:
        """The skylines of every cell of a part, an eye ``height_m`` above the ground; computed when asked for.

        Args:
            part: 'region' or the name of a site.

        Raises InputError as `terrain`, and for more cells than a page can hold.
        """
        terrain = self.terrain(part)
        if terrain.elevation_m.size > MOST_LIT_CELLS:
            rows, cols = terrain.grid.shape
            raise InputError(f"{part}: {rows} x {cols} cells, a page holds the skylines of {MOST_LIT_CELLS}")
        with self._lock:
            key = (part, height_m)
            if key not in self._lit:
                mission = self.study.mission
                horizons = horizon_map(terrain, skyline_settings(mission, height_m), Running(mission.study.workers))
                self._lit[key] = LitGround(terrain, horizons)
                while len(self._lit) > 2:
                    self._lit.popitem(last=False)
            self._lit.move_to_end(key)
            return self._lit[key]

    def disc_at(self, part: str, utc: str, height_m: float = 0.0) -> NDArray[np.uint8]:
        """Visible fraction of the Sun's disc (row, col) at one instant, counts of 255.

        Args:
            part: 'region' or the name of a site. utc: the instant.

        Raises InputError as `lit`, SpanError outside the kernels.
        """
        ground = self.lit(part, height_m)
        return disc_series(ground.terrain, ground.horizons, sky_table(utc_to_tdb_s(utc)))[0]

    def _read(self, part: str) -> Terrain:
        file, values = self.study.source(ELEVATION, part).read()
        if part == REGION:
            known = region_terrain(self.study.mission.terrain)
            same = known.grid == file.grid
            return known if same else Terrain(file.grid, values, None, None, file.path.name)
        around = self.terrain(REGION)
        below = table(self.study.site(part), "maps").get("synthetic_below_m")
        return Terrain(file.grid, values, around, below, f"{file.path.name} of the study")


def grid_json(grid: Grid) -> dict[str, float | int | str]:
    """Where the cells of a map lie, in plain words.

    Args:
        grid: of the map.
    """
    return {
        "pole": grid.pole, "rows": grid.rows, "cols": grid.cols, "cell_m": grid.cell_m,
        "left_m": grid.left_m, "top_m": grid.top_m, "right_m": grid.right_m, "bottom_m": grid.bottom_m,
    }  # fmt: skip


def unix_ms(times_tdb_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Milliseconds since 1970 UTC (time,), as browsers count them: without leap seconds."""
    stamps = tdb_s_to_datetime64(times_tdb_s)
    return np.asarray((stamps - np.datetime64("1970-01-01T00:00:00")) / np.timedelta64(1, "us") / 1e3)


def sky_of(start_utc: str, stop_utc: str, step_s: float) -> SkyTable:
    """A sky table of at most 30,000 times. Raises InputError for more.

    Args:
        start_utc, stop_utc: span. step_s: between times.
    """
    count = float(utc_to_tdb_s(stop_utc)[0] - utc_to_tdb_s(start_utc)[0]) / step_s
    if not 0.0 < count <= MOST_TIMES:
        raise InputError(f"{count:.0f} times from {start_utc} to {stop_utc}", f"ask for 1 to {MOST_TIMES}")
    return sky_span(start_utc, stop_utc, step_s)
