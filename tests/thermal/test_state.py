"""Temperatures of a map at one time."""

import numpy as np
import pytest
from tests.thermal.test_maps import ground, surface_of

from lupex.study import SunAsked
from lupex.study.questions.thermal import LUNATION_S, middle_deg, true_sun
from lupex.thermal import MapSettings, state_map, state_names, thermal_map, thermal_profile

UTC = "2027-03-05T12:00:00Z"


def test_level_ground_at_a_time_is_as_a_column_whose_period_ends_then():
    """The map's last lunation has shorter steps and a beginning of its own; the column runs through in one."""
    from lupex.ephemeris import tdb_s_to_utc, utc_to_tdb_s

    surface, settings = surface_of(ground(height_m=np.zeros((40, 40)))), MapSettings(facing=False)
    where = middle_deg(surface.terrain.grid)
    cycle, last = SunAsked(at_utc=UTC).paths(*where)
    found = thermal_map(surface, sun=cycle, settings=settings)
    state = state_map(surface, found, last, UTC, settings)
    assert set(state_names(settings)) == {"surface_at_time_k", "at_time_0p1m_k", "at_time_0p5m_k", "at_time_1m_k"}
    row, col = 20, 20
    lat, lon = (float(v[row, col]) for v in surface.terrain.grid.lat_lon_deg())
    begin = tdb_s_to_utc([float(utc_to_tdb_s(UTC)[0]) - 47 * LUNATION_S])[0]
    column = thermal_profile(lat, lon, sun=true_sun(*where, begin))
    at_end = np.interp((0.0, 0.1, 0.5, 1.0), column.depth_m, column.history_k[-1])
    got = [state[name][row, col] for name in state_names(settings)]
    assert got == pytest.approx(at_end, abs=0.15)
    assert UTC in state.meanings["surface_at_time_k"]
    assert "Keihm" in state.meanings["at_time_1m_k"]
    assert abs(got[0] - found.maps["surface_mean_k"][row, col]) > 5.0  # it is no mean
