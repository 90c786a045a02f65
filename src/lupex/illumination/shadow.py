"""Permanent shadow: its regions and its area."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from lupex.base.frames import map_xy_m
from lupex.model import Grid, LightMap, ShadowRegion, Terrain

Band = tuple[float, float, float, float]

EIGHT_NEIGHBOURS = np.ones((3, 3), int)


def shadow_regions(
    maps: LightMap, terrain: Terrain, names: dict[str, tuple[float, float]], smallest_km2: float = 0.0
) -> tuple[NDArray[np.int32], tuple[ShadowRegion, ...]]:
    """Connected areas of permanent shadow, largest first.

    Args:
        maps: with the layer permanent_shadow.
        terrain: heights on the same grid.
        names: published name -> (latitude, longitude in degrees) of a point inside; a region is named when the
            point, or a cell next to it, belongs to it.
        smallest_km2: smaller regions are left out of the list (not of the labels).

    Returns labels (row, col), 0 outside and the region's number from 1 inside, and the regions (8-connected cells).
    """
    mask = maps["permanent_shadow"] > 0.5
    raw, count = ndimage.label(mask, EIGHT_NEIGHBOURS)
    area = maps.grid.cell_area_m2() / 1e6
    sums = np.atleast_1d(ndimage.sum_labels(area, raw, np.arange(1, count + 1))) if count else np.zeros(0)
    order = np.argsort(-sums, kind="stable")
    rank = np.zeros(count + 1, np.int32)
    rank[order + 1] = np.arange(1, count + 1)
    labels = rank[raw].astype(np.int32)
    named = _names_by_label(labels, maps.grid, names)
    lat, lon = maps.grid.lat_lon_deg()
    boxes = ndimage.find_objects(labels)
    found = []
    for label, source in enumerate(order, 1):
        if sums[source] < smallest_km2:
            break
        window = boxes[label - 1]
        row, col = _middle_cell(labels[window] == label, window)
        heights = terrain.elevation_m[window][labels[window] == label]
        found.append(
            ShadowRegion(
                label=label,
                name=named.get(label, ""),
                lat_deg=float(lat[row, col]),
                lon_deg=float(lon[row, col]),
                area_km2=float(sums[source]),
                mean_elevation_m=float(np.mean(heights, dtype=np.float64)),
            )
        )
    return labels, tuple(found)


def area_by_latitude(maps: LightMap, first_deg: float, band_deg: float = 1.0) -> tuple[Band, ...]:
    """Rows (from, to, permanent shadow km^2, mapped km^2) for bands of absolute latitude up to the pole.

    Args:
        maps: with the layer permanent_shadow; psr_ground_fraction, where there is one, counts in its place.
        first_deg: absolute latitude at which the first band begins.
        band_deg: width of a band.
    """
    lat = np.abs(maps.grid.lat_lon_deg()[0])
    area = maps.grid.cell_area_m2() / 1e6
    share = maps.layers.get("psr_ground_fraction", maps["permanent_shadow"])
    bands = int(math.ceil((90.0 - first_deg) / band_deg - 1e-9))
    rows = []
    for band in range(bands):
        low = first_deg + band * band_deg
        high = min(90.0, low + band_deg)
        inside = (lat >= low) & ((lat < high) | (high == 90.0)) & np.isfinite(share)
        dark = (area * share)[inside].sum(dtype=np.float64)
        rows.append((low, high, float(dark), float(area[inside].sum())))
    return tuple(rows)


def _names_by_label(labels: NDArray[np.int32], grid: Grid, names: dict[str, tuple[float, float]]) -> dict[int, str]:
    named: dict[int, str] = {}
    for name, (lat_deg, lon_deg) in sorted(names.items()):
        x, y = (float(v) for v in map_xy_m(lat_deg, lon_deg, grid.pole))
        if not grid.contains(x, y):
            continue
        row, col = grid.row_col(lat_deg, lon_deg)
        around = labels[max(row - 1, 0) : row + 2, max(col - 1, 0) : col + 2]
        inside = around[around > 0]
        label = int(labels[row, col]) or (int(np.bincount(inside).argmax()) if inside.size else 0)
        if label:
            named[label] = f"{named[label]}, {name}" if label in named else name
    return named


def _middle_cell(inside: NDArray[np.bool_], window: tuple[slice, slice]) -> tuple[int, int]:
    """The cell of a region nearest to its centroid."""
    rows, cols = np.nonzero(inside)
    nearest = int(np.argmin((rows - rows.mean()) ** 2 + (cols - cols.mean()) ** 2))
    return int(rows[nearest] + window[0].start), int(cols[nearest] + window[1].start)
