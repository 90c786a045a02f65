from dataclasses import replace

from tests.report.position.test_position_pages import study

from lupex.report.paper import style
from lupex.report.position.position_figures import site_position_figure


def test_the_figure_is_drawn_and_says_that_its_relief_is_synthetic(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(style, "DPI", 30)
    result = study()
    found = site_position_figure(result, result.sites[0], tmp_path)["position"]
    assert found.path.exists() and found.synthetic == "synthetic below 1600 m"


def test_a_site_without_a_budget_has_no_figure(tmp_path) -> None:
    result = study()

    assert site_position_figure(result, replace(result.sites[0], position=None), tmp_path) == {}
