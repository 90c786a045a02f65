"""Reach in time from every cell a lander may come down in, against the drive planned from there."""

import math
from dataclasses import replace

import numpy as np
from tests.traverse.time_scenes import STEP_S, light_from, plain_edges, rover_of

from lupex.mission import load_mission
from lupex.model import Terrain
from lupex.navigation.orbit.landing import landing_parts
from lupex.study.stages.drive import into_shadow_and_back, start_charge_wh
from lupex.study.stages.drive_scene import DriveScene
from lupex.study.stages.landing import needs_in_time, with_landing_ellipse
from lupex.traverse import LivingRule, NoDrive

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
    return DriveScene(
        terrain=terrain, rover=rover_of(drill_power_w=10.0, **facts), edges=edges, light=light_from(disc, earth)
    ), shadow


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


def test_a_limit_of_dark_time_counts() -> None:
    mission = mission_with()
    free, shadow = a_shadow_beside_moving_light()
    bound, _ = a_shadow_beside_moving_light(max_dark_hours=7.01 * HOURS)
    assert math.isfinite(bound.rover.max_dark_hours)
    loose, tight = (needs_in_time(mission, shadow, scene)[0] for scene in (free, bound))
    assert np.all(tight >= loose) and 0 < np.isfinite(tight).sum() < np.isfinite(loose).sum()
    for cell in ((3, 1), (5, 4), (6, 8), (5, 10)):
        try:
            found = into_shadow_and_back(mission, bound, cell, shadow).activity[-1] == "end"
        except NoDrive:
            found = False
        assert found == (tight[cell] <= start_charge_wh(mission, bound.rover))


def test_a_drive_and_the_charge_it_needs_end_where_the_rover_can_go_on_living() -> None:
    mission = mission_with()
    scene, shadow = a_shadow_beside_moving_light()
    rule = LivingRule(light_hours=3 * HOURS, charge_fraction=0.9, haven_hours=30 * HOURS)
    living = replace(scene, last_step=25, rule=rule)
    loose, tight = (needs_in_time(mission, shadow, one)[0] for one in (scene, living))
    assert np.all(tight >= loose) and np.any(tight > loose)
    reached = [cell for cell in np.ndindex(SHAPE) if tight[cell] <= start_charge_wh(mission, scene.rover)]
    assert reached
    for cell in reached[::7]:
        drive = into_shadow_and_back(mission, living, cell, shadow)
        end = living.end_at(drive)
        assert end is not None and end.ends_in in ("light", "haven")
        if end.ends_in == "light":
            assert end.may_stay_hours >= 3 * HOURS - 1e-6
        assert drive.battery_wh[-1] >= end.need_wh - 0.01


def test_the_ellipse_is_the_stated_one_unless_the_mission_asks_for_what_the_orbit_gives() -> None:
    mission = load_mission(None)
    assert with_landing_ellipse(mission) is mission
    computed = with_landing_ellipse(replace(mission, ellipse=replace(mission.ellipse, origin="computed")))
    along, across, _ = landing_parts(mission.ellipse, mission.descent)
    assert (computed.dispersion.along_sigma_m, computed.dispersion.cross_sigma_m) == (along, across)
    blind = landing_parts(mission.ellipse, replace(mission.descent, terrain_navigation=False))
    assert along < 0.2 * blind[0]
    assert blind[0] > 2.0 * blind[1]
