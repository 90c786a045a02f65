"""Places that share a calibration: what one says of it helps the others, and a shift of it is what it says."""

import numpy as np
import pytest
from tests.water.inference.scenes import drawn, tables

from lupex.water import ground
from lupex.water.inference.joint import joint, log_against_worst, log_prior
from lupex.water.models import Truth

DRY, LOW = ground(0.0, 0.0, 5e-4), Truth(dry_rate=-0.05)


def counted(seed: int, made=DRY):
    table = tables()
    table.add(drawn("nss", made, seed, truth=LOW, time_s=3600.0))
    return table


def test_dry_places_with_one_wrong_dry_rate_teach_each_other():
    """Ovens show four places dry while all count 5 % low: the rate is known to be low, and a fifth place profits."""
    alone = counted(1)
    places = [counted(seed) for seed in range(1, 6)]
    for number, place in enumerate(places[1:]):
        for depth in (0.3, 0.6, 1.0, 1.4):
            for name in ("ltga", "adore"):
                place.add(drawn(name, DRY, 100 + number, depth_m=depth))
    single = joint([alone], [alone.evidence()])
    together = joint(places, [place.evidence() for place in places])
    nodes = alone.nuisances.dry_rate
    learnt = (together.shared.sum(axis=1) * nodes).sum()
    assert learnt == pytest.approx(-0.05, abs=0.015)
    assert together.present[0] < 0.7 * single.present[0]


def test_two_places_by_brute_force():
    """Sum over both shared numbers and both places' families, written out."""
    pair = [counted(1), counted(2, ground(0.02, 0.1, 5e-4))]
    evidence = [table.evidence() for table in pair]
    found = joint(pair, evidence)
    of = pair[0].nuisances
    weight = of.dry_rate_weight[:, None] * of.blank_weight[None, :]
    total = np.zeros((6, 6))
    for first in range(6):
        for second in range(6):
            total[first, second] = (weight * np.exp(evidence[0][..., first] + evidence[1][..., second])).sum()
    total /= total.sum()
    assert found.families[0] == pytest.approx(total.sum(axis=1), abs=1e-9)
    assert found.families[1] == pytest.approx(total.sum(axis=0), abs=1e-9)
    assert found.any_present == pytest.approx(1.0 - total[:3, :3].sum(), abs=1e-9)


def test_a_shift_moves_the_mean_and_keeps_the_width():
    of = tables().nuisances
    moved = np.exp(log_prior(of.dry_rate, of.dry_rate_weight, 0.04))
    mean = (moved * of.dry_rate).sum()
    assert moved.sum() == pytest.approx(1.0)
    assert mean == pytest.approx(0.04, abs=0.002)
    assert np.sqrt((moved * (of.dry_rate - mean) ** 2).sum()) == pytest.approx(0.03, rel=0.05)


def test_ratios_against_the_worst_family_are_never_above_those_against_the_mixture():
    table = counted(1, ground(0.02, 0.1, 5e-4))
    found = joint([table], [table.evidence()])
    prior = table.states.family_weights()
    wet, dry = log_against_worst(found, prior, 0)
    mixed = found.log_likelihood[0]
    in_dry = np.log((np.exp(mixed[:3]) * prior[:3]).sum() / prior[:3].sum())
    in_wet = np.log((np.exp(mixed[3:]) * prior[3:]).sum() / prior[3:].sum())
    assert wet <= in_wet - in_dry + 1e-12
    assert dry <= in_dry - in_wet + 1e-12
