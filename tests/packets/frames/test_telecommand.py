"""Telecommand frames."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lupex.base.errors import InputError
from lupex.packets.coding.cltu import cltu, cltu_content
from lupex.packets.frames.telecommand import TcFrame, tc_frames

FRAMES = st.builds(
    TcFrame, scid=st.integers(0, 1023), vcid=st.integers(0, 63), data=st.binary(min_size=1, max_size=200),
    number=st.integers(0, 255), bypass=st.booleans(), control=st.booleans(),
)  # fmt: skip


@given(st.lists(FRAMES, min_size=1, max_size=3), st.booleans())
def test_frames_read_back_out_of_a_cltu(frames: list[TcFrame], fecf: bool) -> None:
    content = cltu_content(cltu(b"".join(frame.octets(fecf) for frame in frames)))
    assert content is not None
    found, left = tc_frames(content.octets, fecf)
    assert (found, left) == (frames, 0)


def test_a_frame_with_a_wrong_bit_is_dropped_and_what_cannot_fit_is_refused() -> None:
    octets = bytearray(TcFrame(scid=1, vcid=0, data=b"abc").octets())
    octets[6] ^= 4
    assert tc_frames(bytes(octets))[0] == []
    with pytest.raises(InputError, match="a TC frame of"):
        TcFrame(scid=1, vcid=0, data=bytes(1018)).octets()
    assert len(TcFrame(scid=1, vcid=0, data=bytes(1017)).octets()) == 1024
