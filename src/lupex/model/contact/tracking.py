"""Predicted or measured tracking of one link: range, range rate, received frequency."""

from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.model.fields.terrain import frozen


@dataclass(frozen=True, eq=False, kw_only=True)
class TrackingSegment:
    """Tracking along one path of the signal.

    Attributes:
        participants: names. path: their numbers from 1, in the order the signal runs: (1, 2) one way from the first to
            the second, (2, 1, 2) two way.
        times_utc: of reception, UTC text (n,). range_m (n,): whole path of the signal.
        range_rate_m_s (n,): its change per second of reception. receive_hz (n,): received frequency. Either may be
            empty (0,): not measured.
        transmit_hz: sent by the first of the path; 0 where no frequency was measured.
        band: 'S', 'X' ..., '' when not said.
        range_modulus_m: the range is known but for a multiple of this; 0: whole.
        quality: what the sender says of the data ('VALIDATED', 'DEGRADED' ...), '' when nothing.
    """

    participants: tuple[str, ...]
    path: tuple[int, ...]
    times_utc: tuple[str, ...]
    range_m: F64
    range_rate_m_s: F64
    receive_hz: F64
    transmit_hz: float
    band: str = ""
    range_modulus_m: float = 0.0
    quality: str = ""

    def __post_init__(self) -> None:
        for name in ("range_m", "range_rate_m_s", "receive_hz"):
            values = np.asarray(getattr(self, name), dtype=np.float64)
            if values.shape != (len(self.times_utc),) and not (values.shape == (0,) and name != "range_m"):
                raise InputError(f"tracking: {name} has {values.size} entries for {len(self.times_utc)} times")
            if not np.all(np.isfinite(values)):
                raise InputError(f"tracking: {name} is not finite throughout")
            object.__setattr__(self, name, frozen(values))
        if not 0.0 <= self.range_modulus_m < np.inf:
            raise InputError(f"tracking: range modulus {self.range_modulus_m:g} m", "give 0 or more")
        if not 1 <= len(self.participants) <= 5 or any(not 1 <= n <= len(self.participants) for n in self.path):
            raise InputError("tracking: one to five participants, and a path of their numbers, are needed")
        if len(self.path) < 2 or not self.times_utc:
            raise InputError("tracking: the path needs two participants, and there must be a time")
