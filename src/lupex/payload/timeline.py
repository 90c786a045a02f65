"""The time line of a day of a drive and its contacts for instruments, and what they do at a stop.

Instruments work where the rover stands; while it drives they are off (teleoperated, assumption). The hole comes after
the counts and soundings from above it, cuttings and ovens after the hole, the analysers of evolved gas after the oven.
"""

from collections.abc import Sequence

import numpy as np

from lupex.base.errors import InputError
from lupex.model import Traverse
from lupex.model.drive.campaign import STOP_ACTIVITIES
from lupex.model.fields.windows import Windows
from lupex.model.payload.hosts import Host
from lupex.model.payload.item import Item
from lupex.payload.operations import Activity, Timeline

DAY_S = 86_400.0
LEAST_STOP_S = 3600.0
"""A stop shorter than this is none for instruments (assumption)."""
COUNTING_S = 900.0
STORAGE_MBIT = 4000.0
"""What the host stores for instruments (assumption)."""
_BEFORE = ("nss", "gpr", "mir")
_AFTER_HOLE = ("alis", "ltga", "ems_l", "prathima", "isap")
_AFTER_OVEN = ("triton", "adore")
_DURATIONS = ("analysis_s", "measuring_s", "exposure_s", "profile_s")


def working_stop_s(drive: Traverse) -> tuple[float, float] | None:
    """Begin and end of the stop for work, seconds from the start of the drive; None when no stop lasts an hour.

    Of the stops of an hour and more with drilling or measuring the longest, else the longest of all.
    """
    begin = drive.times_tdb_s[0]
    found: list[tuple[bool, float, float]] = []
    for number in range(len(drive) - 1):
        if drive.activity[number] == "drive":
            continue
        first, last = (float(drive.times_tdb_s[k] - begin) for k in (number, number + 1))
        works = drive.activity[number] in STOP_ACTIVITIES
        if found and abs(found[-1][2] - first) < 1.0:
            found[-1] = (found[-1][0] or works, found[-1][1], last)
        else:
            found.append((works, first, last))
    long = [one for one in found if one[2] - one[1] >= LEAST_STOP_S]
    if not long:
        return None
    _, first, last = max(long, key=lambda one: (one[0], one[2] - one[1], -one[1]))
    return first, last


def drive_timeline(
    drive: Traverse, contact: Windows, host: Host, begin_s: float = 0.0, slot_s: float = 900.0
) -> Timeline:
    """What a host offers its instruments in the day that begins at a moment of a drive.

    Power: that of the light or of shadow where the rover stands, and no more than its radiators take (what an
    instrument draws becomes heat); none while it drives. Data of a day go down evenly
    over the contact there is. Energy: that of a day. Storage: `STORAGE_MBIT`, an assumption. A day and no more: the
    layout is proven slot by slot.

    Args:
        drive: timed. contact: when the ground has contact, TDB seconds. host: whose limits.
        begin_s: of the day, from the start of the drive; it ends with the drive when that is sooner.
        slot_s: length of a slot.

    Raises: InputError when less than one slot of the drive is left.
    """
    begin = float(drive.times_tdb_s[0]) + begin_s
    end = min(float(drive.times_tdb_s[-1]), begin + DAY_S)
    slots = int((end - begin) // slot_s)
    if slots < 1:
        raise InputError(f"time line of {drive.name}: shorter than one slot of {slot_s:g} s", "take shorter slots")
    edges = np.arange(slots + 1) * slot_s
    power = np.zeros(slots)
    for number in range(len(drive) - 1):
        if drive.activity[number] == "drive":
            continue
        phase = "sun" if drive.disc_fraction[number] > 0.0 else "shadow"
        first, last = (float(drive.times_tdb_s[k] - begin) for k in (number, number + 1))
        inside = np.clip(np.minimum(edges[1:], last) - np.maximum(edges[:-1], first), 0.0, None)
        offered_w = min(host.power_w.get(phase, 0.0), host.heat_w)
        power = np.where(inside > 0.5 * slot_s, offered_w, power)
    linked = np.zeros(slots)
    for start, stop in zip(contact.start_tdb_s, contact.stop_tdb_s, strict=True):
        linked += np.clip(np.minimum(edges[1:], stop - begin) - np.maximum(edges[:-1], start - begin), 0.0, None)
    days = (end - begin) / DAY_S
    rate = host.data_day_mbit * days / linked.sum() if linked.sum() > 0.0 else 0.0
    return Timeline(
        slot_s=slot_s,
        power_w=power,
        downlink_mbit=linked * rate,
        energy_wh=host.energy_day_wh * days,
        storage_mbit=STORAGE_MBIT,
    )


def station_activities(items: Sequence[Item], stop_s: float, worth: dict[str, float]) -> tuple[Activity, ...]:
    """One hole at one stop: what each instrument does there and in which order.

    Args:
        items: aboard the rover. stop_s: how long the rover stands there, from the start of the time line.
        worth: instrument -> worth of its reading; the auger has none of its own but for its telemetry.
    """
    aboard = {item.name: item for item in items}
    before = tuple(name for name in _BEFORE if name in aboard)
    made = []
    for name, item in aboard.items():
        after: tuple[str, ...] = ()
        if name == "auger":
            after = before
        elif name in _AFTER_HOLE:
            after = ("auger",) if "auger" in aboard else ()
        elif name in _AFTER_OVEN:
            after = ("ltga",) if "ltga" in aboard else ()
        made.append(
            Activity(
                name=name,
                instrument=name,
                duration_s=_duration_s(item),
                power_w=item.measuring_w,
                data_mbit=item.measurement_mbit,
                earliest_s=0.0,
                latest_s=stop_s,
                after=after,
                worth=max(worth.get(name, 0.0), 1e-3),
            )
        )
    return tuple(made)


def _duration_s(item: Item) -> float:
    facts = item.facts
    if "bite_s" in facts:
        bites = np.ceil(float(facts["depth_m"].value) / 0.1) if "depth_m" in facts else 15.0
        sample = float(facts["sample_s"].value) if "sample_s" in facts else 0.0
        return float(bites * float(facts["bite_s"].value) + sample)
    return next((float(facts[key].value) for key in _DURATIONS if key in facts), COUNTING_S)
