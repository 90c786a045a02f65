"""Per-cell light and Earth-view statistics on one grid."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import GridError, LayerError
from lupex.model.fields.grid import Grid
from lupex.model.fields.terrain import frozen
from lupex.model.glance import card, line


@dataclass(frozen=True, eq=False, kw_only=True)
class LightMap(Mapping[str, NDArray[np.float32]]):
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
            near = get_close_matches(name, self.layers, n=1, cutoff=0.5)
            fix = f"did you mean '{near[0]}'?" if near else f"its layers: {', '.join(self.layers)}"
            raise LayerError(f"light map: no layer '{name}'", fix)
        return self.layers[name]

    # A mapping would compare by content, array by array; nouns are compared by identity.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __iter__(self) -> Iterator[str]:
        return iter(self.layers)

    def __len__(self) -> int:
        return len(self.layers)

    def __repr__(self) -> str:
        return line("LightMap", self._facts() | {"layers": f"{len(self)} layers"})

    def _repr_html_(self) -> str:
        shown = next((n for n in ("lit_fraction_any", *self.layers) if n in self.layers), "")
        return card("LightMap", self._facts(), self.layers[shown] if shown else None)

    def _facts(self) -> dict[str, str]:
        below = "" if self.synthetic_below_m is None else f"synthetic below {self.synthetic_below_m:g} m"
        layers, span = ", ".join(self.layers), " to ".join(self.span_utc)
        return {"layers": layers, "grid": self.grid.words, "span": span, "synthetic": below}
