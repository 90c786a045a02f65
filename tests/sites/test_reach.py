"""The drive into shadow and back: closed forms on level ground, walls, each limit, chance over the dispersion."""

import math
from dataclasses import replace

import numpy as np
import pytest

from lupex.base.errors import GridError, InputError, MissionError
from lupex.mission import load_mission
from lupex.model import Fact, Grid, ReachSettings, Rover, Terrain
from lupex.sites.dispersion import cell_shares, ellipse
from lupex.sites.reach import CAUSES, ReachLimits, ReachMap, reach_at, reach_limits, reach_map
from lupex.traverse import drive_edges, route, rover_model

CELL_M = 20.0
SIZE = 61
GRID = Grid.centred("south", 0.0, 0.0, SIZE, CELL_M)
ROVER = Rover(
    name="plain",
    mass_kg=350.0,
    speed_m_s=0.1,
    max_up_slope_deg=25.0,
    max_down_slope_deg=25.0,
    max_cross_slope_deg=25.0,
    hotel_power_w=95.0,
    sleep_power_w=40.0,
    array_w=0.0,
    battery_wh=5000.0,
)
LIMITS = ReachLimits(range_km=10.0)
LEVEL_J_M = 350.0 * 0.216 + 95.0 / 0.1


def ground(z=None) -> Terrain:
    return Terrain(GRID, np.zeros(GRID.shape, np.float32) if z is None else np.asarray(z, np.float32))


def halves(light_from: int = 30, shadow_to: int = 10) -> tuple[np.ndarray, np.ndarray]:
    """Shadow in the columns before ``shadow_to``, light from ``light_from`` on, neither between."""
    col = np.arange(SIZE)[None, :] + np.zeros((SIZE, 1), int)
    return col < shadow_to, col >= light_from


def cause(reach: ReachMap, row: int, col: int) -> str:
    return CAUSES[int(reach["lost_to"][row, col])]


def test_on_level_ground_distances_energies_and_hours_are_arithmetic():
    target, lit = halves()
    reach = reach_map(ground(), target, lit, replace(ROVER, drive_overhead_w=60.0), replace(LIMITS, stay_hours=2.0))
    col = 50
    there_m, back_m = CELL_M * (col - 9), CELL_M * (30 - 9)
    per_m = 350.0 * 0.216 + (95.0 + 60.0) / 0.1
    assert reach["distance_there_km"][30, col] == pytest.approx(there_m / 1000.0, rel=1e-5)
    assert reach["drive_km"][30, col] == pytest.approx((there_m + back_m) / 1000.0, rel=1e-5)
    assert reach["energy_there_wh"][30, col] == pytest.approx(there_m * per_m / 3600.0, rel=1e-5)
    assert reach["energy_back_wh"][30, col] == pytest.approx(back_m * per_m / 3600.0, rel=1e-5)
    # The stay draws the hotel power and nothing of the overhead.
    assert reach["battery_wh"][30, col] == pytest.approx((there_m + back_m) * per_m / 3600.0 + 190.0, rel=1e-5)
    # Dark from half-way between the last lit and the first dark cell, both ways, and 2 h at the target.
    assert reach["dark_hours"][30, col] == pytest.approx(2.0 + 2.0 * (back_m - CELL_M / 2) / 0.1 / 3600.0, rel=1e-5)
    assert (reach["reachable"] == 1.0).all() and (reach["lost_to"] == 0.0).all()


@pytest.mark.parametrize(("kind", "share"), [("tracking", 1.0), ("vertical", 1.0), ("horizontal", 0.0)])
def test_in_light_an_array_that_faces_the_horizon_spares_the_battery(kind, share):
    target, lit = halves()
    dark_m = 2.0 * (CELL_M * (30 - 9) - CELL_M / 2)
    lit_m = CELL_M * ((50 - 9) + (30 - 9)) - dark_m
    for array_w, left in ((600.0, 0.0), (60.0, LEVEL_J_M - 600.0)):
        reach = reach_map(ground(), target, lit, replace(ROVER, array_w=array_w, array_kind=kind), LIMITS)
        battery_j = dark_m * LEVEL_J_M + lit_m * (share * left + (1.0 - share) * LEVEL_J_M)
        assert reach["battery_wh"][30, 50] == pytest.approx(battery_j / 3600.0, rel=1e-5)


