"""A queue of cells by key for searches whose keys never fall: near keys in buckets, far keys in a heap.

Buckets one behind the other, each ``1 / per_key`` wide, hold the keys of the next `BUCKETS` widths; what lies beyond
waits in a 4-ary heap. When no bucket is wider than the cheapest step, what comes out of the nearest bucket is final,
in whatever order (Denardo and Fox 1979, doi:10.1287/opre.27.1.161), and nothing has to be sorted.

``state`` is five integers: number of the nearest bucket, cells in buckets, first free entry, entries ever used, cells
in the heap; numbers, not an array, so that they stay in registers. ``head`` int32 (BUCKETS,): first entry of a
bucket; ``after``, ``item`` int32: entries; ``far_key`` float64, ``far_item`` int32: the heap. A cell may stand in the
queue several times.
"""

import numpy as np
from numba import njit

BUCKETS = 1 << 12
LAST_BUCKET = float(1 << 62)
SPARE = 32
FREE, USED, IN_HEAP = 2, 3, 4

_fast = njit(cache=True, nogil=True, error_model="numpy")


@_fast
def empty_queue(first_key, per_key):
    """(state, head, after, item, far_key, far_item) of a queue whose smallest key will be ``first_key``."""
    zero = np.int64(0)
    state = (np.int64(min(first_key * per_key, LAST_BUCKET)), zero, np.int64(-1), zero, zero)
    head = np.full(BUCKETS, -1, np.int32)
    room = 4096
    return (state, head, np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room), np.empty(room, np.int32))


@_fast
def longer(values):
    """The same values with as much space again behind them."""
    out = np.empty(2 * values.size, values.dtype)
    out[: values.size] = values
    return out


@_fast
def push(state, head, after, item, far_key, far_item, key, per_key, cell):
    """Put a cell into the queue, the new state; the caller keeps `SPARE` entries and places in the heap free."""
    nearest, waiting, free, used, far = state
    place = min(key * per_key, LAST_BUCKET)
    if place < nearest + BUCKETS and place < LAST_BUCKET:
        slot = max(np.int64(place), nearest) & (BUCKETS - 1)
        entry = free
        if entry >= 0:
            free = np.int64(after[entry])
        else:
            entry = used
            used += 1
        item[entry] = cell
        after[entry] = head[slot]
        head[slot] = entry
        return (nearest, waiting + 1, free, used, far)
    k = far
    while k > 0:
        parent = (k - 1) >> 2
        if far_key[parent] <= key:
            break
        far_key[k] = far_key[parent]
        far_item[k] = far_item[parent]
        k = parent
    far_key[k] = key
    far_item[k] = cell
    return (nearest, waiting, free, used, far + 1)


@_fast
def pop(state, head, after, item, far_key, far_item, per_key):
    """A cell of the nearest bucket (-1 from an empty queue) and the new state."""
    nearest, waiting, free, used, far = state
    first_far = min(far_key[0] * per_key, LAST_BUCKET) if far > 0 else np.inf
    if waiting == 0:
        if far == 0:
            return np.int64(-1), state
        nearest = max(nearest, np.int64(first_far))
    while nearest + 1 <= first_far:
        slot = nearest & (BUCKETS - 1)
        entry = np.int64(head[slot])
        if entry >= 0:
            head[slot] = after[entry]
            after[entry] = free
            return np.int64(item[entry]), (nearest, waiting - 1, entry, used, far)
        nearest += 1
    cell = _first_of_heap(far_key, far_item, far - 1)
    return np.int64(cell), (nearest, waiting, free, used, far - 1)


@_fast
def _first_of_heap(far_key, far_item, size):
    """The cell with the smallest key of a heap that keeps ``size`` more."""
    first = far_item[0]
    key = far_key[size]
    cell = far_item[size]
    k = 0
    while True:
        child = 4 * k + 1
        if child >= size:
            break
        best = child
        for other in range(child + 1, min(child + 4, size)):
            if far_key[other] < far_key[best]:
                best = other
        if far_key[best] >= key:
            break
        far_key[k] = far_key[best]
        far_item[k] = far_item[best]
        k = best
    far_key[k] = key
    far_item[k] = cell
    return first
