"""PDS3 labels: where the pixels are, what they mean and where they lie.

Written for the LOLA gridded products (LRO-L-LOLA-4-GDR-V1.0), whose labels are plain ODL text before
or beside the image. The syntax is read by `pvl`; what the values mean is judged here. Pixel registration:
LINE_PROJECTION_OFFSET and SAMPLE_PROJECTION_OFFSET give the map's origin counted from the *centre* of the first
pixel, so 15199.5 in 30400 pixels puts the pole on the corner between the four middle pixels (DSMAP_POLAR.CAT; PDS
Standards Reference 3.8, ch. 12). Constants such as ``16#8000#`` are the *bits* of a sample (ibid., 12.3.1.1).
"""

import contextlib
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lupex.base.errors import InputError
from lupex.base.gate import printable
from lupex.io.atomic import input_error
from lupex.io.dem.pds3_syntax import BasedInteger, label_entries

_LARGEST_LABEL = 1 << 16
_METRES_PER = {"M": 1.0, "KM": 1e3}
SAME_SCALE = 0.01
"""MAP_SCALE is rounded in many labels; beyond this share it contradicts MAP_RESOLUTION."""
_TYPES = {
    "LSB_INTEGER": "<i",
    "PC_INTEGER": "<i",
    "VAX_INTEGER": "<i",
    "MSB_INTEGER": ">i",
    "SUN_INTEGER": ">i",
    "MAC_INTEGER": ">i",
    "INTEGER": ">i",
    "LSB_UNSIGNED_INTEGER": "<u",
    "PC_UNSIGNED_INTEGER": "<u",
    "MSB_UNSIGNED_INTEGER": ">u",
    "UNSIGNED_INTEGER": ">u",
    "PC_REAL": "<f",
    "IEEE_REAL": ">f",
    "SUN_REAL": ">f",
    "MAC_REAL": ">f",
    "REAL": ">f",
}
_NODATA_KEYS = ("MISSING_CONSTANT", "MISSING", "NULL", "INVALID_CONSTANT", "CORE_NULL", "DUMMY_DATA")


@dataclass(frozen=True)
class Pds3Label:
    """What a PDS3 label says about its image.

    ``data`` is the file that holds the pixels and ``first_byte`` where they start (0 and meaningless
    for JPEG 2000). ``affine`` is (a, b, c, d, e, f): x = a col + b row + c, y = d col + e row + f at
    the outer corners of pixels, in the units of ``crs`` (a proj string).
    """

    path: Path
    data: Path
    first_byte: int
    rows: int
    cols: int
    dtype: str
    scale: float
    offset: float
    unit: str
    nodata: float | None
    crs: str
    affine: tuple[float, float, float, float, float, float]
    target: str
    product: str

    @property
    def files(self) -> tuple[Path, ...]:
        """What belongs to the label besides itself."""
        return () if self.data == self.path else (self.data,)


def looks_like_label(head: bytes) -> bool:
    """Whether a file's first bytes are those of a PDS3 label."""
    return b"PDS_VERSION_ID" in head[:512]


def find_label(image: Path) -> Path | None:
    """The detached label beside an image: NAME.LBL or NAME_JP2.LBL in any case, else None."""
    wanted = {f"{image.stem}.lbl".lower(), f"{image.stem}_jp2.lbl".lower()}
    try:
        names = sorted(entry.name for entry in image.parent.iterdir() if entry.name.lower() in wanted)
    except OSError:
        return None
    jp2_first = image.suffix.lower() == ".jp2"
    names.sort(key=lambda name: name.lower().endswith("_jp2.lbl") != jp2_first)
    return image.parent / names[0] if names else None


