"""The n-th rename, fsync, opening or allocation fails, for every n: the folder is whole, or says what is unfinished.

And the same call again, without the fault, gives the bytes of a run that never met one.
"""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from tests.fuzz.faults import WRITE_BYTES, Series, no_file_beyond
from tests.fuzz.faults import failing as failing_call
from tests.io.fetch.test_transfer import GOOD, Server, fetch

from lupex.base.errors import LupexError
from lupex.ephemeris.store import stored
from lupex.io import (
    TileStore,
    VectorLayer,
    write_cog,
    write_csv,
    write_gpkg,
    write_json,
)
from lupex.model import Grid
from lupex.study.fresh import is_up_to_date, record_run
from lupex.study.tiles.executor import Entry, run_tiles

GRID = Grid("south", 40, 30, 20.0, 0.0, 0.0)
PLANE = np.arange(1200, dtype=np.int16).reshape(GRID.shape)


@dataclass(frozen=True)
class Square:
    """Work of a tile."""

    store: TileStore

    def __call__(self, tile: str) -> Entry:
        return self.store.write(tile, np.full(9, float(tile) ** 2))


def maps(folder: Path) -> None:
    store = TileStore.create(folder / "tiles", {"squares": 1})
    names = ["1", "2", "3"]
    entries = run_tiles(Square(store), names, store)
    level = store.allocate("level1", (3, 9))
    level[...] = [store.read(name, entries[name]) for name in names]
    entry = store.seal("level1", level)
    write_cog(folder / "map.tif", Grid("south", 3, 9, 20.0, 0.0, 0.0), np.array(store.mapped("level1", entry)),
              name="square", unit="1", meaning="squares")  # fmt: skip


def study(folder: Path) -> None:
    write_csv(folder / "tables" / "drives.csv", ["site", "end"], [["S1", 1.5]])
    write_json(folder / "study.json", {"a": 1.0})
    write_gpkg(folder / "psr.gpkg", [VectorLayer("psr", [shapely.Point(1.0, 2.0)], [{"a": 1}])], "south")
    write_cog(folder / "maps" / "light.tif", GRID, PLANE, name="light", unit="1", meaning="light")
    written = [path for path in folder.rglob("*") if path.is_file() and path.name != "run.json"]
    record_run(folder, "key", [path for path in written if ".partial-" not in path.name], {"sites": 1})


def tables(folder: Path) -> None:
    stored({"a": 1}, {"x": (3,)}, lambda: {"x": np.arange(3.0)}, folder)


SERVER = Server()


def fetching(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    assert fetch(folder, SERVER, {}).read_bytes() == GOOD
    (folder / "table.toml").unlink()


WORK: dict[str, Callable[[Path], None]] = {
    "maps": maps, "study": study, "sky tables": tables, "fetch": fetching,
}  # fmt: skip


@contextmanager
def failing(place: Any, name: str, at: int, error: BaseException) -> Iterator[list[int]]:
    """Let the ``at``-th call of a function fail; yields the number of calls so far."""
    real, calls = getattr(place, name), [0]

    def call(*args: Any, **kwargs: Any) -> Any:
        calls[0] += 1
        if calls[0] == at:
            raise error
        return real(*args, **kwargs)

    setattr(place, name, call)
    try:
        yield calls
    finally:
        setattr(place, name, real)


def whole(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


FULL = OSError(errno.ENOSPC, "No space left on device")
FAULTS = {
    "rename": (os, "replace", FULL),
    "fsync": (os, "fsync", OSError(errno.EIO, "Input/output error")),
    "open": (os, "open", OSError(errno.EMFILE, "Too many open files")),
    "allocation": (np, "ascontiguousarray", MemoryError()),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("work", WORK)
def test_a_fault_leaves_nothing_half_finished_under_a_final_name(tmp_path: Path, work: str, fault: str) -> None:
    WORK[work](tmp_path / "want")
    want = whole(tmp_path / "want")
    place, name, error = FAULTS[fault]
    with failing(place, name, 0, error) as calls:
        WORK[work](tmp_path / "count")
    total = calls[0]
    for at in range(1, total + 1, max(1, total // 12)):
        folder = tmp_path / f"at{at}"
        with failing(place, name, at, error):
            try:
                WORK[work](folder)
            except (LupexError, MemoryError) as met:
                assert "\n" not in str(met)
        assert not [path for path in folder.rglob("*") if path.name.startswith(".partial-") and ".tif" in path.name]
        if work == "study" and is_up_to_date(folder, "key"):
            assert whole(folder) == want
        WORK[work](folder)
        found = {name: content for name, content in whole(folder).items() if ".partial-" not in name}
        manifests = {name for name in want if name.endswith("manifest.jsonl")}  # lines of both attempts
        assert found.keys() == want.keys(), (fault, at)
        assert [n for n in want if n not in manifests and found[n] != want[n]] == [], (fault, at)


@pytest.fixture(scope="module", params=["horizons", "dem import", "payload export"])
def series(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Series:
    return Series(request.param, tmp_path_factory.mktemp("series"))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_command_in_which_something_fails_ends_in_one_line_and_a_second_run_gives_equal_bytes(
    series: Series, fault: str
) -> None:
    total = series.calls(fault)  # every place: scripts/fault_rounds.py
    assert [at for at in range(1, total + 1, max(1, total // 3)) if not series.attempt(failing_call(fault, at))] == []


def test_a_full_disk_ends_a_command_in_one_line_and_a_second_run_gives_equal_bytes(series: Series) -> None:
    assert [size for size in WRITE_BYTES[:4:3] if not series.attempt(no_file_beyond(size))] == []


def test_maps_that_fail_while_tiles_are_assembled_leave_nothing_as_large_as_the_ground(tmp_path: Path) -> None:
    maps = Series("maps", tmp_path)
    assert maps.attempt(failing_call("rename", 4))
