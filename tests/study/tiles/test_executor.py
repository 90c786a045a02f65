"""One result, whoever computes it and whatever is killed on the way."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from tests.cli.command import environment, hear_ctrl_c
from tests.study.tile_jobs import hills, skylight, small_job

from lupex.base.errors import ClusterError, InputError, StoreError
from lupex.base.running import Running
from lupex.io import TileStore
from lupex.model.quantities import udunits_of
from lupex.study.tiles import executor
from lupex.study.tiles.executor import Entry, run_tiles
from lupex.study.tiles.jobs import TileRunning, light_in_tiles

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Squares:
    """Work that takes no time: the square of the number a tile is named for."""

    store: TileStore

    def __call__(self, tile: str) -> Entry:
        return self.store.write(tile, np.array([int(tile) ** 2]))


@dataclass(frozen=True)
class Deadly:
    """Work whose tile '3' kills its process, every time."""

    store: TileStore

    def __call__(self, tile: str) -> Entry:
        if tile == "3":
            os.kill(os.getpid(), signal.SIGKILL)
        return self.store.write(tile, np.array([int(tile)]))


@dataclass(frozen=True)
class Threads:
    """Work that tells how many threads its process may use."""

    store: TileStore

    def __call__(self, tile: str) -> Entry:
        import numba

        names = executor.THREAD_VARIABLES
        assert [os.environ[name] for name in names] == ["1"] * len(names)
        return self.store.write(tile, np.array([numba.config.NUMBA_NUM_THREADS]))


def once_at(count: int, act: Callable[[], None]) -> Callable[[int, int, str], None]:
    """A progress report that does something in the middle, once: when ``count`` tiles are done."""
    acted = []

    def progress(done: int, total: int, label: str) -> None:
        if label == "tiles" and done >= count and not acted:
            acted.append(done)
            act()

    return progress


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def tiles_of(folder: Path) -> dict[str, bytes]:
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted((folder / "light").glob("*.npy"))}
    assert len(found) == 16
    return found


@pytest.fixture(scope="module")
def ground(tmp_path_factory) -> Path:
    return hills(tmp_path_factory.mktemp("ground") / "hills.tif")


@pytest.fixture(scope="module")
def serial(ground, tmp_path_factory) -> Path:
    """The tiles and maps as one undisturbed process makes them."""
    folder = tmp_path_factory.mktemp("serial")
    tiled = light_in_tiles(small_job(ground), skylight(), folder / "tiles", TileRunning())
    tiled.write_maps(folder / "maps", udunits_of)
    return folder


def test_processes_give_the_same_bytes_when_one_is_killed_in_the_middle(ground, serial, tmp_path):
    progress = once_at(6, lambda: kill(multiprocessing.active_children()[0].pid))
    tiled = light_in_tiles(
        small_job(ground), skylight(), tmp_path / "tiles", TileRunning(2), Running(progress=progress)
    )
    assert tiles_of(tmp_path / "tiles") == tiles_of(serial / "tiles")
    tiled.write_maps(tmp_path / "maps", udunits_of)
    for path in sorted((serial / "maps").iterdir()):
        assert (tmp_path / "maps" / path.name).read_bytes() == path.read_bytes()


def test_a_dask_cluster_gives_the_same_bytes_when_a_worker_is_killed_in_the_middle(ground, serial, tmp_path):
    from distributed import Client, LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, local_directory=str(tmp_path)
    ) as cluster:
        with Client(cluster, set_as_default=False) as client:
            pids = list(client.run(os.getpid).values())
        progress = once_at(6, lambda: kill(pids[0]))
        run = TileRunning(cluster.scheduler_address)
        light_in_tiles(small_job(ground), skylight(), tmp_path / "tiles", run, Running(progress=progress))
    assert tiles_of(tmp_path / "tiles") == tiles_of(serial / "tiles")


DRIVER = """
import os, signal, sys
from pathlib import Path
from tests.study.tile_jobs import skylight, small_job
from lupex.base.running import Running
from lupex.study.tiles.jobs import TileRunning, light_in_tiles

def progress(done, total, label):
    if label == "tiles" and done == 6:
        print("pids", *[child.pid for child in __import__("multiprocessing").active_children()], flush=True)
        os.kill(os.getpid(), getattr(signal, sys.argv[3]))

if __name__ == "__main__":
    job, running = small_job(Path(sys.argv[1])), Running(progress=progress)
    light_in_tiles(job, skylight(), Path(sys.argv[2]), TileRunning(2), running)
