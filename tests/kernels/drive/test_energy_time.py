"""Layers of most charge and lists of labels against slow references, one cell and one drive at a time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lupex.kernels.drive.energy_labels import best_label, keep_label, label_step
from lupex.kernels.drive.energy_stand import best_ends, flood, stand
from lupex.kernels.drive.energy_time import NEVER, advance
from lupex.kernels.drive.living import NO_END
from lupex.traverse.in_time.strips import strips_of
from lupex.traverse.steps.edges import DOWN, RIGHT

POWERS = np.array([0.5, 0.1, np.inf, 10.0, 1.0])
"""Hotel, sleep, most charged, full, least."""


def scene(seed, shape=(9, 31), steps=13, most_wh=np.inf):
    """Random drives of 1 to 3 steps (some closed, in runs and alone), light and view."""
    rng = np.random.default_rng(seed)
    count = rng.choice([0, 1, 2, 3], (16, *shape), p=[0.2, 0.5, 0.2, 0.1]).astype(np.uint16)
    count[:4, :, :] = np.where(rng.random((4, *shape)) < 0.9, 2, 1)
    draw = rng.uniform(0.2, 1.5, count.shape)
    disc = rng.choice([0, 60, 255], (steps, *shape)).astype(np.uint8)
    earth = (rng.random(disc.shape) < 0.8).astype(np.uint8)
    half = rng.uniform(1.0, 3.0, steps) / 510.0
    powers = POWERS.copy()
    powers[2] = most_wh
    return count, draw, disc, earth, half, powers


def slow_layers(count, draw, disc, earth, half, powers, comm, begin):
    """Every layer from the rule as it is written."""
    hotel, sleep, most, full, least = powers
    steps, rows, cols = disc.shape
    layers = np.full((steps + 1, rows, cols), NEVER)
    layers[0] = begin

    def after(charge, net):
        charge = min(full, charge + min(net, most))
        return charge if charge >= least else NEVER

    for k in range(1, steps + 1):
        for r, c in np.ndindex(rows, cols):
            lit = int(disc[k - 1, r, c])
            best = after(layers[k - 1, r, c], 2 * half[k - 1] * lit - (hotel if lit else sleep))
            for d in range(count.shape[0]):
                n, i, j = int(count[d, r, c]), r - int(DOWN[d]), c - int(RIGHT[d])
                if n == 0 or n > k or not (0 <= i < rows and 0 <= j < cols):
                    continue
                e = layers[k - n, i, j]
                for q in range(k - n, k):
                    if comm and not (earth[q, r, c] and earth[q, i, j]):
                        e = NEVER
                    both = int(disc[q, r, c]) + int(disc[q, i, j])
                    e = after(e, half[q] * both - draw[d, r, c])
                best = max(best, e)
            layers[k, r, c] = best
    return layers


def swept(count, draw, disc, earth, half, powers, comm, begin, blocks=1, batch=None):
    """The same layers by the kernel, ``batch`` boundaries at a time in so many blocks of rows."""
    steps, rows, cols = disc.shape
    offsets = [(-int(d), -int(r)) for d, r in zip(DOWN, RIGHT, strict=True)]
    strips = strips_of(count, draw, offsets)
    ring = np.full((steps + 2, rows, cols), NEVER)
    ring[0] = begin
    zero = np.zeros(3, np.int64)
    none = np.zeros(rows + 1, np.int64), np.zeros(0, np.int64)
    batch = batch or steps
    for first in range(0, steps, batch):
        layers = min(batch, steps - first)
        for lo in range(0, rows, -(-rows // blocks)):
            advance(ring, zero[:2], first, layers, 0, lo, min(rows, lo - (-rows // blocks)),
                    np.array([0, rows, 0, cols]), strips.reach, strips.ptr, strips.table, strips.begins, strips.draws,
                    disc, earth, zero, half, powers, comm, NEVER, *none, np.zeros((layers, 0)))  # fmt: skip
    return ring[: steps + 1]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("comm", "most_wh"), [(False, np.inf), (True, np.inf), (False, 0.7), (True, 0.7)])
def test_layers_are_those_of_the_rule(seed, comm, most_wh) -> None:
    made = scene(seed, most_wh=most_wh)
    begin = np.where(np.random.default_rng(seed).random((9, 31)) < 0.1, 5.0, NEVER)
    slow = slow_layers(*made, comm, begin)
    fast = swept(*made, comm, begin)
    assert np.array_equal(np.isfinite(fast), np.isfinite(slow))
    known = np.isfinite(slow)
    assert known[-1].sum() > 5
    assert np.abs(fast[known] - slow[known]).max() < 1e-12


def test_blocks_of_rows_and_batches_change_nothing() -> None:
    made = scene(8, steps=16)
    begin = np.full((9, 31), NEVER)
    begin[4, 15] = 9.0
    whole = swept(*made, False, begin)
    for blocks, batch in ((3, 4), (9, 1), (2, 16)):
        assert np.array_equal(swept(*made, False, begin, blocks, batch), whole)


def test_strips_hold_every_drive_once() -> None:
    count, draw, *_ = scene(1)
    strips = strips_of(count, draw, [(-int(d), -int(r)) for d, r in zip(DOWN, RIGHT, strict=True)])
    found = np.zeros_like(count)
    drawn = np.full(draw.shape, np.nan)
    direction = {(-int(d), -int(r)): n for n, (d, r) in enumerate(zip(DOWN, RIGHT, strict=True))}
    for row in range(count.shape[1]):
        for s in range(strips.ptr[row], strips.ptr[row + 1]):
            a, z, down, right, n = strips.table[s]
            part = strips.draws[strips.begins[s] : strips.begins[s] + z - a]
            cols = np.arange(a, z)[np.isfinite(part)]
            assert not found[direction[down, right], row, cols].any()
            found[direction[down, right], row, cols] = n
            drawn[direction[down, right], row, cols] = part[np.isfinite(part)]
    assert np.array_equal(found, count)
    assert np.array_equal(drawn[count > 0], draw[count > 0])
    assert (strips.longest, strips.pace, strips.reach) == (3, 2.0, 2)


def test_standing_is_the_rule_step_by_step() -> None:
    rng = np.random.default_rng(2)
    layers, goals, stay = 20, 5, 4
    disc = rng.choice([0, 255], (layers, 1, goals)).astype(np.uint8)
    entering = np.where(rng.random((layers, goals)) < 0.4, rng.uniform(1.0, 9.0, (layers, goals)), NEVER)
    half = np.full(layers, 2.0 / 510.0)
    row, col = np.zeros(goals, np.int64), np.arange(goals)
    pipe, busy, leaving = np.full((goals, stay), NEVER), np.full(goals, -1), np.empty((layers, goals))
    for first in (0, 7):
        part = slice(first, 7 if first == 0 else layers)
        stand(pipe, busy, first, entering[part], row, col, disc, np.zeros(3, np.int64), half, 1.5, POWERS[2:],
              leaving[part])  # fmt: skip
    for b, g in np.ndindex(layers, goals):
        e = entering[b - stay, g] if b >= stay else NEVER
        for q in range(b + 1 - stay, b + 1):
            e = min(10.0, e + (2.0 if e > NEVER and disc[q, 0, g] else 0.0) - 1.5)
            e = e if e >= 1.0 else NEVER
        assert leaving[b, g] == pytest.approx(e, abs=1e-12)


def test_an_end_is_a_cell_with_the_charge_to_stay() -> None:
    ring = np.full((3, 2, 2), NEVER)
    ring[0], ring[1] = [[1.0, 9.0], [3.0, 2.0]], [[4.0, NEVER], [NEVER, NEVER]]
    # Least charge in counts of 0.5 Wh: cell (0, 1) is no end, (1, 0) asks for 2.5 Wh, and at the second boundary (0, 0)
    # for more than there is.
    counts = np.array([[[0, NO_END], [5, 0]], [[9, 0], [0, 0]]], np.uint16)
    row, col = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    out = np.empty((2, 3))
    box = np.array([0, 2, 0, 2])
    best_ends(ring, np.zeros(2, np.int64), 0, row, col, box, counts, np.zeros(2, np.int64), 0.5, out)
    assert out[0].tolist() == [3.0, 1.0, 0.0]
    assert out[1, 0] == NEVER
    best_ends(ring, np.zeros(2, np.int64), 0, row, col, box, counts, np.zeros(2, np.int64), 0.7, out)
    assert out[0].tolist() == [2.0, 1.0, 1.0]


def test_a_flood_follows_the_direction_of_steps() -> None:
    time = np.full((8, 1, 5), np.inf, np.float32)
    time[2, 0, :3] = 1.0  # to the right, as far as cell 3
    seeds = np.zeros((1, 5), bool)
    seeds[0, 1] = True
    assert flood(time, DOWN, RIGHT, seeds)[0].tolist() == [False, True, True, True, False]


@given(st.lists(st.tuples(*[st.integers(0, 4)] * 3), max_size=40))
def test_kept_labels_are_the_front(points) -> None:
    labels, count = np.zeros((64, 3)), 0
    for point in points:
        count = keep_label(labels, count, *map(float, point))
    front = {p for p in points if not any(q != p and all(a >= b for a, b in zip(q, p, strict=True)) for q in points)}
    assert {tuple(map(int, label)) for label in labels[:count]} == front and count == len(front)


def test_a_list_without_room_says_so_but_takes_what_beats_others() -> None:
    labels = np.zeros((2, 3))
    assert keep_label(labels, 0, 1.0, 2.0, 0.0) == 1
    assert keep_label(labels, 1, 2.0, 1.0, 0.0) == 2
    assert keep_label(labels, 2, 3.0, 0.0, 0.0) == -1
    assert keep_label(labels, 2, 1.0, 1.0, -1.0) == 2
    assert keep_label(labels, 2, 3.0, 3.0, 0.0) == 1


def test_a_label_breaks_at_the_charge_and_at_the_dark_time_and_forgets_darkness_in_any_light() -> None:
    limits = POWERS[2:]
    assert label_step(5.0, -2.0, -1.0, 0.0, 0.5, 0.01, limits, 3.0, True) == (4.5, -3.0, -1.5)
    assert label_step(5.0, -3.0, -1.0, 0.0, 0.5, 0.01, limits, 3.0, True)[0] == NEVER
    assert label_step(5.0, -3.0, -1.0, 1.0, 0.5, 0.01, limits, 3.0, True) == (4.51, 0.0, -1.5)
    assert label_step(1.2, 0.0, 0.0, 0.0, 0.5, 0.01, limits, np.inf, False)[0] == NEVER
    assert label_step(9.9, 0.0, 0.0, 510.0, 0.5, 0.01, limits, np.inf, False) == (10.0, 0.0, 0.0)


def test_the_best_label_is_named_by_whole_numbers():
    labels, counts = np.zeros((2, 2, 3, 3)), np.zeros((2, 2), np.uint16)
    counts[1, 0], labels[1, 0, :2, 0], labels[1, 0, :2, 2] = 2, (5.0, 7.0), (-1.0, -3.0)
    ends, needs, box = np.ones((2, 2), bool), np.zeros((2, 2), np.uint16), np.array([0, 2, 0, 2])
    for least_drawn, which in ((False, 1), (True, 0)):
        found = best_label(labels, counts, np.zeros(2, np.int64), ends, box, needs, 0.5, least_drawn)
        assert found == (1, 0, which) and all(isinstance(number, int) for number in found)
    needs[1, 0] = 12  # 6 Wh to end with: only the label of 7 Wh will do, whatever it has drawn
    assert best_label(labels, counts, np.zeros(2, np.int64), ends, box, needs, 0.5, True) == (1, 0, 1)
