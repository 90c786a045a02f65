import numpy as np
import pytest

from lupex.catalogue import station
from lupex.ephemeris import moon_table, sky_table, utc_to_tdb_s
from lupex.trajectory import Approach, descent_view


def test_the_view_on_the_way_down_is_that_of_a_sphere_lit_by_the_sun_of_the_ephemeris() -> None:
    times = float(utc_to_tdb_s("2028-10-06T22:00:00Z")[0]) + np.array([-600.0, -300.0, 0.0])
    over = Approach(
        to_go_m=np.array([6e5, 2e5, 0.0]), lat_deg=np.array([-70.0, -83.0, -89.45]),
        lon_deg=np.array([42.69, 42.69, 222.69]), height_m=np.array([30_000.0, 15_000.0, 0.0]),
        terrain_m=np.zeros(3), mapped_m=6e5,
    )  # fmt: skip
    sky = sky_table(times)
    stations = [station("misasa"), station("dss14"), station("dss43"), station("dss63")]
    found = descent_view(over, times - times[-1], sky, moon_table(times).axes, stations)
    lat, lon = np.radians([-70.0, 42.69])
    up = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    sun = sky.sun_me_m[0] / np.linalg.norm(sky.sun_me_m[0])
    assert found.sun_elevation_deg[0] == pytest.approx(np.degrees(np.arcsin(up @ sun)), abs=0.01)
    assert found.phase_deg == pytest.approx(90.0 - found.sun_elevation_deg)
    high = found.sun_elevation_deg > 0.0
    assert found.shadow_of_1_m_m[high] == pytest.approx(1.0 / np.tan(np.radians(found.sun_elevation_deg[high])))
    assert np.isnan(found.shadow_of_1_m_m[~high]).all()
    assert found.horizon_dip_deg == pytest.approx([10.57, 7.50, 0.0], abs=0.05)
    assert found.earth_seen.tolist() == (found.earth_elevation_deg > -found.horizon_dip_deg).tolist()
    assert np.array_equal(
        found.station_seen, found.earth_seen
    )  # four antennas round the Earth: one always has the Moon
    assert not descent_view(over, times, sky, moon_table(times).axes, []).station_seen.any()
