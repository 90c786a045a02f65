"""Open a raster a user brings, without trusting it.

The format is told from the first bytes, never from the name, and only GeoTIFF (with COG), JPEG 2000,
PDS3 and PDS4 are opened: a virtual raster or a network path can make GDAL read anything anywhere.
Nothing is read before its size is known; side files (.aux.xml, .ovr, .tfw) are ignored, and so are overviews:
a decimated read takes cells of the map itself, not means of them. ``Raster.files`` names every file that was opened.
"""

import math
import stat
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.errors import NotGeoreferencedWarning, RasterioError, RasterioIOError
from rasterio.windows import Window

from lupex.base.errors import InputError
from lupex.base.gate import printable
from lupex.io.atomic import input_error
from lupex.io.crs import as_crs, canonical_pole, is_moon, is_reference_sphere, metres_per_unit, radii_m
from lupex.io.dem.pds3 import Pds3Label, find_label, looks_like_label, raw_pixels, read_label
from lupex.io.dem.pds4 import Pds4Label, read_pds4_label

LARGEST_BLOCK_BYTES = 1 << 30
_STRIP_CELLS = 1 << 22
_CELLS_M = (1e-3, 1e6)
"""Sides of cells that a map of the Moon can have."""
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_JP2 = (b"\0\0\0\x0cjP  \r\n\x87\n", b"\xffO\xffQ")
_ENV = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_CACHEMAX": 64,
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
    "GDAL_HTTP_MAX_RETRY": "0",
}

