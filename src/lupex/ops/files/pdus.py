"""Protocol data units of CFDP in space packets: APID 2045, no secondary header, a checksum at the end."""

from collections.abc import Iterable

from lupex.base.errors import InputError
from lupex.packets.coding.checks import crc16_of

FILES_APID = 2045
"""Reserved for CFDP (SANA registry of APIDs)."""
LONGEST_PDU = 900
"""Octets: with its packet it fits a TC frame."""
_HEAD = 6


def pdu_packet(pdu: bytes, count: int, telecommand: bool = False) -> bytes:
    """The space packet of a PDU.

    Args:
        pdu: octets. count: sequence count. telecommand: whether it goes up.

    Raises InputError for a PDU of no octets or more than a packet holds.
    """
    if not 0 < len(pdu) <= 65534:
        raise InputError(f"a PDU of {len(pdu)} octets", "give 1 to 65534")
    head = (int(telecommand) << 12 | FILES_APID).to_bytes(2, "big") + (0xC000 | count % 16384).to_bytes(2, "big")
    octets = head + (len(pdu) + 1).to_bytes(2, "big") + pdu
    return octets + crc16_of(octets).to_bytes(2, "big")


def is_pdu_packet(packet: bytes) -> bool:
    """Whether a packet carries a PDU; its checksum is right."""
    return len(packet) > _HEAD + 2 and int.from_bytes(packet[:2], "big") & 0x0FFF == FILES_APID and not crc16_of(packet)


def pdus_of(packets: Iterable[bytes]) -> list[bytes]:
    """The PDUs among packets."""
    return [packet[_HEAD:-2] for packet in packets if is_pdu_packet(packet)]
