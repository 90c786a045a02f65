"""Addresses and answers that are none; the server itself takes the timeline in end_to_end."""

import json
from pathlib import Path

import pytest

from lupex.base.errors import DownloadError, InputError
from lupex.ops.yamcs.push import push_timeline


def test_no_server_no_address_and_no_timeline_are_told(tmp_path: Path) -> None:
    place = tmp_path / "timeline.json"
    place.write_text(json.dumps({"url": "http://127.0.0.1:9", "instance": "lupex", "items": []}))
    with pytest.raises(DownloadError, match="start the server, or name it with --url"):
        push_timeline(tmp_path)
    for url in ("file:///etc", "127.0.0.1:8090", "http://"):
        with pytest.raises(InputError, match="no address of a server"):
            push_timeline(tmp_path, url)
    place.write_text("[]")
    with pytest.raises(InputError, match="is no timeline"):
        push_timeline(tmp_path)
