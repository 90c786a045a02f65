"""The ground's side of the link: files both ways through frames, code blocks and noise."""

from pathlib import Path

import numpy as np
from tests.ops.scenes import LUPEX, START_S, day_inputs

from lupex.ops.files.entity import FileEntity, FileSettings
from lupex.ops.files.pdus import DELIVERED
from lupex.ops.loop.inputs import operations_day
from lupex.ops.simulator.spacecraft import Fault
from lupex.packets.coding.cadu import cadus
from lupex.packets.coding.randomiser import randomised
from lupex.packets.frames.build import FrameBuilder
from lupex.packets.pus.telemetry import TelemetryWriter


def test_files_go_up_and_down_by_cfdp_through_frames_and_noise(tmp_path: Path) -> None:
    contacts = ((START_S + 10.0, START_S + 200.0), (START_S + 400.0, START_S + 4000.0))
    day = operations_day(day_inputs(go="", faults=False, contacts_tai_s=contacts), tmp_path / "a")
    craft, ground = day.craft, day.ground
    craft.faults = (Fault("noise", START_S + 450.0, 300.0),)
    chance = np.random.default_rng(6)
    craft.files = FileEntity(FileSettings(entity=2, peer=1, folder=tmp_path / "rover"))
    ground.files = FileEntity(FileSettings(entity=1, peer=2, folder=tmp_path / "ground"))
    image, table = np.random.default_rng(5).bytes(150_000), b"table of waypoints\n" * 400
    (tmp_path / "image.bin").write_bytes(image)
    (tmp_path / "table.txt").write_bytes(table)
    craft.files.put(tmp_path / "image.bin", START_S)
    ground.files.put(tmp_path / "table.txt", START_S)
    while craft.tai_s < START_S + 3000.0 and not (craft.files.idle and ground.files.idle):
        craft.step(10.0)
        octets = craft.downlink(craft.tai_s)
        lost = 1500 if chance.random() < 0.2 else 0  # the receiver's lock: a frame and a part of the next
        ground.receive(octets[lost:], craft.tai_s)
        contact = craft.radio.in_contact(craft.tai_s)
        for unit in ground.file_uplink(craft.tai_s, 2500, contact):
            craft.uplink(unit, craft.tai_s)
    assert ground.chain.counts["lost_frames"] > 0
    assert [one.verdict for one in craft.files.verdicts + ground.files.verdicts] == [DELIVERED] * 4
    found = {one.name: one.path.read_bytes() for one in craft.files.verdicts + ground.files.verdicts if one.path}
    assert found == {"image.bin": image, "table.txt": table}
    assert "rover_mode" in ground.values  # telemetry is not held up


def test_a_packet_of_a_future_time_is_archived_and_counted_but_is_not_the_present(tmp_path: Path) -> None:
    ground = operations_day(day_inputs(go="", faults=False), tmp_path / "a").ground
    writer, builder = TelemetryWriter(LUPEX), FrameBuilder(layout=ground.chain.settings.layout, scid=0xAB)
    code = ground.chain.settings.reed_solomon
    volts = {START_S + 10.0: 29.0, START_S + 1e8: 20.0, START_S + 20.0: 29.5}
    for tai_s, value in volts.items():
        builder.add(writer.packet("rover_hk", {"rover_battery_v": value, "rover_mode": "IDLE"}, tai_s))
    sent = cadus(randomised(code.encoded(builder.frames()), "tm")) + b"\x1a\xcf\xfc\x1d"
    ground.receive(sent, START_S + 30.0)
    assert (ground.ahead, len(ground.archive)) == (1, 3)
    assert ground.values["rover_battery_v"] == 29.5
    assert [one for one in ground.alarms if one.parameter == "rover_battery_v"] == []
