"""Kernels of a study compiled ahead by a second process, when this computer holds none of them yet.

Compiling keeps one core busy while the first stages leave the other idle. `KERNELS` lists what the default study calls,
in the order of its first calls, with the types of the arguments. The second process compiles from the second entry on
and keeps the machine code in the cache, where this process finds it; it makes a first study faster and nothing else.
A line that no longer fits its kernel is passed over. ``scripts/list_kernels.py`` writes the list anew.
"""

import importlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from typing import Any

from lupex.base.compiled import kept_already

KERNELS = "kernels_ahead.txt"
FEWEST_MISSING = 10
"""With fewer kernels missing than this the second process takes longer to begin than it saves."""

_PROGRAM = "from lupex.study.ahead import serve; serve()"
_ARRAY = re.compile(r"(\w+)\[([0-9])d([CAF])(,ro)?\]")


@contextmanager
def compiled_ahead(threads: int) -> Iterator[None]:
    """While this holds, a second process compiles the kernels of a study that are not kept yet.

    Args:
        threads: that the study may use; with one there is no second process.
    """
    process = None
    if threads > 1 and sys.executable and len(missing()) >= FEWEST_MISSING:
        path = os.pathsep.join(place for place in sys.path if place)
        try:
            process = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": path},
            )  # fmt: skip
        except OSError:
            process = None
    try:
        yield
    finally:
        if process is not None:
            process.kill()
            process.wait()


def serve() -> None:
    """What the second process does: compile what is missing, until it is done or its parent is gone."""
    parent = os.getppid()
    for line in missing()[1:]:
        if os.getppid() != parent:
            return
        try:
            kernel, types = read(line)
            kernel.compile(types)
        except Exception:  # no longer so named, or other arguments: the study compiles what it needs
            continue


def missing() -> list[str]:
    """Lines of the list whose machine code is not kept on this computer, in order."""
    found = []
    for line in listed():
        try:
            kernel, types = read(line)
        except Exception:  # as in `serve`
            continue
        if not kept_already(kernel, types):
            found.append(line)
    return found


def listed() -> list[str]:
    """Lines of the list: the dotted name of a kernel below lupex.kernels, and the type of each argument."""
    return (resources.files("lupex.study") / KERNELS).read_text(encoding="utf-8").splitlines()


def read(line: str) -> tuple[Any, tuple[Any, ...]]:
    """The kernel of a line and numba's types of its arguments.

    Raises ValueError, ImportError or AttributeError for a line that names no kernel or no type.
    """
    from numba import types

    name, *texts = line.split()
    module, _, function = name.rpartition(".")
    kernel = getattr(importlib.import_module(f"lupex.kernels.{module}"), function)
    made: list[Any] = []
    for text in texts:
        if found := _ARRAY.fullmatch(text):
            dtype, dimensions, read_only = found[1], int(found[2]), bool(found[4])
            layout: Any = found[3]
            made.append(types.Array(getattr(types, dtype), dimensions, layout, readonly=read_only))
        else:
            one = getattr(types, text)
            if not isinstance(one, types.Type):
                raise ValueError(f"{text} is no type")
            made.append(one)
    return kernel, tuple(made)


def written(name: str, signature: tuple[Any, ...]) -> str | None:
    """The line of a kernel, as `read` takes it; None when an argument is neither an array nor a number.

    Args:
        name: dotted, below lupex.kernels. signature: numba's types of the arguments.
    """
    from numba import types

    texts = []
    for one in signature:
        if isinstance(one, types.Array):
            texts.append(f"{one.dtype}[{one.ndim}d{one.layout}{'' if one.mutable else ',ro'}]")
        elif isinstance(one, types.Number | types.Boolean):
            texts.append(str(one))
        else:
            return None
    return " ".join([name, *texts])
