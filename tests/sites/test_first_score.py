"""Picking, looking again and ranking anew on grids where the answer can be read off."""

from dataclasses import replace

import numpy as np
import pytest
from tests.sites.layers import region

from lupex.base.errors import GridError, InputError
from lupex.model import Grid, SiteSettings
from lupex.sites import constraint_mask, fine_score, pick, rerank, site_scores

SETTINGS = SiteSettings(count=3, separation_km=4.0)


def everywhere(grid: Grid) -> np.ndarray:
    return np.ones(grid.shape, bool)


def test_the_best_cell_comes_first_and_its_neighbours_are_left_out():
    grid, _ = region(rows=1, cols=9)
    score = np.array([[0.1, 0.8, 0.9, 0.85, 0.2, 0.7, 0.3, 0.6, 0.65]])
    found = pick(score, everywhere(grid), grid, SETTINGS)
    cells = [round((c.x_m - grid.left_m) / 1600.0 - 0.5) for c in found]
    assert cells == [2, 5, 8]
    assert [(c.name, c.rank, c.score) for c in found] == [("S1", 1, 0.9), ("S2", 2, 0.7), ("S3", 3, 0.65)]


def test_equal_scores_go_by_row_then_column():
    grid, _ = region()
    found = pick(np.full(grid.shape, 0.5), everywhere(grid), grid, replace(SETTINGS, separation_km=1.0))
    assert [(c.x_m, c.y_m) for c in found] == [(x, grid.y_m()[0]) for x in grid.x_m()[:3]]


def test_separation_is_measured_on_the_ground_not_on_the_map():
    """Two cells 15.1 km apart on the map are 14.8 km apart on the ground at this distance from the pole."""
    grid = Grid("south", 1, 152, 100.0, 500_000.0, 50.0)
    score = np.zeros(grid.shape)
    score[0, 0], score[0, 151] = 1.0, 0.9
    ends = score > 0
    assert len(pick(score, ends, grid, replace(SETTINGS, separation_km=14.9))) == 1
    assert len(pick(score, ends, grid, replace(SETTINGS, separation_km=14.7))) == 2


def test_only_masked_and_known_cells_are_picked_and_there_may_be_none():
    grid, _ = region()
    score = np.full(grid.shape, 0.5)
    score[0, 0] = np.nan
    mask = np.zeros(grid.shape, bool)
    mask[0, 0] = mask[3, 3] = True
    found = pick(score, mask, grid, SETTINGS)
    assert [(c.x_m, c.y_m) for c in found] == [(grid.x_m()[3], grid.y_m()[3])]
    assert pick(score, np.zeros(grid.shape, bool), grid, SETTINGS) == []


def test_a_candidate_carries_its_place_its_criteria_and_their_scores():
    grid, layers = region()
    layers["slope_deg"][2, 4] = 1.0
    score, _ = site_scores(layers, SETTINGS)
    first = pick(score, constraint_mask(layers, SETTINGS)[0], grid, SETTINGS, layers)[0]
    assert grid.row_col(first.lat_deg, first.lon_deg) == (2, 4)
    assert first.criteria["slope_deg"] == 1.0 and first.scores["slope"] == pytest.approx(0.9)
    assert first.score == pytest.approx(0.4 * 0.8 + 0.2 * (0.5 + 0.9 + 0.6), abs=1e-6)


def test_maps_of_another_shape_are_refused():
    grid, _ = region()
    with pytest.raises(GridError, match="must have the grid's shape"):
        pick(np.zeros((2, 2)), everywhere(grid), grid, SETTINGS)


def fine_case(rows: int = 21, cell_m: float = 100.0):
    grid, layers = region(rows=rows, cols=rows, cell_m=cell_m)
    coarse_grid, coarse = region()
    score, _ = site_scores(coarse, SETTINGS)
    only = np.zeros(coarse_grid.shape, bool)
    only[2, 3] = True
    return grid, layers, pick(score, only, coarse_grid, SETTINGS, coarse)[0]


