"""The timeline of a folder into its running Yamcs server, through the server's HTTP interface."""

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lupex.base.errors import DownloadError, InputError
from lupex.base.gate import file_json, printable
from lupex.ops.yamcs.timeline import BANDS

VIEW = "Plan"
_TIMEOUT_S = 20.0


def push_timeline(folder: str | Path, url: str = "") -> dict[str, int]:
    """Put the items, bands and view of a folder's timeline.json on the server; how many of each are new there.

    What is there already is left alone, so that the same may be done twice.

    Args:
        folder: from `write_yamcs`. url: of the server, '' for the one the folder names.

    Raises:
        InputError: no timeline there, or an address that is none. DownloadError: the server does not answer, or
        refuses.
    """
    place = Path(folder) / "timeline.json"
    table = file_json(place, "a timeline")
    if not isinstance(table, dict) or not isinstance(table.get("items"), list) or "instance" not in table:
        raise InputError(f"{place}: is no timeline", "write the folder with 'lupex ops yamcs init'")
    server = _Server(url or str(table.get("url", "")), str(table["instance"]))
    held = {one["id"] for one in server.call("items").get("items", ())}
    new = [one for one in table["items"] if one.get("id") not in held]
    for one in new:
        server.call("items", one)
    bands = {one["name"]: one["id"] for one in server.call("bands").get("bands", ())}
    missing = [tag for tag in BANDS if BANDS[tag] not in bands]
    for tag in missing:
        band = {"name": BANDS[tag], "type": "ITEM_BAND", "shared": True, "source": "rdb", "tags": [tag]}
        bands[BANDS[tag]] = server.call("bands", band)["id"]
    views = [one["name"] for one in server.call("views").get("views", ())]
    if VIEW not in views:
        server.call("views", {"name": VIEW, "bands": [bands[name] for name in BANDS.values()]})
    return {"items": len(new), "bands": len(missing), "views": int(VIEW not in views)}


class _Server:
    """The timeline of one instance."""

    def __init__(self, url: str, instance: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or not instance.isidentifier():
            raise InputError(f"'{printable(url, 80)}' is no address of a server", "write it like http://127.0.0.1:8090")
        self.url = f"{url.rstrip('/')}/api/timeline/{instance}"

    def call(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/{path}", data, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            said = printable(error.read(400).decode(errors="replace"), 200)
            error.close()
            raise DownloadError(f"{self.url}/{path}: answers {error.code} {said}", "see the server's log") from None
        except (OSError, ValueError) as error:
            reason = printable(str(getattr(error, "reason", error)), 120)
            raise DownloadError(f"{self.url}: {reason}", "start the server, or name it with --url") from None
