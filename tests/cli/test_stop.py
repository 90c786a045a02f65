"""SIGTERM stops like Ctrl-C, and no interrupt is lost."""

import os
import signal
import time

import pytest

from lupex.cli.stop import Terminated, stop_signals


def wait_for_it() -> None:
    for _ in range(200):
        time.sleep(0.01)


def test_sigterm_is_raised_where_the_work_stands_and_the_old_handler_comes_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(Terminated), stop_signals():
        os.kill(os.getpid(), signal.SIGTERM)
        wait_for_it()
    assert signal.getsignal(signal.SIGTERM) is before


class Dying:
    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(1000):
            pass


def test_an_interrupt_that_falls_into_a_destructor_still_stops_the_work() -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job has it ignored
    try:
        with pytest.raises(KeyboardInterrupt), stop_signals():
            Dying()
            wait_for_it()
    finally:
        signal.signal(signal.SIGINT, before)
