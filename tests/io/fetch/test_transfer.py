"""A server that lies, stalls, cuts off or changes its mind: 40 behaviours times three kinds of catalogue entry.

Whatever it does there is a whole file or one line that names its address; and afterwards a good server gives the file.
"""

import hashlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.io.fetch.test_fetch import tif

from lupex.base.errors import LupexError, StoreError
from lupex.io import FetchSettings
from lupex.study import fetch_dem

GOOD, NEW = tif(1, 100), tif(2, 101)
HALF = len(GOOD) // 2
IMPATIENT = FetchSettings(tries=3, pause_s=0.0, timeout_s=0.3, deadline_s=4.0, slowest_bytes_per_s=50_000.0)
KINDS = {
    "nothing known": {},
    "size known": {"bytes": len(GOOD)},
    "size and digest known": {"bytes": len(GOOD), "sha256": hashlib.sha256(GOOD).hexdigest()},
}
Answer = Callable[[socket.socket, int, str], None]
"""Writes to the connection; gets the number of the request, from 1, and its text."""


def head(status: str = "200 OK", *lines: str, length: int | str | None = None) -> bytes:
    given = [] if length is None else [f"Content-Length: {length}"]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, *given, "Connection: close", "", ""]).encode("latin1")


def says(*parts: bytes) -> Answer:
    return lambda out, number, asked: out.sendall(b"".join(parts))


def whole(out: socket.socket, number: int, asked: str) -> None:
    out.sendall(head(length=len(GOOD)) + GOOD)


def then(*answers: Answer) -> Answer:
    """The answers one after the other, the last one for ever."""
    return lambda out, number, asked: answers[min(number, len(answers)) - 1](out, number, asked)


CUT = says(head("200 OK", 'ETag: "v1"', length=len(GOOD)), GOOD[:HALF])
REST = GOOD[HALF:]


def part(span: str, body: bytes = REST, etag: str = 'ETag: "v1"', length: int | None = None) -> Answer:
    lines = [etag] if etag else []
    lines += [f"Content-Range: {span}"] if span else []
    return says(head("206 Partial Content", *lines, length=len(body) if length is None else length), body)


def silent(out: socket.socket, number: int, asked: str) -> None:
    time.sleep(0.4)


def drip(out: socket.socket, number: int, asked: str) -> None:
    out.sendall(head(length=len(GOOD)) + GOOD[:8])
    for _ in range(60):
        time.sleep(0.05)
        out.sendall(b"x")


def chunks(*sizes_and_bodies: tuple[str, bytes]) -> Answer:
    body = b"".join(size.encode() + b"\r\n" + part + b"\r\n" for size, part in sizes_and_bodies)
    return says(head("200 OK", "Transfer-Encoding: chunked"), body)


def redirect(place: str) -> Answer:
    return says(head("302 Found", f"Location: {place}", length=0))


FLIPPED = GOOD[:-9] + bytes([GOOD[-9] ^ 1]) + GOOD[-8:]
WHOLE, SENT = "whole", "as sent"
GIVEN_UP = "not complete after|not complete in"
# What comes out: one word or pattern for all kinds of entry, or one for each.
BEHAVIOURS: dict[str, tuple[Answer, str | tuple[str, str, str]]] = {
    "good": (whole, WHOLE),
    "empty": (says(head(length=0)), "an empty file came|offers"),
    "empty without length": (says(head()), "an empty file came"),
    "no length": (says(head(), GOOD), WHOLE),
    "no length and half": (says(head(), GOOD[:HALF]), ("is cut off", GIVEN_UP, GIVEN_UP)),
    "cut off": (says(head(length=len(GOOD)), GOOD[:HALF]), GIVEN_UP),
    "length of the half": (says(head(length=HALF), GOOD), ("is cut off", "offers", "offers")),
    "more than promised": (says(head(length=len(GOOD)), GOOD + b"x" * 99), WHOLE),
    "more without length": (says(head(), GOOD + b"x" * 99), (SENT, "sends more", "sends more")),
    "length in words": (says(head(length="abc"), GOOD), "cannot be understood"),
    "negative length": (says(head(length=-5), GOOD), "cannot be understood"),
    "length with underscores": (says(head(length="300_000"), GOOD), "cannot be understood"),
    "two lengths": (says(head(length="5, 6"), GOOD), "cannot be understood"),
    "a part unasked": (part(f"bytes 0-{len(GOOD) - 1}/{len(GOOD)}", GOOD), "sends a part"),
    "resumed": (then(CUT, part(f"bytes {HALF}-{len(GOOD) - 1}/{len(GOOD)}")), WHOLE),
    "resumed elsewhere": (then(CUT, part(f"bytes 0-{len(REST) - 1}/{len(GOOD)}"), whole), WHOLE),
    "resumed, another version": (
        then(CUT, part(f"bytes {HALF}-{len(GOOD) - 1}/{len(GOOD)}", NEW[HALF : len(GOOD)], 'ETag: "v2"'), whole), WHOLE,
    ),
    "resumed, another size": (then(CUT, part(f"bytes {HALF}-{len(NEW) - 1}/{len(NEW)}", NEW[HALF:]), whole), WHOLE),
    "resumed without range": (then(CUT, part(""), whole), WHOLE),
    "resumed with nonsense": (then(CUT, part("bytes x-y/z"), whole), WHOLE),
    "resumed short": (then(CUT, part(f"bytes {HALF}-{len(GOOD) - 1}/{len(GOOD)}", REST[:-7]), whole), WHOLE),
    "416": (then(CUT, says(head("416 Range Not Satisfiable", length=0)), whole), WHOLE),
    "503": (says(head("503 Busy", length=0)), "answers 503"),
    "404": (says(head("404 Gone \x1b[31m", length=0)), r"answers 404 Gone \\x1b"),
    "204": (says(head("204 No Content")), "answers 204 without a file"),
    "a web page": (says(head("200 OK", "Content-Type: text/html"), b"<html>"), "a web page came"),
    "another file": (says(head(), b"\x89PNG\r\n\x1a\n" + GOOD), "no .tif file"),
    "compressed": (says(head("200 OK", "Content-Encoding: gzip", length=len(GOOD)), GOOD), "comes compressed"),
    "chunked": (chunks((f"{len(GOOD):x}", GOOD), ("0", b"")), WHOLE),
    "chunks of no size": (chunks(("zz", GOOD)), f"{GIVEN_UP}|understood|an empty file came"),
    "no HTTP": (says(b"SSH-2.0-dropbear\r\n\r\n"), GIVEN_UP),
    "closes at once": (says(b""), GIVEN_UP),
    "never answers": (silent, GIVEN_UP),
    "a byte now and then": (drip, GIVEN_UP),
    "redirects for ever": (redirect("/dem.tif"), "answers 302"),
    "redirect to a file": (redirect("file:///etc/hostname"), "answers 302|leads to"),
    "redirect to ftp": (redirect("ftp://127.0.0.1/dem.tif"), "leads to ftp"),
    "redirect to nonsense": (redirect("http://[bad/dem.tif"), "answer cannot be understood"),
    "too many headers": (says(head("200 OK", *(f"X-{k}: 1" for k in range(300)), length=9)), GIVEN_UP),
    "one endless header": (says(head("200 OK", "X: " + "a" * 80_000, length=9)), GIVEN_UP),
    "one bit flipped": (says(head(length=len(GOOD)), FLIPPED), (SENT, SENT, "SHA-256 is")),
}  # fmt: skip


