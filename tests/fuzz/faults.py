"""Whole commands, run in one process, in which the n-th rename, fsync, opening, allocation or write fails."""

import builtins
import contextlib
import errno
import io
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from tests.cli.files import dem

from lupex.base.errors import StoreError
from lupex.cli.main import main
from lupex.io import HorizonStore

SMALL = "--azimuths 8 --search-radius-km 20 --trust-dem"
PASSES = "--start 2028-05-13 --stop 2028-05-14 --stations misasa,usuda --name rover"
COMMANDS = {
    "horizons": f"horizons DEM --out OUT/h.zarr {SMALL}",
    "maps": f"maps DEM --out OUT/maps {SMALL} --without-span",
    "thermal map": "thermal map DEM --out OUT/heat --trust-dem --without-facing",
    "contacts": f"contacts -87 0 {PASSES} --out OUT/passes",
    "shadow": f"shadow DEM 2028-01-03T06:00:00Z --out OUT/shadow {SMALL}",
    "dem import": "dem import DEM --trust-dem --out OUT/own.tif",
    "water survey": "water survey SURVEY --out OUT/survey",
    "locate simulate": "locate simulate -89.45 222.7 --stations misasa,byalalu32 --days 1 --step 3000 --out OUT/a.tdm",
    "payload export": "payload export OUT/payload.xlsx",
    "ops yamcs init": "ops yamcs init OUT/yamcs",
    "study": "study MISSION --out OUT/study",
}
STUDY = """
[terrain]
equatorward_limit_deg = 88.5
fine_cell_m = 150.0
fine_size_km = 3.0
fine_slope_baseline_m = 300.0
[horizon]
azimuths = 48
[light]
start_utc = "2028-01-01"
stop_utc = "2028-06-01"
step_hours = 12.0
[sites]
count = 1
separation_km = 5.0
max_slope_deg = 20.0
min_lit_days = 5.0
min_earth_fraction = 0.1
[thermal]
region_cells = 400
site_cells = 400
[water]
in_study = false
[payload]
in_study = false
"""
SURVEY = """
[terrain]
equatorward_limit_deg = 89.0
[water]
radius_km = 0.3
spacing_m = 300.0
stations = 2
worlds = 10
most_samples = 1
"""
STORES = (".zarr/", "/tiles/", ".unfinished/")
"""In names of pieces that count once they are noted."""
FULL = OSError(errno.ENOSPC, "No space left on device")
PLACES: dict[str, tuple[list[tuple[Any, str]], BaseException]] = {
    "rename": ([(os, "replace")], FULL),
    "fsync": ([(os, "fsync")], OSError(errno.EIO, "Input/output error")),
    "open": ([(os, "open"), (io, "open"), (builtins, "open")], OSError(errno.EMFILE, "Too many open files")),
    "allocation": ([(np, name) for name in ("empty", "zeros", "full", "ascontiguousarray")], MemoryError()),
}
WRITE_BYTES = (0, 1, 100, 1000, 3000, 10_000)
"""No file may grow beyond this: what a full disk or a quota does to writes, those of GDAL and zarr included."""


@contextmanager
def failing(fault: str, at: int) -> Iterator[list[int]]:
    """Let the ``at``-th call of this kind fail; yields the number of calls so far. Openings to read do not count."""
    places, error = PLACES[fault]
    calls, real = [0], [getattr(place, name) for place, name in places]

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if fault != "open" or _writes(*args, **kwargs):
                calls[0] += 1
                if calls[0] == at:
                    raise error
            return function(*args, **kwargs)

        return call

    for (place, name), function in zip(places, real, strict=True):
        setattr(place, name, counted(function))
    try:
        yield calls
    finally:
        for (place, name), function in zip(places, real, strict=True):
            setattr(place, name, function)


def _writes(path: Any, how: Any = "r", *args: Any, mode: Any = None, **kwargs: Any) -> bool:
    how = how if mode is None else mode
    return bool(how & (os.O_WRONLY | os.O_RDWR)) if isinstance(how, int) else bool(set("wxa+") & set(how))


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """Let every write fail that makes a file larger than ``size`` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class Broken(AssertionError):
    """A command broke a promise when something failed."""


class Series:
    """One command, its undisturbed result, and what happens to it when something fails."""

    def __init__(self, command: str, folder: Path) -> None:
        self.command, self.folder, self.number = command, folder, 0
        row, col = np.mgrid[0:40, 0:40]
        self.dem = dem(folder / "hills.tif", 300.0 * np.sin(row / 9.0) * np.cos(col / 7.0))
        self.given = {"DEM": self.dem, "MISSION": folder / "mission.toml", "SURVEY": folder / "survey.toml"}
        self.given["MISSION"].write_text(STUDY, encoding="utf-8")
        self.given["SURVEY"].write_text(SURVEY, encoding="utf-8")
        self.run(folder / "first")  # kernels, sky tables and other caches are made on the way
        self.want = self.run(folder / "want")

    def run(self, out: Path) -> dict[str, bytes]:
        """The files of an undisturbed run."""
        code, said = self._call(out)
        if code:
            raise Broken(f"{self.command}: {said}")
        return whole(out)

    def calls(self, fault: str) -> int:
        """How often a run does what can fail."""
        with failing(fault, 0) as calls:
            self.run(self._new())
        return calls[0]

    def all_calls(self) -> dict[str, int]:
        """How often one run does each of what can fail."""
        with contextlib.ExitStack() as stack:
            calls = {fault: stack.enter_context(failing(fault, 0)) for fault in PLACES}
            self.run(self._new())
        return {fault: counted[0] for fault, counted in calls.items()}

    def attempt(self, disturbance: contextlib.AbstractContextManager[Any]) -> bool:
        """Whether the run ended in an error; raises Broken when it, or a second run, left something half done."""
        out = self._new()
        with disturbance:
            code, said = self._call(out)
        if code not in (0, 2) or (code == 2) != (said.count("error:") == 1) or "Traceback" in said:
            raise Broken(f"ended with {code}: {said}")
        for name, content in whole(out).items():
            if ".partial-" in name:
                raise Broken(f"left behind: {name}")
            if not any(word in f"/{name}" for word in STORES) and content != self.want.get(name):
                raise Broken(f"not whole: {name}")
        for store in out.glob("*.zarr"):
            self._unfinished_or_whole(store, code)
        again = self.run(out)
        if other := sorted(name for name in again.keys() | self.want.keys() if again.get(name) != self.want.get(name)):
            raise Broken(f"the second run gives other bytes: {' '.join(other[:3])}")
        return code == 2

    def _unfinished_or_whole(self, store: Path, code: int) -> None:
        try:
            HorizonStore.open(store)
        except StoreError:
            if code == 0:
                raise Broken("said to be done, and is not") from None
        else:
            if code == 0 and whole(store.parent) != self.want:
                raise Broken("said to be done, with other bytes")

    def _new(self) -> Path:
        self.number += 1
        return self.folder / f"out{self.number}"

    def _call(self, out: Path) -> tuple[int, str]:
        words = [str(self.given.get(word, word.replace("OUT", str(out)))) for word in COMMANDS[self.command].split()]
        said = io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
            code = main(words)
        return code, said.getvalue()


def whole(folder: Path) -> dict[str, bytes]:
    """Every file below a folder; the lines of a manifest once, in order: both attempts wrote some."""
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    return {
        name: b"\n".join(sorted(set(content.splitlines()))) if name.endswith("manifest.jsonl") else content
        for name, content in found.items()
    }
