"""A number or word about the mission, with where it comes from."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fact:
    """A number or word about the mission with where it comes from ('assumption' when unpublished).

    ``stated_for``: name and value of the fact it was stated for and scales with; None where it stands for itself.
    """

    key: str
    value: Any
    source: str
    meaning: str = ""
    stated_for: tuple[str, float] | None = None
