"""Simulation-based calibration, small: quantiles of the truth are uniform; a likelihood that is too sure is found."""

from dataclasses import replace

import numpy as np
from tests.water.inference.scenes import INSTRUMENTS

from lupex.water import GroundPrior, Rule
from lupex.water.inference.calibration import CalibrationRun, calibration_run
from lupex.water.inference.worlds import Step, laboratory

PLAN = ((Step("nss", time_s=300.0), Step("dfsar"), Step("nir_cuttings", 0.6), Step("triton", 0.6), Step("ltga", 0.6)),)
LAB = laboratory(Rule(), GroundPrior(ice_probability=0.5), INSTRUMENTS, PLAN)


def test_quantiles_of_the_truth_are_uniform():
    found = calibration_run(LAB, 400, 3)
    assert min(found.p_values().values()) > 1e-3, found.p_values()
    for stated, true, count in found.reliability():
        assert abs(stated - true) < 4.0 * np.sqrt(0.25 / count) + 0.02


def test_a_likelihood_that_is_too_sure_is_found():
    """Noise of TRITON and spread of the dry rate taken for a third of what they are."""
    narrow = dict(INSTRUMENTS)
    triton = INSTRUMENTS["triton"]
    facts = {
        key: replace(fact, value=fact.value / 3.0) if key in ("scale_relative_sigma", "noise_wt_percent") else fact
        for key, fact in triton.facts.items()
    }
    narrow["triton"] = replace(triton, facts=facts)
    honest = laboratory(Rule(), GroundPrior(ice_probability=0.9), INSTRUMENTS, ((Step("triton", 0.6),),))
    sure = replace(honest, instruments=narrow)
    drawn = calibration_run(honest, 300, 3)
    assert drawn.p_values()["ice"] > 1e-3
    values = []
    for number in range(300):
        from lupex.water.inference.calibration import _quantiles
        from lupex.water.inference.joint import joint
        from lupex.water.inference.prior import draw_ground, draw_truth
        from lupex.water.inference.station import StationTables
        from lupex.water.inference.worlds import draw_kept, measured

        rng = np.random.default_rng([9, number])
        ground, truth = draw_ground(honest.prior, honest.rule, rng), draw_truth(INSTRUMENTS, honest.prior, rng)
        truth = replace(truth, kept=draw_kept(INSTRUMENTS, rng))
        table = StationTables(sure.states, sure.nuisances, sure.instruments)
        table.add(measured(honest, honest.plan[0][0], ground, truth, rng))
        cells = table.posterior(joint([table], [table.evidence()]).others[0])
        values.append(_quantiles(sure, ground, cells, rng)[0])
    run = CalibrationRun({"ice": np.array(values)}, np.zeros(300), np.zeros(300))
    assert run.p_values()["ice"] < 1e-3
