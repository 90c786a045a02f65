"""One clean stop for Ctrl-C and for SIGTERM, which batch systems send before they kill."""

import _thread
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_AGAIN_S = 0.02


class Terminated(KeyboardInterrupt):
    """SIGTERM, raised where Ctrl-C would be, so that the same clean-up runs."""


@contextmanager
def stop_signals() -> Iterator[None]:
    """Inside the block SIGTERM raises `Terminated`, and no interrupt is lost.

    Python drops an exception raised while it destroys an object; an interrupt that falls there is sent again. Does
    nothing outside the main thread, or where somebody else handles SIGTERM already.
    """
    in_main = threading.current_thread() is threading.main_thread()
    if not in_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    hook = sys.unraisablehook
    signal.signal(signal.SIGTERM, _terminated)
    sys.unraisablehook = _not_swallowed
    try:
        yield
    finally:
        sys.unraisablehook = hook
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _terminated(number: int, frame: FrameType | None) -> None:
    raise Terminated


def _not_swallowed(lost: Any) -> None:
    if not issubclass(lost.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(lost)
        return
    number = signal.SIGTERM if issubclass(lost.exc_type, Terminated) else signal.SIGINT
    again = threading.Timer(_AGAIN_S, _thread.interrupt_main, (number,))  # at once it would be lost here again
    again.daemon = True
    again.start()
