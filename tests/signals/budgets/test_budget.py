"""The design control table."""

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.signals.budgets.budget import LinkBudget, part, total
from lupex.signals.budgets.tolerances import Tolerance

POWER = part("power", "dBW", 10.0, "given", Tolerance(1.0, -2.0, "triangular"))
LOSS = part("loss", "dB", 4.0, "given", Tolerance(0.5, -0.5, "uniform"))


def test_a_total_adds_means_and_variances_and_swaps_the_tolerances_of_what_it_takes_off():
    row = total("rest", "dB", [POWER], [LOSS])
    assert float(row.value) == 6.0
    assert float(row.mean) == pytest.approx(6.0 - 1.0 / 3.0, abs=1e-12)
    assert row.variance_db2 == pytest.approx((1.0 + 4.0 + 2.0) / 18.0 + 1.0 / 12.0, abs=1e-12)
    assert (row.favourable_db, row.adverse_db) == (1.5, -2.5)
    assert float(row.worst) == 3.5


def test_a_link_closes_when_design_value_and_worst_both_suffice():
    margin = total("margin", "dB", [POWER], [LOSS])
    spare = {}
    for required, sigmas in ((3.0, 2.0), (7.0, 2.0), (3.0, 20.0)):
        budget = LinkBudget(
            title="test",
            direction="down",
            rows=(POWER, LOSS, margin),
            margins=("margin",),
            sigmas=sigmas,
            required_margin_db=required,
        )
        spare[required, sigmas] = (bool(budget.closes), float(budget.spare_db("margin")))
    assert spare[3.0, 2.0][0] and not spare[7.0, 2.0][0] and not spare[3.0, 20.0][0]
    assert spare[3.0, 2.0][1] == pytest.approx(3.0, abs=1e-12)
    assert spare[7.0, 2.0][1] == pytest.approx(-1.0, abs=1e-12)


def test_it_prints_one_line_a_row_and_one_a_margin():
    margin = total("margin", "dB", [POWER], [LOSS])
    text = str(
        LinkBudget(
            title="a to b",
            direction="down",
            rows=(POWER, LOSS, margin),
            margins=("margin",),
            sigmas=2.0,
            required_margin_db=3.0,
            notes=("left out",),
        )
    )
    lines = text.splitlines()
    assert len(lines) == 7
    assert lines[0] == "a to b"
    assert "margin, mean - 2 sigma" in lines[5]
    assert lines[6] == "note: left out"


def test_an_unknown_row_is_named_with_those_there_are():
    budget = LinkBudget(title="a to b", direction="down", rows=(POWER,), margins=(), sigmas=2.0, required_margin_db=3.0)
    with pytest.raises(InputError, match="no row 'gain'; rows: power"):
        budget.row("gain")
    assert np.isscalar(budget.value("power"))
