"""One place: order does not matter, what is shared is shared, evidence of channels against sums by hand."""

import numpy as np
import pytest
from tests.water.inference.scenes import blank, drawn, tables

from lupex.base.errors import InputError
from lupex.water import GroundPrior, ground
from lupex.water.inference.joint import joint
from lupex.water.models import Look, Measurement

WET = ground(0.03, 0.2, 5e-4)


def readings() -> list[Measurement]:
    return [drawn("nss", WET, 1), drawn("dfsar", WET, 2), blank("adore"), drawn("ltga", WET, 3),
            drawn("adore", WET, 4), drawn("triton", WET, 5), drawn("nir_cuttings", WET, 6)]  # fmt: skip


def test_the_order_of_measurements_does_not_matter():
    forward, backward = tables(), tables()
    for one in readings():
        forward.add(one)
        forward.evidence()
    for one in reversed(readings()):
        backward.add(one)
    assert forward.evidence() == pytest.approx(backward.evidence(), rel=1e-10)


def test_the_evidence_of_families_is_the_sum_over_cells_by_hand():
    """Neutrons alone, summed in loops without matrices."""
    table = tables()
    one = drawn("nss", WET, 1)
    table.add(one)
    found = table.evidence()
    likelihood = np.exp(table._neutron)
    for family in (0, 3, 5):
        members = table.states.members(family)
        expected = (likelihood[:, members] * table.states.weight[members]).sum(axis=1)
        assert np.exp(found[:, 4, family]) == pytest.approx(expected, rel=1e-9)


def test_the_posterior_sums_to_one_and_gives_the_same_families_as_the_evidence():
    table = tables()
    for one in readings():
        table.add(one)
    found = joint([table], [table.evidence()])
    cells = table.posterior(found.others[0])
    assert cells.sum() == pytest.approx(1.0)
    assert cells[table.states.wet].sum() == pytest.approx(found.present[0], abs=1e-9)


def test_nothing_measured_leaves_the_prior():
    table = tables(GroundPrior(ice_probability=0.37))
    found = joint([table], [table.evidence()])
    assert found.families[0] == pytest.approx(table.states.family_weights())


def test_a_wet_reading_counts_for_water_and_a_dry_one_against_in_every_channel_of_a_hole():
    for name in ("nir_cuttings", "ltga", "triton", "adore"):
        wet, dry = tables(), tables()
        wet.add(drawn(name, WET, 11))
        dry.add(drawn(name, ground(0.0, 0.0, 5e-4), 11))
        assert wet.log_bayes_factor(name) > 3.0 > 0.0 > dry.log_bayes_factor(name), name


def test_a_sample_from_the_cover_says_nothing_about_what_lies_below():
    """Dry at 0.3 m: ice from 0.6 m on stays as likely against no ice as it was."""
    table = tables()
    table.add(drawn("adore", ground(0.0, 0.0, 5e-4), 3, depth_m=0.3))
    found = joint([table], [table.evidence()])
    before = table.states.family_weights()
    after = found.families[0]
    assert after[5] / after[0] == pytest.approx(before[5] / before[0], rel=0.03)
    # A quarter of the shallow covers reach below 0.3 m.
    assert after[3] / after[0] < 0.3 * before[3] / before[0]


def test_faults_bound_what_one_reading_can_say():
    table = tables()
    table.add(Measurement("adore", Look(depth_m=0.3), {"water_wt_percent": 12.0}, where="here"))
    assert 2.0 < table.log_bayes_factor("adore") < 12.0


def test_counts_no_ground_can_give_are_refused():
    with pytest.raises(InputError, match="of the iciest ground"):
        tables().add(Measurement("nss", Look(time_s=1000.0), {"counts": 100, "dead_time_s": 0.0}, where="here"))
    with pytest.raises(InputError, match="above the dry rate"):
        tables().add(Measurement("nss", Look(time_s=1000.0), {"counts": 40000, "dead_time_s": 0.0}, where="here"))


def test_a_prior_that_excludes_the_data_is_said():
    table = tables(GroundPrior(ice_probability=1e-14))
    for one in readings():
        table.add(one)
    with pytest.raises(InputError, match="the prior excludes the data"):
        table.check_prior("here")
    usual = tables()
    for one in readings():
        usual.add(one)
    usual.check_prior("here")
