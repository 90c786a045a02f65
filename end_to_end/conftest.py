"""One server for all tests: it takes seconds to start."""

from collections.abc import Iterator

import pytest
from end_to_end.yamcs_server import YamcsServer

from lupex.catalogue.telemetry import dictionary
from lupex.packets.pus.telemetry import TelemetryWriter


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[YamcsServer]:
    found = YamcsServer(tmp_path_factory.mktemp("yamcs") / "server")
    yield found
    found.stop()


@pytest.fixture(scope="session")
def writer() -> TelemetryWriter:
    return TelemetryWriter(dictionary("lupex"))
