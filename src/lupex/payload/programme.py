"""The accommodation as a multiple-choice programme: each instrument takes one mount or stays at home."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError, NothingLeftError
from lupex.model.payload.hosts import Host, MarginPolicy, Mount
from lupex.model.payload.item import Item
from lupex.solvers.choices import Choices

DAY_HOURS = 24.0

RESOURCES: tuple[tuple[str, str, str], ...] = (
    ("mass", "all", "kg"),
    ("volume", "all", "m3"),
    ("power", "sun", "W"),
    ("power", "shadow", "W"),
    ("power", "night", "W"),
    ("energy", "day", "Wh"),
    ("energy", "night", "Wh"),
    ("data", "day", "Mbit"),
    ("heat", "sun", "W"),
)
"""What a host keeps for instruments: quantity, phase, unit."""


@dataclass(frozen=True)
class Row:
    """One limit: what it is of ('resource', 'places', 'needs', 'excludes', 'agency') and how to call it."""

    kind: str
    host: str
    quantity: str
    phase: str
    unit: str
    words: str


@dataclass(frozen=True)
class Demands:
    """What an assignment must keep beside the limits.

    ``must_ride``: instruments that cannot stay at home. ``least_of_each``: (agency, number) of instruments carried at
    least. ``host_worth``: host -> worth of an instrument there, relative to its own; 1 where it is not named.
    """

    must_ride: tuple[str, ...] = ()
    least_of_each: tuple[tuple[str, int], ...] = ()
    host_worth: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Programme:
    """Instruments, hosts and mounts as options and limits.

    Attributes:
        items, hosts, mounts: taking part. policy: of margins. worth: instrument -> worth.
        rows: of the limits, in their order. first: (item + 1,). option_mount: (option,) index of a mount, -1 at home.
        cost: name -> (option,) of 'worth' (negative), 'mass', 'risk'.
        use: (option, row). limit: (row,).
        refused: instrument -> why no mount takes it.
    """

    items: tuple[Item, ...]
    hosts: tuple[Host, ...]
    mounts: tuple[Mount, ...]
    policy: MarginPolicy
    worth: dict[str, float]
    rows: tuple[Row, ...]
    first: np.ndarray
    option_mount: np.ndarray
    cost: dict[str, F64]
    use: F64
    limit: F64
    refused: dict[str, str] = field(default_factory=dict)

    def choices(self, names: Sequence[str] = ("worth", "mass", "risk"), limit: F64 | None = None) -> Choices:
        """For the solvers, with these costs, and other limits where given."""
        cost = np.stack([self.cost[name] for name in names], axis=1)
        return Choices(first=self.first, cost=cost, use=self.use, limit=self.limit if limit is None else limit)

    def assignment(self, picks: np.ndarray) -> dict[str, str]:
        """Instrument -> mount, of (item,) options taken; those at home are left out."""
        places = self.option_mount[picks]
        return {item.name: self.mounts[at].name for item, at in zip(self.items, places, strict=True) if at >= 0}


def amounts(item: Item, mount: Mount, host: Host, policy: MarginPolicy) -> dict[tuple[str, str], tuple[float, float]]:
    """(quantity, phase) -> (basic, margined with the item's maturity) of an instrument on a mount.

    Power of phases 'sun' and 'shadow' is that of waiting: what measuring adds counts for one instrument at a time.
    The harness is an item off the shelf.
    """
    basic = {
        ("volume", "all"): item.volume_m3,
        ("power", "sun"): item.standby_w,
        ("power", "shadow"): item.standby_w,
        ("power", "night"): item.night_w,
        ("energy", "day"): item.measurement_wh * item.per_day + item.standby_w * DAY_HOURS,
        ("energy", "night"): item.night_w * host.night_hours,
        ("data", "day"): item.measurement_mbit * item.per_day,
        ("heat", "sun"): item.standby_w,
    }
    made = {key: (value, policy.margined(value, item.maturity)) for key, value in basic.items()}
    mass = policy.margined(item.mass_kg, item.maturity) + policy.margined(mount.harness_kg, "off_the_shelf")
    made["mass", "all"] = (item.mass_kg + mount.harness_kg, mass)
    return made


def why_not(item: Item, mount: Mount, policy: MarginPolicy) -> str:
    """Why an instrument cannot stand on a mount, '' where it can; it may be turned."""
    if mount.name not in item.mounts:
        return f"{mount.name} is none of its mounts"
    if any(a > b + 1e-9 for a, b in zip(sorted(item.envelope_m), sorted(mount.envelope_m), strict=True)):
        return f"{mount.name} is too small for {' x '.join(f'{one:g}' for one in item.envelope_m)} m"
    mass = policy.margined(item.mass_kg, item.maturity)
    if mass > mount.max_mass_kg + 1e-9:
        return f"{mount.name} takes {mount.max_mass_kg:g} kg, it has {mass:.2f} kg with margin"
    return ""


def programme(
    items: Sequence[Item],
    hosts: Sequence[Host],
    mounts: Sequence[Mount],
    policy: MarginPolicy,
    worth: dict[str, float],
    demands: Demands = Demands(),
) -> Programme:
    """The programme of an accommodation.

    Args:
        items, hosts, mounts: taking part. policy: of margins.
        worth: instrument -> worth, 0 where it is not named.
        demands: on the assignment, beside the limits of hosts and mounts.

    Raises: InputError for a name that is no instrument, or an instrument that must ride and has no mount at all.
    """
    names = [item.name for item in items]
    must_ride, host_worth = demands.must_ride, demands.host_worth
    for name in (*must_ride, *worth):
        if name not in names:
            raise InputError(
                f"payload: '{name}' is no instrument of [payload] instruments", f"known: {', '.join(names)}"
            )
    rows, limit = _rows(items, hosts, mounts, policy, demands.least_of_each)
    by_name = {host.name: host for host in hosts}
    first, option_mount, use = [0], [], []
    cost: dict[str, list[float]] = {"worth": [], "mass": [], "risk": []}
    refused = {}
    for item in items:
        reasons = {mount.name: why_not(item, mount, policy) for mount in mounts}
        allowed = [at for at, mount in enumerate(mounts) if not reasons[mount.name]]
        if not allowed:
            near = [why for mount, why in reasons.items() if mount in item.mounts]
            refused[item.name] = "; ".join(near) or f"none of its mounts ({', '.join(item.mounts)}) is on these hosts"
            if item.name in must_ride:
                raise NothingLeftError(
                    f"payload: {item.name} must ride, but {refused[item.name]}", "give it another mount"
                )
        for at in allowed:
            option_mount.append(at)
            host = by_name[mounts[at].host]
            held = amounts(item, mounts[at], host, policy)
            use.append(_uses(item, mounts[at], host, policy, rows, items))
            cost["worth"].append(-round(worth.get(item.name, 0.0) * host_worth.get(host.name, 1.0), 9))
            cost["mass"].append(round(held["mass", "all"][1], 9))
            cost["risk"].append(item.failure_probability)
        if item.name not in must_ride:
            option_mount.append(-1)
            use.append(np.zeros(len(rows)))
            for values in cost.values():
                values.append(0.0)
        first.append(len(option_mount))
    return Programme(
        items=tuple(items), hosts=tuple(hosts), mounts=tuple(mounts), policy=policy, worth=dict(worth), rows=rows,
        first=np.array(first), option_mount=np.array(option_mount, dtype=np.int64),
        cost={name: np.array(values) for name, values in cost.items()}, use=np.array(use).reshape(-1, len(rows)),
        limit=limit, refused=refused,
    )  # fmt: skip


def host_limits(host: Host) -> dict[tuple[str, str], float]:
    """(quantity, phase) -> what a host keeps for instruments; phases it does not have are left out."""
    limits = {
        ("mass", "all"): host.instrument_mass_kg,
        ("volume", "all"): host.instrument_volume_m3,
        **{("power", phase): value for phase, value in host.power_w.items()},
        ("energy", "day"): host.energy_day_wh,
        ("data", "day"): host.data_day_mbit,
        ("heat", "sun"): host.heat_w,
    }
    return limits if host.energy_night_wh is None else limits | {("energy", "night"): host.energy_night_wh}


def _rows(
    items: Sequence[Item],
    hosts: Sequence[Host],
    mounts: Sequence[Mount],
    policy: MarginPolicy,
    least_of_each: tuple[tuple[str, int], ...],
) -> tuple[tuple[Row, ...], F64]:
    rows: list[Row] = []
    limit: list[float] = []

    def add(value: float, *row: str) -> None:
        rows.append(Row(*row))
        limit.append(value)

    # The margin of the system is taken from the limit: the same inequality, and uses stay those of the items.
    system = 1.0 + policy.system_fraction
    for mount in mounts:
        add(float(mount.places), "places", mount.host, mount.name, "all", "", f"{mount.name} takes {mount.places}")
    for host in hosts:
        limits = host_limits(host)
        for quantity, phase, unit in RESOURCES:
            if (quantity, phase) not in limits:
                continue
            value = limits[quantity, phase]
            words = f"{quantity} ({phase}) of {host.name} within {value:g} {unit}"
            if _one_at_a_time(quantity, phase):
                for item in items:
                    add(value / system, "resource", host.name, quantity, f"{phase} {item.name}", unit, words)
            else:
                add(value / system, "resource", host.name, quantity, phase, unit, words)
        for item in items:
            for other in item.needs:
                add(0.0, "needs", host.name, item.name, other, "", f"{item.name} needs {other} on its host")
            for other in item.excludes:
                add(1.0, "excludes", host.name, item.name, other, "", f"{item.name} excludes {other} on its host")
    for agency, number in least_of_each:
        if number > 0:
            add(-float(number), "agency", "", agency, "all", "", f"at least {number} instruments of {agency}")
    return tuple(rows), np.array(limit)


def _one_at_a_time(quantity: str, phase: str) -> bool:
    """Whether instruments take turns: while one measures the others wait."""
    return (quantity in ("power", "heat")) and phase in ("sun", "shadow")


def _uses(
    item: Item,
    mount: Mount,
    host: Host,
    policy: MarginPolicy,
    rows: Sequence[Row],
    items: Sequence[Item],
) -> F64:
    """(row,) what an item takes up on a mount."""
    held, limits = amounts(item, mount, host, policy), host_limits(host)
    place = {(row.kind, row.host, row.quantity, row.phase): at for at, row in enumerate(rows)}
    use = np.zeros(len(rows))
    use[place["places", mount.host, mount.name, "all"]] = 1.0
    for (quantity, phase), (_, margined) in held.items():
        if (quantity, phase) not in limits:
            continue
        if not _one_at_a_time(quantity, phase):
            use[place["resource", mount.host, quantity, phase]] = margined
            continue
        for other in items:
            use[place["resource", mount.host, quantity, f"{phase} {other.name}"]] = margined
        working = policy.margined(max(item.measuring_w, item.standby_w), item.maturity)
        use[place["resource", mount.host, quantity, f"{phase} {item.name}"]] = working
    for row, key in enumerate(rows):
        if key.kind == "agency":
            use[row] = -1.0 if item.agency == key.quantity else 0.0
        elif key.kind == "needs" and key.host == mount.host:
            use[row] = float(key.quantity == item.name) - float(key.phase == item.name)
        elif key.kind == "excludes" and key.host == mount.host:
            use[row] = float(item.name in (key.quantity, key.phase))
    return use
