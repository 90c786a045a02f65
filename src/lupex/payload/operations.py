"""Activities of instruments on the time line of a drive and its contacts: checked, and laid out.

Time runs in slots. An activity belongs to a stop and fills whole slots one after the other within the stop's window;
instruments that share a chain (drill, ovens) follow each other in order; power, stored data and energy stay within the
host's limits in every slot. `plan` finds the layout of most worth with proof, earliest among those; `check` measures
any layout anew, whoever made it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.solvers.milp import RowBlock, solve, sparse_rows

MOST_COLUMNS = 20_000


@dataclass(frozen=True, kw_only=True)
class Activity:
    """One thing an instrument does.

    Attributes:
        name: of the activity, unique. instrument: that does it.
        duration_s, power_w, data_mbit: it takes and makes; data appear evenly while it runs.
        earliest_s, latest_s: window, from the start of the time line, in which it runs.
        after: names of activities that must have ended before it begins; the chain of drill and ovens.
        alone: no other activity runs at the same time.
        worth: of having done it. start_s: where it is laid, None while it is not.
    """

    name: str
    instrument: str
    duration_s: float
    power_w: float
    data_mbit: float
    earliest_s: float
    latest_s: float
    after: tuple[str, ...] = ()
    alone: bool = True
    worth: float = 1.0
    start_s: float | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Timeline:
    """What the host offers, slot by slot.

    Attributes:
        slot_s: length of a slot.
        power_w: (slot,) for instruments. downlink_mbit: (slot,) data that can go to the ground in it.
        energy_wh: for instruments over the whole; storage_mbit: of the host.
    """

    slot_s: float
    power_w: F64
    downlink_mbit: F64
    energy_wh: float
    storage_mbit: float


@dataclass(frozen=True, kw_only=True)
class Broken:
    """A limit that is broken: by which activity, when, and by how much."""

    activity: str
    time_s: float
    what: str


def check(activities: Sequence[Activity], line: Timeline) -> tuple[Broken, ...]:
    """Limits that laid activities break, in order of time; empty when all is kept.

    Args:
        activities: those without a start are not looked at. line: what the host offers.

    Raises: InputError for two activities of one name, or one after an activity that does not exist.
    """
    by_name = _by_name(activities)
    laid = [one for one in activities if one.start_s is not None]
    found: list[Broken] = []
    for one in laid:
        start = float(one.start_s or 0.0)
        end = start + one.duration_s
        if start < one.earliest_s - 1e-6 or end > one.latest_s + 1e-6:
            found.append(Broken(activity=one.name, time_s=start, what="outside its window"))
        for name in one.after:
            before = by_name[name]
            if before.start_s is None:
                found.append(Broken(activity=one.name, time_s=start, what=f"{name} was not done before it"))
            elif before.start_s + before.duration_s > start + 1e-6:
                found.append(Broken(activity=one.name, time_s=start, what=f"before {name} has ended"))
        for other in laid:
            together = min(end, (other.start_s or 0.0) + other.duration_s) - max(start, other.start_s or 0.0)
            if other.name > one.name and (one.alone or other.alone) and together > 1e-6:
                found.append(
                    Broken(activity=other.name, time_s=max(start, other.start_s or 0.0), what=f"beside {one.name}")
                )
    found.extend(_slots_broken(laid, line))
    energy = sum(one.power_w * one.duration_s for one in laid) / 3600.0
    if energy > line.energy_wh * (1.0 + 1e-9):
        last = max(laid, key=lambda one: one.start_s or 0.0)
        found.append(
            Broken(activity=last.name, time_s=float(last.start_s or 0.0),
                   what=f"energy {energy:.6g} Wh of {line.energy_wh:g} Wh")
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.time_s, one.activity, one.what)))


def _slots_broken(laid: Sequence[Activity], line: Timeline) -> list[Broken]:
    found = []
    slots = len(line.power_w)
    edges = np.arange(slots + 1) * line.slot_s
    power, made = np.zeros(slots), np.zeros(slots)
    for one in laid:
        start = float(one.start_s or 0.0)
        inside = np.clip(np.minimum(edges[1:], start + one.duration_s) - np.maximum(edges[:-1], start), 0.0, None)
        power += one.power_w * (inside > 1e-6)
        made += one.data_mbit * inside / one.duration_s
    stored = 0.0
    for slot in range(slots):
        stored = max(0.0, stored + made[slot] - line.downlink_mbit[slot])
        name = next((o.name for o in laid if (o.start_s or 0.0) <= edges[slot] < (o.start_s or 0.0) + o.duration_s), "")
        if power[slot] > line.power_w[slot] + 1e-6:
            what = f"power {power[slot]:g} W of {line.power_w[slot]:g} W"
            found.append(Broken(activity=name, time_s=float(edges[slot]), what=what))
        if stored > line.storage_mbit + 1e-6:
            what = f"stored {stored:g} Mbit of {line.storage_mbit:g} Mbit"
            found.append(Broken(activity=name, time_s=float(edges[slot]), what=what))
    return found


def plan(activities: Sequence[Activity], line: Timeline) -> tuple[Activity, ...]:
    """The activities with starts, of the layout of most worth; what has no start does not fit.

    Proven by HiGHS over starts at slot edges: no layout there has more worth, and of those none is earlier on average.

    Args:
        activities: with their windows and chains. line: what the host offers.

    Raises: InputError as `check`; for chains that run in a circle; for more than 20,000 possible starts.
    """
    by_name = _by_name(activities)
    _check_chains(activities, by_name)
    slots = len(line.power_w)
    lengths = [max(1, int(np.ceil(one.duration_s / line.slot_s - 1e-9))) for one in activities]
    starts = [
        [
            slot
            for slot in range(slots - length + 1)
            if slot * line.slot_s >= one.earliest_s - 1e-6
            and slot * line.slot_s + one.duration_s <= one.latest_s + 1e-6
            and np.all(line.power_w[slot : slot + length] >= one.power_w - 1e-9)
        ]
        for one, length in zip(activities, lengths, strict=True)
    ]
    first = np.concatenate([[0], np.cumsum([len(one) for one in starts])]).astype(int)
    count = int(first[-1])
    if count + slots > MOST_COLUMNS:
        raise InputError(f"{count} possible starts of activities", "take longer slots or narrower windows")
    rows = _rows(activities, line, lengths, starts, first)
    worth = np.concatenate([np.repeat([-one.worth for one in activities], np.diff(first)), np.zeros(slots)])
    whole = np.concatenate([np.ones(count), np.zeros(slots)])
    upper = np.concatenate([np.ones(count), np.full(slots, line.storage_mbit)])
    none, gap = np.zeros(count + slots), {"mip_rel_gap": 0.0}
    best = solve(worth, rows, none, upper, whole, gap)
    if best.status != "optimal":
        raise InputError(f"layout of activities: the solver stopped: {best.message}", "take longer slots")
    held = RowBlock(worth.reshape(1, -1), -np.inf, best.objective + 1e-9 * max(1.0, abs(best.objective)))
    early = np.concatenate([np.array([slot for one in starts for slot in one], float), np.zeros(slots)])
    done = solve(early, [*rows, held], none, upper, whole, gap)
    columns = done.columns if done.status == "optimal" else best.columns
    made = []
    for number, one in enumerate(activities):
        chosen = [
            slot for slot, x in zip(starts[number], columns[first[number] : first[number + 1]], strict=True) if x > 0.5
        ]
        made.append(replace(one, start_s=chosen[0] * line.slot_s if chosen else None))
    broken = check(made, line)
    if broken:
        raise AssertionError(f"the planned layout breaks a limit: {broken[0]}")
    return tuple(made)


def _rows(
    activities: Sequence[Activity], line: Timeline, lengths: list[int], starts: list[list[int]], first: np.ndarray
) -> list[RowBlock]:
    count, slots = int(first[-1]), len(line.power_w)
    numbers = {one.name: number for number, one in enumerate(activities)}
    shape = count + slots
    entries: dict[str, list[tuple[float, int, int]]] = {"once": [], "power": [], "alone": [], "store": [], "chain": []}
    energy = np.zeros((1, shape))
    chains: list[float] = []
    for number, one in enumerate(activities):
        for at, slot in enumerate(starts[number]):
            column = int(first[number]) + at
            entries["once"].append((1.0, number, column))
            energy[0, column] = one.power_w * one.duration_s / 3600.0
            left = one.duration_s
            for k in range(slot, slot + lengths[number]):
                inside = min(left, line.slot_s)
                left -= inside
                entries["power"].append((one.power_w, k, column))
                # Those that may run together count so little that all of them fit, and none fits beside one alone.
                entries["alone"].append((1.0 if one.alone else 1.0 / (len(activities) + 1.0), k, column))
                entries["store"].append((one.data_mbit * inside / one.duration_s, k, column))
        for before in one.after:
            # Begun at slot k or earlier only when the other has ended by then.
            other = numbers[before]
            for k in range(slots):
                row = len(chains)
                chains.append(0.0)
                for at, slot in enumerate(starts[number]):
                    if slot <= k:
                        entries["chain"].append((1.0, row, int(first[number]) + at))
                for at, slot in enumerate(starts[other]):
                    if slot * line.slot_s + activities[other].duration_s <= k * line.slot_s + 1e-6:
                        entries["chain"].append((-1.0, row, int(first[other]) + at))
    for k in range(slots):
        entries["store"].append((-1.0, k, count + k))
        if k > 0:
            entries["store"].append((1.0, k, count + k - 1))

    def block(name: str, height: int, high: object) -> RowBlock:
        value, row, column = zip(*entries[name], strict=True) if entries[name] else ((0.0,), (0,), (0,))
        return sparse_rows(value, row, column, (height, shape), -np.inf, high)  # type: ignore[arg-type]

    made = [
        block("once", len(activities), 1.0),
        block("power", slots, line.power_w + 1e-9),
        block("alone", slots, 1.0),
        # What is stored after a slot is at least what was, and what came, less what went down.
        block("store", slots, line.downlink_mbit),
        RowBlock(energy, -np.inf, line.energy_wh),
    ]
    return [*made, block("chain", len(chains), 0.0)] if chains else made


def _by_name(activities: Sequence[Activity]) -> dict[str, Activity]:
    found: dict[str, Activity] = {}
    for one in activities:
        if one.name in found:
            raise InputError(f"two activities named '{one.name}'", "rename one")
        if not (one.duration_s > 0.0 and one.power_w >= 0.0 and one.data_mbit >= 0.0):
            raise InputError(
                f"activity {one.name}: duration, power or data", "give numbers of 0 and more, a duration > 0"
            )
        found[one.name] = one
    for one in activities:
        for name in one.after:
            if name not in found:
                raise InputError(f"activity {one.name}: it follows '{name}', which does not exist", "correct the name")
    return found


def _check_chains(activities: Sequence[Activity], by_name: dict[str, Activity]) -> None:
    for one in activities:
        seen, todo = set(), list(one.after)
        while todo:
            name = todo.pop()
            if name == one.name:
                raise InputError(f"activity {one.name}: it follows itself by way of others", "break the circle")
            if name not in seen:
                seen.add(name)
                todo.extend(by_name[name].after)
