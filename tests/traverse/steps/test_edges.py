"""Steps between cells, and a part of them."""

import numpy as np
from tests.traverse.time_scenes import plain_edges

from lupex.traverse.steps.edges import DOWN, EDGE_CONSTRAINTS, RIGHT


def test_a_part_of_the_steps_is_the_same_inside_and_leads_nowhere_else() -> None:
    whole = plain_edges((7, 9), directions=16, energy_j=3.0)
    part = whole.crop((2, 3, 4, 5))
    assert part.grid == whole.grid.crop(2, 3, 4, 5)
    for d in range(16):
        for row in range(4):
            for col in range(5):
                stays = 0 <= row + DOWN[d] < 4 and 0 <= col + RIGHT[d] < 5
                expected = whole.time_s[d, row + 2, col + 3] if stays else np.inf
                assert part.time_s[d, row, col] == expected
                assert stays or part.blocked_by[d, row, col] == EDGE_CONSTRAINTS.index("edge of the map")
