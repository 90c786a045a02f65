import numpy as np
import pytest
import spiceypy as spice

from lupex.base.errors import InputError
from lupex.ephemeris import kernels
from lupex.gravity import pa_from_me
from lupex.navigation.frames import FRAMES, converted

# Apollo 15, public laser-ranging code (shared reference, section 5.1).
APOLLO_15_PA = np.array([1554678.104, 98094.498, 765005.863])
APOLLO_15_ME = np.array([1554937.504, 98604.886, 764412.810])


def test_a_reflector_comes_out_where_laser_ranging_has_it() -> None:
    off = converted(APOLLO_15_PA, "MOON_PA_DE440", "MOON_ME_DE421") - APOLLO_15_ME
    assert np.linalg.norm(off) < 1.2e-3


def test_the_worked_example_of_the_frame_kernel() -> None:
    """NAIF's moon_de440 kernel: the Earth from the Moon on 2022 SEP 30 TDB, printed to 1 m."""
    me = np.array([374008.654, -23435.970, 10141.334]) * 1e3
    pa = np.array([373997.028, -23558.987, 10284.057]) * 1e3
    assert np.abs(pa_from_me() @ me - pa).max() < 2.0


def test_our_angles_turn_as_spice_does() -> None:
    with kernels():
        turn = spice.pxform("MOON_ME_DE440_ME421", "MOON_PA_DE440", 0.0)
    assert np.abs(pa_from_me() - turn).max() * 1.7374e6 < 1e-8


def test_the_pole_of_one_frame_lies_663_m_from_that_of_the_other() -> None:
    pole = np.array([0.0, 0.0, -1_737_400.0])
    apart = converted(pole, "MOON_ME_DE440_ME421", "MOON_PA_DE440") - pole
    assert np.linalg.norm(apart) == pytest.approx(663.0, abs=1.0)


@pytest.mark.parametrize("frame", [name for name in FRAMES if name != "grid-north"])
def test_there_and_back_is_where_one_began(frame: str) -> None:
    me = converted(np.array([-85.3, 31.7, 812.5]), "geodetic", "MOON_ME_DE440_ME421")
    back = converted(converted(me, "MOON_ME_DE440_ME421", frame), frame, "MOON_ME_DE440_ME421")
    assert np.linalg.norm(back - me) < 1e-6


def test_the_north_has_its_own_grid() -> None:
    north = np.array([85.0, -40.0, 3.0])
    grid = converted(north, "geodetic", "grid-north")
    assert converted(grid, "grid-north", "geodetic") == pytest.approx([85.0, 320.0, 3.0], abs=1e-9)
    with pytest.raises(InputError, match="other pole"):
        converted(north, "geodetic", "grid-south")


def test_frames_and_units_are_not_mixed_silently() -> None:
    with pytest.raises(InputError, match="'IAU_MOON' is unknown"):
        converted(APOLLO_15_PA, "IAU_MOON", "geodetic")
    with pytest.raises(InputError, match="not kilometres"):
        converted(APOLLO_15_PA / 1e3, "MOON_PA_DE440", "geodetic")
    with pytest.raises(InputError, match="does not exist"):
        converted(np.array([-189.0, 0.0, 0.0]), "geodetic", "lgrs")
    with pytest.raises(InputError, match="south polar square"):
        converted(np.array([-70.0, 0.0, 0.0]), "geodetic", "lgrs")
