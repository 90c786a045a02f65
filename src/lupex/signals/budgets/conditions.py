"""What one link budget is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lupex.model.settings.link import LinkSettings
from lupex.signals.budgets.tolerances import FIXED, TYPICAL, Tolerance


@dataclass(frozen=True)
class LinkConditions:
    """What one budget is asked for.

    Attributes:
        settings: of [link]. rate_bps: telemetry rate, None: the radio's highest; commands go at the radio's rate.
        ranging: True when ranging shares the carrier. off_axis_deg: of the radio's antenna, None: its
            pointing error. tolerances: by row, in place of the typical ones.
    """

    settings: LinkSettings = field(default_factory=LinkSettings)
    rate_bps: float | None = None
    ranging: bool = False
    off_axis_deg: float | None = None
    tolerances: Mapping[str, Tolerance] = field(default_factory=lambda: TYPICAL)

    def of(self, row: str) -> Tolerance:
        """Tolerance of a row, fixed when none is given."""
        return self.tolerances.get(row, FIXED)
