"""Tracking of a place on the Moon: from segments of a TDM to observations, and made-up segments of a known place."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.ephemeris import tdb_s_to_utc, utc_to_split_tdb_s
from lupex.model import TrackingSegment
from lupex.navigation.estimate.batch import Observations
from lupex.navigation.radio.paths import Receptions, light_paths
from lupex.navigation.radio.ranges import RangeModel, doppler, downlink, two_way
from lupex.navigation.surface.models import map_place

RATE_COUNT_S = 10.0
"""An instantaneous rate is taken as the mean over so long: the range's third derivative leaves 1e-6 m/s."""


@dataclass(frozen=True, kw_only=True)
class TrackingNoise:
    """Of tracking: range (m, half the round trip), rate (m/s), bias of a station's ranges (m). As in the budget."""

    range_m: float = 1.0
    rate_m_s: float = 1e-4
    bias_m: float = 5.0


def tracking_observations(
    segments: Sequence[TrackingSegment], model: RangeModel, noise: TrackingNoise, target: str = ""
) -> tuple[list[Observations], tuple[str, ...]]:
    """Ranges and rates of every segment as observations of the state (x, y, z, bias of each station), and the stations.

    Args:
        segments: two-way (station, target, station), three-way, or one-way from the target.
        model: series and terms; its antennas hold every station of the segments.
        noise: sigmas.
        target: name of the participant that is no station; '' for whichever it is.

    Raises InputError for participants that are no antenna or no target, or a path that is not one of these.
    """
    stations = model.antennas.names
    found = []
    for number, segment in enumerate(segments, 1):
        where = f"TDM segment {number}"
        others = [name for name in segment.participants if name.lower() not in stations]
        if len(others) != 1 or (target and others[0].lower() != target.lower()):
            raise InputError(
                f"{where}: participants {', '.join(segment.participants)}", "one target and known stations are needed"
            )
        way = [segment.participants[n - 1] for n in segment.path]
        if way[-1] == others[0] or (len(way) == 3 and (way[1] != others[0] or way[0] == others[0])) or len(way) > 3:
            raise InputError(f"{where}: path {' - '.join(way)}", "give station - target - station, or target - station")
        receiver = stations.index(way[-1].lower())
        sender = stations.index(way[0].lower()) if len(way) == 3 else receiver
        times = Receptions.split(*utc_to_split_tdb_s(list(segment.times_utc)), receiver, sender)
        found += _pair(segment, times, model, noise, len(way) == 3)
    return found, stations


def _pair(
    segment: TrackingSegment, times: Receptions, model: RangeModel, noise: TrackingNoise, round_trip: bool
) -> list[Observations]:
    n, k = times.rx.size, len(model.antennas.names)
    half = 0.5 if round_trip else 1.0
    by_bias = np.zeros((n, k))
    by_bias[np.arange(n), times.rx] = 1.0

    def ranges(state: F64) -> tuple[F64, F64]:
        values, by = (two_way if round_trip else downlink)(model, state[:3], times)
        return values + by_bias @ state[3:], np.concatenate([by, by_bias], axis=1)

    def rates(state: F64) -> tuple[F64, F64]:
        if round_trip:
            values, by = doppler(model, state[:3], times, RATE_COUNT_S)
        else:
            (v0, b0), (v1, b1) = (downlink(model, state[:3], times.shifted(s * RATE_COUNT_S)) for s in (-0.5, 0.5))
            values, by = (v1 - v0) / RATE_COUNT_S, (b1 - b0) / RATE_COUNT_S
        return values, np.concatenate([by, np.zeros((n, k))], axis=1)

    name = " - ".join(segment.participants[p - 1] for p in segment.path)
    labels = segment.times_utc
    rated = segment.range_rate_m_s.size > 0
    found = [
        Observations(
            method=f"range {name} {labels[0]}", values=half * segment.range_m, sigma=np.full(n, noise.range_m),
            predict=ranges, modulus=half * segment.range_modulus_m, labels=labels,
        ),
        *([Observations(
            method=f"rate {name} {labels[0]}", values=half * segment.range_rate_m_s, sigma=np.full(n, noise.rate_m_s),
            predict=rates, labels=labels,
        )] if rated else []),
    ]  # fmt: skip
    return found


def map_observations(method: str, reference_me_m: F64, sigma_m: float, parameters: int) -> Observations:
    """East and north of a place read off a map, as an observation of a state that begins with x, y, z.

    Args:
        method: name. reference_me_m: (3,) the place read. sigma_m: in each of east and north.
        parameters: length of the state.
    """

    def predict(state: F64) -> tuple[F64, F64]:
        values, by = map_place(state[:3], reference_me_m)
        return values, np.concatenate([by, np.zeros((2, parameters - 3))], axis=1)

    return Observations(method=method, values=np.zeros(2), sigma=np.full(2, sigma_m), predict=predict)


def simulated_tracking(
    model: RangeModel, place_me_m: F64, times_tdb_s: F64, noise: TrackingNoise, rng: np.random.Generator,
    lowest_deg: float = 10.0, name: str = "LANDER",
) -> tuple[tuple[TrackingSegment, ...], F64]:  # fmt: skip
    """Made-up two-way tracking of a place, one segment a station, and the biases drawn for the stations (k,).

    Args:
        model: series, antennas and terms.
        place_me_m: (3,) the truth. times_tdb_s: (n,) whole seconds at which the stations would receive.
        noise: sigmas; the biases are drawn from theirs. rng: of the draws.
        lowest_deg: elevation above which a station tracks. name: of the target.

    Raises InputError when no station sees the Moon.
    """
    biases = noise.bias_m * rng.normal(size=len(model.antennas.names))
    segments = []
    for k, station in enumerate(model.antennas.names):
        # Times are whole milliseconds of UTC, as the message will write them.
        utc = tdb_s_to_utc(times_tdb_s, 3)
        times = Receptions.split(*utc_to_split_tdb_s(utc), k)
        up = _elevations(model, place_me_m, times) > lowest_deg
        if not up.any():
            continue
        times = Receptions(*(getattr(times, key)[up] for key in ("whole_tdb_s", "rest_s", "rx", "tx")))
        values, _ = two_way(model, place_me_m, times)
        rates, _ = doppler(model, place_me_m, times, RATE_COUNT_S)
        n = values.size
        values = values + biases[k] + noise.range_m * rng.normal(size=n)
        rates = rates + noise.rate_m_s * rng.normal(size=n)
        transmit = 7.19e9
        segments.append(
            TrackingSegment(
                participants=(name, station),
                path=(2, 1, 2),
                times_utc=tuple(t for t, u in zip(utc, up, strict=True) if u),
                range_m=2.0 * values,
                range_rate_m_s=2.0 * rates,
                receive_hz=transmit * 880.0 / 749.0 * (1.0 - 2.0 * rates / 299_792_458.0),
                transmit_hz=transmit,
                band="X",
            )  # fmt: skip
        )
    if not segments:
        raise InputError("simulate: no station sees the Moon in that time", "take other stations or a longer span")
    return tuple(segments), biases


def _elevations(model: RangeModel, place: F64, times: Receptions) -> F64:
    return light_paths(model.series, model.antennas, place, times).elevations_deg[0]


def stations_of(segments: Sequence[TrackingSegment]) -> tuple[str, ...]:
    """Names, in lower case, of all participants of the segments, in order."""
    return tuple(dict.fromkeys(name.lower() for segment in segments for name in segment.participants))
