"""Words of the command line, checked one by one before anything is computed."""

import argparse
import math
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from lupex.base.errors import InputError, LupexError
from lupex.base.gate import file_text
from lupex.base.utc import utc_text

_NEGATIVE = re.compile(r"-(\.?[0-9]|(inf|infinity|nan)$)", re.IGNORECASE)


class UsageError(LupexError):
    """The words of a command line make no sense."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is one line, raised as UsageError."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError instead of printing the usage and ending the process."""
        raise UsageError(message, f"see '{self.prog} --help'")


class CommandParser(Parser):
    """The parser of one command: no abbreviations, and --debug as everywhere."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"allow_abbrev": False, **settings})
        self.add_argument(
            "--debug", action="store_true", default=argparse.SUPPRESS, help="on an error show the traceback"
        )


def shielded(words: Sequence[str]) -> list[str]:
    """The words with a blank before what begins like a negative number, so that none is taken for an option."""
    return [f" {word}" if _NEGATIVE.match(word) else word for word in words]


def number(name: str, minimum: float, maximum: float) -> Callable[[str], float]:
    """A reader of finite numbers from ``minimum`` to ``maximum``; its complaint names ``name``."""

    def read(text: str) -> float:
        if not _is_number(text):
            raise argparse.ArgumentTypeError(f"{text.strip()!r} is not a number")
        value = float(text)
        if not (math.isfinite(value) and minimum <= value <= maximum):
            raise argparse.ArgumentTypeError(f"{name} {text.strip()} lies outside {minimum:g} .. {maximum:g}")
        return value

    return read


def whole_number(name: str, minimum: int, maximum: int) -> Callable[[str], int]:
    """A reader of whole numbers from ``minimum`` to ``maximum``.

    Args:
        name: of the option, for errors.
    """

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text.strip()!r} is not a whole number") from None
        if not minimum <= value <= maximum:
            raise argparse.ArgumentTypeError(f"{name} {value} lies outside {minimum} .. {maximum}")
        return value

    return read


def utc(text: str) -> str:
    """A UTC date or date and time in its one spelling."""
    try:
        return utc_text(text)
    except InputError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def lat_lon(text: str) -> tuple[float, float]:
    """Latitude and longitude from 'LAT,LON', degrees north and east."""
    parts = text.split(",")
    if len(parts) != 2:
        raise argparse.ArgumentTypeError(f"{text.strip()!r} is not LAT,LON")
    return number("latitude", -90.0, 90.0)(parts[0]), number("longitude", -360.0, 360.0)(parts[1])


def path(text: str) -> Path:
    """A path; '~' is the home folder."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise argparse.ArgumentTypeError(f"'~' of {text!r} names no home folder here; write the path in full") from None


def dem(text: str) -> str:
    """'default', or the path of something that exists."""
    if text == "default":
        return text
    found = str(path(text))
    if not os.path.exists(found):
        raise argparse.ArgumentTypeError(f"no file {found!r}; give the path of a DEM, or 'default'")
    return found


def point_dem(text: str) -> str:
    """As `dem`, or 'pgda', or the name of a published product."""
    from lupex.catalogue import is_published

    return text if is_published(text) else dem(text)


def far_dem(text: str) -> str:
    """The path of something that exists."""
    if text == "default":
        raise argparse.ArgumentTypeError("'default' stands around every DEM anyway; name files only")
    return dem(text)


def add_place(parser: argparse.ArgumentParser) -> None:
    """LAT and LON."""
    parser.add_argument("lat", metavar="LAT", type=number("latitude", -90.0, 90.0), help="latitude, degrees north")
    parser.add_argument(
        "lon", metavar="LON", type=number("longitude", -360.0, 360.0), help="longitude, degrees east (-360 to 360)"
    )


def add_dem(parser: argparse.ArgumentParser) -> None:
    """DEM."""
    parser.add_argument(
        "dem", metavar="DEM", type=dem, help="elevation map, or 'default' (LOLA at 1600 m, in the package)"
    )


