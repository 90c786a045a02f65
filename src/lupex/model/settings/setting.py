"""How one setting is declared: default, meaning, source and bounds in one place."""

from dataclasses import field
from typing import Any

ASSUMPTION = "assumption"


def setting(
    default: Any,
    meaning: str,
    source: str = ASSUMPTION,
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[str, ...] = (),
) -> Any:
    """A dataclass field with its meaning, the source of its default and its bounds (inclusive)."""
    return field(
        default=default,
        metadata={
            "meaning": meaning,
            "source": source,
            "minimum": minimum,
            "maximum": maximum,
            "choices": choices,
        },
    )
