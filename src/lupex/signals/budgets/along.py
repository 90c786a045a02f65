"""A link along a pass: margins, the rate it carries, the data it brings down."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lupex.base.arrays import F64
from lupex.base.errors import InputError, UnpublishedError
from lupex.model.contact.radio import Radio
from lupex.model.contact.station import Station
from lupex.signals.budgets.conditions import LinkConditions
from lupex.signals.budgets.link import downlink, uplink


@dataclass(frozen=True)
class MarginSeries:
    """The least margin of a link at each sample of a pass.

    Attributes:
        design_db: of the design values. mean_db: of the means. worst_db: mean less the sigmas of [link].
        closes: design value above the required margin and worst not below 0, for every margin of the link.
        limit: name of the margin with the least worst value at each sample.
    """

    design_db: F64
    mean_db: F64
    worst_db: F64
    closes: NDArray[np.bool_]
    limit: tuple[str, ...]


def margin_along(
    station: Station,
    radio: Radio,
    range_m: ArrayLike,
    elevation_deg: ArrayLike,
    conditions: LinkConditions | None = None,
    direction: str = "down",
) -> MarginSeries:
    """Margins at every sample of a pass, all samples at once.

    Args:
        station, radio: the two ends.
        conditions: weather, Moon, rates and tolerances; None for the defaults of [link].
        range_m, elevation_deg: (n,). direction: 'down' (carrier, telemetry, ranging) or 'up' (carrier, command).

    Raises: as `lupex.signals.downlink`.
    """
    if direction not in ("down", "up"):
        raise InputError(f"link: direction '{direction}' is unknown", "known: down, up")
    ranges, elevations = _samples(range_m, elevation_deg)
    budget = (downlink if direction == "down" else uplink)(station, radio, ranges, elevations, conditions)
    worst = _stacked([budget.worst_db(name) for name in budget.margins], ranges)
    return MarginSeries(
        _stacked([budget.row(name).value for name in budget.margins], ranges).min(axis=0),
        _stacked([budget.row(name).mean for name in budget.margins], ranges).min(axis=0),
        worst.min(axis=0),
        np.broadcast_to(budget.closes, ranges.shape).copy(),
        tuple(budget.margins[k] for k in worst.argmin(axis=0)),
    )


def data_rate_along(
    station: Station,
    radio: Radio,
    range_m: ArrayLike,
    elevation_deg: ArrayLike,
    conditions: LinkConditions | None = None,
    rates_bps: Sequence[float] = (),
) -> F64:
    """Highest rate that closes at each sample, (n,) bits per second; 0 where none does.

    Args:
        station, radio: the two ends.
        range_m, elevation_deg: (n,) as seen from the station.
        conditions: weather, Moon and tolerances; None for the defaults of [link].
        rates_bps: to choose from; empty: those of the radio.

    Raises: as `lupex.signals.downlink`; InputError when there is no rate to choose from.
    """
    ladder = sorted(rates_bps or radio.data_rates_bps)
    if not ladder:
        raise UnpublishedError(f"radio {radio.name}: data_rates_bps is not known, the link needs it",
                         "give data_rates_bps to the radio")  # fmt: skip
    ranges, elevations = _samples(range_m, elevation_deg)
    best = np.zeros(ranges.shape)
    for rate_bps in ladder:
        asked = replace(conditions or LinkConditions(), rate_bps=float(rate_bps))
        best[np.broadcast_to(downlink(station, radio, ranges, elevations, asked).closes, best.shape)] = rate_bps
    return best


def data_volume_bits(times_s: ArrayLike, rate_bps: ArrayLike) -> float:
    """Bits brought down over the samples of one pass: between two samples the lower of their rates holds.

    Raises: InputError unless times rise and there is one rate per time.
    """
    times, rates = np.asarray(times_s, dtype=np.float64), np.asarray(rate_bps, dtype=np.float64)
    if times.ndim != 1 or times.shape != rates.shape or np.any(np.diff(times) <= 0.0) or np.any(rates < 0.0):
        raise InputError("data volume: times and rates do not fit", "give rising times and as many rates, 0 or more")
    return float(np.sum(np.diff(times) * np.minimum(rates[1:], rates[:-1])))


def _samples(range_m: ArrayLike, elevation_deg: ArrayLike) -> tuple[F64, F64]:
    ranges = np.atleast_1d(np.asarray(range_m, dtype=np.float64))
    elevations = np.atleast_1d(np.asarray(elevation_deg, dtype=np.float64))
    if ranges.ndim != 1 or ranges.shape != elevations.shape:
        raise InputError(
            f"link: {ranges.size} ranges and {elevations.size} elevations", "give one of each per sample of the pass"
        )
    return ranges, elevations


def _stacked(values: list[F64], like: F64) -> F64:
    return np.array([np.broadcast_to(value, like.shape) for value in values])
