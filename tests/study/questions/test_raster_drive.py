"""The cheapest way over a plain raster of costs, against scipy's Dijkstra on the same graph."""

import math
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from lupex.base.errors import InputError, NoRouteError
from lupex.study.questions.raster_drive import drive_over_raster, write_raster_drive


def raster(folder: Path, cost: np.ndarray, cell: tuple[float, float] = (10.0, 10.0)) -> Path:
    path = folder / "cost.tif"
    shape = {"height": cost.shape[0], "width": cost.shape[1], "count": 1, "dtype": "float64", "nodata": -1.0}
    place = from_origin(100.0, 900.0, *cell)
    with rasterio.open(path, "w", driver="GTiff", transform=place, **shape) as out:
        out.write(np.where(np.isnan(cost), -1.0, cost), 1)
    return path


def graph(cost: np.ndarray, cell: tuple[float, float], cut_corners: bool) -> coo_matrix:
    """Steps between open cells written out one by one: length times the mean cost of both."""
    rows, cols = cost.shape
    found = []
    for r in range(rows):
        for c in range(cols):
            for dr, dc in ((0, 1), (1, 0), (1, 1), (1, -1)):
                i, j = r + dr, c + dc
                if not (0 <= i < rows and 0 <= j < cols) or np.isnan(cost[r, c]) or np.isnan(cost[i, j]):
                    continue
                if dr and dc and not cut_corners and np.isnan(cost[r, j] + cost[i, c]):
                    continue
                price = math.hypot(dr * cell[1], dc * cell[0]) * 0.5 * (cost[r, c] + cost[i, j])
                found.append((r * cols + c, i * cols + j, price))
    first, last, price = zip(*found, strict=True)
    return coo_matrix((price, (first, last)), shape=(rows * cols, rows * cols))


@pytest.mark.parametrize("cut_corners", [False, True])
@pytest.mark.parametrize("cell", [(10.0, 10.0), (10.0, 25.0)])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_cost_is_that_of_scipy_on_the_same_graph(
    tmp_path: Path, seed: int, cell: tuple[float, float], cut_corners: bool
) -> None:
    rng = np.random.default_rng(seed)
    cost = rng.uniform(0.5, 9.0, (40, 35))
    cost[rng.uniform(size=cost.shape) < 0.25] = np.nan
    cost[0, 0] = cost[39, 34] = 1.0
    spent = dijkstra(graph(cost, cell, cut_corners).tocsr(), directed=False, indices=0)
    ends = [k for k in (39 * 35 + 34, int(np.argmax(np.where(np.isfinite(spent), spent, -1.0)))) if spent[k] < np.inf]
    path = raster(tmp_path, cost, cell)
    for end in ends:
        r, c = divmod(end, 35)
        goal = (100.0 + (c + 0.5) * cell[0], 900.0 - (r + 0.5) * cell[1])
        found = drive_over_raster(path, (105.0, 900.0 - 0.5 * cell[1]), goal, cut_corners)
        assert found.summary["cost"] == pytest.approx(spent[end], rel=1e-12)
        assert found.path_xy[-1] == pytest.approx(goal)


def test_the_path_adds_up_to_its_cost_and_length(tmp_path: Path) -> None:
    cost = np.random.default_rng(5).uniform(1.0, 5.0, (30, 30))
    found = drive_over_raster(raster(tmp_path, cost), (104.0, 896.0), (398.0, 602.0))
    cells = [(int((900.0 - y) / 10.0), int((x - 100.0) / 10.0)) for x, y in found.path_xy]
    assert (cells[0], cells[-1]) == ((0, 0), (29, 29))
    lengths = [math.dist(a, b) * 10.0 for a, b in zip(cells[:-1], cells[1:], strict=True)]
    assert max(lengths) <= 10.0 * math.sqrt(2.0) + 1e-9
    means = [0.5 * (cost[a] + cost[b]) for a, b in zip(cells[:-1], cells[1:], strict=True)]
    assert found.summary["length"] == pytest.approx(sum(lengths), rel=1e-12)
    assert found.summary["cost"] == pytest.approx(sum(a * b for a, b in zip(lengths, means, strict=True)), rel=1e-12)
    assert found.summary["optimal"] is True


def test_a_wall_of_one_cell_is_not_jumped_and_its_corner_not_cut(tmp_path: Path) -> None:
    cost = np.ones((5, 5))
    cost[:4, 2] = np.nan
    path = raster(tmp_path, cost)
    start, goal = (105.0, 895.0), (145.0, 895.0)
    around, cut = drive_over_raster(path, start, goal), drive_over_raster(path, start, goal, True)
    assert {(115.0, 855.0), (125.0, 855.0), (135.0, 855.0)} <= set(around.path_xy)
    assert around.summary["length"] == pytest.approx(2 * (10.0 * math.sqrt(2.0) + 30.0 + 10.0), rel=1e-12)
    assert cut.summary["length"] == pytest.approx(2 * (20.0 * math.sqrt(2.0) + 20.0), rel=1e-12)


def test_a_place_to_itself_costs_nothing(tmp_path: Path) -> None:
    found = drive_over_raster(raster(tmp_path, np.ones((4, 4))), (105.0, 895.0), (106.0, 894.0))
    assert (found.summary["cost"], found.summary["length"], len(found.path_xy)) == (0.0, 0.0, 1)


def test_what_cannot_be_is_refused(tmp_path: Path) -> None:
    cost = np.ones((6, 6))
    cost[:, 3] = np.nan
    path = raster(tmp_path, cost)
    with pytest.raises(InputError, match=r"start: point \(99, 895\) lies outside the raster; x goes from 100 to 160"):
        drive_over_raster(path, (99.0, 895.0), (105.0, 895.0))
    with pytest.raises(InputError, match=r"goal: point \(135, 895\) lies on a cell without data"):
        drive_over_raster(path, (105.0, 895.0), (135.0, 895.0))
    with pytest.raises(NoRouteError, match="18 cells can be reached from the start and 12 from the goal"):
        drive_over_raster(path, (105.0, 895.0), (155.0, 895.0))
    with pytest.raises(InputError, match=r"none\.tif: no such file"):
        drive_over_raster(tmp_path / "none.tif", (105.0, 895.0), (155.0, 895.0))
    with pytest.raises(InputError, match="costs down to -2"):
        drive_over_raster(raster(tmp_path, np.full((4, 4), -2.0)), (105.0, 895.0), (115.0, 895.0))


def test_the_way_is_written_as_a_table(tmp_path: Path) -> None:
    found = drive_over_raster(raster(tmp_path, np.ones((4, 4))), (105.0, 895.0), (135.0, 895.0))
    path = write_raster_drive(found, tmp_path / "out")
    assert path.read_text().splitlines() == ["x,y", "105.0,895.0", "115.0,895.0", "125.0,895.0", "135.0,895.0"]
