"""Orbits a user brings (OEM, OPM), as states in MOON_ME at the times of sights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.base.gate import file_text
from lupex.ephemeris import barycentric_series, earth_moon_series
from lupex.io.messages.oem import read_oem
from lupex.io.messages.opm_states import KnownState, read_opm
from lupex.model import OrbitTable
from lupex.navigation.orbit.propagate import propagated
from lupex.signals.geometry.orbit import FIXED, INERTIAL, Orbit, in_moon_me, moon_axes, orbit

MOST_OPM_DAYS = 3.0
"""A state is carried no farther: gravity of degree 80 without manoeuvres is some tens of metres off by then."""


@dataclass(frozen=True, eq=False)
class _Carried:
    known: KnownState
    orbit: Orbit


KnownOrbits = Mapping[str, Orbit | _Carried]


def read_orbits(files: Sequence[Path]) -> KnownOrbits:
    """Orbits by the name of their object, in capitals.

    Args:
        files: OEM (interpolated) or OPM (its state integrated with GRAIL to degree 80, Earth and Sun), keyword-value.

    Raises InputError naming the file: another message, another centre or frame, an object named twice.
    """
    found: dict[str, Orbit | _Carried] = {}
    for path in files:
        opm = file_text(path).lstrip("\ufeff \r\n").startswith("CCSDS_OPM")
        try:
            some = [_state_orbit(read_opm(path))] if opm else [orbit(table) for table in read_oem(path)]
        except InputError as error:
            raise type(error)(error.what if str(path) in str(error) else f"{path}: {error.what}", error.fix) from None
        for one in some:
            name = (one.orbit if isinstance(one, _Carried) else one).table.name.upper()
            if name in found:
                raise InputError(f"{path}: {name} has an orbit already", "give one segment of each object")
            found[name] = one
    return found


def states_me(held: Orbit | _Carried, times_tdb_s: F64) -> tuple[F64, F64]:
    """Places (m) and velocities (m/s) in the turning axes MOON_ME (n, 3) at times (n,), TDB seconds past J2000.

    Raises SpanError or InputError for times the orbit does not hold.
    """
    lowest, highest = float(times_tdb_s.min()), float(times_tdb_s.max())
    series = earth_moon_series(lowest - 10.0, highest + 10.0)
    if isinstance(held, Orbit):
        return in_moon_me(held, times_tdb_s, series)
    epoch = float(held.orbit.times_tdb_s[0])
    after = times_tdb_s - epoch
    if np.abs(after).max() > MOST_OPM_DAYS * 86_400.0:
        raise InputError(
            f"OPM of {held.known.name}: a sight is {np.abs(after).max() / 86_400.0:.1f} days from its state",
            f"give a state within {MOST_OPM_DAYS:g} days, or an OEM",
        )
    pulled = barycentric_series(min(lowest, epoch) - 300.0, max(highest, epoch) + 300.0)
    states = np.empty((times_tdb_s.size, 6))
    for side in (after >= 0.0, after < 0.0):
        if side.any():
            instants, which = np.unique(np.abs(after[side]), return_inverse=True)
            signed = instants if after[side][0] >= 0.0 else -instants
            states[side] = propagated(held.known.state, epoch, signed, pulled)[which]
    turn, spin = moon_axes(times_tdb_s, series)
    relative = states[:, 3:] - np.cross(spin, states[:, :3])
    return np.einsum("nji,nj->ni", turn, states[:, :3]), np.einsum("nji,nj->ni", turn, relative)


def _state_orbit(known: KnownState) -> _Carried:
    if known.frame in FIXED:
        raise InputError(f"OPM of {known.name}: frame {known.frame} turns", f"give it in {', '.join(INERTIAL)}")
    table = OrbitTable(
        name=known.name,
        center=known.center,
        frame=known.frame,
        time_system=known.time_system,
        epochs=(known.epoch, "2500-01-01T00:00:00"),  # a table has two; nobody asks for the second
        position_m=np.stack([known.state[:3]] * 2),
        velocity_m_s=np.stack([known.state[3:]] * 2),
    )
    return _Carried(known, orbit(table))
