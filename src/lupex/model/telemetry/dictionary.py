"""Packets and commands by name: the one definition from which everything else is made."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lupex.base.errors import InputError
from lupex.model.telemetry.monitoring import Derived, Expected, StateLimits
from lupex.model.telemetry.types import ValueType

OPERATORS = ("==", "!=", "<", "<=", ">", ">=")


@dataclass(frozen=True)
class Parameter:
    """A value in telemetry: unique name, type, and what it means."""

    name: str
    type: ValueType
    meaning: str = ""


@dataclass(frozen=True)
class Comparison:
    """``parameter`` ``operator`` ``value``, on the calibrated value or the raw one."""

    parameter: str
    value: str
    operator: str = "=="
    calibrated: bool = True

    def __post_init__(self) -> None:
        if self.operator not in OPERATORS:
            raise InputError(f"comparison operator '{self.operator}' is unknown", f"known: {', '.join(OPERATORS)}")


@dataclass(frozen=True)
class Entry:
    """A place in a container: a parameter, or another container where ``container`` is set.

    Attributes:
        parameter: its name. container: name of a container whose entries stand here.
        start_bit: from the start of the packet (``from_start``) or from the end of the entry before.
        conditions: all must hold, else the entry is not there.
    """

    parameter: str = ""
    container: str = ""
    start_bit: int = 0
    from_start: bool = False
    conditions: tuple[Comparison, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Container:
    """A packet or the part many share.

    Attributes:
        name: unique. entries: in order, after those of ``base``. base: the container this one refines, '' for a root.
        conditions: what tells it from others of the same base. abstract: never a packet by itself. meaning: in words.
    """

    name: str
    entries: tuple[Entry, ...]
    base: str = ""
    conditions: tuple[Comparison, ...] = ()
    abstract: bool = False
    meaning: str = ""


@dataclass(frozen=True)
class Fixed:
    """Bits of a command that are always the same."""

    bits: int
    value: int


@dataclass(frozen=True)
class Argument:
    """What a command is told: name, type with valid range, meaning, and the value taken when none is given."""

    name: str
    type: ValueType
    meaning: str = ""
    default: str | None = None


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command or the part many share.

    Attributes:
        name: unique. arguments: its own. layout: Fixed parts and names of arguments, after those of ``base``.
        base: '' for a root. assigned: argument of a base -> value. abstract: cannot be sent.
        critical: asks for a second confirmation. meaning: in words.
    """

    name: str
    arguments: tuple[Argument, ...] = ()
    layout: tuple[Fixed | str, ...] = ()
    base: str = ""
    assigned: dict[str, str] = field(default_factory=dict)
    abstract: bool = False
    critical: bool = False
    meaning: str = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class Dictionary:
    """Telemetry and commands of one mission.

    Attributes:
        name: of the system. parameters, containers, commands: by name, in the order they were written.
        error_control: whether packets end in a CRC-16-CCITT. source: where it comes from.
        notes: what was found in a file and has no influence on values.
        derived, states, expected: what is watched beyond the limits of single parameters.
    """

    name: str
    parameters: dict[str, Parameter]
    containers: dict[str, Container]
    commands: dict[str, Command]
    error_control: bool = False
    source: str = ""
    notes: tuple[str, ...] = ()
    derived: tuple[Derived, ...] = ()
    states: tuple[StateLimits, ...] = ()
    expected: tuple[Expected, ...] = ()

    def __post_init__(self) -> None:
        self._check_monitoring()
        for container in self.containers.values():
            self._known(f"container {container.name}", container.base, self.containers)
            for entry in container.entries:
                place = f"container {container.name}"
                self._known(place, entry.container, self.containers)
                self._known(place, entry.parameter, self.parameters)
            for condition in (*container.conditions, *(c for e in container.entries for c in e.conditions)):
                self._known(f"container {container.name}", condition.parameter, self.parameters)
        for command in self.commands.values():
            self._known(f"command {command.name}", command.base, self.commands)
        for name in self.containers:
            self.lineage(name)
        for name in self.commands:
            self.command_lineage(name)

    def _check_monitoring(self) -> None:
        for one in self.derived:
            if one.name in self.parameters:
                raise InputError(f"derived {one.name} has the name of a parameter", "choose another name")
            for name in one.inputs:
                self._known(f"derived {one.name}", name, self.parameters)
        for rule in self.states:
            for name in (rule.parameter, rule.state):
                self._known("limits by state", name, self.parameters)
            known = {text for _, _, text in self.parameters[rule.state].type.labels}
            if not rule.labels or not {*rule.labels} <= known:
                raise InputError(f"limits of {rule.parameter}: labels of {rule.state}", f"known: {', '.join(known)}")
        for packet in self.expected:
            self._known("expected packets", packet.packet, self.containers)
            if not packet.longest_s > 0.0:
                raise InputError(f"expected packet {packet.packet}: {packet.longest_s} s", "give a positive time")

    def lineage(self, name: str) -> tuple[Container, ...]:
        """The containers from the root to ``name``. Raises InputError for a circle."""
        line = [self.containers[name]]
        while line[0].base:
            line.insert(0, self.containers[line[0].base])
            if len(line) > len(self.containers):
                raise InputError(f"container {name} refines itself in a circle", "end the chain of bases at a root")
        return tuple(line)

    def command_lineage(self, name: str) -> tuple[Command, ...]:
        """The commands from the root to ``name``. Raises InputError for a circle."""
        line = [self.commands[name]]
        while line[0].base:
            line.insert(0, self.commands[line[0].base])
            if len(line) > len(self.commands):
                raise InputError(f"command {name} refines itself in a circle", "end the chain of bases at a root")
        return tuple(line)

    def children(self, name: str) -> tuple[Container, ...]:
        """The containers that refine ``name``."""
        return tuple(one for one in self.containers.values() if one.base == name)

    @property
    def roots(self) -> tuple[Container, ...]:
        """Containers that refine no other and stand in no other."""
        inside = {entry.container for one in self.containers.values() for entry in one.entries}
        return tuple(one for one in self.containers.values() if not one.base and one.name not in inside)

    @staticmethod
    def _known(place: str, name: str, held: Mapping[str, object]) -> None:
        if name and name not in held:
            raise InputError(f"{place} names '{name}', which is not defined", "define it, or correct the name")
