"""Say what a DEM file is, and turn one into a clean COG."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lupex.base.digest import file_sha256
from lupex.base.errors import InputError
from lupex.base.frames import Pole
from lupex.base.gate import names_its_file
from lupex.io.crs import canonical_pole
from lupex.io.dem.heights import unit_factor, without_radius
from lupex.io.dem.raster import Raster, open_raster
from lupex.io.dem.read import MAX_CELLS, read_terrain
from lupex.io.dem.resample import cell_size_m, placement
from lupex.io.maps.cog import write_cog
from lupex.model import Terrain
from lupex.model.glance import Glance

POLAR = {"south": "IAU_2015:30135", "north": "IAU_2015:30130"}
_LOOK = 512
"""The decimated look takes at most this many rows and columns."""


@dataclass(frozen=True, repr=False)
class DemInfo(Glance):
    """What a DEM file is.

    Attributes:
        path, driver, bytes: file name, GTiff | PDS3 | PDS4 | JP2OpenJPEG, size of the named file.
        rows, cols, dtype, scale, offset, unit, nodata: as stored ('' and None when the file does not say).
        cell_m: side of a cell on the polar map at the centre.
        crs: the map projection in words or as WKT.
        pole: the canonical map it already is on ('' when it needs resampling).
        needs_resampling: whether `read_terrain` resamples it.
        lowest, highest: extremes of a look at part of the cells, in ``unit`` (m when the file does not say),
            radius taken off.
        missing_fraction: cells without data in that look.
        corners_lat_lon_deg: upper left, upper right, lower right, lower left outer corners.
        sha256: digest of the named file, '' when not asked for.
    """

    path: str
    driver: str
    bytes: int
    rows: int
    cols: int
    dtype: str
    scale: float
    offset: float
    unit: str
    nodata: float | None
    cell_m: float
    crs: str
    pole: str
    needs_resampling: bool
    lowest: float
    highest: float
    missing_fraction: float
    corners_lat_lon_deg: tuple[tuple[float, float], ...]
    sha256: str = ""

    def _facts(self) -> dict[str, str]:
        size = f"{self.rows} x {self.cols} cells of {self.cell_m:g} m"
        heights = f"{self.lowest:g} to {self.highest:g} {self.unit or 'm'}"
        return {"file": self.path, "format": self.driver, "size": size, "heights": heights, "pole": self.pole}

    def _details(self) -> dict[str, str]:
        return {spec.name: str(getattr(self, spec.name)) for spec in fields(self)}


@names_its_file
def describe_dem(path: str | Path, digest: bool = False) -> DemInfo:
    """What a DEM is, from its header and a decimated look; ``digest`` also hashes the file.

    Args:
        path: of the DEM or its label.

    Raises:
        InputError: as `lupex.io.dem.raster.open_raster`.
    """
    with open_raster(path) as raster:
        pole = canonical_pole(raster.crs)
        place = placement(raster)
        rows = np.array([-0.5, -0.5, raster.rows - 0.5, raster.rows - 0.5])
        cols = np.array([-0.5, raster.cols - 0.5, raster.cols - 0.5, -0.5])
        lat, lon = place.lat_lon(rows, cols)
        near: Pole = pole or ("south" if float(np.nanmedian(lat)) < 0 else "north")
        middle = ((raster.rows - 1) / 2.0, (raster.cols - 1) / 2.0)
        lowest, highest, missing = _look(raster)
        corners = tuple((float(p), float(q) % 360.0) for p, q in zip(lat, lon, strict=True))
        return DemInfo(
            path=str(path),
            driver=raster.driver,
            bytes=Path(path).stat().st_size,
            rows=raster.rows,
            cols=raster.cols,
            dtype=raster.dtype,
            scale=raster.scale,
            offset=raster.offset,
            unit=raster.unit,
            nodata=raster.nodata,
            cell_m=raster.affine[0] if pole and raster.is_square else cell_size_m(place, *middle, near),
            crs=f"polar stereographic, same as {POLAR[pole]}" if pole else raster.crs.to_wkt(),
            pole=pole or "",
            needs_resampling=not (pole and raster.is_square),
            lowest=lowest,
            highest=highest,
            missing_fraction=missing,
            corners_lat_lon_deg=corners,
            sha256=file_sha256(Path(path)) if digest else "",
        )


@names_its_file
def import_dem(
    path: str | Path,
    out: str | Path,
    around: tuple[float, float, float] | None = None,
    max_cells: int = MAX_CELLS,
) -> Terrain:
    """Read a DEM (or a window of it) and write it as a COG on the canonical map, float32 metres.

    Args:
        path: of the DEM or its label.
        out: of the GeoTIFF that is written.
        around: latitude, east longitude (deg) and half the side (m) of the window; None for the whole DEM.
        max_cells: most cells to read at once.

    Returns what was written. Raises InputError as `read_terrain`, StoreError as `write_cog`.
    """
    if Path(out).exists() and Path(path).exists() and Path(out).samefile(path):
        raise InputError(f"{out}: is the input itself", "name another output file")
    terrain = read_terrain(path, around, max_cells)
    write_cog(
        out,
        terrain.grid,
        terrain.elevation_m,
        name="elevation_m",
        unit="m",
        meaning="height above the 1737.4 km sphere",
        synthetic_below_m=terrain.synthetic_below_m,
        tags={"SOURCE": terrain.source},
    )
    return terrain


def _look(raster: Raster) -> tuple[float, float, float]:
    parts = [values.ravel() for values in _glimpses(raster)]
    values = without_radius(np.concatenate(parts), unit_factor(raster.unit, raster.path))
    finite = np.isfinite(values)
    if not finite.any():
        return float("nan"), float("nan"), 1.0
    return float(values[finite].min()), float(values[finite].max()), 1.0 - float(finite.mean())


def _glimpses(raster: Raster) -> Iterator[NDArray[np.float64]]:
    """Every n-th cell of a raster of moderate size; of a larger one, 16 x 16 windows spread over it."""
    if raster.rows * raster.cols <= MAX_CELLS:
        step = max(1, -(-max(raster.rows, raster.cols) // _LOOK))
        yield raster.values(0, raster.rows, 0, raster.cols, step)
        return
    side = _LOOK // 16
    for top in np.linspace(0, max(0, raster.rows - side), 16).astype(int).tolist():
        for left in np.linspace(0, max(0, raster.cols - side), 16).astype(int).tolist():
            yield raster.values(top, min(top + side, raster.rows), left, min(left + side, raster.cols))
