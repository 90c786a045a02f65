"""What is followed: an archive with its desk, and who may give a go."""

import secrets
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lupex.base.errors import InputError, LupexError
from lupex.base.gate import file_json
from lupex.catalogue.telemetry import dictionary, event_texts
from lupex.ops.archive.store import Archive
from lupex.ops.loop.desk import Desk
from lupex.web.follow.telemetry import Telemetry, ms_of

ARCHIVE, DAY = "archive.sqlite", "day.json"


@dataclass(frozen=True, eq=False)
class Followed:
    """An archive that is followed.

    Attributes:
        telemetry: of it. desk: where its commands wait, None for an archive alone.
        go_token: what a go needs, '' where no go is taken.
    """

    telemetry: Telemetry
    desk: Desk | None
    go_token: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_go_token(self, given: str) -> bool:
        """Whether this is the token that the command line printed for commands."""
        return bool(self.go_token) and secrets.compare_digest(given.encode("utf-8", "replace"), self.go_token.encode())

    def commands(self) -> dict[str, Any]:
        """Commands that wait, that left, and that were refused, from the desk of a day under way or its record."""
        if self.desk is None:
            return {"waiting": None, "sent": [], "refused": [], "ended": True, "note": "an archive holds no commands"}
        waiting, state, ended = self.desk.waiting(), self.desk.state(), False
        if not state:
            state, ended = self._record(), True
        sent = [
            {key: one.get(key) for key in ("command", "arguments", "verdict", "code")}
            | {"released_ms": _one_ms(one.get("released_tai_s"))}
            for one in _rows(state.get("commands"))
        ]
        return {
            "waiting": _waiting(waiting) if waiting else None,
            "sent": sent[-500:],
            "refused": [[str(cell)[:300] for cell in one] for one in (state.get("refused") or [])[-100:]],
            "ended": bool(state.get("ended", ended)),
            "note": "" if state else "nothing is recorded of commands",
        }

    def give(self, digest: str, person: str) -> None:
        """Give the go for the stack that waits. Raises InputError as `Desk.give`, and for an archive alone.

        Args:
            digest: of the stack the person saw.
            person: who.
        """
        if self.desk is None:
            raise InputError("this archive has no desk", "follow the folder of `lupex ops day --ask --out DIR`")
        with self._lock:
            self.desk.give(digest, person)

    def _record(self) -> dict[str, Any]:
        """The record of a day that is over, {} without one."""
        assert self.desk is not None
        try:
            found = file_json(self.desk.folder / DAY)
        except LupexError:  # not written yet, or no day's folder: telemetry is shown all the same
            return {}
        return found if isinstance(found, dict) else {}


def follow(place: str | Path, name: str = "lupex", commands: bool = False) -> Followed:
    """What is in a folder of `lupex ops day`, or an archive alone.

    Args:
        place: folder that holds archive.sqlite, or an archive.
        name: of the dictionary that decodes.
        commands: whether a go may be given; then a token for it is drawn.

    Raises InputError for no such place, and for a go with no folder to put it in; StoreError for no archive.
    """
    path = Path(place)
    folder = path if path.is_dir() else None
    archive = path / ARCHIVE if folder is not None else path
    if not archive.is_file():
        fix = "name the folder of `lupex ops day --out`, or an archive"
        raise InputError(f"{path}: no archive{'' if folder is None else f' ({ARCHIVE}) in it'}", fix)
    if commands and folder is None:
        raise InputError(f"{path}: an archive alone takes no go", "name the folder of `lupex ops day --ask --out`")
    Archive.open(archive).close()
    desk = None if folder is None else Desk(folder)
    return Followed(
        Telemetry(archive, dictionary(name), event_texts(name)), desk, secrets.token_urlsafe(24) if commands else ""
    )


def _waiting(found: dict[str, Any]) -> dict[str, Any] | None:
    stack = found.get("stack")
    if not isinstance(stack, dict) or not isinstance(found.get("digest"), str):
        return None
    steps = [
        {
            "command": str(one.get("name", ""))[:80],
            "arguments": " ".join(f"{key}={value}" for key, value in (one.get("given") or {}).items())[:300],
            "after_previous": bool(one.get("after_previous")),
        }
        for one in _rows(stack.get("steps"))
    ]
    return {
        "digest": found["digest"],
        "name": str(stack.get("name", ""))[:80],
        "made_ms": _one_ms(found.get("made_tai_s")),
        "steps": steps,
    }


def _rows(found: Any) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _one_ms(tai_s: Any) -> float | None:
    import numpy as np

    usable = isinstance(tai_s, int | float) and not isinstance(tai_s, bool) and 0.0 < tai_s < 1e10
    return ms_of(np.array([tai_s]))[0] if usable else None
