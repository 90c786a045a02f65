"""Fetch a published DEM into a cache: resumable, checked, whole or not at all."""

import hashlib
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lupex.base.digest import file_sha256
from lupex.base.errors import DownloadError, InputError, LupexWarning, StoreError
from lupex.base.gate import file_json, printable
from lupex.base.progress import Progress, silent
from lupex.io.atomic import store_error, sync_file, sync_folder
from lupex.io.fetch.transfer import FetchSettings, Transfer, download
from lupex.io.fetch.whole import check_whole
from lupex.io.tables import write_json
from lupex.model.dem_product import DemProduct, file_name


def fetch_product(
    product: DemProduct, cache_dir: str | Path, progress: Progress = silent, settings: FetchSettings | None = None
) -> Path:
    """Path of a published DEM in the cache, downloaded when it is not there yet (with its label).

    An interrupted download is resumed where it stopped, provided the server's answer shows that the file is the same.
    Nothing the server says is believed: size and digest of the catalogue, the answer's own headers and the file's own
    structure (TIFF directories, the label's size) must agree before the file gets its name. Its digest is recorded in
    NAME.json beside it and compared whenever the file is asked for again; a damaged one is fetched anew with a note.

    Args:
        product: of the catalogue, or made by hand.
        cache_dir: folder that keeps what was fetched.
        progress: counts bytes.
        settings: time limits and retries.

    Raises:
        DownloadError: no answer, a web page instead of the file, wrong size or digest, too slow.
        StoreError: disk full, or another product of the same file name is kept there.
    """
    patience, folder = settings or FetchSettings(), Path(cache_dir)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if product.label_url:
            _fetched(
                Transfer(product.label_url, folder / file_name(product.label_url), 0), ("", ""), progress, patience
            )
        transfer = Transfer(product.url, folder / file_name(product.url), product.bytes)
        return _fetched(transfer, (product.sha256, product.md5), progress, patience)
    except OSError as error:
        raise store_error(folder, error) from error


def _fetched(transfer: Transfer, digests: tuple[str, str], progress: Progress, patience: FetchSettings) -> Path:
    sha256, md5 = digests
    final, partial = transfer.final, transfer.partial
    if _is_kept(transfer, sha256):
        return final
    with _only_one(partial):
        if _is_kept(transfer, sha256):  # whoever held the lock has fetched it
            return final
        download(transfer, progress, patience)
        _check_md5(transfer, md5)
        found = file_sha256(partial)
        if sha256 and found != sha256:
            transfer.forget()
            raise DownloadError(f"{transfer.url}: SHA-256 is {found}, the catalogue says {sha256}", "fetch it again")
        try:
            check_whole(partial, final)
        except InputError as error:
            transfer.forget()
            raise DownloadError(f"{transfer.url}: what came cannot be used: {error.what}", "fetch it again") from error
        sync_file(partial)
        write_json(transfer.record, {"url": transfer.url, "bytes": partial.stat().st_size, "sha256": found})
        os.replace(partial, final)
        transfer.forget()
        sync_folder(final.parent)
    return final


def _check_md5(transfer: Transfer, md5: str) -> None:
    """Raise DownloadError, and forget what came, where its MD5 is not the one that the publisher states."""
    if not md5:
        return
    with open(transfer.partial, "rb") as stream:
        found = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if found != md5:
        transfer.forget()
        raise DownloadError(f"{transfer.url}: MD5 is {found}, the catalogue says {md5}", "fetch it again")


def _is_kept(transfer: Transfer, sha256: str) -> bool:
    """Whether the cache holds the file undamaged. Raises StoreError when it holds another product of that name."""
    final = transfer.final
    if not (final.is_file() and transfer.record.is_file()):
        return False
    record = _recorded(transfer.record)
    if record is not None and record["url"] != transfer.url and sha256 != record["sha256"]:
        raise StoreError(
            f"{final}: is the file of {printable(record['url'], 120)}", "give another folder with --cache, or move it"
        )
    if record is not None and not final.is_symlink():
        same = record["bytes"] == final.stat().st_size and sha256 in ("", record["sha256"])
        if same and transfer.size in (0, record["bytes"]) and file_sha256(final) == record["sha256"]:
            return True
    warnings.warn(LupexWarning(f"{final}: is not what was fetched there; it is fetched anew"), stacklevel=2)
    return False


def _recorded(path: Path) -> dict[str, Any] | None:
    try:
        record = file_json(path)
        kinds = {"url": str, "bytes": int, "sha256": str}
        return record if all(isinstance(record[name], kind) for name, kind in kinds.items()) else None
    except (InputError, KeyError, TypeError):
        return None


@contextmanager
def _only_one(partial: Path) -> Iterator[None]:
    """Keep a second process from writing the same partial file; leaves no lock behind."""
    try:
        import fcntl
    except ImportError:  # no advisory locks on this system
        yield
        return
    place = partial.with_name(f"{partial.name}.lock")
    with open(os.open(place, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666), "r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DownloadError(f"{partial}: another process is fetching it", "wait for it") from error
        try:
            yield
        finally:
            place.unlink(missing_ok=True)
