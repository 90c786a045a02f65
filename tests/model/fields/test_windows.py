"""Windows are sets of instants: the laws of sets must hold, and lengths must add up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lupex.base.errors import SpanError
from lupex.model import Windows

SPAN = (0.0, 60.0)


@st.composite
def windows(draw):
    """Any windows inside the span, on whole and half seconds so that ends often coincide."""
    edges = draw(st.lists(st.integers(0, 120), unique=True, max_size=16).map(sorted))
    edges = np.array(edges[: len(edges) // 2 * 2], float) / 2.0
    return Windows(edges[0::2], edges[1::2], SPAN)


def holds(w, instants):
    """Whether each instant lies in some window [start, stop)."""
    return np.array([any(a <= t < b for a, b in w) for t in instants])


def same(a, b):
    return list(a) == list(b) and a.span_tdb_s == b.span_tdb_s


INSTANTS = np.arange(0.0, 60.0, 0.25)


@given(windows(), windows())
def test_and_or_not_are_those_of_sets(a, b):
    in_a, in_b = holds(a, INSTANTS), holds(b, INSTANTS)
    assert np.array_equal(holds(a & b, INSTANTS), in_a & in_b)
    assert np.array_equal(holds(a | b, INSTANTS), in_a | in_b)
    assert np.array_equal(holds(~a, INSTANTS), ~in_a)


@given(windows(), windows())
def test_de_morgan(a, b):
    assert same(~(a & b), ~a | ~b)
    assert same(~(a | b), ~a & ~b)


@given(windows(), windows(), windows())
def test_order_does_not_matter_and_both_distribute(a, b, c):
    assert same(a & b, b & a)
    assert same(a | b, b | a)
    assert same((a & b) & c, a & (b & c))
    assert same(a & (b | c), (a & b) | (a & c))


@given(windows())
def test_twice_not_is_nothing_done(a):
    assert same(~~a, a)
    assert same(a & a, a)
    assert same(a | a, a)
    assert not len(a & ~a)
    assert list(a | ~a) == [SPAN]


@given(windows(), windows())
def test_lengths_add_up(a, b):
    assert a.total_s + (~a).total_s == pytest.approx(60.0, abs=1e-9)
    assert (a | b).total_s + (a & b).total_s == pytest.approx(a.total_s + b.total_s, abs=1e-9)


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_a_mask_and_its_windows_say_the_same(mask):
    times = 100.0 + 10.0 * np.arange(len(mask))
    w = Windows.from_mask(times, np.array(mask), 10.0)
    assert w.span_tdb_s == (100.0, 100.0 + 10.0 * len(mask))
    assert holds(w, times).tolist() == mask
    assert w.total_s == 10.0 * sum(mask)
    runs = "".join("x" if m else " " for m in mask).split()
    assert w.longest_s() == 10.0 * max(map(len, runs), default=0)


def test_the_earliest_of_equally_long_windows_is_the_longest():
    w = Windows(np.array([1.0, 5.0, 20.0]), np.array([2.0, 9.0, 24.0]), SPAN)
    assert w.longest() == (5.0, 9.0)
    assert w.longest_s() == 4.0
    assert len(w) == 3


def test_no_window_at_all():
    none = Windows(np.zeros(0), np.zeros(0), SPAN)
    assert none.longest() is None
    assert none.longest_s() == none.total_s == 0.0
    assert list(~none) == [SPAN]


def test_windows_that_touch_become_one():
    a = Windows(np.array([0.0]), np.array([5.0]), SPAN)
    b = Windows(np.array([5.0]), np.array([9.0]), SPAN)
    assert list(a | b) == [(0.0, 9.0)]
    assert list(a & b) == []


@pytest.mark.parametrize(
    ("starts", "stops", "span"),
    [
        ([0.0], [1.0, 2.0], SPAN),
        ([2.0], [1.0], SPAN),
        ([1.0], [1.0], SPAN),
        ([0.0, 3.0], [4.0, 5.0], SPAN),
        ([0.0, 3.0], [3.0, 5.0], SPAN),
        ([-1.0], [5.0], SPAN),
        ([1.0], [61.0], SPAN),
        ([float("nan")], [5.0], SPAN),
        ([1.0], [float("inf")], (0.0, float("inf"))),
        ([], [], (5.0, 4.0)),
    ],
)
def test_what_is_no_set_of_windows_is_refused(starts, stops, span):
    with pytest.raises(SpanError, match="windows: "):
        Windows(np.array(starts), np.array(stops), span)


def test_different_spans_do_not_combine():
    a, b = (Windows(np.zeros(0), np.zeros(0), (0.0, stop)) for stop in (1.0, 2.0))
    with pytest.raises(SpanError, match="different spans"):
        _ = a & b


def test_a_mask_needs_as_many_times_and_at_least_one():
    with pytest.raises(SpanError, match="0 times"):
        Windows.from_mask(np.zeros(0), np.zeros(0, bool), 1.0)
    with pytest.raises(SpanError, match="2 times and 3 values"):
        Windows.from_mask(np.arange(2.0), np.ones(3, bool), 1.0)
