"""What a page that follows may ask: a WebSocket for telemetry, one request for a go."""

import asyncio
import json
from typing import Annotated, Any

from anyio import to_thread
from fastapi import FastAPI, WebSocket
from pydantic import Field, ValidationError
from starlette.responses import JSONResponse
from starlette.websockets import WebSocketDisconnect

from lupex.base.errors import LupexError
from lupex.io.tables import plain
from lupex.web.asked import Strict
from lupex.web.follow.source import Followed

EVERY_S = 0.5
"""Between two looks at the archive."""
MOST_PAGES = 20
MOST_CHARTS = 6


class Wanted(Strict):
    """What a page asks over its WebSocket: parameters to be drawn."""

    want: list[Annotated[str, Field(pattern=r"^\w{1,80}$")]] = Field(max_length=MOST_CHARTS)


class Go(Strict):
    """A go for the stack with a digest, by a person, with the token for commands."""

    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    person: Annotated[str, Field(min_length=1, max_length=80)]
    token: Annotated[str, Field(min_length=1, max_length=200)]


def add_follow(app: FastAPI, followed: Followed | None, answer: type[JSONResponse]) -> None:
    """Add the routes that follow.

    Args:
        app: to add to. followed: None where nothing is followed. answer: class of JSON answers.
    """
    pages: set[int] = set()

    @app.get("/api/follow")
    async def state() -> Any:
        """Whether something is followed, and whether a go is taken."""
        if followed is None:
            return answer({"followed": False, "commands": False, "archive": None})
        name = followed.telemetry.archive.name
        return answer({"followed": True, "commands": bool(followed.go_token), "archive": name})

    @app.post("/api/follow/go")
    async def go(asked: Go) -> Any:
        """Give the go for the commands that wait."""
        if followed is None or not followed.go_token:
            return answer({"error": "this server only looks: start it with --allow-commands"}, 403)
        if not followed.is_go_token(asked.token):
            return answer({"error": "not the token for commands that `lupex serve --allow-commands` printed"}, 403)
        held = followed
        await to_thread.run_sync(lambda: held.give(asked.digest, asked.person))
        return answer({"gone": True})

    @app.websocket("/api/follow/live")
    async def live(socket: WebSocket) -> None:
        await socket.accept()
        if followed is None or len(pages) >= MOST_PAGES:
            words = "nothing is followed" if followed is None else f"{MOST_PAGES} pages follow already"
            await _send(socket, {"kind": "problem", "words": words})
            await socket.close(1013)
            return
        pages.add(id(socket))
        try:
            await _Page(socket, followed).run()
        finally:
            pages.discard(id(socket))


class _Page:
    """One page that follows: what it was told, and what it wants to draw."""

    def __init__(self, socket: WebSocket, followed: Followed) -> None:
        self.socket, self.followed = socket, followed
        self.want: list[str] = []
        self.told: dict[str, tuple[int, int]] = {}
        self.packets = -1
        self.commands = self.problem = ""

    async def run(self) -> None:
        """Tell until the page goes away."""
        hearing = asyncio.ensure_future(self._hear())
        try:
            while not hearing.done():
                await self._tell()
                await asyncio.wait([hearing], timeout=EVERY_S)
        except (WebSocketDisconnect, RuntimeError):  # gone between two messages
            pass
        finally:
            hearing.cancel()

    async def _hear(self) -> None:
        while True:
            try:
                text = await self.socket.receive_text()
            except (WebSocketDisconnect, KeyError):
                return
            try:
                self.want = Wanted.model_validate_json(text).want
            except ValidationError:
                await _send(self.socket, {"kind": "problem", "words": f"ask for at most {MOST_CHARTS} parameters"})

    async def _tell(self) -> None:
        telemetry = self.followed.telemetry
        try:
            await to_thread.run_sync(telemetry.look)
        except (LupexError, OSError) as error:
            if self.problem != str(error):
                self.problem = str(error)
                await _send(self.socket, {"kind": "problem", "words": self.problem})
            return
        if self.problem:
            self.problem = ""
            await _send(self.socket, {"kind": "well"})
        commands = await to_thread.run_sync(self.followed.commands)
        if str(commands) != self.commands:
            self.commands = str(commands)
            await _send(self.socket, {"kind": "commands", **commands})
        await self._series()
        if telemetry.packets != self.packets:
            self.packets = telemetry.packets
            await _send(self.socket, {"kind": "state", **await to_thread.run_sync(telemetry.state)})

    async def _series(self) -> None:
        """New values of what the page draws; the whole where it was thinned out."""
        parts = {}
        for name in self.want:
            self.told[name], part = self.followed.telemetry.more(name, self.told.get(name, (-1, 0)))
            if part:
                parts[name] = part
        for name in set(self.told) - set(self.want):
            del self.told[name]
        if parts:
            await _send(self.socket, {"kind": "series", "series": parts})


async def _send(socket: WebSocket, content: dict[str, Any]) -> None:
    await socket.send_text(json.dumps(plain(content), allow_nan=False))
