"""Open a raster a user brings, without trusting it.

The format is told from the first bytes, never from the name, and only GeoTIFF (with COG), JPEG 2000,
PDS3 and PDS4 are opened: a virtual raster or a network path can make GDAL read anything anywhere.
Nothing is read before its size is known; side files (.aux.xml, .ovr, .tfw) are ignored.
"""

import re
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
from lupex.io.atomic import input_error
from lupex.io.crs import as_crs, is_moon, is_reference_sphere, radii_m
from lupex.io.dem.pds3 import Pds3Label, find_label, looks_like_label, raw_pixels, read_label

LARGEST_BLOCK_BYTES = 1 << 30
_LARGEST_XML = 10 << 20
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
    ('' when the file does not say).
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
            _check_pds4(place)
            yield from _gdal(place, "PDS4")
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


def _gdal(path: Path, driver: str, label: Pds3Label | None = None) -> Iterator[Raster]:
    try:
        with warnings.catch_warnings():  # a file without place gets an error of ours, not a warning
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            dataset = rasterio.open(path, driver=driver)
    except (RasterioIOError, RasterioError) as error:
        reason = str(error).splitlines()[0].replace(str(path), path.name)
        raise InputError(f"{path}: damaged or not a raster ({reason})", "fetch it again") from error
    with dataset:
        _check_bands(path, dataset)
        if label is None:
            if dataset.crs is None or dataset.transform.is_identity:
                fix = "write it into the file, e.g. with gdal_translate -a_srs and -a_ullr"
                raise InputError(f"{path}: does not say where on the Moon it lies", fix)
            crs, t = as_crs(dataset.crs), dataset.transform
            affine: Affine6 = (t.a, t.b, t.c, t.d, t.e, t.f)
            scale, offset = float(dataset.scales[0]), float(dataset.offsets[0])
            unit = dataset.units[0] or dataset.tags().get("UNITS", "")
        else:
            crs, affine, scale, offset, unit = as_crs(label.crs), label.affine, label.scale, label.offset, label.unit
            if dataset.shape != (label.rows, label.cols):
                raise InputError(f"{path}: is {dataset.shape}, its label says {(label.rows, label.cols)}")
        _check_body(path, crs)

        def read(
            top: int, bottom: int, left: int, right: int, step: int
        ) -> tuple[NDArray[np.generic], NDArray[np.bool_]]:
            shape = (-(-(bottom - top) // step), -(-(right - left) // step))
            window = Window(left, top, right - left, bottom - top)
            block = dataset.read(1, window=window, out_shape=shape, masked=True)
            return block.data, np.ma.getmaskarray(block)

        tags = {key: str(value) for key, value in dataset.tags().items()}
        rows, cols, kind = dataset.height, dataset.width, dataset.dtypes[0]
        yield Raster(path, driver, rows, cols, kind, crs, affine, scale, offset, unit, dataset.nodata, read, tags)


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

    yield Raster(
        label.path,
        "PDS3",
        label.rows,
        label.cols,
        pixels.dtype.name,
        crs,
        label.affine,
        label.scale,
        label.offset,
        label.unit,
        label.nodata,
        read,
        {"PRODUCT_ID": label.product},
    )


def _check_bands(path: Path, dataset: rasterio.DatasetReader) -> None:
    if dataset.count != 1:
        raise InputError(f"{path}: has {dataset.count} bands: an image, not a DEM", "a DEM has one band of heights")
    _check_type(path, dataset.dtypes[0])
    block = dataset.block_shapes[0]
    if block[0] * block[1] * np.dtype(dataset.dtypes[0]).itemsize > LARGEST_BLOCK_BYTES:
        fix = "rewrite it in tiles: gdal_translate -of COG"
        raise InputError(f"{path}: is stored in blocks of {block[0]} x {block[1]} cells, too large to open", fix)


def _check_type(path: Path, kind: str) -> None:
    if kind in ("uint8", "int8") or kind.startswith("complex"):
        raise InputError(f"{path}: cells are {kind}: an image, not a DEM", "a DEM holds int16, int32 or float heights")


def _check_body(path: Path, crs: CRS) -> None:
    major, minor = radii_m(crs)
    if not is_moon(crs):
        raise InputError(
            f"{path}: lies on a body of {major / 1e3:.1f} x {minor / 1e3:.1f} km", "bring a DEM of the Moon"
        )
    if not is_reference_sphere(crs):
        raise InputError(
            f"{path}: uses a Moon of {major / 1e3:.3f} x {minor / 1e3:.3f} km, so its heights mean something else",
            "convert it to the 1737.4 km sphere",
        )


def _check_pds4(path: Path) -> None:
    """Refuse labels that name files outside their folder, before GDAL follows them."""
    if path.stat().st_size > _LARGEST_XML:
        raise InputError(f"{path}: an XML label of more than 10 MB", "name the PDS4 label of a raster")
    text = path.read_text(encoding="utf-8", errors="replace")
    if "<VRTDataset" in text or "<!ENTITY" in text or "Product_Observational" not in text:
        raise InputError(f"{path}: is XML, but no PDS4 label of an observation", "name the PDS4 label of a raster")
    for name in re.findall(r"<file_name>\s*([^<]*?)\s*</file_name>", text):
        if "/" in name or "\\" in name or name.startswith("."):
            raise InputError(f"{path}: names the file '{name[:60]}'", "it must lie in the label's own folder")
        if not (path.parent / name).is_file():
            raise InputError(f"{path}: its file {name} is not beside it", "put the two into one folder")
        with open(path.parent / name, "rb") as stream:
            if b"<VRTDataset" in stream.read(4096):
                raise InputError(f"{path}: its file {name} is a virtual raster", "bring the raster it points to")
