"""The ellipse of odometry: what it grows with, which way it lies."""

import numpy as np
import pytest

from lupex.web.follow.track import SIGMAS, Track


def driven(steps: int, azimuth_deg: float, step_m: float = 1.0) -> Track:
    track, way = Track(), np.arange(steps + 1) * step_m
    turn = np.radians(azimuth_deg)
    track.add(
        (1000.0 * np.arange(steps + 1)).tolist(), way * np.sin(turn), way * np.cos(turn),
        np.full(steps + 1, azimuth_deg), way,
    )  # fmt: skip
    return track


def test_a_rover_that_stands_has_a_point() -> None:
    track = Track()
    track.add([0.0, 1.0], np.full(2, 7.0), np.full(2, -3.0), np.zeros(2), np.full(2, 4.0))
    (one,) = track.told()["ellipses"]
    assert (one["x_m"], one["y_m"], one["major_m"], one["minor_m"]) == (7.0, -3.0, 0.0, 0.0)


def test_the_ellipse_is_the_closed_form_of_slip_and_heading_on_a_straight_drive() -> None:
    # Across: the heading's constant bias (0.009 rad) turns the whole way; its white part, of each leg, is small.
    legs, leg = 40, 5.0
    last = driven(200, 90.0).told()["ellipses"][-1]
    length = legs * leg * 0.95
    across = np.hypot(0.009 * length, 0.009 * leg * 0.95 * np.sqrt(legs))
    # Along: slip forgets over 20 legs: variance of a sum of first-order Markov terms, and the wheels' white 2 % a leg.
    rho = np.exp(-np.abs(np.subtract.outer(np.arange(legs), np.arange(legs))) / 20.0)
    along = np.hypot(0.05 * leg * np.sqrt(rho.sum()), 0.02 * leg * np.sqrt(legs))
    sides = sorted([SIGMAS * across, SIGMAS * along])
    assert [last["minor_m"], last["major_m"]] == pytest.approx(sides, rel=0.05)
    assert last["x_m"] == pytest.approx(length, abs=0.5)


@pytest.mark.parametrize("azimuth_deg", [0.0, 30.0, 90.0, 150.0, 240.0])
def test_the_long_axis_of_a_straight_drive_lies_along_it(azimuth_deg: float) -> None:
    last = driven(60, azimuth_deg).told()["ellipses"][-1]
    off = abs((last["azimuth_grid_deg"] - azimuth_deg + 90.0) % 180.0 - 90.0)
    assert off < 1.0


def test_places_that_come_late_stand_where_they_belong_and_those_without_numbers_nowhere() -> None:
    track = Track()
    track.add([5000.0, 6000.0], np.array([5.0, 6.0]), np.zeros(2), np.full(2, 90.0), np.array([5.0, 6.0]))
    track.add([0.0, 1000.0], np.array([0.0, np.nan]), np.zeros(2), np.full(2, 90.0), np.array([0.0, 1.0]))
    told = track.told()
    assert told["ms"] == [0.0, 5000.0, 6000.0]
    assert told["x_m"] == [0.0, 5.0, 6.0]


def test_no_telemetry_is_an_empty_way() -> None:
    assert Track().told()["ellipses"] == []
