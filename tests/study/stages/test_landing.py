"""Reach in time from every cell a lander may come down in, against the drive planned from there."""

import math
from dataclasses import replace

import numpy as np
from tests.traverse.time_scenes import STEP_S, light_from, plain_edges, rover_of

from lupex.mission import load_mission
from lupex.model import Terrain
from lupex.study.stages.drive import into_shadow_and_back, start_charge_wh
from lupex.study.stages.drive_scene import DriveScene
from lupex.study.stages.landing import DARK_LEFT_OUT, needs_in_time
from lupex.traverse import NoDrive

SHAPE = (7, 16)
HOURS = STEP_S / 3600.0


def a_shadow_beside_moving_light(**facts) -> tuple[DriveScene, np.ndarray]:
    """Dark on the right for ever; light moves over the left; a wall with a gap between."""
    row, col = np.indices(SHAPE)
    k = np.arange(60)[:, None, None]
    disc = np.where((col < 9) & ((col + row // 2 + k // 4) % 8 < 4), 255, 0)
    earth = np.broadcast_to((row < 5) | (k % 9 < 4), disc.shape)
    shadow = col >= 12
    edges = plain_edges(SHAPE, energy_j=6.0 * 3600.0, straight=True)
    closed = np.broadcast_to((col == 7) & (row < 5), edges.time_s.shape)
    edges = replace(edges, time_s=np.where(closed, np.inf, edges.time_s))
    terrain = Terrain(edges.grid, np.zeros(SHAPE, np.float32))
    return DriveScene(terrain, rover_of(drill_power_w=10.0, **facts), edges, light_from(disc, earth)), shadow


def mission_with(**changes):
    mission = load_mission(None)
    settings = {"stay_hours": 2 * HOURS, "reserve_fraction": 0.0, "start_charge_fraction": 0.75, **changes}
    return replace(mission, traverse=replace(mission.traverse, **settings), study=replace(mission.study, workers=1))


def test_the_charge_needed_tells_from_where_the_recommended_drive_exists() -> None:
    mission = mission_with()
    scene, shadow = a_shadow_beside_moving_light(comm_to_drive=True)
    needs, note = needs_in_time(mission, shadow, scene)
    possible = needs <= start_charge_wh(mission, scene.rover)
    assert note == "" and 10 < possible.sum() < possible.size - 10
    for cell in np.ndindex(SHAPE):
        try:
            found = into_shadow_and_back(mission, scene, cell, shadow).activity[-1] == "end"
        except NoDrive:
            found = False
        assert found == possible[cell]


def test_without_shadow_or_without_a_view_of_it_nothing_is_reached_and_the_reason_is_said() -> None:
    scene, shadow = a_shadow_beside_moving_light(comm_to_drive=True)
    needs, note = needs_in_time(mission_with(), np.zeros(SHAPE, bool), scene)
    assert np.isinf(needs).all() and note.startswith("No permanent shadow large enough")
    blind = replace(scene, light=light_from(scene.light.disc, np.zeros_like(scene.light.disc)))
    needs, note = needs_in_time(mission_with(), shadow, blind)
    assert np.isinf(needs).all() and "in view of the Earth" in note


def test_a_limit_of_dark_time_is_said_to_be_left_out() -> None:
    scene, shadow = a_shadow_beside_moving_light(max_dark_hours=1.0)
    assert math.isfinite(scene.rover.max_dark_hours)
    assert needs_in_time(mission_with(), shadow, scene)[1] == DARK_LEFT_OUT
