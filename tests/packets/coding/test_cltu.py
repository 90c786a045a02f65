"""CLTUs: published parities of code blocks, single wrong bits mended, two found."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lupex.packets.coding.cltu import START, TAIL, cltu, cltu_content

PARITIES = {"22f600ff00421a": "12", "8cc00e010d1906": "5a", "301b0009008200": "54", "10e4c155555555": "3e"}


@pytest.mark.parametrize(("data", "parity"), PARITIES.items())
def test_code_blocks_have_the_published_parity(data: str, parity: str) -> None:
    unit = cltu(bytes.fromhex(data))
    assert unit == START + bytes.fromhex(data + parity) + TAIL


@pytest.mark.parametrize(("frame", "unit"), [(256, 306), (36, 58)])
def test_a_frame_makes_a_unit_of_the_published_length(frame: int, unit: int) -> None:
    assert len(cltu(bytes(frame))) == unit


@given(frame=st.binary(min_size=1, max_size=60), randomise=st.booleans(), data=st.data())
def test_one_wrong_bit_in_each_block_is_mended(frame: bytes, randomise: bool, data: st.DataObject) -> None:
    unit = np.frombuffer(cltu(frame, randomise), np.uint8).copy()
    for block in range((unit.size - 10) // 8):
        bit = data.draw(st.integers(0, 62))
        unit[2 + 8 * block + bit // 8] ^= 0x80 >> bit % 8
    found = cltu_content(unit, randomise)
    assert found is not None
    assert found.octets[: len(frame)] == frame
    assert set(found.octets[len(frame) :]) <= {0x55}
    assert (found.mended_bits, found.dropped_blocks) == ((unit.size - 10) // 8, 0)


def test_two_wrong_bits_end_the_unit_at_their_block() -> None:
    unit = bytearray(cltu(bytes(range(21))))
    unit[2 + 8] ^= 0x81
    found = cltu_content(bytes(unit))
    assert found is not None
    assert (found.octets, found.dropped_blocks) == (bytes(range(7)), 2)
    assert cltu_content(b"\0" + bytes(unit)) is None
