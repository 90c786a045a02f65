"""What an accommodation turns out to be."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class BudgetRow:
    """One line of a budget.

    Attributes:
        host, quantity, phase: what is counted where and when; phase 'all' where it does not matter.
        unit: of the numbers. basic: best estimates. margined: with the margins of maturity and system.
        limit: what the host keeps. margin: limit less margined; negative where it does not fit.
    """

    host: str
    quantity: str
    phase: str
    unit: str
    basic: float
    margined: float
    limit: float

    @property
    def margin(self) -> float:
        """Limit less margined value."""
        return self.limit - self.margined


@dataclass(frozen=True, kw_only=True)
class Compromise:
    """A best compromise: instrument -> mount (left out: not carried), and what it is worth and costs."""

    assignment: dict[str, str]
    worth: float
    mass_kg: float
    risk: float


@dataclass(frozen=True, kw_only=True)
class Binding:
    """A limit that holds the optimum back: what one more unit of it buys, found by solving again.

    Attributes:
        host, quantity, phase, unit: of the limit. more: units added.
        gain: of the first objective. change: instruments that come (+), go (-) or move, in words.
    """

    host: str
    quantity: str
    phase: str
    unit: str
    more: float
    gain: float
    change: tuple[str, ...]


@dataclass(frozen=True)
class View:
    """An instrument's field of view on its mount: ``blocked_fraction`` of it by the host's boxes."""

    instrument: str
    mount: str
    half_angle_deg: float
    blocked_fraction: float


@dataclass(frozen=True, kw_only=True)
class Fit:
    """An accommodation with its proof.

    Attributes:
        assignment: instrument -> mount. left_out: instruments that are not carried.
        objective: name -> value, in the order in which they were optimised; proven with zero gap.
        budgets: of the chosen assignment. binding: limits that hold it back. pareto: every best compromise.
        alternatives: other assignments within the tolerance of the first objective, best first.
        views: of instruments that have a field of view.
        conflicts: sources that contradict each other, and needs that cannot be met together, in words.
        fits_probability: that no limit is exceeded when the numbers grow as their maturity lets expect.
    """

    assignment: dict[str, str]
    left_out: tuple[str, ...]
    objective: dict[str, float]
    budgets: tuple[BudgetRow, ...]
    binding: tuple[Binding, ...]
    pareto: tuple[Compromise, ...]
    alternatives: tuple[Compromise, ...]
    views: tuple[View, ...]
    conflicts: tuple[str, ...]
    fits_probability: float
