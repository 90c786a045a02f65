import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.model import Grid
from lupex.traverse import EDGE_CONSTRAINTS, Edges
from lupex.traverse.steps.widening import widened

STEEP = EDGE_CONSTRAINTS.index("up_slope_deg")


def edges_with_one_forbidden_step() -> Edges:
    grid = Grid("south", 11, 11, 10.0, -55.0, 55.0)
    blocked = np.zeros((8, 11, 11), np.uint8)
    blocked[:, 0] = EDGE_CONSTRAINTS.index("edge of the map")
    blocked[2, 5, 5] = STEEP
    length = np.where(blocked == 0, 10.0, np.inf).astype(np.float32)
    return Edges(
        grid=grid, length_m=length, energy_j=length, time_s=length, slope_deg=np.zeros_like(length), blocked_by=blocked
    )


def test_a_step_is_forbidden_wherever_the_rover_may_really_begin_a_forbidden_one() -> None:
    """Against every pair of cells."""
    edges = edges_with_one_forbidden_step()
    found = widened(edges, 25.0)
    row, col = np.mgrid[:11, :11]
    near = np.hypot(row - 5, col - 5) * 10.0 <= 25.0
    assert np.array_equal(found.blocked_by[2] == STEEP, near)
    assert np.array_equal(np.isinf(found.time_s[2]), near | (row == 0))
    # Other directions are as safe there as before, and the edge of the map is not widened.
    assert np.array_equal(found.blocked_by[[0, 1, 3, 4, 5, 6, 7]], edges.blocked_by[[0, 1, 3, 4, 5, 6, 7]])


def test_an_error_below_a_cell_changes_nothing() -> None:
    edges = edges_with_one_forbidden_step()
    assert widened(edges, 9.9) is edges


@pytest.mark.parametrize("radius", [-1.0, float("nan"), float("inf")])
def test_an_error_that_is_no_length_is_refused(radius: float) -> None:
    with pytest.raises(InputError, match="position error"):
        widened(edges_with_one_forbidden_step(), radius)
