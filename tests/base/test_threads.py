"""Rows are each worked once, whatever the number of threads; errors come out."""

import threading
import time

import pytest

from lupex.base.running import Running
from lupex.base.threads import over_rows


@pytest.mark.parametrize("workers", [0, 1, 2, 7])
@pytest.mark.parametrize("rows", [1, 5, 16, 17, 333])
def test_every_row_is_worked_exactly_once(rows, workers):
    lock, seen = threading.Lock(), []

    def work(first, last):
        with lock:
            seen.extend(range(first, last))

    over_rows(work, rows, Running(workers))
    assert sorted(seen) == list(range(rows))


def test_progress_counts_up_to_the_end():
    told = []
    running = Running(2, lambda done, total, label: told.append((done, total, label)))
    over_rows(lambda a, b: None, 100, running, "light")
    assert [done for done, _, _ in told] == list(range(1, len(told) + 1))
    assert told[-1] == (len(told), len(told), "light")


def test_an_error_comes_out_and_cancels_what_has_not_begun():
    begun = []

    def work(first, last):
        begun.append(first)
        if first == 0:
            raise ValueError("row 0")
        time.sleep(0.02)  # or all could be through before anyone looks at the first

    with pytest.raises(ValueError, match="row 0"):
        over_rows(work, 10_000, Running(1))
    assert len(begun) < 625


def test_no_rows_is_no_work():
    over_rows(lambda a, b: pytest.fail("called"), 0, Running(2))
