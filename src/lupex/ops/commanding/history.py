"""What became of each command: released, accepted, started, completed or failed, from PUS-1 reports."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

STAGES = {1: "accepted", 2: "rejected", 3: "started", 4: "not started", 7: "completed", 8: "failed"}
FINAL = ("rejected", "not started", "completed", "failed")


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A command that left.

    Attributes:
        name, given: what was asked. request: first four octets of its packet, by which reports name it.
        released_tai_s: when it left. stages: stage -> packet time of the report. code: of a failure.
    """

    name: str
    given: Mapping[str, Any]
    request: bytes
    released_tai_s: float
    stages: Mapping[str, float] = field(default_factory=dict)
    code: int | None = None

    @property
    def verdict(self) -> str:
        """The last stage known: 'released' until something is heard."""
        return next((stage for stage in reversed(STAGES.values()) if stage in self.stages), "released")


@dataclass
class CommandHistory:
    """Commands in order of release."""

    sent: list[Sent] = field(default_factory=list)

    def released(self, name: str, given: Mapping[str, Any], packet: bytes, tai_s: float) -> None:
        """Note a command that leaves: name, arguments given, packet and time."""
        self.sent.append(Sent(name=name, given=dict(given), request=packet[:4], released_tai_s=tai_s))

    def heard(self, subservice: int, request: bytes, tai_s: float, code: int | None = None) -> bool:
        """Take in a report of service 1; whether it names a command of ours (the newest with that count).

        Args:
            subservice: stage. request: four octets. tai_s: packet time. code: of a failure.
        """
        for k in range(len(self.sent) - 1, -1, -1):
            if self.sent[k].request == request:
                stages = {**self.sent[k].stages, STAGES.get(subservice, "progress"): tai_s}
                self.sent[k] = replace(self.sent[k], stages=stages, code=self.sent[k].code if code is None else code)
                return True
        return False

    def rows(self) -> list[dict[str, Any]]:
        """One row a command."""
        return [
            {
                "command": one.name,
                "arguments": " ".join(f"{key}={value}" for key, value in one.given.items()),
                "released_tai_s": one.released_tai_s,
                "verdict": one.verdict,
                "code": one.code,
            }
            for one in self.sent
        ]
