"""Protocol data units of CFDP in space packets: APID 2045, no secondary header, a checksum at the end.

Who sends them without a checksum is understood too: Yamcs adds none to a packet without secondary header, and the frame
has its own. A PDU states its length, so that the two cannot be taken for each other.
"""

from collections.abc import Iterable

from lupex.base.errors import InputError
from lupex.packets.coding.checks import crc16_of

FILES_APID = 2045
"""Reserved for CFDP (SANA registry of APIDs)."""
LONGEST_PDU = 900
"""Octets: with its packet it fits a TC frame."""
DELIVERED, SENT, FAILED = "delivered", "sent, not confirmed", "failed"
"""How a transaction ends; in class 1 nobody says that the file came."""
Transaction = tuple[int, int]
"""Entity of the sender, and number."""
_HEAD, _CHECK = 6, 2


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
    """Whether a packet carries a whole PDU; its checksum, if there is one, is right."""
    octets = _pdu_octets(packet)
    behind = len(packet) - _HEAD - octets
    return octets > 0 and (behind == 0 or (behind == _CHECK and not crc16_of(packet)))


def pdus_of(packets: Iterable[bytes]) -> list[bytes]:
    """The PDUs among packets."""
    return [packet[_HEAD : _HEAD + _pdu_octets(packet)] for packet in packets if is_pdu_packet(packet)]


def plain_name(name: str) -> str:
    """The last part of a name from the link, of harmless characters only."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(one if one.isascii() and (one.isalnum() or one in "-_.") else "_" for one in last)
    return kept.strip(".")[:100] or "file"


def _pdu_octets(packet: bytes) -> int:
    """Length of the PDU in a packet of files as its header states it, 0 where there is none."""
    if len(packet) < _HEAD + 4 or int.from_bytes(packet[:2], "big") & 0x0FFF != FILES_APID:
        return 0
    data, lengths = int.from_bytes(packet[_HEAD + 1 : _HEAD + 3], "big"), packet[_HEAD + 3]
    return 4 + 2 * (1 + (lengths >> 4 & 7)) + 1 + (lengths & 7) + data
