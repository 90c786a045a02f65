"""CRC-16-CCITT against vectors of Yamcs' tests and an independent implementation (fastcrc)."""

import numpy as np
import pytest
from fastcrc import crc16
from hypothesis import given
from hypothesis import strategies as st

from lupex.packets.coding.checks import crc16_of, frames_sound

VECTORS = {
    b"123456789".hex(): 0x29B1, "0000": 0x1D0F, "000000": 0xCC9C, "abcdef01": 0x04A2, "1456f89a0001": 0x7FD5,
    "06000cf0000400558873c900000521": 0x75FB,
}  # fmt: skip


@pytest.mark.parametrize(("octets", "expected"), VECTORS.items())
def test_published_checksums_come_out(octets: str, expected: int) -> None:
    assert crc16_of(bytes.fromhex(octets)) == expected


@given(st.binary(min_size=1, max_size=300))
def test_any_octets_have_the_checksum_of_an_independent_implementation(octets: bytes) -> None:
    assert crc16_of(octets) == crc16.ibm_3740(octets)
    assert crc16_of(octets + crc16_of(octets).to_bytes(2, "big")) == 0


def test_of_many_frames_the_one_with_a_wrong_bit_is_found() -> None:
    frame = b"\x01\x02\x03"
    frames = np.tile(np.frombuffer(frame + crc16_of(frame).to_bytes(2, "big"), np.uint8), (4, 1))
    frames[2, 1] ^= 0x10
    assert frames_sound(frames).tolist() == [True, True, False, True]