def read_label(path: Path, image: Path | None = None) -> Pds3Label:
    """Parse a label, attached or detached. ``image`` is the file the user named, when not the label itself.

    Args:
        path: of the label.

    Raises:
        InputError: a key is missing or senseless, the image file is missing or outside the folder, or the
            projection is none of polar stereographic, simple cylindrical, equirectangular.
    """
    try:
        with open(path, "rb") as stream:
            text = stream.read(_LARGEST_LABEL)
    except OSError as error:
        raise input_error(path, error) from error
    label = _Reader(path, label_entries(path, text))
    data, first_byte = _data_file(label, image)
    crs, affine = _georeference(label)
    if label.number("BANDS", 1.0) != 1.0:
        raise InputError(f"{path}: the image has {label.number('BANDS'):g} bands", "a DEM has one")
    dtype = "jp2" if data.suffix.lower() == ".jp2" else _dtype(label)
    nodata = next((_sample_value(label, key) for key in _NODATA_KEYS if label.has(key)), None)
    return Pds3Label(
        path=path,
        data=data,
        first_byte=first_byte,
        rows=label.count("LINES"),
        cols=label.count("LINE_SAMPLES"),
        dtype=dtype,
        scale=label.number("SCALING_FACTOR", 1.0),
        offset=label.number("OFFSET", 0.0),
        unit=label.text("UNIT", ""),
        nodata=nodata,
        crs=crs,
        affine=affine,
        target=label.text("TARGET_NAME", ""),
        product=label.text("PRODUCT_ID", ""),
    )


class _Reader:
    """Typed access to a label's entries; every failure names the file and the key."""

    def __init__(self, path: Path, entries: dict[str, Any]) -> None:
        self.path = path
        self._entries = entries

    def has(self, key: str) -> bool:
        return self._entries.get(key) is not None

    def value(self, key: str) -> Any:
        """The value without its unit."""
        if not self.has(key):
            raise InputError(f"{self.path}: the label has no {key}", "is it the label of a map-projected DEM?")
        found = self._entries[key]
        return getattr(found, "value", found)

    def unit(self, key: str) -> str:
        """The unit given in < >, upper case; '' without one."""
        return str(getattr(self._entries.get(key), "units", "")).strip().upper()

    def text(self, key: str, default: str | None = None) -> str:
        return default if default is not None and not self.has(key) else str(self.value(key)).strip()

    def number(self, key: str, default: float | None = None) -> float:
        if default is not None and not self.has(key):
            return default
        value = self.value(key)
        ordinary = isinstance(value, (int, float)) and not isinstance(value, (bool, BasedInteger))
        number = math.nan
        if ordinary:
            with contextlib.suppress(OverflowError):
                number = float(value)
        if not math.isfinite(number):
            raise InputError(f"{self.path}: {key} is '{printable(str(value), 40)}'", "a number is needed")
        return number

    def count(self, key: str) -> int:
        value = self.number(key)
        if value != int(value) or not 1 <= value <= 10_000_000:
            raise InputError(f"{self.path}: {key} is {value:g}", "a positive whole number is needed")
        return int(value)

    def scaled(self, key: str, unitless: float) -> float:
        """A length (or length per pixel) in metres; ``unitless`` metres count where no unit stands behind it."""
        unit = self.unit(key)
        if not unit:
            return self.number(key) * unitless
        for start, factor in _METRES_PER.items():
            if unit.startswith(start):
                return self.number(key) * factor
        raise InputError(f"{self.path}: {key} is in <{printable(unit)}>", f"known: {', '.join(_METRES_PER)}")


def _sample_value(label: _Reader, key: str) -> float:
    """The number a constant for missing samples stands for, of the samples' own type where it is given as bits."""
    value = label.value(key)
    if isinstance(value, BasedInteger):
        return bits_as_sample(label.path, key, int(value), _dtype(label))
    if isinstance(value, str):
        return text_as_sample(label.path, key, value, None)
    return label.number(key)


def text_as_sample(path: Path, key: str, text: str, dtype: str | None) -> float:
    """A constant as a number: decimal, or ``16#8000#`` and 0x8000 as bits of a sample of ``dtype``.

    Args:
        path: of the file.
        key: of the label.
        text: as it stands in the label.

    Raises InputError for anything else, half-written bases above all.
    """
    based = re.fullmatch(r"(\d{1,2})#([0-9A-Fa-f]+)#|0[xX]([0-9A-Fa-f]+)", text.strip())
    try:
        if based and dtype:
            base = int(based.group(1)) if based.group(1) else 16
            return bits_as_sample(path, key, int(based.group(2) or based.group(3), base), dtype)
        number = float(text)
    except ValueError:
        number = math.nan
    if math.isnan(number) and text.strip().lower() != "nan":
        raise InputError(f"{path}: {key} is '{printable(text, 40)}'", "a number is needed, or one such as 16#8000#")
    return number


