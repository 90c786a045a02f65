"""Downloads resume, are checked, and appear whole or not at all. A real server on this machine answers."""

import hashlib
import json
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from rasterio.io import MemoryFile

from lupex.base.errors import DownloadError, InputError, StoreError
from lupex.io import FetchSettings
from lupex.study import fetch_dem


def tif(seed: int, rows: int = 1000) -> bytes:
    """A GeoTIFF of 3 MB, uncompressed, its directory before its pixels."""
    values = np.random.default_rng(seed).integers(-500, 500, (rows, 1500)).astype("int16")
    profile = {"driver": "GTiff", "height": rows, "width": 1500, "count": 1, "dtype": "int16"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with MemoryFile() as memory:
            with memory.open(**profile) as dataset:
                dataset.write(values, 1)
            return bytes(memory.getbuffer())


CONTENT = tif(2)
DIGEST = hashlib.sha256(CONTENT).hexdigest()
PATIENT = FetchSettings(tries=4, pause_s=0.0, timeout_s=5.0)


@dataclass
class Behaviour:
    """What the server does, and what it was asked."""

    content: bytes = CONTENT
    etag: str = '"v1"'
    ranges: bool = True
    cut_after: int | None = None
    status: int = 200
    content_type: str = "image/tiff"
    fail_first: int = 0
    requests: list[tuple[str, str]] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    behaviour: Behaviour

    def do_GET(self) -> None:
        b = self.behaviour
        asked = self.headers.get("Range", "")
        b.requests.append((self.path, asked))
        if len(b.requests) <= b.fail_first:
            self.send_error(503)
            return
        if b.status != 200:
            self.send_error(b.status)
            return
        start = 0
        if asked and b.ranges and self.headers.get("If-Range") == b.etag:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            if start >= len(b.content):
                self.send_error(416)
                return
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(b.content) - 1}/{len(b.content)}")
        else:
            self.send_response(200)
        body = b"PDS_VERSION_ID = PDS3\nEND\n" if self.path.endswith(".lbl") else b.content[start:]
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", b.content_type)
        if b.etag:
            self.send_header("ETag", b.etag)
        self.end_headers()
        if b.cut_after is not None and len(body) > b.cut_after:
            self.wfile.write(body[: b.cut_after])
            self.close_connection = True
            return
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


