"""Fetch a published DEM into a cache: resumable, checked, whole or not at all."""

import difflib
import http.client
import os
import re
import shutil
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import MISSING, dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

from lupex.base.digest import file_sha256
from lupex.base.errors import DownloadError, InputError, StoreError
from lupex.base.gate import file_stem, file_text, plain_name, printable
from lupex.base.progress import Progress, silent
from lupex.io.atomic import store_error, sync_file, sync_folder
from lupex.io.tables import write_json

_BLOCK = 1 << 20
_AGENT = "lupex (lunar polar mission studies)"
_MAGIC = {".tif": (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), ".jp2": (b"\0\0\0\x0cjP  ", b"\xffO\xffQ")}


@dataclass(frozen=True)
class DemProduct:
    """One line of the catalogue of DEMs; ``bytes`` 0 and ``sha256`` '' mean not published."""

    name: str
    family: str
    title: str
    url: str
    citation: str
    licence: str
    source: str
    product_page: str = ""
    label_url: str = ""
    cell_m: float = 0.0
    pole: str = ""
    bytes: int = 0
    sha256: str = ""
    note: str = ""


@dataclass(frozen=True)
class FetchSettings:
    """How patient a download is: tries without progress, the pause before the second, and the timeout."""

    tries: int = 5
    pause_s: float = 2.0
    timeout_s: float = 60.0


def dem_table(path: str | Path | None = None) -> dict[str, DemProduct]:
    """The catalogue of DEMs by name, in its order; of another TOML file of the same form when a path is given.

    Raises:
        InputError: the file cannot be read, or an entry lacks or misspells a key.
    """
    own = files("lupex") / "catalogue" / "dems.toml"
    text = own.read_text(encoding="utf-8") if path is None else file_text(path)
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        reason = printable(" ".join(str(error).split()), 120)
        raise InputError(f"{path}: cannot be read as a table of DEMs ({reason})", "correct that line") from None
    known = {field.name for field in fields(DemProduct)}
    products = {}
    for family, group in table.items():
        if not isinstance(group, dict) or not isinstance(group.get("dem"), list):
            raise InputError(
                f"{path or 'dems.toml'}: '{family}' is no family of DEMs", f"write [[{family}.dem]] tables"
            )
        shared = {key: value for key, value in group.items() if key != "dem"}
        for entry in group["dem"]:
            if not isinstance(entry, dict):
                raise InputError(
                    f"{path or 'dems.toml'}: an entry of '{family}' is no table", f"write [[{family}.dem]]"
                )
            product = _product({"family": family, **shared, **entry}, known, path or "dems.toml")
            if product.name in products:
                raise InputError(f"{path or 'dems.toml'}: two DEMs named '{product.name}'", "give each its own name")
            products[product.name] = product
    return products


def _product(facts: dict[str, Any], known: set[str], place: str | Path) -> DemProduct:
    if unknown := sorted(set(facts) - known):
        raise InputError(
            f"{place}: {facts.get('name')}: unknown key '{unknown[0]}'", f"known: {', '.join(sorted(known))}"
        )
    try:
        product = DemProduct(**facts)
    except TypeError as error:
        raise InputError(f"{place}: {facts.get('name')}: {str(error).split('() ')[-1]}") from error
    for field in fields(DemProduct):
        value, kind = getattr(product, field.name), type(field.default) if field.default is not MISSING else str
        if type(value) is not kind and not (kind is float and type(value) is int):
            what = f"{place}: {printable(str(facts.get('name')))}: {field.name} is {printable(repr(value))}"
            raise InputError(what, f"write {'text in quotes' if kind is str else 'a number'}")
    plain_name(f"{place}: name", product.name)
    for url in (product.url, product.label_url):
        if url and (urlsplit(url).scheme not in ("http", "https") or not _file_name(url)):
            raise InputError(f"{place}: {product.name}: url {printable(url, 120)}", "use http(s) and a file's name")
    if product.label_url and _file_name(product.label_url) == _file_name(product.url):
        raise InputError(f"{place}: {product.name}: label and image have one file name", "keep them apart by name")
    if product.bytes < 0 or not re.fullmatch(r"([0-9a-f]{64})?", product.sha256):
        raise InputError(f"{place}: {product.name}: bytes or sha256 cannot be", "give whole bytes and 64 hex digits")
    return product


def _file_name(url: str) -> str:
    """The name under which a product is kept; '' where the address names no plain file."""
    name = unquote(urlsplit(url).path).rsplit("/", 1)[-1]
    return name if name == file_stem(name) and name.strip(".") else ""


def fetch_dem(
    name: str,
    cache_dir: str | Path,
    table: str | Path | None = None,
    progress: Progress = silent,
    settings: FetchSettings | None = None,
) -> Path:
    """Path of a catalogued DEM in the cache, downloaded when it is not there yet (with its label).

    An interrupted download goes on where it stopped, provided the server says the file is the same
    (If-Range). What arrives is compared with the catalogue's size and SHA-256; where no digest is
    published, the one found is recorded in NAME.json beside the file. ``progress`` counts bytes.

    Args:
        cache_dir: folder that keeps what was fetched.
        settings: time limits and retries.

    Raises:
        InputError: no such name in the table.
        DownloadError: no answer, a web page instead of the file, wrong size or digest.
        StoreError: disk full.
    """
    products = dem_table(table)
    if name not in products:
        near = difflib.get_close_matches(name.lower(), products, 1)
        hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(products)}"
        raise InputError(f"no DEM named '{name}' in the catalogue", hint)
    product, patience = products[name], settings or FetchSettings()
    folder = Path(cache_dir)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if product.label_url:
            _fetched(product.label_url, folder, 0, "", progress, patience)
        return _fetched(product.url, folder, product.bytes, product.sha256, progress, patience)
    except OSError as error:
        raise store_error(folder, error) from error


