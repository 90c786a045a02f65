"""Orbits written as an SPK, the ephemeris file of SPICE, and read back."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import spiceypy as spice

from lupex.base.arrays import F64
from lupex.base.cache import replacing
from lupex.base.errors import InputError
from lupex.ephemeris.pool import kernels

DEGREE = 7
"""Of Hermite's polynomials (type 13): through four rows, places and velocities."""
CENTRES = {"EARTH": 399, "MOON": 301}


@dataclass(frozen=True, eq=False, kw_only=True)
class SpkOrbit:
    """A stretch without a burn: centre ('EARTH' or 'MOON'), times (n,) ascending, TDB seconds past J2000, and states
    (n, 6), m and m/s in the axes of J2000."""

    center: str
    times_tdb_s: F64
    states: F64


def write_spk(path: Path, orbits: Sequence[SpkOrbit], spacecraft: int, name: str = "lupex") -> None:
    """Write orbits as an SPK of type 13, a segment for each.

    Args:
        path: of the file; it appears when it is whole. orbits: not empty.
        spacecraft: NAIF number, negative. name: of the file inside, up to 60 letters.

    Raises InputError for a number that is no spacecraft's, times that do not ascend, fewer than two rows.
    """
    if spacecraft >= 0:
        raise InputError(f"SPK: {spacecraft} is no number of a spacecraft", "give a negative NAIF number")
    for orbit in orbits:
        times, states = orbit.times_tdb_s, orbit.states
        if orbit.center not in CENTRES or times.ndim != 1 or states.shape != (times.size, 6):
            raise InputError(f"SPK: an orbit about {orbit.center} with {states.shape} states", "EARTH or MOON, (n, 6)")
        if times.size < 2 or not (np.all(np.isfinite(states)) and np.all(np.diff(times) > 0.0)):
            raise InputError("SPK: times must ascend and states be finite", "correct the orbit")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made.bsp"  # SPICE opens files by name, and not beyond 255 letters
        with kernels(()):
            handle = spice.spkopn(str(made), name[:60], 0)
            try:
                for orbit in orbits:
                    _segment(handle, orbit, spacecraft, name)
            finally:
                spice.spkcls(handle)
        with replacing(path) as stream:
            stream.write(made.read_bytes())


def _segment(handle: int, orbit: SpkOrbit, spacecraft: int, name: str) -> None:
    times, states = orbit.times_tdb_s, orbit.states / 1000.0
    degree = min(DEGREE, 2 * times.size - 1)
    span = (float(times[0]), float(times[-1]))
    title = f"{name} about {orbit.center}"[:40]
    spice.spkw13(handle, spacecraft, CENTRES[orbit.center], "J2000", *span, title, degree, times.size, states, times)


def spk_states(path: Path, spacecraft: int, center: str, times_tdb_s: F64) -> F64:
    """States (n, 6) of an SPK, m and m/s in the axes of J2000.

    Args:
        path: of the file. spacecraft: NAIF number. center: 'EARTH' or 'MOON', whose segments cover the times.
        times_tdb_s: (n,) TDB seconds past J2000.

    Raises LupexError where SPICE finds no segment.
    """
    with kernels((path,)):
        rows = [spice.spkgeo(spacecraft, t, "J2000", CENTRES[center])[0] for t in times_tdb_s.tolist()]
    return 1000.0 * np.array(rows)
