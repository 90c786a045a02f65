"""Telemetry of an archive as it grows; truth comes from the archive's own query."""

from pathlib import Path

import numpy as np
import pytest
from tests.ops.scenes import LUPEX, day_inputs

from lupex.ops.archive.query import parameter_table
from lupex.ops.archive.store import Archive, Wanted
from lupex.ops.loop.inputs import operations_day
from lupex.web.follow import telemetry as module
from lupex.web.follow.telemetry import Series, Telemetry


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("day") / "archive.sqlite"
    day = operations_day(day_inputs(hours=1.2, faults=False, water=None), path)
    day.run()
    day.ground.archive.close()
    return path


def test_values_and_times_are_those_of_the_archive(archive: Path) -> None:
    telemetry = Telemetry(archive, LUPEX)
    assert telemetry.look()
    assert not telemetry.look()
    _, part = telemetry.more("rover_charge_wh", (-1, 0))
    with Archive.open(archive) as opened:
        _, rows = parameter_table(opened, LUPEX, "rover_charge_wh", Wanted())
        assert telemetry.packets == len(opened)
    order = np.argsort(part["ms"], kind="stable")
    assert [part["values"][k] for k in order] == [row[2] for row in rows]
    want = np.array([np.datetime64(row[0].rstrip("Z"), "us").astype(np.int64) / 1e3 for row in rows])
    assert np.array(part["ms"])[order] == pytest.approx(want, abs=0.01)
    state = telemetry.state()
    mode = next(one for one in state["parameters"] if one["name"] == "rover_mode")
    assert mode["newest"] in ("IDLE", "DRIVE")
    assert len(state["track"]["ms"]) > 10


def test_only_what_is_new_is_told_again(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK", 40)
    telemetry, whole = Telemetry(archive, LUPEX), Telemetry(archive, LUPEX)
    told, ms = (-1, 0), []
    while telemetry.look():
        told, part = telemetry.more("rover_charge_wh", told)
        ms += part.get("ms", [])
    monkeypatch.undo()
    whole.look()
    assert ms == whole.more("rover_charge_wh", (-1, 0))[1]["ms"]
    assert telemetry.more("rover_charge_wh", told) == (told, {})
    assert telemetry.more("no_such_parameter", (-1, 0)) == ((-1, 0), {})
    assert telemetry.state()["track"] == whole.state()["track"]


def test_a_long_series_is_thinned_and_told_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 100)
    series = Series()
    for k in range(150):
        series.add([float(k)], [float(k)])
    assert len(series.ms) <= 100
    assert series.thinned > 0
    assert series.ms[-40:] == [float(k) for k in range(110, 150)]
