"""Orbit ephemeris messages (CCSDS 502.0-B-3), keyword-value form: the subset that carries states.

Read: header, metadata, states with or without accelerations (which are dropped), comments and
covariance (skipped), several segments. The unit is km and km/s, as the standard has it.
"""

import datetime
import re
from pathlib import Path

import numpy as np

from lupex.base.errors import InputError
from lupex.model.fields.orbit import OrbitTable

_NEEDED = ("OBJECT_NAME", "CENTER_NAME", "REF_FRAME", "TIME_SYSTEM")
_DAY_OF_YEAR = re.compile(r"(\d{4})-(\d{3})T(.+)")
_M_PER_KM = 1000.0


def read_oem(path: str | Path) -> tuple[OrbitTable, ...]:
    """The segments of an OEM file, in order.

    Args:
        path: of the message.

    Raises InputError, with the line, for a file that cannot be read, is no OEM in keyword-value form, lacks metadata
    or has a state that is not seven or ten columns.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"OEM {path}: cannot be read: {error}", "check the path") from None
    lines = [(i, line.strip()) for i, line in enumerate(text.splitlines(), 1)]
    lines = [(i, line) for i, line in lines if line and not line.startswith("COMMENT")]
    if not lines or not lines[0][1].replace(" ", "").startswith("CCSDS_OEM_VERS="):
        raise InputError(f"OEM {path}: does not begin with CCSDS_OEM_VERS", "give an OEM in keyword-value form")
    starts = [k for k, (_, line) in enumerate(lines) if line == "META_START"]
    if not starts:
        raise InputError(f"OEM {path}: no META_START", "give at least one segment")
    ends = [*starts[1:], len(lines)]
    return tuple(_segment(str(path), lines[a:b]) for a, b in zip(starts, ends, strict=True))


def _segment(label: str, lines: list[tuple[int, str]]) -> OrbitTable:
    meta: dict[str, str] = {}
    k = 1
    while k < len(lines) and lines[k][1] != "META_STOP":
        number, line = lines[k]
        key, equals, value = line.partition("=")
        if not equals:
            raise InputError(f"OEM {label} line {number}: '{line}' is no keyword", "write KEY = value")
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
    return OrbitTable(
        meta["OBJECT_NAME"],
        meta["CENTER_NAME"].upper(),
        meta["REF_FRAME"].upper(),
        meta["TIME_SYSTEM"].upper(),
        tuple(epochs),
        array[:, :3],
        array[:, 3:],
        *_interpolation(label, lines[0][0], meta),
    )


def _state(label: str, number: int, line: str) -> tuple[str, list[float]]:
    words = line.split()
    try:
        values = [float(word) for word in words[1:]]
        if len(words) not in (7, 10):
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
