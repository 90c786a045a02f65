"""Ends with a margin: still ends when the rover comes late, with less charge than planned."""

import numpy as np
import pytest

from lupex.kernels.drive.living import COUNTS, NO_END
from lupex.model import Grid
from lupex.traverse import LivingEnds, LivingRule

GRID = Grid("south", 3, 4, 50.0, 0.0, 150.0)


def some_ends(seed: int, boundaries: int = 20) -> LivingEnds:
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, COUNTS + 1, (boundaries, 3, 4)).astype(np.uint16)
    counts[rng.random(counts.shape) < 0.2] = NO_END
    return LivingEnds(grid=GRID, rule=LivingRule(), counts=counts, unit_wh=7000.0 / COUNTS)


@pytest.mark.parametrize("late", [0, 1, 2, 3, 7, 8, 19, 20, 50])
def test_the_margin_asks_for_the_most_that_is_asked_for_while_the_rover_may_be_late(late: int) -> None:
    ends = some_ends(late)
    found = ends.with_margin(late, 700.0).counts
    more = int(np.ceil(700.0 / ends.unit_wh - 1e-9))
    for k in range(20):
        for row, col in np.ndindex(3, 4):
            window = ends.counts[k : k + late + 1, row, col].astype(int)
            stays = k + late < 20 and window.max() < NO_END
            assert found[k, row, col] == (min(window.max() + more, COUNTS) if stays else NO_END)


def test_no_margin_changes_nothing() -> None:
    ends = some_ends(1)
    np.testing.assert_array_equal(ends.with_margin(0, 0.0).counts, ends.counts)
