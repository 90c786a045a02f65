"""Orbit ephemeris messages (CCSDS 502.0-B-3), keyword-value form: the subset that carries states.

Read: header, metadata, states with or without accelerations (which are dropped), comments and
covariance (skipped), several segments, the useable span. Written: the same without accelerations and
covariance. The unit is km and km/s, as the standard has it.
"""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lupex.base.errors import InputError
from lupex.base.gate import file_text, names_its_file, printable
from lupex.base.utc import utc_text
from lupex.io.atomic import write_bytes
from lupex.io.text import ccsds_line
from lupex.model.fields.orbit import OrbitTable

_NEEDED = ("OBJECT_NAME", "CENTER_NAME", "REF_FRAME", "TIME_SYSTEM")
_DAY_OF_YEAR = re.compile(r"(\d{4})-(\d{3})T(.+)")
_M_PER_KM = 1000.0


@names_its_file
def read_oem(path: str | Path) -> tuple[OrbitTable, ...]:
    """The segments of an OEM file, in order.

    Args:
        path: of the message.

    Raises InputError, with the line, for a file that cannot be read, is no OEM in keyword-value form, lacks metadata
    or has a state that is not seven or ten columns.
    """
    text = file_text(path)
    lines = [(i, line.strip()) for i, line in enumerate(text.splitlines(), 1)]
    lines = [(i, line) for i, line in lines if line and not line.startswith("COMMENT")]
    if not lines or not lines[0][1].replace(" ", "").startswith("CCSDS_OEM_VERS="):
        raise InputError(f"OEM {path}: does not begin with CCSDS_OEM_VERS", "give an OEM in keyword-value form")
    starts = [k for k, (_, line) in enumerate(lines) if line == "META_START"]
    if not starts:
        raise InputError(f"OEM {path}: no META_START", "give at least one segment")
    ends = [*starts[1:], len(lines)]
    return tuple(_segment(str(path), lines[a:b]) for a, b in zip(starts, ends, strict=True))


@dataclass(frozen=True)
class OemHeader:
    """Head of a message: who made it, when (UTC text; no clock is read) and comments."""

    originator: str
    creation_utc: str
    comments: tuple[str, ...] = ("predicted, not measured",)


def oem_text(tables: Sequence[OrbitTable], header: OemHeader) -> str:
    """The message as text (CCSDS 502.0-B-3), a segment per table.

    Args:
        tables: states; epochs are written as they are.
        header: originator and date.

    Raises InputError without a table, or for a date that is none.
    """
    if not tables:
        raise InputError("OEM: no states to write", "give at least one table")
    lines = ["CCSDS_OEM_VERS = 2.0", *(f"COMMENT {ccsds_line(text)}" for text in header.comments)]
    lines.append(f"CREATION_DATE = {utc_text(header.creation_utc).removesuffix('Z')}")
    lines.append(f"ORIGINATOR = {ccsds_line(header.originator)}")
    for table in tables:
        lines += ["META_START", f"OBJECT_NAME = {ccsds_line(table.name)}", f"OBJECT_ID = {ccsds_line(table.name)}"]
        lines += [f"CENTER_NAME = {ccsds_line(table.center)}", f"REF_FRAME = {ccsds_line(table.frame)}"]
        lines += [f"TIME_SYSTEM = {ccsds_line(table.time_system)}", f"START_TIME = {table.epochs[0]}"]
        for key, text in zip(("USEABLE_START_TIME", "USEABLE_STOP_TIME"), table.useable, strict=True):
            lines += [f"{key} = {text}"] if text else []
        lines += [f"STOP_TIME = {table.epochs[-1]}", f"INTERPOLATION = {table.interpolation}"]
        lines += [f"INTERPOLATION_DEGREE = {table.degree}", "META_STOP"]
        for epoch, at, going in zip(table.epochs, table.position_m, table.velocity_m_s, strict=True):
            place = " ".join(f"{value / _M_PER_KM:.9f}" for value in at.tolist())
            lines.append(f"{epoch} {place} " + " ".join(f"{value / _M_PER_KM:.12f}" for value in going.tolist()))
    return "\n".join(lines) + "\n"


