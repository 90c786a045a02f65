"""How likely an assignment still fits when its numbers grow.

Each instrument's mass, power, energy and data grow by one factor of its own: triangular from no growth to twice the
margin of its maturity, most likely at the margin's half (assumption; published histories grow by 25 to 35 % in all).
"""

import numpy as np

from lupex.payload.programme import Programme, amounts, host_limits


def fits_probability(programme: Programme, assignment: dict[str, str], draws: int, rng: np.random.Generator) -> float:
    """Share of draws in which no limit of any host is exceeded; margins are what growth may use up.

    Args:
        programme: instruments, hosts, mounts. assignment: instrument -> mount.
        draws: how many. rng: random numbers.
    """
    mounts = {mount.name: mount for mount in programme.mounts}
    good = np.ones(draws, bool)
    for host in programme.hosts:
        aboard = [
            (item, mounts[assignment[item.name]])
            for item in programme.items
            if item.name in assignment and mounts[assignment[item.name]].host == host.name
        ]
        if not aboard:
            continue
        spread = [programme.policy.fraction[item.maturity] for item, _ in aboard]
        factor = np.stack([1.0 + rng.triangular(0.0, 0.5 * one, 2.0 * one, draws) for one in spread])
        held = [amounts(item, mount, host, programme.policy) for item, mount in aboard]
        working = np.array([max(item.measuring_w, item.standby_w) for item, _ in aboard])
        for key, limit in host_limits(host).items():
            if key == ("volume", "all"):
                continue
            basic = np.array([one[key][0] for one in held])
            total = basic @ factor
            if key[0] in ("power", "heat") and key[1] != "night":
                total = total + ((working - basic)[:, None] * factor).max(axis=0)
            good &= total <= limit
    return float(good.mean())
