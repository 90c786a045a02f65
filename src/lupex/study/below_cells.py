"""Light of the region as that of the ground inside its cells: expectation over grounds, the smooth cell's beside it."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from lupex.base.arrays import F32
from lupex.base.running import Running
from lupex.illumination import LongTermSettings, expected_light
from lupex.mission import Mission
from lupex.model import HorizonMap, SkyTable, Terrain
from lupex.model.quantities import sentences
from lupex.terrain.below_cell import BelowCell, below_cell, fits, ground_horizons

SMOOTH = "smooth_"
"""Before the name of a layer: its value on the smooth cell."""

TIMES_PER_BIN = 21
LEAST_BINS = 36
"""A season with fewer times gives no distribution of directions: its layers stay those of the smooth cell."""

SEASON_OF = {
    "lit_fraction_any": "season_lit_fraction",
    "lit_fraction_disc": "season_lit_fraction_disc",
    "mean_irradiance_surface_w_m2": "season_irradiance_surface_w_m2",
    "mean_irradiance_panel_w_m2": "season_irradiance_panel_w_m2",
    "earth_fraction": "season_earth_fraction",
}


class CellGrounds:
    """The grounds below the cells of a region, drawn anew for each span: the same ones for the same mission."""

    def __init__(
        self, mission: Mission, terrain: Terrain, horizons: HorizonMap, inside: np.ndarray, running: Running
    ) -> None:
        """Learn from windows of the region what the relief below its cells adds to their skylines.

        Args:
            mission: number of grounds and seed. terrain: the region. horizons: of its smooth cells.
            inside: (row, col) cells that are asked for; the others are left out.
            running: threads and progress.
        """
        self.count = mission.light.cell_grounds if mission.terrain.dem == "default" and fits(terrain) else 0
        self._seed = mission.study.seed
        self._terrain, self._running = terrain, running
        self._horizons = horizons
        if self.count:
            rng = np.random.default_rng((self._seed, 17))
            self._below: BelowCell = below_cell(terrain, horizons, rng, running=running)
            kept = horizons.counts.copy()
            kept[:, ~inside] = HorizonMap.NODATA
            self._horizons = replace(horizons, counts=kept)

    def over(self, sky: SkyTable, span_utc: tuple[str, str]) -> dict[str, F32]:
        """`expected_light` over the long-term cycle; nothing where there are no grounds.

        Args:
            sky: hourly or finer. span_utc: first instant and end.
        """
        if not self.count:
            return {}
        settings = LongTermSettings(sun_split=1, earth_split=4)
        return expected_light(self._terrain, self._drawn(1), sky, span_utc, settings, self._running)

    def over_season(self, sky: SkyTable, span_utc: tuple[str, str]) -> dict[str, F32]:
        """Means over the landing season by their season names, over every second ground.

        Args:
            sky: times of the season. span_utc: first instant and end.
        """
        bins = min(360, len(sky) // TIMES_PER_BIN)
        if not self.count or bins < LEAST_BINS:
            return {}
        settings = LongTermSettings(sun_split=1, earth_split=4, sun_longitude_bins=bins, earth_longitude_bins=bins)
        found = expected_light(self._terrain, self._drawn(2), sky, span_utc, settings, self._running)
        return {season: found[name] for name, season in SEASON_OF.items()}

    def _drawn(self, step: int) -> Iterator[HorizonMap]:
        count = max(1, self.count // step)
        for number in range(count):
            rng = np.random.default_rng((self._seed, 18, number))
            yield ground_horizons(self._terrain, self._horizons, self._below, (number, count), rng, self._running)


def with_grounds(layers: dict[str, F32], of_ground: dict[str, F32], inside: np.ndarray) -> dict[str, F32]:
    """Layers with the ground's expectation under their names, and the smooth cell's under `SMOOTH` and the name.

    Args:
        layers: of the smooth cells. of_ground: expectations by the same names, and layers of their own.
        inside: (row, col) cells of the region; outside it the smooth cell's values stay.
    """
    found = {f"{SMOOTH}{name}": layers[name] for name in of_ground if name in layers}
    replaced = {
        name: np.where(inside, value, layers[name] if name in layers else np.nan).astype(np.float32)
        for name, value in of_ground.items()
    }
    return layers | found | replaced


def ground_meanings(known: dict[str, str], names: list[str]) -> dict[str, str]:
    """Sentences of the layers that the grounds change or add.

    Args:
        known: sentences by name of layer. names: of all layers of the map.
    """
    smooth = {name.removeprefix(SMOOTH) for name in names if name.startswith(SMOOTH)}
    told = {name: f"{known[name]}; mean over the ground inside the cell, with synthetic relief" for name in smooth}
    told |= {f"{SMOOTH}{name}": f"{known[name]}; on the smooth cell, without relief below it" for name in smooth}
    own = [name for name in ("psr_ground_fraction", "lit_fraction_any_spread") if name in names]
    return known | told | sentences(tuple(own))
