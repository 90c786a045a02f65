"""The ground where the lander comes down, as a distribution."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Spread:
    """A quantity over the landing dispersion: mean, standard deviation, 5th and 95th percentile, in its unit."""

    mean: float
    sigma: float
    low: float
    high: float


@dataclass(frozen=True)
class BrokenRule:
    """A rule of the mission that fails in part of the landing dispersion: its name, itself in words, the share of the
    landings in which it fails, and whether that is enough to mark the site."""

    name: str
    rule: str
    share: float
    marked: bool


@dataclass(frozen=True)
class LandingGround:
    """What the lander will meet when it aims at a site.

    Attributes:
        values: layer -> `Spread` over the landing dispersion.
        broken: rules of [sites] that fail in any part of it.
    """

    values: dict[str, Spread] = field(default_factory=dict)
    broken: tuple[BrokenRule, ...] = ()

    @property
    def marked(self) -> tuple[BrokenRule, ...]:
        """The rules that fail often enough to mark the site."""
        return tuple(rule for rule in self.broken if rule.marked)
