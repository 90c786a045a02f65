"""One study on this machine's own address, until Ctrl-C."""

import secrets
import socket
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn

from lupex.base.errors import InputError
from lupex.web.app import make_app
from lupex.web.folder import open_study
from lupex.web.follow.source import Followed

HOST = "127.0.0.1"


def serve(
    folder: str | Path,
    ready: Callable[[str, list[str]], None],
    port: int = 0,
    browser: bool = True,
    followed: Followed | None = None,
) -> None:
    """Serve a study until the process is told to stop.

    Args:
        folder: of the study.
        ready: is given the address with its token, and what could not be used, once the server listens.
        port: 0 for any that is free.
        browser: whether the address is opened.
        followed: the archive whose rover is followed, from `follow`; None for none.

    Raises InputError for a folder that is no study, or a port that is taken.
    """
    study = open_study(folder)
    token = secrets.token_urlsafe(24)
    listening = _bound(port)
    address = f"http://{HOST}:{listening.getsockname()[1]}/?token={token}"
    config = uvicorn.Config(
        make_app(study, token, followed=followed),
        log_level="error", access_log=False, server_header=False, date_header=False,
        timeout_keep_alive=30, timeout_graceful_shutdown=2, limit_concurrency=200, h11_max_incomplete_event_size=65_536,
        lifespan="on", ws_max_size=65_536,
    )  # fmt: skip
    server = _Server(config, lambda: _begun(address, study.problems, ready, browser))
    try:
        server.run(sockets=[listening])
    finally:
        listening.close()


class _Server(uvicorn.Server):
    """A server that says when it listens, and leaves the signals to the command line."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, then say so."""
        await super().startup(sockets)
        self._ready()


def _begun(address: str, problems: list[str], ready: Callable[[str, list[str]], None], browser: bool) -> None:
    ready(address, problems)
    if browser:
        webbrowser.open(address)


def _bound(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError as error:
        listening.close()
        raise InputError(
            f"port {port}: {(error.strerror or str(error)).lower()}", "give another with --port, or 0 for any free one"
        ) from error
    return listening