def add_point_dem(parser: argparse.ArgumentParser) -> None:
    """DEM, or a name of the catalogue of published ones."""
    parser.add_argument(
        "dem", metavar="DEM", type=point_dem,
        help="elevation map, 'default' (LOLA at 1600 m, in the package), 'pgda' (finest published maps of the place) "
        "or the name of a published one",
    )  # fmt: skip


def add_trust(parser: argparse.ArgumentParser) -> None:
    """--trust-dem."""
    parser.add_argument(
        "--trust-dem", action="store_true", help="take a DEM that contradicts the map around it, with a note"
    )


def dem_check(args: argparse.Namespace) -> str:
    """'refuse' or 'note' (see TerrainSettings.check_dem), by --trust-dem."""
    return "note" if getattr(args, "trust_dem", False) else "refuse"


def add_executor(parser: Any) -> None:
    """--workers and --scheduler: where tiles are computed."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--workers", metavar="N", type=whole_number("workers", 1, 1024), help="processes on this machine"
    )
    where.add_argument("--scheduler", metavar="tcp://HOST:8786", help="a Dask cluster that sees the same files")


def add_far(parser: argparse.ArgumentParser) -> None:
    """--far, which may be given more than once."""
    parser.add_argument(
        "--far",
        metavar="FILE",
        type=far_dem,
        action="append",
        default=[],
        help="a DEM around DEM, finest first; may be given again (the default map stands around them all)",
    )


def add_span(parser: argparse.ArgumentParser, required: bool) -> None:
    """--start, --stop and --step."""
    parser.add_argument("--start", metavar="UTC", type=utc, required=required, help="first instant")
    parser.add_argument("--stop", metavar="UTC", type=utc, required=required, help="end, not itself included")
    parser.add_argument(
        "--step", metavar="SECONDS", type=number("step", 1e-3, 1e9), required=required, help="time between rows"
    )


def add_height(parser: argparse.ArgumentParser, meaning: str, lowest_m: float = 0.0, highest_m: float = 1e5) -> None:
    """--height."""
    parser.add_argument(
        "--height", metavar="M", type=number("height", lowest_m, highest_m), default=0.0, help=f"{meaning}, metres"
    )


def add_format(parser: argparse.ArgumentParser, default: str) -> None:
    """--csv or --json; ``default`` ('csv', 'json' or 'text') holds when neither is given."""
    either = parser.add_mutually_exclusive_group()
    for word in ("csv", "json"):
        note = " (default)" if word == default else ""
        either.add_argument(
            f"--{word}", dest="form", action="store_const", const=word, help=f"{word.upper()} on stdout{note}"
        )
    parser.set_defaults(form=default)


def add_mission(parser: argparse.ArgumentParser) -> None:
    """[MISSION.toml]."""
    parser.add_argument(
        "mission", metavar="MISSION.toml", nargs="?", type=path, help="mission file; the default mission when left out"
    )


def times_in(path: Path) -> list[str]:
    """UTC texts of a file: one time a line, blank lines and what follows '#' left out; '-' reads stdin.

    Args:
        path: of the file, '-' for stdin.

    Raises InputError naming file and line.
    """
    try:
        text = sys.stdin.read() if str(path) == "-" else file_text(path)
    except UnicodeDecodeError:
        raise InputError("stdin: not UTF-8 text", "give one UTC time a line") from None
    times = []
    for count, line in enumerate(text.splitlines(), start=1):
        if word := line.split("#")[0].strip():
            try:
                times.append(utc_text(word))
            except InputError as error:
                raise InputError(f"{path} line {count}: {error.what}", error.fix) from None
    if not times:
        raise InputError(f"{path}: holds no times", "write one UTC time a line")
    return times


def given(args: argparse.Namespace, *names: str) -> list[Any]:
    """The values of those options that were given."""
    return [value for value in (getattr(args, name) for name in names) if value is not None]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
