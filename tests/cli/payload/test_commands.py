"""lupex payload: the keys scripts rely on, tables that go out and come back, and one line for bad input."""

import json

import pytest
from tests.cli.command import lupex, refused

MISSION = """
[mission]
name = "small"

[payload]
instruments = ["auger", "ltga", "triton", "nss", "alis", "gpr"]
worth = ["auger=0.2", "ltga=2", "triton=2.5", "nss=1.5", "alis=2", "gpr=0.2"]
growth_draws = 500
"""


@pytest.fixture
def mission(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(MISSION)
    return path


def answered(*words: object):
    done = lupex("payload", *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_fit_answers_with_assignment_budgets_binding_conflicts_and_pareto(mission):
    found = answered("fit", mission)
    assert {"assignment", "budgets", "binding", "conflicts", "pareto"} <= set(found)
    row = next(row for row in found["budgets"] if (row["host"], row["quantity"]) == ("lupex_rover", "mass"))
    assert set(row) == {"host", "quantity", "phase", "unit", "basic", "margined", "limit", "margin"}
    assert row["margin"] == pytest.approx(row["limit"] - row["margined"])
    assert found["assignment"]["auger"] == "rover_drill"
    assert all(one["worth"] <= found["objective"]["worth"] + 1e-9 for one in found["pareto"])
    text = lupex("payload", "fit", mission).stdout
    assert "proven best: worth" in text


def test_status_and_diff_know_dates(mission):
    rows = {row["instrument"]: row for row in answered("status", mission, "--date", "2021-01-01")}
    assert rows["alis"]["status"] == "candidate instrument"
    assert rows["gpr"]["status"] == ""
    assert rows["gpr"]["conflict"]
    (change,) = answered("diff", "2021-01-01", "2024-01-01", "--mission", mission)
    assert (change["instrument"], change["key"], change["before"]) == ("gpr", "status", None)
    assert lupex("payload", "status", mission, "--csv").stdout.splitlines()[0].startswith("instrument,title,owner")
    assert "## Who owes what" in lupex("payload", "status", mission, "--markdown").stdout


def test_a_table_goes_out_and_comes_back(mission, tmp_path):
    for name in ("i.xlsx", "i.csv"):
        assert lupex("payload", "export", tmp_path / name, "--mission", mission).returncode == 0
        assert answered("import", tmp_path / name, "--mission", mission) == []
    text = (tmp_path / "i.csv").read_text()
    column = text.splitlines()[0].split(",").index("mass_kg")
    lines = [line.split(",") if line.startswith("nss,") else line for line in text.splitlines()]
    changed = [
        line if isinstance(line, str) else ",".join([*line[:column], "3.25", *line[column + 1 :]]) for line in lines
    ]
    (tmp_path / "back.csv").write_text("\n".join(changed) + "\n")
    (row,) = answered("import", tmp_path / "back.csv", "--mission", mission, "--out", tmp_path / "new")
    assert (row["instrument"], row["key"], row["before"], row["after"]) == ("nss", "mass_kg", 2.5, 3.25)
    assert 'like = "nss"' in (tmp_path / "new" / "nss.toml").read_text()


def test_worth_is_said_to_be_of_synthetic_holes(mission):
    done = lupex("payload", "worth", mission, "--worlds", 2)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[2].startswith("auger")
    assert "simulated (synthetic) holes" in done.stdout


def test_bad_input_is_one_line(mission, tmp_path):
    assert "no calendar day" in refused("payload", "status", "--date", "yesterday")
    assert "unknown ending '.doc'" in refused("payload", "export", tmp_path / "x.doc")
    assert not (tmp_path / "x.doc").exists()
    mission.write_text(
        MISSION.replace("growth_draws = 500", 'must_ride = ["gpr", "nss", "alis", "triton"]\nhosts = ["lupex_lander"]')
    )
    assert "these cannot be kept together: " in refused("payload", "fit", mission)
