"""Light times for many receptions at once, and ranges, Doppler and delays made of them, with partial derivatives.

    two-way range   c (t3 - t1) / 2                             half the round trip
    Doppler         [range(t + T/2) - range(t - T/2)] / T       T the count interval
    delay (DOR)     downlink path to one antenna less that to another, received at the same instant

Theory and limits: docs/theory/navigation.md.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lupex.base.arrays import F64
from lupex.base.constants import SPEED_OF_LIGHT_M_S
from lupex.base.errors import InputError
from lupex.base.running import Running
from lupex.ephemeris import BarycentricSeries
from lupex.ephemeris.barycentric import BLOCK_S
from lupex.kernels.navigation import light_time as kernel

_CHUNK = 16_384
COUNT_REFERENCES = ("START", "MIDDLE", "END")
"""Where in the count interval the time tag of a Doppler stands (INTEGRATION_REF of a TDM)."""


@dataclass(frozen=True, eq=False)
class Receptions:
    """Instants of reception and which antennas they belong to.

    Attributes:
        whole_tdb_s, rest_s: (n,) TDB seconds past J2000 in two parts.
        rx, tx: (n,) receiving and sending antenna, numbers in the table of antennas; tx is rx unless three-way.
    """

    whole_tdb_s: F64
    rest_s: F64
    rx: NDArray[np.int64]
    tx: NDArray[np.int64]

    @classmethod
    def of(cls, tdb_s: ArrayLike, rx: ArrayLike = 0, tx: ArrayLike | None = None) -> "Receptions":
        """Receptions at TDB seconds given as one double (steps of 1e-7 s)."""
        times = np.atleast_1d(np.asarray(tdb_s, np.float64))
        whole = np.floor(times)
        return cls.split(whole, times - whole, rx, tx)

    @classmethod
    def split(
        cls, whole_tdb_s: ArrayLike, rest_s: ArrayLike, rx: ArrayLike = 0, tx: ArrayLike | None = None
    ) -> "Receptions":
        """Receptions at whole seconds and rests, as `lupex.ephemeris.utc_to_split_tdb_s` gives them."""
        whole = np.atleast_1d(np.asarray(whole_tdb_s, np.float64))
        rest = np.broadcast_to(np.asarray(rest_s, np.float64), whole.shape)
        receiver = np.ascontiguousarray(np.broadcast_to(np.asarray(rx, np.int64), whole.shape))
        sender = (
            receiver if tx is None else np.ascontiguousarray(np.broadcast_to(np.asarray(tx, np.int64), whole.shape))
        )
        return cls(whole, np.ascontiguousarray(rest), receiver, sender)

    def shifted(self, seconds: float) -> "Receptions":
        """The same some seconds later."""
        return Receptions(self.whole_tdb_s, self.rest_s + seconds, self.rx, self.tx)

    @property
    def tdb_s(self) -> F64:
        """(n,) as one double."""
        return self.whole_tdb_s + self.rest_s


@dataclass(frozen=True, eq=False)
class Antennas:
    """Names and Earth-fixed places (k, 3), metres, of the antennas of a solution. Frame: see `frame`."""

    names: tuple[str, ...]
    itrf_m: F64
    frame: str = "ITRF93"
    height_m: F64 = field(default_factory=lambda: np.zeros(0))
    """Above the ellipsoid (k,), for the air over it; empty: sea level."""

    def __post_init__(self) -> None:
        places = np.ascontiguousarray(np.atleast_2d(np.asarray(self.itrf_m, np.float64)))
        if places.shape != (len(self.names), 3) or not np.all(np.isfinite(places)):
            raise InputError(f"antennas: places have shape {places.shape}", "give three finite metres for each name")
        radii = np.linalg.norm(places, axis=1)
        if np.any(np.abs(radii - 6.371e6) > 5e4):
            name = self.names[int(np.argmax(np.abs(radii - 6.371e6)))]
            raise InputError(f"antenna {name}: its place is not on the Earth", "give ITRF metres, not kilometres")
        object.__setattr__(self, "itrf_m", places)


@dataclass(frozen=True, eq=False)
class Paths:
    """Columns (n, LEAN or FULL) of `lupex.kernels.navigation.light_time` for receptions of one point each."""

    columns: F64
    receptions: Receptions

    @property
    def newtonian_m(self) -> F64:
        """Half the round trip (n,), without any delay."""
        return 0.5 * SPEED_OF_LIGHT_M_S * (self.columns[:, kernel.DOWN_S] + self.columns[:, kernel.UP_S])

    @property
    def down_m(self) -> F64:
        """Downlink path (n,), without any delay."""
        return SPEED_OF_LIGHT_M_S * self.columns[:, kernel.DOWN_S]

    @property
    def by_place(self) -> F64:
        """Change of half the round trip with the point's MOON_ME place (n, 3), m/m."""
        return self.columns[:, kernel.HALF_PATH_BY_PLACE : kernel.HALF_PATH_BY_PLACE + 3]

    @property
    def down_by_place(self) -> F64:
        """Change of the downlink with the point's MOON_ME place (n, 3), m/m."""
        return self.columns[:, kernel.DOWN_BY_PLACE : kernel.DOWN_BY_PLACE + 3]

    @property
    def elevations_deg(self) -> tuple[F64, F64]:
        """Of the point at the receiving and at the sending antenna (n,), over the plane normal to the radius."""
        both = np.clip(self.columns[:, [kernel.SIN_EL_RX, kernel.SIN_EL_TX]], -1.0, 1.0)
        rx, tx = np.degrees(np.arcsin(both)).T
        return rx, tx

    @property
    def towards_rx_me(self) -> F64:
        """Unit vectors (n, 3) from the point to the receiving antenna, MOON_ME."""
        return self.columns[:, kernel.TOWARDS_RX_ME : kernel.TOWARDS_RX_ME + 3]


