"""Draws of a drive and rovers that stand still, against closed forms and plain Python."""

import math

import numpy as np
import pytest

from lupex.kernels.drive.risk import (
    BATTERY,
    DARK,
    DRIVE,
    IDLE,
    NO_LIFE,
    SPAN,
    SURVIVES,
    WORK,
    _next_uniform,
    drive_draws,
    stand_on,
)

NO_FAULTS = np.zeros(2)
LIMITS = np.array([600.0, 1000.0, 100.0, np.inf, np.inf])
HOTEL = np.array([100.0, 20.0])


def play(draws, plan_s, kind, powers, here, there, disc, *, speeds=None, factors=None, rates=NO_FAULTS, delay_s=1.0,
         begin=(0.0, 500.0, 0.0), least_s=None, metres=None, earth=None, view=False, limits=LIMITS,
         stay_wh=()):  # fmt: skip
    """drive_draws with what most tests do not care about filled in: (ends, lows, late_s)."""
    plan_s = np.asarray(plan_s, float)
    kind, here, there = (np.asarray(v, np.int64) for v in (kind, here, there))
    least_s = np.diff(plan_s) if least_s is None else np.asarray(least_s, float)
    disc = np.asarray(disc, np.uint8)
    earth = np.ones_like(disc) if earth is None else np.asarray(earth, np.uint8)
    ends, lows, late = np.empty(draws, np.int64), np.empty(draws), np.empty(draws)
    ones = np.ones(draws)
    seeds = np.random.default_rng(1).integers(0, 2**63, draws, dtype=np.uint64)
    metres = np.zeros(kind.size) if metres is None else np.asarray(metres, float)
    speeds, factors = (ones if given is None else given for given in (speeds, factors))
    drive_draws(0, draws, speeds, factors, seeds, np.asarray(rates, float), delay_s, np.asarray(begin, float), plan_s,
                least_s, metres, np.asarray(powers, float), kind, here, there, HOTEL, view, disc, earth,
                np.full(disc.shape[1], 300.0), limits, np.asarray(stay_wh, float), ends, lows, late)  # fmt: skip
    return ends, lows, late


def test_uniform_numbers_are_uniform() -> None:
    state = np.array([12345], np.uint64)
    drawn = np.array([_next_uniform(state) for _ in range(20_000)])
    assert drawn.min() > 0.0 and drawn.max() < 1.0
    assert drawn.mean() == pytest.approx(0.5, abs=3.0 / math.sqrt(12.0 * 20_000))
    assert np.histogram(drawn, 10, (0, 1))[0].std() < 3.0 * math.sqrt(2_000 * 0.9)


def test_a_plan_that_meets_no_bad_luck_repeats_itself() -> None:
    disc = np.array([[0] * 3 + [255] * 7, [255] * 10])
    ends, lows, late = play(
        3, [0, 1200, 2400, 4800], [DRIVE, WORK, IDLE], [130.0, 150.0, 0.0], [0, 1, 1], [1, 1, 1], disc
    )
    assert (ends == SURVIVES).all() and late == pytest.approx(0.0, abs=1e-9)
    # mean light of two cells: 150 W against 130 W; then 300 against 150, and 300 against 100
    assert lows == pytest.approx(500.0)
    ends, lows, _ = play(1, [0, 1200, 2400], [DRIVE, WORK], [430.0, 400.0], [0, 1], [1, 1], np.zeros((2, 10)))
    assert lows[0] == pytest.approx(500.0 - (430.0 * 1200 + 400.0 * 1200) / 3600.0)


def test_a_slow_draw_is_late_and_skips_what_is_left_of_its_idle_stop() -> None:
    speeds = np.array([1.0, 0.5, 0.25])
    disc = np.full((2, 20), 255)
    plan = [0, 1200, 2400, 3600]
    _, _, late = play(3, plan, [DRIVE, IDLE, DRIVE], [110.0, 0.0, 110.0], [0, 1, 1], [1, 1, 0], disc, speeds=speeds)
    # 1200 s of driving take 2400 and 4800 s; the stop takes up 1200 s of it
    assert late == pytest.approx([0.0, 1200.0, 6000.0])
    _, _, late = play(3, plan, [DRIVE, WORK, DRIVE], [110.0, 150.0, 110.0], [0, 1, 1], [1, 1, 0], disc, speeds=speeds)
    assert late == pytest.approx([0.0, 2400.0, 7200.0])  # work is done in full


def test_a_leg_with_time_to_spare_takes_up_a_little_slowness() -> None:
    _, _, late = play(
        1, [0, 1200], [DRIVE], [110.0], [0], [1], np.full((2, 9), 255), least_s=[900.0], speeds=np.array([0.8])
    )
    assert late == pytest.approx(0.0)


