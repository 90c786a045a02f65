"""One file from a server that is not believed: what it says and what it sends must agree, and in time."""

import http.client
import json
import os
import re
import shutil
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO
from urllib.parse import urlsplit

from lupex.base.errors import DownloadError, InputError, StoreError
from lupex.base.gate import file_json, numbers_checked, printable
from lupex.base.progress import Progress
from lupex.io.atomic import write_bytes

_BLOCK = 1 << 20
_PART = re.compile(r"bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15}|\*)")
_AGENT = "lupex (lunar polar mission studies)"
_MAGIC = {".tif": (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), ".jp2": (b"\0\0\0\x0cjP  ", b"\xffO\xffQ")}


@numbers_checked
@dataclass(frozen=True)
class FetchSettings:
    """How patient a download is.

    Attributes:
        tries: attempts without progress before it is given up.
        pause_s: before the second attempt, doubled with each.
        timeout_s: for one answer, and the time over which ``slowest_bytes_per_s`` is measured.
        deadline_s: for the whole file, all attempts together.
        slowest_bytes_per_s: a server slower than that counts as broken off.
    """

    tries: int = 5
    pause_s: float = 2.0
    timeout_s: float = 60.0
    deadline_s: float = 86_400.0
    slowest_bytes_per_s: float = 1000.0


@dataclass(frozen=True)
class Transfer:
    """A file to fetch: its address, where it shall be, and its size in bytes (0: not published)."""

    url: str
    final: Path
    size: int

    @property
    def partial(self) -> Path:
        """What has arrived so far."""
        return self.final.with_name(f"{self.final.name}.part")

    @property
    def record(self) -> Path:
        """What is known of the finished file."""
        return self.final.with_name(f"{self.final.name}.json")

    @property
    def notes(self) -> Path:
        """Which version of which file the partial one is of."""
        return self.final.with_name(f"{self.final.name}.part.etag")

    def forget(self) -> None:
        """Remove the partial file and its notes."""
        self.partial.unlink(missing_ok=True)
        self.notes.unlink(missing_ok=True)


@dataclass(frozen=True)
class _Answer:
    """What the headers of an answer come to: where its bytes begin, size of the whole file (0 unknown), version."""

    start: int
    total: int
    validator: str


class OnlyWeb(urllib.request.HTTPRedirectHandler):
    """Follows redirects to http and https only, and never from https to http."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        """The request that follows a redirect; its parameters are those of the standard library's handler."""
        scheme = urlsplit(newurl).scheme
        if scheme not in ("http", "https") or (urlsplit(req.full_url).scheme == "https" and scheme != "https"):
            raise DownloadError(f"{req.full_url}: leads to {printable(newurl, 120)}", "see its product page")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def download(transfer: Transfer, progress: Progress, patience: FetchSettings) -> None:
    """Bring the partial file to its full length.

    Args:
        transfer: what to fetch.
        progress: called with bytes.
        patience: tries and time limits; progress renews the tries, never the deadline.

    Raises DownloadError when the server refuses, contradicts itself or the catalogue, or the time is over; StoreError
    when there is no room.
    """
    url, partial = transfer.url, transfer.partial
    end = time.monotonic() + patience.deadline_s
    if partial.is_symlink():  # never write through a link somebody put there
        transfer.forget()
    failures, reason = 0, ""
    while failures < patience.tries:
        before = _held(transfer)
        try:
            if _one_try(transfer, progress, patience, end):
                return
            reason = "the connection broke off"
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == 416:  # what we hold is not a beginning of what they have
                transfer.forget()
            elif error.code < 500 and error.code != 429:
                fix = "the product may have moved: see its product page"
                what = f"{url}: the server answers {error.code} {printable(str(error.reason))}"
                raise DownloadError(what, fix) from error
            reason = f"the server answers {error.code} {printable(str(error.reason))}"
        except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
            reason = printable(str(getattr(error, "reason", error))) or type(error).__name__
        except ValueError as error:  # headers and redirects that are none
            reason = f"its answer cannot be understood ({printable(str(error))})"
        failures = 1 if _held(transfer) > before else failures + 1
        pause_s = patience.pause_s * 2 ** (failures - 1) if failures < patience.tries else 0.0
        if time.monotonic() + pause_s >= end:
            raise DownloadError(
                f"{url}: not complete in {patience.deadline_s:g} s ({reason})", "run it again to resume"
            )
        time.sleep(pause_s)
    raise DownloadError(f"{url}: not complete after {patience.tries} tries ({reason})", "run it again to resume")


def _held(transfer: Transfer) -> int:
    return transfer.partial.stat().st_size if transfer.partial.is_file() else 0


def _noted(transfer: Transfer) -> _Answer:
    """What is known of the partial file; nothing when it is of another address."""
    try:
        notes = file_json(transfer.notes)
        if notes["url"] == transfer.url and type(notes["total"]) is int and isinstance(notes["validator"], str):
            return _Answer(0, notes["total"], notes["validator"])
    except (InputError, KeyError, TypeError):
        pass
    return _Answer(0, 0, "")


