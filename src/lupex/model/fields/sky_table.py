"""Where Sun, Earth and stations stand, as plain tables."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import tdb_seconds
from lupex.base.errors import SpanError
from lupex.model.fields.terrain import frozen
from lupex.model.glance import Glance, counted, span_words


@dataclass(frozen=True, eq=False, repr=False)
class SkyTable(Glance):
    """Apparent positions (light time and stellar aberration) seen from the Moon's centre.

    Attributes:
        times_tdb_s: (time,) TDB seconds past J2000, ascending.
        sun_me_m, earth_me_m: (time, 3) positions in MOON_ME_DE440_ME421, metres.
        stations_me_m: name -> (time, 3), same frame.
        kernels: (file name, sha256) of every kernel used.
    """

    times_tdb_s: NDArray[np.float64]
    sun_me_m: NDArray[np.float64]
    earth_me_m: NDArray[np.float64]
    stations_me_m: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    kernels: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        n = self.times_tdb_s.shape[0]
        for name in ("sun_me_m", "earth_me_m"):
            if getattr(self, name).shape != (n, 3):
                raise SpanError(f"sky table: {name} has shape {getattr(self, name).shape} for {n} times")
        if n > 1 and not np.all(np.diff(self.times_tdb_s) > 0):
            raise SpanError("sky table: times do not ascend")
        for name in ("times_tdb_s", "sun_me_m", "earth_me_m"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    def __len__(self) -> int:
        return int(self.times_tdb_s.shape[0])

    @property
    def step_s(self) -> float:
        """Mean step between times (s); 0 for a single time."""
        n = len(self)
        return 0.0 if n < 2 else float((self.times_tdb_s[-1] - self.times_tdb_s[0]) / (n - 1))

    def between(self, start_tdb_s: float, stop_tdb_s: float) -> "SkyTable":
        """Rows with start <= time <= stop. Raises SpanError when nothing or not all of it is covered.

        Args:
            start_tdb_s, stop_tdb_s: span, TDB seconds past J2000.
        """
        start_tdb_s, stop_tdb_s = tdb_seconds("sky table", [start_tdb_s, stop_tdb_s]).tolist()
        t = self.times_tdb_s
        slack = self.step_s
        if start_tdb_s < t[0] - slack or stop_tdb_s > t[-1] + slack:
            raise SpanError(
                f"sky table covers TDB {t[0]:.0f}..{t[-1]:.0f} s past J2000, asked for "
                f"{start_tdb_s:.0f}..{stop_tdb_s:.0f}",
                "ask inside the span or make a longer table",
            )
        keep = (t >= start_tdb_s) & (t <= stop_tdb_s)
        if not keep.any():
            raise SpanError("sky table: no time falls in the interval asked for", "use a finer step")
        return self.rows(keep)

    def rows(self, keep: NDArray[np.bool_]) -> "SkyTable":
        """The rows where ``keep`` (time,) is true."""
        return SkyTable(
            self.times_tdb_s[keep],
            self.sun_me_m[keep],
            self.earth_me_m[keep],
            {name: v[keep] for name, v in self.stations_me_m.items()},
            self.kernels,
        )

    def _facts(self) -> dict[str, str]:
        if not len(self):
            return {"times": "0 times"}
        times = f"{counted(len(self), 'time')} every {self.step_s:g} s"
        stations = ", ".join(self.stations_me_m)
        span = span_words((self.times_tdb_s[0], self.times_tdb_s[-1]))
        return {"times": times, "span": span, "stations": f"with {stations}" if stations else ""}
