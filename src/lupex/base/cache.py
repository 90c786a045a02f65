"""Where results that can be computed again are kept, and how a file gets its name only when whole."""

import contextlib
import functools
import glob
import hashlib
import os
import re
import secrets
import shutil
import socket
import stat
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from lupex.base.errors import LupexWarning

_PARTIAL = re.compile(r"\.partial-([0-9a-f]{8})-(\d+)-[0-9a-f]+-")


def cache_dir() -> Path:
    """The user's cache folder for lupex; it need not exist yet.

    ``LUPEX_CACHE_DIR`` when set, else ``XDG_CACHE_HOME``/lupex, else the place the platform
    gives to caches. Without a home folder, as some containers and services have it, a folder of the user's own among
    the temporary ones, with one note. Everything in it may be deleted at any time.
    """
    if given := os.environ.get("LUPEX_CACHE_DIR"):
        return Path(given).expanduser()
    if given := os.environ.get("XDG_CACHE_HOME"):
        return Path(given) / "lupex"
    try:
        home = Path.home()
    except RuntimeError:
        return _without_home()
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "lupex"
    if sys.platform == "win32" and (given := os.environ.get("LOCALAPPDATA")):
        return Path(given) / "lupex" / "Cache"
    return home / ".cache" / "lupex"


@functools.cache
def _without_home() -> Path:
    """A folder for a user without a home: in the temporary folder, theirs alone, since compiled code is kept there."""
    try:
        folder = Path(tempfile.gettempdir()) / f"lupex-{os.getuid()}"  # type: ignore[attr-defined,unused-ignore]
        folder.mkdir(mode=0o700, exist_ok=True)
        about = folder.lstat()
        if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid() or about.st_mode & 0o077:
            folder = Path(tempfile.mkdtemp(prefix="lupex-"))
        said = f"what can be computed again is kept in {folder}"
    except (OSError, AttributeError):  # nowhere to write, or a system without user numbers
        folder, said = Path(os.devnull) / "lupex", "nothing is kept that can be computed again"  # no file goes there
    warnings.warn(f"no home folder: {said}; set LUPEX_CACHE_DIR to choose", LupexWarning, stacklevel=3)
    os.environ["LUPEX_CACHE_DIR"] = str(folder)  # worker processes share it, and do not repeat the note
    return folder


def partial_path(final: Path, token: str = "") -> Path:
    """A name beside ``final`` for a file or folder that is not finished yet.

    It says on which machine and by which process it is written, so that two nodes never share one and `clear_stale`
    can tell what a killed process left. ``token`` makes it the same at every call of one process.
    """
    return final.with_name(f".partial-{_machine()}-{os.getpid()}-{token or secrets.token_hex(4)}-{final.name}")


def clear_stale(folder: Path, again: bool = False) -> None:
    """Remove what killed processes of this machine left unfinished in a folder.

    Looked for once by each process, unless ``again``; what is written by a process that runs stays.
    """
    if sys.platform != "win32":  # there asking for a process would end it
        (_clear_now if again else _clear_once)(folder.absolute(), os.getpid())


@functools.lru_cache(maxsize=4096)
def _clear_once(folder: Path, process: int) -> None:
    _clear_now(folder, process)


def _clear_now(folder: Path, process: int) -> None:
    try:
        left = [path for path in folder.iterdir() if path.name.startswith(".partial-")]
    except OSError:
        return
    for path in left:
        found = _PARTIAL.match(path.name)
        if found and found.group(1) == _machine() and not _is_running(int(found.group(2))):
            remove_partial(path)


def remove_partial(path: Path) -> None:
    """Remove an unfinished file or folder and the side files that begin with its name; never raises."""
    for leftover in [path, *path.parent.glob(f"{glob.escape(path.name)}*")]:
        if leftover.is_dir() and not leftover.is_symlink():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                leftover.unlink(missing_ok=True)


@functools.cache
def _machine() -> str:
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # somebody else's
        return True
    return True


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A binary stream that becomes ``path`` when the block ends well, and vanishes when it does not.

    The folder is made if it is missing; the file is as readable as the user's umask lets new files be. It is forced to
    the disk before it gets its name. Raises OSError when the disk or the folder refuses.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    clear_stale(path.parent)
    partial = partial_path(path)
    try:
        with open(partial, "xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