def light_paths(
    series: BarycentricSeries,
    antennas: Antennas,
    place_me_m: ArrayLike,
    receptions: Receptions,
    full: bool = False,
    running: Running = Running(),
) -> Paths:
    """Converged light times, their partial derivatives and Shapiro delays for every reception.

    Args:
        series: of Earth, Moon and Sun over the receptions.
        antennas: with the numbers that the receptions name.
        place_me_m: the point, MOON_ME_DE440_ME421 metres: (3,), or (n, 3) one for each reception.
        receptions: n of them.
        full: what the terms beside Shapiro's need, too.
    """
    points = np.ascontiguousarray(np.atleast_2d(np.asarray(place_me_m, np.float64)))
    n = receptions.rx.size
    which = np.arange(n) if points.shape[0] == n and n > 1 else np.zeros(n, np.int64)
    blocks, seconds = series.placed(receptions.whole_tdb_s, receptions.rest_s)
    out = np.empty((n, kernel.FULL if full else kernel.LEAN))

    def work(first: int) -> None:
        part = slice(first, min(first + _CHUNK, n))
        kernel.light_times(
            seconds[part], blocks[part], series.series, BLOCK_S, antennas.itrf_m,
            receptions.rx[part], receptions.tx[part], points, which[part], out[part],
        )  # fmt: skip

    starts = range(0, n, _CHUNK)
    if len(starts) < 2 or running.threads < 2:
        for first in starts:
            work(first)
    else:
        with ThreadPoolExecutor(running.threads) as pool:
            list(pool.map(work, starts))
    return Paths(out, receptions)


def count_ends_s(count_s: float, reference: str = "MIDDLE") -> tuple[float, float]:
    """First and last instant of a Doppler count relative to its time tag (s).

    Args:
        count_s: the count interval.
        reference: where in it the tag stands: START, MIDDLE or END.

    Raises InputError for another word or an interval outside 1e-3 .. 7200 s.
    """
    if not 1e-3 <= count_s <= 7200.0:
        raise InputError(f"Doppler: count interval {count_s:g} s", "give 0.001 to 7200 s")
    if reference not in COUNT_REFERENCES:
        raise InputError(f"Doppler: count reference '{reference}'", f"use one of {', '.join(COUNT_REFERENCES)}")
    first = {"START": 0.0, "MIDDLE": -0.5, "END": -1.0}[reference] * count_s
    return first, first + count_s


def names_of(names: Sequence[str], wanted: Sequence[str]) -> NDArray[np.int64]:
    """Numbers of wanted names in a table of names. Raises InputError for one that is not there."""
    table = {name: number for number, name in enumerate(names)}
    unknown = sorted(set(wanted) - set(table))
    if unknown:
        raise InputError(f"antenna '{unknown[0]}' is not in the table", f"known: {', '.join(names)}")
    return np.array([table[name] for name in wanted], np.int64)
