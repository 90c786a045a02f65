"""How far cells of a size are still off: the same map on cells twice as wide beside it."""

from dataclasses import replace

import numpy as np

from lupex.thermal.maps import ThermalMap

WIDER = {"surface_mean_k": "resolution_mean_k", "surface_max_k": "resolution_max_k"}
"""Layers compared, and the layers that say by how much."""

RESOLUTION_LAYERS = tuple(WIDER.values())

AREA_WIDER = "{}_area_of_wider_cells_km2"
"""Name of the number that says how large a class of ice is on the wider cells."""


def beside_wider(found: ThermalMap, wide: ThermalMap) -> ThermalMap:
    """A map with layers that say how far cells of its size are still off, and areas of ice on cells twice as wide.

    The layers are the map, averaged over four cells, less the map of cells twice as wide. Where halving the cells
    halves the error (craters of 25 cells and more), that difference is about what is still missing; in smaller ones
    more is (docs/theory/temperature.md).

    Args:
        found: the map.
        wide: of the same ground on cells twice as wide, from the same corner.
    """
    rows, cols = wide.maps.grid.shape
    layers, meanings = dict(found.maps.layers), dict(found.maps.meanings)
    for name, beside in WIDER.items():
        mean = found.maps[name][: 2 * rows, : 2 * cols].reshape(rows, 2, cols, 2).mean(axis=(1, 3))
        layer = np.full(found.maps.grid.shape, np.nan, np.float32)
        change = (mean - wide.maps[name]).astype(np.float32)
        layer[: 2 * rows, : 2 * cols] = change.repeat(2, axis=0).repeat(2, axis=1)
        layers[beside] = layer
        meanings[beside] = (
            f"{name} over four cells, less that of one cell of {wide.maps.grid.cell_m:g} m: about as much is still "
            "missing in craters of 25 cells and more"
        )
    areas = {AREA_WIDER.format(name): area for name, area in wide.ice_area_km2.items()}
    maps = replace(found.maps, layers=layers, meanings=meanings)
    return replace(found, maps=maps, numbers={**found.numbers, **areas})
