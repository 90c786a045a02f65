"""Where results that can be computed again are kept, and how a file gets its name only when whole."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def cache_dir() -> Path:
    """The user's cache folder for lupex; it need not exist yet.

    ``LUPEX_CACHE_DIR`` when set, else ``XDG_CACHE_HOME``/lupex, else the place the platform
    gives to caches. Everything in it may be deleted at any time.
    """
    if given := os.environ.get("LUPEX_CACHE_DIR"):
        return Path(given).expanduser()
    if given := os.environ.get("XDG_CACHE_HOME"):
        return Path(given) / "lupex"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "lupex"
    if sys.platform == "win32" and (given := os.environ.get("LOCALAPPDATA")):
        return Path(given) / "lupex" / "Cache"
    return Path.home() / ".cache" / "lupex"


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A binary stream that becomes ``path`` when the block ends well, and vanishes when it does not.

    The folder is made if it is missing. Raises OSError when the disk or the folder refuses.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
