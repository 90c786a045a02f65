"""Telemetry and commands through a real Yamcs 5.12.8: its values are ours, its commands reach us and are verified.

Run by `make yamcs`, not by `make test`: the server is AGPL software in an environment of its own.
"""

import math
import time
import urllib.error
from typing import Any

import numpy as np
import pytest
from end_to_end.yamcs_server import YamcsServer, waited

from lupex.catalogue.telemetry import dictionary
from lupex.packets.coding.cltu import cltu_content
from lupex.packets.definitions.decode import decode
from lupex.packets.definitions.encode import encode_command
from lupex.packets.frames.build import FrameBuilder
from lupex.packets.frames.farm import Farm
from lupex.packets.frames.layout import FrameLayout
from lupex.packets.frames.telecommand import tc_frames
from lupex.packets.pus.telemetry import TelemetryWriter
from lupex.packets.streams.batch import batch_of
from lupex.packets.times.cuc import utc_to_tai

LUPEX = dictionary("lupex")
START_S = float(utc_to_tai("2028-06-01T00:00:00Z")[0])
OWN_PACKETS = (
    "rover_hk", "rover_nav", "lander_hk", "neutron_counts", "drill_hk", "memory_dump", "memory_check",
    "monitor_definition", "monitor_transition", "action_status", "parameter_value",
)  # fmt: skip


def random_values(name: str, rng: np.random.Generator) -> dict[str, Any]:
    """A value for each parameter of a packet that its bits can carry."""
    made: dict[str, Any] = {}
    for entry in LUPEX.containers[name].entries:
        type_ = LUPEX.parameters[entry.parameter].type
        low, high = type_.encoding.range
        if type_.labels:
            made[entry.parameter] = type_.labels[int(rng.integers(len(type_.labels)))][2]
        elif type_.encoding.kind == "float":
            made[entry.parameter] = float(rng.normal() * 1e4)
        else:
            raw = int(rng.integers(int(low), int(high), endpoint=True, dtype=np.int64 if low < 0 else np.uint64))
            from lupex.packets.definitions.convert import engineering

            made[entry.parameter] = engineering(type_, np.array([raw]))[0].item()
    return made


def same(ours: Any, theirs: dict[str, Any]) -> bool:
    """Whether a value of ours is Yamcs' to the last bit; single floats travel as their shortest text."""
    kind = theirs["type"]
    if kind in ("STRING", "ENUMERATED"):
        return str(ours) == theirs["stringValue"]
    if kind == "BOOLEAN":
        return bool(ours) == theirs["booleanValue"]
    if kind == "FLOAT":
        return bool(np.float32(ours) == np.float32(theirs["floatValue"]))
    (number,) = [value for key, value in theirs.items() if key != "type"]
    return float(ours) == float(number)


@pytest.mark.parametrize("turn", range(4))
@pytest.mark.parametrize("name", OWN_PACKETS)
def test_every_value_is_the_same_to_the_last_bit(
    server: YamcsServer, writer: TelemetryWriter, name: str, turn: int
) -> None:
    rng = np.random.default_rng([turn, *name.encode()])
    tai_s = START_S + 10.0 * (OWN_PACKETS.index(name) + 20 * turn)
    packet = writer.packet(name, random_values(name, rng), tai_s)
    (table,) = decode(LUPEX, batch_of([packet])).tables.values()
    server.tm.sendall(packet)
    last = list(table.parameters)[-1]
    assert waited(
        lambda: same(table.values(last)[0], server.value(last)["engValue"]) if arrived(server, last, tai_s) else 0
    )
    for parameter in [entry.parameter for entry in LUPEX.containers[name].entries]:
        value = server.value(parameter)
        assert same(table.values(parameter)[0], value["engValue"]), (parameter, table.values(parameter)[0], value)


def arrived(server: YamcsServer, name: str, tai_s: float) -> bool:
    """Whether the current value is of this time; the link stamps floor(1000 f / 65536) + 1 ms (5.12.8)."""
    value = server.value(name)
    if "generationTime" not in value:
        return False
    fraction = int((tai_s % 1.0) * 65536)
    stamp = f".{math.floor(1000 * fraction / 65536) + 1:03d}Z"
    seconds = int(tai_s - START_S)
    return value["generationTime"] == f"2028-06-01T00:{seconds // 60:02d}:{seconds % 60:02d}{stamp}"


def test_the_time_inside_the_packet_is_exact_where_the_link_is_a_millisecond_late(
    server: YamcsServer, writer: TelemetryWriter
) -> None:
    server.tm.sendall(writer.packet("lander_hk", {"lander_mode": "RELAY"}, START_S + 3000.5))
    found = waited(
        lambda: server.value("pus_time").get("engValue", {}).get("stringValue") == "2028-06-01T00:50:00.500Z"
    )
    assert found


