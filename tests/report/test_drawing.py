"""Figures drawn by two processes: the same as by one, whatever becomes of the second."""

import os
import pickle
import subprocess
import sys
import time
from collections import deque
from dataclasses import replace
from pathlib import Path

import pytest
from tests.report.made_up_study import made_up_study

from lupex.report import drawing
from lupex.report.chapters import CHAPTERS
from lupex.report.drawing import draw
from lupex.report.paper.chapter import Chapter

FEW = tuple(chapter for chapter in CHAPTERS if chapter.name in ("comparison", "touchdown"))


def bytes_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def drawn(result, folder, monkeypatch, chapters=FEW):
    folder.mkdir()
    monkeypatch.setattr(drawing, "_pays", lambda _: True)
    made = draw(result, folder, chapters)
    return made, bytes_in(folder)


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """What one process draws."""
    folder = tmp_path_factory.mktemp("alone")
    made = draw(made_up_study(), folder, FEW)
    return made, bytes_in(folder)


def names(made):
    return {name: [sorted(one) for one in (whole, *sites)] for name, (whole, sites) in made.items()}


def test_two_processes_draw_what_one_draws(alone, tmp_path, monkeypatch):
    expected = alone[1]
    taken = []
    first = drawing._taken

    def noted(tasks, last=False):
        # The first process waits until the second has had its turn: both draw.
        while not last and len(tasks) > 2 and not any(taken):
            time.sleep(0.01)
        task = first(tasks, last)
        taken.append(last and task is not None)
        return task

    monkeypatch.setattr(drawing, "_taken", noted)
    both, found = drawn(made_up_study(), tmp_path / "both", monkeypatch)
    assert found == expected
    assert len(expected) >= 3
    assert names(both) == names(alone[0])
    assert True in taken and False in taken


@pytest.mark.parametrize("program", ["raise SystemExit(3)", "import time; print('not a figure'); time.sleep(0.5)"])
def test_a_second_process_that_fails_costs_nothing(alone, tmp_path, monkeypatch, program):
    monkeypatch.setattr(drawing, "_PROGRAM", program)
    _, found = drawn(made_up_study(), tmp_path / "both", monkeypatch)
    assert found == alone[1]


def test_a_chapter_of_another_package_is_drawn_here(tmp_path, monkeypatch):
    here = []
    own = Chapter(name="own", figures=lambda result, folder: here.append(os.getpid()) or {})
    made, _ = drawn(made_up_study(), tmp_path / "own", monkeypatch, (own,))
    assert here == [os.getpid()]
    assert made["own"][0] == {}


def test_an_error_while_drawing_ends_the_second_process(tmp_path, monkeypatch):
    def fails(result, folder):
        raise RuntimeError("no such figure")

    started = []
    begin = subprocess.Popen

    def noted(*args, **kwargs):
        started.append(begin(*args, **kwargs))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", noted)
    with pytest.raises(RuntimeError, match="no such figure"):
        drawn(made_up_study(), tmp_path / "x", monkeypatch, (*FEW, Chapter(name="own", figures=fails)))
    assert [process.poll() is not None for process in started] == [True] * len(started)


def test_it_ends_when_its_input_ends():
    """As it does when the first process is killed, however far it had come."""
    study = pickle.dumps((made_up_study(), Path("nowhere")))
    done = subprocess.run(
        [sys.executable, "-c", drawing._PROGRAM], input=study, capture_output=True, check=False, timeout=120
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_one_thread_or_few_sites_are_drawn_by_one_process():
    study = made_up_study()
    many = replace(study, sites=(*study.sites, study.sites[0]))
    assert len(study.sites) < drawing.FEWEST_SITES == len(many.sites)
    alone = replace(many, mission=replace(many.mission, study=replace(many.mission.study, workers=1)))
    two = replace(many, mission=replace(many.mission, study=replace(many.mission.study, workers=2)))
    assert [drawing._pays(one) for one in (study, alone, two)] == [False, False, True]
    assert drawing._taken(deque()) is None
