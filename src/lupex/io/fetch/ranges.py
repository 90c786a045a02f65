"""A file on a server read by ranges: only the bytes asked for, and nothing believed."""

import http.client
import io
import re
import time
import urllib.error
import urllib.request
from typing import Any

from lupex.base.errors import DownloadError
from lupex.base.gate import printable
from lupex.io.fetch.transfer import FetchSettings, OnlyWeb

BLOCK = 1 << 17
"""Bytes fetched at a time, at multiples of itself: a tile of a published DEM is about so large."""
_AGENT = "lupex (lunar polar mission studies)"
_PART = re.compile(r"bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15})")
_HTML = (b"<!doctype html", b"<html")


class RangeFile:
    """Bytes of a file on a server, fetched in blocks as they are read.

    What goes wrong is kept in ``error`` and reads as the end of the file: raster libraries swallow exceptions.
    """

    def __init__(self, url: str, size: int = 0, settings: FetchSettings | None = None) -> None:
        """Ask for the first block, which tells size and version.

        Args:
            url: of the file. size: as published, 0 unknown.
            settings: time limits and tries.

        Raises DownloadError for a server that ignores ranges, sends a web page or another size, or does not answer.
        """
        self.url, self.size, self.validator = url, size, ""
        self.error: DownloadError | None = None
        self.fetched = 0
        self._settings = settings or FetchSettings()
        self._end = time.monotonic() + self._settings.deadline_s
        self._blocks: dict[int, bytes] = {}
        self._blocks[0] = self._block(0)

    def bytes_at(self, start: int, stop: int) -> bytes:
        """The bytes from ``start`` to before ``stop``; fewer at the end of the file or after an error."""
        parts = []
        while start < min(stop, self.size):
            number = start // BLOCK
            if number not in self._blocks:
                try:
                    self._blocks[number] = self._block(number)
                except DownloadError as error:
                    self.error = self.error or error
                    break
            inside = start - number * BLOCK
            part = self._blocks[number][inside : inside + min(stop, self.size) - start]
            parts.append(part)
            start += len(part)
        return b"".join(parts)

    def _block(self, number: int) -> bytes:
        """One block, after as many tries as settings allow."""
        reason = ""
        for tried in range(self._settings.tries):
            if tried:
                time.sleep(self._settings.pause_s * 2 ** (tried - 1))
            if time.monotonic() >= self._end:
                break
            try:
                return self._ask(number)
            except urllib.error.HTTPError as error:
                error.close()
                reason = f"the server answers {error.code} {printable(str(error.reason))}"
                if error.code < 500 and error.code != 429:
                    raise DownloadError(f"{self.url}: {reason}", "the product may have moved: see its page") from error
            except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
                reason = printable(str(getattr(error, "reason", error))) or type(error).__name__
            except ValueError as error:
                reason = f"its answer cannot be understood ({printable(str(error))})"
        raise DownloadError(
            f"{self.url}: no range came ({reason or 'time is over'})", "run it again, or fetch it whole"
        )

    def _ask(self, number: int) -> bytes:
        first = number * BLOCK
        last = min(first + BLOCK, self.size) - 1 if self.size else first + BLOCK - 1
        headers = {"User-Agent": _AGENT, "Accept-Encoding": "identity", "Range": f"bytes={first}-{last}"}
        request = urllib.request.Request(self.url, headers=headers)
        with urllib.request.build_opener(OnlyWeb).open(request, timeout=self._settings.timeout_s) as answer:
            if answer.status != 206:
                self._refuse_whole(answer)
            expected = self._checked(answer, first, last)
            body = answer.read(expected + 1)
        if len(body) != expected:
            if len(body) > expected:
                raise DownloadError(f"{self.url}: sends more than the {expected} bytes it announced", "see its page")
            raise ConnectionError(f"{len(body)} of {expected} bytes came")
        if number == 0 and body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML):
            raise DownloadError(f"{self.url}: a web page came instead of the file", "see the product page")
        self.fetched += len(body)
        return body

    def _refuse_whole(self, answer: Any) -> None:
        """Say what a server that does not answer with a part has sent."""
        head = answer.read(512)
        page = answer.headers.get("Content-Type", "").startswith("text/html")
        if page or head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML):
            raise DownloadError(
                f"{self.url}: a web page came instead of the file", "see the product page for the new address"
            )
        raise DownloadError(
            f"{self.url}: the server ignores ranges (answers {answer.status})",
            "fetch the product whole: `lupex dem fetch NAME`",
        )

    def _checked(self, answer: Any, first: int, last: int) -> int:
        """How many bytes the answer must hold, once its headers agree with all that was said before."""
        found = _PART.fullmatch(answer.headers.get("Content-Range", "").strip())
        if found is None:
            raise ValueError(f"Content-Range is '{printable(answer.headers.get('Content-Range', ''), 40)}'")
        start, stop, total = (int(group) for group in found.groups())
        etag = answer.headers.get("ETag", "")
        validator = etag if etag and not etag.startswith("W/") else answer.headers.get("Last-Modified", "")
        if self.size and total != self.size:
            said = "has changed while it was read" if self.validator or self.fetched else "is not the published one"
            raise DownloadError(f"{self.url}: {said}: {total} bytes, {self.size} before", "see its page")
        if self.fetched and validator != self.validator:
            raise DownloadError(f"{self.url}: has changed while it was read", "run it again")
        if start != first or stop != min(last, total - 1):
            raise DownloadError(
                f"{self.url}: sends bytes {start} to {stop} where {first} to {min(last, total - 1)} were asked for",
                "fetch the product whole: `lupex dem fetch NAME`",
            )
        length = answer.headers.get("Content-Length")
        if length is not None and length.strip() != str(stop - start + 1):
            raise DownloadError(
                f"{self.url}: announces {printable(length, 20)} bytes for a range of {stop - start + 1}", "see its page"
            )
        self.size, self.validator = total, validator
        return stop - start + 1


class RangeView(io.RawIOBase):
    """A `RangeFile` as an open file: a place of its own in the same bytes."""

    def __init__(self, source: RangeFile) -> None:
        """At the begin of ``source``."""
        super().__init__()
        self._source, self._at = source, 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """The new place.

        Args:
            offset: bytes. whence: 0 from the begin, 1 from here, 2 from the end.
        """
        self._at = max(0, offset + (0, self._at, self._source.size)[whence])
        return self._at

    def tell(self) -> int:
        """The place of the next byte."""
        return self._at

    def read(self, count: int = -1) -> bytes:
        """The next bytes; fewer at the end of the file or after an error.

        Args:
            count: how many; -1 for all that is left.
        """
        stop = self._source.size if count is None or count < 0 else self._at + count
        data = self._source.bytes_at(self._at, stop)
        self._at += len(data)
        return data

    def readinto(self, buffer: Any) -> int:
        """How many bytes were put into ``buffer``."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