@pytest.mark.parametrize(
    ("rover", "limits", "name", "farthest_col"),
    [
        ({}, {"range_km": 1.0}, "range", 9 + 50 - 21),
        ({"battery_wh": 250.0}, {}, "energy", 9 + int(250.0 * 3600.0 / LEVEL_J_M / CELL_M) - 21),
        ({"battery_wh": 400.0, "min_charge_fraction": 0.2, "max_charge_fraction": 0.9}, {}, "energy",
         9 + int(280.0 * 3600.0 / LEVEL_J_M / CELL_M) - 21),
        ({"battery_wh": 400.0, "drive_overhead_w": 47.5}, {}, "energy",
         9 + int(400.0 * 3600.0 / (LEVEL_J_M + 475.0) / CELL_M) - 21),
    ],
)  # fmt: skip
def test_each_limit_stops_the_drive_where_it_is_spent(rover, limits, name, farthest_col):
    target, lit = halves()
    reach = reach_map(ground(), target, lit, replace(ROVER, **rover), replace(LIMITS, **limits))
    reachable = reach["reachable"][30] > 0.5
    assert reachable[: farthest_col + 1].all() and not reachable[farthest_col + 1 :].any()
    assert cause(reach, 30, 60) == name
    assert reach["there"][30, farthest_col + 5] == 1.0


@pytest.mark.parametrize("law", ["carr", "resistance"])
def test_distance_and_energy_are_those_of_the_planner_of_routes_on_the_same_ground(law):
    rng = np.random.default_rng(5)
    z = np.cumsum(np.cumsum(rng.normal(0.0, 0.25, GRID.shape), axis=0), axis=1)
    z = np.where(rng.random(GRID.shape) < 0.03, np.nan, z)
    z[30, 30] = z[29, 30]
    rover = replace(ROVER, drive_law=law, slowest_fraction=0.4, slip_at_limit_fraction=0.3, drive_overhead_w=133.6,
                    max_step_m=8.0, max_down_slope_deg=18.0, max_cross_slope_deg=15.0)  # fmt: skip
    target = np.zeros(GRID.shape, bool)
    target[30, 30] = True
    far = ReachLimits(range_km=1e9)
    reach = reach_map(ground(z), target, np.ones(GRID.shape, bool), rover, far)
    edges = drive_edges(ground(z), rover)
    joules = edges.energy_j + np.float32(rover.hotel_power_w) * edges.time_s
    starts = [(r, c) for r in (3, 18, 33, 48) for c in (5, 25, 45) if np.isfinite(reach["distance_there_km"][r, c])]
    assert len(starts) >= 6
    for start in starts:
        shortest, thriftiest = route(edges, start, target, "length"), route(edges, start, target, joules)
        assert reach["distance_there_km"][start] == pytest.approx(shortest.length_m / 1000.0, rel=1e-5)
        assert reach["battery_wh"][start] == pytest.approx(thriftiest.cost / 3600.0, rel=1e-5)


def test_too_long_a_night_is_named_and_half_as_dark_a_drive_is_found():
    target, lit = halves()
    hours = 2.0 * (CELL_M * 21 - CELL_M / 2) / 0.1 / 3600.0
    assert reach_map(ground(), target, lit, replace(ROVER, max_dark_hours=hours + 0.01), LIMITS)["reachable"][
        :, 30:
    ].all()
    dark = reach_map(ground(), target, lit, replace(ROVER, max_dark_hours=hours - 0.01), LIMITS)
    assert cause(dark, 30, 50) == "dark" and dark["reachable"][:, 30:].max() == 0.0
    lit = lit.copy()
    lit[5] = True
    tight = replace(ROVER, max_dark_hours=0.1)
    around = reach_map(ground(), target, lit, tight, LIMITS)
    assert around["reachable"][30, 50] == 1.0 and around["drive_km"][30, 50] > around["distance_there_km"][30, 50]


