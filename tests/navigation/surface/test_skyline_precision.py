import numpy as np
import pytest

from lupex.model import Grid, HorizonMap
from lupex.navigation.surface.skyline_coarse import SettingsOfMatch
from lupex.navigation.surface.skyline_match import BETWEEN_CELLS
from lupex.navigation.surface.skyline_precision import PLACE_FLOOR, skyline_precision_m


def ridges(depends: float, shape: tuple[int, int] = (7, 7)) -> HorizonMap:
    """Skylines whose height changes with the place towards the far ridges, and along the azimuth."""
    azimuths = np.arange(0.0, 360.0, 3.0)
    a = np.radians(azimuths)[:, None, None]
    row, col = np.mgrid[: shape[0], : shape[1]]
    height = 3.0 + np.sin(5.0 * a) + depends * (np.sin(3.0 * a) * col + np.cos(2.0 * a) * row)
    grid = Grid("south", *shape, 50.0, -50.0 * shape[1] / 2, 50.0 * shape[0] / 2)
    counts = np.rint(height / HorizonMap.UNIT_DEG).astype(np.int16)
    return HorizonMap(
        grid=grid, azimuths_pencil_deg=azimuths, counts=counts, observer_height_m=0.0, search_radius_m=1e5
    )


def test_it_is_what_least_squares_over_the_azimuths_leaves() -> None:
    settings = SettingsOfMatch(sigma_deg=0.1, tilt_sigma_deg=0.2)
    found = skyline_precision_m(ridges(0.3), settings)
    a = np.radians(np.arange(0.0, 360.0, 3.0))
    by_x, by_y = 0.3 * np.sin(3.0 * a), -0.3 * np.cos(2.0 * a)
    columns = np.stack([by_x, by_y, np.radians(5.0 * np.cos(5.0 * a) + 0.9 * 3 * 3 * np.cos(3 * a)
                        - 0.6 * 3 * np.sin(2 * a)), np.ones_like(a)], axis=1)  # fmt: skip
    sigma = np.hypot(0.1, BETWEEN_CELLS * (np.abs(by_x) + np.abs(by_y)))
    rows = np.concatenate([columns / sigma[:, None], np.diag([0.0, 0.0, 1.0 / 104.0, 1.0 / 0.2])])
    covariance = np.linalg.inv(rows.T @ rows)
    expected = 50.0 * np.sqrt(covariance[0, 0] + covariance[1, 1] + 2.0 * PLACE_FLOOR**2)
    assert found[3, 3] == pytest.approx(expected, rel=0.02)


def test_a_skyline_that_changes_less_tells_less_and_one_alike_everywhere_nothing() -> None:
    clear, faint, none = (skyline_precision_m(ridges(d))[3, 3] for d in (0.3, 0.03, 0.0))
    assert clear < faint < 50.0 * 4 < none


def test_edges_and_holes_say_nothing() -> None:
    whole = ridges(0.3)
    counts = whole.counts.copy()
    counts[:, 3, 3] = HorizonMap.NODATA
    holed = HorizonMap(
        grid=whole.grid, azimuths_pencil_deg=whole.azimuths_pencil_deg, counts=counts, observer_height_m=0.0,
        search_radius_m=1e5,
    )  # fmt: skip
    found = skyline_precision_m(holed)
    assert np.isnan(found[0]).all() and np.isnan(found[:, -1]).all()
    assert np.isnan(found[3, 3])
    assert np.isfinite(found[1, 1])


def test_a_map_too_small_for_differences_says_nothing() -> None:
    assert np.isnan(skyline_precision_m(ridges(0.3, (2, 2)))).all()
