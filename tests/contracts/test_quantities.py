"""Every number has one name: layers, criteria and columns have a row among the quantities; units stand there once."""

import re

import pytest
from tests.contracts.source_tree import PACKAGE
from tests.report.made_up_study import made_up_study

from lupex.illumination.longterm import LONG_MEANINGS
from lupex.illumination.series import RUN_LAYERS
from lupex.model.quantities import BY_NAME, QUANTITIES, UNITS
from lupex.sites.first_score_criteria import CRITERIA
from lupex.sites.ranking_criteria import DECISION_CRITERIA
from lupex.sites.reach import REACH_LAYERS
from lupex.study.stages.layers import LAYERS
from lupex.study.stages.region import OWN_MEANINGS, SEASON_NAMES


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(RUN_LAYERS, id="layers of light over time"),
        pytest.param(tuple(LONG_MEANINGS), id="long-term layers"),
        pytest.param(tuple(SEASON_NAMES.values()), id="layers of the season"),
        pytest.param((*OWN_MEANINGS, *(layer.name for layer in LAYERS)), id="layers of a study"),
        pytest.param(REACH_LAYERS, id="layers of the reach"),
        pytest.param(tuple(c.layer for c in CRITERIA), id="criteria of the first score"),
        pytest.param(tuple(c.name for c in DECISION_CRITERIA), id="criteria of the comparison"),
    ],
)
def test_every_layer_and_criterion_has_a_row_with_label_and_sentence(names: tuple[str, ...]) -> None:
    for name in names:
        assert BY_NAME[name].label
        assert BY_NAME[name].sentence


def test_every_layer_date_and_number_of_a_report_has_a_row() -> None:
    study = made_up_study(24, 16, 1)
    assert study.dates is not None
    site = study.sites[0]
    names = {*study.maps.layers, *site.maps.layers, *study.dates.values, *site.site.fine, *site.summary}
    assert sorted(names - BY_NAME.keys()) == []


def test_the_sense_of_a_criterion_is_that_of_its_quantity() -> None:
    for criterion in DECISION_CRITERIA:
        assert BY_NAME[criterion.name].sense == ("more" if criterion.higher_is_better else "less")


def test_names_of_quantities_and_endings_of_units_are_unique() -> None:
    assert len(BY_NAME) == len(QUANTITIES)
    assert len({unit.suffix for unit in UNITS}) == len(UNITS)


def test_no_other_module_keeps_a_table_of_units() -> None:
    """A table of units gives the degree a word or sign: 'deg' beside '°', 'degree' or 'degrees'."""
    table = re.compile(r"""["']_?deg["'](?::|,)\s*["'](?:°|deg|degree|degrees)["']""")
    keepers = [p.relative_to(PACKAGE).as_posix() for p in PACKAGE.rglob("*.py") if table.search(p.read_text("utf-8"))]
    assert keepers == ["model/quantities.py"]
