"""A day made ready: spacecraft, ground segment, contacts, faults and goals put together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from lupex.base.errors import NothingLeftError
from lupex.model import ContactPlan, Rover
from lupex.model.telemetry.dictionary import Dictionary
from lupex.ops.archive.store import Archive
from lupex.ops.loop.day import DaySettings, OperationsDay
from lupex.ops.loop.drive import DriveGround, ring_of_goals
from lupex.ops.loop.ground import GroundSegment
from lupex.ops.loop.playback import file_ends
from lupex.ops.loop.water import WaterLoop
from lupex.ops.simulator.body import Body
from lupex.ops.simulator.instruments import Instruments
from lupex.ops.simulator.onboard import Onboard
from lupex.ops.simulator.recorder import Recorder
from lupex.ops.simulator.spacecraft import Fault, RadioSettings, Spacecraft
from lupex.ops.simulator.state import restore
from lupex.ops.simulator.surroundings import Surroundings
from lupex.packets.frames.chain import ChainSettings, FrameChain
from lupex.packets.frames.fop import Fop, FopSettings
from lupex.packets.frames.layout import FrameLayout
from lupex.packets.pus.telemetry import TelemetryWriter
from lupex.packets.times.cuc import tdb_to_tai_1958_s
from lupex.water import GroundPrior, Rule

START_CHARGE = 0.8
"""Share of a full battery at the beginning (assumption)."""


@dataclass(frozen=True, kw_only=True)
class DayInputs:
    """What a day is made from.

    Attributes:
        dictionary: telemetry and commands. rover: of the catalogue. around: ground and light.
        x_m, y_m: where the rover stands. start_tai_s, hours: span. seed: of everything random.
        contacts_tai_s: (start, stop) of contact. drive_m: how far away the goal lies.
        faults: whether three faults are injected. go: person who gives the go, '' for nobody.
        water: rule and prior of the search for water, None: the rover measures nothing. state: of the rover at the end
            of an earlier day or plan, {} for a fresh one. files: folder of file transfers, None: no tracks are kept.
    """

    dictionary: Dictionary
    rover: Rover
    around: Surroundings
    x_m: float
    y_m: float
    start_tai_s: float
    hours: float
    seed: int
    contacts_tai_s: tuple[tuple[float, float], ...]
    drive_m: float = 200.0
    faults: bool = True
    go: str = ""
    water: tuple[Rule, GroundPrior] | None = None
    state: dict[str, Any] = field(default_factory=dict)
    files: Path | None = None


def operations_day(inputs: DayInputs, archive: Archive | str | Path) -> OperationsDay:
    """The day before it begins.

    Args:
        inputs: of the day. archive: open, or the path of a new one.

    Raises:
        NothingLeftError: no contact, or no ground to drive to at that distance. StoreError: the archive.
    """
    if not inputs.contacts_tai_s:
        raise NothingLeftError("the day has no contact with any antenna", "choose another day or more stations")
    held = archive if isinstance(archive, Archive) else Archive.create(archive)
    radio = RadioSettings(contacts_tai_s=inputs.contacts_tai_s)
    body = Body(
        x_m=inputs.x_m,
        y_m=inputs.y_m,
        odometry_x_m=inputs.x_m,
        odometry_y_m=inputs.y_m,
        charge_wh=START_CHARGE * inputs.rover.battery_wh,
    )
    craft = Spacecraft(
        onboard=Onboard(dictionary=inputs.dictionary, rover=inputs.rover, body=body),
        around=inputs.around,
        radio=radio,
        rng=np.random.default_rng(inputs.seed),
        tai_s=inputs.start_tai_s,
        faults=injected_faults(inputs.contacts_tai_s) if inputs.faults else (),
    )
    if inputs.water is not None:
        craft.onboard.instruments = Instruments.drawn(*inputs.water, inputs.seed)
    ground_files = None
    if inputs.files is not None:
        ground_files, craft.files = file_ends(inputs.files)
        craft.onboard.recorder = Recorder(writer=TelemetryWriter(inputs.dictionary))
    if inputs.state:
        restore(craft, inputs.state)
    here = (craft.onboard.body.odometry_x_m, craft.onboard.body.odometry_y_m)
    layout = FrameLayout(kind="tm", length=radio.frame_octets)
    chain = FrameChain(settings=ChainSettings(layout, markers=True, randomised=True, code="223x5"), scid=radio.scid)
    ground = GroundSegment(
        dictionary=inputs.dictionary,
        archive=held,
        chain=chain,
        fop=Fop(settings=FopSettings(radio.scid, timeout_s=30.0)),
        files=ground_files,
        water=None if inputs.water is None else WaterLoop.at("goal", *inputs.water),
    )
    land = DriveGround.of(inputs.around.terrain, inputs.rover)
    goals = ring_of_goals(land, here, inputs.drive_m, 1.3 * inputs.drive_m)
    if not goals.any():
        raise NothingLeftError(f"no ground to stand on {inputs.drive_m:.0f} m away", "choose another distance")
    settings = DaySettings(stop_tai_s=inputs.start_tai_s + 3600.0 * inputs.hours, goals=goals, go=inputs.go)
    return OperationsDay(craft=craft, ground=ground, land=land, settings=settings)


def injected_faults(contacts_tai_s: tuple[tuple[float, float], ...]) -> tuple[Fault, ...]:
    """Three faults: wheels without hold in the first pass, a restart after it, noise on the downlink in the last."""
    (start, stop), (last, end) = contacts_tai_s[0], contacts_tai_s[-1]
    length = stop - start
    return (
        Fault("stuck", start + min(2400.0, 0.4 * length), min(900.0, 0.2 * length)),
        Fault("restart", stop + 60.0 if len(contacts_tai_s) > 1 else start + 0.75 * length),
        Fault("noise", last + 0.1 * (end - last), min(900.0, 0.3 * (end - last))),
    )


def contact_spans(plan: ContactPlan, least_s: float = 1200.0) -> tuple[tuple[float, float], ...]:
    """Spans (TAI since 1958) in which any station of a plan has contact, short ones left out.

    Args:
        plan: passes. least_s: shortest span that is used.
    """
    spans = [(start, stop) for start, stop in plan.any_station() if stop - start >= least_s]
    return tuple((float(a), float(b)) for a, b in (tdb_to_tai_1958_s(np.array(span)) for span in spans))


def joined_spans(spans: Iterable[Sequence[float]], least_s: float = 1200.0) -> tuple[tuple[float, float], ...]:
    """Spans in order, those that touch or overlap made one, short ones left out.

    Args:
        spans: (start, stop). least_s: shortest span that is used.
    """
    joined: list[tuple[float, float]] = []
    for start, stop in sorted((float(one[0]), float(one[1])) for one in spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], stop))
        else:
            joined.append((start, stop))
    return tuple((start, stop) for start, stop in joined if stop - start >= least_s)
