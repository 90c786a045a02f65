"""Per-cell light and Earth-view statistics on one grid."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import GridError, LayerError
from lupex.base.gate import near
from lupex.model.fields.grid import Grid
from lupex.model.fields.terrain import frozen
from lupex.model.glance import Glance, counted


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class LightMap(Glance, Mapping[str, NDArray[np.float32]]):
    """Named (row, col) float32 layers with units and meanings, all on one Grid; a mapping of its layers by name.

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
        """The layer (row, col). Raises LayerError, which is a KeyError, and names the nearest layer."""
        if name not in self.layers:
            raise LayerError(f"light map: no layer '{name}'", near(name, self.layers, "its layers"))
        return self.layers[name]

    # A mapping would compare by content, array by array; nouns are compared by identity.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __iter__(self) -> Iterator[str]:
        return iter(self.layers)

    def __len__(self) -> int:
        return len(self.layers)

    def _facts(self) -> dict[str, str]:
        below = "" if self.synthetic_below_m is None else f"synthetic below {self.synthetic_below_m:g} m"
        layers, span = counted(len(self), "layer"), " to ".join(self.span_utc)
        return {"layers": layers, "grid": self.grid.words, "span": span, "synthetic": below}

    def _details(self) -> dict[str, str]:
        return self._facts() | {"layers": ", ".join(self.layers)}

    def _picture(self) -> NDArray[np.float32] | None:
        shown = next((n for n in ("lit_fraction_any", *self.layers) if n in self.layers), "")
        return self.layers[shown] if shown else None
