"""COP-1, both sides against each other over links that lose frames and reports."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lupex.base.errors import InputError
from lupex.packets.frames.clcw import clcw_of
from lupex.packets.frames.farm import LOCKOUT, Farm
from lupex.packets.frames.fop import ACTIVE, INITIAL, Fop, FopSettings
from lupex.packets.frames.telecommand import TcFrame


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), loss=st.floats(0.0, 0.4), window=st.integers(1, 9))
def test_over_a_lossy_link_data_arrive_once_and_in_order(seed: int, loss: float, window: int) -> None:
    rng = np.random.default_rng(seed)
    fop, farm = Fop(settings=FopSettings(0xAB, window=window, timeout_s=3.0, limit=1000)), Farm(window=20)
    data = [bytes([k]) for k in range(40)]
    fop.start(0.0, "at once")
    sent, got = [], []
    for one in data:
        sent += fop.send(one, 0.0)
    for second in range(1, 4000):
        for frame in sent:
            if rng.random() >= loss and (accepted := farm.receive(frame)):
                got.append(accepted)
        sent = fop.hear(farm.clcw, float(second)) if rng.random() >= loss else []
        sent += fop.tick(float(second))
        if fop.waiting == 0:
            break
    assert got == data
    assert fop.delivered == len(data)
    assert fop.alerts == []


def test_a_report_of_frames_never_sent_ends_the_service() -> None:
    fop = Fop(settings=FopSettings(1))
    fop.start(0.0, "at once")
    fop.send(b"x", 0.0)
    fop.hear(clcw_of(0x01000005), 1.0)
    assert (fop.state, fop.alerts) == (INITIAL, ["N(R) outside what was sent"])
    with pytest.raises(InputError, match="not active"):
        fop.send(b"y", 2.0)


def test_lockout_is_told_and_ended_by_unlock() -> None:
    fop, farm = Fop(settings=FopSettings(1)), Farm()
    farm.receive(TcFrame(scid=1, vcid=0, data=b"x", number=100))
    assert farm.state == LOCKOUT
    fop.start(0.0, "at once")
    fop.hear(farm.clcw, 1.0)
    assert fop.alerts == ["lockout"]
    (unlock,) = fop.start(2.0, "unlock")
    farm.receive(unlock)
    fop.hear(farm.clcw, 3.0)
    assert (fop.state, farm.clcw.lockout, farm.clcw.farm_b) == (ACTIVE, False, 1)


def test_without_an_answer_a_frame_goes_out_as_often_as_the_limit_says() -> None:
    fop = Fop(settings=FopSettings(1, timeout_s=2.0, limit=3))
    fop.start(0.0, "at once")
    sent = fop.send(b"x", 0.0)
    for second in range(1, 20):
        sent += fop.tick(float(second))
    assert len(sent) == 3
    assert fop.alerts == ["transmission limit"]


@given(word=st.integers(0, 2**32 - 1))
def test_any_control_word_of_type_clcw_reads_back_to_its_bits(word: int) -> None:
    used = word & 0x1FFCFEFF
    assert clcw_of(used).word == used
