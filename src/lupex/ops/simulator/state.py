"""The state of a simulated rover as plain tables: from it a later plan goes on as if there had been no break."""

from dataclasses import asdict, fields
from typing import Any

from lupex.base.errors import InputError
from lupex.ops.files.pdus import FAILED, plain_name
from lupex.ops.simulator.body import Body
from lupex.ops.simulator.onboard import Drive, Onboard
from lupex.ops.simulator.recorder import Recorder, Track
from lupex.ops.simulator.services import MEMORY, SETTINGS, Monitor, Services
from lupex.ops.simulator.spacecraft import Spacecraft
from lupex.packets.times.cuc import tai_to_utc

_WORD = 32
_PLAIN = ("mode", "waypoint", "schedule_on", "drill_goal_m", "measuring_until", "measuring_s")
_CLOCKS = ("_next_report", "_no_progress_s", "_spun_m", "_heard", "_next_time")
_FARM = ("expected", "state", "retransmit", "farm_b", "discarded")


def end_state(craft: Spacecraft) -> dict[str, Any]:
    """The state of the rover, for a plan that goes on from here; packets not sent yet and commands on their way are in
    it."""
    onboard = craft.onboard
    return {
        "tai_s": craft.tai_s,
        "utc": tai_to_utc(craft.tai_s)[0],
        **{name: getattr(onboard, name) for name in _PLAIN},
        "body": asdict(onboard.body),
        "drive": None if onboard.drive is None else asdict(onboard.drive),
        "schedule": _hex_pairs(onboard.schedule),
        "stored": [packet.hex() for packet in craft.storage],
        "reports": {str(structure): on for structure, on in onboard.reports.items()},
        "services": _services(onboard.services),
        "clocks": {name.strip("_"): getattr(onboard, name) for name in _CLOCKS},
        "pending": {name: request.hex() for name, request in onboard._pending.items()},
        "raised": list(onboard._raised),
        "measurements": 0 if onboard.instruments is None else onboard.instruments.taken,
        "counts": [[key, count] for key, count in onboard.writer._counts.items()],
        "messages": [[list(key), count] for key, count in onboard.writer._messages.items()],
        "link": {
            "farm": {name: getattr(craft.farm, name) for name in _FARM},
            "frames": craft._builder.count,
            "file_frames": craft._file_builder.count,
            "file_packets": craft._file_count,
            "overwritten": craft.overwritten,
            "commands_sent": craft.commands_sent,
            "uplink": _hex_pairs(craft._uplink),
            "restarted": sorted(craft._restarted),
        },
        "recorder": _recorder(craft),
        "chance": craft.rng.bit_generator.state,
    }


def restore(craft: Spacecraft, state: dict[str, Any]) -> None:
    """Put a rover into a state of `end_state`; what an older state does not say stays as at a start.

    Raises InputError for a table that is no such state.
    """
    try:
        _restore(craft, state)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise InputError(
            f"the state is none of a simulation ({type(error).__name__}: {error})",
            "give the state file of an earlier run",
        ) from None


def _restore(craft: Spacecraft, state: dict[str, Any]) -> None:
    onboard = craft.onboard
    known = {one.name for one in fields(Body)}
    onboard.body = Body(**{key: value for key, value in state["body"].items() if key in known})
    onboard.mode, onboard.waypoint = str(state["mode"]), int(state["waypoint"])
    onboard.schedule_on = bool(state["schedule_on"])
    onboard.schedule = _pairs(state["schedule"])
    onboard.packets = [bytes.fromhex(octets) for octets in state["stored"]]
    if "services" not in state:
        return
    onboard.drill_goal_m = None if state["drill_goal_m"] is None else float(state["drill_goal_m"])
    onboard.measuring_until, onboard.measuring_s = float(state["measuring_until"]), float(state["measuring_s"])
    if onboard.instruments is not None:
        onboard.instruments.taken = int(state["measurements"])
    onboard.drive = None if state["drive"] is None else Drive(**state["drive"])
    onboard.reports = {int(structure): bool(on) for structure, on in state["reports"].items()}
    _restore_services(onboard.services, state["services"])
    _restore_clocks(onboard, state)
    link = state["link"]
    for name in _FARM:
        setattr(craft.farm, name, link["farm"][name])
    craft._builder.count, craft.overwritten = int(link["frames"]), int(link["overwritten"])
    craft.commands_sent = int(link["commands_sent"])
    craft._file_builder.count, craft._file_count = int(link.get("file_frames", 0)), int(link.get("file_packets", 0))
    if onboard.recorder is not None and state.get("recorder"):
        _restore_recorder(onboard.recorder, state["recorder"])
    craft._uplink.extend(_pairs(link["uplink"]))
    craft._restarted.update(map(float, link["restarted"]))
    craft.rng.bit_generator.state = state["chance"]


