"""Positions from data: files of tracking and of places on maps, to one fix with its covariance; and made-up data."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import DAY_S
from lupex.base.errors import InputError, LupexError
from lupex.base.gate import number, printable
from lupex.catalogue import station_names
from lupex.ephemeris import barycentric_series, earth_orientation_note, tdb_s_to_utc, utc_to_tdb_s
from lupex.io.csv_table import read_csv_table
from lupex.io.messages.tdm import TdmHeader, read_tdm, write_tdm
from lupex.model import TrackingSegment
from lupex.model.position.fix import PositionFix, enu_axes, place_me_m
from lupex.navigation.design.budget import unobserved
from lupex.navigation.estimate.batch import BatchFit, BatchSettings, Observations, Prior, batch_fit
from lupex.navigation.radio.ranges import RangeModel
from lupex.navigation.radio.tracking import (
    TrackingNoise,
    map_observations,
    simulated_tracking,
    stations_of,
    tracking_observations,
)
from lupex.study.questions.location import antennas

MAP_METHODS = ("image", "craters", "skyline", "star_tilt")
LEAST_SIGMA_M = 1e-3
"""No map is surer of a place than a millimetre; a sigma of 0 would let one row decide alone."""


@dataclass(frozen=True, kw_only=True)
class SolveAsked:
    """What a solution begins with.

    Attributes:
        prior: latitude, longitude (deg), height (m). prior_sigma_m: in every direction; height_sigma_m: of the height.
        noise: of tracking. reject_sigma: data farther off are left out.
    """

    prior: tuple[float, float, float]
    prior_sigma_m: float = 20_000.0
    height_sigma_m: float = 5_000.0
    noise: TrackingNoise = TrackingNoise()
    reject_sigma: float = 4.5


@dataclass(frozen=True, eq=False, kw_only=True)
class Solution:
    """A fix, the fit behind it and the bias of every station (m)."""

    fix: PositionFix
    fit: BatchFit
    biases_m: dict[str, float]


def solved_position(files: Sequence[Path], asked: SolveAsked) -> Solution:
    """One position from every file: TDM (keyword-value) and CSV of places on maps.

    Args:
        files: data. CSV columns: method, lat_deg, lon_deg, sigma_m (of each of east and north).
        asked: prior and noise.

    Raises InputError naming file and fault.
    """
    try:
        return _solved(files, asked)
    except LupexError as error:
        if any(str(path) in str(error) for path in files):
            raise
        named = ", ".join(str(path) for path in files[:3]) + (" ..." if len(files) > 3 else "")
        raise type(error)(f"{named}: {error.what}", error.fix or "correct the data") from error


def _solved(files: Sequence[Path], asked: SolveAsked) -> Solution:
    segments: list[TrackingSegment] = []
    places: list[tuple[str, F64, float]] = []
    for path in files:
        if path.suffix.lower() == ".csv":
            places += _map_rows(path, asked.prior[2])
        else:
            segments += read_tdm(path)[1]
    _check_repeats(segments)
    observations, names = _tracking(segments, asked.noise)
    size = 3 + len(names)
    observations += [
        map_observations(f"{method} {k}", place, sigma, size) for k, (method, place, sigma) in enumerate(places, 1)
    ]
    if not observations:
        raise InputError("solve: no data", "give TDM or CSV files")
    start = place_me_m(*asked.prior)
    axes = enu_axes(asked.prior[0], asked.prior[1])
    spread = np.diag(np.square([asked.prior_sigma_m, asked.prior_sigma_m, asked.height_sigma_m]))
    covariance = np.zeros((size, size))
    covariance[:3, :3] = axes.T @ spread @ axes
    covariance[3:, 3:] = np.eye(len(names)) * asked.noise.bias_m**2
    state = np.concatenate([start, np.zeros(len(names))])
    fit = batch_fit(
        observations, Prior(state=state, covariance=covariance), BatchSettings(reject_sigma=asked.reject_sigma)
    )
    epoch = max((t for one in segments for t in one.times_utc), default="")
    left = [f"{one.method}: {_labels(one, fit)}" for one in observations if not fit.used[one.method].all()]
    notes = [*fit.notes, *_orientation_notes(segments)]
    fix = PositionFix(
        position_me_m=fit.state[:3],
        covariance_me_m2=fit.covariance[:3, :3],
        epoch_utc=epoch,
        method="+".join(dict.fromkeys(one.method.split()[0] for one in observations)),
        residuals={
            "data": float(fit.data),
            "chi2_per_datum": fit.chi2_per_datum,
            **{
                f"rms_sigma {name}": float(np.sqrt(np.mean(r[fit.used[name]] ** 2)))
                for name, r in fit.residuals.items()
            },
        },
        rejected=tuple(left),
        unobserved=unobserved(fit.covariance[:3, :3], fit.state[:3], min(asked.prior_sigma_m, asked.height_sigma_m)),
        notes=tuple(notes),
    )
    return Solution(fix=fix, fit=fit, biases_m=dict(zip(names, fit.state[3:].tolist(), strict=True)))


def simulated_files(
    out: Path,
    place: tuple[float, float, float],
    names: Sequence[str],
    span: tuple[str, float],
    every_s: float,
    seed: int,
    noise: TrackingNoise = TrackingNoise(),
) -> dict[str, float]:
    """Write made-up two-way tracking of a place as a TDM that says so; returns the truth: place and biases.

    Args:
        out: file to write. place: latitude, longitude (deg), height (m).
        names: of stations. span: first instant (UTC) and days. every_s: between two receptions.
        seed: of the noise. noise: sigmas.
    """
    start = float(np.floor(utc_to_tdb_s(span[0])[0]))
    times = start + np.arange(0.0, span[1] * DAY_S, every_s)
    model = RangeModel(series=barycentric_series(start - 7200.0, float(times[-1]) + 7200.0), antennas=antennas(names))
    me = place_me_m(*place)
    segments, biases = simulated_tracking(model, me, times, noise, np.random.default_rng(seed))
    header = TdmHeader(
        "LUPEX", tdb_s_to_utc(start)[0], comments=(f"synthetic: made up by lupex locate simulate, seed {seed}",)
    )
    write_tdm(out, segments, header)
    truth = {"lat_deg": place[0], "lon_deg": place[1], "height_m": place[2]}
    return truth | {f"bias_{name}_m": float(b) for name, b in zip(model.antennas.names, biases, strict=True)}


def _tracking(segments: Sequence[TrackingSegment], noise: TrackingNoise) -> tuple[list[Observations], tuple[str, ...]]:
    if not segments:
        return [], ()
    known = set(station_names())
    stations = [name for name in stations_of(segments) if name in known]
    if not stations:
        raise InputError(
            f"TDM: no participant is a station of the catalogue ({', '.join(stations_of(segments))})",
            "name them as lupex catalogue station does",
        )
    ends = utc_to_tdb_s([t for one in segments for t in one.times_utc])
    model = RangeModel(
        series=barycentric_series(float(ends.min()) - 300.0, float(ends.max()) + 300.0), antennas=antennas(stations)
    )
    return tracking_observations(segments, model, noise)


def _map_rows(path: Path, height_m: float) -> list[tuple[str, F64, float]]:
    table = read_csv_table(path)
    missing = [name for name in ("method", "lat_deg", "lon_deg", "sigma_m") if name not in table.header]
    if missing:
        raise InputError(f"{path}: no column {missing[0]}", "give method, lat_deg, lon_deg, sigma_m")
    found = []
    for where, cells in table.rows:
        method = cells["method"].strip()
        if method not in MAP_METHODS:
            raise InputError(f"{where}: method '{printable(method)}'", f"use {', '.join(MAP_METHODS)}")
        lat = number(f"{where} lat_deg", cells["lat_deg"], -90.0, 90.0)
        lon = number(f"{where} lon_deg", cells["lon_deg"], -360.0, 360.0)
        sigma = number(f"{where} sigma_m", cells["sigma_m"], LEAST_SIGMA_M, 1e6)
        found.append((method, place_me_m(lat, lon, height_m), sigma))
    return found


def _check_repeats(segments: Sequence[TrackingSegment]) -> None:
    """Raise InputError when two segments hold the same instant of the same path: data counted twice."""
    seen: set[tuple[tuple[str, ...], str]] = set()
    for count, one in enumerate(segments, 1):
        way = tuple(one.participants[n - 1].lower() for n in one.path)
        for time in one.times_utc:
            if (way, time) in seen:
                raise InputError(f"TDM segment {count}: {time} of {' - '.join(way)} is given twice", "keep one of them")
            seen.add((way, time))


def _orientation_notes(segments: Sequence[TrackingSegment]) -> list[str]:
    if not segments:
        return []
    ends = utc_to_tdb_s([t for one in segments for t in one.times_utc])
    note = earth_orientation_note(float(ends.min()), float(ends.max()))
    return [note] if note else []


def _rms(values: F64) -> float:
    return float(np.sqrt(np.mean(values**2))) if values.size else float("nan")


def _labels(one: Observations, fit: BatchFit) -> str:
    out = np.flatnonzero(~fit.used[one.method])
    named = [one.labels[k] if one.labels else f"datum {k + 1}" for k in out[:5].tolist()]
    return ", ".join(named) + (f" and {out.size - 5} more" if out.size > 5 else "")
