"""One thin executor for all tile work: in this process, in processes of this machine, or on a cluster.

A tile is one call of ``work(tile)``, one future, one file. The work writes its result into a file of its own and
returns what the manifest keeps of it; only the driver, here, notes tiles in the manifest. So whatever is killed,
workers or driver, what is noted is on the disk, and the rest is computed again (docs/howto/cluster.md).
"""

import functools
import multiprocessing
import os
import signal
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

from lupex.base.errors import ClusterError, InputError
from lupex.base.progress import Progress, silent
from lupex.io import TileStore
from lupex.study.fresh import code_sha256

Entry = dict[str, Any]
Work = Callable[[str], Entry]
Note = Callable[[str, Entry], None]

LOSSES = 3
"""A tile whose worker dies this often is given up: it most likely needs more memory than there is."""

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
CONNECT_S = 30


def run_tiles(
    work: Work,
    tiles: Sequence[str],
    store: TileStore,
    executor: str | int = "serial",
    progress: Progress = silent,
) -> dict[str, Entry]:
    """Call ``work(tile)`` for every tile the store's manifest does not list yet, and note each as it is finished.

    Args:
        work: picklable (a frozen dataclass with ``__call__``), small, since it travels with every tile; it
            puts its result under the tile's name into the store and returns the entry `TileStore.write` gives.
        tiles: names, unique in the store. Noted tiles whose files have vanished or changed are made again.
        store: made for these inputs (`TileStore.create` refuses those of others).
        executor: 'serial' (this process), a number of worker processes, or the address of a Dask scheduler
            ('tcp://host:8786', 'tls://...'), whose workers must see the same files and run the same lupex.
        progress: called with the number of tiles done, those of earlier runs included.

    Returns the manifest entries of all ``tiles``. Raises what the work raises; ClusterError when workers keep dying
    or the scheduler is out of reach; InputError for an executor that is none. Ctrl-C stops the workers at once.
    """
    manifest = store.manifest
    noted = {entry["tile"]: entry for entry in manifest.entries()}
    done = {tile: noted[tile] for tile in tiles if tile in noted and store.is_whole(tile, noted[tile])}
    todo = [tile for tile in tiles if tile not in done]
    finished = len(tiles) - len(todo)

    def note(tile: str, entry: Entry) -> None:
        nonlocal finished
        done[tile] = {"tile": tile, **entry}
        manifest.note(done[tile])
        finished += 1
        progress(finished, len(tiles), "tiles")

    run = _runner(executor)
    if todo:
        progress(finished, len(tiles), "tiles")
        run(work, todo, note)
    return {tile: done[tile] for tile in tiles}


def _runner(executor: str | int) -> Callable[[Work, list[str], Note], None]:
    if executor == "serial":
        return _here
    if isinstance(executor, int) and executor >= 1:
        return functools.partial(_in_processes, executor)
    if isinstance(executor, str) and executor.startswith(("tcp://", "tls://")):
        return functools.partial(_on_cluster, executor)
    raise InputError(
        f"executor {executor!r}", "give 'serial', a number of processes from 1, or a scheduler such as tcp://host:8786"
    )


def _here(work: Work, todo: list[str], note: Note) -> None:
    for tile in todo:
        note(tile, work(tile))


def _in_processes(workers: int, work: Work, todo: list[str], note: Note) -> None:
    """Fresh pools until nothing is left: a pool that loses one process is lost as a whole."""
    losses = 0
    with _one_thread_each():
        while todo:
            left = _through_pool(min(workers, len(todo)), work, todo, note)
            losses = losses + 1 if len(left) == len(todo) else min(len(left), 1)
            if losses >= LOSSES:
                raise ClusterError(
                    f"worker processes died {LOSSES} times in a row, the last at {', '.join(left[:workers])}", _MEMORY
                )
            todo = left


_MEMORY = "use fewer workers or smaller tiles if memory is short; what is done stays: run the same command again"


def _through_pool(workers: int, work: Work, todo: list[str], note: Note) -> list[str]:
    """Work through ``todo`` with one pool of processes; returns what is left when a process died."""
    before = set(multiprocessing.active_children())
    context = multiprocessing.get_context("spawn")  # a fork would copy locks that threads hold
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin_worker)
    left = dict.fromkeys(todo)
    try:
        futures = {pool.submit(work, tile): tile for tile in todo}
        for future in as_completed(futures):
            tile = futures.pop(future)  # a result is freed once noted
            if not _died(future):
                note(tile, future.result())
                del left[tile]
        pool.shutdown()
    except BrokenProcessPool:
        pool.shutdown(cancel_futures=True)
    except BaseException:
        for child in set(multiprocessing.active_children()) - before:
            child.terminate()
        pool.shutdown(cancel_futures=True)
        raise
    return list(left)


def _died(future: "Future[Entry]") -> bool:
    return isinstance(future.exception(), BrokenProcessPool)


def _begin_worker() -> None:
    """In a new worker process: Ctrl-C is the driver's business, and when the driver is gone so is the worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Processes started inside the block use one thread for linear algebra and compiled loops."""
    before = {name: os.environ.get(name) for name in THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _on_cluster(address: str, work: Work, todo: list[str], note: Note) -> None:
    """One future per tile on a Dask cluster; it sends the tiles of a dead worker to another by itself."""
    try:
        from distributed import Client
        from distributed import as_completed as completed
    except ImportError as error:
        raise InputError(
            f"scheduler {address}: the package 'distributed' is not installed", "pip install 'lupex[cluster]'"
        ) from error
    try:
        client = Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterError(
            f"scheduler {address}: no answer ({type(error).__name__})", "is it running there?"
        ) from error
    run = uuid.uuid4().hex  # Dask gives equal keys equal results, also those of earlier runs
    with client:
        futures = [
            client.submit(_same_code, work, tile, code_sha256(), key=(f"lupex-{run}", tile), pure=False)
            for tile in todo
        ]
        names = {future.key: tile for future, tile in zip(futures, todo, strict=True)}
        try:
            for future in completed(futures, loop=client.loop):
                note(names[future.key], _cluster_result(future, names[future.key], address))
                future.release()
        except BaseException:
            client.cancel(futures, force=True)
            raise


def _cluster_result(future: Any, tile: str, address: str) -> Entry:
    from distributed import CancelledError, KilledWorker

    try:
        return dict(future.result())
    except KilledWorker as error:
        raise ClusterError(f"tile {tile}: every worker that took it died", _MEMORY) from error
    except CancelledError as error:
        fix = "look at its log, then run the same command again to go on"
        raise ClusterError(f"scheduler {address}: lost at tile {tile}", fix) from error


def _same_code(work: Work, tile: str, expected_sha256: str) -> Entry:
    """On a cluster worker: the tile, unless another version of lupex is installed there."""
    if _code() != expected_sha256:
        raise ClusterError("the workers run another version of lupex than this one", "install the same on every node")
    return work(tile)


@functools.cache
def _code() -> str:
    return code_sha256()
