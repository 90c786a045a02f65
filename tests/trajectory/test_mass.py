import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.trajectory import Burn, Propulsion, mass_budget

LANDER = Propulsion(
    name="test", wet_mass_kg=6000.0, thrust_n=9000.0, isp_s=315.0, throttle_min_fraction=0.2, orbit_isp_s=315.0
)
BURNS = (
    Burn(name="capture", delta_v_m_s=910.0),
    Burn(name="deorbit", delta_v_m_s=20.0),
    Burn(name="descent", delta_v_m_s=1900.0, descent=True),
)


@pytest.mark.parametrize("injected, landed", [(6000.0, 2400.0), (6200.0, 2480.0), (6500.0, 2600.0)])
def test_the_masses_of_the_reference_for_three_injected_ones(injected: float, landed: float) -> None:
    assert mass_budget(LANDER, injected, BURNS, 0.0).landed_kg == pytest.approx(landed, abs=6.0)


def test_each_line_begins_where_the_last_ended_and_mass_is_kept() -> None:
    made = mass_budget(LANDER, 6500.0, BURNS, 0.05)
    assert made.rows[0].before_kg == 6500.0
    assert all(a.after_kg == b.before_kg for a, b in zip(made.rows, made.rows[1:], strict=False))
    assert made.landed_kg + sum(row.spent_kg for row in made.rows) == pytest.approx(6500.0, abs=1e-9)
    assert [row.margined_m_s / row.delta_v_m_s for row in made.rows] == pytest.approx([1.05] * 3)
    assert np.isnan(made.margin_kg)


def test_a_propulsion_module_is_left_behind_before_the_descent() -> None:
    staged = Propulsion(
        name="test", wet_mass_kg=1752.0, thrust_n=3200.0, isp_s=315.0, throttle_min_fraction=0.2, orbit_isp_s=315.0,
        stage_mass_kg=2148.0,
    )  # fmt: skip
    made = mass_budget(staged, 3900.0, BURNS, 0.0)
    assert [row.name for row in made.rows][2] == "module left behind"
    assert made.rows[2].after_kg == pytest.approx(1752.0)


def test_a_module_without_propellant_for_its_burns_and_negative_masses_are_refused() -> None:
    staged = Propulsion(
        name="test", wet_mass_kg=1752.0, thrust_n=3200.0, isp_s=315.0, throttle_min_fraction=0.2, orbit_isp_s=315.0,
        stage_mass_kg=300.0,
    )  # fmt: skip
    with pytest.raises(InputError, match="take .* kg"):
        mass_budget(staged, 2052.0, BURNS, 0.0)
    with pytest.raises(InputError, match="module alone"):
        mass_budget(staged, 200.0, BURNS, 0.0)
