import csv
import json

import pytest
from tests.report.position.test_position_pages import study

from lupex.report.position.position_files import write_position


def test_the_budget_is_written_as_a_table_and_as_json(tmp_path) -> None:
    (tmp_path / "tables").mkdir()
    write_position(study(), tmp_path)
    rows = list(csv.DictReader((tmp_path / "tables" / "position.csv").open(encoding="utf-8")))
    assert len(rows) == 14
    whole = [r for r in rows if r["methods"] == "range+doppler+image"]
    assert [float(r["sigma_horizontal_m"]) for r in whole] == pytest.approx([34.0, 7.5])
    found = json.loads((tmp_path / "tables" / "position.json").read_text(encoding="utf-8"))["S1"]
    assert found["decided_by"] == "range" and found["without_it_m"] == pytest.approx(22.5)
    assert found["next"][0]["methods"].endswith("delta_dor")
