from dataclasses import replace

import pytest

from lupex.base.errors import MissionError
from lupex.mission import load_mission
from lupex.study.questions.position import checked_methods


def test_methods_of_a_budget_are_taken_as_they_stand() -> None:
    assert "skyline" in checked_methods(load_mission(None))


@pytest.mark.parametrize(
    ("methods", "words"),
    [(("range", "odometry"), "odometry.*a budget of a place at rest knows"), ((), "methods is empty.*in_study")],
)
def test_methods_that_say_nothing_of_a_place_at_rest_are_refused(methods: tuple[str, ...], words: str) -> None:
    mission = load_mission(None)
    with pytest.raises(MissionError, match=words):
        checked_methods(replace(mission, position=replace(mission.position, methods=methods)))