Reader = Callable[[int, int, int, int, int], tuple[NDArray[np.generic], NDArray[np.bool_]]]
Affine6 = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class Raster:
    """One band of numbers with their place; ``read(top, bottom, left, right, step)`` gives (values, no-data mask).

    ``affine`` as in `lupex.io.dem.pds3.Pds3Label`. Heights are values * scale + offset in ``unit``
    ('' when the file does not say). ``files`` are all that were opened: label and image, or the file itself.
    """

    path: Path
    driver: str
    rows: int
    cols: int
    dtype: str
    crs: CRS
    affine: Affine6
    scale: float
    offset: float
    unit: str
    nodata: float | None
    read: Reader
    tags: dict[str, str] = field(default_factory=dict)
    files: tuple[Path, ...] = ()

    @property
    def is_square(self) -> bool:
        """Whether cells are square, unrotated and north (map +y) up: such a raster can be read as it is."""
        a, b, _, d, e, _ = self.affine
        return b == d == 0.0 and a > 0.0 and abs(a + e) <= 1e-9 * a

    def values(self, top: int, bottom: int, left: int, right: int, step: int = 1) -> NDArray[np.float64]:
        """Scaled values of a window, every ``step``-th pixel, NaN where the file has no data.

        Marked cells, NaN, magnitudes above 1e30 (the -3.4e38 of NAC products) and -32768 in int16 are no data.
        Raises InputError when the pixels cannot be read or are infinite.

        Args:
            top, bottom, left, right: rows top <= r < bottom and columns left <= c < right.
        """
        try:
            raw, missing = self.read(top, bottom, left, right, step)
        except (RasterioError, OSError, MemoryError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise InputError(f"{self.path}: pixels cannot be read ({reason})", "is the file truncated?") from error
        if np.isinf(raw).any():
            raise InputError(f"{self.path}: holds infinite values", "mark cells without data as NaN or by a nodata tag")
        heights = raw.astype(np.float64)
        missing = missing | (np.abs(heights) > 1e30)
        if raw.dtype == np.int16 or str(self.dtype).endswith("i2"):
            missing = missing | (raw == -32768)
        heights *= self.scale
        heights += self.offset
        heights[missing] = np.nan
        return heights


@contextmanager
def open_raster(path: str | Path) -> Iterator[Raster]:
    """Open a DEM for reading by windows; closed when the block ends.

    Args:
        path: of the DEM or its label.

    Raises:
        InputError: missing, unreadable, empty, not one of the four formats, not one band of heights,
            without map projection, or not on the Moon's 1737.4 km sphere.
    """
    place = checked_path(path)
    with open(place, "rb") as stream:
        head = stream.read(4096)
    if not head:
        raise InputError(f"{place}: is empty", "fetch it again")
    with rasterio.Env(**_ENV):
        if head.startswith(_TIFF):
            yield from _gdal(place, "GTiff")
        elif looks_like_label(head):
            yield from _pds3(read_label(place))
        elif b"<VRTDataset" in head or b"<WMS" in head or b"<GDAL_WMS" in head:
            raise InputError(f"{place}: is a virtual raster", "bring the raster it points to, as GeoTIFF")
        elif head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<?xml", b"<Product_Observational")):
            yield from _gdal(place, "PDS4", read_pds4_label(place))
        elif (label := find_label(place)) is not None:
            yield from _pds3(read_label(label, place))
        elif head.startswith(_JP2):
            yield from _gdal(place, "JP2OpenJPEG")
        else:
            hint = "lupex reads GeoTIFF, PDS3 (.LBL beside .IMG or .JP2), PDS4 (.xml) and georeferenced JPEG 2000"
            raise InputError(f"{place}: is no raster lupex reads", hint)


def checked_path(path: str | Path) -> Path:
    """The path, sure to be a readable regular file on this machine. Raises InputError."""
    text = str(path)
    if "://" in text or text.startswith("/vsi") or "\0" in text:
        raise InputError(f"{text[:80]!r}: is not a file on this machine", "fetch it first: lupex dem fetch")
    place = Path(path)
    try:
        mode = place.stat().st_mode
        if stat.S_ISDIR(mode):
            raise InputError(f"{place}: is a folder", "name the DEM file inside it")
        if not stat.S_ISREG(mode):
            raise InputError(f"{place}: is not an ordinary file", "name a DEM file")
        with open(place, "rb"):
            return place
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            raise InputError(f"{place}: no such file", "check the path, or use 'default'") from error
        raise input_error(place, error) from error


def open_dataset(path: Path, driver: str) -> rasterio.DatasetReader:
    """A file opened by one driver of GDAL and no other. Raises InputError in one line.

    Args:
        path: of the file.
    """
    try:
        with warnings.catch_warnings():  # a file without place gets an error of ours, not a warning
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            return rasterio.open(path, driver=driver)
    except UnicodeDecodeError as error:
        fix = "write the projection anew: gdal_translate -a_srs"
        raise InputError(f"{path}: the name of its map projection is not UTF-8 text", fix) from error
    except (RasterioIOError, RasterioError) as error:
        reason = printable(str(error).splitlines()[0].replace(str(path), path.name), 160) if str(error) else ""
        raise InputError(f"{path}: damaged or not a raster ({reason})", "fetch it again") from error


def _gdal(path: Path, driver: str, label: Pds3Label | Pds4Label | None = None) -> Iterator[Raster]:
    with open_dataset(path, driver) as dataset:
        _check_bands(path, dataset)
        tags = _tags(path, dataset)
        if isinstance(label, Pds3Label):
            crs, affine, scale, offset, unit = as_crs(label.crs), label.affine, label.scale, label.offset, label.unit
            if dataset.shape != (label.rows, label.cols):
                raise InputError(f"{path}: is {dataset.shape}, its label says {(label.rows, label.cols)}")
        else:
            if dataset.crs is None or dataset.transform.is_identity:
                fix = "write it into the file, e.g. with gdal_translate -a_srs and -a_ullr"
                raise InputError(f"{path}: does not say where on the Moon it lies", fix)
            try:
                crs, t = as_crs(dataset.crs), dataset.transform
            except InputError as error:
                raise InputError(f"{path}: {error.what}", error.fix) from None
            affine = (t.a, t.b, t.c, t.d, t.e, t.f)
            scale, offset = float(dataset.scales[0]), float(dataset.offsets[0])
            unit = dataset.units[0] or tags.get("UNITS", "")
        _check_body(path, crs)
        # GDAL misreads constants written as bits (16#8000#), so those of a label are taken from the label.
        constants = _constants(label, dataset)

        def read(
            top: int, bottom: int, left: int, right: int, step: int
        ) -> tuple[NDArray[np.generic], NDArray[np.bool_]]:
            # Full cells, then every step-th: GDAL's own decimated read would take means from the overviews.
            rows = max(step, _STRIP_CELLS // (right - left) // step * step)
            strips = [
                _marked(dataset, label, constants, Window(left, first, right - left, min(rows, bottom - first)), step)
                for first in range(top, bottom, rows)
            ]
            if len(strips) == 1:
                return strips[0]
            return np.concatenate([s[0] for s in strips]), np.concatenate([s[1] for s in strips])

        files = (path,) if label is None else (label.path, *label.files)
        nodata = constants[0] if constants else None
        yield _checked(Raster(path, driver, dataset.height, dataset.width, dataset.dtypes[0], crs, affine, scale,
                              offset, unit, nodata, read, tags, files))  # fmt: skip


def _marked(
    dataset: rasterio.DatasetReader,
    label: Pds3Label | Pds4Label | None,
    constants: list[float],
    window: Window,
    step: int,
) -> tuple[NDArray[np.generic], NDArray[np.bool_]]:
    """Every ``step``-th cell of a window, and which of them hold no data."""
    if label is None:
        block = dataset.read(1, window=window, masked=True)[::step, ::step]
        return block.data, np.ma.getmaskarray(block)
    plain = dataset.read(1, window=window)[::step, ::step]
    floats = plain.dtype.kind == "f"  # a label's -9999.9 is that number as float32
    marked = np.isin(plain, np.array(constants, plain.dtype) if floats else constants)
    return plain, marked | np.isnan(plain) if floats else marked


def _tags(path: Path, dataset: rasterio.DatasetReader) -> dict[str, str]:
    try:
        return {key: str(value) for key, value in dataset.tags().items()}
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: its tags are not UTF-8 text", "write it anew: gdal_translate") from error


def _constants(label: Pds3Label | Pds4Label | None, dataset: rasterio.DatasetReader) -> list[float]:
    """Values that mean no data."""
    if isinstance(label, Pds4Label):
        return list(label.nodata(dataset.dtypes[0]))
    found = dataset.nodata if label is None else label.nodata
    return [] if found is None else [float(found)]


def _pds3(label: Pds3Label) -> Iterator[Raster]:
    if label.target and label.target.upper() != "MOON":
        raise InputError(f"{label.path}: shows {label.target}", "bring a DEM of the Moon")
    if label.data.suffix.lower() == ".jp2":
        yield from _gdal(checked_path(label.data), "JP2OpenJPEG", label)
        return
    crs = as_crs(label.crs)
    _check_body(label.path, crs)
    pixels = raw_pixels(label)
    _check_type(label.path, pixels.dtype.name)

    def read(top: int, bottom: int, left: int, right: int, step: int) -> tuple[NDArray[np.generic], NDArray[np.bool_]]:
        block = np.array(pixels[top:bottom:step, left:right:step])
        block = block.astype(block.dtype.newbyteorder("="), copy=False)
        missing = np.isnan(block) if block.dtype.kind == "f" else np.zeros(block.shape, dtype=bool)
        return block, missing if label.nodata is None else missing | (block == label.nodata)

    yield _checked(Raster(label.path, "PDS3", label.rows, label.cols, pixels.dtype.name, crs, label.affine, label.scale,
                          label.offset, label.unit, label.nodata, read, {"PRODUCT_ID": label.product},
                          (label.path, *label.files)))  # fmt: skip


def _checked(raster: Raster) -> Raster:
    """The raster, sure to have numbers that can be computed with: finite scale and offset, cells of a sane size."""
    if not (math.isfinite(raster.scale) and math.isfinite(raster.offset) and raster.scale != 0.0):
        raise InputError(f"{raster.path}: scale {raster.scale:g} and offset {raster.offset:g}", "correct the two")
    a, b, _, d, e, _ = raster.affine
    metre = metres_per_unit(raster.crs)
    sides = (math.hypot(a, d) * metre, math.hypot(b, e) * metre)
    ok = all(_CELLS_M[0] <= side <= _CELLS_M[1] for side in sides) and math.isfinite(sum(raster.affine))
    if not ok or a * e - b * d == 0.0:
        raise InputError(
            f"{raster.path}: its cells have no size a map can have ({sides[0]:g} x {sides[1]:g} m)",
            "give the file a proper geotransform: gdal_translate -a_ullr",
        )
    return raster


def _check_bands(path: Path, dataset: rasterio.DatasetReader) -> None:
    if dataset.count != 1:
        raise InputError(f"{path}: has {dataset.count} bands: an image, not a DEM", "a DEM has one band of heights")
    _check_type(path, dataset.dtypes[0])
    check_blocks(path, dataset)


def check_blocks(path: Path, dataset: rasterio.DatasetReader) -> None:
    """Raise InputError for a file whose blocks would take gigabytes: GDAL reads whole ones for any window."""
    block = dataset.block_shapes[0]
    if block[0] * block[1] * np.dtype(dataset.dtypes[0]).itemsize > LARGEST_BLOCK_BYTES:
        fix = "rewrite it in tiles: gdal_translate -of COG"
        raise InputError(f"{path}: is stored in blocks of {block[0]} x {block[1]} cells, too large to open", fix)


def _check_type(path: Path, kind: str) -> None:
    if kind in ("uint8", "int8") or kind.startswith("complex"):
        raise InputError(f"{path}: cells are {kind}: an image, not a DEM", "a DEM holds int16, int32 or float heights")


def _check_body(path: Path, crs: CRS) -> None:
    try:
        major, minor = radii_m(crs)
    except InputError as error:
        raise InputError(f"{path}: {error.what}", error.fix) from None
    if not is_moon(crs):
        raise InputError(
            f"{path}: lies on a body of {major / 1e3:.1f} x {minor / 1e3:.1f} km", "bring a DEM of the Moon"
        )
    try:
        canonical_pole(crs)
    except InputError as error:  # a projection whose numbers make no map
        raise InputError(f"{path}: {error.what}", "correct its projection, or import it with another tool") from error
    if not is_reference_sphere(crs):
        raise InputError(
            f"{path}: uses a Moon of {major / 1e3:.3f} x {minor / 1e3:.3f} km, so its heights mean something else",
            "convert it to the 1737.4 km sphere",
        )
