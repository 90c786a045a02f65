"""A window of a published DEM, read by ranges from a cloud-optimised GeoTIFF and kept with its digest."""

import json
import math
import warnings
from pathlib import Path
from typing import Any

from lupex.base.digest import file_sha256
from lupex.base.errors import DownloadError, InputError, LupexWarning
from lupex.base.frames import map_xy_m
from lupex.base.gate import file_json
from lupex.io.atomic import store_error, write_bytes
from lupex.io.crs import canonical_pole
from lupex.io.fetch.ranges import RangeFile, RangeView
from lupex.io.fetch.transfer import FetchSettings
from lupex.model.dem_product import DemProduct

MOST_CELLS = 64_000_000
"""A window of more is refused: fetch the product whole."""


def fetch_window(
    product: DemProduct,
    around: tuple[float, float, float],
    cache_dir: str | Path,
    settings: FetchSettings | None = None,
) -> Path:
    """Path of a GeoTIFF in the cache that holds the cells of a product within a square around a place.

    Only the parts of the file that hold them are asked for. Beside it NAME.json records address, size and version of
    the whole file, the window and the digest of what was kept, which is compared whenever the window is asked for
    again; a damaged one is fetched anew with a note. A window that reaches over the edge of the product is cut there.

    Args:
        product: a GeoTIFF of the catalogue on the polar map.
        around: latitude and east longitude (deg) and half the side (m).
        cache_dir: folder that keeps what was fetched.
        settings: time limits and tries.

    Raises:
        DownloadError: no answer, a web page, a server that ignores ranges, lies about lengths or changes the file.
        InputError: the product does not cover the place, holds no heights there, is no GeoTIFF on the polar map, or the
            window is too large.
        StoreError: no room, or no folder.
    """
    lat, lon, half_m = around
    if not all(map(math.isfinite, around)) or not -90.0 <= lat <= 90.0 or half_m <= 0.0:
        raise InputError(f"window around {around}", "give latitude -90..90, longitude and a positive half size in m")
    if not product.has_windows:
        raise InputError(f"{product.name}: is no GeoTIFF, so it has no windows", f"lupex dem fetch {product.name}")
    folder = Path(cache_dir).expanduser()
    path = folder / f"{product.name}_{lat:+.4f}_{lon % 360.0:.4f}_{2.0 * half_m:.0f}m.tif"
    notes = path.with_name(f"{path.name}.json")
    if path.is_file():
        if _recorded(notes) == (product.url, file_sha256(path)):
            return path
        warnings.warn(LupexWarning(f"{path.name}: is damaged or of another origin; fetched anew"), stacklevel=2)
    source = RangeFile(product.url, product.bytes, settings)
    try:
        content, facts = _cut(source, product, around)
    except Exception:
        # What the raster library says of a file that ends too soon is less than what the server did.
        if source.error is not None:
            raise source.error from None
        raise
    if source.error is not None:
        raise source.error
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise store_error(folder, error) from error
    write_bytes(path, content)
    known = {"url": product.url, "bytes": source.size, "validator": source.validator, "fetched": source.fetched}
    text = json.dumps(known | facts | {"sha256": file_sha256(path)}, indent=1, sort_keys=True)
    write_bytes(notes, text.encode())
    return path


def _recorded(notes: Path) -> tuple[object, object]:
    """Address and digest of a kept window; two empty texts where nothing is known of it."""
    try:
        found = file_json(notes)
        return found["url"], found["sha256"]
    except (InputError, KeyError, TypeError):
        return "", ""


def _cut(source: RangeFile, product: DemProduct, around: tuple[float, float, float]) -> tuple[bytes, dict[str, Any]]:
    """The window as a GeoTIFF, and what is to be recorded of it."""
    import rasterio
    from rasterio.errors import RasterioIOError

    name = f"{product.name}.tif"
    quiet = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": "NO", "CPL_DEBUG": "OFF"}
    try:
        with rasterio.Env(**quiet), rasterio.open(name, opener=_opener(source, name)) as dataset:
            return _window(dataset, product, around)
    except RasterioIOError as error:
        if source.error is not None:
            raise source.error from error
        raise DownloadError(f"{product.url}: what came is no GeoTIFF ({error})", "see the product page") from error


