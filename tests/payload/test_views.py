"""Fields of view against shares in closed form."""

import numpy as np
import pytest
from tests.payload.scenes import DECK, FRONT, ROVER, item

from lupex.base.errors import InputError
from lupex.payload import blocked_fraction, terrain_fraction
from lupex.payload.views import cone

WIDE = item("a", view_half_angle_deg=90.0)


def test_directions_of_a_cone_are_even_and_within_it():
    axis = np.array([0.6, 0.0, 0.8])
    rays = cone(axis, 40.0, 5000)
    along = rays @ axis
    assert np.allclose(np.linalg.norm(rays, axis=1), 1.0)
    assert along.min() >= np.cos(np.radians(40.0)) - 1e-9
    # Even over the sphere: the cosine is uniform between its ends.
    assert along.mean() == pytest.approx((1.0 + np.cos(np.radians(40.0))) / 2.0, abs=1e-3)
    assert (rays @ np.array([0.0, 1.0, 0.0])).mean() == pytest.approx(0.0, abs=1e-3)


def test_a_mount_on_a_face_that_looks_away_sees_all():
    assert blocked_fraction(WIDE, FRONT, ROVER) == 0.0


def test_half_of_a_hemisphere_along_a_wall_is_blocked():
    from dataclasses import replace

    beside = replace(FRONT, position_m=(1.0, 0.0, 0.5), boresight=(0.0, 1.0, 0.0))
    tall = replace(ROVER, solids_m=((-50.0, 1.0, -50.0, 50.0, -50.0, 50.0),))
    assert blocked_fraction(WIDE, beside, tall) == pytest.approx(0.5, abs=0.01)


def test_a_box_far_away_blocks_its_solid_angle():
    from dataclasses import replace

    # A face of 2 x 2 m seen from 5 m: solid angle 4 atan(a b / (d sqrt(d^2 + a^2 + b^2))), a = b = 1.
    far = replace(ROVER, solids_m=((6.0, 7.0, -1.0, 1.0, -0.5, 1.5),))
    angle = 4.0 * np.arctan(1.0 / (5.0 * np.sqrt(27.0)))
    assert blocked_fraction(WIDE, FRONT, far, rays=20_000) == pytest.approx(angle / (2.0 * np.pi), abs=2e-3)


def test_terrain_fills_what_lies_below_the_skyline():
    azimuth = np.arange(0.0, 360.0, 5.0)
    # Half of a hemisphere of sky around the horizon lies below an elevation of 30 degrees when seen from zenith up.
    assert terrain_fraction(WIDE, DECK, 0.0, azimuth, np.full(72, 30.0)) == pytest.approx(0.5, abs=0.01)
    east = np.where((azimuth > 45.0) & (azimuth < 135.0), 89.9, -89.9)
    narrow = item("a", view_half_angle_deg=20.0)
    assert terrain_fraction(narrow, FRONT, 90.0, azimuth, east) == pytest.approx(1.0, abs=1e-9)
    assert terrain_fraction(narrow, FRONT, 270.0, azimuth, east) == pytest.approx(0.0, abs=1e-9)


def test_an_instrument_without_a_field_of_view_is_not_blocked_and_azimuths_must_rise():
    assert blocked_fraction(item("a"), FRONT, ROVER) == 0.0
    with pytest.raises(InputError, match="azimuths must rise"):
        terrain_fraction(WIDE, FRONT, 0.0, np.array([10.0, 5.0]), np.zeros(2))
