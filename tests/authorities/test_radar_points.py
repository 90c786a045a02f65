"""Orbital radar at nine polar places (Mini-RF means, one secondary source), LCROSS's among them.

None of them may decide anything by itself: blocky ground imitates ice. That is the lesson of the data and a test of the
likelihood: thresholds of CPR above 1 and DOP below 0.2 mark no place here.
"""

import csv

import numpy as np
import pytest
from tests.shared_data import shared

from lupex.water import GroundPrior, Look, Measurement, Rule, instrument, instrument_names
from lupex.water.inference.prior import nuisances, states
from lupex.water.inference.station import StationTables

INSTRUMENTS = {name: instrument(name) for name in instrument_names()}


def places() -> list[tuple[str, float, float]]:
    """Name, CPR and DOP of each place; none without the data."""
    place = shared("data/radar_points/minirf_diviner_sites.csv")
    if place is None:
        return []
    with place.open(encoding="utf-8") as stream:
        return [(row["site"], float(row["minirf_cpr_mean"]), float(row["minirf_dop_mean"]))
                for row in csv.DictReader(stream)]  # fmt: skip


def log_bayes_factor(cpr: float, dop: float) -> float:
    prior, rule = GroundPrior(), Rule()
    table = StationTables(states(prior, rule, coarse=True, ice_cells=26), nuisances(INSTRUMENTS, prior), INSTRUMENTS)
    table.add(Measurement("mini_rf", Look(), {"cpr": cpr, "dop": dop}, where="mini_rf"))
    return table.log_bayes_factor("mini_rf")


def test_no_place_decides_anything_by_its_radar_alone() -> None:
    found = {name: log_bayes_factor(cpr, dop) for name, cpr, dop in places()}
    for name, value in found.items():
        assert abs(value) < np.log(3.0), (name, value)


def test_thresholds_mark_no_place_and_the_degree_falls_with_the_ratio_as_ours_does() -> None:
    table = places()
    assert not [name for name, cpr, dop in table if cpr > 1.0 and dop < 0.2]
    if table:
        cpr, dop = np.array([row[1:] for row in table]).T
        slope = float(np.polyfit(cpr, dop, 1)[0])
        made = INSTRUMENTS["mini_rf"]
        assert slope == pytest.approx(made.value("dop_per_cpr"), abs=0.05)
        line = made.value("smooth_dop") + made.value("dop_per_cpr") * (cpr - made.value("smooth_cpr"))
        assert np.abs(dop - line).max() < 3.0 * made.value("dop_sigma")
