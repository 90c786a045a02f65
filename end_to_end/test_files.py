"""Files between our end of CFDP and Yamcs' own service: both classes, both ways, over packets and over frames."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from end_to_end.yamcs_server import YamcsServer

from lupex.ops.files.entity import FileEntity, FileSettings
from lupex.ops.files.pdus import DELIVERED, SENT, pdu_packet, pdus_of
from lupex.packets.coding.cltu import cltu_content
from lupex.packets.frames.build import FrameBuilder
from lupex.packets.frames.layout import FrameLayout
from lupex.packets.frames.telecommand import tc_frames
from lupex.packets.streams.cut import PacketStream, StreamRules

CONTENT = bytes(range(255, -1, -1)) * 12 + b"not a multiple of four"
"""Long enough for several PDUs; Yamcs sends ten a second."""


class Rover:
    """Our end, on the socket of packets or on frames."""

    def __init__(self, server: YamcsServer, folder: Path) -> None:
        self.server, self.sent = server, 0
        self.entity = FileEntity(FileSettings(entity=2, peer=1, folder=folder))
        self._stream = PacketStream(rules=StreamRules())
        self._frames = FrameBuilder(
            layout=FrameLayout(kind="tm", length=server.settings.frame_octets), scid=server.settings.scid, vcid=1
        )

    def until(self, done: Callable[[], bool], in_frames: bool = False, lost: int = -1, limit_s: float = 60.0) -> bool:
        """Let units pass both ways until something is so; the unit of number ``lost`` does not arrive."""
        end = time.monotonic() + limit_s
        while not done() and time.monotonic() < end:
            now = time.monotonic()
            for pdu in pdus_of(self._uplink(in_frames)):
                self.entity.receive(pdu, now)
            for pdu in self.entity.take(4000):
                self.sent += 1
                if self.sent - 1 != lost:
                    self._downlink(pdu_packet(pdu, self.sent), in_frames)
            self.entity.tick(now)
        return done()

    def has(self, name: str) -> bool:
        """Whether the transfer of a file has ended here."""
        return any(one.name == name for one in self.entity.verdicts)

    def _uplink(self, in_frames: bool) -> list[bytes]:
        try:
            octets = self.server.clt.recv(4096) if in_frames else self.server.files.recv(65536)
        except TimeoutError:
            return []
        if not in_frames:
            batch = self._stream.feed(octets)
            return [batch.packet(k) for k in range(len(batch))]
        content = cltu_content(octets)
        assert content is not None
        frames = tc_frames(content.octets)[0]
        assert {(frame.vcid, frame.kind) for frame in frames} == {(1, "BD")}
        return [frame.data for frame in frames]

    def _downlink(self, packet: bytes, in_frames: bool) -> None:
        if not in_frames:
            self.server.files.sendall(packet)
            return
        self._frames.add(packet)
        for row in self._frames.frames():
            self.server.send_frame(row.tobytes())


@pytest.fixture(scope="module")
def rover(server: YamcsServer, tmp_path_factory: pytest.TempPathFactory) -> Rover:
    return Rover(server, tmp_path_factory.mktemp("rover"))


@pytest.mark.parametrize("acknowledged", [True, False])
def test_a_file_goes_up_in_either_class(server: YamcsServer, rover: Rover, acknowledged: bool) -> None:
    name = f"up{acknowledged}.bin"
    server.put_object("uplink", name, CONTENT)
    begun = server.upload(name, acknowledged)
    # the server has sent all before all has come: both ends are waited for
    assert rover.until(lambda: rover.has(name) and server.transfer(begun)["state"] == "COMPLETED")
    (found,) = [one for one in rover.entity.verdicts if one.name == name]
    assert (found.verdict, found.path and found.path.read_bytes()) == (DELIVERED, CONTENT)


@pytest.mark.parametrize("acknowledged", [True, False])
def test_a_file_comes_down_in_either_class(
    server: YamcsServer, rover: Rover, tmp_path: Path, acknowledged: bool
) -> None:
    name = f"down{acknowledged}.bin"
    (tmp_path / name).write_bytes(CONTENT)
    key = rover.entity.put(tmp_path / name, time.monotonic(), acknowledged)
    assert rover.until(lambda: server.received(name))
    assert rover.until(lambda: any(one.transaction == key for one in rover.entity.verdicts))
    (found,) = [one for one in rover.entity.verdicts if one.transaction == key]
    assert found.verdict == (DELIVERED if acknowledged else SENT)
    assert server.object("downlink", name) == CONTENT


def test_a_lost_segment_is_asked_for_and_sent_again(server: YamcsServer, rover: Rover, tmp_path: Path) -> None:
    (tmp_path / "gap.bin").write_bytes(CONTENT)
    rover.entity.put(tmp_path / "gap.bin", time.monotonic())
    assert rover.until(lambda: server.received("gap.bin"), lost=rover.sent + 1)
    assert server.object("downlink", "gap.bin") == CONTENT


@pytest.fixture
def in_frames(server: YamcsServer) -> Iterator[None]:
    """Commands in frames while it lasts, then packets over TCP again."""
    for link, on in (("tcp-files", "disable"), ("frame-tc", "enable")):
        server.call(f"/links/lupex/{link}:{on}", {}, "POST")
    server.clt.settimeout(0.05)
    yield
    for link, on in (("frame-tc", "disable"), ("tcp-files", "enable")):
        server.call(f"/links/lupex/{link}:{on}", {}, "POST")
    with suppress(TimeoutError):  # what is still on its way is no command of a later test
        while server.clt.recv(4096):
            pass
    server.clt.settimeout(20.0)


def test_files_have_a_channel_of_their_own_in_frames(
    server: YamcsServer, rover: Rover, tmp_path: Path, in_frames: None
) -> None:
    (tmp_path / "frames.bin").write_bytes(CONTENT)
    rover.entity.put(tmp_path / "frames.bin", time.monotonic())
    assert rover.until(lambda: server.received("frames.bin"), in_frames=True)
    assert server.object("downlink", "frames.bin") == CONTENT
    server.put_object("uplink", "frames_up.bin", CONTENT[:1500])
    begun = server.upload("frames_up.bin", True)
    both = lambda: rover.has("frames_up.bin") and server.transfer(begun)["state"] == "COMPLETED"  # noqa: E731
    assert rover.until(both, in_frames=True)
    assert [one.verdict for one in rover.entity.verdicts if one.name == "frames_up.bin"] == [DELIVERED]
