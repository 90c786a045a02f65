"""The table of a day: what was asked, what happened, whether it is right, and by what one can see it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from lupex.ops.archive.store import Wanted
from lupex.ops.commanding.stack import Stack
from lupex.ops.loop.drive import DriveGround
from lupex.ops.loop.ground import GroundSegment
from lupex.ops.simulator.onboard import RESTART, STUCK, WAYPOINT
from lupex.ops.simulator.recorder import PACKET
from lupex.ops.simulator.services import FAILURES
from lupex.ops.simulator.spacecraft import Spacecraft
from lupex.water.inference.prior import family_of, present_families

SETTLE_S = 120.0
"""After the first telemetry of a pass, before the next drive is planned."""
FILE_S = 900.0
"""Contact that a file needs behind telemetry before it can be expected on the ground (assumption)."""


@dataclass(frozen=True)
class Verdict:
    """One line of the table: what was asked, what happened, whether it is right, and by what one can see it."""

    asked: str
    happened: str
    right: bool
    evidence: str


class PassedDay(Protocol):
    """What is asked of a day (`OperationsDay`) that has passed; its attributes are said there."""

    craft: Spacecraft
    ground: GroundSegment
    land: DriveGround
    settings: Any
    stacks: list[Stack]
    passes_heard: set[int]
    least_charge_wh: float

    def arrived(self, x_m: float, y_m: float) -> bool:
        """Whether a place is one of the goals."""
        ...


def verdicts(day: PassedDay) -> tuple[Verdict, ...]:
    """What was asked of the day and what happened, from the archive and the state at its end.

    Args:
        day: that has passed.
    """
    craft, ground = day.craft, day.ground
    body, events = craft.onboard.body, [one.number for one in ground.events]
    contacts = [
        k for k, (start, _) in enumerate(craft.radio.contacts_tai_s) if start + SETTLE_S < day.settings.stop_tai_s
    ]
    report = ground.archive.verify()
    missing = sum(ground.counts.missing.values())
    sent = ground.history.sent
    final = [one.verdict for one in sent]
    ends = Counter(final)
    failed = Counter(
        (one.name, FAILURES.get(one.code or 0, f"code {one.code}")) for one in sent if one.code is not None
    )
    rows = [
        Verdict(
            "telemetry in every pass",
            f"{len(day.passes_heard)} of {len(contacts)} passes",
            day.passes_heard >= set(contacts),
            f"{ground.chain.counts['frames']} frames",
        ),
        Verdict(
            "every packet that came is in the archive",
            f"{report.packets} packets, {len(report.damaged)} damaged",
            report.sound,
            f"integrity check: {report.structure}; {missing} missing by their counts, {ground.ahead} of a future time",
        ),
        Verdict(
            "every command sent is answered",
            ", ".join(f"{count} {end}" for end, count in ends.most_common()) or "none sent",
            bool(final) and all(one != "released" for one in final) if _commanded(day) else not final,
            ", ".join(
                [f"{count} x {name}: {why}" for (name, why), count in failed.most_common(3)]
                + [f"{len(ground.refused)} held back by guards and flight rules"]
            ),
        ),
        Verdict(
            "the battery never falls below its reserve",
            f"least {day.least_charge_wh:.0f} Wh",
            day.least_charge_wh >= 0.15 * day.land.rover.battery_wh,
            f"{len(ground.alarms)} alarms by packet time",
        ),
        Verdict(
            "the rover reaches its goal" if _commanded(day) else "without a go nothing is sent",
            f"at x {body.x_m:.1f} m, y {body.y_m:.1f} m, mode {craft.onboard.mode}",
            day.arrived(body.odometry_x_m, body.odometry_y_m) if _commanded(day) else not final,
            f"odometry is {np.hypot(body.x_m - body.odometry_x_m, body.y_m - body.odometry_y_m):.1f} m off after "
            f"{body.odometer_m:.1f} m; {events.count(WAYPOINT)} waypoints",
        ),
    ]
    return (*rows, *_file_verdicts(day), *_water_verdicts(day), *_fault_verdicts(day, events))


def _commanded(day: PassedDay) -> bool:
    """Whether anybody gave a go."""
    return bool(day.settings.go) or any(stack.go for stack in day.stacks)


def _file_verdicts(day: PassedDay) -> list[Verdict]:
    """Whether every track for which there was contact enough has come whole, and its packets are in the archive."""
    craft, ground = day.craft, day.ground
    if craft.files is None or ground.files is None:
        return []
    contacts, stop = craft.radio.contacts_tai_s, min(craft.tai_s, day.settings.stop_tai_s)
    tracks = list(craft.tracks.values())
    due = {
        one.name: one.packets
        for one in tracks
        if sum(max(0.0, min(end, stop) - max(begin, one.tai_s)) for begin, end in contacts) >= FILE_S
    }
    found = ground.playback.packets
    archived = sum(1 for _ in ground.archive.packets(Wanted(name=PACKET)))
    again = craft.files.sent_octets / max(1, sum(len(one.octets) for one in tracks))
    return [
        Verdict(
            "tracks of drives come down as files",
            f"{len(found)} of {len(tracks)} whole, {sum(found.values())} packets",
            due.items() <= found.items() and not ground.playback.damaged and archived == sum(found.values()),
            f"CFDP class 2, {again:.2f} octets sent for each of the files; {archived} packets archived from them",
        )
    ]


def _water_verdicts(day: PassedDay) -> list[Verdict]:
    """Whether every measurement that was completed and came down was weighed, and the rule was not wrong."""
    loop, instruments = day.ground.water, day.craft.onboard.instruments
    if loop is None or instruments is None:
        return []
    done = [one.name for one in day.ground.history.sent if one.verdict == "completed"]
    taken = sum(name in ("measure_neutrons", "drill_to") for name in done)
    wet = family_of(instruments.ground, loop.evidence.rule) in present_families()
    answer = loop.weighed[-1].answer if loop.weighed else "nothing measured"
    wrong = (answer == "confirmed" and not wet) or (answer == "absent" and wet)
    return [
        Verdict(
            "is there water: a decision after each measurement",
            f"{len(loop.weighed)} of {taken} measurements weighed: {answer}",
            len(loop.weighed) >= taken and not wrong,
            ", ".join(f"{one.channel} p {one.present:.3f}" for one in loop.weighed) or "no time at the goal",
        )
    ]


def _fault_verdicts(day: PassedDay, events: Sequence[int]) -> list[Verdict]:
    counts = day.ground.chain.counts
    found = []
    for fault in day.craft.faults:
        if fault.kind == "stuck":
            seen = STUCK in events
            after = [one for one in day.ground.events if one.number == WAYPOINT and one.tai_s > fault.start_tai_s]
            found.append(
                Verdict(
                    "stuck: drive given up, told, and driven on later",
                    f"{len(after)} waypoints reached after it",
                    seen and bool(after),
                    f"event {STUCK} {'seen' if seen else 'not seen'}",
                )
            )
        elif fault.kind == "restart":
            found.append(
                Verdict(
                    "restart: told, and the schedule enabled again",
                    f"schedule {'on' if day.craft.onboard.schedule_on else 'held'}",
                    RESTART in events and day.craft.onboard.schedule_on,
                    f"event {RESTART} in the archive",
                )
            )
        elif fault.kind == "noise":
            bad = counts["rejected_frames"]
            found.append(
                Verdict(
                    "noise: symbols mended, frames beyond that counted",
                    f"{counts['corrected_symbols']} symbols mended",
                    counts["corrected_symbols"] > 0,
                    f"{bad} frames rejected, {counts['lost_frames']} lost",
                )
            )
        else:
            low = day.least_charge_wh
            found.append(Verdict("array: the battery carries on", f"least {low:.0f} Wh", low > 0.0, "housekeeping"))
    return found
