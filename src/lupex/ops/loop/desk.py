"""The desk of a day: its folder says what waits for a go, and whoever may puts one there.

Three small files, each replaced as a whole: ``waiting.json`` (the stack that waits, with its digest), ``go.json`` (a
person's name and the digest it was given for) and ``desk.json`` (commands, refusals and alarms so far). A go holds for
the stack with that digest and for no other.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lupex.base.errors import InputError, LupexError
from lupex.base.gate import file_json, printable
from lupex.io.tables import json_text, plain, write_json
from lupex.ops.commanding.stack import Stack

WAITING, GO, STATE = "waiting.json", "go.json", "desk.json"
LONGEST_NAME = 80


@dataclass(frozen=True)
class Desk:
    """A folder where stacks wait for a go. One process puts them there (`offer`), another may answer (`give`)."""

    folder: Path

    def offer(self, stack: Stack, tai_s: float) -> None:
        """Lay a stack down.

        Args:
            stack: without a go.
            tai_s: when (TAI since 1958).
        """
        self._forget(GO)
        write_json(self.folder / WAITING, {"digest": digest_of(stack), "made_tai_s": tai_s, "stack": stack})

    def gone(self, stack: Stack) -> str:
        """The person who gave the go for a stack, '' for nobody yet. A go for another stack is none."""
        found = self._read(GO)
        if found.get("digest") != digest_of(stack):
            return ""
        return checked_name(found.get("person"))

    def clear(self) -> None:
        """Nothing waits any more."""
        self._forget(WAITING)
        self._forget(GO)

    def waiting(self) -> dict[str, Any]:
        """What waits: digest, made_tai_s and stack; {} for nothing, or where a go was given already."""
        found = self._read(WAITING)
        return {} if not found or self._read(GO).get("digest") == found.get("digest") else found

    def give(self, digest: str, person: str) -> None:
        """Give the go for the stack that waits.

        Args:
            digest: of the stack that the person has seen.
            person: who.

        Raises InputError where nothing waits, another stack does, or nobody is named.
        """
        name = checked_name(person)
        if not name:
            raise InputError("a go without a name", "say who gives it")
        found = self.waiting()
        if not found:
            raise InputError("no commands wait for a go", "look again: they may be on their way already")
        if found.get("digest") != digest:
            raise InputError("other commands wait now than those you saw", "look at them, then give the go again")
        write_json(self.folder / GO, {"digest": digest, "person": name})

    def say(self, state: dict[str, Any]) -> None:
        """Write how the day stands, for whoever follows it."""
        write_json(self.folder / STATE, state)

    def state(self) -> dict[str, Any]:
        """How the day stands, {} where nothing was said yet."""
        return self._read(STATE)

    def _read(self, name: str) -> dict[str, Any]:
        if not (self.folder / name).exists():
            return {}
        try:
            found = file_json(self.folder / name)
        except LupexError:  # taken away between two looks, or somebody else's: nothing is as safe as no go
            return {}
        return found if isinstance(found, dict) else {}

    def _forget(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)


def digest_of(stack: Stack) -> str:
    """SHA-256 of everything a stack would send, its name included and its go not."""
    return hashlib.sha256(json_text(plain({"name": stack.name, "steps": stack.steps})).encode()).hexdigest()


def checked_name(person: Any) -> str:
    """A person's name as it is kept: printable, in one line; '' for none. Raises InputError above 80 characters."""
    if not isinstance(person, str):
        return ""
    name = " ".join(person.split())
    if len(name) > LONGEST_NAME:
        raise InputError(f"a name of {len(name)} characters", f"at most {LONGEST_NAME}")
    return printable(name, LONGEST_NAME)
