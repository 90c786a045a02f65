"""Drives, idle times and rates for the scheduler."""

import numpy as np
import pytest
from tests.ground.scenes_schedule import H, contact, plan_of

from lupex.base.errors import InputError
from lupex.catalogue import radio, station
from lupex.ephemeris import utc_to_tdb_s
from lupex.ground import contact_plan, drives_of, hidden_times, pass_rates
from lupex.model import LunarPlace, Traverse
from lupex.signals import data_rate_along, track

MISASA, ROVER = station("misasa"), LunarPlace(name="rover", lat_deg=-89.45, lon_deg=222.7, height_m=1500.0)


def drive(*steps: tuple[float, str]) -> Traverse:
    n = len(steps)
    zero = np.zeros(n)
    return Traverse(
        name="d",
        pole="south",
        times_tdb_s=np.array([t for t, _ in steps]),
        x_m=zero,
        y_m=zero,
        activity=tuple(a for _, a in steps),
        labels=("",) * n,
        distance_m=zero,
        energy_wh=zero,
        battery_wh=zero,
        disc_fraction=zero,
        earth_in_view=np.ones(n, dtype=bool),
        dark_hours=zero,
        slope_deg=zero,
    )


def test_drives_are_runs_of_waypoints_that_drive() -> None:
    one = drive((0, "drive"), (10, "drive"), (20, "charge"), (25, "drive"), (40, "drill"), (90, "drive"), (95, "end"))
    assert drives_of(one) == ((0, 20), (25, 40), (90, 95))
    assert drives_of(one, joined_below_s=10.0) == ((0, 40), (90, 95))
    assert drives_of(drive((0, "end"))) == ()


def test_hidden_times_are_long_gaps_of_all_stations() -> None:
    plan = plan_of([contact("a", 1, 3), contact("b", 20, 24)], 40.0)
    assert hidden_times(plan, 15.5 * H) == ((3 * H, 20 * H), (24 * H, 40 * H))
    assert hidden_times(plan, 16.5 * H) == ((3 * H, 20 * H),)


def test_rates_along_a_pass_are_those_the_link_closes_with() -> None:
    plan = contact_plan([MISASA], ROVER, tuple(utc_to_tdb_s(["2028-01-03", "2028-01-04"]).tolist()))
    held = radio("lupex_rover_hga")
    rates = pass_rates(plan, [MISASA], ROVER, held)
    assert set(rates) == set(plan.passes)
    one = plan.passes[0]
    seen = track(MISASA, ROVER, rates[one].times_tdb_s)
    np.testing.assert_array_equal(rates[one].rate_bps, data_rate_along(MISASA, held, seen.range_m, seen.elevation_deg))
    assert rates[one].times_tdb_s[[0, -1]].tolist() == [one.aos_tdb_s, one.los_tdb_s]
    assert pass_rates(plan, [MISASA], ROVER, {"dss43": held}) == {} == pass_rates(plan, [], ROVER, held)
    with pytest.raises(InputError, match="plan is of rover"):
        pass_rates(plan, [MISASA], LunarPlace(name="lander", lat_deg=-89.0, lon_deg=0.0), held)
