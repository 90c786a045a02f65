"""What a page that follows is told over its WebSocket, and who may give a go."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from lupex.ops.archive.store import Archive
from lupex.ops.commanding.stack import Stack, Step
from lupex.ops.loop.desk import Desk
from lupex.web import Beside, StudyFolder, follow, make_app

TOKEN = "a-token-of-the-tests"
HEADERS = {"authorization": f"Bearer {TOKEN}"}
STACK = Stack(name="drive 1", steps=(Step(name="stop_drive"),))


@pytest.fixture
def day(tmp_path: Path) -> Path:
    Archive.create(tmp_path / "archive.sqlite").close()
    Desk(tmp_path).offer(STACK, 2.2e9)
    return tmp_path


def client_of(study: StudyFolder, followed: Any) -> TestClient:
    return TestClient(
        make_app(study, TOKEN, beside=Beside(followed)), base_url="http://127.0.0.1:8000", headers=HEADERS
    )


@pytest.fixture
def client(study: StudyFolder, day: Path) -> Iterator[TestClient]:
    with client_of(study, follow(day, commands=True)) as client:
        yield client


def live(client: TestClient, **headers: str) -> Any:
    given = {**HEADERS, "host": "127.0.0.1:8000", "origin": "http://127.0.0.1:8000", **headers}
    return client.websocket_connect("/api/follow/live", headers=given)


def test_a_page_is_told_of_commands_and_state_and_refused_what_it_may_not_ask(client: TestClient) -> None:
    with live(client) as socket:
        kinds = [socket.receive_json()["kind"] for _ in range(2)]
        assert kinds == ["commands", "state"]
        for text in ('{"want": ["../etc"]}', '{"want": [1]}', "{", '{"want": ["a","b","c","d","e","f","g"]}'):
            socket.send_text(text)
            assert socket.receive_json()["kind"] == "problem"
        socket.send_text('{"want": ["rover_charge_wh"]}')


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"authorization": "Bearer wrong"},
        {"host": "evil.example"},
        {"origin": "null"},
    ],
)
def test_a_socket_of_another_site_or_without_the_token_is_closed(client: TestClient, headers: dict[str, str]) -> None:
    with pytest.raises(WebSocketDisconnect), live(client, **headers) as socket:
        socket.receive_json()


def test_a_go_needs_the_token_for_commands_and_the_digest_that_was_seen(study: StudyFolder, day: Path) -> None:
    followed = follow(day, commands=True)
    digest = followed.commands()["waiting"]["digest"]
    with client_of(study, followed) as client:
        asked = {"digest": digest, "person": "Asha", "token": TOKEN}
        assert client.post("/api/follow/go", json=asked).status_code == 403  # the page's own token is not enough
        good = {**asked, "token": followed.go_token}
        assert client.post("/api/follow/go", json={**good, "digest": "0" * 64}).status_code == 400
        assert client.post("/api/follow/go", json={**good, "person": ""}).status_code == 422
        assert client.post("/api/follow/go", json={**good, "person": True}).status_code == 422
        assert Desk(day).gone(STACK) == ""
        assert client.post("/api/follow/go", json=good).json() == {"gone": True}
        assert Desk(day).gone(STACK) == "Asha"


def test_a_server_that_only_looks_takes_no_go(study: StudyFolder, day: Path) -> None:
    with client_of(study, follow(day)) as client:
        assert client.get("/api/follow").json()["commands"] is False
        asked = {"digest": follow(day).commands()["waiting"]["digest"], "person": "Asha", "token": "x"}
        assert client.post("/api/follow/go", json=asked).status_code == 403
    with client_of(study, None) as client, live(client) as socket:
        assert socket.receive_json() == {"kind": "problem", "words": "nothing is followed"}


def test_an_archive_that_goes_away_is_said_and_the_page_goes_on(client: TestClient, day: Path) -> None:
    with live(client) as socket:
        socket.receive_json()
        (day / "archive.sqlite").rename(day / "away")
        while (said := socket.receive_json())["kind"] != "problem":
            pass
        assert "no archive" in said["words"]
        (day / "away").rename(day / "archive.sqlite")
        while socket.receive_json()["kind"] != "well":
            pass
