"""Compiled kernels kept on disk: under a key that names all they were made from, and checked when they are read.

numba's own cache looks only at the file of the kernel that is called: a change in a kernel it calls, in another
file, goes unseen. Here a folder holds the machine code of one numba, one LLVM and one kind of processor. The name of
each file in it holds the digest of all sources the kernel was made from, its own and those it imports, and the file
carries the SHA-256 of its content. What is damaged is compiled again.
"""

import ast
import atexit
import hashlib
import json
import os
import pickle
import platform
import re
import shutil
import stat
import sys
import tempfile
import time
import uuid
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from lupex.base.cache import cache_dir
from lupex.base.errors import LupexWarning

FOLDER_VARIABLE = "LUPEX_KERNELS_DIR"
"""Environment variable: a folder for compiled kernels instead of ``kernels`` in the cache folder."""

SPARE_VARIABLE = "LUPEX_KERNELS_SPARE"
"""Environment variable by which a process tells its workers of the temporary folder it uses instead."""

ABOUT = "about.json"
WHAT = "compiled kernels of lupex; may be deleted at any time"
HEAD = b"lupex kernel 1\n"
SUFFIX = ".kernel"
KEEP_FOLDERS = 8
KEEP_STATES = 8
KEEP_UNUSED_S = 30 * 86400.0
DAY_S = 86400.0


def kept(dispatcher: Any, sources: Path) -> Any:
    """``dispatcher`` (a function compiled by numba), made to keep its machine code in this process's kernel folder.

    Args:
        dispatcher: what ``numba.njit`` returned. With numba's compiler switched off that is the plain function, which
            is returned as it is.
        sources: the folder of all kernels. Those that the kernel's module imports from it decide its machine code.
    """
    if hasattr(dispatcher, "py_func"):
        dispatcher._cache = KernelCache(dispatcher.py_func, _folder(), sources)
    return dispatcher


def kept_already(dispatcher: Any, signature: tuple[Any, ...]) -> bool:
    """Whether the machine code of a kernel for a signature is on disk.

    Args:
        dispatcher: as `kept` returned it. signature: numba's types of the arguments.
    """
    cache = getattr(dispatcher, "_cache", None)
    return isinstance(cache, KernelCache) and cache.holds(signature, dispatcher.targetctx.codegen())