def bits_as_sample(path: Path, key: str, bits: int, dtype: str) -> float:
    """The sample (numpy ``dtype``, such as '>i2') whose bits are given; a sign before them counts as it stands.

    Raises InputError when they do not fit into a sample.
    """
    kind = np.dtype(dtype)
    width = 8 * kind.itemsize
    lowest = -(1 << (width - 1)) if kind.kind == "i" else 0
    if not lowest <= bits < 1 << width:
        raise InputError(f"{path}: {key} has more bits than a sample of {width}", "correct the constant")
    raw = (bits % (1 << width)).to_bytes(kind.itemsize, "little")
    return float(np.frombuffer(raw, kind.newbyteorder("<"))[0])


def _data_file(label: _Reader, image: Path | None) -> tuple[Path, int]:
    """The pixel file and the byte its pixels start at."""
    folder = label.path.parent
    if label.has("COMPRESSED_FILE_NAME") and (image is None or image.suffix.lower() == ".jp2"):
        return _beside(label, folder, label.text("COMPRESSED_FILE_NAME"), image), 0
    record = label.number("RECORD_BYTES", 1.0)
    pointer, unit = label.value("^IMAGE"), label.unit("^IMAGE")
    name, at = None, pointer
    if isinstance(pointer, list) and 1 <= len(pointer) <= 2:  # ("FILE.IMG", 5) or ("FILE.IMG", 801 <BYTES>)
        name, at = pointer[0], pointer[1] if len(pointer) == 2 else 1
        unit = str(getattr(at, "units", "")).upper()
        at = getattr(at, "value", at)
    elif isinstance(pointer, str):
        name, at = pointer.strip(), 1
    whole = type(at) is int and 1 <= at <= 1 << 50
    if not whole or unit not in ("", "BYTES") or not (name is None or (isinstance(name, str) and name)):
        shown = printable(str(pointer))
        raise InputError(f"{label.path}: ^IMAGE is '{shown}'", "a file name or a record number is needed")
    first = int((at - 1) * (1 if unit else record))
    return (label.path if name is None else _beside(label, folder, name, image)), first


def _beside(label: _Reader, folder: Path, name: str, image: Path | None) -> Path:
    """A file the label names, in its own folder only; letter case may differ."""
    if "/" in name or "\\" in name or name.startswith("."):
        raise InputError(
            f"{label.path}: names the image file '{printable(name)}'", "it must lie in the label's own folder"
        )
    if image is not None and image.name.lower() == name.lower():
        return image
    try:
        matches = sorted(entry for entry in folder.iterdir() if entry.name.lower() == name.lower())
    except OSError as error:
        raise input_error(folder, error) from error
    if not matches:
        raise InputError(f"{label.path}: its image file {name} is not beside it", "put the two into one folder")
    return matches[0]


def _dtype(label: _Reader) -> str:
    kind, bits = label.text("SAMPLE_TYPE").upper(), label.number("SAMPLE_BITS")
    if kind not in _TYPES or bits not in (8, 16, 32, 64):
        raise InputError(f"{label.path}: samples are {kind} of {bits:g} bits", "supported: integers and IEEE reals")
    return f"{_TYPES[kind]}{int(bits) // 8}"


