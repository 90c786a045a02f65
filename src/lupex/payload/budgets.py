"""Budgets of an assignment: what the instruments of each host take, with margins, against what it keeps for them."""

from collections.abc import Sequence

from lupex.model.payload.fit import BudgetRow
from lupex.model.payload.hosts import Host, MarginPolicy, Mount
from lupex.model.payload.item import Item
from lupex.payload.programme import RESOURCES, Programme, amounts, host_limits


def budgets(programme: Programme, assignment: dict[str, str]) -> tuple[BudgetRow, ...]:
    """One row per host, quantity and phase; the margin is the limit less the margined sum.

    While one instrument measures the others wait: power and heat of a phase are those of the worst turn. The margin of
    the system is on the sum of the margined values.

    Args:
        programme: instruments, hosts and mounts. assignment: instrument -> mount.
    """
    mounts = {mount.name: mount for mount in programme.mounts}
    rows = []
    for host in programme.hosts:
        aboard = [
            (item, mounts[assignment[item.name]])
            for item in programme.items
            if item.name in assignment and mounts[assignment[item.name]].host == host.name
        ]
        limits = host_limits(host)
        for quantity, phase, unit in RESOURCES:
            if (quantity, phase) not in limits:
                continue
            basic, margined = _sums(quantity, phase, aboard, host, programme.policy)
            margined *= 1.0 + programme.policy.system_fraction
            rows.append(
                BudgetRow(
                    host=host.name, quantity=quantity, phase=phase, unit=unit, basic=basic, margined=margined,
                    limit=limits[quantity, phase],
                )
            )  # fmt: skip
    return tuple(rows)


def _sums(
    quantity: str, phase: str, aboard: Sequence[tuple[Item, Mount]], host: Host, policy: MarginPolicy
) -> tuple[float, float]:
    held = [amounts(item, mount, host, policy)[quantity, phase] for item, mount in aboard]
    basic, margined = sum(one[0] for one in held), sum(one[1] for one in held)
    if quantity not in ("power", "heat") or phase == "night" or not aboard:
        return basic, margined
    working = [max(item.measuring_w, item.standby_w) for item, _ in aboard]
    extra = [
        policy.margined(power, item.maturity) - one[1]
        for power, (item, _), one in zip(working, aboard, held, strict=True)
    ]
    return (
        basic + max(power - one[0] for power, one in zip(working, held, strict=True)),
        margined + max(extra),
    )
