"""The link along the ground."""

from dataclasses import replace

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.catalogue import radio
from lupex.signals import surface_link, surface_reach_m
from lupex.signals.budgets.surface import ground_reflection_db

ROVER, LANDER = radio("lupex_rover_surface"), radio("lupex_lander_surface")


def test_far_out_two_rays_fall_with_the_fourth_power_of_distance():
    far = np.array([20_000.0, 40_000.0])
    loss = ground_reflection_db(far, 1.5, 2.5, 2250e6) - 20.0 * np.log10(far)
    assert loss[1] - loss[0] == pytest.approx(-40.0 * np.log10(2.0), abs=0.1)


def test_the_ground_adds_at_most_6_db_and_fades_in_between():
    gain = ground_reflection_db(np.linspace(5.0, 2000.0, 20_000), 1.5, 2.5, 2250e6, "horizontal")
    assert 5.0 < gain.max() <= 6.03
    assert gain.min() < -15.0


def test_free_space_is_the_two_ray_link_without_its_ground():
    two, free = surface_link(ROVER, LANDER, 1000.0), surface_link(ROVER, LANDER, 1000.0, method="free space")
    assert two.value("telemetry margin") - free.value("telemetry margin") == pytest.approx(
        two.value("ground reflection"), abs=0.05
    )
    assert -free.value("free space") == pytest.approx(99.49, abs=0.01)


def test_the_link_closes_at_every_distance_up_to_its_reach():
    reach = surface_reach_m(ROVER, LANDER)
    inside = surface_link(ROVER, LANDER, np.geomspace(10.0, reach, 500))
    assert np.all(inside.closes)
    assert not bool(surface_link(ROVER, LANDER, reach * 1.05).closes)
    assert surface_reach_m(replace(ROVER, tx_power_w=1e-12), LANDER) == 0.0


def test_what_does_not_fit_is_refused():
    with pytest.raises(InputError, match="height_m is not known"):
        surface_link(replace(ROVER, height_m=None), LANDER, 100.0)
    with pytest.raises(InputError, match="take two radios of one band"):
        surface_link(ROVER, radio("lupex_lander"), 100.0)
    with pytest.raises(InputError, match="method 'smoke'"):
        surface_link(ROVER, LANDER, 100.0, method="smoke")