def write_oem(path: str | Path, tables: Sequence[OrbitTable], header: OemHeader) -> None:
    """Write `oem_text` atomically. Raises StoreError; else as `oem_text`."""
    write_bytes(path, oem_text(tables, header).encode())


def _segment(label: str, lines: list[tuple[int, str]]) -> OrbitTable:
    meta: dict[str, str] = {}
    k = 1
    while k < len(lines) and lines[k][1] != "META_STOP":
        number, line = lines[k]
        key, equals, value = line.partition("=")
        if not equals:
            raise InputError(f"OEM {label} line {number}: '{printable(line)}' is no keyword", "write KEY = value")
        if key.strip() in meta:
            raise InputError(f"OEM {label} line {number}: {printable(key.strip())} is given twice", "keep one of them")
        meta[key.strip()] = value.strip()
        k += 1
    missing = [key for key in _NEEDED if key not in meta]
    if missing or k == len(lines):
        what = f"{', '.join(missing)} missing" if missing else "no META_STOP"
        raise InputError(f"OEM {label} line {lines[0][0]}: {what} in the metadata", "complete it")
    epochs, states, covariance = [], [], False
    for number, line in lines[k + 1 :]:
        if line in ("COVARIANCE_START", "COVARIANCE_STOP"):
            covariance = line == "COVARIANCE_START"
        elif not covariance:
            epoch, state = _state(label, number, line)
            epochs.append(epoch)
            states.append(state)
    if len(states) < 2:
        raise InputError(f"OEM {label} line {lines[0][0]}: fewer than two states in a segment", "give more")
    array = np.array(states) * _M_PER_KM
    method, degree = _interpolation(label, lines[0][0], meta)
    return OrbitTable(
        name=meta["OBJECT_NAME"],
        center=meta["CENTER_NAME"].upper(),
        frame=meta["REF_FRAME"].upper(),
        time_system=meta["TIME_SYSTEM"].upper(),
        epochs=tuple(epochs),
        position_m=array[:, :3],
        velocity_m_s=array[:, 3:],
        interpolation=method,
        degree=degree,
        useable=(_useable(label, lines[0][0], meta, "START"), _useable(label, lines[0][0], meta, "STOP")),
    )


def _useable(label: str, number: int, meta: dict[str, str], end: str) -> str:
    key = f"USEABLE_{end}_TIME"
    if key not in meta:
        return ""
    try:
        return utc_text(_epoch(meta[key])).removesuffix("Z")
    except (InputError, ValueError):
        raise InputError(
            f"OEM {label} line {number}: {key} = {printable(meta[key])} is no time", "write 2028-01-01T00:00:00"
        ) from None


def _state(label: str, number: int, line: str) -> tuple[str, list[float]]:
    words = line.split()
    try:
        values = [float(word) for word in words[1:]]
        if len(words) not in (7, 10) or not line.isascii():  # Python reads digits of every script
            raise ValueError
        return _epoch(words[0]), values[:6]
    except ValueError:
        raise InputError(
            f"OEM {label} line {number}: '{line[:60]}' is no state", "write epoch, x y z km, vx vy vz km/s"
        ) from None


def _epoch(text: str) -> str:
    text = text.removesuffix("Z")
    found = _DAY_OF_YEAR.fullmatch(text)
    if found is None:
        return text
    day = datetime.date(int(found[1]), 1, 1) + datetime.timedelta(days=int(found[2]) - 1)
    return f"{day.isoformat()}T{found[3]}"


def _interpolation(label: str, number: int, meta: dict[str, str]) -> tuple[str, int]:
    method = meta.get("INTERPOLATION", "HERMITE").upper()
    degree = meta.get("INTERPOLATION_DEGREE", "7")
    if not degree.isdigit() or not 1 <= int(degree) <= 25:
        raise InputError(f"OEM {label} line {number}: INTERPOLATION_DEGREE {degree}", "use 1 to 25")
    if method == "LINEAR":
        return "LAGRANGE", 1
    if method not in ("HERMITE", "LAGRANGE"):
        raise InputError(f"OEM {label} line {number}: INTERPOLATION {method}", "use HERMITE, LAGRANGE or LINEAR")
    return method, int(degree)
