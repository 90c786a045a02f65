"""Two-body numbers: the published orbits of Chandrayaan-3 and the transfers of the reference (impulses, to 0.1 m/s)."""

import numpy as np
import pytest

from lupex.base.constants import EARTH_RADIUS_M
from lupex.base.errors import InputError
from lupex.trajectory import BODIES, apsis_burn, capture_burn_m_s, propellant_kg

EARTH, MOON = BODIES["earth"], BODIES["moon"]


@pytest.mark.parametrize(
    "perigees, apogees, expected",
    [
        ((170, 173), (36_500, 41_762), 75.2),
        ((226, 228), (41_603, 51_400), 107.3),
        ((228, 233), (51_400, 71_351), 139.8),
        ((233, 236), (71_351, 127_603), 177.9),
        ((236, 288), (127_603, 369_328), 166.3),
    ],
)
def test_burns_of_chandrayaan_3_at_the_mean_of_both_perigees(
    perigees: tuple[float, float], apogees: tuple[float, float], expected: float
) -> None:
    found = apsis_burn(EARTH, float(np.mean(perigees)), *apogees).delta_v_m_s
    assert found == pytest.approx(expected, abs=0.06)


def test_one_burn_from_the_injection_orbit_to_the_moon() -> None:
    assert apsis_burn(EARTH, 170.0, 36_500.0, 369_328.0).delta_v_m_s == pytest.approx(661.9, abs=0.05)


@pytest.mark.parametrize("v_infinity, first, direct", [(800.0, 238.5, 811), (900.0, 273.6, 846), (1000.0, 312.1, 884)])
def test_capture_into_chandrayaan_3s_first_orbit_and_directly_into_100_km(
    v_infinity: float, first: float, direct: float
) -> None:
    assert capture_burn_m_s(MOON, 164.0, v_infinity, 18_074.0) == pytest.approx(first, abs=0.06)
    assert capture_burn_m_s(MOON, 100.0, v_infinity, 100.0) == pytest.approx(direct, abs=0.6)


@pytest.mark.parametrize("perilune, delta_v, speed", [(15.0, 19.46, 1692.3), (30.0, 15.94, 1681.6)])
def test_deorbit_from_100_km(perilune: float, delta_v: float, speed: float) -> None:
    assert apsis_burn(MOON, 100.0, 100.0, perilune).delta_v_m_s == pytest.approx(-delta_v, abs=0.006)
    assert apsis_burn(MOON, perilune, 100.0, 100.0).before_m_s == pytest.approx(speed, abs=0.06)


def test_from_a_parking_orbit_and_from_a_geostationary_transfer_to_the_moon() -> None:
    far_km = (384_400_000.0 - EARTH_RADIUS_M) / 1000.0
    assert apsis_burn(EARTH, 200.0, 200.0, far_km).delta_v_m_s == pytest.approx(3131.0, abs=0.6)
    assert apsis_burn(EARTH, 200.0, 35_786.0, far_km).delta_v_m_s == pytest.approx(677.0, abs=0.6)


def test_a_burn_and_the_one_that_takes_it_back_cancel() -> None:
    up, down = apsis_burn(EARTH, 300.0, 500.0, 9000.0), apsis_burn(EARTH, 300.0, 9000.0, 500.0)
    assert up.delta_v_m_s == -down.delta_v_m_s
    assert (up.period_after_s, up.before_m_s) == (down.period_before_s, down.after_m_s)


def test_a_height_below_the_centre_is_refused() -> None:
    with pytest.raises(InputError, match="below the body's centre"):
        apsis_burn(MOON, 100.0, 100.0, -1737.4)


@pytest.mark.parametrize("mass, delta_v, isp", [(0.0, 1.0, 300.0), (1.0, -1.0, 300.0), (1.0, 1.0, 0.0)])
def test_propellant_of_impossible_numbers_is_refused(mass: float, delta_v: float, isp: float) -> None:
    with pytest.raises(InputError, match="propellant"):
        propellant_kg(mass, delta_v, isp)
