"""NAIF's worked example, the pole between PA and ME, and directions built without SPICE's corrections.

Authorities: the example that NAIF's lunar frame kernel moon_de440_250416.tf works out (Earth from
Moon, 2022 SEP 30 TDB, geometric, printed to 1 m); Park et al. (2021), AJ 161:105, for the angles.
"""

import numpy as np
import pytest
import spiceypy as spice

from lupex.base.constants import MOON_RADIUS_M, SPEED_OF_LIGHT_M_S
from lupex.ephemeris import kernels, sky_table, utc_to_tdb_s

EPOCH_TDB_S = 717_768_000.0
ARCSEC = np.pi / 648_000.0


def turn(axis, angle_rad):
    """Matrix that expresses a vector in axes turned by an angle about x, y or z."""
    c, s = np.cos(angle_rad), np.sin(angle_rad)
    i, j = (axis + 1) % 3, (axis + 2) % 3
    matrix = np.eye(3)
    matrix[i, i] = matrix[j, j] = c
    matrix[i, j], matrix[j, i] = s, -s
    return matrix


PA_FROM_ME = turn(2, 67.8526 * ARCSEC) @ turn(1, 78.6944 * ARCSEC) @ turn(0, 0.2785 * ARCSEC)


@pytest.mark.parametrize(
    ("frame", "position_km", "velocity_km_s"),
    [
        ("MOON_ME_DE440_ME421", (374008.654, -23435.970, 10141.334), (-0.02638134, 0.04532757, 0.11894164)),
        ("MOON_PA_DE440", (373997.028, -23558.987, 10284.057), (-0.02641181, 0.04533642, 0.11893151)),
    ],
)
def test_the_earth_from_the_moon_as_naif_prints_it(frame, position_km, velocity_km_s):
    with kernels():
        state = spice.spkezr("399", EPOCH_TDB_S, frame, "NONE", "301")[0]
    assert np.abs(state[:3] - position_km).max() < 0.5e-3
    assert np.abs(state[3:] - velocity_km_s).max() < 1e-8


def test_our_frame_kernel_is_the_published_rotation():
    with kernels():
        ours = spice.pxform("MOON_ME_DE440_ME421", "MOON_PA_DE440", 0.0)
    assert np.abs(ours - PA_FROM_ME).max() < 1e-15


def test_the_poles_of_pa_and_me_lie_663_m_apart():
    pole_m = MOON_RADIUS_M * np.array([0.0, 0.0, -1.0])
    assert np.linalg.norm(PA_FROM_ME @ pole_m - pole_m) == pytest.approx(663.0, abs=1.0)
    equator_m = MOON_RADIUS_M * np.array([0.0, 1.0, 0.0])
    assert np.linalg.norm(PA_FROM_ME @ equator_m - equator_m) == pytest.approx(571.5, abs=1.0)


def test_the_pa_to_me_rotation_carries_the_apollo_15_reflector():
    """PA and ME coordinates of the reflector, as public laser-ranging code states them for DE440."""
    pa_m = np.array([1_554_678.104, 98_094.498, 765_005.863])
    me_m = np.array([1_554_937.504, 98_604.886, 764_412.810])
    assert np.abs(PA_FROM_ME.T @ pa_m - me_m).max() < 1.5e-3


def test_directions_agree_with_light_time_and_special_relativity_by_hand():
    """Barycentric positions, light time solved in full, Lorentz aberration, published angles by hand.

    Shared with the code under test: DE440 and its lunar orientation in principal axes, no more.
    """
    times = np.sort(np.random.default_rng(7).uniform(*utc_to_tdb_s(["1950-01-01", "2100-12-31"]), 200))
    table = sky_table(times)
    for code, found in ((10, table.sun_me_m), (399, table.earth_me_m)):
        with kernels():
            expected = np.array([by_hand_m(code, t) for t in times])
        distance = np.linalg.norm(expected, axis=1)
        sine = np.linalg.norm(np.cross(found, expected), axis=1) / (distance * np.linalg.norm(found, axis=1))
        assert np.degrees(np.arcsin(sine)).max() < 1e-6
        assert np.abs(np.linalg.norm(found, axis=1) - distance).max() < 10.0


def by_hand_m(code, t):
    """Apparent position in ME (m), by the first principles of the test above."""
    moon = 1e3 * spice.spkssb(301, t, "J2000")
    sent = t
    for _ in range(5):
        towards = 1e3 * spice.spkssb(code, sent, "J2000")[:3] - moon[:3]
        sent = t - np.linalg.norm(towards) / SPEED_OF_LIGHT_M_S
    distance = np.linalg.norm(towards)
    u, beta = towards / distance, moon[3:] / SPEED_OF_LIGHT_M_S
    gamma = 1.0 / np.sqrt(1.0 - beta @ beta)
    seen = u / gamma + beta + (gamma / (1.0 + gamma)) * (u @ beta) * beta
    return PA_FROM_ME.T @ spice.pxform("J2000", "MOON_PA_DE440", t) @ (distance * seen / np.linalg.norm(seen))
