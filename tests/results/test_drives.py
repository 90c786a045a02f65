"""What was found for a drive that a user asked for."""

import pytest
from tests.traverse import drive_scene

from lupex.results import DriveScene
from lupex.traverse import drive_edges


def test_a_scene_says_its_span_and_its_step() -> None:
    terrain, rover, light = drive_scene.ground(), drive_scene.rover(), drive_scene.sky(steps=6)
    scene = DriveScene(terrain=terrain, rover=rover, edges=drive_edges(terrain, rover), light=light)
    assert scene.step_s == pytest.approx(drive_scene.STEP_S)
    assert scene.span_utc == ("2028-07-09T03:58:51Z", "2028-07-09T04:58:51Z")
