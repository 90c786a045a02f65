import numpy as np
import pytest

from lupex.gravity import deflection_rad, lunar_field
from lupex.model.position.fix import enu_axes, place_me_m
from lupex.navigation.estimate.batch import BatchSettings, Prior, batch_fit
from lupex.navigation.zenith import left_of_plumb_line_m, plumb_zenith, zenith_observations

PLACE = place_me_m(-85.435, 37.348, 2000.0)


def seen_zenith(field) -> np.ndarray:
    """Latitude and longitude to which the plumb line's zenith points, built from its own definition."""
    north, east = deflection_rad(PLACE, field)
    axes = enu_axes(-85.435, 37.348)
    up = axes[2] + north * axes[1] + east * axes[0]
    up = up / np.linalg.norm(up)
    return np.array([[np.degrees(np.arcsin(up[2])), np.degrees(np.arctan2(up[1], up[0]))]])


def solved(zenith: np.ndarray, count: int = 1, field=None):
    data = zenith_observations(np.repeat(zenith, count, axis=0), np.full(count, 80.0), 5, 3, field)
    axes = enu_axes(-85.435, 37.348)
    start = np.concatenate([PLACE + np.array([900.0, -700.0, 0.0]) @ axes, np.zeros(2)])
    covariance = np.diag(np.square([20e3, 20e3, 20e3, 549.0, 549.0]))
    # The height is known: the plumb line changes with it, 157 m a kilometre here.
    covariance[:3, :3] = axes.T @ np.diag(np.square([20e3, 20e3, 10.0])) @ axes
    return batch_fit([data], Prior(state=start, covariance=covariance), BatchSettings(reject_sigma=0.0))


def test_a_zenith_leads_back_to_the_place_once_the_plumb_line_is_taken_off() -> None:
    """There the plumb line of degree 300 is off by more than a kilometre."""
    axes = enu_axes(-85.435, 37.348)
    zenith = seen_zenith(lunar_field())
    raw = place_me_m(float(zenith[0, 0]), float(zenith[0, 1]), 2000.0)
    assert np.linalg.norm((axes @ (raw - PLACE))[:2]) > 1000.0
    fit = solved(zenith)
    off = fit.state[:3] - PLACE
    assert off @ np.linalg.solve(fit.covariance[:3, :3], off) < 0.05**2  # what the prior, a kilometre off, pulls
    assert np.abs((axes @ off)[:2]).max() < 5.0


def test_what_is_left_of_the_plumb_line_does_not_average_out_and_its_own_change_counts() -> None:
    """The plumb line turns with the ground: the place is known by the inverse of the change of the zenith with it."""
    axes = enu_axes(-85.435, 37.348)[:2]
    field, change = lunar_field(), np.empty((2, 2))
    for k in range(2):
        ends = [plumb_zenith(PLACE + sign * 100.0 * axes[k], field) for sign in (1.0, -1.0)]
        change[:, k] = np.linalg.norm(PLACE) * axes @ (ends[0] - ends[1]) / 200.0
    inverse = np.linalg.inv(change)
    for count in (1, 100):
        covariance = axes @ solved(seen_zenith(field), count).covariance[:3, :3] @ axes.T
        spread = 80.0**2 / count + 549.0**2
        expected = spread * inverse @ inverse.T
        assert np.sqrt(np.diag(covariance)) == pytest.approx(np.sqrt(np.diag(expected)), rel=0.02)
    assert not np.allclose(np.sqrt(np.diag(covariance)), 549.0, rtol=0.05)


def test_a_coarser_field_leaves_more() -> None:
    field = lunar_field()
    assert [left_of_plumb_line_m(field.to_degree(n)) for n in (300, 100, 20)] == [549.0, 1225.0, 1815.0]
