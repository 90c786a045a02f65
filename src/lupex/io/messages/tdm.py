"""Tracking data messages (CCSDS 503.0-B-2), keyword-value form: the subset for range, range rate and frequency.

Written: RANGE (km, one way or the whole path, as PATH says), DOPPLER_INSTANTANEOUS (km/s, the rate of that range),
RECEIVE_FREQ (Hz, of the last participant of the path) and TRANSMIT_FREQ (Hz, of its first). Predictions are marked in
a comment, since the standard has no keyword for them. Times end without a Z, which some readers refuse.

Ranges may stand alone: rates and frequencies that were not measured are left out, written and read.

Read: the same, with what changes its meaning: FREQ_OFFSET and corrections that were not applied are applied,
RANGE_MODULUS and DATA_QUALITY are handed on, delays, time tags of transmission and keywords not known here are refused.
"""

import datetime
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import SPEED_OF_LIGHT_M_S
from lupex.base.errors import InputError
from lupex.base.gate import file_text, names_its_file, printable
from lupex.base.utc import civil_s, utc_text
from lupex.io.atomic import write_bytes
from lupex.io.text import ccsds_line
from lupex.model.contact.tracking import TrackingSegment

VERSION = "2.0"
_DAY_OF_YEAR = re.compile(r"(\d{4})-(\d{3})T(.+)")
_TYPES = ("RANGE", "DOPPLER_INSTANTANEOUS", "RECEIVE_FREQ", "TRANSMIT_FREQ")
_M_PER_KM = 1000.0
_CORRECTED = ("RANGE", "DOPPLER", "RECEIVE", "TRANSMIT")
_KEYWORDS = {
    "TRACK_ID", "DATA_TYPES", "TIME_SYSTEM", "START_TIME", "STOP_TIME", "PARTICIPANT", "MODE", "PATH", "EPHEMERIS_NAME",
    "TRANSMIT_BAND", "RECEIVE_BAND", "TURNAROUND_NUMERATOR", "TURNAROUND_DENOMINATOR", "TIMETAG_REF", "RANGE_MODE",
    "RANGE_MODULUS", "RANGE_UNITS", "FREQ_OFFSET", "TRANSMIT_DELAY", "RECEIVE_DELAY", "DATA_QUALITY",
    "CORRECTIONS_APPLIED", *(f"CORRECTION_{kind}" for kind in _CORRECTED),
    "INTEGRATION_INTERVAL", "INTEGRATION_REF", "INTERPOLATION", "INTERPOLATION_DEGREE", "ANGLE_TYPE",
    "REFERENCE_FRAME", "DOPPLER_COUNT_BIAS", "DOPPLER_COUNT_SCALE", "DOPPLER_COUNT_ROLLOVER", "CORRECTION_ANGLE",
    "CORRECTION_MAG", "CORRECTION_RCS", "CORRECTION_ABERRATION_YEARLY", "CORRECTION_ABERRATION_DIURNAL",
}  # fmt: skip
"""Metadata taken into account, and in the last four lines those of other kinds of data (angles, counts, magnitudes)."""


@dataclass(frozen=True)
class TdmHeader:
    """Head of a message: who made it, when (UTC text; no clock is read), its name and comments."""

    originator: str
    creation_utc: str
    message_id: str = ""
    comments: tuple[str, ...] = field(default=("predicted, not measured",))


def tdm_text(segments: Sequence[TrackingSegment], header: TdmHeader) -> str:
    """The message as text. Raises InputError without a segment, or for a time that is none.

    Args:
        segments: one per station.
        header: originator and date.
    """
    if not segments:
        raise InputError("TDM: no segment to write", "give at least one track")
    lines = [f"CCSDS_TDM_VERS = {VERSION}", *(f"COMMENT {ccsds_line(text)}" for text in header.comments)]
    lines.append(f"CREATION_DATE = {_no_z(utc_text(header.creation_utc))}")
    lines.append(f"ORIGINATOR = {ccsds_line(header.originator)}")
    if header.message_id:
        lines.append(f"MESSAGE_ID = {ccsds_line(header.message_id)}")
    for segment in segments:
        lines += _segment_lines(segment)
    return "\n".join(lines) + "\n"


