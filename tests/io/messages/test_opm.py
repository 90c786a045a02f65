import pytest

from lupex.base.errors import InputError
from lupex.io import OemHeader, OrbitState, PlannedBurn
from lupex.io.messages.opm import opm_text

STATE = OrbitState(
    name="LUPEX", center="EARTH", frame="EME2000", utc="2028-06-19T02:50:00", mass_kg=6155.2,
    state=(6.5e6, -1.0e6, 2.0e5, 1000.0, 10_900.0, -20.0),
)  # fmt: skip
HEADER = OemHeader("LUPEX", "2028-06-01")


def test_a_message_holds_the_state_in_kilometres_and_its_burns_in_order() -> None:
    burn = PlannedBurn(utc="2028-06-23T18:44:00", mass_change_kg=-480.0, delta_v_m_s=(0.0, -252.3, 0.0))
    lines = opm_text(STATE, (burn,), HEADER).splitlines()
    held = dict(line.split(" = ", 1) for line in lines if " = " in line)
    assert lines[0] == "CCSDS_OPM_VERS = 2.0"
    assert [float(held[key]) for key in ("X", "Y_DOT", "MASS")] == [6500.0, 10.9, 6155.2]
    assert held["EPOCH"] == "2028-06-19T02:50:00"
    assert [float(held[f"MAN_DV_{k}"]) for k in (1, 2, 3)] == [0.0, -0.2523, 0.0]
    assert lines.index("TIME_SYSTEM = UTC") < lines.index("MAN_DURATION = 0.0")


@pytest.mark.parametrize(
    "state, mass", [((1.0, 2.0), 1.0), ((float("nan"),) * 6, 1.0), ((1.0,) * 6, 0.0), ((1.0,) * 6, float("nan"))]
)
def test_a_state_that_is_none_and_a_mass_that_cannot_be_are_refused(state: tuple[float, ...], mass: float) -> None:
    wrong = OrbitState(name="x", center="EARTH", frame="EME2000", utc="2028-01-01", mass_kg=mass, state=state)
    with pytest.raises(InputError, match="six finite numbers"):
        opm_text(wrong, (), HEADER)
