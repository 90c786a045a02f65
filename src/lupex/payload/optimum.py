"""The best accommodation with proof, what holds it back, what else would do, and why nothing does."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError, NothingLeftError
from lupex.model.payload.fit import Binding, Compromise
from lupex.payload.programme import Programme, Row
from lupex.solvers.choices import least, taken, whole_numbers
from lupex.solvers.milp import RowBlock, Solved

AGENCIES = ("JAXA", "ISRO")


def optimum(programme: Programme, objectives: Sequence[str]) -> np.ndarray:
    """(item,) options of the best accommodation: best in the first objective, among those in the second, and so on.

    Every earlier objective is held at its proven value while a later one is improved; what is still equal goes to the
    mount that stands first, instrument by instrument, so that the answer is one and the same on every run.

    Args:
        programme: instruments, hosts, mounts. objectives: of 'worth', 'mass', 'risk', 'balance'.

    Raises: NothingLeftError with a smallest set of requirements that cannot be kept together.
    """
    held: list[RowBlock] = []
    options, free = len(programme.option_mount), 1
    for name in objectives:
        cost = _cost(programme, name, options + free)
        rows = [*held, *_balance(programme, options + free)]
        done = least(programme.choices(), cost, rows, free)
        _check(programme, done)
        # Whole numbers: a value less than half above the best is the best.
        held.append(RowBlock(cost.reshape(1, -1), -np.inf, round(float(cost @ np.round(done.columns))) + 0.5))
    picks = np.zeros(len(programme.items), np.int64)
    for number in range(len(programme.items)):
        lo, hi = programme.first[number], programme.first[number + 1]
        cost = np.zeros(options + free)
        cost[lo:hi] = np.arange(hi - lo)
        done = least(programme.choices(), cost, [*held, *_balance(programme, options + free)], free)
        _check(programme, done)
        picks[number] = taken(programme.choices(), done.columns[:options])[number]
        fixed = np.zeros((1, options + free))
        fixed[0, picks[number]] = 1.0
        held.append(RowBlock(fixed, 1.0, 1.0))
    return picks


def value(programme: Programme, picks: np.ndarray, name: str) -> float:
    """An objective of options taken, in its own sense: worth is large when it is good, the others small."""
    if name == "balance":
        counts = [_carried(programme, agency)[picks].sum() for agency in AGENCIES]
        return float(abs(counts[0] - counts[1]))
    total = float(programme.cost[name][picks].sum())
    return -total if name == "worth" else total


def compromise(programme: Programme, picks: np.ndarray) -> Compromise:
    """Options taken in words and numbers."""
    worth, mass, risk = (value(programme, picks, name) for name in ("worth", "mass", "risk"))
    return Compromise(assignment=programme.assignment(picks), worth=worth, mass_kg=mass, risk=risk)


def binding(programme: Programme, picks: np.ndarray, objective: str = "worth") -> tuple[Binding, ...]:
    """Limits of which one unit more, or a tenth of them, makes the first objective better; found by solving again.

    An integer optimum has no prices: those of the relaxation are wrong, so each limit is raised and the whole solved.

    Args:
        programme: instruments, hosts, mounts. picks: the optimum. objective: that is to become better.
    """
    best = value(programme, picks, objective)
    kinds = dict.fromkeys(_group(row) for row in programme.rows if row.kind in ("resource", "places"))
    found = []
    for kind in kinds:
        rows = [at for at, row in enumerate(programme.rows) if _group(row) == kind]
        row = programme.rows[rows[0]]
        for more in dict.fromkeys((1.0, 0.1 * float(programme.limit[rows[0]]))):
            limit = programme.limit.copy()
            limit[rows] += more
            # A raised limit keeps the old solution, so there is always one.
            better = optimum_of(replace(programme, limit=limit), objective)
            gain = value(programme, better, objective) - best
            gain = gain if objective == "worth" else -gain
            if more > 0.0 and gain > 1e-9 * max(1.0, abs(best)):
                found.append(
                    Binding(
                        host=row.host, quantity=row.quantity, phase=row.phase.split()[0], unit=row.unit or "places",
                        more=more, gain=gain, change=_change(programme, picks, better),
                    )
                )  # fmt: skip
                break
    return tuple(sorted(found, key=lambda one: (-one.gain / one.more, one.host, one.quantity, one.phase)))


def optimum_of(programme: Programme, objective: str) -> np.ndarray:
    """(item,) options of an accommodation best in one objective; not of those equal the first. Raises as `optimum`."""
    options = len(programme.option_mount)
    cost = _cost(programme, objective, options + 1)
    done = least(programme.choices(), cost, _balance(programme, options + 1), 1)
    _check(programme, done)
    return taken(programme.choices(), done.columns[:options])


def alternatives(programme: Programme, picks: np.ndarray, count: int, loss_fraction: float) -> tuple[Compromise, ...]:
    """Other choices of instruments and hosts that lose at most this share of the worth, best first.

    Args:
        programme: instruments, hosts, mounts. picks: the optimum. count: how many at most.
        loss_fraction: of its worth an alternative may lose.
    """
    options = len(programme.option_mount)
    best = value(programme, picks, "worth")
    found, known = [], [picks]
    for _ in range(count):
        more = [_not_again(programme, one, options) for one in known]
        done = least(programme.choices(), programme.cost["worth"], more)
        if done.status != "optimal":
            break
        next_one = taken(programme.choices(), done.columns)
        if value(programme, next_one, "worth") < best - loss_fraction * abs(best) - 1e-12:
            break
        known.append(next_one)
        found.append(compromise(programme, next_one))
    # Equal worths may differ in their last bit.
    return tuple(sorted(found, key=lambda one: -round(one.worth, 9)))


def core(programme: Programme) -> tuple[str, ...]:
    """A smallest set of requirements that cannot be kept together, in words; empty when all can be.

    Requirements are taken away one by one as long as what is left stays impossible (deletion filter); the result is
    checked: impossible as it is, possible without any one of it.

    Args:
        programme: instruments, hosts, mounts.
    """
    asked = _requirements(programme)
    if _possible(programme, asked):
        return ()
    kept = list(asked)
    for one in asked:
        fewer = [other for other in kept if other != one]
        if not _possible(programme, fewer):
            kept = fewer
    if (
        not kept
        or _possible(programme, kept)
        or any(not _possible(programme, [o for o in kept if o != k]) for k in kept)
    ):
        raise AssertionError("the core of an impossible accommodation is not minimal")
    return tuple(kept)


def _requirements(programme: Programme) -> list[str]:
    must = [
        f"{item.name} must ride"
        for number, item in enumerate(programme.items)
        if not (programme.option_mount[programme.first[number] : programme.first[number + 1]] < 0).any()
    ]
    return [*must, *dict.fromkeys(row.words for row in programme.rows)]


def _possible(programme: Programme, asked: Sequence[str]) -> bool:
    """Whether these requirements can be kept together; instruments that need not ride stay at home where they like."""
    names = set(asked)
    rows = [at for at, row in enumerate(programme.rows) if row.words in names]
    first: list[int] = [0]
    mounts: list[int] = []
    use: list[F64] = []
    for number, item in enumerate(programme.items):
        lo, hi = int(programme.first[number]), int(programme.first[number + 1])
        mounts.extend(programme.option_mount[lo:hi].tolist())
        use.extend(programme.use[lo:hi, rows])
        if not (programme.option_mount[lo:hi] < 0).any() and f"{item.name} must ride" not in names:
            mounts.append(-1)
            use.append(np.zeros(len(rows)))
        first.append(len(mounts))
    smaller = replace(
        programme,
        first=np.array(first),
        option_mount=np.array(mounts),
        rows=tuple(programme.rows[at] for at in rows),
        use=np.array(use).reshape(len(mounts), len(rows)),
        limit=programme.limit[rows],
        cost=dict.fromkeys(programme.cost, np.zeros(len(mounts))),
    )
    done = least(smaller.choices(), np.zeros(len(mounts)))
    if done.status == "stopped":  # neither possible nor impossible: no core may be told from that
        raise _stopped(done)
    return done.status == "optimal"


def _check(programme: Programme, done: Solved) -> None:
    """Nothing for a proven optimum; else raises a smallest set of reasons, or that the solver stopped."""
    if done.status == "infeasible":
        raise _nothing_fits(programme)
    if done.status != "optimal":
        raise _stopped(done)


def _stopped(done: Solved) -> InputError:
    return InputError(f"payload fit: the solver stopped: {done.message}", "take fewer instruments or mounts")


def _nothing_fits(programme: Programme) -> NothingLeftError:
    return NothingLeftError(f"payload fit: these cannot be kept together: {'; '.join(core(programme))}", "give up one")


def _cost(programme: Programme, name: str, columns: int) -> F64:
    """(option + 1,) whole numbers to be small; the last column is the imbalance of the agencies."""
    cost = np.zeros(columns)
    if name == "balance":
        cost[-1] = 1.0
    elif name in programme.cost:
        cost[:-1] = whole_numbers(programme.cost[name])
    else:
        raise InputError(f"payload: '{name}' is no objective", "known: worth, mass, risk, balance")
    return cost


def _carried(programme: Programme, agency: str) -> F64:
    """(option,) 1 where an instrument of the agency is carried."""
    out = np.zeros(len(programme.option_mount))
    for number, item in enumerate(programme.items):
        lo, hi = programme.first[number], programme.first[number + 1]
        out[lo:hi] = (programme.option_mount[lo:hi] >= 0) * float(item.agency == agency)
    return out


def _balance(programme: Programme, columns: int) -> list[RowBlock]:
    """The last column is at least the difference of the agencies' numbers of instruments, either way."""
    difference = np.zeros(columns)
    difference[:-1] = _carried(programme, AGENCIES[0]) - _carried(programme, AGENCIES[1])
    both = np.stack([difference, -difference])
    both[:, -1] = -1.0
    return [RowBlock(both, -np.inf, 0.0)]


