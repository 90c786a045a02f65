import pytest
from starlette.testclient import TestClient

from lupex.web import StudyFolder, make_app

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


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "0.0.0.0:8000"])
def test_a_host_that_is_not_this_machine_is_refused(stranger: TestClient, host: str) -> None:
    answer = stranger.get("/api/study", headers={"host": host, "authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 400


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9999", "https://127.0.0.1:8000"])
def test_a_page_of_another_site_is_refused(stranger: TestClient, origin: str) -> None:
    answer = stranger.get("/api/study", headers={"origin": origin, "authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 403


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
