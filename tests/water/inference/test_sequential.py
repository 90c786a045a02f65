"""The neutron test: its promises hold with a dry rate 5 % off, Wald's do not."""

from dataclasses import replace

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.water import Rule, instrument, uniform_rate_cps
from lupex.water.inference.sequential import DRY, GO_ON, WET, neutron_test, wald_test

NSS = instrument("nss")
RULE = Rule(false_alarm=1e-2, missed=5e-2)


def answers(test, rate: float, worlds: int = 600, most_s: int = 400, every_s: int = 4) -> dict[str, float]:
    """Shares of answers over simulated counts, asked every few seconds until one comes."""
    found = {WET: 0, DRY: 0, GO_ON: 0}
    for number in range(worlds):
        rng = np.random.default_rng([3, number])
        counts = np.cumsum(rng.poisson(rate * every_s, most_s // every_s))
        answer = GO_ON
        for step, total in enumerate(counts, 1):
            answer = test(float(total), float(step * every_s))
            if answer != GO_ON:
                break
        found[answer] += 1
    return {name: count / worlds for name, count in found.items()}


def ours(counts: float, time_s: float) -> str:
    return neutron_test(NSS, RULE, counts, time_s).answer


def test_a_dry_rate_five_percent_low_is_no_false_alarm():
    """Wald's test then errs nine times as often as it promises (reference: 8.9e-3 for 1e-3, in blocks of 1 s)."""
    strict = replace(RULE, false_alarm=1e-3)
    low = 0.95 * NSS.value("dry_rate_cps")
    counts = np.cumsum(np.random.default_rng(1).poisson(low, (4000, 60)), axis=1)
    wald = [next((a for s, n in enumerate(row, 1) if (a := wald_test(NSS, strict, n, s)) != GO_ON), GO_ON)
            for row in counts.tolist()]  # fmt: skip
    assert wald.count(WET) / 4000 == pytest.approx(8.9e-3, abs=4.5e-3)
    found = answers(lambda n, t: neutron_test(NSS, strict, n, t).answer, low, 1500, 100, 2)
    assert found[WET] <= 1.4e-3


def test_wet_ground_with_a_high_dry_rate_is_seldom_called_dry():
    found = answers(ours, 1.05 * float(uniform_rate_cps(NSS, 0.005)))
    assert found[DRY] <= 0.05


def test_two_percent_of_water_is_found_within_seconds_and_dry_ground_let_go():
    wet = answers(ours, float(uniform_rate_cps(NSS, 0.02)))
    assert wet[WET] > 0.99
    assert answers(ours, NSS.value("dry_rate_cps"))[DRY] > 0.99


def test_a_calibration_too_uncertain_for_the_level_goes_on_for_ever():
    """0.1 wt% changes the rate by 7 %: with 6 % open either way no time decides."""
    rule = replace(RULE, level_wt_percent=0.1)
    between = 0.5 * (NSS.value("dry_rate_cps") + float(uniform_rate_cps(NSS, 0.001)))
    assert neutron_test(NSS, rule, round(between * 1e6), 1e6).answer == GO_ON


@pytest.mark.parametrize(("counts", "time_s"), [(-1.0, 10.0), (5.0, 0.0), (float("nan"), 1.0)])
def test_counts_that_cannot_be_are_refused(counts, time_s):
    with pytest.raises(InputError):
        neutron_test(NSS, RULE, counts, time_s)
