"""Work on blocks of rows, on every core."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed

from lupex.base.running import Running


def over_rows(work: Callable[[int, int], object], rows: int, running: Running = Running(), label: str = "") -> None:
    """Call ``work(first, last)`` for blocks of rows that together cover ``range(rows)``, on the threads of ``running``.

    The work must release the interpreter lock to gain anything. Errors and interrupts cancel what has not begun.

    Args:
        work: called with the first row and the one after the last of a block; blocks are disjoint.
        rows: number of rows.
        running: threads, and who is told after every block.
        label: what the progress report calls the work; without one nothing is reported.
    """
    block = max(1, min(16, rows // (4 * running.threads) or 1))
    starts = range(0, rows, block)
    with ThreadPoolExecutor(running.threads) as pool:
        futures = [pool.submit(work, start, min(start + block, rows)) for start in starts]
        try:
            for done, future in enumerate(as_completed(futures), 1):
                future.result()
                if label:
                    running.progress(done, len(futures), label)
        except BaseException:
            for future in futures:
                future.cancel()
            raise
