import numpy as np
import pytest
from tests.navigation.scenes_radio import PLACE, START, antennas, series

from lupex.base.errors import InputError
from lupex.model import TrackingSegment
from lupex.navigation.radio.ranges import RangeModel
from lupex.navigation.radio.tracking import TrackingNoise, map_observations, simulated_tracking, tracking_observations

STATE = np.concatenate([PLACE, np.zeros(2)])


@pytest.fixture(scope="module")
def model() -> RangeModel:
    return RangeModel(series=series(2), antennas=antennas("misasa", "byalalu32"))


@pytest.fixture(scope="module")
def segments(model: RangeModel) -> tuple[TrackingSegment, ...]:
    times = START + np.arange(0.0, 86_400.0, 1800.0)
    return simulated_tracking(model, PLACE, times, TrackingNoise(), np.random.default_rng(1))[0]


def test_data_made_up_are_explained_by_the_truth_to_their_noise(model, segments) -> None:
    found, stations = tracking_observations(segments, model, TrackingNoise())
    assert stations == ("misasa", "byalalu32")
    for one in found:
        left, jacobian = one.residuals(STATE)
        assert jacobian.shape == (left.size, 5)
        limit = 4.0 * one.sigma if one.method.startswith("rate") else 4.0 * one.sigma + 20.0
        assert np.all(np.abs(left) < limit)


def test_a_bias_belongs_to_the_receiving_station(model, segments) -> None:
    found, _ = tracking_observations(segments, model, TrackingNoise())
    by = {one.method: one.residuals(STATE)[1][0, 3:] for one in found if one.method.startswith("range")}
    for name, row in by.items():
        assert list(row) == ([1.0, 0.0] if "misasa" in name else [0.0, 1.0])


def test_wrong_participants_and_paths_are_refused_by_segment(model, segments) -> None:
    from dataclasses import replace

    two = replace(segments[0], participants=("LANDER", "ROVER"), path=(2, 1, 2))
    with pytest.raises(InputError, match="segment 1: participants LANDER, ROVER"):
        tracking_observations([two], model, TrackingNoise())
    turned = replace(segments[0], path=(1, 2))
    assert turned.participants[0] == "LANDER"
    back = replace(segments[0], path=(2, 1))
    with pytest.raises(InputError, match="path misasa - LANDER"):
        tracking_observations([back], model, TrackingNoise())
    with pytest.raises(InputError, match="participants LANDER"):
        tracking_observations(segments, model, TrackingNoise(), target="orbiter")


def test_a_place_on_a_map_is_an_observation_of_east_and_north() -> None:
    one = map_observations("image", PLACE, 12.0, 5)
    left, jacobian = one.residuals(STATE)
    assert np.abs(left).max() < 1e-6
    assert jacobian.shape == (2, 5)


def test_no_station_in_view_is_said(model) -> None:
    with pytest.raises(InputError, match="no station sees the Moon"):
        simulated_tracking(model, PLACE, np.array([START]), TrackingNoise(), np.random.default_rng(1), lowest_deg=80.0)
