"""Orbit parameter messages (CCSDS 502.0-B-3), keyword-value form: one state with its covariance.

Written and read: header, metadata, state vector (km, km/s), covariance (km2, km2/s, km2/s2) as its lower triangle.
Keplerian elements, spacecraft parameters and manoeuvres are refused rather than passed over: they change what follows
from the state. User-defined parameters are passed over.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.base.gate import file_text, names_its_file, printable
from lupex.base.utc import utc_text
from lupex.io.atomic import write_bytes
from lupex.io.messages.oem import OemHeader
from lupex.io.text import ccsds_line
from lupex.model.fields.terrain import frozen

_M_PER_KM = 1000.0
_STATE = ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT")
_META = ("OBJECT_NAME", "OBJECT_ID", "CENTER_NAME", "REF_FRAME", "TIME_SYSTEM")
_COVARIANCE = tuple(f"C{a}_{b}" for k, a in enumerate(_STATE) for b in _STATE[: k + 1])
_HEAD = ("CCSDS_OPM_VERS", "CREATION_DATE", "ORIGINATOR", "CLASSIFICATION", "MESSAGE_ID", "REF_FRAME_EPOCH",
         "COV_REF_FRAME", "EPOCH")  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class KnownState:
    """One state of an object.

    Attributes:
        name: of the object. center, frame, time_system: as the message says ('MOON', 'ICRF', 'MOON_ME', 'UTC', 'TDB').
        epoch: text in the time system. state: (6,) metres and metres per second.
        covariance: (6, 6) m2, m2/s, m2/s2 in the same frame; None where there is none.
    """

    name: str
    center: str
    frame: str
    time_system: str
    epoch: str
    state: F64
    covariance: F64 | None = None

    def __post_init__(self) -> None:
        state = np.asarray(self.state, np.float64)
        if state.shape != (6,) or not np.isfinite(state).all():
            raise InputError("OPM: a state is six finite numbers", "give metres and metres per second")
        object.__setattr__(self, "state", frozen(state))
        if self.covariance is not None:
            found = np.asarray(self.covariance, np.float64)
            if found.shape != (6, 6) or not np.isfinite(found).all() or not np.allclose(found, found.T, rtol=1e-9):
                raise InputError("OPM: a covariance is a symmetric 6 x 6 of finite numbers", "check its order")
            object.__setattr__(self, "covariance", frozen(0.5 * (found + found.T)))


def opm_text(one: KnownState, header: OemHeader) -> str:
    """The message as text.

    Args:
        one: the state. header: originator, date, comments.
    """
    lines = ["CCSDS_OPM_VERS = 2.0", *(f"COMMENT {ccsds_line(text)}" for text in header.comments)]
    lines.append(f"CREATION_DATE = {utc_text(header.creation_utc).removesuffix('Z')}")
    lines.append(f"ORIGINATOR = {ccsds_line(header.originator)}")
    values = (one.name, one.name, one.center, one.frame, one.time_system)
    lines += [f"{key} = {ccsds_line(value)}" for key, value in zip(_META, values, strict=True)]
    lines.append(f"EPOCH = {ccsds_line(one.epoch.removesuffix('Z'))}")
    lines += [f"{key} = {value / _M_PER_KM:.12f}" for key, value in zip(_STATE, one.state.tolist(), strict=True)]
    if one.covariance is not None:
        rows, cols = np.tril_indices(6)
        pairs = zip(_COVARIANCE, one.covariance[rows, cols].tolist(), strict=True)
        lines += [f"{key} = {value / _M_PER_KM**2:.15e}" for key, value in pairs]
    return "\n".join(lines) + "\n"


def write_opm(path: str | Path, one: KnownState, header: OemHeader) -> None:
    """Write `opm_text` atomically. Raises StoreError; else as `opm_text`."""
    write_bytes(path, opm_text(one, header).encode())


@names_its_file
def read_opm(path: str | Path) -> KnownState:
    """The state of an OPM file.

    Args:
        path: of the message.

    Raises InputError, with the line, for a file that cannot be read, is no OPM in keyword-value form, gives a keyword
    twice, lacks one, or holds what is not read here.
    """
    held: dict[str, str] = {}
    for number, raw in enumerate(file_text(path).splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("COMMENT"):
            continue
        key, equals, value = (part.strip() for part in line.partition("="))
        if not equals:
            raise InputError(f"OPM {path} line {number}: '{printable(line)}' is no keyword", "write KEY = value")
        if not held and key != "CCSDS_OPM_VERS":
            raise InputError(f"OPM {path}: does not begin with CCSDS_OPM_VERS", "give an OPM in keyword-value form")
        if key.startswith("USER_DEFINED"):
            continue
        if key not in (*_HEAD, *_META, *_STATE, *_COVARIANCE):
            raise InputError(f"OPM {path} line {number}: {printable(key)} is not read", "leave it out")
        if key in held:
            raise InputError(f"OPM {path} line {number}: {key} is given twice", "keep one of them")
        held[key] = value
    missing = [key for key in ("CCSDS_OPM_VERS", *_META[:1], *_META[2:], "EPOCH", *_STATE) if key not in held]
    if missing:
        raise InputError(f"OPM {path}: no {missing[0]}", "complete it")
    if held.get("COV_REF_FRAME", held["REF_FRAME"]) != held["REF_FRAME"]:
        raise InputError(f"OPM {path}: covariance in {printable(held['COV_REF_FRAME'])}", "give it in REF_FRAME")
    given = [key for key in _COVARIANCE if key in held]
    covariance = None
    if given:
        if len(given) < len(_COVARIANCE):
            lacking = next(key for key in _COVARIANCE if key not in held)
            raise InputError(f"OPM {path}: covariance without {lacking}", "give all 21 numbers")
        rows, cols = np.tril_indices(6)
        covariance = np.zeros((6, 6))
        covariance[rows, cols] = [_number(path, held, key) * _M_PER_KM**2 for key in _COVARIANCE]
        covariance = covariance + np.tril(covariance, -1).T
    state = np.array([_number(path, held, key) for key in _STATE]) * _M_PER_KM
    return KnownState(
        name=held["OBJECT_NAME"], center=held["CENTER_NAME"], frame=held["REF_FRAME"],
        time_system=held["TIME_SYSTEM"], epoch=held["EPOCH"], state=state, covariance=covariance,
    )  # fmt: skip


def _number(path: str | Path, held: dict[str, str], key: str) -> float:
    try:
        value = float(held[key].split("[")[0])
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"OPM {path}: {key} = {printable(held[key])} is no number", "write a finite number")
    return value
