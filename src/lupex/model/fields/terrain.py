"""A piece of the Moon's surface and what lies beyond it."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import GridError
from lupex.model.fields.grid import Grid
from lupex.model.glance import Glance

Scalar = TypeVar("Scalar", bound=np.generic)


def frozen(array: NDArray[Scalar]) -> NDArray[Scalar]:
    """The array made read-only (a view when it can be)."""
    view = np.asarray(array).view()
    view.flags.writeable = False
    return view


@dataclass(frozen=True, eq=False, repr=False)
class Terrain(Glance):
    """Heights above the 1737.4 km sphere on a Grid, with the coarser terrain around it.

    Attributes:
        elevation_m: (row, col) float32; NaN where the source has no data.
        far: the next coarser Terrain, covering more ground, or None.
        synthetic_below_m: relief at scales below this many metres is made up; None when all is measured.
        source: citation or file name, shown to users.
        sha256: digest of the source file or of the recipe, for provenance.
    """

    grid: Grid
    elevation_m: NDArray[np.float32]
    far: "Terrain | None" = None
    synthetic_below_m: float | None = None
    source: str = ""
    sha256: str = ""

    def __post_init__(self) -> None:
        if self.elevation_m.shape != self.grid.shape:
            raise GridError(f"terrain: elevation has shape {self.elevation_m.shape}, its grid {self.grid.shape}")
        if self.far is not None and self.far.grid.pole != self.grid.pole:
            raise GridError("terrain: the far terrain belongs to the other pole")
        object.__setattr__(self, "elevation_m", frozen(np.ascontiguousarray(self.elevation_m, dtype=np.float32)))

    def _facts(self) -> dict[str, str]:
        known = self.elevation_m[np.isfinite(self.elevation_m)]
        heights = f"{known.min():.0f} to {known.max():.0f} m" if known.size else "no heights"
        around = "" if self.far is None else f"within {self.far.grid.words}"
        return {"grid": self.grid.words, "heights": heights, "around": around, "synthetic": self.label}

    def _picture(self) -> NDArray[np.float32]:
        return self.elevation_m

    @property
    def label(self) -> str:
        """'synthetic below N m' when any relief is made up, else ''."""
        return "" if self.synthetic_below_m is None else f"synthetic below {self.synthetic_below_m:g} m"

    def levels(self) -> list["Terrain"]:
        """This terrain and every coarser one around it, finest first."""
        return [self] if self.far is None else [self, *self.far.levels()]

    def open_heights(self, blocked: NDArray[np.bool_] | None = None) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Heights (row, col), NaN where unknown, and the same with NaN also where ``blocked``.

        Raises GridError for a mask of another shape.
        """
        z = np.where(np.isfinite(self.elevation_m), self.elevation_m, np.float32(np.nan))
        if blocked is None:
            return z, z
        mask = np.asarray(blocked, bool)
        if mask.shape != self.grid.shape:
            raise GridError(
                f"blocked ground has shape {mask.shape}, the terrain {self.grid.shape}", "use the same grid"
            )
        return z, np.where(mask, np.float32(np.nan), z)

    def crop(self, row: int, col: int, rows: int, cols: int) -> "Terrain":
        """A window of this terrain; the whole becomes its far terrain's inner neighbour."""
        return Terrain(
            self.grid.crop(row, col, rows, cols),
            self.elevation_m[row : row + rows, col : col + cols],
            self,
            self.synthetic_below_m,
            self.source,
            self.sha256,
        )
