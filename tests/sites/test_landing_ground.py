"""What the lander will meet, against the normal distribution and against counting."""

import numpy as np
import pytest

from lupex.base.errors import GridError
from lupex.model import Grid, SiteSettings
from lupex.sites import cell_shares, ellipse, landing_ground, spread_over

GRID = Grid.centred("south", 0.0, 0.0, 240, 10.0)
SIGMA_M = 150.0
SHARES = cell_shares(ellipse(SIGMA_M, SIGMA_M, 0.0), GRID, (0.0, 0.0))
RULES = SiteSettings(max_slope_deg=10.0)


def layers(**changes: np.ndarray) -> dict[str, np.ndarray]:
    flat = {
        "slope_deg": 5.0, "season_longest_lit_days": 90.0, "season_earth_fraction": 0.6, "season_lit_fraction": 0.9,
        "absolute_latitude_deg": 89.0, "psr_distance_km": 1.0, "permanent_shadow": 0.0,
    }  # fmt: skip
    return {name: np.full(GRID.shape, value) for name, value in flat.items()} | changes


def test_a_plane_under_a_normal_dispersion_has_the_percentiles_of_the_normal_distribution() -> None:
    east = np.broadcast_to(GRID.x_m(), GRID.shape)
    met = spread_over(3.0 + 0.01 * east, SHARES)
    assert met is not None
    assert met.mean == pytest.approx(3.0, abs=1e-9)
    assert met.sigma == pytest.approx(0.01 * SIGMA_M, rel=0.01)
    assert (met.low, met.high) == pytest.approx((3.0 - 1.645 * 1.5, 3.0 + 1.645 * 1.5), abs=0.11)  # cells of 10 m


def test_the_ground_counts_by_where_the_lander_comes_down_not_by_area() -> None:
    north = np.broadcast_to(GRID.y_m()[:, None], GRID.shape)
    wall = np.where(np.abs(north) > 2.0 * SIGMA_M, 40.0, 2.0)  # three quarters of the map, 4.6 % of the landings
    met = spread_over(wall, SHARES)
    assert met is not None
    assert met.mean == pytest.approx(2.0 + 38.0 * 0.0455, abs=0.1)
    assert met.high == 2.0
    assert float((wall == 40.0).mean()) > 0.7


def test_a_rule_is_marked_where_the_percentile_shown_breaks_its_limit() -> None:
    east = np.broadcast_to(GRID.x_m(), GRID.shape)
    steep = np.where(east > SIGMA_M, 14.0, 4.0)  # 15.9 % of the landings
    found = landing_ground(layers(slope_deg=steep), ("slope_deg",), SHARES, RULES)
    assert [(rule.name, rule.marked) for rule in found.broken] == [("slope", True)]
    assert found.broken[0].share == pytest.approx(0.1587, abs=0.003)
    assert found.values["slope_deg"].high > RULES.max_slope_deg
    rare = np.where(east > 2.0 * SIGMA_M, 14.0, 4.0)  # 2.3 %
    few = landing_ground(layers(slope_deg=rare), ("slope_deg",), SHARES, RULES)
    assert few.broken[0].share == pytest.approx(0.0228, abs=0.002) and few.marked == ()
    assert few.values["slope_deg"].high <= RULES.max_slope_deg
    assert landing_ground(layers(), ("slope_deg",), SHARES, RULES).broken == ()


def test_unknown_ground_breaks_every_rule_it_may_break_and_has_no_part_in_the_mean() -> None:
    east = np.broadcast_to(GRID.x_m(), GRID.shape)
    holes = np.where(east > 0.0, np.nan, 4.0)
    found = landing_ground(layers(slope_deg=holes), ("slope_deg", "not_computed"), SHARES, RULES)
    assert found.values["slope_deg"].mean == 4.0 and "not_computed" not in found.values
    assert found.broken[0].share == pytest.approx(0.5, abs=0.02)


def test_a_dispersion_off_the_map_meets_nothing_and_another_shape_is_refused() -> None:
    assert spread_over(np.ones(GRID.shape), np.zeros(GRID.shape)) is None
    with pytest.raises(GridError):
        spread_over(np.ones((3, 3)), SHARES)