def write_tdm(path: str | Path, segments: Sequence[TrackingSegment], header: TdmHeader) -> None:
    """Write `tdm_text` atomically. Raises StoreError; else as `tdm_text`."""
    write_bytes(path, tdm_text(segments, header).encode())


@names_its_file
def read_tdm(path: str | Path) -> tuple[TdmHeader, tuple[TrackingSegment, ...]]:
    """Head and segments of a message whose segments hold what `write_tdm` writes, at the same times.

    Reads day-of-year and calendar dates, comments anywhere, with a byte order mark or without. FREQ_OFFSET and
    corrections that are not applied yet are applied; RANGE_MODULUS and DATA_QUALITY stand in the segment.

    Args:
        path: of the message.

    Raises InputError, with the line, for a file that cannot be read, is no TDM in keyword-value form, has a time system
    other than UTC, ranges in other units than km, a keyword twice or one whose meaning is not known here, or lacks
    ranges, or gives rates or frequencies at other times.
    """
    text = file_text(path)
    lines = [(i, line.strip()) for i, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines or not lines[0][1].replace(" ", "").startswith("CCSDS_TDM_VERS="):
        raise InputError(f"TDM {path}: does not begin with CCSDS_TDM_VERS", "give a TDM in keyword-value form")
    starts = [k for k, (_, line) in enumerate(lines) if line == "META_START"]
    if not starts:
        raise InputError(f"TDM {path}: no META_START", "give at least one segment")
    head = _pairs(str(path), lines[: starts[0]])
    comments = tuple(line[8:] for _, line in lines[: starts[0]] if line.startswith("COMMENT "))
    for key in ("CREATION_DATE", "ORIGINATOR"):
        if key not in head:
            raise InputError(f"TDM {path}: no {key} in the header", "complete it")
    ends = [*starts[1:], len(lines)]
    found = [_segment(str(path), lines[a:b]) for a, b in zip(starts, ends, strict=True)]
    created = _epoch(str(path), lines[0][0], head["CREATION_DATE"])
    return TdmHeader(head["ORIGINATOR"], created, head.get("MESSAGE_ID", ""), comments), tuple(found)


def _segment_lines(segment: TrackingSegment) -> list[str]:
    first, last = segment.path[0], segment.path[-1]
    receive, transmit = f"RECEIVE_FREQ_{last}", f"TRANSMIT_FREQ_{first}"
    times = [_no_z(utc_text(text)) for text in segment.times_utc]
    sent = _sent_utc(segment)
    rates, frequencies = segment.range_rate_m_s.size > 0, segment.receive_hz.size > 0
    held = ["RANGE", *(["DOPPLER_INSTANTANEOUS"] if rates else []), *([receive, transmit] if frequencies else [])]
    lines = [
        "META_START",
        f"DATA_TYPES = {','.join(held)}",
        "TIME_SYSTEM = UTC",
        f"START_TIME = {sent}",
        f"STOP_TIME = {times[-1]}",
        *(f"PARTICIPANT_{n} = {ccsds_line(name)}" for n, name in enumerate(segment.participants, 1)),
        "MODE = SEQUENTIAL",
        f"PATH = {','.join(str(n) for n in segment.path)}",
    ]
    if segment.band:
        band = ccsds_line(segment.band)
        lines += [f"TRANSMIT_BAND = {band}", f"RECEIVE_BAND = {band}"]
    if len(segment.path) == 2:
        lines.append("RANGE_MODE = ONE_WAY")
    lines += [f"RANGE_MODULUS = {segment.range_modulus_m / _M_PER_KM!r}", "RANGE_UNITS = km"]
    lines += [f"DATA_QUALITY = {ccsds_line(segment.quality)}"] if segment.quality else []
    lines += ["META_STOP", "DATA_START"]
    if frequencies:
        lines.append(f"{transmit} = {sent} {segment.transmit_hz:.6f}")
    for k, time in enumerate(times):
        lines.append(f"RANGE = {time} {segment.range_m[k] / _M_PER_KM:.9f}")
        if rates:
            lines.append(f"DOPPLER_INSTANTANEOUS = {time} {segment.range_rate_m_s[k] / _M_PER_KM:.12f}")
        if frequencies:
            lines.append(f"{receive} = {time} {segment.receive_hz[k]:.6f}")
    return [*lines, "DATA_STOP"]


def _sent_utc(segment: TrackingSegment) -> str:
    """Whole second at or before the first signal was sent: transmitted frequencies are tagged with that time."""
    first = datetime.datetime.fromisoformat(utc_text(segment.times_utc[0])[:19].replace(":60", ":59"))
    light_s = math.ceil(float(segment.range_m[0]) / SPEED_OF_LIGHT_M_S)
    return (first - datetime.timedelta(seconds=light_s)).isoformat()


def _segment(label: str, lines: list[tuple[int, str]]) -> TrackingSegment:
    stops = [k for k, (_, line) in enumerate(lines) if line in ("META_STOP", "DATA_START", "DATA_STOP")]
    if [lines[k][1] for k in stops] != ["META_STOP", "DATA_START", "DATA_STOP"]:
        raise InputError(f"TDM {label} line {lines[0][0]}: segment lacks META_STOP, DATA_START or DATA_STOP",
                         "complete it")  # fmt: skip
    kept = [(i, line) for i, line in lines if not line.startswith("COMMENT")]
    meta = _pairs(label, [(i, line) for i, line in kept if lines[0][0] < i < lines[stops[0]][0]])
    where = f"TDM {label} line {lines[0][0]}"
    for key, wanted in (("TIME_SYSTEM", "UTC"), ("MODE", "SEQUENTIAL"), ("RANGE_UNITS", "km")):
        if meta.get(key, wanted) != wanted or (key == "TIME_SYSTEM" and key not in meta):
            raise InputError(f"{where}: {key} is {meta.get(key, 'missing')}", f"only {wanted} is read")
    _check_keywords(where, meta)
    names = [meta[f"PARTICIPANT_{n}"] for n in range(1, 6) if f"PARTICIPANT_{n}" in meta]
    try:
        path = tuple(int(n) for n in meta["PATH"].split(","))
    except (KeyError, ValueError):
        raise InputError(f"{where}: PATH cannot be read", "write PATH = 1,2") from None
    offset_hz, modulus_km = _number(where, meta, "FREQ_OFFSET"), _number(where, meta, "RANGE_MODULUS")
    added = _corrections(where, meta)
    held: dict[str, dict[str, float]] = {kind: {} for kind in _TYPES}
    for i, line in kept:
        if lines[stops[1]][0] < i < lines[stops[2]][0]:
            key, value = _pair(label, i, line)
            kind = re.sub(r"_FREQ_[1-5]$", "_FREQ", key)
            if kind in held:
                time, number = _record(label, i, value)
                if time in held[kind]:
                    raise InputError(f"TDM {label} line {i}: {kind} of {time} is given twice", "keep one of them")
                held[kind][time] = number
    times = tuple(sorted(held["RANGE"], key=civil_s))
    if not times:
        raise InputError(
            f"{where}: RANGE is missing", "give ranges; rates and frequencies beside them as you have them"
        )
    for kind in _TYPES[1:3]:
        if held[kind] and set(held[kind]) != set(times):
            raise InputError(f"{where}: {kind} is given at other times than RANGE", "give it with every range, or not")
    if held["RECEIVE_FREQ"] and not held["TRANSMIT_FREQ"]:
        raise InputError(f"{where}: TRANSMIT_FREQ is missing", "give the frequency sent")
    return TrackingSegment(
        participants=tuple(names),
        path=path,
        times_utc=times,
        range_m=(np.array([held["RANGE"][t] for t in times]) + added["RANGE"]) * _M_PER_KM,
        range_rate_m_s=(_series(held["DOPPLER_INSTANTANEOUS"], times) + added["DOPPLER"]) * _M_PER_KM,
        receive_hz=_series(held["RECEIVE_FREQ"], times) + offset_hz + added["RECEIVE"],
        transmit_hz=next(iter(held["TRANSMIT_FREQ"].values()), -added["TRANSMIT"]) + added["TRANSMIT"],
        band=meta.get("RECEIVE_BAND", ""),
        range_modulus_m=modulus_km * _M_PER_KM,
        quality=meta.get("DATA_QUALITY", ""),
    )


def _series(held: dict[str, float], times: tuple[str, ...]) -> F64:
    """Values in the order of times, empty where none were given."""
    return np.array([held[t] for t in times] if held else [], np.float64)


def _check_keywords(where: str, meta: dict[str, str]) -> None:
    """Refuse metadata that change what the numbers mean, or might: nothing is passed over that is not known."""
    for key, value in meta.items():
        plain = re.sub(r"_[1-5]$", "", key)
        if key == "TIMETAG_REF" and value != "RECEIVE":
            raise InputError(f"{where}: TIMETAG_REF is {printable(value)}", "only times of reception are read")
        if plain in ("TRANSMIT_DELAY", "RECEIVE_DELAY") and _number(where, meta, key) != 0.0:
            raise InputError(
                f"{where}: {key} = {printable(value)} is not taken into account", "correct the data for it"
            )
        if plain not in _KEYWORDS:
            raise InputError(f"{where}: metadata {printable(key)} is not read", "it may change what the data mean")


def _corrections(where: str, meta: dict[str, str]) -> dict[str, float]:
    """What is still to be added to RANGE (km), DOPPLER (km/s), RECEIVE and TRANSMIT (Hz)."""
    given = {kind: _number(where, meta, f"CORRECTION_{kind}") for kind in _CORRECTED}
    applied = meta.get("CORRECTIONS_APPLIED", "")
    if any(given.values()) and applied not in ("YES", "NO"):
        raise InputError(f"{where}: CORRECTIONS_APPLIED is {printable(applied) or 'missing'}", "write YES or NO")
    return {kind: value if applied == "NO" else 0.0 for kind, value in given.items()}


def _number(where: str, meta: dict[str, str], key: str) -> float:
    try:
        value = float(meta.get(key, "0"))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"{where}: {key} = {printable(meta[key])} is no number", "write a finite number")
    return value


