"""Positions from data: files of tracking and of places on maps, to one fix with its covariance; and made-up data."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import DAY_S
from lupex.base.errors import InputError, LupexError
from lupex.ephemeris import barycentric_series, earth_orientation_note, tdb_s_to_utc, utc_to_tdb_s
from lupex.io.messages.tdm import TdmHeader, write_tdm
from lupex.model.position.fix import PositionFix, enu_axes, place_me_m
from lupex.navigation.design.budget import unobserved
from lupex.navigation.estimate.batch import BatchFit, BatchSettings, Observations, Prior, batch_fit
from lupex.navigation.radio.ranges import RangeModel
from lupex.navigation.radio.tracking import (
    TrackingNoise,
    simulated_tracking,
)
from lupex.study.position.position_data import antennas, assembled, read_position_data


@dataclass(frozen=True, kw_only=True)
class SolveAsked:
    """What a solution begins with.

    Attributes:
        prior: latitude, longitude (deg), height (m). prior_sigma_m: in every direction; height_sigma_m: of the height.
        noise: of tracking. reject_sigma: data farther off are left out.
        orbits: OEM and OPM of what sights name without a state.
    """

    prior: tuple[float, float, float]
    prior_sigma_m: float = 20_000.0
    height_sigma_m: float = 5_000.0
    noise: TrackingNoise = TrackingNoise()
    reject_sigma: float = 4.5
    orbits: tuple[Path, ...] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class Solution:
    """A fix, the fit behind it and the bias of every station (m)."""

    fix: PositionFix
    fit: BatchFit
    biases_m: dict[str, float]


def solved_position(files: Sequence[Path], asked: SolveAsked) -> Solution:
    """One position from every file: TDM (keyword-value), CSV of places on maps and of other sights.

    Args:
        files: data. CSV of places: method, lat_deg, lon_deg, sigma_m (of each of east and north); star_tilt is the
            zenith of the plumb line, not corrected. CSV with a column ``value``: see `sight_rows`.
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
    data = read_position_data(files, asked.orbits)
    made = assembled(data, asked.prior[2], asked.noise)
    observations, names = made.observations, made.names
    size = 3 + len(names)
    if not observations:
        raise InputError("solve: no data", "give TDM or CSV files")
    start = place_me_m(*asked.prior)
    axes = enu_axes(asked.prior[0], asked.prior[1])
    spread = np.diag(np.square([asked.prior_sigma_m, asked.prior_sigma_m, asked.height_sigma_m]))
    covariance = np.zeros((size, size))
    covariance[:3, :3] = axes.T @ spread @ axes
    covariance[3:, 3:] = np.diag(np.square(made.sigmas_m))
    state = np.concatenate([start, np.zeros(len(names))])
    fit = batch_fit(
        observations, Prior(state=state, covariance=covariance), BatchSettings(reject_sigma=asked.reject_sigma)
    )
    epoch = max(data.times_utc, default="")
    left = [f"{one.method}: {_labels(one, fit)}" for one in observations if not fit.used[one.method].all()]
    notes = [*fit.notes, *made.notes, *_orientation_notes(data.times_utc)]
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


def _orientation_notes(utc: Sequence[str]) -> list[str]:
    if not utc:
        return []
    ends = utc_to_tdb_s(utc)
    note = earth_orientation_note(float(ends.min()), float(ends.max()))
    return [note] if note else []


def _rms(values: F64) -> float:
    return float(np.sqrt(np.mean(values**2))) if values.size else float("nan")


def _labels(one: Observations, fit: BatchFit) -> str:
    out = np.flatnonzero(~fit.used[one.method])
    named = [one.labels[k] if one.labels else f"datum {k + 1}" for k in out[:5].tolist()]
    return ", ".join(named) + (f" and {out.size - 5} more" if out.size > 5 else "")
