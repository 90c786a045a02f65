"""Layers of the region's and the sites' maps that follow from ground, skylines and the season's sky: one row each.

Light over time, permanent shadow, score and reach have their own places; what anybody else wants on the maps goes here.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import GridError
from lupex.base.plugins import plugged
from lupex.base.running import Running
from lupex.model import HorizonMap, SkyTable, Terrain
from lupex.model.quantities import BY_NAME, label_of
from lupex.terrain import hillshade


@dataclass(frozen=True, eq=False, kw_only=True)
class LayerScene:
    """What a layer may be made from.

    Attributes:
        terrain, horizons: of one grid, eyes at the surface height of [horizon].
        season_sky: Sun and Earth over the landing season, evenly spaced.
        running: threads and progress.
    """

    terrain: Terrain
    horizons: HorizonMap
    season_sky: SkyTable
    running: Running = Running()


@dataclass(frozen=True, kw_only=True)
class MapLayer:
    """One layer.

    Attributes:
        name: with its unit as the ending; unique among the layers.
        compute: (scene) -> (row, col) float values, NaN where there is nothing to say.
        sentence: what it says, for maps and tables; '' where the quantity of this name says it.
    """

    name: str
    compute: Callable[[LayerScene], NDArray[np.floating]]
    sentence: str = ""

    @property
    def meaning(self) -> str:
        """The sentence, or that of the quantity of this name, or its label."""
        known = BY_NAME.get(self.name)
        return self.sentence or (known.sentence if known is not None else label_of(self.name))


def all_layers() -> tuple[MapLayer, ...]:
    """Every layer: those of `LAYERS`, then those of other packages (group ``lupex.layers``).

    Raises InputError when one of them takes a name that a layer or a quantity of ours has.
    """
    own = [layer.name for layer in LAYERS]
    return LAYERS + plugged("lupex.layers", MapLayer, [*own, *BY_NAME], tells=True)


def map_layers(scene: LayerScene) -> dict[str, NDArray[np.float32]]:
    """Every layer (row, col) by name. Raises GridError for one that is not on the grid of the terrain."""
    shape, found = scene.terrain.grid.shape, {}
    for layer in all_layers():
        found[layer.name] = np.asarray(layer.compute(scene), np.float32)
        if found[layer.name].shape != shape:
            raise GridError(f"layer {layer.name}: shape {found[layer.name].shape} on a grid of {shape}")
    return found


def layer_meanings() -> dict[str, str]:
    """What every layer says, by name."""
    return {layer.name: layer.meaning for layer in all_layers()}


def _relief(scene: LayerScene) -> NDArray[np.floating]:
    return hillshade(scene.terrain)


def _latitude(scene: LayerScene) -> NDArray[np.floating]:
    return np.abs(scene.terrain.grid.lat_lon_deg()[0])


LAYERS: tuple[MapLayer, ...] = (
    MapLayer(name="hillshade", compute=_relief),
    MapLayer(name="absolute_latitude_deg", compute=_latitude),
)
"""Every layer of ours. To add one: a function and a row here."""
