"""A number or word about the mission, with where it comes from."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fact:
    """A number or word about the mission with where it comes from ('assumption' when unpublished)."""

    key: str
    value: Any
    source: str
    meaning: str = ""
