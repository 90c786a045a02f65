"""Per-cell light and Earth-view statistics on one grid."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import GridError
from lupex.model.fields.grid import Grid
from lupex.model.fields.terrain import frozen


@dataclass(frozen=True, eq=False, kw_only=True)
class LightMap:
    """Named (row, col) float32 layers with units and meanings, all on one Grid.

    Attributes:
        layers: name -> (row, col); the unit stands in the name. NaN where there is no height.
        meanings: name -> one sentence a user can read, including the definition used.
        span_utc: first and last instant the statistics cover.
        observer_height_m: height of the eye above the ground.
        synthetic_below_m: as in Terrain.
    """

    grid: Grid
    layers: dict[str, NDArray[np.float32]]
    meanings: dict[str, str]
    span_utc: tuple[str, str]
    observer_height_m: float
    synthetic_below_m: float | None = None

    def __post_init__(self) -> None:
        for name, layer in self.layers.items():
            if layer.shape != self.grid.shape:
                raise GridError(f"light map: layer {name} has shape {layer.shape}, the grid {self.grid.shape}")
            if name not in self.meanings:
                raise GridError(f"light map: layer {name} has no meaning")
        object.__setattr__(self, "layers", {name: frozen(layer) for name, layer in self.layers.items()})

    def __getitem__(self, name: str) -> NDArray[np.float32]:
        return self.layers[name]
