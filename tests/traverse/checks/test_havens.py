"""How long the rover may stand, and where by the route it can stand longest."""

from dataclasses import replace

import numpy as np
import pytest
from tests.traverse.drive_scene import START_S, STEP_S, at, ground, planned, rover, sky

from lupex.base.errors import InputError
from lupex.ephemeris import utc_to_tdb_s
from lupex.traverse import HavenSettings, SimulationSettings, drive_edges, havens, safe_until, simulate

NIGHT_FROM_12 = np.array([255] * 12 + [0] * 88, np.uint8)[:, None, None]


def test_a_stop_in_the_dark_may_last_until_the_charge_is_what_the_way_out_needs() -> None:
    light = sky(disc=0)
    here = rover()
    plan = planned([5, 6, 6], [0, 1, 2], ["drive", "sleep", "end"], here, light, 200.0)
    needed = np.full((101, 3), 100.0)
    safe = safe_until(plan, light, needed, here)
    for i, begin in enumerate((0, 1, 2)):
        steps = int((plan.battery_wh[i] - 100.0) / (20.0 * STEP_S / 3600.0))
        assert safe[i] == pytest.approx(START_S + (begin + steps) * STEP_S)
    needed[:, 1] = np.inf
    assert safe_until(plan, light, needed, here)[1] == plan.times_tdb_s[1]
    needed[:, 1] = 0.0
    needed[40:, 1] = np.inf  # the door closes
    assert safe_until(plan, light, needed, rover(battery_wh=1000.0))[1] == pytest.approx(START_S + 39 * STEP_S)


def test_darkness_ends_a_stay_and_light_lets_it_last() -> None:
    here = rover(max_dark_hours=3.0)
    light = sky(disc=NIGHT_FROM_12)
    plan = planned([5, 6, 6], [0, 1, 2], ["drive", "wait", "end"], here, light, 900.0)
    assert safe_until(plan, light, np.zeros((101, 3)), here) == pytest.approx(START_S + (12 + 18) * STEP_S)
    day = sky()
    assert safe_until(plan, day, np.zeros((101, 3)), here) == pytest.approx(day.times_tdb_s[-1])
    with pytest.raises(InputError, match="expected"):
        safe_until(plan, day, np.zeros((100, 3)), here)


def test_the_haven_is_the_nearest_cell_that_stays_lit_in_each_sector() -> None:
    disc = np.repeat(NIGHT_FROM_12, 5, 1).repeat(40, 2)
    disc[:, 0, 10] = 255
    disc[:, 4, 30] = 255
    light, here = sky(disc=disc), rover(battery_wh=400.0)
    route = simulate([at(5.0), at(395.0)], ground(), here, light, SimulationSettings(start_battery_wh=300.0))
    found = havens(route, drive_edges(ground(), here), here, light, HavenSettings(60.0, 2))
    assert [h.label for h in found] == ["haven 1", "haven 2"]
    assert [(h.x_m, h.y_m) for h in found] == [(105.0, 9_995.0), (305.0, 9_955.0)]
    assert all(h.lit_fraction == pytest.approx(1.0) for h in found)
    arrive = START_S + (100.0 - 5.0) / 0.1 + 2 * 10.0 / 0.1  # turns off where column 10 begins
    assert utc_to_tdb_s(found[0].from_utc)[0] == pytest.approx(arrive, abs=2.0)
    assert utc_to_tdb_s(found[0].until_utc)[0] == pytest.approx(light.times_tdb_s[-1], abs=1.0)
    turned = route.battery_wh[np.searchsorted(route.x_m, 100.0 - 1e-6)]
    assert found[0].lowest_wh == pytest.approx(turned - (200.0 * 100.0 + 20.0 * 60.0) / 3600.0, abs=0.01)


def test_where_the_way_off_the_route_is_blocked_the_haven_lies_on_it() -> None:
    disc = np.repeat(NIGHT_FROM_12, 5, 1).repeat(40, 2)
    disc[:, 0, 10] = 255
    disc[:30, 2, 20] = 255
    walls = np.zeros((5, 40))
    walls[1] = 40.0
    light, here = sky(disc=disc), rover(battery_wh=400.0)
    route = simulate([at(5.0), at(395.0)], ground(), here, light, SimulationSettings(start_battery_wh=300.0))
    found = havens(route, drive_edges(ground(walls), here), here, light, HavenSettings(60.0, 1))
    assert [(h.x_m, h.y_m) for h in found] == [(205.0, 9_975.0)]
    assert 0.0 < found[0].lit_fraction < 1.0


def test_a_rover_with_an_empty_battery_has_no_haven() -> None:
    light, here = sky(disc=0), rover()
    route = simulate([at(5.0), at(205.0)], ground(), here, light, SimulationSettings(start_battery_wh=60.0))
    thirsty = replace(here, min_charge_fraction=0.1)
    assert havens(route, drive_edges(ground(), here), thirsty, light) == []
    with pytest.raises(InputError, match="sector"):
        HavenSettings(sectors=0)