def _restore_clocks(onboard: Onboard, state: dict[str, Any]) -> None:
    for name in _CLOCKS:
        value = state["clocks"][name.strip("_")]
        setattr(onboard, name, None if value is None else float(value))
    onboard._pending = {name: bytes.fromhex(octets) for name, octets in state["pending"].items()}
    onboard._raised = [int(number) for number in state["raised"]]
    onboard.writer._counts.update({int(key): int(count) for key, count in state["counts"]})
    onboard.writer._messages.update({(int(a), int(b), int(c)): int(count) for (a, b, c), count in state["messages"]})


def _recorder(craft: Spacecraft) -> dict[str, Any] | None:
    """Tracks on board: the one that is open, and those not known to have come; their transfers begin anew."""
    held = craft.onboard.recorder
    if held is None:
        return None
    done = set() if craft.files is None else {one.transaction for one in craft.files.verdicts if one.verdict != FAILED}
    waiting = [track for key, track in craft.tracks.items() if key not in done] + held.closed
    return {
        "count": held.count,
        "stood_s": held.stood_s,
        "current": [packet.hex() for packet in held.current],
        "waiting": [[one.name, one.octets.hex(), one.packets, one.tai_s] for one in waiting],
        "counts": [[key, count] for key, count in held.writer._counts.items()],
        "messages": [[list(key), count] for key, count in held.writer._messages.items()],
    }


def _restore_recorder(held: Recorder, state: dict[str, Any]) -> None:
    held.count, held.stood_s = int(state["count"]), float(state["stood_s"])
    held.current = [bytes.fromhex(packet) for packet in state["current"]]
    held.closed = [Track(plain_name(n), bytes.fromhex(o), int(k), float(t)) for n, o, k, t in state["waiting"]]
    held.writer._counts.update({int(key): int(count) for key, count in state["counts"]})
    held.writer._messages.update({(int(a), int(b), int(c)): int(count) for (a, b, c), count in state["messages"]})


def _services(held: Services) -> dict[str, Any]:
    memory = {
        str(first): held.memory[first : first + _WORD].hex()
        for first in range(0, MEMORY, _WORD)
        if any(held.memory[first : first + _WORD])
    }
    return {
        "settings": dict(held.settings),
        "memory": memory,
        "monitors": {str(number): asdict(one) for number, one in held.monitors.items()},
        "actions": {str(event): [packet.hex(), on] for event, (packet, on) in held.actions.items()},
        "monitoring": held.monitoring,
        "acting": held.acting,
        "time_exponent": held.time_exponent,
    }


def _restore_services(held: Services, state: dict[str, Any]) -> None:
    held.settings.update({name: float(value) for name, value in state["settings"].items() if name in SETTINGS})
    for first, octets in state["memory"].items():
        held.memory[int(first) : int(first) + _WORD] = bytes.fromhex(octets).ljust(_WORD, b"\0")[:_WORD]
    if len(held.memory) != MEMORY:
        raise ValueError("memory beyond its end")
    held.monitors = {int(number): Monitor(**one) for number, one in state["monitors"].items()}
    held.actions = {int(event): (bytes.fromhex(packet), bool(on)) for event, (packet, on) in state["actions"].items()}
    held.monitoring, held.acting = bool(state["monitoring"]), bool(state["acting"])
    held.time_exponent = int(state["time_exponent"])


def _hex_pairs(pairs: Any) -> list[list[Any]]:
    return [[when, octets.hex()] for when, octets in pairs]


def _pairs(held: list[Any]) -> list[tuple[float, bytes]]:
    return [(float(when), bytes.fromhex(octets)) for when, octets in held]
