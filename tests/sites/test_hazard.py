"""Hazards in closed form, and against ground drawn from the law they state."""

import math
from dataclasses import replace

import numpy as np
import pytest

from lupex.base.errors import InputError, MissionError
from lupex.mission import load_mission
from lupex.model import Grid, HazardSettings, Terrain
from lupex.sites.hazard import (
    LanderLimits,
    hazard_map,
    lander_limits,
    rock_density_per_m2,
    rock_hazard,
    slope_exceedance,
    slope_variance,
    step_exceedance,
)

SETTINGS = HazardSettings()
NO_ROCKS = replace(SETTINGS, rock_area_fraction=0.0)
LANDER = LanderLimits(span_m=5.0, max_slope_deg=10.0, max_step_m=0.5, clearance_m=0.5)


def ground(z, cell_m: float, **more) -> Terrain:
    z = np.asarray(z, np.float32)
    return Terrain(Grid("south", *z.shape, cell_m, -0.5 * z.shape[1] * cell_m, 0.5 * z.shape[0] * cell_m), z, **more)


def tilted(slope_deg: float, cell_m: float, size: int = 9) -> Terrain:
    return ground(math.tan(math.radians(slope_deg)) * cell_m * np.arange(size)[None, :] + np.zeros((size, 1)), cell_m)


@pytest.mark.parametrize(("slope_deg", "hazard"), [(9.9, 0.0), (10.1, 1.0)])
def test_where_the_dem_shows_the_legs_slope_is_safe_or_not(slope_deg, hazard):
    found = hazard_map(tilted(slope_deg, 1.0), LANDER, NO_ROCKS)
    assert (found["slope_hazard"] == hazard).all() and (found["hazard_probability"] == hazard).all()
    assert (found["step_hazard"] == 0.0).all() and found.label == "rocks statistical"


def test_a_block_higher_than_the_step_is_a_hazard_to_every_footprint_that_holds_it():
    z = np.zeros((15, 15))
    z[7, 7] = 1.0
    found = hazard_map(ground(z, 1.0), LANDER, NO_ROCKS)
    rows, cols = np.nonzero(found["step_hazard"])
    assert (rows.min(), rows.max(), cols.min(), cols.max()) == (5, 9, 5, 9) and rows.size == 25
    assert not hazard_map(ground(0.4 * z, 1.0), LANDER, NO_ROCKS)["step_hazard"].any()


def test_below_a_coarse_cell_the_slope_is_statistical_and_says_so():
    found = hazard_map(tilted(0.0, 50.0), LANDER, NO_ROCKS)
    missing = slope_variance(5.0, SETTINGS) - slope_variance(100.0, SETTINGS)
    rayleigh = math.exp(-(math.tan(math.radians(10.0)) ** 2) / (2.0 * missing))
    assert found["slope_hazard"] == pytest.approx(rayleigh, rel=1e-4)
    assert "slopes and steps statistical below 100 m" in found.label
    assert "statistical below 100 m" in found.meanings["slope_hazard"]
    synthetic = hazard_map(ground(np.zeros((5, 5)), 50.0, synthetic_below_m=1600.0), LANDER, NO_ROCKS)
    assert synthetic.label.startswith("synthetic below 1600 m, slopes")


def test_statistical_slopes_are_the_share_of_drawn_gradients_over_the_limit():
    rng = np.random.default_rng(5)
    missing = slope_variance(5.0, SETTINGS) - slope_variance(100.0, SETTINGS)
    limit = math.tan(math.radians(10.0))
    for slope_deg in (0.0, 6.0, 10.0, 16.0):
        g = math.tan(math.radians(slope_deg))
        drawn = rng.normal(0.0, math.sqrt(missing), (400_000, 2)) + [g, 0.0]
        share = float((np.hypot(*drawn.T) > limit).mean())
        assert float(slope_exceedance(np.array(g), LANDER, 100.0, SETTINGS)) == pytest.approx(share, abs=0.003)


