"""Commands read from their packets: which one it is, and what it was told."""

from typing import Any

import numpy as np

from lupex.base.errors import InputError
from lupex.model.telemetry.dictionary import Command, Dictionary, Fixed
from lupex.model.telemetry.types import ValueType
from lupex.packets.definitions.convert import engineering, raw_numbers, raw_of

_HEADER_BITS = 48


def decode_command(dictionary: Dictionary, octets: bytes) -> tuple[str, dict[str, Any]]:
    """Name and arguments of a command packet.

    Args:
        dictionary: that defines it. octets: the packet, its checksum included and checked before.

    Raises InputError where no command has these bits.
    """
    body = octets[:-2] if dictionary.error_control else octets
    number, width = int.from_bytes(body, "big"), 8 * len(body)
    for command in dictionary.commands.values():
        if not command.abstract:
            found = _matched(dictionary.command_lineage(command.name), number, width)
            if found is not None:
                return command.name, found
    raise InputError(f"a command packet of {len(octets)} octets", "no command of the dictionary has these bits")


def _matched(line: tuple[Command, ...], number: int, width: int) -> dict[str, Any] | None:
    arguments = {one.name: one for command in line for one in command.arguments}
    assigned = {key: value for command in line for key, value in command.assigned.items()}
    values: dict[str, Any] = {}
    place = 0
    for part in (part for command in line for part in command.layout):
        size = part.bits if isinstance(part, Fixed) else arguments[part].type.encoding.bits
        if size == 0 or place + size > width:
            return None
        bits = number >> (width - place - size) & ((1 << size) - 1)
        if isinstance(part, Fixed):
            if bits != part.value and place >= _HEADER_BITS:  # count and length are put in when it is sent
                return None
        else:
            value = _value(arguments[part].type, bits)
            if part in assigned:
                if value != _value_of(arguments[part].type, assigned[part]):
                    return None
            else:
                values[part] = value
        place += size
    return values if place == width else None


def _value(type_: ValueType, bits: int) -> Any:
    if type_.kind in ("string", "binary"):
        block = bits.to_bytes(type_.encoding.bits // 8, "big")
        return block.decode("utf-8", "replace") if type_.kind == "string" else block
    raw = raw_numbers(type_.encoding, np.array([bits], np.uint64))
    return engineering(type_, raw)[0].item()


def _value_of(type_: ValueType, text: str) -> Any:
    raw = raw_of(type_, text, "assigned")
    return engineering(type_, np.array([raw]))[0].item()
