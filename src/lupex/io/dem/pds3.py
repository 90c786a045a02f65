"""PDS3 labels: where the pixels are, what they mean and where they lie.

Written for the LOLA gridded products (LRO-L-LOLA-4-GDR-V1.0), whose labels are plain ODL text before
or beside the image. Pixel registration: LINE_PROJECTION_OFFSET and SAMPLE_PROJECTION_OFFSET give the
map's origin counted from the *centre* of the first pixel, so 15199.5 in 30400 pixels puts the pole on
the corner between the four middle pixels (DSMAP_POLAR.CAT; PDS Standards Reference 3.8, ch. 12).
"""

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lupex.base.errors import InputError
from lupex.io.atomic import input_error

_LARGEST_LABEL = 1 << 20
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
            text = stream.read(_LARGEST_LABEL).decode("ascii", errors="replace")
    except OSError as error:
        raise input_error(path, error) from error
    entries = _entries(text)
    label = _Reader(path, entries)
    data, first_byte = _data_file(label, image)
    crs, affine = _georeference(label)
    if label.number("BANDS", 1.0) != 1.0:
        raise InputError(f"{path}: the image has {label.number('BANDS'):g} bands", "a DEM has one")
    dtype = "jp2" if data.suffix.lower() == ".jp2" else _dtype(label)
    nodata = next((label.number(key) for key in _NODATA_KEYS if label.has(key)), None)
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

    def __init__(self, path: Path, entries: dict[str, str]) -> None:
        self.path = path
        self._entries = entries

    def has(self, key: str) -> bool:
        return key in self._entries

    def text(self, key: str, default: str | None = None) -> str:
        if key not in self._entries:
            if default is None:
                raise InputError(f"{self.path}: the label has no {key}", "is it the label of a map-projected DEM?")
            return default
        return self._entries[key].strip().strip('"').strip()

    def number(self, key: str, default: float | None = None) -> float:
        if not self.has(key) and default is not None:
            return default
        text = self.text(key)
        found = re.match(r"[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?\.?", text)
        if found is None or not math.isfinite(value := float(found.group().rstrip("."))):
            raise InputError(f"{self.path}: {key} is '{text[:40]}'", "a number is needed")
        return value

    def count(self, key: str) -> int:
        value = self.number(key)
        if value != int(value) or not 1 <= value <= 10_000_000:
            raise InputError(f"{self.path}: {key} is {value:g}", "a positive whole number is needed")
        return int(value)

    def scaled(self, key: str, factors: dict[str, float]) -> float:
        """A number times the factor of its unit, e.g. ``<KM>``; without unit the first factor's unit counts."""
        unit = re.search(r"<\s*([^>]*?)\s*>", self.text(key))
        if unit is None:
            return self.number(key) * next(iter(factors.values()))
        for start, factor in factors.items():
            if unit.group(1).upper().startswith(start):
                return self.number(key) * factor
        raise InputError(f"{self.path}: {key} is in <{unit.group(1)}>", f"known: {', '.join(factors)}")


def _entries(text: str) -> dict[str, str]:
    """KEY -> value text of the image and its projection; the first mention of a key wins."""
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL)
    entries: dict[str, str] = {}
    inside: list[str] = []
    pattern = re.compile(r'^[ \t]*(\^?[A-Z0-9_:]+)[ \t]*=[ \t]*("[^"]*"|[^\r\n]*)|^[ \t]*(END)[ \t]*\r?$', re.M)
    for match in pattern.finditer(text):
        key, value, end = match.groups()
        if end:
            break
        if key in ("OBJECT", "GROUP"):
            inside.append(value.strip())
        elif key in ("END_OBJECT", "END_GROUP"):
            inside = inside[:-1]
        else:
            entries.setdefault(key, value)
            if "COMPRESSED_FILE" in inside:
                entries.setdefault(f"COMPRESSED_{key}", value)
    return entries


def _data_file(label: _Reader, image: Path | None) -> tuple[Path, int]:
    """The pixel file and the byte its pixels start at."""
    folder = label.path.parent
    if label.has("COMPRESSED_FILE_NAME") and (image is None or image.suffix.lower() == ".jp2"):
        return _beside(label, folder, label.text("COMPRESSED_FILE_NAME"), image), 0
    pointer = label.text("^IMAGE")
    record = label.number("RECORD_BYTES", 1.0)
    if re.fullmatch(r"\d+", pointer):
        return label.path, int((int(pointer) - 1) * record)
    if match := re.fullmatch(r"(\d+)\s*<\s*BYTES\s*>", pointer, flags=re.I):
        return label.path, int(match.group(1)) - 1
    match = re.fullmatch(r'\(?\s*"?([^",()]+?)"?\s*(?:,\s*(\d+)\s*(<\s*BYTES\s*>)?)?\s*\)?', pointer, flags=re.I)
    if match is None:
        raise InputError(f"{label.path}: ^IMAGE is '{pointer[:60]}'", "a file name or a record number is needed")
    start = int(match.group(2) or 1) - 1
    return _beside(label, folder, match.group(1), image), int(start * (1 if match.group(3) else record))


def _beside(label: _Reader, folder: Path, name: str, image: Path | None) -> Path:
    """A file the label names, in its own folder only; letter case may differ."""
    if "/" in name or "\\" in name or name.startswith("."):
        raise InputError(f"{label.path}: names the image file '{name[:60]}'", "it must lie in the label's own folder")
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
    axes = [label.scaled(key, {"KM": 1e3, "M": 1.0}) for key in ("A_AXIS_RADIUS", "B_AXIS_RADIUS", "C_AXIS_RADIUS")]
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
        step = label.scaled("MAP_SCALE", {"M": 1.0, "KM": 1e3})
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
    if label.has("MAP_RESOLUTION"):
        return math.radians(1.0 / label.number("MAP_RESOLUTION")) * radius_m
    return label.scaled("MAP_SCALE", {"M": 1.0, "KM": 1e3})


def raw_pixels(label: Pds3Label) -> Any:
    """The image as a read-only memory map (row, col). Raises InputError when the file is too short.

    Args:
        label: as `read_label` gives it.
    """
    import numpy as np

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
