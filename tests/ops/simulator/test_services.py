"""Services 6, 9, 12, 19 and 20 of the simulated rover: asked by packets, answered by packets."""

from typing import Any

import numpy as np
import pytest
from tests.ops.scenes import LUPEX, START_S, around, catalogue_rover

from lupex.base.errors import InputError
from lupex.ops.simulator.body import Body
from lupex.ops.simulator.onboard import OUT_OF_LIMITS, WAYPOINT, Onboard
from lupex.ops.simulator.services import MOST_ENTRIES
from lupex.ops.simulator.spacecraft import RadioSettings, Spacecraft
from lupex.packets.coding.checks import crc16_of
from lupex.packets.definitions.decode import decode
from lupex.packets.definitions.encode import encode_command
from lupex.packets.definitions.table import PacketTable
from lupex.packets.pus.schedule import action_packet, tc_packet
from lupex.packets.streams.batch import batch_of

REFUSED, NOT_NOW, UNKNOWN = 3, 4, 2


def craft(charge_wh: float = 5000.0, lit: float = 1.0) -> Spacecraft:
    body = Body(x_m=0.0, y_m=0.0, odometry_x_m=0.0, odometry_y_m=0.0, charge_wh=charge_wh)
    return Spacecraft(
        onboard=Onboard(dictionary=LUPEX, rover=catalogue_rover(), body=body), around=around(lit),
        rng=np.random.default_rng(2), tai_s=START_S, radio=RadioSettings(contacts_tai_s=()),
    )  # fmt: skip


def told(onboard: Onboard, name: str, **given: Any) -> dict[str, PacketTable]:
    """Tables of what a command was answered with."""
    return answered(onboard, encode_command(LUPEX, name, given))


def answered(onboard: Onboard, packet: bytes) -> dict[str, PacketTable]:
    onboard.packets.clear()
    onboard.command(packet, START_S)
    return decode(LUPEX, batch_of(onboard.packets)).tables


def failure(tables: dict[str, PacketTable]) -> int:
    """Failure code of a start or acceptance that failed, 0 for a command that completed."""
    for name in ("start_failed", "acceptance_failed"):
        if name in tables:
            return int(tables[name].values("request_failure")[0])
    assert "completion_ok" in tables
    return 0


def passed(one: Spacecraft, steps: int) -> dict[str, PacketTable]:
    for _ in range(steps):
        one.step(10.0)
    return decode(LUPEX, batch_of(list(one.storage))).tables


def test_memory_that_was_loaded_is_dumped_and_checked() -> None:
    onboard = craft().onboard
    octets = bytes(range(1, 41))
    for k in range(0, 40, 8):
        halves = {"first_half": int.from_bytes(octets[k : k + 4], "big")}
        halves["second_half"] = int.from_bytes(octets[k + 4 : k + 8], "big")
        assert failure(told(onboard, "load_memory", memory="RAM", address=100 + k, **halves)) == 0
    dump = told(onboard, "dump_memory", memory="RAM", address=100, length=40)["memory_dump"]
    assert dump.values("dump_address").tolist() == [100, 132]
    assert dump.values("dump_length").tolist() == [32, 8]
    words = np.stack([dump.values(f"dump_word_{k}") for k in range(4)], axis=1).astype(">u8").tobytes()
    assert words == octets + bytes(24)
    check = told(onboard, "check_memory", memory="RAM", address=100, length=40)["memory_check"]
    assert check.values("check_sum").tolist() == [crc16_of(octets)]


def test_memory_beyond_its_end_is_refused_and_nothing_is_written() -> None:
    onboard = craft().onboard
    assert failure(told(onboard, "load_memory", memory="RAM", address=65530, first_half=1, second_half=1)) == REFUSED
    assert failure(told(onboard, "dump_memory", memory="RAM", address=65530, length=8)) == REFUSED
    assert failure(told(onboard, "check_memory", memory="RAM", address=1, length=65535)) == 0
    assert failure(told(onboard, "check_memory", memory="RAM", address=2, length=65535)) == REFUSED
    assert not any(onboard.services.memory)


def test_time_reports_come_at_their_rate_and_tell_the_time_without_secondary_header() -> None:
    one = craft()
    told(one.onboard, "set_time_rate", exponent=5)
    reports = passed(one, 12)["time_report"]
    assert reports.values("ccsds_secondary").tolist() == [0] * len(reports)
    times = reports.values("spacecraft_time")
    assert len(times) == 3
    assert np.all(np.isin(np.diff(times), [40.0]))  # every 32 s, in steps of 10 s
    assert times[0] == pytest.approx(START_S + 10.0, abs=2.0**-16)
    told(one.onboard, "set_time_rate", exponent=0)
    one.storage.clear()
    assert "time_report" not in passed(one, 12)


