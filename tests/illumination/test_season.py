"""The best landing season of made-up light."""

import numpy as np
import pytest
from tests.illumination.scenes import made_up_sky, south_window, years

from lupex.base.errors import SpanError
from lupex.illumination import best_season, brightest_cells, disc_series, lit_share
from lupex.illumination.season import MOST_CELLS


def test_the_brightest_suitable_cells_come_first_and_ties_in_map_order():
    bright = np.array([[0.5, 0.9, np.nan], [0.9, 0.1, 0.7]], np.float32)
    rows, cols = brightest_cells(bright, np.array([[1, 1, 1], [1, 1, 0]], bool))
    assert list(zip(rows.tolist(), cols.tolist(), strict=True)) == [(0, 1), (1, 0), (0, 0), (1, 1)]


def test_no_more_cells_than_the_most():
    rows, _ = brightest_cells(np.ones((60, 60), np.float32), np.ones((60, 60), bool))
    assert rows.size == MOST_CELLS == 2000


def test_the_share_lit_is_the_mean_of_the_cells_own_series():
    scene, sky = south_window(-89.5, 200.0, 3), years("2028-01-01", "2028-02-01", 7200.0)
    rows, cols = np.array([0, 3, 6, 6]), np.array([0, 3, 2, 6])
    series = disc_series(*scene, sky)
    assert lit_share(*scene, sky, rows, cols) == pytest.approx((series[:, rows, cols] > 0).mean(axis=1), abs=1e-12)


def day_sky(days, per_day=4):
    return made_up_sky(0.0, np.zeros(days * per_day), step_s=86_400.0 / per_day)


def test_the_season_with_most_light_wins_and_starts_on_a_day():
    lit = np.zeros(40)
    lit[16:28] = 1.0  # days 4, 5 and 6
    starts, mean, best = best_season(lit, day_sky(10), 3.0)
    assert starts.tolist() == list(range(0, 29, 4))
    assert starts[best] == 16
    assert mean == pytest.approx([0, 0, 1 / 3, 2 / 3, 1, 2 / 3, 1 / 3, 0], abs=1e-12)


def test_the_earliest_of_equal_seasons_wins():
    assert best_season(np.full(40, 0.3), day_sky(10), 3.0)[2] == 0


def test_a_season_shorter_than_a_step_is_one_step():
    assert best_season(np.array([0.0, 1.0, 0.0, 0.0] * 2), day_sky(2), 0.01)[1].tolist() == [0.0, 0.0]


def test_a_season_longer_than_the_span_is_refused():
    with pytest.raises(SpanError, match=r"11 days do not fit into the mission span of 10.0 days"):
        best_season(np.zeros(40), day_sky(10), 11.0)
