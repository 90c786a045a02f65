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
from lupex.ops.yamcs.displays import display_files
from lupex.ops.yamcs.server import DOWNLINK, STREAMS, UPLINK, instance_table, processor_table, server_table
from lupex.ops.yamcs.settings import YamcsSettings
from lupex.ops.yamcs.yaml_text import yaml_text

READ_ME = """# Yamcs for {name}

Written by `lupex ops yamcs init`. Yamcs itself (AGPL-3) is no part of lupex; get it from yamcs.org or as the Python
package `fprime-yamcs-bundle`, with Java 17 or newer, and start it in this folder:

    java -Xmx256m -Djava.util.logging.manager=org.yamcs.logging.YamcsLogManager \\
      -cp "YAMCS_LIB/*" org.yamcs.YamcsServer --etc-dir etc --data-dir data

Its pages are then at http://127.0.0.1:{settings.http_port}/. On this machine:

| what | where |
|---|---|
| packets | it connects to TCP port {settings.tm_port} |
| commands | it connects to TCP port {settings.tc_port} |
| packets of files (CFDP), both ways | it connects to TCP port {settings.file_port} |
| TM frames of {settings.frame_octets} octets, spacecraft {settings.scid} | UDP port {settings.tm_frame_port} |
| AOS frames | UDP port {settings.aos_frame_port} |
| CLTUs, once the link `frame-tc` is enabled (and those over TCP are not) | sent to UDP port {settings.tc_frame_port} |

Files: what lies in `uplink` is sent by the service `cfdp` (File transfer), from entity {settings.ground_entity} to
entity {settings.rover_entity}; what comes lies in `downlink`. In frames they have a virtual channel of their own, 1.

Displays: one table for each packet, and `overview` with everything that has limits. Others you make are kept in the
same folder.

Timeline: `lupex ops yamcs timeline .` puts passes, drives and commands of `timeline.json` on it, with a view `Plan`.
"""


def write_yamcs(
    folder: str | Path,
    dictionary: Dictionary,
    settings: YamcsSettings | None = None,
    timeline: Iterable[dict[str, Any]] = (),
) -> list[Path]:
    """Write etc/, mdb/, displays/ and timeline.json for a Yamcs server; returns the files written.

    Args:
        folder: new or empty, or what a stopped run of the same left there.
        dictionary: telemetry and commands. settings: ports and frames.
        timeline: items for the server's timeline, see `lupex.ops.yamcs.timeline`.

    Raises:
        InputError: the folder holds something already. StoreError: it cannot be written.
    """
    settings = settings or YamcsSettings()
    place = Path(folder)
    if place.exists() and not place.is_dir():
        raise InputError(f"{place}: not a folder", "name a new one")
    url = f"http://127.0.0.1:{settings.http_port}"
    mdb = f"mdb/{file_stem(dictionary.name)}.xml"
    texts = {
        "etc/yamcs.yaml": yaml_text(server_table(settings, "data")),
        f"etc/yamcs.{settings.instance}.yaml": yaml_text(instance_table(settings, mdb)),
        "etc/processor.yaml": yaml_text(processor_table()),
        "etc/extra_streams.sql": STREAMS,
        mdb: xtce_text(dictionary, yamcs=True),
        "timeline.json": json_text({"url": url, "instance": settings.instance, "items": list(timeline)}),
        **display_files(dictionary),
        "README.md": READ_ME.format(name=markdown_cell(dictionary.name), settings=settings),
    }
    if foreign := _foreign(place, texts):
        raise InputError(f"{place}: not an empty folder: it holds {printable(foreign)}", "name a new one")
    for name, text in texts.items():
        write_bytes(place / name, text.encode())
    for name in ("data", UPLINK, DOWNLINK):
        (place / name).mkdir(exist_ok=True)
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
