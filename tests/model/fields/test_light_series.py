"""Light held in memory: its shape is checked once, and windows are cut out of it."""

import numpy as np
import pytest

from lupex.base.errors import GridError, SpanError
from lupex.model import Grid, InMemoryLight

GRID = Grid("south", 3, 4, 50.0, 0.0, 0.0)
DISC = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)


def held(**changed):
    given = {
        "times_tdb_s": np.array([0.0, 600.0, 1200.0]),
        "disc": DISC,
        "earth": (DISC % 2).astype(np.uint8),
        "sun_strength": np.ones(2),
        "sun_elevation_deg": np.ones(2),
    } | changed
    return InMemoryLight(grid=GRID, **given)


def test_a_window_of_some_steps_is_what_stands_there():
    disc, earth = held().read(1, 2, (1, 2, 2, 2))
    assert disc.tolist() == [[[18, 19], [22, 23]]]
    assert earth.tolist() == [[[0, 1], [0, 1]]]
    assert held().read(0, 2)[0].shape == (2, 3, 4)


def test_what_does_not_fit_together_is_refused():
    with pytest.raises(SpanError, match="even steps"):
        held(times_tdb_s=np.array([0.0, 600.0, 1300.0]))
    with pytest.raises(GridError, match="disc is float64"):
        held(disc=DISC.astype(float))
    with pytest.raises(GridError, match=r"earth is uint8 \(1, 3, 4\)"):
        held(earth=DISC[:1])
    with pytest.raises(SpanError, match=r"sun_strength has shape \(3,\) for 2 steps"):
        held(sun_strength=np.ones(3))