def test_the_law_returns_its_own_median():
    rng = np.random.default_rng(6)
    drawn = rng.normal(0.0, math.sqrt(slope_variance(17.0, SETTINGS)), (400_000, 2))
    assert np.degrees(np.arctan(np.median(np.hypot(*drawn.T)))) == pytest.approx(7.6, abs=0.03)
    assert slope_variance(4.0, SETTINGS) / slope_variance(8.0, SETTINGS) == pytest.approx(2.0**0.1)


def test_statistical_slope_becomes_the_measured_one_when_nothing_is_missing():
    flat_law = replace(NO_ROCKS, slope_median_deg=0.0)
    assert (hazard_map(tilted(9.0, 50.0), LANDER, flat_law)["hazard_probability"] == 0.0).all()
    assert (hazard_map(tilted(11.0, 50.0), LANDER, flat_law)["hazard_probability"] == 1.0).all()


def test_statistical_steps_are_those_of_a_brownian_profile_for_hurst_one_half():
    rng = np.random.default_rng(8)
    settings = replace(SETTINGS, hurst=0.5)
    halves = rng.normal(0.0, math.sqrt(slope_variance(5.0, settings) * 25.0 / 2.0), (400_000, 2))
    departure = halves[:, 0] - 0.5 * halves.sum(axis=1)
    share = float((np.abs(departure) > 0.5).mean())
    assert step_exceedance(LANDER, settings) == pytest.approx(share, abs=0.003)
    assert step_exceedance(LANDER, SETTINGS) < 1e-4


def test_rock_numbers_integrate_the_published_cumulative_area():
    k, q = 0.19, 1.79 + 0.152 / 0.19
    viking = replace(SETTINGS, rock_area_fraction=k, rock_decay_per_m=1.79, rock_decay_over_k_per_m=0.152)
    edges = np.geomspace(0.5, 40.0, 200_001)
    d = np.sqrt(edges[:-1] * edges[1:])
    area = k * (np.exp(-q * edges[:-1]) - np.exp(-q * edges[1:]))
    assert rock_density_per_m2(0.5, viking) == pytest.approx(float((area / (math.pi / 4.0 * d**2)).sum()), rel=1e-6)


def test_rock_hazard_is_the_share_of_legs_thrown_at_random_onto_rocks():
    rng = np.random.default_rng(9)
    settings = replace(SETTINGS, rock_area_fraction=0.05, rock_decay_over_k_per_m=0.0, rock_decay_per_m=2.0)
    density, side = rock_density_per_m2(1.0, settings), 1000.0
    rocks = rng.uniform(0.0, side, (rng.poisson(density * side**2), 2))
    from scipy.spatial import cKDTree

    feet = rng.uniform(5.0, side - 5.0, (100_000, 2))
    hit = cKDTree(rocks).query(feet)[0] < 2.5
    assert rock_hazard(LANDER, settings) == pytest.approx(hit.mean(), abs=0.01)
    assert rock_hazard(LANDER, NO_ROCKS) == 0.0


def test_causes_combine_as_independent_and_unknown_ground_stays_unknown():
    z = np.zeros((9, 9))
    z[4, 4] = np.nan
    found = hazard_map(ground(z, 50.0), LANDER, SETTINGS)
    safe = np.prod([1.0 - found[name] for name in ("slope_hazard", "step_hazard", "rock_hazard")], axis=0)
    assert np.argwhere(np.isnan(found["hazard_probability"])).tolist() == [[4, 4]]
    assert found["hazard_probability"] == pytest.approx(1.0 - safe, abs=1e-6, nan_ok=True)


def test_lander_limits_come_from_the_facts_and_a_missing_one_is_named():
    mission = load_mission()
    assert lander_limits(mission.lander) == LANDER
    facts = [fact for fact in mission.lander if fact.key != "footpad_span_m"]
    with pytest.raises(MissionError, match=r"\[lander\]: footpad_span_m is unknown"):
        lander_limits(facts)
    with pytest.raises(MissionError, match=r"ground_clearance_m is -1"):
        replace(LANDER, clearance_m=-1.0)
    with pytest.raises(InputError, match="no heights"):
        hazard_map(ground(np.full((5, 5), np.nan), 50.0), LANDER, SETTINGS)
