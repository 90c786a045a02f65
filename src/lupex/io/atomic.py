"""Files appear whole or not at all."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lupex.base.cache import clear_stale, partial_path, remove_partial
from lupex.base.errors import InputError, StoreError
from lupex.base.gate import input_error as input_error

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """A temporary path in the same folder (same file extension), moved to ``path`` when the block ends well.

    The folder is made when it is missing. On success the file is fsynced, renamed over ``path``
    and the folder fsynced; on any exception, Ctrl-C included, the temporary file and its
    side files are removed and ``path`` stays as it was.

    Raises:
        StoreError: the disk is full or the place cannot be written.
    """
    final = Path(path)
    partial = partial_path(final)
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        clear_stale(final.parent)
        yield partial
        sync_file(partial)
        os.replace(partial, final)
        sync_folder(final.parent)
    except OSError as error:
        raise store_error(final, error) from error
    finally:
        remove_partial(partial)


@contextmanager
def only_writer(path: Path) -> Iterator[None]:
    """Keep other processes from changing a file that is read, added to and replaced in the block.

    Raises InputError when another process does so now, or the file was replaced meanwhile; does nothing where the
    system has no such locks.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    busy = InputError(f"{path}: another process is writing it", "run the same again")
    try:
        stream = open(path, "rb")
    except OSError as error:
        raise input_error(path, error) from error
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise busy from error
        if not os.path.samestat(os.fstat(stream.fileno()), os.stat(path)):
            raise busy
        yield


def write_bytes(path: str | Path, content: bytes) -> None:
    """Write one file atomically. Raises StoreError as `atomic_path`."""
    with atomic_path(path) as partial:
        partial.write_bytes(content)


def store_error(path: Path, error: OSError) -> StoreError:
    """The one-line StoreError for an operating system error met while writing ``path``."""
    if error.errno in _FULL:
        return StoreError(f"{path}: the disk is full or the file size limit is reached", "make room and run again")
    reason = error.strerror or str(error)
    return StoreError(f"{path}: cannot write ({reason.lower()})", "choose a folder you may write to")


def sync_file(path: Path) -> None:
    """Force a file's bytes to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Force a folder's entries to the disk; does nothing where folders cannot be opened (Windows) or forced."""
    try:
        sync_file(path)
    except OSError as error:
        if error.errno in (errno.EIO, *_FULL):
            raise
