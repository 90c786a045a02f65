"""Kernels compiled ahead: a list that fits the kernels, and a second process that only ever helps."""

import inspect
import os
import subprocess
import sys
import time

import pytest
from numba import types

from lupex.study import ahead
from lupex.study.ahead import compiled_ahead, listed, read, written

RISE = "drive.cell_heap.rise int64[1dC] int64[1dC] float64[1dC] int64"
SINK = "drive.cell_heap.sink int64[1dC] int64[1dC] float64[1dC] int64 int64"


@pytest.mark.parametrize("line", listed(), ids=lambda line: line.split()[0])
def test_every_line_fits_its_kernel(line):
    kernel, arguments = read(line)
    expected = list(inspect.signature(kernel.py_func).parameters)
    assert len(arguments) == len(expected), "the kernel has changed: run scripts/list_kernels.py"
    assert written(line.split()[0], arguments) == line


def test_the_list_begins_with_what_a_study_calls_first():
    assert len(listed()) > 30
    assert listed()[0].startswith("skyline.sweep.sweep ")


def test_what_is_neither_array_nor_number_is_not_listed():
    assert written("a.b", (types.UniTuple(types.int64, 2),)) is None
    assert written("a.b", (types.Array(types.int16, 3, "C", readonly=True), types.boolean)) == "a.b int16[3dC,ro] bool"


@pytest.mark.parametrize("line", ["no.such.kernel int64", "drive.cell_heap.rise quaternion", "drive.cell_heap.rise np"])
def test_a_line_that_fits_nothing_raises_and_is_passed_over(line, monkeypatch):
    with pytest.raises((ImportError, AttributeError, ValueError)):
        read(line)
    monkeypatch.setattr(ahead, "listed", lambda: [line])
    assert ahead.missing() == []


def test_the_second_process_compiles_all_but_the_first(tmp_path):
    """Its parent does that one meanwhile."""
    code = f"""
from lupex.study import ahead
ahead.listed = lambda: [{SINK!r}, {RISE!r}, "no.such.kernel int64"]
print(len(ahead.missing()))
ahead.serve()
print(ahead.missing() == [{SINK!r}])
import numpy as np
kernel, types = ahead.read({RISE!r})
heap, place = np.arange(3), np.arange(3)
kernel(heap, place, np.array([3.0, 2.0, 1.0]), 2)
print(len(kernel.signatures), sum(kernel.stats.cache_misses.values()))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300,
        env=os.environ | {"LUPEX_KERNELS_DIR": str(tmp_path)},
    )  # fmt: skip
    # A study calls it with just the listed types: nothing is compiled once more.
    assert done.stdout.split() == ["2", "True", "1", "1"]


@pytest.fixture
def started(monkeypatch):
    begun = []
    begin = subprocess.Popen

    def noted(*args, **kwargs):
        begun.append(begin(*args, **kwargs))
        return begun[-1]

    monkeypatch.setattr(subprocess, "Popen", noted)
    monkeypatch.setattr(ahead, "_PROGRAM", "import time; time.sleep(60)")
    return begun


def test_the_second_process_ends_with_the_study(started, monkeypatch):
    monkeypatch.setattr(ahead, "missing", lambda: [RISE] * 20)
    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt), compiled_ahead(2):
        assert started[0].poll() is None
        raise KeyboardInterrupt
    assert started[0].poll() is not None
    assert time.monotonic() - begin < 30


@pytest.mark.parametrize(("threads", "lines"), [(1, 20), (2, 5), (2, 0)])
def test_one_thread_or_few_kernels_begin_no_process(started, monkeypatch, threads, lines):
    monkeypatch.setattr(ahead, "missing", lambda: [RISE] * lines)
    with compiled_ahead(threads):
        assert started == []