@pytest.mark.parametrize("height_m", [50.0, np.nan])
def test_a_wall_one_cell_wide_is_not_jumped(height_m):
    z = np.zeros(GRID.shape)
    z[:, 20] = height_m
    target, lit = halves()
    reach = reach_map(ground(z), target, lit, ROVER, LIMITS)
    assert np.isinf(reach["distance_there_km"][:, 21:]).all() and reach["reachable"][:, 21:].max() == 0.0
    assert cause(reach, 30, 50) == "slope"


def test_a_cliff_of_50_m_ends_the_drive_down_as_well_as_up():
    target, lit = halves()
    for side in (slice(None, 20), slice(20, None)):
        z = np.zeros(GRID.shape)
        z[:, side] = 50.0
        assert (
            cause(reach_map(ground(z), target, lit, replace(ROVER, max_up_slope_deg=20.0), LIMITS), 30, 50) == "slope"
        )


def test_a_ground_too_steep_to_climb_is_entered_and_never_left():
    z = np.zeros(GRID.shape)
    z[:, :20] = -5.0
    target, lit = halves()
    reach = reach_map(ground(z), target, lit, replace(ROVER, max_up_slope_deg=10.0), LIMITS)
    assert reach["there"][30, 50] == 1.0 and reach["reachable"][30, 50] == 0.0 and cause(reach, 30, 50) == "slope"
    assert reach_map(ground(z), target, lit, replace(ROVER, max_up_slope_deg=15.0), LIMITS)["reachable"].all()


def test_a_gap_in_the_wall_is_driven_through_and_lengthens_the_way():
    z = np.zeros(GRID.shape)
    z[:, 20] = np.nan
    z[3:6, 20] = 0.0
    target, lit = halves()
    reach = reach_map(ground(z), target, lit, ROVER, LIMITS)
    assert reach["reachable"][30, 50] == 1.0
    high, low = 50 - 9, 30 - 5
    octile = CELL_M * (high - low + math.sqrt(2.0) * low) / 1000.0
    assert reach["distance_there_km"][30, 50] == pytest.approx(octile, rel=1e-5)


def test_without_shadow_on_the_map_the_target_is_what_is_missing():
    _, lit = halves()
    reach = reach_map(ground(), np.zeros(GRID.shape, bool), lit, ROVER, LIMITS)
    assert cause(reach, 30, 30) == "target"
    found = reach_at(reach, ellipse(50.0, 50.0, 0.0), (0.0, 0.0))
    assert found.there == 0.0 and found.limits["target"] == pytest.approx(1.0)
    assert math.isinf(found.straight_km) and math.isnan(found.distance_km)


def test_chances_are_the_share_of_the_dispersion_on_ground_that_reaches():
    target, lit = halves()
    reach = reach_map(ground(), target, lit, ROVER, replace(LIMITS, range_km=1.0))
    dispersion, aim = ellipse(120.0, 60.0, 70.0), (150.0, 30.0)
    found = reach_at(reach, dispersion, aim)
    drawn = dispersion.draw(300_000, np.random.default_rng(4)) + aim
    col = np.floor((drawn[:, 0] - GRID.left_m) / CELL_M).astype(int)
    row = np.floor((GRID.top_m - drawn[:, 1]) / CELL_M).astype(int)
    on = (col >= 0) & (col < SIZE) & (row >= 0) & (row < SIZE)
    assert found.and_back == pytest.approx(reach["reachable"][row[on], col[on]].mean(), abs=0.004)
    assert found.and_back + sum(v for k, v in found.limits.items() if k != "outside") == pytest.approx(1.0)
    assert found.limits["outside"] == pytest.approx(1.0 - on.mean(), abs=1e-3)
    assert found.straight_km == pytest.approx((150.0 - (GRID.x_m()[9])) / 1000.0, abs=0.006)
    half = np.median(reach["distance_there_km"][row[on], col[on]])
    assert found.distance_km == pytest.approx(half, abs=0.021)
    short = reach_at(reach_map(ground(), target, lit, ROVER, replace(LIMITS, range_km=0.1)), dispersion, aim)
    assert short.there < 1e-4 and short.distance_km == found.distance_km


