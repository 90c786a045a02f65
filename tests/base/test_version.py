"""Old public names keep working for one release and say what to write."""

import pytest

import lupex
import lupex.model
from lupex.base.version import takes_renamed
from lupex.model import InMemoryLight


def test_an_old_name_warns_with_the_new_one() -> None:
    with pytest.warns(DeprecationWarning, match="HeldLight is going away.*use InMemoryLight"):
        assert lupex.model.HeldLight is InMemoryLight


def test_a_public_name_warns_too() -> None:
    with pytest.warns(DeprecationWarning, match="lupex.Errand is going away.*use Task"):
        assert lupex.Errand is lupex.Task


def test_an_argument_by_its_old_name_is_handed_on_with_a_warning() -> None:
    @takes_renamed(errands="tasks")
    def planned(tasks: int = 0) -> int:
        return tasks

    with pytest.warns(DeprecationWarning, match="planned: argument 'errands'.*use 'tasks'"):
        assert planned(errands=3) == 3  # type: ignore[call-arg]
    assert planned(tasks=4) == 4


def test_a_name_that_never_was_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'HeltLight'"):
        lupex.model.HeltLight  # noqa: B018
