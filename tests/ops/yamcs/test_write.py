"""The folder of a Yamcs server: its files, and what is refused (the server itself: end_to_end)."""

import json
from pathlib import Path

import pytest

from lupex.base.errors import InputError
from lupex.catalogue.telemetry import dictionary
from lupex.io.xtce import read_xtce
from lupex.ops.yamcs import YamcsSettings, write_yamcs
from lupex.ops.yamcs.timeline import timeline_items
from lupex.ops.yamcs.yaml_text import yaml_text


def test_a_ready_folder_is_written_once(tmp_path: Path) -> None:
    items = timeline_items([("rover at misasa", "2028-05-14T00:00:00Z", 3600.0)])
    files = write_yamcs(tmp_path / "y", dictionary("lupex"), timeline=items)
    names = {one.relative_to(tmp_path / "y").as_posix() for one in files}
    assert {one for one in names if not one.startswith("displays/")} == {
        "etc/yamcs.yaml", "etc/yamcs.lupex.yaml", "etc/processor.yaml", "etc/extra_streams.sql", "mdb/lupex.xml",
        "timeline.json", "README.md",
    }  # fmt: skip
    held = json.loads((tmp_path / "y/timeline.json").read_text())
    assert (held["url"], held["items"][0]["duration"]) == ("http://127.0.0.1:8090", "3600.000s")
    assert {one.name for one in (tmp_path / "y").iterdir()} >= {"uplink", "downlink", "data", "displays"}
    assert len(read_xtce(tmp_path / "y/mdb/lupex.xml").commands) == len(dictionary("lupex").commands)
    with pytest.raises(InputError, match="not an empty folder"):
        write_yamcs(tmp_path / "y", dictionary("lupex"))
    (tmp_path / "y/README.md").unlink()  # as a stopped run leaves it: the same again goes on, another does not
    with pytest.raises(InputError, match=r"not an empty folder: it holds timeline\.json"):
        write_yamcs(tmp_path / "y", dictionary("lupex"))
    with pytest.raises(InputError, match="seven different ports"):
        YamcsSettings(tm_port=10018)
    with pytest.raises(InputError, match="entities"):
        YamcsSettings(rover_entity=1)


def test_yaml_nests_tables_and_lists() -> None:
    text = yaml_text({"a": [{"b": 1, "c": ["x"]}, "y"], "d": {}, "e": True})
    assert text == 'a:\n  - b: 1\n    c:\n      - "x"\n  - "y"\nd: {}\ne: true\n'
