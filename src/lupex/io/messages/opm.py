"""Orbit Parameter Messages (CCSDS 502.0-B-3, KVN): one state and the burns planned after it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lupex.base.errors import InputError
from lupex.base.utc import utc_text
from lupex.io.atomic import write_bytes
from lupex.io.messages.oem import OemHeader
from lupex.io.text import ccsds_line

_M_PER_KM = 1000.0


@dataclass(frozen=True, kw_only=True)
class PlannedBurn:
    """An impulse: UTC, mass it takes (kg, negative), delta-v (3,) in m/s, axes ('RTN' or the state's frame)."""

    utc: str
    mass_change_kg: float
    delta_v_m_s: tuple[float, float, float]
    frame: str = "RTN"


@dataclass(frozen=True, kw_only=True)
class OrbitState:
    """A state (6,) in m and m/s: name of the object, centre, frame, UTC and mass (kg)."""

    name: str
    center: str
    frame: str
    utc: str
    state: tuple[float, ...]
    mass_kg: float


def opm_text(state: OrbitState, burns: tuple[PlannedBurn, ...], header: OemHeader) -> str:
    """The message as text.

    Args:
        state: where it is. burns: after it, in order. header: originator and date (as of an OEM).

    Raises InputError for a state that is not six finite numbers, a mass that is not positive or a date that is none.
    """
    if len(state.state) != 6 or not np.all(np.isfinite(state.state)) or not state.mass_kg > 0.0:
        raise InputError("OPM: a state is six finite numbers, with a mass above 0", "give metres, m/s and kg")
    lines = ["CCSDS_OPM_VERS = 2.0", *(f"COMMENT {ccsds_line(text)}" for text in header.comments)]
    lines.append(f"CREATION_DATE = {utc_text(header.creation_utc).removesuffix('Z')}")
    lines.append(f"ORIGINATOR = {ccsds_line(header.originator)}")
    lines += [f"OBJECT_NAME = {ccsds_line(state.name)}", f"OBJECT_ID = {ccsds_line(state.name)}"]
    lines += [f"CENTER_NAME = {ccsds_line(state.center)}", f"REF_FRAME = {ccsds_line(state.frame)}"]
    lines += ["TIME_SYSTEM = UTC", f"EPOCH = {utc_text(state.utc).removesuffix('Z')}"]
    names = ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT")
    lines += [f"{name} = {value / _M_PER_KM:.12f}" for name, value in zip(names, state.state, strict=True)]
    lines.append(f"MASS = {state.mass_kg:.3f}")
    for burn in burns:
        lines += [f"MAN_EPOCH_IGNITION = {utc_text(burn.utc).removesuffix('Z')}", "MAN_DURATION = 0.0"]
        lines += [f"MAN_DELTA_MASS = {burn.mass_change_kg:.3f}", f"MAN_REF_FRAME = {ccsds_line(burn.frame)}"]
        lines += [f"MAN_DV_{k + 1} = {value / _M_PER_KM:.9f}" for k, value in enumerate(burn.delta_v_m_s)]
    return "\n".join(lines) + "\n"


def write_opm(path: str | Path, state: OrbitState, burns: tuple[PlannedBurn, ...], header: OemHeader) -> None:
    """Write `opm_text` atomically. Raises StoreError; else as `opm_text`."""
    write_bytes(path, opm_text(state, burns, header).encode())
