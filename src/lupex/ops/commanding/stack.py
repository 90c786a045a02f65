"""Stacks of commands: in order, timed, guarded by conditions, repeatable; nothing leaves without a person's go."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lupex.base.errors import InputError
from lupex.model.telemetry.dictionary import Comparison, Dictionary
from lupex.packets.definitions.encode import encode_command

_TEST: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Step:
    """One command of a stack.

    Attributes:
        name, given: command and arguments. guards: conditions on telemetry, all of which must hold when it is to go.
        after_previous: wait until the one before has completed. not_before_tai_s: earliest time, None: at once.
    """

    name: str
    given: Mapping[str, Any] = field(default_factory=dict)
    guards: tuple[Comparison, ...] = ()
    after_previous: bool = True
    not_before_tai_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class Stack:
    """Steps with a name, and who gave the go ('' nobody yet)."""

    name: str
    steps: tuple[Step, ...]
    go: str = ""

    def with_go(self, person: str) -> "Stack":
        """The stack as released by a person. Raises InputError without a name."""
        if not person.strip():
            raise InputError(f"stack {self.name}: go without a name", "say who gives it")
        return Stack(name=self.name, steps=self.steps, go=person.strip())


def checked_stack(dictionary: Dictionary, stack: Stack) -> Stack:
    """The stack, every command of which can be encoded and every guard evaluated.

    Args:
        dictionary: commands and parameters. stack: to check.

    Raises InputError naming the step.
    """
    for number, step in enumerate(stack.steps, start=1):
        place = f"stack {stack.name} step {number}"
        try:
            encode_command(dictionary, step.name, step.given)
        except InputError as error:
            raise InputError(f"{place}: {error.what}", error.fix) from None
        for guard in step.guards:
            if guard.parameter not in dictionary.parameters:
                raise InputError(
                    f"{place}: guard on unknown parameter '{guard.parameter}'", "name one of the dictionary"
                )
    return stack


def guards_hold(guards: Sequence[Comparison], values: Mapping[str, Any]) -> str:
    """'' where all conditions hold on the newest values, else the first that does not, in words.

    Args:
        guards: conditions. values: parameter -> newest engineering value; one that is missing holds nothing.
    """
    for guard in guards:
        found = values.get(guard.parameter)
        text = f"{guard.parameter} {guard.operator} {guard.value}"
        if found is None:
            return f"{text}: no value yet"
        wanted: Any = guard.value if isinstance(found, str) else float(guard.value)
        if not _TEST[guard.operator](found, wanted):
            return f"{text}: it is {found}"
    return ""
