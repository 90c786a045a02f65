"""Choices of stops out of a hat, for tests of the relaxed problem."""

from dataclasses import replace
from itertools import permutations

import numpy as np

from lupex.traverse.campaign.order_choice import ChargeBounds, Choice, Order


def made_up_choice(seed: int, count: int = 5) -> Choice:
    """Stops in a plane with windows and a tight battery; legs keep the triangle inequality."""
    rng = np.random.default_rng(seed)
    places = rng.uniform(0.0, 20.0, (count + 2, 2))
    legs = np.ceil(np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)))
    for k in range(count + 2):
        legs = np.minimum(legs, legs[:, k, None] + legs[None, k])
    start, between, end = legs[-2, :count], legs[:count, :count], legs[:count, -1]
    dwell = rng.integers(1, 6, count).astype(float)
    steps = int(rng.integers(35, 60))
    windows: list[tuple[tuple[int, int], ...]] = []
    for _ in range(count):
        a, b, c, d = (int(v) for v in np.sort(rng.choice(steps, 4, replace=False)))
        windows.append(((a, b), (c, d)) if rng.random() < 0.6 else ((0, steps),))
    charge = ChargeBounds(
        start=50.0,
        least=10.0,
        full=60.0,
        idle_per_step=float(rng.uniform(-0.5, 0.3)),
        from_start=1.2 * start,
        between=1.2 * between,
        to_end=1.2 * end,
        work=-dwell * rng.uniform(0.5, 2.0, count),
        arrival_most=rng.uniform(40.0, 60.0, count),
        departure_least=rng.uniform(10.0, 20.0, count),
    )
    return Choice(
        value=rng.integers(1, 10, count).astype(float),
        dwell=dwell,
        windows=tuple(windows),
        from_start=start,
        between=between,
        to_end=end,
        steps=steps,
        charge=charge,
    )


def roomy_choice(count: int) -> Choice:
    """Stops of value 1, 2, 4, ... any order of which fits: one step apart, one step of work each."""
    ones, free = np.ones(count), np.zeros(count)
    between = 1.0 - np.eye(count)
    charge = ChargeBounds(
        start=100.0,
        least=0.0,
        full=100.0,
        idle_per_step=0.0,
        from_start=free,
        between=np.zeros((count, count)),
        to_end=free,
        work=free,
        arrival_most=np.full(count, 100.0),
        departure_least=free,
    )
    windows = (((0, 10 * count),),) * count
    return Choice(
        value=2.0 ** np.arange(count),
        dwell=ones,
        windows=windows,
        from_start=ones,
        between=between,
        to_end=ones,
        steps=10 * count,
        charge=charge,
    )


def slower(choice: Choice, extra: float) -> Choice:
    """The same with every stop longer: what fits it fits the choice too."""
    return replace(choice, dwell=choice.dwell + extra)


def orders_of(count: int) -> list[Order]:
    """Every order of some of the stops."""
    return [order for size in range(count + 1) for order in permutations(range(count), size)]


def worth(choice: Choice, order: Order) -> float:
    """Sum of the values of an order's stops."""
    return float(sum(choice.value[stop] for stop in order))