def sources_sha256(path: Path, folder: Path) -> str:
    """Hex SHA-256 of the names and contents of a Python file and of all it imports from ``folder``, at any remove.

    Args:
        path: the file, in ``folder``, which is a package.
    """
    digest = hashlib.sha256()
    for name, content in sorted(_with_imports(path, folder).items()):
        digest.update(f"{name}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _with_imports(path: Path, folder: Path) -> dict[str, bytes]:
    """Contents of a file and of all it imports from ``folder``, by their place in it."""
    found: dict[str, bytes] = {}
    waiting = [path.resolve()]
    folder = folder.resolve()
    while waiting:
        here = waiting.pop()
        place = here.relative_to(folder).as_posix()
        if place not in found:
            content, waiting_too = _read_once(here, folder)
            found[place] = content
            waiting.extend(waiting_too)
    return found


@cache
def _read_once(path: Path, folder: Path) -> tuple[bytes, tuple[Path, ...]]:
    """The content of a file, and the files in ``folder`` that it imports, the packages they lie in among them."""
    content = path.read_bytes()
    package = _dotted(folder / "__init__.py")
    names = set()
    for node in ast.walk(ast.parse(content)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):  # relative: all of them, to be on the safe side
            return content, tuple(sorted(folder.rglob("*.py")))
    files = {path.parent / "__init__.py"} if path.name != "__init__.py" else set()
    for name in names:
        if name.startswith(package + "."):
            inside = folder.joinpath(*name.removeprefix(package + ".").split("."))
            files |= {inside.with_suffix(".py"), inside / "__init__.py", inside.parent / "__init__.py"}
    return content, tuple(sorted(file for file in files if file.is_file()))


def _dotted(init: Path) -> str:
    """The dotted name of the package whose ``__init__.py`` this is."""
    folder, parts = init.parent, [init.parent.name]
    while (folder.parent / "__init__.py").is_file():
        folder = folder.parent
        parts.insert(0, folder.name)
    return ".".join(parts)


class KernelFolder:
    """Where the machine code made by one compiler for one processor lies: ``root``/key, or else a temporary folder.

    Args:
        root: the folder of all of them; None when there is no place for one.
        about: what decides the machine code beside the sources. Its digest is the key.
        spare: a temporary folder in use by the parent process, or None.
    """

    def __init__(self, root: Path | None, about: dict[str, str], spare: Path | None = None) -> None:
        self._about = about
        self.key = hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:32]
        self.path = None if root is None else root / self.key
        self._spare = None if spare is None else spare / self.key
        self._refused = spare is not None
        self._used = False
        if self.path is not None and _anyone_may_write(self.path):
            self._give_up(self.path, "anyone may write there, so the machine code in it is not trusted")
            self.path = None

    def read(self, name: str) -> bytes | None:
        """The content kept under ``name``; None when there is none. A damaged file is removed."""
        for folder in (self.path, self._spare):
            if folder is not None and (content := _content(folder / name)) is not None:
                self._note_use(folder / name)
                return content
        return None

    def holds(self, name: str) -> bool:
        """Whether something is kept under ``name``, whole or not."""
        return any(folder is not None and (folder / name).is_file() for folder in (self.path, self._spare))

    def write(self, name: str, content: bytes) -> None:
        """Keep ``content`` under ``name``. Where the folder refuses, one note is given and a temporary one is used."""
        if not self._refused and self.path is not None:
            try:
                self._begin(self.path)
                _put(self.path / name, content)
                _forget_older(self.path / name)
                return
            except OSError as error:
                self._give_up(self.path, error.strerror or type(error).__name__)
        elif not self._refused:
            self._give_up(None, "no home folder")
        if self._spare is not None:
            try:
                self._spare.mkdir(exist_ok=True)
                _put(self._spare / name, content)
            except OSError:
                self._spare = None  # the code stays in memory; nothing is lost but the time to compile it again

    def remove(self, name: str) -> None:
        """Forget what is kept under ``name``."""
        for folder in (self.path, self._spare):
            if folder is not None:
                _unlink(folder / name)

    def _begin(self, path: Path) -> None:
        about = path / ABOUT
        if not about.exists():
            path.mkdir(parents=True, exist_ok=True)
            _put_bytes(about, json.dumps({"what": WHAT, **self._about}, indent=1, sort_keys=True).encode())
            prune(path.parent, keep=self.key)

    def _note_use(self, file: Path) -> None:
        """The file, and once per process its folder, was last used now: `prune` and `write` go by that."""
        try:
            if time.time() - file.stat().st_mtime > DAY_S:
                os.utime(file)
            if not self._used and self.path is not None:
                self._used = True
                os.utime(self.path / ABOUT)
        except OSError:
            return

    def _give_up(self, path: Path | None, reason: str) -> None:
        self._refused = True
        where = "compiled kernels cannot be kept" + ("" if path is None else f" in {path.parent}")
        warnings.warn(
            f"{where} ({reason}): they are compiled again in every session, a minute or two; "
            f"set LUPEX_CACHE_DIR to a folder that can be written",
            LupexWarning,
            stacklevel=2,
        )
        try:
            spare = Path(tempfile.mkdtemp(prefix="lupex-kernels-"))
        except OSError:
            return
        atexit.register(_remove_spare, spare, os.getpid())
        os.environ[SPARE_VARIABLE] = str(spare)  # worker processes share it, and do not repeat the note
        self._spare = spare / self.key


class KernelCache:
    """What numba asks of the cache of one compiled function, kept in a `KernelFolder`."""

    def __init__(self, function: Callable[..., Any], folder: KernelFolder, sources: Path) -> None:
        self._name = f"{function.__module__}.{function.__qualname__}"
        self._made_of = sources_sha256(Path(function.__code__.co_filename), sources)
        self._folder = folder
        self._enabled = True

    @property
    def cache_path(self) -> str:
        """The folder as text; empty when there is none."""
        return "" if self._folder.path is None else str(self._folder.path)

    def enable(self) -> None:
        """Keep and use machine code, as from the start."""
        self._enabled = True

    def disable(self) -> None:
        """Neither keep nor use machine code from now on."""
        self._enabled = False

    def flush(self) -> None:
        """Nothing: each file names what it was made from."""

    def load_overload(self, signature: Any, target_context: Any) -> Any:
        """The compiled function for a signature, or None when it must be compiled.

        Args:
            target_context: as numba gives it.
        """
        from numba.core import compiler

        made: Any = compiler.CompileResult
        if not self._enabled:
            return None
        target_context.refresh()
        name = self._file_name(signature, target_context.codegen())
        content = self._folder.read(name)
        if content is None:
            return None
        try:
            return made._rebuild(target_context, *pickle.loads(content))
        except Exception:  # whole, but of no use to this numba: compile it
            self._folder.remove(name)
            return None

    def holds(self, signature: Any, codegen: Any) -> bool:
        """Whether there is a file for a signature.

        Args:
            codegen: of numba's target.
        """
        return self._folder.holds(self._file_name(signature, codegen))

    def save_overload(self, signature: Any, compiled: Any) -> None:
        """Keep a compiled function, unless it holds what cannot outlive the process."""
        from numba.core import serialize

        pickled: Any = serialize.dumps
        if self._enabled and not compiled.lifted and not compiled.library.has_dynamic_globals:
            self._folder.write(self._file_name(signature, compiled.codegen), pickled(compiled._reduce()))

    def _file_name(self, signature: Any, codegen: Any) -> str:
        made_for = hashlib.sha256(repr((signature, codegen.magic_tuple())).encode()).hexdigest()
        return f"{self._name}-{made_for[:24]}-{self._made_of[:24]}{SUFFIX}"


