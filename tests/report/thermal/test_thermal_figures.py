"""Maps of temperature and ice: everything written on them can be read."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from lupex.model import Grid, LightMap
from lupex.model.quantities import sentences
from lupex.report.thermal.thermal_figures import SHOWN, thermal_panels
from lupex.thermal import ThermalMap, regolith

REGION = Grid.centred("south", 0.0, 0.0, 60, 10_000.0)
SITE = Grid.centred("south", 12_000.0, -7_000.0, 60, 250.0)


def made_up(grid: Grid) -> ThermalMap:
    rows = np.linspace(0.0, 1.0, grid.rows)[:, None] * np.ones(grid.shape)
    layers = {
        "surface_max_k": 60.0 + 250.0 * rows,
        "mean_at_1m_k": 40.0 + 150.0 * rows,
        "ice_class": np.floor(3.9 * rows),
    }
    maps = LightMap(
        grid=grid,
        layers={name: layer.astype(np.float32) for name, layer in layers.items()},
        meanings=sentences(SHOWN),
        span_utc=("2028-01-01T00:00:00Z", "2029-01-01T00:00:00Z"),
        observer_height_m=0.0,
    )
    known = np.ones(grid.shape, bool)
    return ThermalMap(
        maps=maps,
        known=known,
        facing_w_m2=None,
        end_k=np.empty((0, 0), np.float32),
        numbers={},
        albedo_law="made up",
        sun="an ideal year",
        ground=regolith("hayne2017"),
    )


@pytest.mark.parametrize("grid", [REGION, SITE], ids=["region", "site"])
def test_no_text_of_the_three_panels_covers_another(grid: Grid, tmp_path: Path) -> None:
    figure = thermal_panels(made_up(grid))
    figure.savefig(tmp_path / "drawn.png")
    renderer = figure.canvas.get_renderer()
    boxes = [
        (text.get_text(), text.get_window_extent(renderer))
        for text in figure.findobj(lambda artist: hasattr(artist, "get_text"))
        if text.get_visible() and text.get_text().strip()
    ]
    assert len(boxes) > 30
    covered = [(a[0], b[0]) for a, b in combinations(boxes, 2) if a[1].overlaps(b[1])]
    assert covered == []
    assert all(0.0 <= box.x0 and box.x1 <= figure.bbox.x1 for _, box in boxes)
