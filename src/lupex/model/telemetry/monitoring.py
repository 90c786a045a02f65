"""What is watched beyond the limits of single parameters: derived values, limits by state, packets that must come."""

import ast
from dataclasses import dataclass

from lupex.base.errors import InputError
from lupex.model.telemetry.types import Limits

_ALLOWED = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.USub, ast.UAdd, ast.Name, ast.Load,
    ast.Constant,
)  # fmt: skip
LONGEST_FORMULA = 200


@dataclass(frozen=True, kw_only=True)
class Derived:
    """A value made of others by a formula of + - * /, names and numbers.

    Attributes:
        name: unique among parameters. formula: of parameters. unit: as people write it. meaning: in words.
        limits: of the value. oldest_s: inputs older than this make no value.
    """

    name: str
    formula: str
    unit: str = ""
    meaning: str = ""
    limits: Limits = Limits()
    oldest_s: float = 600.0

    def __post_init__(self) -> None:
        try:
            tree = ast.parse(self.formula[: LONGEST_FORMULA + 1], mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise InputError(f"derived {self.name}: formula '{self.formula[:60]}'", "use + - * / and names") from None
        plain = all(isinstance(node, _ALLOWED) for node in ast.walk(tree))
        constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        if not plain or len(self.formula) > LONGEST_FORMULA or not all(type(one) in (int, float) for one in constants):
            raise InputError(f"derived {self.name}: formula '{self.formula[:60]}'", "use + - * /, names and numbers")
        if not self.inputs or self.oldest_s <= 0.0:
            raise InputError(f"derived {self.name}: no inputs, or no age they may have", "name a parameter")

    @property
    def inputs(self) -> tuple[str, ...]:
        """Parameters of the formula, each once."""
        names = [node.id for node in ast.walk(ast.parse(self.formula, mode="eval")) if isinstance(node, ast.Name)]
        return tuple(dict.fromkeys(names))


@dataclass(frozen=True, kw_only=True)
class StateLimits:
    """Limits of a parameter while another has one of some labels.

    Attributes:
        parameter: that is judged. state: parameter with labels. labels: during which the limits hold. limits: then.
    """

    parameter: str
    state: str
    labels: tuple[str, ...]
    limits: Limits


@dataclass(frozen=True)
class Expected:
    """A packet that must come: name of its container, and the longest time (s, packet time) between two of them."""

    packet: str
    longest_s: float
