"""The cheapest way over a plain raster of costs, in the raster's own coordinates."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lupex.base.errors import InputError
from lupex.io import PlainRaster, read_plain_raster, write_csv
from lupex.traverse import plan_on_cost


@dataclass(frozen=True)
class RasterDrive:
    """The cheapest way over a plain raster: the middles of its cells, and named numbers."""

    path_xy: tuple[tuple[float, float], ...]
    summary: dict[str, Any]


def drive_over_raster(
    path: Path, start_xy: tuple[float, float], goal_xy: tuple[float, float], cut_corners: bool = False
) -> RasterDrive:
    """The cheapest way between two points of a raster of cost per metre, in the raster's own coordinates.

    Costs are per unit of length of those coordinates. Raises InputError for a point off the raster or on nodata and for
    costs below 0, NoRouteError when nothing leads there.

    Args:
        path: of the file.
        start_xy, goal_xy: map point (x, y), in the units of the raster.
        cut_corners: whether a diagonal may pass a closed corner.
    """
    if not path.exists():
        raise InputError(f"{path}: no such file", "give a GeoTIFF of cost per metre")
    raster = read_plain_raster(path)
    cells = [_open_cell(raster, name, xy) for name, xy in (("start", start_xy), ("goal", goal_xy))]
    found = plan_on_cost(raster.values, raster.cell_x, *cells, cell_y_m=raster.cell_y, cut_corners=cut_corners)
    summary = {
        "cost": found.cost,
        "length": found.length_m,
        "length_unit": raster.unit,
        "cells": len(found),
        "neighbours": 8,
        "cut_corners": cut_corners,
        "optimal": found.exact,
        "crs": raster.crs,
        "from_cell": list(cells[0]),
        "to_cell": list(cells[1]),
        "raster": path.name,
    }
    return RasterDrive(tuple(raster.middles(found.rows, found.cols)), summary)


def _open_cell(raster: PlainRaster, name: str, xy: tuple[float, float]) -> tuple[int, int]:
    """The cell of a point. Raises InputError naming the point when it is off the raster or closed."""
    try:
        cell = raster.cell_at(*xy)
    except InputError as error:
        raise InputError(f"{name}: {error.what}", error.fix) from None
    if not math.isfinite(raster.values[cell]):
        raise InputError(f"{name}: point ({xy[0]:g}, {xy[1]:g}) lies on a cell without data", "choose an open cell")
    return cell


def write_raster_drive(drive: RasterDrive, folder: Path) -> Path:
    """Write the way as CSV (x, y in the raster's coordinates). Raises StoreError when it cannot be written."""
    path = folder / "route.csv"
    write_csv(path, ["x", "y"], [list(point) for point in drive.path_xy])
    return path
