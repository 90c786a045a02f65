"""Drives the page draws: checked and planned by the study's own rooms, one at a time, in the background."""

import itertools
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from lupex.base.errors import InputError, LupexError
from lupex.base.running import Running
from lupex.base.version import __version__
from lupex.io import write_csv
from lupex.io.tables import plain
from lupex.mission import Mission
from lupex.model import Traverse
from lupex.report import check_summary, drive_rows, drive_sentence, drive_summary
from lupex.study import checked_drive, drive_begin_utc, drive_in_time
from lupex.web.asked import Drive, Plan
from lupex.web.folder import StudyFolder, table
from lupex.web.ground import unix_ms

MOST_WAITING = 4
MOST_KEPT = 50


class BusyError(LupexError):
    """More is asked for than the machine can do at once."""


class Jobs:
    """Long questions, one at a time; the page asks for the answer by number until it is there."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="lupex-job")
        self._jobs: OrderedDict[int, Future[Any]] = OrderedDict()
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self.running = Running(progress=self._go_on)

    def _go_on(self, done: int, total: int, label: str) -> None:
        """Called by the work as it goes: ends it once the server was told to stop."""
        if self._closed.is_set():
            raise BusyError("the server was stopped")

    def start(self, work: Callable[[], Any]) -> int:
        """The number of a job that was begun. Raises BusyError when several wait already."""
        with self._lock:
            if sum(not job.done() for job in self._jobs.values()) >= MOST_WAITING:
                raise BusyError("several drives are being computed", "wait for one of them")
            number = next(self._numbers)
            self._jobs[number] = self._pool.submit(work)
            while len(self._jobs) > MOST_KEPT:
                self._jobs.popitem(last=False)
            return number

    def state(self, number: int) -> dict[str, Any]:
        """{'state': 'waiting', 'running', 'done' or 'failed'} with 'result' or 'error'. Raises InputError."""
        job = self._jobs.get(number)
        if job is None:
            raise InputError(f"no job {number}", "ask again")
        if not job.done():
            return {"state": "running" if job.running() else "waiting"}
        error = job.exception()
        if error is None:
            return {"state": "done", "result": job.result()}
        if isinstance(error, LupexError):
            return {"state": "failed", "error": str(error)}
        words = f"unexpected {type(error).__name__}; this is a fault of lupex {__version__}"
        return {"state": "failed", "error": words}

    def close(self) -> None:
        """Forget what waits, and end what runs at its next report of progress."""
        self._closed.set()
        self._pool.shutdown(wait=False, cancel_futures=True)


def check(study: StudyFolder, asked: Drive, running: Running = Running()) -> Any:
    """Drawn waypoints driven on the mission's ground: energy, slack, and what is broken first.

    Args:
        study: whose mission.
        asked: waypoints and when it begins.
        running: may end the work.

    Raises InputError, SpanError as `lupex.study.checked_drive`.
    """
    mission = study.mission
    begin = asked.begin_utc or landing_utc(study, mission)
    with tempfile.TemporaryDirectory(prefix="lupex-") as folder:
        path = Path(folder) / "drawn.csv"
        write_csv(path, ["lat_deg", "lon_deg"], [[p.lat_deg, p.lon_deg] for p in asked.waypoints])
        checked = checked_drive(mission, path, begin, running)
    driven = checked.traverse
    least = checked.scene.rover.least_battery_wh
    return plain(
        {
            **check_summary(checked),
            "begin_utc": begin,
            "slack_wh": float(np.nanmin(driven.battery_wh)) - least,
            "line": _line(driven),
            "rows": drive_rows(driven)[:2000],
        }
    )


def plan(study: StudyFolder, asked: Plan, running: Running = Running()) -> Any:
    """A drive planned in time between two places, or into permanent shadow and back.

    Args:
        study: whose mission.
        asked: start, goal and when it may begin.
        running: may end the work.

    Raises NoRouteError, NoDrive, InputError as `lupex.study.drive_in_time`.
    """
    mission = study.mission
    begin = asked.begin_utc or landing_utc(study, mission)
    goal = None if asked.goal is None else (asked.goal.lat_deg, asked.goal.lon_deg)
    start = (asked.start.lat_deg, asked.start.lon_deg)
    scene, drive = drive_in_time(mission, start, goal, begin, asked.one_way, running)
    assert drive.traverse is not None
    return plain(
        {
            **drive_summary(scene, drive),
            "ok": True,
            "begin_utc": begin,
            "sentence": drive_sentence(drive),
            "line": _line(drive.traverse),
            "slack_wh": float(np.nanmin(drive.traverse.battery_wh)) - scene.rover.least_battery_wh,
            "rows": drive_rows(drive.traverse)[:2000],
        }
    )


def landing_utc(study: StudyFolder, mission: Mission) -> str:
    """When a drive of the study may begin: after the landing in its season."""
    season = table(study.record, "season")
    if mission.traverse.begin == "season" and season.get("start_utc"):
        return str(season["start_utc"])
    return drive_begin_utc(mission, None)


def _line(driven: Traverse) -> dict[str, Any]:
    return {
        "x_m": driven.x_m,
        "y_m": driven.y_m,
        "times_ms": unix_ms(driven.times_tdb_s),
        "battery_wh": driven.battery_wh,
        "distance_m": driven.distance_m,
        "activity": list(driven.activity),
    }