def test_the_best_fine_cell_inside_the_circle_is_found():
    grid, layers, candidate = fine_case()
    layers["season_lit_fraction"][10, 15] = 0.95
    layers["season_lit_fraction"][10, 20] = 1.0
    place = fine_score(layers, grid, candidate, SETTINGS, 800.0)
    assert (place.row, place.col) == (10, 15) and place.broken == () and place.suitable_share == 1.0
    assert place.criteria["season_lit_fraction"] == pytest.approx(0.95)
    assert fine_score(layers, grid, candidate, SETTINGS, 1050.0).col == 20


def test_a_better_cell_that_breaks_a_rule_loses_to_one_that_keeps_them_all():
    grid, layers, candidate = fine_case()
    layers["season_lit_fraction"][10, 12] = 1.0
    layers["slope_deg"][10, 12] = 11.0
    layers["season_lit_fraction"][12, 12] = 0.9
    place = fine_score(layers, grid, candidate, SETTINGS, 800.0)
    assert (place.row, place.col) == (12, 12)
    assert 0.99 < place.suitable_share < 1.0


def test_where_every_cell_breaks_a_rule_the_least_bad_is_taken_and_says_why():
    grid, layers, candidate = fine_case()
    layers["slope_deg"][:] = 15.0
    layers["season_earth_fraction"][:, :11] = 0.1
    layers["season_lit_fraction"][4, 12] = 0.9
    place = fine_score(layers, grid, candidate, SETTINGS, 800.0)
    assert (place.row, place.col) == (4, 12)
    assert place.broken == ("slope at most 10 deg (found 15)",) and place.suitable_share == 0.0


def test_a_circle_without_known_cells_is_refused():
    grid, layers, candidate = fine_case()
    layers["slope_deg"][:] = np.nan
    with pytest.raises(InputError, match="site S1: no known cell within 800 m"):
        fine_score(layers, grid, candidate, SETTINGS, 800.0)


def test_the_fine_map_can_turn_the_order_round_and_the_reasons_say_so():
    grid, layers, candidate = fine_case()
    first = replace(candidate, name="S1", rank=1, score=0.75)
    second = replace(candidate, name="S2", rank=2, score=0.70)
    third = replace(candidate, name="S3", rank=3, score=0.69)
    bright = {**layers, "season_lit_fraction": np.full(grid.shape, 0.95, np.float32)}
    steep = {**bright, "slope_deg": np.full(grid.shape, 12.0, np.float32)}
    places = [
        fine_score(one, grid, c, SETTINGS, 500.0)
        for one, c in zip((layers, bright, steep), (first, second, third), strict=True)
    ]
    sites = rerank([first, second, third], places, [1600.0, 1600.0, None])
    assert [(s.candidate.name, s.rank_regional, s.rank) for s in sites] == [("S2", 2, 1), ("S1", 1, 2), ("S3", 3, 3)]
    assert sites[0].reasons[0] == "by score rises from rank 2 to 1: 0.760 on the fine map, 0.700 on the regional one"
    assert sites[0].reasons[1] == "largest change: score of the light, +0.15"
    assert sites[0].reasons[-1] == "100 % of the ground around it fulfils every constraint"
    assert sites[1].reasons[0].startswith("by score falls from rank 1 to 2")
    assert sites[2].reasons[0].startswith("by score stays at rank 3")
    assert sites[2].reasons[-1].endswith("the best one breaks: slope at most 10 deg (found 12)")
    assert sites[0].synthetic_below_m == 1600.0 and sites[2].synthetic_below_m is None
    assert sites[0].fine["lat_deg"] == places[1].lat_deg and sites[0].fine["slope_deg"] == 2.0


def test_rerank_needs_one_of_each_per_site():
    with pytest.raises(InputError, match="1 candidates, 0 fine places"):
        rerank([fine_case()[2]], [], [])
