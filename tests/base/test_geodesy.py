import numpy as np
import pytest

from lupex.base.geodesy import geodetic_from_itrf, itrf_from_geodetic_m, local_axes


@pytest.mark.parametrize("lat", [-90.0, -89.9999, -35.4, 0.0, 12.9, 61.0, 90.0])
@pytest.mark.parametrize("height", [-400.0, 0.0, 4500.0, 1e6])
def test_there_and_back_again(lat: float, height: float) -> None:
    back = geodetic_from_itrf(*itrf_from_geodetic_m(lat, 148.98, height))
    assert back[0] == pytest.approx(lat, abs=1e-11)
    assert back[2] == pytest.approx(height, abs=1e-6)
    if abs(lat) < 90.0:
        assert back[1] == pytest.approx(148.98, abs=1e-9)


def test_dss_14_is_where_its_geodetic_coordinates_say() -> None:
    lat, lon, height = geodetic_from_itrf(-2353621.420, -4641341.472, 3677052.318)
    assert (lat, lon) == (pytest.approx(35.4259009, abs=1e-7), pytest.approx(-116.8895382, abs=1e-7))
    assert height == pytest.approx(1001.39, abs=0.01)


def test_axes_are_right_handed_and_north_points_north() -> None:
    axes = local_axes(36.0, 138.0)
    assert np.allclose(axes @ axes.T, np.eye(3), atol=1e-15)
    assert np.linalg.det(axes) == pytest.approx(1.0)
    assert axes[1, 2] == pytest.approx(np.cos(np.radians(36.0)))
