from dataclasses import replace

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.kernels.trajectory import descent as kernel
from lupex.model.settings.descent import DescentSettings
from lupex.trajectory import Propulsion, descent_plan, dispersed

LANDER = Propulsion(
    name="chandrayaan3", wet_mass_kg=1752.0, thrust_n=3200.0, isp_s=315.0, throttle_min_fraction=0.2, orbit_isp_s=315.0
)
SETTINGS = DescentSettings(orbit_error_along_m=500.0, orbit_error_across_m=200.0, orbit_error_m_s=0.3)
PLAN = descent_plan(LANDER, 1700.0, SETTINGS, 100.0)


def test_a_thousand_descents_keep_every_limit_and_scatter_as_the_map_does() -> None:
    found = dispersed(PLAN, SETTINGS, 7)
    assert len(found.ends) == 1000
    assert all(share == 1.0 for share in found.kept.values()), found.kept
    assert found.along_sigma_m == pytest.approx(SETTINGS.map_error_m, rel=0.1)
    assert found.cross_sigma_m == pytest.approx(SETTINGS.map_error_m, rel=0.1)


def test_blind_descents_scatter_as_the_orbit_known_at_the_start() -> None:
    blind = replace(SETTINGS, terrain_navigation=False, orbit_error_m_s=0.0, runs=2000)
    found = dispersed(descent_plan(LANDER, 1700.0, blind, 100.0), blind, 7)
    assert found.along_sigma_m == pytest.approx(blind.orbit_error_along_m, rel=0.06)
    assert found.cross_sigma_m == pytest.approx(blind.orbit_error_across_m, rel=0.06)
    with pytest.raises(InputError, match="left to"):
        dispersed(PLAN, DescentSettings(), 7)


def test_equal_seeds_give_equal_descents_and_no_errors_the_nominal_one() -> None:
    few = replace(SETTINGS, runs=10)
    assert np.array_equal(dispersed(PLAN, few, 3).ends, dispersed(PLAN, few, 3).ends)
    exact = replace(
        few, orbit_error_along_m=0.0, orbit_error_across_m=0.0, orbit_error_m_s=0.0, map_error_m=0.0,
        thrust_error_fraction=0.0, isp_error_fraction=0.0,
    )  # fmt: skip
    assert np.array_equal(dispersed(PLAN, exact, 3).ends[4], PLAN.end)


def test_limits_that_are_broken_are_counted() -> None:
    wild = replace(SETTINGS, thrust_error_fraction=0.05, orbit_error_m_s=20.0)
    found = dispersed(PLAN, wild, 5)
    assert found.kept["thrust"] < 0.95
    assert found.notes[:, kernel.SATURATED_S].max() > 0.0
