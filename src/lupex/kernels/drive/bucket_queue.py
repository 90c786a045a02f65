"""A queue of cells by key that never sorts: for searches in which keys differ by little and never fall.

Buckets in a ring, each ``1 / per_key`` wide. When none is wider than the cheapest step, what comes out of the nearest
bucket is final, in whatever order (Denardo and Fox 1979, doi:10.1287/opre.27.1.161). The keys in the queue must
always lie within one turn of the ring.

``state`` is four integers: number of the nearest bucket, cells in the queue, first free entry, entries ever used;
numbers, not an array, so that they stay in registers. ``head`` int32 (buckets,), a power of two: first entry of each;
``after``, ``item`` int32: entries, as many as may ever stand in the queue at once. A cell may stand in it several
times. Nothing grows here: an array that may be replaced inside a loop costs the loop half its speed.
"""

import numpy as np

from lupex.kernels.compiled import inlined, kernel

MOST_BUCKETS = 1 << 14
"""Of more, too many would be empty: other queues are faster then."""


@kernel
def ring(spread, per_key):
    """Empty buckets (buckets,) for keys that differ by no more than ``spread``; of size 0 if it would take too many."""
    if not spread * per_key < MOST_BUCKETS - 3:
        return np.empty(0, np.int32)
    size = 1
    while size < spread * per_key + 3:
        size *= 2
    head = np.empty(size, np.int32)
    for slot in range(size):
        head[slot] = -1
    return head


@inlined
def push(state, head, after, item, key, per_key, cell):
    """Put a cell into the queue: the new state."""
    # head:  [ ][ ][#][ ][#][#][ ]      a ring of buckets; nearest mod size is the first that may hold cells
    #               |     |  |          each a linked list of entries: item (cell), after (next entry)
    #               o->o  o  o->o->o    entries taken out are linked from ``free`` and used again
    nearest, waiting, free, used = state
    # Rounding may put a key just before the nearest bucket.
    slot = max(np.int64(key * per_key), nearest) & (head.size - 1)
    entry = free
    if entry >= 0:
        free = np.int64(after[entry])
    else:
        entry = used
        used += 1
    item[entry] = cell
    after[entry] = head[slot]
    head[slot] = entry
    return (nearest, waiting + 1, free, used)


@inlined
def pop(state, head, after, item):
    """A cell of the nearest bucket that holds one, and the new state; the queue must not be empty."""
    nearest, waiting, free, used = state
    # Keys never fall: what lies behind is empty for good.
    while head[nearest & (head.size - 1)] < 0:
        nearest += 1
    slot = nearest & (head.size - 1)
    entry = np.int64(head[slot])
    head[slot] = after[entry]
    after[entry] = free
    return np.int64(item[entry]), (nearest, waiting - 1, entry, used)
