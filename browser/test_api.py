"""What the description of the API allows and forbids, drawn at random: never a fault of the server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from starlette.testclient import TestClient

from lupex.web import make_app, open_study

TOKEN = "a-token-of-the-tests"
HEADERS = {"authorization": f"Bearer {TOKEN}"}
HEAVY = ("/api/light/", "/api/place/temperature", "/api/drive/")
"""Answers of these take seconds: a few requests each."""


@pytest.fixture(scope="session")
def app(folder: Path) -> Iterator[object]:
    yield make_app(open_study(folder), TOKEN)


@pytest.fixture(scope="session")
def described(app: object) -> object:
    client = TestClient(app, base_url="http://127.0.0.1", headers=HEADERS)  # type: ignore[arg-type]
    return schemathesis.openapi.from_dict(client.get("/api/openapi.json").json())


def test_no_drawn_request_meets_a_fault(app: object, described) -> None:  # type: ignore[no-untyped-def]
    client = TestClient(app, base_url="http://127.0.0.1", headers=HEADERS, raise_server_exceptions=False)  # type: ignore[arg-type]
    asked, paths = 0, set()
    for found in described.get_all_operations():
        operation = found.ok()
        cases = operation.as_strategy()

        heavy = operation.path.startswith(HEAVY)

        @settings(
            max_examples=3 if heavy else 25, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=cases)
        def ask(case) -> None:  # type: ignore[no-untyped-def]
            nonlocal asked
            kwargs = case.as_transport_kwargs(base_url="http://127.0.0.1")
            kwargs.pop("cookies", None)
            headers = {
                k: v for k, v in dict(kwargs.pop("headers", {})).items() if k.lower() in ("content-type", "accept")
            }
            answer = client.request(**kwargs, headers={**headers, **HEADERS})
            asked += 1
            assert answer.status_code < 500 or answer.status_code == 503, (case, answer.text[:300])

        ask()
        paths.add(operation.path)
    assert asked > 100
    assert any(path.startswith(HEAVY) for path in paths)
