from pathlib import Path

import numpy as np
import pytest

from lupex.base.constants import DAY_S
from lupex.base.errors import InputError, LupexError
from lupex.ephemeris import SpkOrbit, barycentric_series, spk_states, write_spk
from lupex.trajectory import ArcForces, arc
from lupex.trajectory.conics import GM_MOON_M3_S2

START = 898_267_869.0
STATE = np.array([1_837_400.0, 0.0, 0.0, 0.0, 20.0, np.sqrt(GM_MOON_M3_S2 / 1_837_400.0)])


def orbit(start: float = START) -> SpkOrbit:
    series, times = barycentric_series(start - DAY_S, start + DAY_S), 120.0 * np.arange(60)
    return SpkOrbit(center="MOON", times_tdb_s=start + times, states=arc(STATE, start, times, series, FORCES))


FORCES = ArcForces().about_moon(10)


def test_what_spice_reads_is_what_was_flown_at_rows_and_between_them(tmp_path: Path) -> None:
    flown, path = orbit(), tmp_path / "folder" / "orbit.bsp"
    later = SpkOrbit(center="EARTH", times_tdb_s=flown.times_tdb_s + 1e5, states=200.0 * flown.states)
    write_spk(path, [flown, later], -31_415)
    assert spk_states(path, -31_415, "MOON", flown.times_tdb_s) == pytest.approx(flown.states, abs=1e-6)
    assert spk_states(path, -31_415, "EARTH", later.times_tdb_s) == pytest.approx(later.states, abs=1e-4)
    between = 120.0 * np.arange(59) + 60.0
    exact = arc(STATE, START, between, barycentric_series(START - DAY_S, START + DAY_S), FORCES)
    found = spk_states(path, -31_415, "MOON", START + between)
    assert np.abs(found - exact)[:, :3].max() < 0.1
    assert np.abs(found - exact)[:, 3:].max() < 1e-3


def test_a_time_between_segments_and_bad_orbits_are_refused(tmp_path: Path) -> None:
    flown, path = orbit(), tmp_path / "orbit.bsp"
    with pytest.raises(InputError, match="no number of a spacecraft"):
        write_spk(path, [flown], 31_415)
    with pytest.raises(InputError, match="must ascend"):
        write_spk(path, [SpkOrbit(center="MOON", times_tdb_s=flown.times_tdb_s[::-1], states=flown.states)], -5)
    with pytest.raises(InputError, match="EARTH or MOON"):
        write_spk(path, [SpkOrbit(center="MARS", times_tdb_s=flown.times_tdb_s, states=flown.states)], -5)
    assert not path.exists()
    write_spk(path, [flown], -5)
    with pytest.raises(LupexError, match="SPICE says"):
        spk_states(path, -5, "MOON", np.array([START + 1e6]))
