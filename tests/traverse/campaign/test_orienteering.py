"""The relaxed choice as a MILP against looking at every order."""

import pytest
from tests.traverse.made_up_choices import made_up_choice, orders_of, roomy_choice, worth

from lupex.traverse.campaign.order_choice import Choice
from lupex.traverse.campaign.orienteering import Cuts, best_order, holds


def most_worth(choice: Choice, cuts: Cuts) -> float:
    return max(worth(choice, order) for order in orders_of(5) if choice.fits(order) and not cuts.forbids(order))


@pytest.mark.parametrize("seed", range(25))
def test_the_best_order_is_worth_as_much_as_the_best_of_all_orders(seed: int) -> None:
    choice = made_up_choice(seed)
    answer = best_order(choice, Cuts(), 100_000)
    assert answer.order is not None
    assert choice.fits(answer.order)
    assert worth(choice, answer.order) == most_worth(choice, Cuts())
    assert answer.bound == pytest.approx(most_worth(choice, Cuts()), abs=1e-6)


@pytest.mark.parametrize("seed", range(8))
def test_orders_that_are_cut_off_are_not_proposed_again_and_nothing_else_is_lost(seed: int) -> None:
    choice, sequences = made_up_choice(seed), ()
    for _ in range(6):
        answer = best_order(choice, Cuts(sequences), 100_000)
        assert answer.order is not None
        assert not Cuts(sequences).forbids(answer.order)
        assert worth(choice, answer.order) == most_worth(choice, Cuts(sequences))
        if not answer.order:
            break
        sequences += (answer.order,)


def test_stops_that_do_not_go_together_are_not_put_together() -> None:
    choice = roomy_choice(4)
    answer = best_order(choice, Cuts(together=(frozenset({3, 2}),)), 1000)
    assert answer.order is not None and set(answer.order) == {3, 1, 0}
    answer = best_order(choice, Cuts(most_stops=2), 1000)
    assert answer.order is not None and set(answer.order) == {3, 2}
    assert answer.bound == pytest.approx(12.0)


def test_a_sequence_is_held_whatever_lies_between() -> None:
    assert holds((4, 1, 3, 2), (4, 3)) and holds((1,), ()) and holds((1, 2), (1, 2))
    assert not holds((4, 1, 3, 2), (3, 4)) and not holds((1,), (1, 1))