def _pairs(label: str, lines: list[tuple[int, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, line in lines:
        if line.startswith("COMMENT") or line == "META_START":
            continue
        key, value = _pair(label, number, line)
        if key in found:
            raise InputError(f"TDM {label} line {number}: {printable(key)} is given twice", "keep one of them")
        found[key] = value
    return found


def _no_z(utc: str) -> str:
    return utc.removesuffix("Z")


def _pair(label: str, number: int, line: str) -> tuple[str, str]:
    key, equals, value = line.partition("=")
    if not equals:
        raise InputError(f"TDM {label} line {number}: '{line[:60]}' is no keyword", "write KEY = value")
    return key.strip(), value.strip()


def _record(label: str, number: int, value: str) -> tuple[str, float]:
    words = value.split()
    try:
        if len(words) != 2:
            raise ValueError
        return _epoch(label, number, words[0]), float(words[1])
    except ValueError:
        raise InputError(
            f"TDM {label} line {number}: '{value[:60]}' is no record", "write a time and a number"
        ) from None


def _epoch(label: str, number: int, text: str) -> str:
    """UTC text of a calendar or day-of-year date, with or without Z."""
    found = _DAY_OF_YEAR.fullmatch(text.removesuffix("Z"))
    try:
        if found is not None:
            day = datetime.date(int(found[1]), 1, 1) + datetime.timedelta(days=int(found[2]) - 1)
            text = f"{day.isoformat()}T{found[3]}"
        return utc_text(text)
    except (InputError, ValueError):
        raise InputError(
            f"TDM {label} line {number}: '{text[:40]}' is no UTC time", "write 2028-01-01T00:00:00Z"
        ) from None
