"""The rover on sockets: what connects is served, what does not read is dropped, memory stays bounded."""

import select
import socket
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from tests.ops.scenes import LUPEX, START_S, around, catalogue_rover
from tests.ops.simulator.test_state import plan

from lupex.base.errors import InputError
from lupex.ops.files.pdus import pdu_packet, pdus_of
from lupex.ops.loop.playback import file_ends
from lupex.ops.simulator import serve as module
from lupex.ops.simulator.plan import PlannedCommand, spacecraft_for
from lupex.ops.simulator.recorder import Recorder
from lupex.ops.simulator.serve import MOST_WAITING, Server, host_and_port, serve
from lupex.packets.definitions.decode import decode
from lupex.packets.definitions.encode import encode_command
from lupex.packets.pus.telemetry import TelemetryWriter
from lupex.packets.streams.cut import StreamRules, packets_in


def connected(server: Server) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", server.port))
    client.settimeout(10.0)
    while server.clients == 0:
        server.send(b"")
    return client


def test_packets_go_out_and_commands_come_in() -> None:
    quiet = replace(plan(600.0), commands=(), faults=())
    craft = spacecraft_for(quiet, LUPEX, catalogue_rover(), around())
    with closing(Server(("127.0.0.1", 0))) as tm, closing(Server(("127.0.0.1", 0))) as tc:
        client, sender = connected(tm), socket.create_connection(("127.0.0.1", tc.port))
        wrong = bytearray(encode_command(LUPEX, "ping", {}, 7))
        wrong[8] ^= 1
        sender.sendall(b"noise" + bytes(wrong) + encode_command(LUPEX, "ping", {}, 8))
        while not tc.clients:
            tc._accept()
        assert serve(quiet, craft, tm, tc, speed=0.0) == 1
        tm.close()
        octets = b""
        while piece := client.recv(2**16):
            octets += piece
        sender.close()
        client.close()
    found = decode(LUPEX, packets_in(octets, StreamRules(error_control=True))[0]).tables
    assert len(found["rover_hk"]) == 8  # one a minute, until the contact ends
    assert found["pong"].index.size == 1
    assert found["acceptance_ok"].values("request_count").tolist() == [8]


def test_a_client_that_never_reads_is_dropped_and_holds_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(Server(("127.0.0.1", 0))) as tm:
        lazy, good = connected(tm), socket.create_connection(("127.0.0.1", tm.port))
        good.settimeout(10.0)
        while tm.clients < 2:
            tm.send(b"")
        block = bytes(2**16)
        for _ in range(400):  # 25 MiB
            tm.send(block)
            while select.select([good], [], [], 0)[0]:
                good.recv(2**20)
            assert all(len(one.waiting) <= MOST_WAITING + len(block) for one in tm._clients)
            if tm.dropped:
                break
        assert (tm.dropped, tm.clients) == (1, 1)
        lazy.close()
        good.close()
    with closing(Server(("127.0.0.1", 0))) as tm:
        lazy = connected(tm)
        monkeypatch.setattr(module, "DEADLINE_S", 0.0)
        for _ in range(100):
            tm.send(block)
        assert tm.dropped == 1  # by its deadline
        lazy.close()


def test_clients_beyond_the_number_served_are_refused() -> None:
    with closing(Server(("127.0.0.1", 0))) as tm:
        held = [socket.create_connection(("127.0.0.1", tm.port)) for _ in range(12)]
        for _ in range(100):
            tm.send(b"x")
            if tm.refused:
                break
        assert tm.clients <= 8
        for one in held:
            one.close()


def test_places_to_listen_are_this_machine_alone_unless_named() -> None:
    assert host_and_port("10015") == ("127.0.0.1", 10015)
    assert host_and_port("0.0.0.0:10015") == ("0.0.0.0", 10015)
    for wrong in ("", "x", ":5", "host:", "1:2:x", "70000", "host:-1", "٣"):
        with pytest.raises(InputError, match="no place to listen"):
            host_and_port(wrong)
    with closing(Server(("127.0.0.1", 0))) as held, pytest.raises(InputError, match="free port"):
        Server(("127.0.0.1", held.port))


def test_files_have_a_socket_of_their_own_both_ways(tmp_path: Path) -> None:
    drive = PlannedCommand(send_tai_s=START_S + 10.0, name="drive", given={"distance_m": 5.0, "heading_deg": 180.0})
    told = replace(plan(900.0), commands=(drive,), faults=(), contacts_tai_s=())
    craft = spacecraft_for(told, LUPEX, catalogue_rover(), around())
    ground, craft.files = file_ends(tmp_path)
    craft.onboard.recorder, craft.acknowledged = Recorder(writer=TelemetryWriter(LUPEX)), False
    (tmp_path / "table.txt").write_text("x" * 3000)
    ground.put(tmp_path / "table.txt", 0.0, acknowledged=False)
    with closing(Server(("127.0.0.1", 0))) as tm, closing(Server(("127.0.0.1", 0), checked=False)) as files:
        packets, client = connected(tm), connected(files)
        sent = [pdu_packet(pdu, k, telecommand=True) for k, pdu in enumerate(ground.take(10_000))]
        client.sendall(b"".join(sent[:2]) + b"".join(one[:4] + (len(one) - 9).to_bytes(2, "big") + one[6:-2]
                                                     for one in sent[2:]))  # fmt: skip
        serve(told, craft, tm, None, speed=0.0, files=files)
        tm.close()
        files.close()
        came = [b"".join(iter(lambda held=held: held.recv(2**16), b"")) for held in (packets, client)]
        packets.close()
        client.close()
    assert 2045 not in packets_in(came[0], StreamRules(error_control=True))[0].headers["apid"]
    batch = packets_in(came[1], StreamRules(error_control=True))[0]
    for pdu in pdus_of(batch.packet(k) for k in range(len(batch))):
        ground.receive(pdu, 0.0)
    (track,) = craft.tracks.values()
    assert [one.path.read_bytes() for one in ground.verdicts if one.path] == [track.octets]
    assert [one.path.read_text() for one in craft.files.verdicts if one.path] == ["x" * 3000]
