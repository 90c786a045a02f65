"""Time-tagged commands: service 11, time-based scheduling (ECSS-E-ST-70-41C, 8.11; times CUC 4 + 2)."""

from collections.abc import Sequence

from lupex.base.errors import InputError
from lupex.packets.coding.checks import crc16_of
from lupex.packets.pus.telemetry import CUC

TC_HEADER = 11
"""Octets before the data of a telecommand packet: primary header, then version and acknowledgements, service,
subservice, source."""
INSERT, ADD_ACTION = (11, 4), (19, 1)
"""Requests that carry other requests: put on the schedule, and taken when an event is raised."""


def tc_packet(apid: int, service: int, subservice: int, data: bytes = b"", count: int = 0) -> bytes:
    """A telecommand packet with PUS-C header, all four acknowledgements asked for, and checksum.

    Args:
        apid: of the application. service, subservice: of the request. data: its octets. count: sequence count.
    """
    body = bytes([0x2F, service, subservice, 0, 0]) + data
    head = (0x1800 | apid).to_bytes(2, "big") + (0xC000 | count).to_bytes(2, "big")
    octets = head + (len(body) + 1).to_bytes(2, "big") + body
    return octets + crc16_of(octets).to_bytes(2, "big")


def insert_packet(apid: int, activities: Sequence[tuple[float, bytes]], count: int = 0) -> bytes:
    """The request 11/4 that puts commands on the schedule: how many (u16), then time and packet of each.

    Args:
        apid: of the scheduler. activities: (TAI seconds since 1958, command packet). count: sequence count.

    Raises InputError where there is none, or they do not fit a packet.
    """
    if not activities:
        raise InputError("no command to schedule", "give one")
    data = len(activities).to_bytes(2, "big")
    data += b"".join(CUC.octets(CUC.count_of(tai_s)) + packet for tai_s, packet in activities)
    if len(data) > 1000:
        raise InputError(f"{len(activities)} commands of {len(data)} octets", "schedule fewer at a time")
    return tc_packet(apid, *INSERT, data, count)


def inserted_activities(octets: bytes) -> list[tuple[float, bytes]]:
    """Time (TAI seconds since 1958) and packet of each command in a request 11/4. Raises InputError where it is cut."""
    data, place, found = octets[TC_HEADER:-2], 2, []
    size = CUC.coarse + CUC.fine
    for _ in range(int.from_bytes(data[:2], "big")):
        head = data[place + size : place + size + 6]
        length = int.from_bytes(head[4:6], "big") + 7
        packet = data[place + size : place + size + length]
        if len(head) < 6 or len(packet) < length:
            raise InputError("a request 11/4 ends inside a command", "send it whole")
        found.append((float(CUC.seconds(CUC.count(data[place : place + size]))), packet))
        place += size + length
    if place != len(data):
        raise InputError("a request 11/4 has octets behind its commands", "send the number that it holds")
    return found


def action_packet(apid: int, event: int, packet: bytes, count: int = 0) -> bytes:
    """The request 19/1 that makes a command the action of an event: how many (u8), the event, and the command.

    Args:
        apid: of the application. event: number, 1 to 65535. packet: of the command. count: sequence count.

    Raises InputError for a number that is none of an event.
    """
    if not 1 <= event <= 65535:
        raise InputError(f"event {event}", "give 1 to 65535")
    return tc_packet(apid, *ADD_ACTION, b"\x01" + event.to_bytes(2, "big") + packet, count)


def added_action(octets: bytes) -> tuple[int, bytes]:
    """Event and command packet of a request 19/1; a packet of no octets where it has not exactly one."""
    data = octets[TC_HEADER:-2]
    whole = data[:1] == b"\x01" and int.from_bytes(data[7:9], "big") + 7 == len(data) - 3
    return int.from_bytes(data[1:3], "big"), data[3:] if whole else b""