def _one_try(transfer: Transfer, progress: Progress, patience: FetchSettings, end: float) -> bool:
    """One request; whether the file is complete afterwards."""
    known = _noted(transfer)
    held = _held(transfer) if known.validator else 0
    if held and held == (transfer.size or known.total):
        return True
    headers = {"User-Agent": _AGENT, "Accept-Encoding": "identity"}
    if held:
        headers |= {"Range": f"bytes={held}-", "If-Range": known.validator}
    request = urllib.request.Request(transfer.url, headers=headers)
    left_s = max(0.01, min(patience.timeout_s, end - time.monotonic()))
    with urllib.request.build_opener(OnlyWeb).open(request, timeout=left_s) as response:
        answer = _checked_answer(transfer, response, held, known)
        if answer is None:  # another version, or another part than was asked for: from the start, without a range
            transfer.forget()
            return False
        _check_room(transfer.partial, answer.total - answer.start)
        notes = {"url": transfer.url, "total": answer.total, "validator": answer.validator}
        write_bytes(transfer.notes, json.dumps(notes).encode())
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        with open(os.open(transfer.partial, flags, 0o666), "r+b") as stream:
            stream.truncate(answer.start)
            stream.seek(answer.start)
            done = _copy(response, stream, transfer, answer, progress, patience, end)
    if done == 0:
        transfer.forget()
        raise DownloadError(f"{transfer.url}: an empty file came", "see its product page")
    return done == answer.total if answer.total else True


def _checked_answer(transfer: Transfer, response: Any, held: int, known: _Answer) -> _Answer | None:
    """Where the answer's bytes belong, None when they do not continue what is held.

    Raises DownloadError when it contradicts the catalogue or itself, ValueError for headers that are none.
    """
    url, headers = transfer.url, response.headers
    if response.status not in (200, 206):
        raise DownloadError(f"{url}: the server answers {response.status} without a file", "see its product page")
    if headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise DownloadError(f"{url}: comes compressed though that was not asked for", "see its product page")
    length = _whole_number(headers.get("Content-Length"), "Content-Length")
    etag, modified = headers.get("ETag", ""), headers.get("Last-Modified", "")
    validator = etag if etag and not etag.startswith("W/") else modified
    start, total = 0, length or 0
    if response.status == 206:
        found = re.fullmatch(
            r"bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15}|\*)", headers.get("Content-Range", "").strip()
        )
        if found is None or not held:
            if not held:
                raise DownloadError(f"{url}: sends a part though the whole was asked for", "see its product page")
            return None
        start, last = int(found.group(1)), int(found.group(2))
        total = last + 1 if found.group(3) == "*" else int(found.group(3))
        changed = (validator and validator != known.validator) or (known.total and total != known.total)
        if start != held or last + 1 != total or changed or (length is not None and length != total - start):
            return None
        validator = known.validator
    if transfer.size and total not in (0, transfer.size):
        raise DownloadError(
            f"{url}: the server offers {total} bytes, the catalogue says {transfer.size}", "see its page"
        )
    return _Answer(start, transfer.size or total, validator)


def _whole_number(text: str | None, name: str) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,15}", text.strip()):
        raise ValueError(f"{name} is '{printable(text, 40)}'")
    return int(text)


def _copy(
    response: Any,
    stream: BinaryIO,
    transfer: Transfer,
    answer: _Answer,
    progress: Progress,
    patience: FetchSettings,
    end: float,
) -> int:
    """Write what comes; returns the bytes then held. Ends early when the connection does."""
    done, name = answer.start, transfer.final.name
    since, then = time.monotonic(), done
    while True:
        try:
            block = response.read1(_BLOCK)
        except http.client.IncompleteRead as error:
            stream.write(error.partial)
            return done + len(error.partial)
        if not block:
            return done
        if done == 0:
            _check_content(block, response.headers.get("Content-Type", ""), transfer)
        done += len(block)
        if answer.total and done > answer.total:
            transfer.forget()
            raise DownloadError(f"{transfer.url}: sends more than the {answer.total} bytes promised", "see its page")
        if not answer.total:
            _check_room(transfer.partial, len(block))
        stream.write(block)
        progress(done, answer.total or done, name)
        now = time.monotonic()
        if now >= end:
            raise DownloadError(f"{transfer.url}: not complete in {patience.deadline_s:g} s", "run it again to resume")
        if now - since >= patience.timeout_s:
            if done - then < patience.slowest_bytes_per_s * (now - since):
                raise TimeoutError(f"slower than {patience.slowest_bytes_per_s:g} bytes a second")
            since, then = now, done


def _check_content(head: bytes, content_type: str, transfer: Transfer) -> None:
    """Refuse web pages that come with status 200 in the file's place."""
    url, suffix = transfer.url, transfer.final.suffix
    start = head[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if content_type.startswith("text/html") or start.startswith((b"<!doctype html", b"<html")):
        raise DownloadError(f"{url}: a web page came instead of the file", "see the product page for the new address")
    magic = _MAGIC.get(suffix.lower())
    if magic and len(head) >= 4 and not head.startswith(tuple(m[: len(head)] for m in magic)):
        raise DownloadError(f"{url}: what came is no {suffix} file", "see the product page")


def _check_room(partial: Path, needed: int) -> None:
    free = shutil.disk_usage(partial.parent).free
    if needed > free:
        raise StoreError(f"{partial.parent}: {needed} bytes to fetch, {free} free", "make room and run again")
