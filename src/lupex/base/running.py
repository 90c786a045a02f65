"""How long work is run: on how many threads, and who is told how far it is. What is computed does not depend on it."""

import functools
import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ParamSpec, TypeVar

from lupex.base.errors import InputError
from lupex.base.gate import numbers_checked
from lupex.base.progress import Progress, progress_of, silent

P = ParamSpec("P")
R = TypeVar("R")


@numbers_checked
@dataclass(frozen=True)
class Running:
    """How long work is run; results are the same for every value.

    Attributes:
        workers: threads; 0 for every core.
        progress: called as ``progress(done, total, label)``; may raise to stop the work. True is taken for a bar
            for each stage.
    """

    workers: int = 0
    progress: Progress = silent

    def __post_init__(self) -> None:
        object.__setattr__(self, "progress", progress_of(self.progress))
        if self.workers < 0:
            raise InputError(f"running: {self.workers} workers", "give 0 for every core, or a number of threads")

    @property
    def threads(self) -> int:
        """The number of threads: ``workers``, or one for each core."""
        return self.workers or os.cpu_count() or 1

    def or_workers(self, workers: int) -> "Running":
        """This, with ``workers`` threads where it does not say how many."""
        return self if self.workers else replace(self, workers=workers)

    def labelled(self, name: Callable[[str], str]) -> "Running":
        """This, with every label of a progress report replaced by ``name(label)``."""

        def report(done: int, total: int, label: str) -> None:
            self.progress(done, total, name(label))

        return self if self.progress is silent else replace(self, progress=report)


def takes_running(function: Callable[P, R]) -> Callable[P, R]:
    """The function, which also takes ``progress=``, short for ``running=Running(progress=...)``: True for bars.

    For one release also with ``workers=``, or a progress function in place of ``running``, each with a
    DeprecationWarning that says what to write.
    """

    @functools.wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        if "progress" in kwargs or "workers" in kwargs or any(_is_progress(one) for one in args):
            return function(*_translated(function.__name__, args), **_keywords(function.__name__, args, kwargs))
        return function(*args, **kwargs)

    return called


def _is_progress(value: Any) -> bool:
    return callable(value) and not isinstance(value, type) and not hasattr(value, "__dataclass_fields__")


def _translated(name: str, args: tuple[Any, ...]) -> tuple[Any, ...]:
    if any(_is_progress(one) for one in args):
        _warn(name, "progress")
    return tuple(Running(progress=one) if _is_progress(one) else one for one in args)


def _keywords(name: str, args: tuple[Any, ...], given: dict[str, Any]) -> dict[str, Any]:
    short = {word: given[word] for word in ("workers", "progress") if word in given}
    if "workers" in short:
        _warn(name, "workers")
    if short and ("running" in given or any(isinstance(one, Running) for one in args)):
        raise InputError(f"{name}: both running and {' and '.join(short)}", "say all of it in running=Running(...)")
    rest = {word: value for word, value in given.items() if word not in short}
    return rest | ({"running": Running(**short)} if short else {})


def _warn(name: str, word: str) -> None:
    warnings.warn(
        f"{name}: '{word}' is going away; give running=Running({word}=...) (lupex.Running)",
        DeprecationWarning,
        stacklevel=4,
    )