def _georeference(label: _Reader) -> tuple[str, tuple[float, float, float, float, float, float]]:
    projection = label.text("MAP_PROJECTION_TYPE").upper().replace("_", " ")
    axes = [label.scaled(key, unitless=1e3) for key in ("A_AXIS_RADIUS", "B_AXIS_RADIUS", "C_AXIS_RADIUS")]
    radius = axes[0]
    if max(axes) - min(axes) > 1.0:
        raise InputError(f"{label.path}: the body has axes {axes} m", "a sphere is needed")
    if label.text("POSITIVE_LONGITUDE_DIRECTION", "EAST").upper() != "EAST":
        raise InputError(f"{label.path}: longitudes count westward", "convert the file to east longitudes")
    if label.number("MAP_PROJECTION_ROTATION", 0.0) % 360.0 != 0.0:
        raise InputError(f"{label.path}: the map is rotated", "convert the file to an unrotated map")
    lat, lon = label.number("CENTER_LATITUDE"), label.number("CENTER_LONGITUDE")
    sphere = f"+R={radius!r} +no_defs"
    if projection == "POLAR STEREOGRAPHIC":
        if abs(lat) != 90.0:
            raise InputError(f"{label.path}: polar map with CENTER_LATITUDE {lat:g}", "it must be 90 or -90")
        step = _map_scale(label, radius)
        crs = f"+proj=stere +lat_0={lat:g} +lon_0={lon!r} +k=1 +units=m {sphere}"
    elif projection in ("SIMPLE CYLINDRICAL", "EQUIRECTANGULAR"):
        parallel = 0.0 if projection == "SIMPLE CYLINDRICAL" else lat
        step = _cylindrical_step(label, radius)
        crs = f"+proj=eqc +lat_ts={parallel!r} +lon_0={lon!r} +units=m {sphere}"
    else:
        raise InputError(f"{label.path}: map projection '{projection}'", "use polar stereographic or cylindrical")
    column, line = label.number("SAMPLE_PROJECTION_OFFSET"), label.number("LINE_PROJECTION_OFFSET")
    return crs, (step, 0.0, -(column + 0.5) * step, 0.0, -step, (line + 0.5) * step)


def _cylindrical_step(label: _Reader, radius_m: float) -> float:
    """Metres per pixel; MAP_RESOLUTION (pixels per degree) is exact where MAP_SCALE is rounded."""
    if not label.has("MAP_RESOLUTION"):
        return _map_scale(label, radius_m)
    if label.has("MAP_SCALE"):
        _map_scale(label, radius_m)  # for its check
    return _per_degree(label, radius_m)


def _map_scale(label: _Reader, radius_m: float) -> float:
    """Metres per pixel of MAP_SCALE, kilometres where it names no unit (PDS Data Dictionary).

    Raises InputError when MAP_RESOLUTION says otherwise: one of the two is wrong, and nothing tells which.
    """
    step = label.scaled("MAP_SCALE", unitless=1e3)
    if label.has("MAP_RESOLUTION"):
        other = _per_degree(label, radius_m)
        if abs(step / other - 1.0) > SAME_SCALE:
            unit = label.unit("MAP_SCALE") or "no unit, so kilometres"
            raise InputError(
                f"{label.path}: MAP_SCALE ({unit}) makes cells of {step:g} m, MAP_RESOLUTION of {other:g} m",
                "correct the one that is wrong; write MAP_SCALE with its unit, <M/PIXEL> or <KM/PIXEL>",
            )
    if step <= 0.0:
        raise InputError(f"{label.path}: MAP_SCALE is {step:g} m", "cells have a size")
    return step


def _per_degree(label: _Reader, radius_m: float) -> float:
    resolution = label.number("MAP_RESOLUTION")
    if resolution <= 0.0:
        raise InputError(f"{label.path}: MAP_RESOLUTION is {resolution:g}", "give pixels per degree")
    return math.radians(1.0 / resolution) * radius_m


def raw_pixels(label: Pds3Label) -> Any:
    """The image as a read-only memory map (row, col). Raises InputError when the file is too short.

    Args:
        label: as `read_label` gives it.
    """
    needed = label.first_byte + label.rows * label.cols * np.dtype(label.dtype).itemsize
    try:
        size = label.data.stat().st_size
        if size < needed:
            raise InputError(
                f"{label.data}: truncated: {size} bytes where the label promises {needed}", "fetch it again"
            )
        shape = (label.rows, label.cols)
        return np.memmap(label.data, dtype=label.dtype, mode="r", offset=label.first_byte, shape=shape)
    except OSError as error:
        raise input_error(label.data, error) from error
