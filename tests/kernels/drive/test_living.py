"""The least charge to stay with, against standing step by step."""

import math

import numpy as np

from lupex.kernels.drive.living import COUNTS, LANES, NO_END, counted, least_to_stay


def stays(wh, disc, full_w, powers, charges, n, most_dark, k, by_light):
    """Whether a rover that ends at boundary ``k`` with some charge lasts ``n`` steps, and charges where it must."""
    hotel, sleep, most, hours = powers
    full, least, level = charges
    dark, top, gained = 0, wh, 0.0
    for j in range(k, k + n):
        given = full_w[j] * disc[j] / 255.0
        gained += given
        wh = min(full, wh + min(given - (hotel if disc[j] else sleep), most) * hours)
        top = max(top, wh)
        dark = 0 if disc[j] else dark + 1
        if wh < least - 1e-12 or dark > most_dark:
            return False
    return not by_light or (gained >= n * hotel and top >= level - 1e-12)


def sought(disc, full_w, powers, charges, windows, k):
    """The least such charge, by bisection."""
    full, least, _ = charges
    best = math.inf
    for n, by_light in ((windows[0], True), (windows[1], False)):
        if k >= disc.size or disc[k] == 0 or k + n > disc.size:
            continue
        given = (disc, full_w, powers, charges, n, windows[2], k, by_light)
        if not stays(full, *given):
            continue
        low, high = least, least if stays(least, *given) else full
        while high - low > 1e-9:
            middle = 0.5 * (low + high)
            low, high = (low, middle) if stays(middle, *given) else (middle, high)
        best = min(best, high)
    return best


def test_the_least_charge_to_stay_is_that_of_standing_step_by_step() -> None:
    rng = np.random.default_rng(5)
    ends = 0
    for _ in range(120):
        disc = rng.choice([0, 0, 30, 120, 255], 30).astype(np.uint8)
        full_w = rng.uniform(80.0, 100.0, 30)
        powers = np.array([30.0, 6.0, rng.choice([np.inf, 20.0]), 1.0])
        charges = np.array([rng.choice([60.0, 100.0, 200.0]), 10.0, 50.0])
        windows = np.array([rng.integers(1, 8), rng.integers(1, 25), rng.choice([2, 5, 2**40])])
        needs = np.empty((31, 1))
        least_to_stay(disc[:, None], full_w, powers, charges, windows, 0, needs)
        expected = np.array([sought(disc, full_w, powers, charges, windows, k) for k in range(31)])
        np.testing.assert_allclose(needs[:, 0], expected, atol=1e-6)
        ends += int(np.isfinite(expected).sum())
        late = np.empty((4, 1))
        least_to_stay(disc[:, None], full_w, powers, charges, windows, 9, late)
        np.testing.assert_array_equal(late, needs[9:13])
    assert ends > 300


def test_cells_side_by_side_are_as_each_alone() -> None:
    rng = np.random.default_rng(6)
    disc = rng.choice([0, 0, 60, 255], (50, LANES + 3)).astype(np.uint8)
    disc[:, 5] = 0
    given = (rng.uniform(80.0, 100.0, 50), np.array([30.0, 6.0, np.inf, 1.0]), np.array([150.0, 10.0, 60.0]))
    windows = np.array([3, 12, 4])
    needs, alone = np.empty((51, LANES + 3)), np.empty((51, 1))
    least_to_stay(disc, *given, windows, 0, needs)
    assert 100 < np.isfinite(needs).sum() < needs.size / 2
    for cell in range(LANES + 3):
        least_to_stay(disc[:, cell : cell + 1], *given, windows, 0, alone)
        np.testing.assert_array_equal(alone[:, 0], needs[:, cell])


def test_charges_are_counted_upwards_and_what_is_no_end_stays_none() -> None:
    needs = np.array([[0.0, 1e-6, 50.0, 100.0, np.inf]]).T
    counts = np.empty((5, 1), np.uint16)
    counted(needs, 100.0, counts)
    assert counts[:, 0].tolist() == [0, 1, COUNTS // 2, COUNTS, NO_END]
    known = counts[:4, 0] * (100.0 / COUNTS)
    assert np.all(known >= needs[:4, 0] - 1e-9) and np.all(known - needs[:4, 0] <= 100.0 / COUNTS + 1e-9)
