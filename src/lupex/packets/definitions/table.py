"""Decoded packets as columns."""

from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from lupex.base.errors import InputError
from lupex.model.telemetry.dictionary import Parameter
from lupex.packets.definitions.convert import engineering
from lupex.packets.streams.batch import Ints


@dataclass(frozen=True, eq=False)
class Level:
    """Fields read for some packets, on top of those read before for more of them.

    Attributes:
        index: (n,) packets of the batch. raw: parameter -> (n,). above: the level they were chosen from.
        rows: (n,) their rows there.
    """

    index: Ints
    raw: dict[str, NDArray[Any]] = field(default_factory=dict)
    above: "Level | None" = None
    rows: Ints | None = None

    @property
    def names(self) -> list[str]:
        """Parameters in the order they were read."""
        return [*(self.above.names if self.above else []), *self.raw]

    def column(self, name: str) -> NDArray[Any]:
        """Raw values (n,) of a parameter, wherever it was read."""
        level, rows = self, None
        while name not in level.raw:
            if level.above is None:
                raise InputError(f"parameter {name} was not read", "compare with a parameter that stands before")
            if level.rows is not None:
                rows = level.rows if rows is None else level.rows.take(rows)
            level = level.above
        return level.raw[name] if rows is None else level.raw[name].take(rows)


@dataclass(frozen=True, eq=False)
class PacketTable:
    """Packets of one name.

    Attributes:
        name: of the container. index: (n,) their places in the batch, rising.
        parameters: name -> Parameter, in the order of the packet.
    """

    name: str
    index: Ints
    parameters: dict[str, Parameter]
    _level: Level

    def __len__(self) -> int:
        return self.index.size

    def raw(self, name: str) -> NDArray[Any]:
        """Raw values (n,) of a parameter."""
        return self._level.column(self._known(name))

    def values(self, name: str) -> NDArray[Any]:
        """Engineering values (n,) of a parameter (see `engineering`)."""
        return engineering(self.parameters[self._known(name)].type, self.raw(name))

    def columns(self, raw: bool = False) -> dict[str, NDArray[Any]]:
        """Every parameter's values, raw ones where asked."""
        return {name: self.raw(name) if raw else self.values(name) for name in self.parameters}

    def _known(self, name: str) -> str:
        if name not in self.parameters:
            raise InputError(f"packet {self.name} has no parameter '{name}'", f"it has: {', '.join(self.parameters)}")
        return name


@dataclass(frozen=True)
class Problem:
    """Why packets were not decoded, or only in part: how many, and the first with its place in the stream."""

    reason: str
    count: int
    first_index: int
    first_offset: int


@dataclass(frozen=True, eq=False)
class Decoded:
    """What a batch held.

    Attributes:
        tables: packets by the name of their container; those known only in part stand under the container reached.
        problems: what went wrong.
    """

    tables: dict[str, PacketTable]
    problems: tuple[Problem, ...]

    def __len__(self) -> int:
        return sum(map(len, self.tables.values()))
