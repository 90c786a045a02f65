"""Progress: long work reports how far it is through one small callable."""

import sys
from typing import IO, Any, Protocol

from lupex.base.errors import InputError


class Progress(Protocol):
    """Called as ``progress(done, total, label)``; ``done`` rises to ``total``. May raise to interrupt."""

    def __call__(self, done: int, total: int, label: str) -> None: ...


def silent(done: int, total: int, label: str) -> None:
    """The progress report that says nothing."""


def progress_of(asked: Progress | bool | None) -> Progress:
    """The report for what a caller asked: a function itself, True for `Bars`, False and None for silence.

    Raises InputError for anything else.
    """
    if asked is True:
        return Bars()
    if asked is None or asked is False:
        return silent
    if not callable(asked):
        raise InputError(f"progress: {asked!r} cannot be called", "give True, or a function of (done, total, label)")
    return asked


class Bars:
    """A progress bar for each label in turn, of tqdm: in a notebook its widget where there is one, else text.

    Args:
        stream: where text goes; None: what tqdm finds best, standard error outside notebooks.
    """

    def __init__(self, stream: IO[str] | None = None) -> None:
        self._stream = stream
        self._bar: Any = None
        self._label = ""

    def __call__(self, done: int, total: int, label: str) -> None:
        if self._bar is None or label != self._label:
            self._close()
            self._bar, self._label = self._new(total, label), label
        self._bar.update(done - self._bar.n)
        if done >= total:
            self._close()

    def _new(self, total: int, label: str) -> Any:
        if self._stream is None and "ipykernel" in sys.modules:
            from tqdm.auto import tqdm
        else:
            from tqdm import tqdm
        return tqdm(total=total, desc=label, leave=False, file=self._stream)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