def test_charge_darkness_and_the_end_of_the_light_end_a_draw() -> None:
    night = np.zeros((1, 20))
    ends, lows, _ = play(1, [0, 7200], [WORK], [250.0], [0], [0], night)
    assert ends[0] == BATTERY and lows[0] == pytest.approx(500.0 - 250.0 * 6000 / 3600.0)  # seen at the end of a step
    dark = np.array([600.0, 1000.0, 100.0, np.inf, 3000.0])
    ends, _, _ = play(1, [0, 7200], [IDLE], [0.0], [0], [0], night, limits=dark)
    assert ends[0] == DARK
    ends, _, _ = play(1, [0, 14_400], [IDLE], [0.0], [0], [0], night)
    assert ends[0] == SPAN


def test_a_sample_that_arrives_where_it_cannot_live_on_is_lost() -> None:
    lit = np.full((2, 20), 255)
    task = ([0, 900], [DRIVE], [110.0], [0], [1], lit)  # +190 W over 900 s: 547.5 Wh; idle to the boundary: 564.2 Wh
    stay = np.full(21, np.inf)
    stay[2] = 564.0
    ends, _, late = play(1, *task, stay_wh=stay)
    assert ends[0] == SURVIVES and late[0] == pytest.approx(0.0)
    stay[2] = 564.5
    assert play(1, *task, stay_wh=stay)[0][0] == NO_LIFE
    # Twice as slow it arrives after the only boundary at which it may stay.
    stay[2] = 100.0
    slow = play(1, *task, stay_wh=stay, speeds=np.array([0.5]), least_s=[900.0])
    assert slow[0][0] == NO_LIFE and slow[2][0] == pytest.approx(900.0)


def test_a_rover_that_needs_view_waits_for_it() -> None:
    earth = np.ones((2, 20), np.uint8)
    earth[1, 1:4] = 0
    disc = np.full((2, 20), 255)
    _, _, late = play(1, [0, 1200], [DRIVE], [110.0], [0], [1], disc, earth=earth, view=True)
    assert late == pytest.approx(1800.0)
    _, _, late = play(1, [0, 1200], [DRIVE], [110.0], [0], [1], disc, earth=earth)
    assert late == pytest.approx(0.0)


def test_faults_come_as_often_and_last_as_long_as_asked() -> None:
    disc = np.full((1, 40_000), 255)
    ends, _, late = play(
        4000, [0, 864_000], [DRIVE], [110.0], [0], [0], disc, rates=[0.5 / 86_400.0, 0.0], delay_s=7200.0
    )
    assert (ends == SURVIVES).all()
    # a compound Poisson sum: mean rate t m = 5 x 2 h, variance 2 rate t m^2
    assert late.mean() == pytest.approx(36_000.0, abs=3.0 * math.sqrt(2 * 5) * 7200.0 / math.sqrt(4000))
    assert late.std() == pytest.approx(math.sqrt(10.0) * 7200.0, rel=0.08)
    assert (late == 0.0).mean() == pytest.approx(math.exp(-5.0), abs=3 * math.sqrt(math.exp(-5.0) / 4000))


def test_standing_still_agrees_with_plain_python() -> None:
    rng = np.random.default_rng(5)
    steps, cells = 60, 40
    disc = (rng.integers(0, 256, (steps, cells)) * (rng.random((steps, cells)) < 0.4)).astype(np.uint8)
    needed = rng.uniform(0.0, 350.0, (steps + 1, cells))
    begin = rng.uniform(0.0, 20.0, cells)
    limits = np.array([600.0, 1000.0, 100.0, 120.0, 4000.0])
    state = [np.full(cells, 400.0), rng.uniform(0, 2000.0, cells)]
    expected = []
    for c in range(cells):
        e, d, until, lit, low = state[0][c], state[1][c], begin[c], 0.0, 400.0
        for k in range(int(begin[c]), steps):
            span = 600.0 * (k + 1 - max(k, begin[c]))
            share = disc[k, c] / 255.0
            e = min(1000.0, e + min(300.0 * share - (100.0 if share else 20.0), 120.0) * span / 3600.0)
            d = 0.0 if share else d + span
            if e < max(100.0, needed[k + 1, c]) or d > 4000.0:
                break
            until, lit, low = k + 1, lit + (span if share else 0.0), min(low, e)
        expected.append((until, lit, low))
    alive, until, lit, low = np.ones(cells, np.uint8), begin.copy(), np.zeros(cells), state[0].copy()
    full_w = np.full(steps, 300.0)
    for k, end in ((0, 25), (25, steps)):
        parts = (disc[k:end], full_w[k:end], HOTEL, limits, needed[k : end + 1])
        stand_on(*parts, begin, k, *state, alive, until, lit, low)
    assert np.column_stack([until, lit, low]) == pytest.approx(np.array(expected))
    assert 5 < np.unique(until).size
