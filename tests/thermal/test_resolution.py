"""What cells twice as wide would give, beside a map."""

import numpy as np
import pytest
from tests.thermal.test_maps import CELLS, MIDDLE, ground, surface_of

from lupex.study.ground import block_mean
from lupex.thermal import RESOLUTION_LAYERS, MapSettings, beside_wider, thermal_map


def test_a_floor_is_colder_on_wider_cells_and_the_map_says_by_how_much():
    terrain = ground()
    fine, wide = (thermal_map(surface_of(t), settings=MapSettings(turns=1)) for t in (terrain, block_mean(terrain, 2)))
    found = beside_wider(fine, wide)
    row, col = MIDDLE
    block = fine.maps["surface_mean_k"][row : row + 2, col : col + 2].mean()
    change = found.maps["resolution_mean_k"][row, col]
    assert change == pytest.approx(block - wide.maps["surface_mean_k"][row // 2, col // 2], abs=1e-4)
    assert change > 1.0
    assert abs(found.maps["resolution_mean_k"][2, 2]) < 0.1  # level ground does not care
    assert found.maps["resolution_mean_k"].shape == (CELLS, CELLS)
    assert "1000 m" in found.maps.meanings["resolution_max_k"]
    assert found.numbers["surficial_area_of_wider_cells_km2"] == wide.ice_area_km2["surficial"]
    assert np.isfinite(found.maps["resolution_max_k"]).all()
    assert set(RESOLUTION_LAYERS) <= set(found.maps.layers)
