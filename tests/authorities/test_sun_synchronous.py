"""The speed that keeps up with the Sun: 2 pi R cos(latitude) over the Moon's synodic day of 708.7 hours.

2.67, 1.34 and 0.269 km/h at 80, 85 and 89 degrees (M. Otten, Planning for Sun-synchronous lunar polar roving,
CMU-RI-TR-18-21, for the idea; the numbers are geometry). A rover on a battery that cannot outlast a night survives
along the parallel exactly when it is at least as fast.
"""

import math

import numpy as np
import pytest
from tests.traverse.time_scenes import edges_from, grid_of, rover_of

from lupex.base.constants import MOON_RADIUS_M
from lupex.model import InMemoryLight
from lupex.traverse import NoDrive, TimeSettings, needed_battery, plan_in_time

SYNODIC_HOURS = 708.7


def terminator_km_h(lat_deg):
    return 2.0 * math.pi * MOON_RADIUS_M / 1000.0 * math.cos(math.radians(lat_deg)) / SYNODIC_HOURS


@pytest.mark.parametrize(("lat_deg", "km_h"), [(80.0, 2.67), (85.0, 1.34), (89.0, 0.269)])
def test_speeds_of_the_terminator(lat_deg, km_h) -> None:
    assert terminator_km_h(lat_deg) == pytest.approx(km_h, abs=0.01)


def test_at_89_degrees_it_is_75_millimetres_a_second() -> None:
    assert terminator_km_h(89.0) / 3.6 == pytest.approx(0.075, abs=0.0005)


@pytest.mark.parametrize("lat_deg", [80.0, 85.0, 89.0])
@pytest.mark.parametrize(("pace", "keeps_up"), [(1.02, True), (0.9, False)])
def test_a_rover_stays_in_the_light_along_a_parallel_exactly_when_it_is_as_fast_as_the_terminator(
    lat_deg, pace, keeps_up
) -> None:
    """A corridor of 160 cells; one cell takes one step at the rover's speed. Sunset comes up from behind."""
    cell_m, cols = 100.0, 160
    sunset_m_s = terminator_km_h(lat_deg) / 3.6
    step_s = cell_m / (pace * sunset_m_s)
    steps = cols + 20
    col = np.arange(cols)[None, None, :]
    middle_s = (np.arange(steps) + 0.5)[:, None, None] * step_s
    disc = np.where(col * cell_m + 5.0 * cell_m > sunset_m_s * middle_s, 255, 0).astype(np.uint8)
    light = InMemoryLight(
        grid=grid_of((1, cols), cell_m),
        times_tdb_s=np.arange(steps + 1) * step_s,
        disc=disc,
        earth=np.ones_like(disc),
        sun_strength=np.ones(steps),
        sun_elevation_deg=np.zeros(steps),
    )
    # Awake or asleep the charge lasts for three steps of darkness.
    hours = step_s / 3600.0
    rover = rover_of(battery_wh=93.0 * hours, sleep_power_w=30.0, min_charge_fraction=0.0)
    edges = edges_from(np.full((8, 1, cols), step_s), 0.0, cell_m)
    end = np.zeros((1, cols), bool)
    end[0, -1] = True
    task = (edges, rover, light, (0, 0), rover.battery_wh, (), end, TimeSettings(diagnose=False))
    needed = needed_battery(edges, rover, light, TimeSettings(last_step=cols), [(0, 0)])[0, 0]
    if keeps_up:
        traverse = plan_in_time(*task)
        assert traverse.summary["distance_m"] == pytest.approx((cols - 1) * cell_m)
        assert traverse.summary["lit_share"] == 1.0
        assert needed <= rover.battery_wh
    else:
        with pytest.raises(NoDrive):
            plan_in_time(*task)
        assert needed == math.inf
