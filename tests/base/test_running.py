"""How work is run: threads and progress as one value, and the names of the release before."""

import os
import warnings

import pytest

from lupex.base.errors import InputError
from lupex.base.progress import silent
from lupex.base.running import Running, takes_running


@takes_running
def total(values: list[int], running: Running = Running()) -> tuple[int, Running]:
    running.progress(1, 1, "sum")
    return sum(values), running


def test_zero_workers_is_every_core():
    assert Running().threads == os.cpu_count()
    assert Running(3).threads == 3


def test_a_negative_number_of_threads_is_refused():
    with pytest.raises(InputError, match="-1 workers"):
        Running(-1)


def test_what_a_mission_says_holds_where_nobody_asked_for_a_number_of_threads():
    assert Running().or_workers(2).workers == 2
    assert Running(5).or_workers(2).workers == 5


def test_a_label_gets_its_prefix_and_silence_stays_silence():
    told = []
    running = Running(progress=lambda *words: told.append(words)).labelled(lambda label: f"site 1/2: {label}")
    running.progress(3, 4, "skylines")
    assert told == [(3, 4, "site 1/2: skylines")]
    assert Running().labelled(str.upper).progress is silent


def test_the_old_names_work_for_one_release_and_say_what_to_write():
    told = []

    def report(done: int, count: int, label: str) -> None:
        told.append(label)

    with pytest.warns(DeprecationWarning, match=r"total: 'workers' is going away; give running=Running\(workers"):
        assert total([1, 2], workers=2)[1] == Running(2)
    with pytest.warns(DeprecationWarning, match="'progress'"):
        assert total([1, 2], report)[0] == 3
    assert told == ["sum"]


def test_the_new_name_warns_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert total([1, 2], running=Running(2))[1] == Running(2)
        assert total([1, 2], Running(2))[1] == Running(2)


def test_progress_alone_is_short_for_running(capsys):
    told = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert total([1, 2], progress=lambda *words: told.append(words))[0] == 3
        assert total([1, 2], progress=True)[0] == 3
        assert total([1, 2], progress=False)[1] == Running()
    assert told == [(1, 1, "sum")]
    assert "sum:   0%" in capsys.readouterr().err
    with pytest.raises(InputError, match="both running and progress"):
        total([1, 2], Running(2), progress=True)
    with pytest.raises(InputError, match="'bars' cannot be called"):
        Running(progress="bars")
