"""Is a file all there? Told from its own structure, before it gets its name."""

import struct
import zipfile
from pathlib import Path
from typing import BinaryIO

from lupex.base.errors import InputError
from lupex.io.dem.pds3 import find_label, looks_like_label, read_label

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 6: 1, 7: 1, 16: 8, 18: 8}
_OFFSETS, _COUNTS = (273, 324), (279, 325)
_MOST_DIRECTORIES = 64
_MOST_BLOCKS = 50_000_000


def check_whole(path: Path, final: Path) -> None:
    """Raise InputError when a file is shorter than it says itself.

    Args:
        path: of the file as it lies now.
        final: where it shall lie; its suffix tells the format, and beside it lies the label of an image.

    GeoTIFF: every strip and tile of every directory ends within the file. PDS3: a label is one, an image is as long as
    the label beside it says. JPEG 2000: the stream ends with its end marker. ZIP: the directory
    at its end is there. Other formats are not looked into.
    """
    size, suffix = path.stat().st_size, final.suffix.lower()
    if size == 0:
        raise InputError(f"{final.name}: is empty")
    if suffix in (".tif", ".tiff"):
        with open(path, "rb") as stream:
            end = _tiff_end(stream, size, final.name)
        if end > size:
            raise InputError(f"{final.name}: is cut off: {size} bytes where its directory needs {end}")
    elif suffix == ".zip":
        if not zipfile.is_zipfile(path):
            raise InputError(f"{final.name}: is no whole ZIP archive")
    elif suffix == ".lbl":
        with open(path, "rb") as stream:
            if not looks_like_label(stream.read(512)):
                raise InputError(f"{final.name}: is no PDS3 label")
    elif suffix == ".jp2":
        with open(path, "rb") as stream:
            stream.seek(-2, 2)
            if stream.read() != b"\xff\xd9":
                raise InputError(f"{final.name}: is cut off: no end of its code stream")
    elif suffix == ".img" and (label := find_label(final)) is not None:
        said = read_label(label, final)
        itemsize = 0 if said.dtype == "jp2" else int(said.dtype[-1])
        needed = said.first_byte + said.rows * said.cols * itemsize
        if size < needed:
            raise InputError(f"{final.name}: is cut off: {size} bytes where {label.name} says {needed}")


def _tiff_end(stream: BinaryIO, size: int, name: str) -> int:
    """The byte after the last one that a TIFF's directories point to."""
    head = stream.read(16)
    order = "<" if head[:2] == b"II" else ">"
    big = head[2:4] in (b"+\0", b"\0+")
    try:
        at = struct.unpack_from(order + ("Q" if big else "I"), head, 8 if big else 4)[0]
        end, seen = 0, set[int]()
        while at and len(seen) < _MOST_DIRECTORIES:
            if at in seen:
                raise InputError(f"{name}: its directories go in a circle")
            seen.add(at)
            at, last = _directory(stream, at, order, big, size)
            end = max(end, last)
    except (struct.error, OverflowError, MemoryError):
        raise InputError(f"{name}: its directory cannot be read: is it cut off?") from None
    if not seen:
        raise InputError(f"{name}: has no directory")
    return end


def _directory(stream: BinaryIO, at: int, order: str, big: bool, size: int) -> tuple[int, int]:
    """Offset of the next directory, and the byte after the last one of this one's blocks."""
    count = _read(stream, at, order + ("Q" if big else "H"))[0]
    entry, first = (20, at + 8) if big else (12, at + 2)
    if count > 4096:
        raise struct.error
    offsets: tuple[int, ...] = ()
    lengths: tuple[int, ...] = ()
    for number in range(count):
        place = first + entry * number
        tag, kind, values = _read(stream, place, order + ("HHQ" if big else "HHI"))
        if tag in _OFFSETS or tag in _COUNTS:
            found = _values(stream, place + (12 if big else 8), kind, values, order, big)
            offsets, lengths = (found, lengths) if tag in _OFFSETS else (offsets, found)
    last = max((o + n for o, n in zip(offsets, lengths, strict=False)), default=0)
    return _read(stream, first + entry * count, order + ("Q" if big else "I"))[0], last


def _values(stream: BinaryIO, place: int, kind: int, count: int, order: str, big: bool) -> tuple[int, ...]:
    code = {3: "H", 4: "I", 16: "Q"}.get(kind)
    if code is None or count > _MOST_BLOCKS:
        raise struct.error
    inside = 8 if big else 4
    if count * _SIZES[kind] > inside:
        place = _read(stream, place, order + ("Q" if big else "I"))[0]
    return _read(stream, place, f"{order}{count}{code}")


def _read(stream: BinaryIO, place: int, form: str) -> tuple[int, ...]:
    stream.seek(place)
    return struct.unpack(form, stream.read(struct.calcsize(form)))