def _fetched(url: str, folder: Path, size: int, sha256: str, progress: Progress, patience: FetchSettings) -> Path:
    final = folder / unquote(urlsplit(url).path).rsplit("/", 1)[-1]
    record = final.with_name(f"{final.name}.json")
    if final.is_file() and record.is_file():
        right_size = size in (0, final.stat().st_size)
        if right_size and (not sha256 or file_sha256(final) == sha256):
            return final
    partial = final.with_name(f"{final.name}.part")
    with _only_one(partial):
        _download(url, partial, size, progress, patience)
        found = file_sha256(partial)
        if sha256 and found != sha256:
            partial.unlink()
            raise DownloadError(f"{url}: SHA-256 is {found}, the catalogue says {sha256}", "fetch it again")
        sync_file(partial)
        write_json(record, {"url": url, "bytes": partial.stat().st_size, "sha256": found})
        os.replace(partial, final)
        sync_folder(folder)
        _validator_file(partial).unlink(missing_ok=True)
    return final


def _download(url: str, partial: Path, size: int, progress: Progress, patience: FetchSettings) -> None:
    """Bring the partial file to its full length, trying again while tries remain; progress renews them."""
    failures, reason = 0, ""
    while failures < patience.tries:
        before = partial.stat().st_size if partial.exists() else 0
        try:
            if _one_try(url, partial, size, progress, patience.timeout_s):
                return
            reason = "the connection broke off"
        except urllib.error.HTTPError as error:
            if error.code == 416:  # what we hold is not a beginning of what they have
                partial.unlink(missing_ok=True)
            elif error.code < 500 and error.code != 429:
                fix = "the product may have moved: see its product page"
                raise DownloadError(f"{url}: the server answers {error.code} {error.reason}", fix) from error
            reason = f"the server answers {error.code} {error.reason}"
        except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
            reason = str(getattr(error, "reason", error)) or type(error).__name__
        after = partial.stat().st_size if partial.exists() else 0
        failures = 1 if after > before else failures + 1
        if failures < patience.tries:
            time.sleep(patience.pause_s * 2 ** (failures - 1))
    raise DownloadError(f"{url}: not complete after {patience.tries} tries ({reason})", "run it again to resume")


def _one_try(url: str, partial: Path, size: int, progress: Progress, timeout_s: float) -> bool:
    """One request; whether the file is complete afterwards."""
    held = partial.stat().st_size if partial.exists() else 0
    validator = _validator_file(partial).read_text() if _validator_file(partial).exists() else ""
    held = held if validator else 0
    if size and held == size:
        return True
    headers = {"User-Agent": _AGENT, "Accept-Encoding": "identity"}
    if held:
        headers |= {"Range": f"bytes={held}-", "If-Range": validator}
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=timeout_s) as answer:
        resumed = answer.status == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {held}-")
        held = held if resumed else 0
        length = answer.headers.get("Content-Length")
        total = held + int(length) if length is not None else size
        if size and total != size:
            raise DownloadError(f"{url}: the server offers {total} bytes, the catalogue says {size}", "see its page")
        _check_room(partial, total - held)
        etag, modified = answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", "")
        _validator_file(partial).write_text(etag if etag and not etag.startswith("W/") else modified)
        with open(partial, "r+b" if held else "wb") as stream:
            stream.truncate(held)
            stream.seek(held)
            done = _copy(answer, stream, url, held, total, progress)
        return done == total if total else True


def _copy(answer: Any, stream: BinaryIO, url: str, done: int, total: int, progress: Progress) -> int:
    name = url.rsplit("/", 1)[-1]
    while True:
        try:
            block = answer.read(_BLOCK)
        except http.client.IncompleteRead as error:
            block = error.partial
            stream.write(block)
            return done + len(block)
        if not block:
            return done
        if done == 0:
            _check_content(block, answer.headers.get("Content-Type", ""), url)
        done += len(block)
        if total and done > total:
            raise DownloadError(f"{url}: sends more than the {total} bytes promised", "see its product page")
        stream.write(block)
        progress(done, total or done, name)


def _check_content(head: bytes, content_type: str, url: str) -> None:
    """Refuse web pages that come with status 200 in the file's place."""
    start = head[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if content_type.startswith("text/html") or start.startswith((b"<!doctype html", b"<html")):
        raise DownloadError(f"{url}: a web page came instead of the file", "see the product page for the new address")
    magic = _MAGIC.get(Path(urlsplit(url).path).suffix.lower())
    if magic and not head.startswith(magic):
        raise DownloadError(f"{url}: what came is no {Path(url).suffix} file", "see the product page")


def _check_room(partial: Path, needed: int) -> None:
    free = shutil.disk_usage(partial.parent).free
    if needed > free:
        raise StoreError(f"{partial.parent}: {needed} bytes to fetch, {free} free", "make room and run again")


def _validator_file(partial: Path) -> Path:
    """Holds the ETag or date that says which version of the file the partial one is of."""
    return partial.with_name(f"{partial.name}.etag")


@contextmanager
def _only_one(partial: Path) -> Iterator[None]:
    """Keep a second process from writing the same partial file."""
    try:
        import fcntl
    except ImportError:  # no advisory locks on this system
        yield
        return
    with open(partial.with_name(f"{partial.name}.lock"), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DownloadError(f"{partial}: another process is fetching it", "wait for it") from error
        yield
        Path(lock.name).unlink(missing_ok=True)