class Server:
    """Answers every connection with the behaviour of the moment."""

    def __init__(self) -> None:
        self.answer: Answer = whole
        self.sent = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                out, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(out,), daemon=True).start()

    def _one(self, out: socket.socket) -> None:
        with out:
            try:
                asked = out.recv(65_536).decode("latin1")
                self.sent += 1
                self.answer(out, self.sent, asked)
                out.shutdown(socket.SHUT_WR)
                while out.recv(65_536):  # let what was sent arrive before the connection is closed
                    pass
            except OSError:
                return

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def fetch(folder: Path, server: Server, facts: dict[str, object], name: str = "dem.tif") -> Path:
    lines = [f"{key} = {json.dumps(value)}" for key, value in facts.items()]
    lines += ['name = "here"', 'title = "t"', f'url = "http://127.0.0.1:{server.port}/{name}"']
    text = 'citation = "c"\nlicence = "l"\nsource = "s"\n'.join(["[f]\n", "[[f.dem]]\n" + "\n".join(lines) + "\n"])
    (folder / "table.toml").write_text(text)
    return fetch_dem("here", folder / "cache", folder / "table.toml", settings=IMPATIENT)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", BEHAVIOURS)
def test_there_is_a_whole_file_or_one_line(tmp_path: Path, server: Server, name: str, kind: str) -> None:
    server.answer, expected = BEHAVIOURS[name]
    server.sent = 0
    want = expected if isinstance(expected, str) else expected[list(KINDS).index(kind)]
    began = time.monotonic()
    try:
        found = fetch(tmp_path, server, KINDS[kind]).read_bytes()
        assert want in (WHOLE, SENT), "what came was taken"
        assert found == GOOD if want == WHOLE else found.startswith(GOOD) or found == FLIPPED
    except LupexError as error:
        assert want not in (WHOLE, SENT), error
        pytest.raises(LupexError, _again, error).match(want)
        assert "\n" not in str(error) and f"127.0.0.1:{server.port}" in str(error)
        assert not (tmp_path / "cache" / "dem.tif").exists()
    assert time.monotonic() - began < 20.0
    assert not list((tmp_path / "cache").glob("*.lock"))
    server.answer = whole
    if want != SENT:
        assert fetch(tmp_path, server, KINDS[kind]).read_bytes() == GOOD


def _again(error: LupexError) -> None:
    raise error


def test_a_damaged_file_of_the_cache_is_named_and_fetched_anew(tmp_path: Path, server: Server) -> None:
    server.answer = whole
    path = fetch(tmp_path, server, {})
    path.write_bytes(FLIPPED)
    with pytest.warns(UserWarning, match=r"dem\.tif: is not what was fetched there; it is fetched anew"):
        assert fetch(tmp_path, server, {}).read_bytes() == GOOD


def test_two_addresses_with_one_file_name_are_not_mixed_up(tmp_path: Path, server: Server) -> None:
    server.answer = whole
    fetch(tmp_path, server, {}, "a/dem.tif")
    with pytest.raises(StoreError, match=r"dem\.tif: is the file of http.*/a/dem\.tif"):
        fetch(tmp_path, server, {}, "b/dem.tif")
    assert fetch(tmp_path, server, KINDS["size and digest known"], "b/dem.tif").read_bytes() == GOOD


def test_links_in_the_cache_are_never_written_through(tmp_path: Path, server: Server) -> None:
    server.answer = whole
    (tmp_path / "cache").mkdir()
    for name in ("dem.tif", "dem.tif.part", "dem.tif.part.etag", "dem.tif.json"):
        (tmp_path / f"my {name}").write_bytes(b"precious")
        (tmp_path / "cache" / name).symlink_to(tmp_path / f"my {name}")
    with pytest.warns(UserWarning, match="fetched anew"):
        assert fetch(tmp_path, server, {}).read_bytes() == GOOD
    assert all(path.read_bytes() == b"precious" for path in tmp_path.glob("my *"))