def _opener(source: RangeFile, name: str) -> Any:
    """A function that opens this one file, and no other that a raster library looks for beside it."""

    def opened(path: str, mode: str = "rb", **_: Any) -> RangeView:
        if Path(path).name not in (name, "test") or "w" in mode:
            raise FileNotFoundError(path)
        return RangeView(source)

    return opened


def _window(dataset: Any, product: DemProduct, around: tuple[float, float, float]) -> tuple[bytes, dict[str, Any]]:
    import numpy as np
    from rasterio.io import MemoryFile
    from rasterio.windows import Window

    t = dataset.transform
    pole = canonical_pole(dataset.crs) if dataset.crs is not None else None
    if pole is None or t.b or t.d or t.e >= 0.0 or abs(t.a + t.e) > 1e-9 * t.a or dataset.count != 1:
        raise InputError(f"{product.name}: is not one layer of square cells on the polar map", "fetch it whole")
    if (around[0] < 0.0) != (pole == "south"):
        raise InputError(f"{product.name}: shows the {pole} pole; latitude {around[0]:g} lies at the other")
    x, y = (float(value) for value in map_xy_m(around[0], around[1], pole))
    half, cell = around[2], float(t.a)
    col, last_col = math.floor((x - half - t.c) / cell + 1e-6), math.ceil((x + half - t.c) / cell - 1e-6)
    row, last_row = math.floor((t.f - y - half) / cell + 1e-6), math.ceil((t.f - y + half) / cell - 1e-6)
    col, row = max(col, 0), max(row, 0)
    cols, rows = min(last_col, dataset.width) - col, min(last_row, dataset.height) - row
    on_it = t.c <= x <= t.c + dataset.width * cell and t.f - dataset.height * cell <= y <= t.f
    if cols < 2 or rows < 2 or not on_it:
        left, top = t.c / 1000.0, t.f / 1000.0
        right, bottom = left + dataset.width * cell / 1000.0, top - dataset.height * cell / 1000.0
        raise InputError(
            f"{product.name}: does not cover {around[0]:g}, {around[1]:g}: it reaches from x {left:g} to {right:g} km "
            f"and from y {bottom:g} to {top:g} km, the place lies at {x / 1000.0:.1f}, {y / 1000.0:.1f} km",
            "`lupex catalogue dems` lists the others",
        )  # fmt: skip
    if rows * cols > MOST_CELLS:
        raise InputError(
            f"{product.name}: a window of {rows} x {cols} cells", "ask for a smaller one, or fetch it whole"
        )
    values = dataset.read(1, window=Window(col, row, cols, rows))
    known = np.isfinite(values) if dataset.nodata is None else np.isfinite(values) & (values != dataset.nodata)
    if not known.any():
        raise InputError(
            f"{product.name}: no heights within {half / 1000.0:g} km of the place", "choose another product"
        )
    profile = {
        "driver": "GTiff", "width": cols, "height": rows, "count": 1, "dtype": values.dtype, "crs": dataset.crs,
        "transform": dataset.window_transform(Window(col, row, cols, rows)), "nodata": dataset.nodata,
        "compress": "deflate", "tiled": True, "blockxsize": 256, "blockysize": 256,
    }  # fmt: skip
    with MemoryFile() as memory:
        with memory.open(**profile) as out:
            out.write(values, 1)
            out.scales, out.offsets, out.units = dataset.scales, dataset.offsets, dataset.units
        content = bytes(memory.read())
    facts = {"row": row, "col": col, "rows": rows, "cols": cols, "cell_m": cell, "known": float(known.mean())}
    return content, facts