"""


@pytest.mark.parametrize(("name", "code"), [("SIGKILL", -signal.SIGKILL), ("SIGINT", -signal.SIGINT)])
def test_a_driver_that_is_killed_leaves_no_workers_and_is_gone_on_with(ground, serial, tmp_path, name, code):
    (tmp_path / "driver.py").write_text(DRIVER)
    env = environment()
    env["PYTHONPATH"] = os.pathsep.join([str(ROOT), env["PYTHONPATH"]])
    done = subprocess.run(
        [sys.executable, str(tmp_path / "driver.py"), str(ground), str(tmp_path / "tiles"), name],
        env=env, preexec_fn=hear_ctrl_c, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    workers = [int(pid) for pid in done.stdout.split()[1:]]
    assert len(workers) == 2
    deadline = time.monotonic() + 20.0
    while any(is_alive(pid) for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [pid for pid in workers if is_alive(pid)] == []
    with open(tmp_path / "tiles" / "manifest.jsonl", "ab") as stream:
        stream.write(b'0badcafe {"tile": "light/0-0", "crc32"')  # what a crash in the middle of a line leaves
    again = []
    light_in_tiles(
        small_job(ground), skylight(), tmp_path / "tiles", TileRunning(),
        Running(progress=lambda done, total, label: again.append(done) if label == "tiles" else None),
    )  # fmt: skip
    assert again[0] == 6, "what was noted is not computed again"
    assert tiles_of(tmp_path / "tiles") == tiles_of(serial / "tiles")


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_other_inputs_are_refused_and_the_difference_is_named(ground, serial, tmp_path):
    folder = serial / "tiles"
    with pytest.raises(StoreError, match=r"skyline.search_radius_m was 60000.0, is 50000.0.*--fresh"):
        light_in_tiles(small_job(ground, radius_m=50_000.0), skylight(), folder, TileRunning())
    other = hills(tmp_path / "hills.tif")
    content = bytearray(other.read_bytes())
    content[-5] ^= 1
    other.write_bytes(content)
    with pytest.raises(StoreError, match=r"other inputs \(.*dems was .*hills.tif"):
        light_in_tiles(small_job(other), skylight(), folder, TileRunning())
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("not tiles")
    with pytest.raises(StoreError, match="holds something other than tiles"):
        light_in_tiles(small_job(ground), skylight(), tmp_path / "mine", TileRunning())
    assert (tmp_path / "mine" / "notes.txt").read_text() == "not tiles"


def test_a_damaged_tile_is_named_and_made_again(tmp_path):
    store = TileStore.create(tmp_path / "tiles", {"a": 1})
    names = ["1", "2", "3"]
    entries = run_tiles(Squares(store), names, store)
    path = store.path("2")
    path.write_bytes(path.read_bytes()[:-1] + b"\x07")
    with pytest.raises(StoreError, match="2.npy: is damaged and was removed"):
        store.read("2", entries["2"])
    assert run_tiles(Squares(store), names, store) == entries
    assert [int(store.read(name, entries[name])[0]) for name in names] == [1, 4, 9]


def test_work_that_kills_every_worker_is_given_up_and_the_rest_is_kept(tmp_path):
    store = TileStore.create(tmp_path / "tiles", {})
    with pytest.raises(ClusterError, match=r"died 3 times in a row, the last at 3.*smaller tiles"):
        run_tiles(Deadly(store), ["1", "2", "3"], store, 1)
    assert [entry["tile"] for entry in store.manifest.entries()] == ["1", "2"]


def test_a_worker_process_uses_one_thread(tmp_path, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    store = TileStore.create(tmp_path / "tiles", {})
    entries = run_tiles(Threads(store), ["1"], store, 1)
    assert int(store.read("1", entries["1"])[0]) == 1
    assert os.environ["OMP_NUM_THREADS"] == "7"


def test_what_is_no_executor_is_said_in_one_line(tmp_path, monkeypatch):
    store = TileStore.create(tmp_path / "tiles", {})
    for wrong in ("dask", 0, "http://host"):
        with pytest.raises(InputError, match="give 'serial', a number of processes"):
            run_tiles(Squares(store), ["1"], store, wrong)
    monkeypatch.setattr(executor, "CONNECT_S", 1)
    with pytest.raises(ClusterError, match=r"scheduler tcp://127.0.0.1:9: no answer"):
        run_tiles(Squares(store), ["1"], store, "tcp://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"pip install 'lupex\[cluster\]'"):
        run_tiles(Squares(store), ["1"], store, "tcp://127.0.0.1:9")
    assert store.manifest.entries() == []


def test_a_manifest_line_carries_its_crc(tmp_path):
    store = TileStore.create(tmp_path / "tiles", {})
    run_tiles(Squares(store), ["5"], store)
    crc, _, text = (store.folder / "manifest.jsonl").read_text().partition(" ")
    assert len(crc) == 8
    assert json.loads(text)["tile"] == "5"
