"""The simulated rover: services, energy, faults, storage, and what passes between it and the ground."""

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.ops.scenes import LUPEX, START_S, around, catalogue_rover

from lupex.ops.simulator.body import Body
from lupex.ops.simulator.onboard import LOW_BATTERY, Onboard
from lupex.ops.simulator.spacecraft import Fault, RadioSettings, Spacecraft
from lupex.packets.coding.cltu import cltu
from lupex.packets.definitions.decode import decode
from lupex.packets.definitions.encode import encode_command
from lupex.packets.frames.chain import ChainSettings, FrameChain
from lupex.packets.frames.layout import FrameLayout
from lupex.packets.frames.telecommand import TcFrame
from lupex.packets.pus.schedule import insert_packet
from lupex.packets.streams.batch import batch_of

ROVER = catalogue_rover()


def craft(charge_wh: float = 5000.0, lit: float = 1.0, **more: object) -> Spacecraft:
    body = Body(x_m=0.0, y_m=0.0, odometry_x_m=0.0, odometry_y_m=0.0, charge_wh=charge_wh)
    given = {"radio": RadioSettings(contacts_tai_s=((START_S, START_S + 1e6),)), "faults": ()} | more
    return Spacecraft(
        onboard=Onboard(dictionary=LUPEX, rover=ROVER, body=body), around=around(lit), rng=np.random.default_rng(2),
        tai_s=START_S, **given,
    )  # fmt: skip


def reports(packets: list[bytes]) -> list[tuple[int, int]]:
    """Service and subservice of packets."""
    return [(packet[7], packet[8]) for packet in packets]


def test_a_command_is_accepted_started_and_completed_when_its_drive_ends() -> None:
    onboard = craft().onboard
    onboard.command(encode_command(LUPEX, "ping", {}), START_S)
    assert reports(onboard.packets) == [(1, 1), (17, 2), (1, 3), (1, 7)]
    onboard.packets.clear()
    onboard.command(encode_command(LUPEX, "drive", {"distance_m": 1.0, "heading_deg": 180.0}, 1), START_S)
    assert reports(onboard.packets) == [(1, 1), (1, 3)]


def test_wrong_unknown_and_untimely_commands_fail_with_their_code() -> None:
    onboard = craft().onboard
    good = encode_command(LUPEX, "ping", {})
    onboard.command(good[:-1] + bytes([good[-1] ^ 1]), START_S)
    onboard.command(encode_command(LUPEX, "set_mode", {"mode": "SLEEP"}), START_S)
    onboard.packets = onboard.packets[:1]
    onboard.command(encode_command(LUPEX, "drive", {"distance_m": 1.0, "heading_deg": 0.0}), START_S)
    tables = decode(LUPEX, batch_of(onboard.packets)).tables
    assert tables["acceptance_failed"].values("request_failure").tolist() == [1]
    assert tables["start_failed"].values("request_failure").tolist() == [4]


def test_a_time_tagged_command_runs_at_its_time_also_without_contact() -> None:
    dark = craft(radio=RadioSettings(contacts_tai_s=()))
    drive = encode_command(LUPEX, "drive", {"distance_m": 2.0, "heading_deg": 180.0})
    dark.onboard.command(insert_packet(100, [(START_S + 300.0, drive)]), START_S)
    for _ in range(29):
        dark.step(10.0)
    assert dark.onboard.body.odometer_m == 0.0
    for _ in range(10):
        dark.step(10.0)
    assert dark.onboard.body.odometer_m == pytest.approx(2.0)
    assert dark.onboard.body.y_m == pytest.approx(-2.0, abs=0.2)


def test_energy_is_conserved_over_an_hour_parked() -> None:
    lit, dark = craft(), craft(lit=0.0)
    for _ in range(360):
        lit.step(10.0)
        dark.step(10.0)
    gained = ROVER.array_w * math.cos(math.radians(1.5)) - ROVER.hotel_power_w
    assert lit.onboard.body.charge_wh == pytest.approx(5000.0 + gained, abs=1e-6)
    assert dark.onboard.body.charge_wh == pytest.approx(5000.0 - ROVER.hotel_power_w, abs=1e-6)
    assert dark.onboard.body.battery_k < lit.onboard.body.battery_k


def test_low_battery_leads_to_safe_mode_and_an_event_of_the_highest_severity() -> None:
    low = craft(charge_wh=0.15 * ROVER.battery_wh + 0.1, lit=0.0)
    for _ in range(3):
        low.step(10.0)
    assert low.onboard.mode == "SAFE"
    found = decode(LUPEX, batch_of(list(low.storage))).tables
    events = found.get("rover_event")
    received = FrameChain(settings=ChainSettings(FrameLayout(kind="tm", length=1115), True, True, "223x5"))
    batch = received.feed(low.downlink(low.tai_s + 10.0))
    events = decode(LUPEX, batch).tables["rover_event"] if events is None else events
    assert events.values("rover_event_id").tolist() == [LOW_BATTERY]
    assert events.values("pus_subservice").tolist() == [4]


def test_a_stuck_drive_is_given_up_and_its_wheel_turns_leave_the_odometry() -> None:
    stuck = craft(faults=(Fault("stuck", START_S + 100.0, 600.0),))
    stuck.onboard.command(encode_command(LUPEX, "drive", {"distance_m": 10.0, "heading_deg": 180.0}), START_S)
    for _ in range(30):
        stuck.step(10.0)
    body = stuck.onboard.body
    assert stuck.onboard.drive is None
    assert math.hypot(body.odometry_x_m - body.x_m, body.odometry_y_m - body.y_m) < 0.3
    assert body.odometer_m - math.hypot(body.x_m, body.y_m) > 5.0


def test_nothing_goes_up_or_down_outside_contact_and_light_takes_its_time() -> None:
    radio = RadioSettings(contacts_tai_s=((START_S + 100.0, START_S + 200.0),), light_time_s=1.3)
    one = craft(radio=radio)
    unit = cltu(TcFrame(scid=0xAB, vcid=0, data=encode_command(LUPEX, "ping", {}), bypass=True).octets())
    one.uplink(unit, START_S)
    for _ in range(9):
        one.step(10.0)
    assert one.farm.farm_b == 0
    assert one.downlink(START_S + 1e6) == b""
    one.uplink(unit, START_S + 110.0)
    for _ in range(4):
        one.step(10.0)
    assert one.farm.farm_b == 1
    assert one.downlink(START_S + 100.0 + 1.29) == b""
    assert one.downlink(START_S + 110.0 + 1.31) != b""


def test_storage_is_bounded_and_counts_what_it_lost() -> None:
    small = craft(radio=RadioSettings(contacts_tai_s=(), most_stored=5))
    for _ in range(60):
        small.step(10.0)
    assert (len(small.storage), small.overwritten) == (5, 15)


def test_the_simulator_is_the_same_for_the_same_seed() -> None:
    ends = []
    for _ in range(2):
        one = craft()
        one.onboard.command(encode_command(LUPEX, "drive", {"distance_m": 5.0, "heading_deg": 10.0}), START_S)
        for _ in range(20):
            one.step(10.0)
        ends.append(replace(one.onboard.body))
    assert ends[0] == ends[1]
