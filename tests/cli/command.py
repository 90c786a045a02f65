"""The command as a user runs it: in this process, which spares loading everything anew, or in one of its own."""

import io
import os
import signal
import subprocess
import sys
import warnings
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from lupex.cli import main

SRC = Path(__file__).parents[2] / "src"


def environment(**extra: str) -> dict[str, str]:
    """The environment of a test process: our source first, no colour, no leftovers of the terminal."""
    path = os.pathsep.join(filter(None, [str(SRC), os.environ.get("PYTHONPATH", "")]))
    return {**os.environ, "PYTHONPATH": path, **extra}


def hear_ctrl_c() -> None:
    """Before a child starts: a shell that runs the tests in the background has it ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def process(*words: object, **settings: Any) -> subprocess.CompletedProcess[str]:
    """Run ``lupex WORDS`` in a process of its own, and return what it printed and its exit code."""
    command = [sys.executable, "-m", "lupex", *map(str, words)]
    settings = {"env": environment(), "timeout": 300, "capture_output": True, "text": True, **settings}
    return subprocess.run(command, check=False, **settings)


def lupex(*words: object, cwd: Path | None = None, **settings: Any) -> subprocess.CompletedProcess[str]:
    """The same in this process. Settings that only a process can have (``input``, ``timeout``, ...) give it one."""
    if settings:
        return process(*words, cwd=cwd, **settings)
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with chdir(cwd or Path.cwd()), redirect_stdout(out), redirect_stderr(err), warnings.catch_warnings():
        code = main([str(word) for word in words])
    printed = []
    for stream in (out, err):
        stream.flush()
        printed.append(stream.buffer.getvalue().decode("utf-8").replace("\r\n", "\n"))  # type: ignore[attr-defined]
    return subprocess.CompletedProcess([str(word) for word in words], code, *printed)


def refused(*words: object, **settings: Any) -> str:
    """The one-line complaint of a command that must end with exit code 2 and print no result."""
    done = lupex(*words, **settings)
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert done.stdout == ""
    lines = [line for line in done.stderr.splitlines() if not line.startswith("lupex: note: ")]
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("lupex: error: ")
    assert "Traceback" not in done.stderr
    return lines[0].removeprefix("lupex: error: ")