def _group(row: Row) -> tuple[str, str, str]:
    """What belongs to one limit: turns of one phase together."""
    return row.host, row.quantity, row.phase.split()[0] if row.kind == "resource" else row.phase


def _change(programme: Programme, before: np.ndarray, after: np.ndarray) -> tuple[str, ...]:
    old, new = programme.assignment(before), programme.assignment(after)
    hosts = {mount.name: mount.host for mount in programme.mounts}
    words = []
    for item in programme.items:
        was, now = old.get(item.name), new.get(item.name)
        if was is None and now is not None:
            words.append(f"+{item.name} on {hosts[now]}")
        elif was is not None and now is None:
            words.append(f"-{item.name}")
        elif was is not None and now is not None and hosts[was] != hosts[now]:
            words.append(f"{item.name} to {hosts[now]}")
    return tuple(words)


def _not_again(programme: Programme, picks: np.ndarray, options: int) -> RowBlock:
    """At least one instrument on another host, or aboard instead of at home."""
    hosts = {mount.name: mount.host for mount in programme.mounts}
    where = [hosts[programme.mounts[at].name] if at >= 0 else "" for at in programme.option_mount]
    same = np.zeros((1, options))
    for number, pick in enumerate(picks):
        lo, hi = programme.first[number], programme.first[number + 1]
        same[0, lo:hi] = [float(where[at] == where[pick]) for at in range(lo, hi)]
    return RowBlock(same, -np.inf, len(picks) - 1.0)
