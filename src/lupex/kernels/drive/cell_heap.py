"""A binary heap of cells by cost in which every cell stands once and knows its place."""

from lupex.kernels.compiled import kernel


@kernel
def rise(heap, place, cost, k):
    """Move the cell at heap position ``k`` towards the root until its parent costs no more."""
    # The cell is held aside; parents move down into the gap until it fits.
    cell = heap[k]
    while k > 0:
        parent = (k - 1) // 2
        if cost[heap[parent]] <= cost[cell]:
            break
        heap[k] = heap[parent]
        place[heap[k]] = k
        k = parent
    heap[k] = cell
    place[cell] = k


@kernel
def sink(heap, place, cost, k, size):
    """Move the cell at heap position ``k`` away from the root until its children cost no less."""
    # Children move up into the gap, the cheaper of two, until the cell fits.
    cell = heap[k]
    while True:
        child = 2 * k + 1
        if child >= size:
            break
        if child + 1 < size and cost[heap[child + 1]] < cost[heap[child]]:
            child += 1
        if cost[cell] <= cost[heap[child]]:
            break
        heap[k] = heap[child]
        place[heap[k]] = k
        k = child
    heap[k] = cell
    place[cell] = k
