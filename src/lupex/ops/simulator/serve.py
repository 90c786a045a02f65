"""The simulated rover on sockets: packets to whoever connects, commands from whoever connects, in time with a clock.

A client that does not read is dropped: what waits for it is bounded, and so is how long it may make no progress.
"""

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from lupex.base.errors import InputError
from lupex.ops.files.pdus import is_pdu_packet
from lupex.ops.simulator.plan import SimulationPlan, command_units
from lupex.ops.simulator.spacecraft import Spacecraft
from lupex.packets.coding.cltu import cltu
from lupex.packets.frames.chain import ChainSettings, FrameChain
from lupex.packets.frames.layout import FrameLayout
from lupex.packets.frames.telecommand import TcFrame
from lupex.packets.streams.cut import PacketStream, StreamRules

MOST_CLIENTS = 8
MOST_WAITING = 2**20
"""Octets that may wait for one client."""
DEADLINE_S = 10.0
"""A client that takes nothing of what waits for so long is dropped."""
LONGEST_COMMAND = 1000
_READ = 2**16


@dataclass
class _Client:
    link: socket.socket
    stream: PacketStream
    waiting: bytearray = field(default_factory=bytearray)
    moved: float = 0.0


@dataclass
class Server:
    """A TCP server that never waits.

    Attributes:
        place: host and port; port 0 takes a free one. checked: whether packets that come in must end in a checksum.
        dropped: clients that did not read. refused: beyond the number that is served.
    """

    place: tuple[str, int]
    checked: bool = True
    dropped: int = 0
    refused: int = 0
    _clients: list[_Client] = field(default_factory=list)

    def __post_init__(self) -> None:
        try:
            self._listener = socket.create_server(self.place)
        except OSError as error:
            raise InputError(f"{self.place[0]}:{self.place[1]}: {error.strerror}", "name a free port") from None
        self._listener.setblocking(False)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    @property
    def clients(self) -> int:
        """How many are connected."""
        return len(self._clients)

    def send(self, octets: bytes) -> None:
        """Give octets to every client, as far as each takes them now."""
        self._accept()
        now = time.monotonic()
        for one in list(self._clients):
            if not one.waiting:
                one.moved = now
            one.waiting += octets
            self._push(one, now)
            if len(one.waiting) > MOST_WAITING or (one.waiting and now - one.moved > DEADLINE_S):
                self.dropped += 1
                self._drop(one)

    def received(self) -> list[bytes]:
        """Packets (with right checksums) that clients have sent; everything else is passed over."""
        self._accept()
        found = []
        for one in list(self._clients):
            try:
                octets = one.link.recv(_READ)
            except BlockingIOError:
                continue
            except OSError:
                octets = b""
            if not octets:
                self._drop(one)
                continue
            batch = one.stream.feed(octets)
            found += [batch.packet(k) for k in range(len(batch)) if batch.good[k] or not self.checked]
        return found

    def close(self) -> None:
        """Close every connection."""
        for one in list(self._clients):
            self._drop(one)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                link, _ = self._listener.accept()
            except BlockingIOError:
                return
            except OSError:  # a client that went before it was taken in
                continue
            link.setblocking(False)
            if len(self._clients) >= MOST_CLIENTS:
                self.refused += 1
                link.close()
                continue
            rules = StreamRules(longest=LONGEST_COMMAND, error_control=self.checked)
            self._clients.append(_Client(link, PacketStream(rules=rules), moved=time.monotonic()))

    def _push(self, one: _Client, now: float) -> None:
        while one.waiting:
            try:
                sent = one.link.send(one.waiting)
            except BlockingIOError:
                return
            except OSError:
                self._drop(one)
                return
            del one.waiting[:sent]
            one.moved = now

    def _drop(self, one: _Client) -> None:
        if one in self._clients:
            self._clients.remove(one)
        one.link.close()


def serve(
    plan: SimulationPlan, craft: Spacecraft, tm: Server, tc: Server | None, speed: float = 1.0,
    wait: Callable[[float], None] = time.sleep, files: Server | None = None,
) -> int:  # fmt: skip
    """Let a plan pass on sockets, ``speed`` times as fast as the clock; how many commands came in.

    Args:
        plan: to follow. craft: from `spacecraft_for`. tm: who connects gets packets, as a decoder of frames gives
            them. tc: who connects may send command packets, None for none. speed: 0 for as fast as possible.
        wait: sleeps so many seconds. files: who connects gets packets of files and may send some, None for none.
    """
    layout = FrameLayout(kind="tm", length=craft.radio.frame_octets)
    code = "" if craft.radio.code is None else "223x5"
    chain = FrameChain(settings=ChainSettings(layout, markers=True, randomised=True, code=code), scid=craft.radio.scid)
    units = command_units(plan, craft)
    step_s = 10.0 if speed == 0.0 else min(10.0, max(1.0, speed))
    began, first, commands = time.monotonic(), craft.tai_s, 0
    while craft.tai_s < plan.start_tai_s + plan.duration_s:
        while units and units[0][0] <= craft.tai_s:
            craft.uplink(units.pop(0)[1], craft.tai_s)
        told = tc.received() if tc is not None else []
        commands += len(told)
        for packet in (*told, *(files.received() if files is not None else ())):
            frame = TcFrame(scid=craft.radio.scid, vcid=0, data=packet, bypass=True)
            craft.uplink(cltu(frame.octets()), craft.tai_s)
        craft.step(step_s)
        batch = chain.feed(craft.downlink(craft.tai_s))
        packets = [batch.packet(k) for k in range(len(batch))]
        tm.send(b"".join(one for one in packets if not is_pdu_packet(one)))
        if files is not None:
            files.send(b"".join(one for one in packets if is_pdu_packet(one)))
        if speed > 0.0:
            ahead = (craft.tai_s - first) / speed - (time.monotonic() - began)
            if ahead > 0.0:
                wait(ahead)
    return commands


def host_and_port(text: str) -> tuple[str, int]:
    """Host and port of 'HOST:PORT' or 'PORT'; this machine alone where no host is named.

    Raises InputError for anything else.
    """
    host, colon, port = text.strip().rpartition(":")
    if not port.isascii() or not port.isdigit() or int(port) > 65535 or (colon and not host):
        raise InputError(f"'{text[:60]}' is no place to listen", "write PORT or HOST:PORT, as 127.0.0.1:10015")
    return host.strip("[]") or "127.0.0.1", int(port)
