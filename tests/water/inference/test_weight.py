"""What instruments tell about water: more with more, nothing without a hole."""

import numpy as np
import pytest

from lupex.mission import load_mission
from lupex.water import instrument
from lupex.water.inference.weight import correct_share, evidence_weights
from lupex.water.models.channels import CHANNELS

MISSION = load_mission()
RULE, PRIOR = MISSION.water_rule, MISSION.water_prior
KNOWN = {name: instrument(name) for name in dict.fromkeys(channel.instrument for channel in CHANNELS)}


def test_weights_are_positive_bounded_by_the_rule_and_repeatable():
    weights = evidence_weights(RULE, PRIOR, KNOWN, draws=40, seed=1)
    most = np.log(RULE.confirm / (1.0 - RULE.confirm))
    channels = {name: sum(one.instrument == name for one in CHANNELS) for name in KNOWN}
    assert set(weights) == set(KNOWN)
    assert all(0.0 <= weights[name] <= channels[name] * most for name in KNOWN)
    assert weights == evidence_weights(RULE, PRIOR, KNOWN, draws=40, seed=1)
    # What sees the molecule tells more than what sees structure.
    assert weights["triton"] > weights["gpr"]


def test_an_instrument_whose_noise_drowns_its_signal_weighs_nothing():
    deaf = instrument("gpr", {"reflection_sigma": 0.5, "layering_sigma": 0.5}, "test")
    weights = evidence_weights(RULE, PRIOR, KNOWN | {"gpr": deaf}, draws=40)
    assert weights["gpr"] == pytest.approx(0.0, abs=0.02)


def test_without_the_auger_nothing_is_decided_and_shares_add_up():
    whole = correct_share(RULE, PRIOR, KNOWN, worlds=3)
    none = correct_share(RULE, PRIOR, KNOWN, ("auger",), worlds=3)
    for shares in (whole, none):
        assert shares["correct"] + shares["wrong"] + shares["undecided"] == pytest.approx(1.0)
    assert none["correct"] < 0.5 < whole["correct"]
