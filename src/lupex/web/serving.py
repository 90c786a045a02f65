"""One study on this machine's own address, until Ctrl-C."""

import asyncio
import logging
import secrets
import socket
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from lupex.base.errors import InputError
from lupex.web.app import Beside, make_app
from lupex.web.folder import open_study

HOST = "127.0.0.1"
PATIENCE_S = 20.0
"""For a whole request, and for taking a piece of its answer; after at most twice as long a connection is cut."""


def serve(
    folder: str | Path,
    ready: Callable[[str, list[str]], None],
    port: int = 0,
    browser: bool = True,
    beside: Beside = Beside(),
) -> None:
    """Serve a study until the process is told to stop.

    Args:
        folder: of the study.
        ready: is given the address with its token, and what could not be used, once the server listens.
        port: 0 for any that is free.
        browser: whether the address is opened.
        beside: what is shown beside the study.

    Raises InputError for a folder that is no study, or a port that is taken.
    """
    study = open_study(folder)
    token = secrets.token_urlsafe(24)
    listening = _bound(port)
    address = f"http://{HOST}:{listening.getsockname()[1]}/?token={token}"
    config = uvicorn.Config(
        make_app(study, token, beside=beside),
        log_level="error", access_log=False, server_header=False, date_header=False,
        timeout_keep_alive=15, timeout_graceful_shutdown=2, limit_concurrency=200, h11_max_incomplete_event_size=65_536,
        lifespan="on", http=Impatient, ws_max_size=65_536,
    )  # fmt: skip
    logging.getLogger("uvicorn.error").addFilter(_not_of_stopping)
    server = _Server(config, lambda: _begun(address, study.problems, ready, browser))
    try:
        server.run(sockets=[listening])
    finally:
        listening.close()


class Impatient(H11Protocol):
    """HTTP that waits for nobody for ever: who opens many connections and says nothing would keep all others out."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to watch."""
        super().connection_made(transport)
        self._next = self.loop.call_later(PATIENCE_S, self._look, None, 0)

    def connection_lost(self, exc: Exception | None) -> None:
        """End the watch."""
        self._next.cancel()
        super().connection_lost(exc)

    def _look(self, before: object, unsent_before: int) -> None:
        """Cut the connection where nothing was asked, nothing is being answered and nothing was taken since then."""
        if self.transport.get_protocol() is not self:  # it became a WebSocket, which has its own pings
            return
        unsent = self.transport.get_write_buffer_size()
        answering = self.cycle is not None and not self.cycle.response_complete
        if self.cycle is before and not answering and not unsent < unsent_before:
            self.transport.abort()
        else:
            self._next = self.loop.call_later(PATIENCE_S, self._look, self.cycle, unsent)


class _Server(uvicorn.Server):
    """A server that says when it listens, and leaves the signals to the command line."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, then say so."""
        await super().startup(sockets)
        self._ready()


def _not_of_stopping(record: logging.LogRecord) -> bool:
    """Questions that are given up when the server is stopped are no error of it: the command line says one line."""
    return not str(record.msg).startswith("Cancel ")


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