@pytest.mark.parametrize(("volts", "verdict"), [(29.5, "IN_LIMITS"), (33.5, "WARNING"), (23.2, "CRITICAL")])
def test_limits_have_the_same_verdict(server: YamcsServer, writer: TelemetryWriter, volts: float, verdict: str) -> None:
    from lupex.ops.monitor.limits import verdict_of

    type_ = LUPEX.parameters["lander_battery_v"].type
    assert verdict_of(type_.limits, volts) == verdict
    at = START_S + 4000.0 + volts
    server.tm.sendall(writer.packet("lander_hk", {"lander_battery_v": volts, "lander_mode": "RELAY"}, at))
    assert waited(lambda: server.value("lander_battery_v").get("monitoringResult") == verdict)


def test_a_command_of_yamcs_is_ours_to_the_last_bit_and_is_verified(
    server: YamcsServer, writer: TelemetryWriter
) -> None:
    issued = server.command("drive", distance_m=1.5, heading_deg=90)
    received = server.tc.recv(4096)
    count = int.from_bytes(received[2:4], "big") & 0x3FFF
    assert received == encode_command(LUPEX, "drive", {"distance_m": 1.5, "heading_deg": 90}, count)
    for subservice in (1, 3, 7):
        server.tm.sendall(writer.report(100, 1, subservice, received[:4], START_S + 5000.0 + subservice))
    wanted = {"Verifier_Accepted_Status": "OK", "Verifier_Started_Status": "OK", "Verifier_Completed_Status": "OK"}
    waited(lambda: wanted.items() <= server.stages(issued["id"]).items())
    assert wanted.items() <= server.stages(issued["id"]).items()


def test_a_start_that_failed_is_told_with_its_code(server: YamcsServer, writer: TelemetryWriter) -> None:
    issued = server.command("stop_drive")
    received = server.tc.recv(4096)
    server.tm.sendall(writer.report(100, 1, 1, received[:4], START_S + 5100.0))
    server.tm.sendall(writer.report(100, 1, 4, received[:4] + b"\0\x11", START_S + 5101.0))
    assert waited(lambda: server.stages(issued["id"]).get("Verifier_Started_Status") == "NOK")


def test_an_argument_out_of_range_is_refused_by_both(server: YamcsServer) -> None:
    from lupex.base.errors import InputError

    with pytest.raises(urllib.error.HTTPError) as refused:
        server.command("drive", distance_m=99.0, heading_deg=90.0)
    assert refused.value.code == 400
    with pytest.raises(InputError, match="outside -10 .. 10"):
        encode_command(LUPEX, "drive", {"distance_m": 99.0, "heading_deg": 90.0})


def test_aos_frames_carry_telemetry(server: YamcsServer, writer: TelemetryWriter) -> None:
    layout = FrameLayout(kind="aos", length=server.settings.frame_octets, fecf=True, ocf=True)
    builder = FrameBuilder(layout=layout, scid=server.settings.scid % 256)
    for k in range(5):  # the last ones go on from frame to frame
        builder.add(writer.packet("lander_hk", {"lander_uptime_s": 77_000 + k}, START_S + 5500.0 + k))
    for row in builder.frames():
        server.send_frame(row.tobytes(), aos=True)
    assert waited(lambda: server.value("lander_uptime_s").get("engValue", {}).get("uint64Value") == "77004")


def test_frames_carry_telemetry_and_cop1_carries_commands(server: YamcsServer, writer: TelemetryWriter) -> None:
    settings = server.settings
    builder = FrameBuilder(layout=FrameLayout(kind="tm", length=settings.frame_octets), scid=settings.scid)
    farm = Farm()

    def downlink(*packets: bytes) -> None:
        for packet in packets:
            builder.add(packet)
        made = builder.frames(control_word=farm.clcw.word) if packets else builder.idle_frame(farm.clcw.word)
        for row in made:
            server.send_frame(row.tobytes())

    odd = {"lander_uptime_s": 4_000_000_001, "lander_mode": "SLEEP"}
    downlink(writer.packet("lander_hk", odd, START_S + 6000.0))
    assert waited(lambda: server.value("lander_uptime_s").get("engValue", {}).get("uint64Value") == "4000000001")
    server.call("/links/lupex/tcp-tc:disable", {}, "POST")
    server.call("/links/lupex/frame-tc:enable", {}, "POST")
    server.call("/cop1/lupex/frame-tc.vc0:initialize", {"type": "WITH_CLCW_CHECK"}, "POST")
    time.sleep(0.3)
    downlink()
    assert waited(lambda: server.call("/cop1/lupex/frame-tc.vc0/status").get("state") == "ACTIVE")
    issued = server.command("ping")
    unit = server.clt.recv(4096)
    content = cltu_content(unit)
    assert content is not None
    assert (content.mended_bits, content.dropped_blocks) == (0, 0)
    (frame,), left = tc_frames(content.octets)
    assert (frame.scid, frame.kind, frame.number, left) == (settings.scid, "AD", 0, 0)
    packet = farm.receive(frame)
    assert packet == encode_command(LUPEX, "ping", {}, int.from_bytes(packet[2:4], "big") & 0x3FFF)
    reports = [writer.report(100, 1, one, packet[:4], START_S + 6001.0 + one) for one in (1, 3, 7)]
    downlink(*reports)
    assert waited(lambda: server.stages(issued["id"]).get("Verifier_Completed_Status") == "OK")
    status = server.call("/cop1/lupex/frame-tc.vc0/status")
    assert status["state"] == "ACTIVE"
