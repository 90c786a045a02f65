"""The light path beside the slow and obvious iteration."""

import numpy as np
import pytest

from lupex.base.geodesy import local_axes
from lupex.ephemeris import earth_moon_series, utc_to_tdb_s
from lupex.ephemeris.ground_geometry import BLOCK_S, node_rows
from lupex.kernels.contact import light_path as kernel

C = 299_792_458.0
START = float(utc_to_tdb_s("2028-01-05")[0])


def plain_look(t: float, site: np.ndarray, place: np.ndarray) -> tuple[np.ndarray, float]:
    """Unit direction (J2000, no aberration) and path, the light time solved on exact rows of SPICE."""
    row = node_rows(t)[0]
    station = row[0:9].reshape(3, 3) @ site
    centre_s = np.linalg.norm(row[12:15]) / C
    light_s = centre_s
    for _ in range(6):
        # state of the place at t - light_s: the Moon's centre and axes, moved from t - centre_s
        turned = row[21:30].reshape(3, 3) @ place
        moves = row[15:18] + np.cross(row[30:33], turned)
        path = row[12:15] + turned - moves * (light_s - centre_s) - station
        light_s = np.linalg.norm(path) / C
    return path / np.linalg.norm(path), float(np.linalg.norm(path))


def test_the_light_path_is_that_of_the_obvious_iteration() -> None:
    site = np.array([-3854373.7, 3427836.3, 3741812.9])
    place = 1.739e6 * local_axes(-89.0, 40.0)[2]
    series = earth_moon_series(START, START + 86_400.0)
    for t in START + np.linspace(0.0, 80_000.0, 7):
        row, out = np.empty(36), np.empty(kernel.LOOKS)
        kernel.state_at(t, series.first_tdb_s, BLOCK_S, series.series, row, np.empty(36), np.empty(36))
        still = np.zeros(3)
        kernel.look(row, site, local_axes(36.1, 138.4), place, still, local_axes(-89.0, 40.0), 0.0, out)
        direction, path = plain_look(t, site, place)
        assert out[kernel.RANGE] == pytest.approx(path, abs=0.02)
        velocity = row[18:21] + np.cross(row[9:12], row[0:9].reshape(3, 3) @ site)
        turned = direction + (velocity - direction * (direction @ velocity)) / C
        local = local_axes(36.1, 138.4) @ (row[0:9].reshape(3, 3).T @ (turned / np.linalg.norm(turned)))
        assert out[kernel.EL] == pytest.approx(np.degrees(np.arcsin(local[2])), abs=1e-8)
        assert out[kernel.AZ] == pytest.approx(np.degrees(np.arctan2(local[0], local[1])) % 360.0, abs=1e-8)


def test_aberration_moves_a_direction_by_sin_of_its_angle() -> None:
    shift = kernel._shifted(1.0, 0.0, 0.0, 0.0, 30_000.0, 0.0)
    assert np.degrees(np.arctan2(shift[1], shift[0])) * 3600.0 == pytest.approx(20.64, abs=0.01)
    assert kernel._shifted(0.0, 1.0, 0.0, 0.0, 30_000.0, 0.0) == pytest.approx((0.0, 1.0, 0.0), abs=1e-15)


@pytest.mark.parametrize(("elevation", "arcmin"), [(0.0, 28.98), (10.0, 5.41), (45.0, 1.01), (89.0, 0.014)])
def test_refraction_follows_saemundsson(elevation: float, arcmin: float) -> None:
    assert kernel.refraction_deg(elevation, 281.5) * 60.0 == pytest.approx(arcmin, abs=0.02)
    assert kernel.refraction_deg(elevation, 0.0) == 0.0
    assert kernel.refraction_deg(-3.0, 300.0) == 0.0
