"""Packets of files: with a checksum as we send them, without one as Yamcs does, and others."""

import pytest

from lupex.base.errors import InputError
from lupex.ops.files.pdus import is_pdu_packet, pdu_packet, pdus_of

PDU = bytes.fromhex("2000121300010000000000020700000014000561" + "2e62696e05622e62696e")
"""File name 'a.bin' to 'b.bin', entity ids of two octets and a number of four, as Yamcs 5.12.8 made it."""
FROM_YAMCS = bytes.fromhex("17fdc001001d") + PDU


def test_both_kinds_carry_the_same_unit() -> None:
    ours = pdu_packet(PDU, 1, telecommand=True)
    assert (len(ours), ours[:4]) == (len(FROM_YAMCS) + 2, FROM_YAMCS[:4])
    assert pdus_of([ours, FROM_YAMCS]) == [PDU, PDU]
    with pytest.raises(InputError):
        pdu_packet(b"", 0)


def test_a_wrong_checksum_another_length_and_another_apid_are_none() -> None:
    ours = pdu_packet(PDU, 1)
    wrong = ours[:-1] + bytes([ours[-1] ^ 1])
    for packet in (wrong, FROM_YAMCS[:-1], FROM_YAMCS + b"\0", b"\x17\xfc" + FROM_YAMCS[2:], FROM_YAMCS[:8], b""):
        assert not is_pdu_packet(packet)
