"""Worth of a measurement: never negative, nothing where the mind is made up, most where the channel can tell."""

import numpy as np
import pytest
from tests.water.inference.scenes import blank, drawn, tables

from lupex.water import ground
from lupex.water.field.value import LossSettings, measurement_values
from lupex.water.inference.joint import joint

WET = ground(0.03, 0.2, 5e-4)


def values(table, depths=(0.6,)):
    found = joint([table], [table.evidence()])
    made = measurement_values(table, found, 0, depths, np.random.default_rng(1), draws=12)
    return {(one.channel, one.depth_m): one for one in made}


def test_the_loss_of_the_best_answer():
    assert LossSettings().least(np.array([0.0, 0.1, 0.5, 1.0])) == pytest.approx([0.0, 0.5, 1.0, 0.0])


def test_an_analyser_is_worth_more_than_a_structure_sensor_and_nothing_is_negative():
    table = tables()
    table.add(drawn("nss", WET, 1))
    found = values(table)
    assert min(one.value for one in found.values()) >= 0.0
    assert found["adore", 0.6].value > 0.5 > found["gpr", None].value
    assert found["adore", 0.6].per_hour < found["nir_cuttings", 0.6].per_hour


def test_once_decided_nothing_is_worth_much():
    table = tables()
    for name in ("ltga", "triton", "adore"):
        table.add(blank(name))
        table.add(drawn(name, WET, 2))
    assert max(one.value for one in values(table).values()) < 0.01