def prune(root: Path, keep: str) -> None:
    """Delete folders of other compilers and processors in ``root``: beyond the last few used, and unused for a month.

    The folder named ``keep`` stays. Only folders made here go, and in them only files made here. Several stay because
    several environments, versions or kinds of processor may share one home.
    """
    used = []
    for path in root.iterdir():
        if path.name != keep and re.fullmatch("[0-9a-f]{32}", path.name) and _is_ours(path):
            try:
                used.append(((path / ABOUT).stat().st_mtime, path))
            except OSError:
                continue
    used.sort(reverse=True)
    for place, (last_s, path) in enumerate(used):
        if place >= KEEP_FOLDERS - 1 or time.time() - last_s > KEEP_UNUSED_S:
            for file in sorted(path.iterdir()):
                if file.name == ABOUT or file.suffix in (SUFFIX, ".partial"):
                    _unlink(file)
            try:
                path.rmdir()
            except OSError:
                continue


def _forget_older(path: Path) -> None:
    """Delete what was made of other states of the sources for the same kernel and types, but for the last few used."""
    kernel = path.name.rpartition("-")[0]
    others = []
    for other in path.parent.glob(f"{kernel}-*{SUFFIX}"):
        try:
            others.append((other.stat().st_mtime, other))
        except OSError:
            continue
    for place, (last_s, other) in enumerate(sorted(others, reverse=True)):
        if other != path and (place >= KEEP_STATES or time.time() - last_s > KEEP_UNUSED_S):
            _unlink(other)


@cache
def _folder() -> KernelFolder:
    """The kernel folder of this process, decided once: later changes of the environment do not count."""
    spare = os.environ.get(SPARE_VARIABLE)
    return KernelFolder(_root(), _made_with(), Path(spare) if spare and Path(spare).is_dir() else None)


def _root() -> Path:
    if given := os.environ.get(FOLDER_VARIABLE):
        return Path(given).expanduser()
    return cache_dir() / "kernels"


def _made_with() -> dict[str, str]:
    """All that decides the machine code of the kernels beside their sources, by name."""
    import llvmlite
    import llvmlite.binding
    import numba
    import numpy

    config: Any = numba.config
    settings = ("OPT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "USING_SVML", "BOUNDSCHECK", "DEBUGINFO_DEFAULT")
    try:
        features = llvmlite.binding.get_host_cpu_features().flatten()
    except RuntimeError:
        features = ""
    return {
        "numba": numba.__version__,
        "llvmlite": llvmlite.__version__,
        "numpy": numpy.__version__,
        "python": f"{sys.implementation.cache_tag} {platform.machine()} {sys.platform}",
        "processor": config.CPU_NAME or llvmlite.binding.get_host_cpu_name(),
        "features": config.CPU_FEATURES or features,
        "settings": " ".join(f"{name}={getattr(config, name, None)}" for name in settings),
    }


def _content(path: Path) -> bytes | None:
    try:
        whole = path.read_bytes()
    except OSError:
        return None
    start = len(HEAD) + 32
    if whole.startswith(HEAD) and hashlib.sha256(whole[start:]).digest() == whole[len(HEAD) : start]:
        return whole[start:]
    _unlink(path)
    return None


def _put(path: Path, content: bytes) -> None:
    _put_bytes(path, HEAD + hashlib.sha256(content).digest() + content)


def _put_bytes(path: Path, content: bytes) -> None:
    """Write a file that appears whole. No fsync: what a crash cuts short is found by its digest."""
    partial = path.with_name(f".{path.name}.{uuid.uuid4().hex[:12]}.partial")
    try:
        with open(partial, "xb") as stream:
            stream.write(content)
        os.replace(partial, path)
    except BaseException:
        _unlink(partial)
        raise


def _unlink(path: Path) -> None:
    try:
        path.unlink()
    except OSError:
        return


def _is_ours(folder: Path) -> bool:
    try:
        about = json.loads((folder / ABOUT).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(about, dict) and about.get("what") == WHAT


def _anyone_may_write(path: Path) -> bool:
    """Whether everyone on this computer may put files there: machine code of strangers would run as ours."""
    if os.name != "posix":
        return False
    for folder in (path, path.parent):
        try:
            if folder.stat().st_mode & stat.S_IWOTH:
                return True
        except OSError:
            continue
    return False


def _remove_spare(folder: Path, owner: int) -> None:
    if os.getpid() == owner:  # not in a child that was forked
        shutil.rmtree(folder, ignore_errors=True)
