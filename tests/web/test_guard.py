import asyncio
from typing import Any

import pytest
from starlette.testclient import TestClient

from lupex.web import StudyFolder, guard, make_app

TOKEN = "a-token-of-the-tests"
HOST = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def stranger(study: StudyFolder) -> TestClient:
    return TestClient(make_app(study, TOKEN), base_url=HOST, follow_redirects=False)


def test_everything_under_api_asks_for_the_token(stranger: TestClient) -> None:
    for path in ("/api/study", "/api/openapi.json", "/api/tiles/elevation_m/0/0/0.png", "/api/nothing"):
        assert stranger.get(path).status_code == 401
        assert stranger.get(path, headers={"authorization": "Bearer wrong"}).status_code == 401
        assert stranger.get(path, params={"token": TOKEN}).status_code == 401
    assert stranger.post("/api/ranking", json={"weights": {"slope_deg": 1.0}}).status_code == 401


def test_the_printed_address_gives_a_cookie_no_script_and_no_other_site_gets(stranger: TestClient) -> None:
    answer = stranger.get("/", params={"token": TOKEN})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith(f"lupex_token_8000={TOKEN}")
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert stranger.get("/api/study", headers={"cookie": f"lupex_token_8000={TOKEN}"}).status_code == 200
    assert "set-cookie" not in stranger.get("/", params={"token": "wrong"}).headers


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "",
        "0.0.0.0:8000",
        "127.0.0.1:80.evil.example",
        "[::1].evil.example",
        "user@localhost",
        "localhost:8000:1",
        "localhost:",
    ],
)
def test_a_host_that_is_not_this_machine_is_refused(stranger: TestClient, host: str) -> None:
    answer = stranger.get("/api/study", headers={"host": host, "authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 400


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9999", "https://127.0.0.1:8000"])
def test_a_page_of_another_site_is_refused(stranger: TestClient, origin: str) -> None:
    answer = stranger.get("/api/study", headers={"origin": origin, "authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("said", "code"), [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)]
)
def test_a_picture_in_a_page_of_another_port_is_refused(stranger: TestClient, said: str, code: int) -> None:
    asked = {"sec-fetch-site": said, "cookie": f"lupex_token_8000={TOKEN}"}
    assert stranger.get("/api/study", headers=asked).status_code == code


@pytest.mark.parametrize("length", ["9" * 5000, "-1", "1_0", "\u0661", "1e3"])
def test_a_length_that_is_none_is_refused(study: StudyFolder, length: str) -> None:
    headers = [("host", "127.0.0.1:8000"), ("content-length", length), ("authorization", f"Bearer {TOKEN}")]
    assert _answered(study, "/api/link", headers, [b"{}"]) == 413


def test_a_body_that_never_comes_whole_is_given_up(study: StudyFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "LONGEST_BODY_S", 0.2)
    headers = [("host", "127.0.0.1:8000"), ("authorization", f"Bearer {TOKEN}")]
    assert _answered(study, "/api/link", headers, [b"{", b" "]) in (400, 422)


def test_a_server_that_is_stopped_answers_what_it_was_computing() -> None:
    async def computes(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(3600.0)

    codes: list[int] = []

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            codes.append(message["status"])

    async def stopped() -> None:
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/",
            "query_string": b"",
            "headers": [(b"host", b"localhost")],
        }
        asked = asyncio.ensure_future(guard.Guard(computes, TOKEN)(scope, None, send))  # type: ignore[arg-type]
        await asyncio.sleep(0.05)
        asked.cancel()
        await asked

    asyncio.run(stopped())
    assert codes == [503]


def _answered(study: StudyFolder, path: str, headers: list[tuple[str, str]], pieces: list[bytes]) -> int:
    """The status of a POST whose body comes in pieces and never ends."""
    left, codes = list(pieces), []

    async def receive() -> dict[str, Any]:
        if not left:
            await asyncio.sleep(3600.0)
        return {"type": "http.request", "body": left.pop(0), "more_body": True}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            codes.append(message["status"])

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 1), "headers": [(name.encode(), value.encode()) for name, value in headers],
    }  # fmt: skip
    asyncio.run(asyncio.wait_for(make_app(study, TOKEN)(scope, receive, send), 60.0))
    return int(codes[0])


def test_a_body_that_is_too_long_is_refused_by_its_header(stranger: TestClient) -> None:
    answer = stranger.post("/api/ranking", content=b"x" * 1_100_000, headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 413


def test_a_body_that_hides_its_length_is_cut(stranger: TestClient) -> None:
    def pieces():  # type: ignore[no-untyped-def]
        for _ in range(30):
            yield b" " * 65_536

    answer = stranger.post("/api/ranking", content=pieces(), headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code in (400, 413)


def test_every_answer_forbids_foreign_scripts_and_frames(stranger: TestClient) -> None:
    for answer in (stranger.get("/"), stranger.get("/api/study")):
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