def test_a_monitor_tells_transitions_after_its_repetitions_and_raises_its_event() -> None:
    one = craft(lit=0.0)
    low = 5000.0 - 0.05
    given = {"monitor": 1, "parameter": "rover_charge_wh", "repetitions": 3, "low": low, "high": 6000.0}
    assert failure(told(one.onboard, "add_monitor", **given, event=OUT_OF_LIMITS)) == 0
    assert "monitor_transition" not in passed(one, 5)  # not enabled yet
    step_wh = one.onboard.rover.hotel_power_w * 10.0 / 3600.0
    given |= {"monitor": 2, "low": one.onboard.body.charge_wh - 4.5 * step_wh}
    assert failure(told(one.onboard, "add_monitor", **given, event=OUT_OF_LIMITS)) == 0
    assert failure(told(one.onboard, "enable_monitor", monitor=2)) == 0
    one.storage.clear()
    found = passed(one, 12)
    moves = found["monitor_transition"]
    assert moves.values("transition_monitor").tolist() == [2, 2]
    assert moves.values("transition_after").tolist() == ["WITHIN", "BELOW"]
    assert moves.values("transition_limit")[1] == given["low"]
    assert moves.values("transition_value")[1] < given["low"]
    assert found["rover_event"].values("rover_event_id").tolist() == [OUT_OF_LIMITS]
    report = told(one.onboard, "report_monitor", monitor=2)["monitor_definition"]
    assert report.values("monitor_check").tolist() == ["BELOW"]
    assert report.values("monitor_low").tolist() == [given["low"]]


def test_monitors_are_deleted_only_when_disabled_and_their_number_is_bounded() -> None:
    onboard = craft().onboard
    given = {"parameter": "rover_battery_k", "repetitions": 1, "low": 0.0, "high": 1.0, "event": 10}
    for number in range(1, MOST_ENTRIES + 1):
        assert failure(told(onboard, "add_monitor", monitor=number, **given)) == 0
    assert failure(told(onboard, "add_monitor", monitor=999, **given)) == REFUSED
    assert failure(told(onboard, "add_monitor", monitor=1, **given)) == NOT_NOW
    told(onboard, "enable_monitor", monitor=1)
    assert failure(told(onboard, "delete_monitor", monitor=1)) == NOT_NOW
    told(onboard, "disable_monitor", monitor=1)
    assert failure(told(onboard, "delete_monitor", monitor=1)) == 0
    assert failure(told(onboard, "report_monitor", monitor=1)) == REFUSED
    assert failure(told(onboard, "add_monitor", monitor=1, **(given | {"low": 2.0}))) == REFUSED


def test_the_action_of_an_event_is_taken_when_the_event_is_raised_and_only_then() -> None:
    one = craft()
    heater = encode_command(LUPEX, "set_heater", {"heater": "ON"})
    assert failure(answered(one.onboard, action_packet(100, WAYPOINT, heater))) == 0
    drive = {"distance_m": 1.0, "heading_deg": 180.0}
    told(one.onboard, "drive", **drive)
    passed(one, 10)
    assert not one.onboard.body.heater  # not enabled
    told(one.onboard, "enable_action", event=WAYPOINT)
    told(one.onboard, "set_parameter", parameter="heater_off_k", value=320.0)
    told(one.onboard, "drive", **drive)
    passed(one, 1)
    assert not one.onboard.body.heater
    passed(one, 9)
    assert one.onboard.body.heater
    status = told(one.onboard, "report_actions")["action_status"]
    assert (status.values("action_event").tolist(), status.values("action_enabled").tolist()) == ([WAYPOINT], [True])
    assert failure(told(one.onboard, "delete_action", event=WAYPOINT)) == NOT_NOW


def test_an_action_that_raises_its_own_event_is_taken_once_a_step() -> None:
    one = craft()
    raise_again = encode_command(LUPEX, "drive", {"distance_m": 0.0, "heading_deg": 0.0})
    answered(one.onboard, action_packet(100, WAYPOINT, raise_again))
    told(one.onboard, "enable_action", event=WAYPOINT)
    one.onboard.command(raise_again, START_S)
    found = passed(one, 10)
    assert len(found["rover_event"]) <= 10


def test_an_action_that_is_no_command_is_not_accepted() -> None:
    onboard = craft().onboard
    good = encode_command(LUPEX, "ping", {})
    for packet in (b"", good[:-1] + b"\0", good + b"\0", tc_packet(100, 99, 9), good[:5]):
        assert failure(answered(onboard, action_packet(100, 4, packet))) == UNKNOWN
    assert failure(answered(onboard, tc_packet(100, 19, 1))) == UNKNOWN
    assert onboard.services.actions == {}
    with pytest.raises(InputError, match="event 0"):
        action_packet(100, 0, good)


def test_parameters_are_reported_and_set_within_what_is_sound() -> None:
    one = craft()
    report = told(one.onboard, "report_parameter", parameter="rover_charge_wh")["parameter_value"]
    assert report.values("reported_parameter").tolist() == ["rover_charge_wh"]
    assert report.values("reported_value").tolist() == [5000.0]
    assert failure(told(one.onboard, "set_parameter", parameter="report_period_s", value=20.0)) == 0
    assert len(passed(one, 12)["rover_hk"]) == 6
    for name, value in (("rover_charge_wh", 1.0), ("report_period_s", 0.1), ("heater_on_k", 285.0)):
        assert failure(told(one.onboard, "set_parameter", parameter=name, value=value)) == REFUSED


def test_what_services_hold_survives_a_restart_of_the_computer() -> None:
    one = craft()
    told(one.onboard, "load_memory", memory="RAM", address=0, first_half=0, second_half=7)
    told(one.onboard, "set_parameter", parameter="stuck_time_s", value=60.0)
    one.onboard.restart(START_S)
    assert one.onboard.services.memory[7] == 7
    assert one.onboard.services.settings["stuck_time_s"] == 60.0
