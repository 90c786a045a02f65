"""Packets decoded to columns: every step is done for all packets that take it, not packet by packet.

The tree of containers is walked once. At each container the packets that reached it have their next fields read (runs
of fields at fixed places in one call), conditions are evaluated on whole columns, and the packets part. Places become
an array of one bit number a packet behind the first field whose size differs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import InputError
from lupex.kernels.packets.fields import columns, terminated
from lupex.model.telemetry.dictionary import Comparison, Container, Dictionary, Entry
from lupex.model.telemetry.types import ValueType
from lupex.packets.definitions.convert import engineering, raw_numbers
from lupex.packets.definitions.table import Decoded, Level, PacketTable, Problem
from lupex.packets.streams.batch import Ints, PacketBatch

_OPERATIONS = {
    "==": np.equal, "!=": np.not_equal, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip
CHECKSUM_BITS = 16


def decode(dictionary: Dictionary, batch: PacketBatch, root: str = "") -> Decoded:
    """The values of packets, by the dictionary.

    Packets with a wrong checksum are left out and counted. A packet that ends before one of its fields is left out of
    its table and counted, with the name of that field.

    Args:
        dictionary: containers and parameters. batch: packets. root: container to begin with; by default the one that
            most others refine.

    Raises InputError for an unknown root, or a dictionary without packets.
    """
    walk = _Walk(dictionary, batch)
    index = np.flatnonzero(batch.good)
    bad = np.flatnonzero(~batch.good)
    if bad.size:
        walk.problem("wrong checksum", bad)
    if index.size:
        walk.container(_root(dictionary, root), _State(Level(index), 0))
    return Decoded(walk.tables(), tuple(walk.problems))


@dataclass(frozen=True)
class _State:
    """Where reading stands: the level, and the next bit from the start of each packet (one number, or (n,))."""

    level: Level
    cursor: int | Ints

    def chosen(self, mask: NDArray[np.bool_]) -> "_State":
        if mask.all():
            return self
        rows = np.flatnonzero(mask)
        cursor = self.cursor if isinstance(self.cursor, int) else self.cursor[rows]
        return _State(Level(self.level.index[rows], {}, self.level, rows), cursor)

    def added(self, raw: dict[str, NDArray[Any]], cursor: int | Ints) -> "_State":
        return _State(Level(self.level.index, raw, self.level, None), cursor)


@dataclass
class _Walk:
    dictionary: Dictionary
    batch: PacketBatch
    problems: list[Problem] = field(default_factory=list)
    ends: dict[str, list[Level]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.first_bit = self.batch.offset * 8
        check = CHECKSUM_BITS if self.dictionary.error_control else 0
        self.end_bit = self.first_bit + self.batch.length * 8 - check

    def container(self, one: Container, state: _State) -> None:
        """Read a container's entries, then go on with those that refine it."""
        self._entries(self._expanded(one), state, one)

    def tables(self) -> dict[str, PacketTable]:
        """The tables of all packets that came to an end."""
        made = {}
        for name, levels in self.ends.items():
            level = levels[0] if len(levels) == 1 else _joined(levels)
            parameters = {key: self.dictionary.parameters[key] for key in level.names}
            made[name] = PacketTable(name, level.index, parameters, level)
        return made

    def problem(self, reason: str, index: Ints) -> None:
        """Note packets that were not decoded, or only in part."""
        first = int(index.min())
        offset = int(self.batch.offset[first]) + self.batch.start
        self.problems.append(Problem(reason, int(index.size), first, offset))

    def _expanded(self, one: Container, depth: int = 0) -> list[Entry]:
        if depth > len(self.dictionary.containers):
            raise InputError(f"container {one.name} holds itself", "end the circle of container entries")
        entries: list[Entry] = []
        for entry in one.entries:
            if not entry.container:
                entries.append(entry)
                continue
            if entry.from_start or entry.start_bit:
                raise InputError(f"container {entry.container} stands at a place of its own", "write it in order")
            inner = self.dictionary.containers[entry.container]
            for each in self._expanded(inner, depth + 1):
                entries.append(
                    Entry(each.parameter, "", each.start_bit, each.from_start, entry.conditions + each.conditions)
                )
        return entries

    def _entries(self, entries: Sequence[Entry], state: _State, one: Container) -> None:
        while entries:
            if state.level.index.size == 0:
                return
            if entries[0].conditions:
                there = self._holds(entries[0].conditions, state)
                if not there.any():
                    entries = entries[1:]
                    continue
                if not there.all():
                    plain = Entry(entries[0].parameter, "", entries[0].start_bit, entries[0].from_start)
                    self._entries([plain, *entries[1:]], state.chosen(there), one)
                    entries, state = entries[1:], state.chosen(~there)
                    continue
            run = self._run(entries)
            if run:
                state = self._read_run(entries[:run], state, one)
                entries = entries[run:]
            else:
                state = self._read_variable(entries[0], state, one)
                entries = entries[1:]
        self._refined(one, state)

    def _refined(self, one: Container, state: _State) -> None:
        rest = np.ones(state.level.index.size, bool)
        taken = np.zeros(rest.size, bool)
        for child in self.dictionary.children(one.name):
            fits = self._holds(child.conditions, state)
            both = fits & taken
            if both.any():
                self.problem(f"two packets that refine {one.name} match, the first was taken", state.level.index[both])
            fits &= rest
            taken |= fits
            rest &= ~fits
            if fits.any():
                self.container(child, state.chosen(fits))
        if rest.any():
            level = state.chosen(rest).level
            if one.abstract:
                self.problem(f"no packet that refines {one.name} matches", level.index)
            self.ends.setdefault(one.name, []).append(level)

    def _holds(self, conditions: Sequence[Comparison], state: _State) -> NDArray[np.bool_]:
        holds = np.ones(state.level.index.size, bool)
        for one in conditions:
            type_ = self.dictionary.parameters[one.parameter].type
            column = state.level.column(one.parameter)
            if one.calibrated:
                column = engineering(type_, column)
            holds &= _OPERATIONS[one.operator](column, _typed(one.value, column, type_))
        return holds

    def _run(self, entries: Sequence[Entry]) -> int:
        """How many entries from here on are plain numbers of fixed size."""
        count = 0
        for entry in entries:
            encoding = self.dictionary.parameters[entry.parameter].type.encoding
            if encoding.kind in ("string", "binary") or (count and entry.conditions):
                break
            count += 1
        return count

    def _read_run(self, entries: Sequence[Entry], state: _State, one: Container) -> _State:
        first, end, index = self.first_bit[state.level.index], self.end_bit[state.level.index], state.level.index
        types = [self.dictionary.parameters[entry.parameter].type for entry in entries]
        fixed = isinstance(state.cursor, int)
        place: int | Ints = state.cursor if fixed else 0
        from_start = [entry.from_start for entry in entries]
        if not fixed and any(from_start):  # one at a time where places of both sorts mix
            if len(entries) > 1:
                return self._read_run(entries[1:], self._read_run(entries[:1], state, one), one)
            base, place = first, 0
        else:
            base = first if fixed else first + state.cursor
        fields = np.empty((len(entries), 3), np.int64)
        held: dict[int, int] = {8: 0, 16: 0, 32: 0, 64: 0}
        for k, (entry, type_) in enumerate(zip(entries, types, strict=True)):
            place = entry.start_bit if entry.from_start else place + entry.start_bit
            size = _holder(type_.encoding.bits)
            fields[k] = place, type_.encoding.bits, held[size]
            held[size] += 1
            place += type_.encoding.bits
        out = {size: np.empty((rows, index.size), f"u{size // 8}") for size, rows in held.items()}
        short = np.empty(index.size, np.int64)
        columns(self.batch.data, base, end, fields, out[8], out[16], out[32], out[64], short)
        raw = {
            entry.parameter: raw_numbers(type_.encoding, out[_holder(type_.encoding.bits)][row])
            for entry, type_, row in zip(entries, types, fields[:, 2].tolist(), strict=True)
        }
        cursor = place if fixed or from_start[0] else state.cursor + place
        if not fixed and from_start[0]:
            cursor = np.full(index.size, place, np.int64)
        state = state.added(raw, cursor)
        whole = short == len(entries)
        if not whole.all():
            for f in np.unique(short[~whole]).tolist():
                self.problem(f"{one.name} ends before {entries[f].parameter}", index[short == f])
            state = state.chosen(whole)
        return state

    def _read_variable(self, entry: Entry, state: _State, one: Container) -> _State:
        """A string or block: whole octets from any bit."""
        type_ = self.dictionary.parameters[entry.parameter].type
        index = state.level.index
        first = self.first_bit[index] + (0 if entry.from_start else state.cursor) + entry.start_bit
        end = self.end_bit[index]
        size, used = self._sizes(type_, first, end, state)
        whole = (size >= 0) & (first + used <= end)
        if not whole.all():
            self.problem(f"{one.name} ends before {entry.parameter}", index[~whole])
            state, first, size, used = state.chosen(whole), first[whole], size[whole], used[whole]
        blocks = np.empty(first.size, object)
        for k, (bit, bits) in enumerate(zip(first.tolist(), size.tolist(), strict=True)):
            blocks[k] = self._block(bit, bits)
        if type_.encoding.kind == "string":
            blocks[:] = [block.decode("utf-8", "backslashreplace") for block in blocks]
        cursor = first + used - self.first_bit[state.level.index]
        constant = isinstance(state.cursor, int) and type_.encoding.is_fixed
        return state.added({entry.parameter: blocks}, int(cursor[0]) if constant and cursor.size else cursor)

    def _sizes(self, type_: ValueType, first: Ints, end: Ints, state: _State) -> tuple[Ints, Ints]:
        """Bits of each value, -1 where there is none, and bits with what surrounds it."""
        encoding = type_.encoding
        if encoding.size_parameter:
            counts = engineering(
                self.dictionary.parameters[encoding.size_parameter].type, state.level.column(encoding.size_parameter)
            ).astype(np.float64)
            bits = np.rint(encoding.size_slope * counts + encoding.size_intercept)
            bits = np.where((bits >= 0) & (bits < 2**20), bits, -1).astype(np.int64)
            return bits, np.maximum(bits, 0)
        if encoding.terminator:
            octets = np.empty(first.size, np.int64)
            limit = np.minimum(end, first + encoding.bits) if encoding.bits else end
            terminated(self.batch.data, first, limit, np.frombuffer(encoding.terminator, np.uint8), octets)
            used = np.full(first.size, encoding.bits) if encoding.bits else 8 * (octets + len(encoding.terminator))
            if encoding.bits:  # a box of fixed size may be full to the brim
                octets = np.where(octets < 0, encoding.bits // 8, octets)
            return np.where(octets < 0, -1, 8 * octets), used
        bits = np.full(first.size, encoding.bits, np.int64)
        return bits, bits

    def _block(self, bit: int, bits: int) -> bytes:
        octet, lead = divmod(bit, 8)
        last = (bit + bits + 7) // 8
        data = self.batch.data[octet:last].tobytes()
        if lead == 0 and bits % 8 == 0:
            return data
        number = int.from_bytes(data, "big") >> (8 * len(data) - lead - bits)
        return (number & ((1 << bits) - 1)).to_bytes((bits + 7) // 8, "big")


def _joined(levels: list[Level]) -> Level:
    """Packets that reached the same end by different ways: the parameters of all, missing ones masked as absent."""
    index = np.concatenate([level.index for level in levels])
    order = np.argsort(index, kind="stable")
    names = list(dict.fromkeys(name for level in levels for name in level.names))
    raw = {}
    for name in names:
        parts = []
        for level in levels:
            if name in level.names:
                parts.append(level.column(name))
            else:
                parts.append(np.full(level.index.size, None, object))
        if any(part.dtype == object for part in parts):
            parts = [part.astype(object) for part in parts]
        raw[name] = np.concatenate(parts)[order]
    return Level(index[order], raw)


def _holder(bits: int) -> int:
    """Size (bits) of the narrowest unsigned type that holds so many."""
    return next(size for size in (8, 16, 32, 64) if bits <= size)


def _root(dictionary: Dictionary, name: str) -> Container:
    if name:
        if name not in dictionary.containers:
            raise InputError(f"no container '{name}'", f"known: {', '.join(dictionary.containers)}"[:300])
        return dictionary.containers[name]
    if not dictionary.roots:
        raise InputError(f"the dictionary {dictionary.name} defines no packets", "give one with containers")
    return max(dictionary.roots, key=lambda one: sum(dictionary.lineage(n)[0] is one for n in dictionary.containers))


def _typed(value: str, column: NDArray[Any], type_: ValueType) -> Any:
    """The text of a comparison as something the column can be compared with."""
    if type_.kind == "boolean" and column.dtype == bool:
        words = {"true": True, "1": True, "false": False, "0": False}
        if value == type_.label(1) or value == type_.label(0):
            return value == type_.label(1)
        if value.lower() in words:
            return words[value.lower()]
    if column.dtype.kind in "US" or column.dtype == object:
        return value
    try:
        return int(value, 0) if value.strip().lower().startswith("0x") else int(value)
    except ValueError:
        pass
    try:
        return float(value)
    except ValueError:
        raise InputError(f"a condition compares a number with '{value[:40]}'", "write a number") from None
