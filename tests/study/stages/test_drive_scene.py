"""The ground, rover and light of a drive."""

from dataclasses import replace

import numpy as np
import pytest
from tests.study.drive_grounds import START, bowl, place, write_mission

from lupex.base.errors import GridError, MissionError
from lupex.ephemeris import tdb_s_to_utc
from lupex.mission import Mission, load_mission
from lupex.model import Grid, Terrain
from lupex.study.questions.drives import drive_ground
from lupex.study.stages.drive_scene import (
    DriveScene,
    around,
    drive_begin_utc,
    drive_scene,
    poor_fix,
    refuse_poor_fix,
    rover_edges,
)
from lupex.traverse import rover_model
from lupex.traverse.steps.edges import DOWN, RIGHT

BEGIN = "2028-01-03T00:00:00Z"


@pytest.fixture(scope="module")
def mission(tmp_path_factory: pytest.TempPathFactory) -> Mission:
    return load_mission(write_mission(tmp_path_factory.mktemp("bowl"), bowl(), span_days=1.0))


@pytest.fixture(scope="module")
def scene(mission: Mission) -> DriveScene:
    return drive_scene(mission, drive_ground(mission, place(START)), BEGIN)


def test_the_light_covers_the_span_in_whole_steps(scene: DriveScene) -> None:
    assert scene.span_utc == (BEGIN, "2028-01-04T00:00:00Z")
    assert scene.step_s == pytest.approx(1200.0, abs=1e-5)
    assert scene.last_step == 72
    assert scene.light.times_tdb_s.size == 73 + 14 * 72  # and the days after for which a haven must last
    assert scene.light.grid == scene.edges.grid == scene.terrain.grid


def test_the_bowl_is_dark_and_the_plain_is_lit(scene: DriveScene) -> None:
    disc, _ = scene.light.read(0, 72)
    grid = scene.terrain.grid
    low = np.unravel_index(int(np.argmin(scene.terrain.elevation_m)), grid.shape)
    assert int(disc[:, low[0], low[1]].max()) == 0
    start = grid.cell_of(10_825.0, 18_475.0)
    assert float((disc[:, start[0], start[1]] > 0).mean()) > 0.5


def test_a_drive_begins_after_the_check_out(mission: Mission) -> None:
    start_utc = mission.light.start_utc
    assert start_utc.startswith("2028-01-01")
    assert drive_begin_utc(mission, None) == BEGIN
    stated = replace(mission, traverse=replace(mission.traverse, begin="2028-06-01T12:00:00Z", first_hours=6.0))
    assert drive_begin_utc(stated, None) == "2028-06-01T18:00:00Z"


def test_a_point_lies_in_the_cell_that_holds_it(scene: DriveScene) -> None:
    grid = scene.terrain.grid
    for row, col in ((0, 0), (3, 7), (grid.rows - 1, grid.cols - 1)):
        assert grid.cell_of(float(grid.x_m()[col]), float(grid.y_m()[row])) == (row, col)
    with pytest.raises(GridError, match="off the grid"):
        grid.cell_of(grid.right_m, grid.bottom_m)


def test_no_step_leaves_the_surroundings_and_inside_nothing_changes(scene: DriveScene) -> None:
    near = around(scene, [(10, 12), (14, 20)], 200.0)
    assert (near.row, near.col, near.edges.grid.shape) == (6, 8, (13, 17))
    rows, cols = near.edges.grid.shape
    r, c = np.mgrid[:rows, :cols]
    for d in range(near.edges.directions):
        inside = (r + DOWN[d] >= 0) & (r + DOWN[d] < rows) & (c + RIGHT[d] >= 0) & (c + RIGHT[d] < cols)
        assert not np.isfinite(near.edges.time_s[d][~inside]).any()
        whole = scene.edges.time_s[d, 6:19, 8:25]
        np.testing.assert_array_equal(near.edges.time_s[d][inside], whole[inside])
    disc, view = near.light.read(0, 5)
    all_disc, all_view = scene.light.read(0, 5)
    np.testing.assert_array_equal(disc, all_disc[:, 6:19, 8:25])
    np.testing.assert_array_equal(view, all_view[:, 6:19, 8:25])
    assert tdb_s_to_utc(near.light.times_tdb_s[:1])[0] == BEGIN


def test_a_drive_on_too_poor_a_fix_is_refused_with_what_to_do() -> None:
    mission = load_mission(None)
    refuse_poor_fix(mission)  # by default no limit is set
    poor = replace(mission, position=replace(mission.position, drive_sigma_m=80.0, worst_drive_sigma_m=25.0))
    assert "known to 80 m" in poor_fix(poor)
    with pytest.raises(MissionError, match="wait for a better fix.*raise worst_drive_sigma_m"):
        refuse_poor_fix(poor)
    refuse_poor_fix(replace(poor, position=replace(poor.position, drive_sigma_m=25.0)))


def test_steps_are_widened_by_the_sigmas_of_the_mission() -> None:
    mission = load_mission(None)
    grid = Grid("south", 12, 12, 20.0, 1000.0, 1240.0)
    heights = np.zeros(grid.shape, np.float32)
    heights[6, 6] = 30.0
    terrain = Terrain(grid, heights)
    rover = rover_model(mission.rover, mission.reach, mission.traverse, name="lupex")
    counts = []
    for sigma in (0.0, 5.0, 10.0):
        asked = replace(mission, position=replace(mission.position, drive_sigma_m=sigma, widening_sigmas=3.0))
        counts.append(int((rover_edges(asked, terrain, rover).blocked_by == 0).sum()))
    assert counts[0] == counts[1] > counts[2] > 0  # 15 m is less than a cell, 30 m is more
