"""The search: relaxed choices against a judge who knows more, here one who wants longer stops."""

import pytest
from tests.traverse.made_up_choices import made_up_choice, orders_of, roomy_choice, slower, worth

from lupex.traverse.campaign.order_choice import Choice, Order
from lupex.traverse.campaign.order_search import Judge, SearchLimits, search


def judge_of(truth: Choice) -> Judge[Order]:
    return lambda order: (order, "") if truth.fits(order) else (None, f"no to {order}")


@pytest.mark.parametrize("seed", range(20))
def test_the_search_proves_the_best_order_of_a_stricter_truth(seed: int) -> None:
    choice = made_up_choice(seed)
    truth = slower(choice, 2.0)
    found = search(choice, judge_of(truth), ())
    best = max(worth(choice, order) for order in orders_of(5) if truth.fits(order))
    assert (found.value, found.bound, found.ended) == (best, best, "proven")
    assert found.drive == found.order and truth.fits(found.order) and worth(choice, found.order) == best
    for cut in found.cuts.sequences:
        assert not truth.fits(cut)


def test_a_stop_that_no_drive_serves_alone_is_left_out_with_what_the_judge_said() -> None:
    def judge(order: Order) -> tuple[Order | None, str]:
        return (None, "too steep") if 2 in order else (order, "")

    found = search(roomy_choice(3), judge, ())
    assert found.value == found.bound == 3.0
    assert found.reasons == {2: "too steep"}
    assert found.cuts.sequences == ((2,),)


def test_cuts_are_the_smallest_impossible_parts() -> None:
    def judge(order: Order) -> tuple[Order | None, str]:
        late = 0 in order and 3 in order and order.index(3) < order.index(0)
        return (None, "") if late else (order, "")

    found = search(roomy_choice(4), judge, ())
    assert found.value == found.bound == 15.0
    assert all(cut == (3, 0) for cut in found.cuts.sequences)


def test_limits_end_the_search_with_an_honest_bound() -> None:
    def judge(order: Order) -> tuple[Order | None, str]:
        return (order, "") if len(order) < 3 else (None, "")

    free = search(roomy_choice(5), judge, ())
    assert (free.value, free.bound, free.ended) == (24.0, 24.0, "proven")
    few = search(roomy_choice(5), judge, (), SearchLimits(drives=7))
    assert few.ended == "drives" and few.drives == 7
    assert few.value <= 24.0 <= few.bound
    short = search(roomy_choice(5), judge, (), SearchLimits(iterations=1))
    assert short.ended == "iterations" and short.iterations == 1
    assert short.value <= 24.0 <= short.bound


def test_two_searches_are_alike() -> None:
    choice = made_up_choice(3)
    assert search(choice, judge_of(slower(choice, 1.0)), ()) == search(choice, judge_of(slower(choice, 1.0)), ())
