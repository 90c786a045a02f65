"""Commands and telemetry packets made from values."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from lupex.base.errors import InputError
from lupex.model.telemetry.dictionary import Argument, Command, Comparison, Dictionary, Fixed
from lupex.model.telemetry.types import ValueType
from lupex.packets.coding.checks import crc16_of
from lupex.packets.definitions.convert import raw_bits, raw_of

_HEADER_BITS = 48


def command_arguments(dictionary: Dictionary, name: str) -> dict[str, Argument]:
    """What a user may tell a command: its arguments and those of its bases that nothing assigns.

    Raises InputError for a command that is unknown or abstract.
    """
    line = _line(dictionary, name)
    assigned = {key for one in line for key in one.assigned}
    return {one.name: one for command in line for one in command.arguments if one.name not in assigned}


def encode_command(dictionary: Dictionary, name: str, given: Mapping[str, Any], count: int = 0) -> bytes:
    """The packet of a command, with length, sequence count and (where the dictionary has one) checksum.

    Args:
        dictionary: that defines it. name: of the command. given: argument -> value or its text.
        count: sequence count, 0 to 16383.

    Raises InputError: unknown command or argument, an argument that is missing, not finite, no whole number, outside
        its valid range or too large for its bits.
    """
    line = _line(dictionary, name)
    free = command_arguments(dictionary, name)
    for key in given:
        if key not in free:
            raise InputError(f"command {name} has no argument '{key}'", _near(key, free))
    arguments = {one.name: one for command in line for one in command.arguments}
    values = {key: value for command in line for key, value in command.assigned.items()} | dict(given)
    bits = _Bits()
    for command in line:
        for part in command.layout:
            if isinstance(part, Fixed):
                bits.add(part.bits, part.value)
                continue
            argument = arguments.get(part)
            if argument is None:
                raise InputError(
                    f"command {name} places '{part}', which is no argument of it", "correct the dictionary"
                )
            value = values.get(part, argument.default)
            if value is None:
                missing = [one for one in free if one not in given and free[one].default is None]
                raise InputError(f"command {name}: missing {', '.join(missing) or part}", f"write {part}=VALUE")
            bits.add_value(argument.type, value, f"{name} {part}")
    return _finished(bits.octets(f"command {name}"), count, dictionary.error_control)


def encode_packet(dictionary: Dictionary, name: str, values: Mapping[str, Any], count: int = 0) -> bytes:
    """A telemetry packet: fields that conditions fix are filled in, those not given are 0.

    Args:
        dictionary: that defines it. name: of the container. values: parameter -> engineering value or label; ints of
            absolute times are raw counts.
        count: sequence count.

    Raises InputError: unknown packet or parameter, or a value that does not fit.
    """
    if name not in dictionary.containers:
        raise InputError(f"no packet '{name}'", _near(name, dictionary.containers))
    line = dictionary.lineage(name)
    entries = [entry for one in line for entry in one.entries]
    known = {entry.parameter for entry in entries}
    for key in values:
        if key not in known:
            raise InputError(f"packet {name} has no parameter '{key}'", _near(key, known))
    fixed = _fixed([condition for one in line for condition in one.conditions])
    bits = _Bits()
    for entry in entries:
        if entry.container or entry.conditions or entry.start_bit or entry.from_start:
            raise InputError(f"packet {name} has entries with places or conditions of their own", "it is only decoded")
        type_ = dictionary.parameters[entry.parameter].type
        value = values.get(entry.parameter, fixed.get(entry.parameter))
        if value is None:
            bits.add(type_.encoding.bits, 0)
        elif type_.kind == "absolute_time" and isinstance(value, int):
            bits.add(type_.encoding.bits, value)
        else:
            bits.add_value(type_, value, f"{name} {entry.parameter}")
    octets = bits.octets(f"packet {name}")
    return _finished(_with_flags(octets), count, dictionary.error_control)


class _Bits:
    """Fields one after the other."""

    def __init__(self) -> None:
        self.number, self.width = 0, 0

    def add(self, width: int, value: int) -> None:
        self.number = (self.number << width) | value
        self.width += width

    def add_value(self, type_: ValueType, value: Any, place: str) -> None:
        raw = raw_of(type_, value, place)
        if isinstance(raw, bytes):
            self.add(8 * len(raw), int.from_bytes(raw, "big"))
        else:
            self.add(type_.encoding.bits, raw_bits(type_.encoding, raw))

    def octets(self, place: str) -> bytearray:
        if self.width % 8:
            raise InputError(f"{place} has {self.width} bits", "complete the last octet in the dictionary")
        return bytearray(self.number.to_bytes(self.width // 8, "big"))


def _finished(octets: bytearray, count: int, error_control: bool) -> bytes:
    if not 0 <= count < 16384:
        raise InputError(f"sequence count {count}", "give 0 to 16383")
    if error_control:
        octets += b"\0\0"
    if len(octets) * 8 <= _HEADER_BITS or len(octets) - 7 > 65535:
        raise InputError(f"a packet of {len(octets)} octets", "a space packet has 7 to 65542")
    octets[2] = (octets[2] & 0xC0) | count >> 8
    octets[3] = count & 0xFF
    octets[4:6] = (len(octets) - 7).to_bytes(2, "big")
    if error_control:
        octets[-2:] = crc16_of(bytes(octets[:-2])).to_bytes(2, "big")
    return bytes(octets)


def _with_flags(octets: bytearray) -> bytearray:
    """Sequence flags 'unsegmented'."""
    octets[2] |= 0xC0
    return octets


def _fixed(conditions: Iterable[Comparison]) -> dict[str, str]:
    return {one.parameter: one.value for one in conditions if one.operator == "=="}


def _line(dictionary: Dictionary, name: str) -> tuple[Command, ...]:
    if name not in dictionary.commands:
        raise InputError(f"no command '{name}'", _near(name, dictionary.commands))
    line = dictionary.command_lineage(name)
    if line[-1].abstract:
        raise InputError(f"command {name} is abstract", "name one that refines it")
    return line


def _near(wrong: str, known: Iterable[str]) -> str:
    names = sorted(known)
    close = difflib.get_close_matches(wrong, names, n=1)
    return f"did you mean '{close[0]}'?" if close else f"known: {', '.join(names)[:300]}"
