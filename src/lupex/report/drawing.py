"""Figures of the report, drawn by this process and by a second one beside it.

matplotlib holds the interpreter's lock, so threads gain nothing. The second process is a plain interpreter that is sent
the study once and then one figure task at a time; it ends when its input ends, whatever became of this process. It
takes tasks from the back, this process takes them from the front. Whatever it does not deliver is drawn here: it can
make a report faster and nothing else. Figures do not depend on who draws them.
"""

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

import matplotlib

from lupex.report.chapters import CHAPTERS
from lupex.report.paper.chapter import Chapter, Figures
from lupex.report.paper.style import RC
from lupex.results import StudyResult

Drawn = dict[str, tuple[Figures, list[Figures]]]
"""By chapter: its figures of the study, and those of each site."""

WHOLE = -1
FEWEST_SITES = 3
"""With fewer sites than this the second process takes longer to begin than it saves."""

_PROGRAM = "from lupex.report.drawing import serve; serve()"

Task = tuple[str, int]
"""Name of a chapter, and number of a site or `WHOLE`."""


def draw(result: StudyResult, folder: Path, chapters: Sequence[Chapter]) -> Drawn:
    """Every figure of the chapters, written into ``folder``.

    Args:
        result: of the study, its sites named apart.
        chapters: those that apply, in order. Only those of `CHAPTERS` are known to the second process.
    """
    by_name = {chapter.name: chapter for chapter in chapters}
    tasks = [(chapter.name, site) for chapter in chapters for site in (WHOLE, *range(len(result.sites)))]
    shared = deque(task for task in tasks if by_name[task[0]] in CHAPTERS)
    made: dict[Task, Figures] = {}
    second = _Second(result, folder, shared, made) if _pays(result) else None
    try:
        with matplotlib.rc_context(RC):  # type: ignore[arg-type]
            for task in tasks:
                if by_name[task[0]] not in CHAPTERS:
                    made[task] = _drawn(by_name, task, result, folder)
            while (next_task := _taken(shared)) is not None:
                made[next_task] = _drawn(by_name, next_task, result, folder)
            for task in second.finish() if second is not None else ():
                made[task] = _drawn(by_name, task, result, folder)
    finally:
        if second is not None:
            second.stop()
    return {
        chapter.name: (made[chapter.name, WHOLE], [made[chapter.name, site] for site in range(len(result.sites))])
        for chapter in chapters
    }


def serve() -> None:
    """What the second process does: figures as they are asked for on its input, until that ends."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever libraries print goes elsewhere than into the replies
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process of a terminal: the first one decides
    result, folder = pickle.load(sys.stdin.buffer)
    by_name = {chapter.name: chapter for chapter in CHAPTERS}
    with matplotlib.rc_context(RC):  # type: ignore[arg-type]
        while True:
            try:
                pickle.dump(_drawn(by_name, pickle.load(sys.stdin.buffer), result, folder), replies)
                replies.flush()
            except (EOFError, BrokenPipeError):
                return


class _Second:
    """The second process, and the thread that feeds it from the back of ``tasks`` and fills ``made``."""

    def __init__(self, result: StudyResult, folder: Path, tasks: deque[Task], made: dict[Task, Figures]) -> None:
        self._tasks, self._made = tasks, made
        self._left: list[Task] = []
        self._stopped = False
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._feed, args=((result, folder),), daemon=True)
        self._thread.start()

    def finish(self) -> list[Task]:
        """Wait for what it still draws; the tasks it took and did not deliver."""
        self._thread.join()
        return self._left

    def stop(self) -> None:
        """End the process, finished or not."""
        self._stopped = True
        if self._process is not None:
            self._process.kill()
        self._thread.join()
        if self._process is not None:  # it may have begun since
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                _close(stream)

    def _feed(self, study: tuple[StudyResult, Path]) -> None:
        task = None
        try:
            whole = pickle.dumps(study, protocol=pickle.HIGHEST_PROTOCOL)
            path = os.pathsep.join(place for place in sys.path if place)
            self._process = process = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": path},
            )  # fmt: skip
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write(whole)
            while not self._stopped and (task := _taken(self._tasks, last=True)) is not None:
                pickle.dump(task, process.stdin)
                process.stdin.flush()
                self._made[task] = pickle.load(process.stdout)
        except Exception:  # it died, or could not be sent the study: the first process draws what is left
            if task is not None:
                self._left.append(task)


def _pays(result: StudyResult) -> bool:
    threads = result.mission.study.workers or os.cpu_count() or 1
    return threads > 1 and len(result.sites) >= FEWEST_SITES and bool(sys.executable)


def _taken(tasks: deque[Task], last: bool = False) -> Task | None:
    try:
        return tasks.pop() if last else tasks.popleft()
    except IndexError:
        return None


def _drawn(by_name: Mapping[str, Chapter], task: Task, result: StudyResult, folder: Path) -> Figures:
    name, site = task
    if site == WHOLE:
        return by_name[name].figures(result, folder)
    return by_name[name].site_figures(result, result.sites[site], folder)


def _close(stream: IO[bytes] | None) -> None:
    try:
        if stream is not None:
            stream.close()
    except OSError:
        return
