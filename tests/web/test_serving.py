"""The command as its user runs it: a process of its own, stopped by a signal."""

import asyncio
import contextlib
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import uvicorn
from uvicorn.server import ServerState

from lupex.base.errors import InputError
from lupex.web import StudyFolder, make_app, serve, serving


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
        waiting = socket.create_connection(("127.0.0.1", int(base.rpartition(":")[2])))
        head = f"POST /api/link HTTP/1.1\r\nHost: {base[7:]}\r\nAuthorization: Bearer {token}\r\nContent-Length: 9"
        waiting.sendall(f"{head}\r\n\r\n{{".encode())
        waiting.settimeout(0.5)
        with pytest.raises(TimeoutError):  # a question the server is at
            waiting.recv(1)
        server.send_signal(sent)
        rest, said = server.communicate(timeout=30)
        waiting.close()
        assert server.returncode == code
        assert rest == ""
        assert said.count("\n") == 1 and said.startswith("lupex: "), said


def test_a_port_that_is_taken_is_said_in_one_line(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InputError, match="--port"):
            serve(folder, lambda address, problems: None, taken.getsockname()[1], browser=False)


def test_who_says_nothing_or_takes_nothing_is_cut_off_and_who_asks_is_not(
    study: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "PATIENCE_S", 0.5)
    config = uvicorn.Config(
        make_app(study, "t"), http=serving.Impatient, ws="none", log_level="critical", lifespan="off"
    )
    config.load()

    async def ended(port: int, said: bytes, again: bytes = b"") -> float:
        """Seconds until the server ends the connection."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        began = asyncio.get_running_loop().time()
        writer.write(said)
        with contextlib.suppress(ConnectionError):
            while asyncio.get_running_loop().time() < began + 20.0:
                try:
                    if not await asyncio.wait_for(reader.read(65_536), 0.1):
                        break
                except TimeoutError:
                    writer.write(again)
        writer.close()
        return asyncio.get_running_loop().time() - began

    async def all_at_once() -> list[float]:
        loop, state = asyncio.get_running_loop(), ServerState()
        server = await loop.create_server(
            lambda: serving.Impatient(config=config, server_state=state, app_state={}), "127.0.0.1", 0
        )
        port = server.sockets[0].getsockname()[1]
        ask = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
        async with server:
            answered = await asyncio.gather(
                ended(port, b""), ended(port, b"GET / HT", b"x"), ended(port, ask, b""), ended(port, ask[:40], b"a"),
                asyncio.wait_for(_asks_for(port, ask, 1.5), 30.0),
            )  # fmt: skip
            return list(answered)

    *cut, answers = asyncio.run(all_at_once())
    assert max(cut) < 15.0
    assert answers >= 5


async def _asks_for(port: int, ask: bytes, seconds: float) -> float:
    """How many answers a client gets on one connection it uses now and then."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers, until = 0, asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < until or answers < 5:
        writer.write(ask)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
        await reader.readexactly(int(length.split(b":")[1]))
        answers += 1
        await asyncio.sleep(0.1)
    writer.close()
    return float(answers)
