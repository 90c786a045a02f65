"""The folder of a Yamcs server."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lupex.base.errors import InputError
from lupex.base.gate import file_stem, printable
from lupex.io.atomic import write_bytes
from lupex.io.tables import json_text
from lupex.io.text import markdown_cell
from lupex.io.xtce import xtce_text
from lupex.model.telemetry.dictionary import Dictionary
from lupex.ops.yamcs.server import STREAMS, instance_table, processor_table, server_table
from lupex.ops.yamcs.settings import YamcsSettings
from lupex.ops.yamcs.yaml_text import yaml_text

READ_ME = """# Yamcs for {name}

Written by `lupex ops yamcs init`. Yamcs itself (AGPL-3) is no part of lupex; get it from yamcs.org or as the Python
package `fprime-yamcs-bundle`, with Java 17 or newer, and start it in this folder:

    java -Xmx256m -Djava.util.logging.manager=org.yamcs.logging.YamcsLogManager \\
      -cp "YAMCS_LIB/*" org.yamcs.YamcsServer --etc-dir etc --data-dir data

Its pages are then at http://127.0.0.1:{settings.http_port}/. It connects to TCP port {settings.tm_port} for packets and
{settings.tc_port} for commands, takes TM frames of {settings.frame_octets} octets (spacecraft {settings.scid}) on UDP
port {settings.tm_frame_port}, AOS frames on
{settings.aos_frame_port}, and sends CLTUs to UDP port {settings.tc_frame_port} once the link `frame-tc` is enabled.
`timeline.json` holds the passes; each of its items is posted to /api/timeline/{settings.instance}/items.
"""


def write_yamcs(
    folder: str | Path,
    dictionary: Dictionary,
    settings: YamcsSettings | None = None,
    timeline: Iterable[dict[str, Any]] = (),
) -> list[Path]:
    """Write etc/, mdb/ and timeline.json for a Yamcs server; returns the files written.

    Args:
        folder: new or empty, or what a stopped run of the same left there.
        dictionary: telemetry and commands. settings: ports and frames.
        timeline: items for the server's timeline, see `timeline_items`.

    Raises:
        InputError: the folder holds something already. StoreError: it cannot be written.
    """
    settings = settings or YamcsSettings()
    place = Path(folder)
    if place.exists() and not place.is_dir():
        raise InputError(f"{place}: not a folder", "name a new one")
    mdb = f"mdb/{file_stem(dictionary.name)}.xml"
    texts = {
        "etc/yamcs.yaml": yaml_text(server_table(settings, "data")),
        f"etc/yamcs.{settings.instance}.yaml": yaml_text(instance_table(settings, mdb)),
        "etc/processor.yaml": yaml_text(processor_table()),
        "etc/extra_streams.sql": STREAMS,
        mdb: xtce_text(dictionary, yamcs=True),
        "timeline.json": json_text(list(timeline)),
        "README.md": READ_ME.format(name=markdown_cell(dictionary.name), settings=settings),
    }
    if foreign := _foreign(place, texts):
        raise InputError(f"{place}: not an empty folder: it holds {printable(foreign)}", "name a new one")
    for name, text in texts.items():
        write_bytes(place / name, text.encode())
    (place / "data").mkdir(exist_ok=True)
    return [place / name for name in texts]


def _foreign(place: Path, texts: Mapping[str, str]) -> str:
    """The first file there that is not, byte for byte, one of those to be written; '' for none."""
    for path in sorted(one for one in place.rglob("*") if one.is_symlink() or not one.is_dir()):
        name = path.relative_to(place).as_posix()
        if path.name.startswith(".partial-"):
            continue
        if path.is_symlink() or name not in texts or path.read_bytes() != texts[name].encode():
            return name
    return ""


def timeline_items(rows: Iterable[tuple[str, str, float]], kind: str = "pass") -> list[dict[str, Any]]:
    """Items of a Yamcs timeline.

    Args:
        rows: (name, start UTC, duration s). kind: tag that a band of the timeline selects by.
    """
    return [
        {"type": "EVENT", "name": name, "start": start, "duration": f"{duration_s:.3f}s", "tags": [kind]}
        for name, start, duration_s in rows
    ]