class QuietServer(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A client that goes away is what some tests are about."""


@pytest.fixture
def server() -> Iterator[tuple[str, Behaviour]]:
    behaviour = Behaviour()
    handler = type("ThisHandler", (Handler,), {"behaviour": behaviour})
    http = QuietServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{http.server_address[1]}", behaviour
    http.shutdown()
    http.server_close()


def table(folder: Path, base: str, **facts: object) -> Path:
    lines = [
        "[test]",
        'citation = "c"',
        'licence = "l"',
        'source = "s"',
        "[[test.dem]]",
        'name = "here"',
        'title = "t"',
    ]
    lines += [f'url = "{base}/maps/dem.tif"'] + [f"{key} = {json.dumps(value)}" for key, value in facts.items()]
    (folder / "table.toml").write_text("\n".join(lines))
    return folder / "table.toml"


def fetch(tmp_path: Path, base: str, **facts: object) -> Path:
    return fetch_dem("here", tmp_path / "cache", table(tmp_path, base, **facts), settings=PATIENT)


def left_behind(tmp_path: Path) -> list[str]:
    return sorted(p.name for p in (tmp_path / "cache").iterdir())


def test_a_file_arrives_whole_with_its_digest_recorded(tmp_path: Path, server: tuple[str, Behaviour]) -> None:
    base, asked = server
    seen: list[tuple[int, int]] = []
    path = fetch_dem(
        "here",
        tmp_path / "cache",
        table(tmp_path, base),
        lambda done, total, label: seen.append((done, total)),
        PATIENT,
    )
    assert path == tmp_path / "cache" / "dem.tif" and path.read_bytes() == CONTENT
    assert json.loads((tmp_path / "cache" / "dem.tif.json").read_text()) == {
        "url": f"{base}/maps/dem.tif",
        "bytes": len(CONTENT),
        "sha256": DIGEST,
    }
    assert seen[-1] == (len(CONTENT), len(CONTENT)) and [d for d, _ in seen] == sorted(d for d, _ in seen)
    assert left_behind(tmp_path) == ["dem.tif", "dem.tif.json"]
    assert fetch(tmp_path, base, sha256=DIGEST) == path and len(asked.requests) == 1  # from the cache


def test_a_server_that_cuts_off_is_resumed_where_it_stopped(tmp_path: Path, server: tuple[str, Behaviour]) -> None:
    base, asked = server
    asked.cut_after = 1_200_000
    assert fetch(tmp_path, base, sha256=DIGEST, bytes=len(CONTENT)).read_bytes() == CONTENT
    assert [r for _, r in asked.requests] == ["", "bytes=1200000-", "bytes=2400000-"]


def test_an_interrupted_download_goes_on_in_the_next_run(tmp_path: Path, server: tuple[str, Behaviour]) -> None:
    base, asked = server

    def stop(done: int, total: int, label: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch_dem("here", tmp_path / "cache", table(tmp_path, base), stop, PATIENT)
    held = (tmp_path / "cache" / "dem.tif.part").stat().st_size
    assert 0 < held < len(CONTENT) and not (tmp_path / "cache" / "dem.tif").exists()
    assert fetch(tmp_path, base, sha256=DIGEST).read_bytes() == CONTENT
    assert asked.requests[-1][1] == f"bytes={held}-"


def test_a_file_that_changed_meanwhile_is_fetched_from_the_start(tmp_path: Path, server: tuple[str, Behaviour]) -> None:
    base, asked = server
    asked.cut_after = 1_000_000
    with pytest.raises(DownloadError, match="resume"):
        fetch_dem("here", tmp_path / "cache", table(tmp_path, base), settings=FetchSettings(tries=1, pause_s=0.0))
    asked.cut_after, asked.etag, asked.content = None, '"v2"', tif(3)
    assert fetch(tmp_path, base).read_bytes() == asked.content


@pytest.mark.parametrize("etag", ["", 'W/"weak"'])
def test_without_a_strong_validator_nothing_is_pieced_together(
    tmp_path: Path, server: tuple[str, Behaviour], etag: str
) -> None:
    base, asked = server
    asked.etag, asked.cut_after = etag, 1_000_000
    with pytest.raises(DownloadError, match="not complete after 4 tries"):
        fetch(tmp_path, base)
    assert {r for _, r in asked.requests} == {""}


def test_a_server_without_ranges_is_read_from_the_start(tmp_path: Path, server: tuple[str, Behaviour]) -> None:
    base, asked = server
    asked.cut_after = 1_000_000
    with pytest.raises(DownloadError):
        fetch_dem("here", tmp_path / "cache", table(tmp_path, base), settings=FetchSettings(tries=1, pause_s=0.0))
    asked.ranges, asked.cut_after = False, None
    assert fetch(tmp_path, base, sha256=DIGEST).read_bytes() == CONTENT


def test_a_wrong_digest_leaves_no_file(tmp_path: Path, server: tuple[str, Behaviour]) -> None:
    with pytest.raises(DownloadError, match="the catalogue says 0000") as caught:
        fetch(tmp_path, server[0], sha256="0" * 64)
    assert DIGEST in str(caught.value) and "\n" not in str(caught.value)
    assert not any(
        name.startswith("dem.tif") and not name.endswith((".etag", ".lock")) for name in left_behind(tmp_path)
    )


def test_a_wrong_size_is_noticed_before_anything_is_fetched(tmp_path: Path, server: tuple[str, Behaviour]) -> None:
    with pytest.raises(DownloadError, match=f"offers {len(CONTENT)} bytes, the catalogue says 5"):
        fetch(tmp_path, server[0], bytes=5)
    assert "dem.tif" not in left_behind(tmp_path)


@pytest.mark.parametrize(
    ("content", "kind", "word"),
    [
        (b"<!DOCTYPE html><html>moved</html>", "text/html; charset=utf-8", "web page"),
        (b"\n <html>moved</html>", "image/tiff", "web page"),
        (b'{"error": "quota"}', "image/tiff", "no .tif file"),
    ],
)
def test_a_page_answered_with_200_is_no_dem(
    tmp_path: Path, server: tuple[str, Behaviour], content: bytes, kind: str, word: str
) -> None:
    base, asked = server
    asked.content, asked.content_type = content, kind
    with pytest.raises(DownloadError, match=word):
        fetch(tmp_path, base)
    assert "dem.tif" not in left_behind(tmp_path)
    asked.content, asked.content_type, asked.etag = CONTENT, "image/tiff", '"v3"'
    assert fetch(tmp_path, base).read_bytes() == CONTENT


def test_404_is_said_at_once_and_503_is_tried_again(tmp_path: Path, server: tuple[str, Behaviour]) -> None:
    base, asked = server
    asked.status = 404
    with pytest.raises(DownloadError, match="404"):
        fetch(tmp_path, base)
    assert len(asked.requests) == 1
    asked.status, asked.fail_first = 200, 3
    assert fetch(tmp_path, base, sha256=DIGEST).read_bytes() == CONTENT
    assert len(asked.requests) == 4


def test_no_server_at_all_is_one_line(tmp_path: Path, server: tuple[str, Behaviour]) -> None:
    with pytest.raises(DownloadError, match="not complete after 4 tries") as caught:
        fetch(tmp_path, "http://127.0.0.1:9")
    assert "\n" not in str(caught.value)


def test_a_label_comes_with_its_image(tmp_path: Path, server: tuple[str, Behaviour]) -> None:
    base, asked = server
    assert fetch(tmp_path, base, label_url=f"{base}/maps/dem.lbl").name == "dem.tif"
    assert {"dem.tif", "dem.lbl"} <= set(left_behind(tmp_path))
    assert [path for path, _ in asked.requests] == ["/maps/dem.lbl", "/maps/dem.tif"]


def test_a_name_nearly_right_is_answered_with_the_right_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="did you mean 'haworth'"):
        fetch_dem("Haworht", tmp_path)


def test_a_cache_that_cannot_be_made_is_a_store_error(tmp_path: Path, server: tuple[str, Behaviour]) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot write"):
        fetch_dem("here", tmp_path / "file" / "cache", table(tmp_path, server[0]), settings=PATIENT)
