"""Two-way ranges and their rates with every term, as a table for users and as numbers for an estimator."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lupex.base.arrays import F64
from lupex.base.running import Running
from lupex.ephemeris import BarycentricSeries
from lupex.navigation.radio.paths import Antennas, Receptions, count_ends_s, light_paths
from lupex.navigation.radio.terms import TERMS, Geometry, Medium, range_terms_m

RATE_COUNT_S = 60.0
"""Count interval of the rate a table shows."""

RELATIVITY = ("sun_shapiro", "earth_shapiro", "moon_shapiro", "station_clock", "station_frame", "point_frame")
"""The terms that need no knowledge of a medium or of the Moon's interior."""


@dataclass(frozen=True, eq=False, kw_only=True)
class RangeModel:
    """What ranges are computed with.

    Attributes:
        series: of Earth, Moon and Sun. antennas: the table of antennas.
        terms: names of `TERMS` that are added; () for the bare geometry.
        medium: air and plasma.
    """

    series: BarycentricSeries
    antennas: Antennas
    terms: tuple[str, ...] = tuple(TERMS)
    medium: Medium = Medium()


def two_way(model: RangeModel, place_me_m: ArrayLike, receptions: Receptions) -> tuple[F64, F64]:
    """Two-way (or three-way) range (n,), metres, and its change with the place (n, 3).

    Args:
        model: series, antennas and terms.
        place_me_m: (3,) MOON_ME metres.
        receptions: n of them; with tx unlike rx the path is three-way.
    """
    place = np.asarray(place_me_m, np.float64)
    paths = light_paths(model.series, model.antennas, place, receptions, full=bool(model.terms))
    extra = range_terms_m(Geometry(paths, model.antennas, place, model.medium), model.terms)
    return paths.newtonian_m + sum(extra.values(), np.zeros(receptions.rx.size)), paths.by_place


def downlink(model: RangeModel, place_me_m: ArrayLike, receptions: Receptions) -> tuple[F64, F64]:
    """One-way path (n,), metres, from the place to the receiving antenna, and its change with the place (n, 3).

    The terms' downlink part is added, but for the station's clock, which a one-way path does not have.
    """
    place = np.asarray(place_me_m, np.float64)
    paths = light_paths(model.series, model.antennas, place, receptions, full=bool(model.terms))
    geometry = Geometry(paths, model.antennas, place, model.medium)
    extra = sum(
        (TERMS[name](geometry)[0] for name in model.terms if name != "station_clock"), np.zeros(receptions.rx.size)
    )
    return paths.down_m + extra, paths.down_by_place


def doppler(
    model: RangeModel, place_me_m: ArrayLike, receptions: Receptions, count_s: float, reference: str = "MIDDLE"
) -> tuple[F64, F64]:
    """Two-way range rate (n,), m/s, over a count interval, and its change with the place (n, 3), 1/s.

    Args:
        model, place_me_m, receptions: as in `two_way`.
        count_s: the count interval; the rate is the difference of two ranges over it, as a receiver counts it.
        reference: where in the interval the time tag stands.
    """
    first, last = count_ends_s(count_s, reference)
    range_0, by_0 = two_way(model, place_me_m, receptions.shifted(first))
    range_1, by_1 = two_way(model, place_me_m, receptions.shifted(last))
    return (range_1 - range_0) / count_s, (by_1 - by_0) / count_s


def delay(model: RangeModel, place_me_m: ArrayLike, receptions: Receptions) -> tuple[F64, F64]:
    """Downlink path to antenna rx less that to antenna tx (n,), metres, same instant of reception; and by the place.

    What a delta-DOR measures once the quasar's known delay is taken off both antennas' clocks.
    """
    other = Receptions(receptions.whole_tdb_s, receptions.rest_s, receptions.tx, receptions.tx)
    one = Receptions(receptions.whole_tdb_s, receptions.rest_s, receptions.rx, receptions.rx)
    (path_1, by_1), (path_2, by_2) = downlink(model, place_me_m, one), downlink(model, place_me_m, other)
    return path_1 - path_2, by_1 - by_2


def range_table(
    model: RangeModel, place_me_m: ArrayLike, receptions: Receptions, utc: Sequence[str], running: Running = Running()
) -> dict[str, F64 | list[str]]:
    """Columns (n,) for a user: utc, two_way_range_m, range_rate_mm_s, light_time_s, newtonian_range_m and every term.

    two_way_range_m is half the round trip and equals newtonian_range_m and the terms that the model adds; terms
    it does not add are shown, too. light_time_s is the whole round trip; elevation_deg that at the antenna.

    Args:
        model, place_me_m, receptions: as in `two_way`.
        utc: texts of the receptions.
        running: threads.
    """
    place = np.asarray(place_me_m, np.float64)
    paths = light_paths(model.series, model.antennas, place, receptions, full=True, running=running)
    extra = range_terms_m(Geometry(paths, model.antennas, place, model.medium))
    total = paths.newtonian_m + sum((extra[name] for name in model.terms), np.zeros(receptions.rx.size))
    rate, _ = doppler(model, place, receptions, RATE_COUNT_S)
    return {
        "utc": list(utc),
        "two_way_range_m": total,
        "range_rate_mm_s": rate * 1e3,
        "light_time_s": paths.columns[:, 0] + paths.columns[:, 1] + 2.0 * (total - paths.newtonian_m) / 299_792_458.0,
        "newtonian_range_m": paths.newtonian_m,
        **{f"{name}_m": value for name, value in extra.items()},
        "elevation_deg": paths.elevations_deg[0],
    }
