"""Who may ask: the token, this machine's own names, a page of ours, requests of a bounded size and time."""

import asyncio
import re
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qs

import anyio
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BODY_BYTES = 1_000_000
LONGEST_BODY_S = 20.0
"""A body that has not come whole by then is given up."""
COOKIE = "lupex_token"
NAMES = ("127.0.0.1", "localhost", "[::1]")
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::[0-9]{1,5})?", re.ASCII | re.IGNORECASE)
_LENGTH = re.compile(r"[0-9]{1,18}", re.ASCII)
_OURS = ("same-origin", "none")
"""What browsers say of a request that our own page made, and of one that no page made."""
HEADERS = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; worker-src 'self' blob:; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Guard:
    """ASGI middleware that answers 400, 401, 403 or 413 before anything of ours sees the request.

    The token comes as a cookie that only this site gets (set when the printed address is opened), or as
    ``Authorization: Bearer``. ``names``: hosts the server may be called by.
    """

    def __init__(self, app: ASGIApp, token: str, names: tuple[str, ...] = NAMES) -> None:
        self.app = app
        self.token = token
        self.names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Judge one request, then hand it on."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 4403, "reason": "refused"})
            else:
                await refusal(scope, receive, _with_headers(send))
            return
        if scope["type"] == "http":
            await self._answered(scope, _Limited(receive).receive, _with_headers(send))
        else:
            await self.app(scope, receive, send)

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on; told to stop while it is computed, it is answered instead of ending as a traceback."""
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except asyncio.CancelledError:
            if begun:
                raise
            await _said(503, "the server was stopped")(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Mapping[str, str]) -> Response | None:
        host = headers.get("host", "")
        if _without_port(host) not in self.names:
            return _said(400, "this server answers only to its own name")
        origin = headers.get("origin")
        if origin is not None and origin != f"http://{host}":
            return _said(403, "asked by a page of another site")
        # A picture in a page of another port asks without an origin, and to cookies all ports are one site. (A
        # WebSocket always brings its origin.)
        by_page = scope["type"] == "http" and headers.get("sec-fetch-site", "none") not in _OURS
        if scope["path"].startswith("/api/") and by_page:
            return _said(403, "asked by a page of another site")
        length = headers.get("content-length", "0")
        if not _LENGTH.fullmatch(length) or int(length) > MOST_BODY_BYTES:
            return _said(413, f"at most {MOST_BODY_BYTES} bytes")
        path = scope["path"]
        if path == "/" and scope["type"] == "http":
            given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
            if given and self._is_token(given):
                answer = RedirectResponse("/", 303)
                answer.set_cookie(self.cookie_name(host), self.token, httponly=True, samesite="strict", path="/")
                return answer
        if path.startswith("/api/") and not self._is_token(self._token_in(headers, host)):
            return _said(401, "open the address that `lupex serve` printed, with its token")
        return None

    def cookie_name(self, host: str) -> str:
        """The cookie of one server: cookies know no ports, so two servers on one machine must not share a name."""
        return f"{COOKIE}_{host.rpartition(':')[2]}" if ":" in host.rpartition("]")[2] else COOKIE

    def _is_token(self, given: str) -> bool:
        return secrets.compare_digest(given.encode("utf-8", "replace"), self.token.encode())

    def _token_in(self, headers: Mapping[str, str], host: str) -> str:
        kind, _, bearer = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return bearer.strip()
        for part in headers.get("cookie", "").split(";"):
            name, _, value = part.strip().partition("=")
            if name == self.cookie_name(host):
                return value
        return ""


class _Limited:
    """A receive that ends a body which is longer, or takes longer, than allowed, whatever its header said."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._bytes = 0
        self._whole = False
        self._until = anyio.current_time() + LONGEST_BODY_S

    async def receive(self) -> Message:
        if self._whole:  # who asks now waits for the end of the connection
            return await self._receive()
        message: Message = {"type": "http.disconnect"}
        with anyio.move_on_after(max(0.0, self._until - anyio.current_time())):
            message = await self._receive()
        self._bytes += len(message.get("body", b""))
        if self._bytes > MOST_BODY_BYTES:
            return {"type": "http.disconnect"}
        self._whole = message["type"] == "http.request" and not message.get("more_body", False)
        return message


def _without_port(host: str) -> str:
    """The name of a host, '' for what is neither a name nor a name and a port."""
    found = _HOST.fullmatch(host)
    return found[1].lower() if found else ""


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            more = [(key.encode(), value.encode()) for key, value in HEADERS.items()]
            message = {**message, "headers": [*message.get("headers", []), *more]}
        await send(message)

    return sending


def _said(status: int, words: str) -> Response:
    return JSONResponse({"error": words}, status)
