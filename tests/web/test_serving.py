"""The command as its user runs it: a process of its own, stopped by a signal."""

import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from lupex.base.errors import InputError
from lupex.web import serve


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_serve_prints_one_line_answers_and_ends_cleanly(folder: Path, sent: signal.Signals, code: int) -> None:
    command = [sys.executable, "-m", "lupex", "serve", str(folder), "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None and server.stderr is not None
        address = server.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:") and "/?token=" in address
        base, _, token = address.partition("/?token=")
        asked = urllib.request.Request(f"{base}/api/study", headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(asked, timeout=30) as answer:
            assert answer.status == 200
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(f"{base}/api/study", timeout=30)
        server.send_signal(sent)
        rest, said = server.communicate(timeout=30)
        assert server.returncode == code
        assert rest == ""
        assert "Traceback" not in said


def test_a_port_that_is_taken_is_said_in_one_line(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InputError, match="--port"):
            serve(folder, lambda address, problems: None, taken.getsockname()[1], browser=False)
