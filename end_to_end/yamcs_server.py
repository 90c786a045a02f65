"""A real Yamcs server in a folder of its own, and its HTTP interface in a few lines."""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lupex.catalogue.telemetry import dictionary
from lupex.ops.yamcs import YamcsSettings, write_yamcs

START_LIMIT_S = 120.0


def free_ports(count: int) -> list[int]:
    """Ports nobody uses now, for TCP and UDP alike."""
    held = [socket.socket() for _ in range(count)]
    for one in held:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def waited(answer: Callable[[], Any], limit_s: float = 20.0) -> Any:
    """The first answer that is true, asked for until the limit; else the last one."""
    end = time.monotonic() + limit_s
    while not (found := answer()) and time.monotonic() < end:
        time.sleep(0.1)
    return found


class YamcsServer:
    """A server that runs until `stop`; packets and commands over TCP, frames over UDP.

    YAMCS_LIB names the folder of its jars; JAVA the java to use, by default the one on the path.
    """

    def __init__(self, folder: Path) -> None:
        http, tm, tc, tm_frame, tc_frame, aos_frame, files = free_ports(7)
        self.settings = YamcsSettings(
            http_port=http, tm_port=tm, tc_port=tc, tm_frame_port=tm_frame, tc_frame_port=tc_frame,
            aos_frame_port=aos_frame, file_port=files, frame_octets=256,
        )  # fmt: skip
        self.folder = folder
        write_yamcs(folder, dictionary("lupex"), self.settings)
        # the server gives up on a refused connection for ten seconds: the listeners stand first
        listeners = [socket.create_server(("127.0.0.1", port)) for port in (tm, tc, files)]
        for one in listeners:
            one.settimeout(START_LIMIT_S)
        self.clt = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.clt.bind(("127.0.0.1", tc_frame))
        self.clt.settimeout(20.0)
        java = os.environ.get("JAVA") or shutil.which("java")
        assert java, "no java: set JAVA"
        self.log = open(folder / "server.log", "w")
        self.process = subprocess.Popen(
            [java, "-Xmx256m", "-Djava.util.logging.manager=org.yamcs.logging.YamcsLogManager",
             "-cp", os.environ["YAMCS_LIB"] + "/*", "org.yamcs.YamcsServer",
             "--etc-dir", "etc", "--data-dir", "data", "--log", "1", "--no-color"],
            cwd=folder, stdout=self.log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        state = waited(self._running, START_LIMIT_S)
        assert state, (folder / "server.log").read_text()[-3000:]
        self.tm, self.tc, self.files = (one.accept()[0] for one in listeners)
        self.tc.settimeout(20.0)
        self.files.settimeout(0.05)

    def call(self, path: str, body: Any = None, method: str | None = None) -> Any:
        """The answer of the HTTP interface. Raises HTTPError."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.settings.http_port}/api{path}", data, {"Content-Type": "application/json"},
            method=method,
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or b"{}")

    def value(self, name: str) -> dict[str, Any]:
        """The current value of a parameter, {} where there is none."""
        return self.call(f"/processors/lupex/realtime/parameters/lupex/{name}")

    def command(self, name: str, **arguments: Any) -> dict[str, Any]:
        """Issue a command; what the server prepared."""
        return self.call(f"/processors/lupex/realtime/commands/lupex/{name}", {"args": arguments})

    def stages(self, identity: str) -> dict[str, str]:
        """Stage -> status in the history of a command."""
        attributes = self.call(f"/archive/lupex/commands/{identity}").get("attr", [])
        return {one["name"]: one["value"].get("stringValue", "") for one in attributes if "_Status" in one["name"]}

    def page(self, path: str) -> str:
        """A page of the server as text."""
        return self._octets(path).decode()

    def put_object(self, bucket: str, name: str, octets: bytes) -> None:
        """Keep a file in a bucket."""
        self._octets(f"/api/storage/buckets/{bucket}/objects/{name}", octets)

    def object(self, bucket: str, name: str) -> bytes:
        """A file of a bucket."""
        return self._octets(f"/api/storage/buckets/{bucket}/objects/{name}")

    def upload(self, name: str, acknowledged: bool) -> str:
        """Begin to send a file of the bucket `uplink` to the rover; which transfer it is."""
        asked = {
            "direction": "UPLOAD", "bucket": "uplink", "objectName": name, "remotePath": name, "source": "ground",
            "destination": "rover", "options": {"reliable": acknowledged},
        }  # fmt: skip
        return str(self.call("/filetransfer/lupex/cfdp/transfers", asked)["id"])

    def transfer(self, identity: str) -> dict[str, Any]:
        """What became of a transfer."""
        return self.call(f"/filetransfer/lupex/cfdp/transfers/{identity}")

    def received(self, name: str) -> bool:
        """Whether a file has come down whole."""
        found = self.call("/filetransfer/lupex/cfdp/transfers").get("transfers", [])
        return any(one.get("objectName") == name and one["state"] == "COMPLETED" for one in found)

    def _octets(self, path: str, octets: bytes | None = None) -> bytes:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.settings.http_port}{path}", octets, {"Content-Type": "application/octet-stream"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return bytes(answer.read())

    def send_frame(self, octets: bytes, aos: bool = False) -> None:
        """One TM or AOS frame by UDP."""
        port = self.settings.aos_frame_port if aos else self.settings.tm_frame_port
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            out.sendto(octets, ("127.0.0.1", port))

    def stop(self) -> None:
        """End the server and wait for it."""
        for one in (self.tm, self.tc, self.files, self.clt):
            one.close()
        self.process.terminate()
        self.process.wait(30)
        self.log.close()

    def _running(self) -> bool:
        assert self.process.poll() is None, "the server ended by itself"
        try:
            return self.call("/instances/lupex")["state"] == "RUNNING"
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False