def test_only_safe_touchdowns_count_when_the_hazard_is_given():
    target, lit = halves()
    reach = reach_map(ground(), target, lit, ROVER, replace(LIMITS, range_km=1.0))
    dispersion, aim = ellipse(120.0, 60.0, 70.0), (150.0, 30.0)
    hazard = np.where(reach["reachable"] > 0.5, 0.5, 0.0)
    shares = cell_shares(dispersion, GRID, aim)
    good, bad = 0.5 * shares[reach["reachable"] > 0.5].sum(), shares[reach["reachable"] < 0.5].sum()
    assert reach_at(reach, dispersion, aim, hazard).and_back == pytest.approx(good / (good + bad))
    with pytest.raises(InputError, match="known, safe terrain"):
        reach_at(reach, dispersion, aim, np.ones(GRID.shape))


def test_range_and_stay_are_the_missions_and_the_rovers_where_it_states_none():
    mission = load_mission()
    assert reach_limits(mission.rover, mission.reach) == ReachLimits(range_km=10.0, stay_hours=12.0)
    own = replace(mission.reach, range_km=3.0, stay_hours=0.0)
    assert reach_limits(mission.rover, own) == reach_limits((), own) == ReachLimits(range_km=3.0)
    for facts in ((), (Fact("traverse_km", "far", "test"),)):
        with pytest.raises(MissionError, match=r"\[rover\]: traverse_km is unknown"):
            reach_limits(facts, ReachSettings())
    with pytest.raises(MissionError, match=r"\[reach\]: range_km is -1"):
        ReachLimits(range_km=-1.0)
    with pytest.raises(MissionError, match=r"\[reach\]: stay_hours is inf"):
        ReachLimits(range_km=1.0, stay_hours=math.inf)


def test_the_default_rover_drives_3_km_in_the_dark_after_its_stay():
    """5600 Wh less 12 h of 95 W, at 75.6 J/m of the law and 95 + 133.6 W over 0.045 m/s: 3114 m there and back."""
    mission = load_mission()
    rover = rover_model(mission.rover, mission.reach, mission.traverse)
    limits = reach_limits(mission.rover, mission.reach)
    strip = Grid.centred("south", 0.0, 0.0, 301, CELL_M).crop(0, 0, 3, 301)
    col = np.arange(301)[None, :] + np.zeros((3, 1), int)

    def reachable(dark_cols: int) -> bool:
        terrain = Terrain(strip, np.zeros(strip.shape, np.float32))
        return bool(reach_map(terrain, col == 0, col >= dark_cols, rover, limits)["reachable"][1, 100])

    per_m = 75.6 + (95.0 + 137.0 - 75.6 * 0.045) / 0.045
    dark_m = (0.8 * 7000.0 - 12.0 * 95.0) * 3600.0 / per_m
    assert dark_m == pytest.approx(3114.3, abs=0.1)
    last = math.floor(0.5 * dark_m / CELL_M + 0.5)
    assert reachable(last) and not reachable(last + 1)


def test_masks_of_another_shape_are_refused_and_blocked_ground_is_driven_round():
    target, lit = halves()
    with pytest.raises(GridError, match="terrain's shape"):
        reach_map(ground(), target[:5], lit, ROVER, LIMITS)
    blocked = np.zeros(GRID.shape, bool)
    blocked[:, 20] = True
    assert cause(reach_map(ground(), target, lit, ROVER, LIMITS, blocked), 30, 50) == "slope"


def test_in_time_is_weighted_as_the_way_back_is_and_stands_before_it():
    target, lit = halves()
    reach = reach_map(ground(), target, lit, ROVER, replace(LIMITS, range_km=1.0))
    dispersion, aim = ellipse(120.0, 60.0, 70.0), (150.0, 30.0)
    hazard = np.full(GRID.shape, 0.2)
    reachable = reach["reachable"] > 0.5
    same = reach_at(reach, dispersion, aim, hazard, reachable)
    assert 0.0 < same.and_back == same.in_time == same.probability
    other = reach_at(reach, dispersion, aim, hazard, ~reachable)
    assert other.in_time == pytest.approx(1.0 - other.and_back) and other.probability == other.in_time
    still = reach_at(reach, dispersion, aim, hazard)
    assert still.in_time is None and still.probability == still.and_back
