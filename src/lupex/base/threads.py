"""Work on blocks of rows, on every core."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed

from lupex.base.progress import Progress, silent


def over_rows(
    work: Callable[[int, int], object], rows: int, workers: int = 0, label: str = "", progress: Progress = silent
) -> None:
    """Call ``work(first, last)`` for blocks that cover ``range(rows)`` on ``workers`` threads (0: every core).

    The work must release the interpreter lock to gain anything. Errors and interrupts cancel what has not begun.
    """
    count = workers or os.cpu_count() or 1
    block = max(1, min(16, rows // (4 * count) or 1))
    starts = range(0, rows, block)
    with ThreadPoolExecutor(count) as pool:
        futures = [pool.submit(work, start, min(start + block, rows)) for start in starts]
        try:
            for done, future in enumerate(as_completed(futures), 1):
                future.result()
                progress(done, len(futures), label)
        except BaseException:
            for future in futures:
                future.cancel()
            raise
