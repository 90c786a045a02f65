"""Where ice lasts: loss beneath a cover of dust, the depth to stability with its spread, classes and areas.

Laws and their sources: docs/theory/ice.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lupex.base.errors import InputError
from lupex.base.gate import numbers_checked
from lupex.thermal.sublimation import loss_kg_m2_gyr

F64 = NDArray[np.float64]

CLASSES = ("surficial", "shallow", "deep", "dry")


@numbers_checked
@dataclass(frozen=True)
class IceSettings:
    """When ice counts as lasting.

    Attributes:
        cover_m: l of the buried loss l / (z + l) E (Schorghofer and Williams 2020: 100 um).
        limit_kg_m2_gyr: loss below which ice is stable (the same).
        low_factor, high_factor: what other laws of sublimation give over the one used, at 120 K: 8 (Watson) and
            36 m/Gyr (Bryson) over 14.8 (Murphy and Koop).
        surficial_m, shallow_m, deep_m: lower bounds of the classes: at the surface, within 0.5 m, within 1 m (VIPER).
    """

    cover_m: float = 1e-4
    limit_kg_m2_gyr: float = 100.0
    low_factor: float = 8.0 / 14.8
    high_factor: float = 36.0 / 14.8
    surficial_m: float = 1e-3
    shallow_m: float = 0.5
    deep_m: float = 1.0

    def __post_init__(self) -> None:
        if not (self.cover_m > 0.0 and self.limit_kg_m2_gyr > 0.0):
            raise InputError("ice: cover and limit must lie above 0", "use 1e-4 m and 100 kg/m2/Gyr")
        if not 0.0 < self.low_factor <= 1.0 <= self.high_factor:
            raise InputError("ice: the spread of the laws must enclose 1", "use a low factor below and a high above 1")
        if not 0.0 < self.surficial_m < self.shallow_m < self.deep_m:
            raise InputError("ice: bounds of the classes must grow", "use 0.001, 0.5, 1.0 m")


@dataclass(frozen=True, eq=False)
class IceDepth:
    """Depth below which ice lasts, (cell,) m, 0 at the surface, infinite where it does not within the column.

    ``low_m`` and ``high_m`` bound it by the spread of the laws of sublimation.
    """

    depth_m: F64
    low_m: F64
    high_m: F64


def buried_loss_kg_m2_gyr(loss: ArrayLike, depth_m: ArrayLike, settings: IceSettings = IceSettings()) -> F64:
    """Loss through a cover of dust of this thickness: l / (z + l) times the loss of bare ice at that depth's heat."""
    return np.asarray(
        np.asarray(loss, np.float64) * settings.cover_m / (np.asarray(depth_m, np.float64) + settings.cover_m)
    )


def isothermal_depth_m(temperature_k: ArrayLike, name: str = "h2o", settings: IceSettings = IceSettings()) -> F64:
    """Depth to stability where the temperature is the same at all depths: l (E / limit - 1), not below 0."""
    loss = loss_kg_m2_gyr(temperature_k, name)
    return np.asarray(settings.cover_m * np.maximum(loss / settings.limit_kg_m2_gyr - 1.0, 0.0))


def isothermal_depths(temperature_k: float, name: str = "h2o", settings: IceSettings = IceSettings()) -> IceDepth:
    """The same with the spread of the laws, of one cell."""
    loss = float(loss_kg_m2_gyr(temperature_k, name))
    factors = (1.0, settings.low_factor, settings.high_factor)
    over = (np.array([f * loss / settings.limit_kg_m2_gyr - 1.0]) for f in factors)
    return IceDepth(*(settings.cover_m * np.maximum(part, 0.0) for part in over))


def ice_depth(node_depth_m: F64, loss: F64, settings: IceSettings = IceSettings()) -> IceDepth:
    """Depth to stability of columns.

    Args:
        node_depth_m: (node,); loss: (cell, node) mean loss of bare ice at the temperatures of each node, kg/m2/Gyr,
            taken to be exponential between nodes.
    """
    factors = (1.0, settings.low_factor, settings.high_factor)
    return IceDepth(*(_stable_from(node_depth_m, np.log(np.maximum(loss, 1e-300) * f), settings) for f in factors))


def ice_class(depth_m: ArrayLike, settings: IceSettings = IceSettings()) -> NDArray[np.int8]:
    """0 surficial, 1 shallow, 2 deep, 3 dry (`CLASSES`); -1 where the depth is NaN."""
    depth = np.asarray(depth_m, np.float64)
    bounds = (settings.surficial_m, settings.shallow_m, settings.deep_m)
    found = sum((depth > bound).astype(np.int8) for bound in bounds)
    return np.where(np.isnan(depth), np.int8(-1), found).astype(np.int8)


def class_areas_km2(classes: NDArray[np.int8], cell_area_m2: F64) -> dict[str, float]:
    """Area of each class, km2; ``cell_area_m2`` on the ground, of the shape of ``classes``."""
    return {name: float(cell_area_m2[classes == i].sum() / 1e6) for i, name in enumerate(CLASSES)}


def _stable_from(depth: F64, ln_loss: F64, settings: IceSettings) -> F64:
    limit = np.log(settings.limit_kg_m2_gyr)

    def excess(z: F64, ln: F64) -> F64:
        return np.asarray(ln + np.log(settings.cover_m / (z + settings.cover_m)) - limit)

    at_nodes = excess(depth[None, :], ln_loss)
    stable = at_nodes <= 0.0
    first = np.argmax(stable, axis=1)
    out = np.full(ln_loss.shape[0], np.inf)
    out[stable[:, 0]] = 0.0
    cell = np.nonzero(stable.any(axis=1) & ~stable[:, 0])[0]
    node = first[cell]
    low, high = depth[node - 1].copy(), depth[node].copy()
    top, gap = depth[node - 1], depth[node] - depth[node - 1]
    ln_top, rise = ln_loss[cell, node - 1], ln_loss[cell, node] - ln_loss[cell, node - 1]
    for _ in range(40):
        middle = 0.5 * (low + high)
        unstable = excess(middle, ln_top + rise * (middle - top) / gap) > 0.0
        low, high = np.where(unstable, middle, low), np.where(unstable, high, middle)
    out[cell] = 0.5 * (low + high)
    return out
