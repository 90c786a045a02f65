from pathlib import Path

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.io.messages.oem import OemHeader
from lupex.io.messages.opm_states import KnownState, opm_text, read_opm, write_opm

ROOT = np.random.default_rng(1).normal(size=(6, 6)) * np.array([10.0, 10, 10, 0.01, 0.01, 0.01])
STATE = KnownState(
    name="LANDER", center="MOON", frame="ICRF", time_system="TDB", epoch="2028-03-01T00:00:00",
    state=np.array([1_837_400.0, 0.0, -12.5, 0.0, 20.0, 1633.5]), covariance=ROOT.T @ ROOT,
)  # fmt: skip
HEADER = OemHeader("LUPEX", "2028-02-01T00:00:00Z")


def test_a_state_with_its_covariance_comes_back(tmp_path: Path) -> None:
    write_opm(tmp_path / "a.opm", STATE, HEADER)
    found = read_opm(tmp_path / "a.opm")
    assert found.state == pytest.approx(STATE.state, abs=1e-8)
    assert found.covariance == pytest.approx(STATE.covariance, rel=1e-14)
    assert (found.name, found.center, found.frame, found.time_system, found.epoch) == (
        "LANDER", "MOON", "ICRF", "TDB", "2028-03-01T00:00:00",
    )  # fmt: skip


def test_the_unit_is_kilometres_and_the_order_of_the_triangle_that_of_the_standard(tmp_path: Path) -> None:
    text = opm_text(STATE, HEADER)
    assert "X = 1837.400000000000\n" in text and "Z_DOT = 1.633500000000\n" in text
    keys = [
        line.split(" =")[0]
        for line in text.splitlines()
        if line.startswith("C") and "_" in line and "CCSDS" not in line
    ]
    assert [k for k in keys if k.startswith(("CX", "CY", "CZ"))][:4] == ["CX_X", "CY_X", "CY_Y", "CZ_X"]
    only = tmp_path / "one.opm"
    bare = KnownState(**{**STATE.__dict__, "covariance": None})
    write_opm(only, bare, HEADER)
    assert read_opm(only).covariance is None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("CCSDS_OPM_VERS = 2.0\n", "", "does not begin"),
        ("EPOCH = 2028-03-01T00:00:00\n", "", "no EPOCH"),
        ("Y = 0.000000000000", "Y = nan", "Y = nan is no number"),
        ("CY_Y", "CQ_Q", "CQ_Q is not read"),
        ("CX_X = ", "COMMENT ", "covariance without CX_X"),
        ("ORIGINATOR = LUPEX\n", "ORIGINATOR = LUPEX\nORIGINATOR = B\n", "given twice"),
        ("ORIGINATOR = LUPEX\n", "ORIGINATOR = LUPEX\nMAN_DURATION = 3\n", "MAN_DURATION is not read"),
        ("REF_FRAME = ICRF\n", "REF_FRAME = ICRF\nCOV_REF_FRAME = RTN\n", "covariance in RTN"),
        ("ORIGINATOR = LUPEX\n", "ORIGINATOR\n", "is no keyword"),
    ],
)
def test_messages_that_cannot_be_are_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    text = opm_text(STATE, HEADER)
    assert old in text
    bad = tmp_path / "bad.opm"
    bad.write_text(text.replace(old, new, 1))
    with pytest.raises(InputError, match=words):
        read_opm(bad)


def test_states_that_are_none_are_refused() -> None:
    with pytest.raises(InputError, match="six finite"):
        KnownState(**{**STATE.__dict__, "state": np.zeros(5)})
    with pytest.raises(InputError, match="symmetric 6 x 6"):
        KnownState(**{**STATE.__dict__, "covariance": np.arange(36.0).reshape(6, 6)})
