"""Progress: long work reports how far it is through one small callable."""

from typing import Protocol


class Progress(Protocol):
    """Called as ``progress(done, total, label)``; ``done`` rises to ``total``. May raise to interrupt."""

    def __call__(self, done: int, total: int, label: str) -> None: ...


def silent(done: int, total: int, label: str) -> None:
    """The progress report that says nothing."""
