"""A rover that cannot be is refused by name."""

from dataclasses import replace

import pytest

from lupex.base.errors import MissionError
from lupex.model import Rover

ROVER = Rover(
    name="r",
    mass_kg=350.0,
    speed_m_s=0.045,
    max_up_slope_deg=25.0,
    max_down_slope_deg=25.0,
    max_cross_slope_deg=25.0,
    hotel_power_w=95.0,
    sleep_power_w=40.0,
    array_w=600.0,
    battery_wh=7000.0,
    min_charge_fraction=0.2,
)


def test_usable_charge_lies_between_the_fractions():
    assert ROVER.least_battery_wh == pytest.approx(1400.0)
    assert ROVER.full_battery_wh == 7000.0
    assert replace(ROVER, max_charge_fraction=0.9).full_battery_wh == pytest.approx(6300.0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"mass_kg": 0.0}, "rover r: mass_kg is 0.0; give a positive number"),
        ({"speed_m_s": float("nan")}, "speed_m_s is nan"),
        ({"hotel_power_w": -1.0}, "hotel_power_w is -1.0; give 0 or more"),
        ({"max_up_slope_deg": 90.0}, "max_up_slope_deg is 90.0; give degrees between 0 and 90"),
        ({"slowest_fraction": 1.5}, "slowest_fraction is 1.5"),
        ({"slip_at_limit_fraction": 1.0}, "slip_at_limit_fraction is 1.0; give 0 or more, below 1"),
        ({"min_charge_fraction": 1.0}, "below max_charge_fraction"),
        ({"array_kind": "magic"}, "array_kind is magic; give one of tracking, vertical, horizontal"),
        ({"drive_law": "none"}, "drive_law is none; give one of carr, resistance"),
        ({"sleep_power_w": 100.0}, "asleep it draws no more than awake"),
    ],
)
def test_values_that_cannot_be_are_named(change, said):
    with pytest.raises(MissionError) as caught:
        replace(ROVER, **change)
    assert said in str(caught.value)
