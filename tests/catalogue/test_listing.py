"""Lists and templates: what is printed is what the reader reads."""

import re
from pathlib import Path

import pytest

from lupex.base.errors import MissionError
from lupex.catalogue import catalogue_entry, catalogue_names
from lupex.catalogue.kinds import KINDS, kind_of
from lupex.catalogue.listing import PARTS, TEMPLATES, entry_rows, entry_summary, kind_rows, template
from lupex.mission import load_mission


def test_every_kind_and_every_entry_is_listed() -> None:
    assert [row["kind"] for row in kind_rows()] == [*(kind.noun for kind in KINDS), "dem"]
    for row in kind_rows()[:-1]:
        assert [one["name"] for one in entry_rows(row["kind"])] == catalogue_names(row["kind"])


def test_an_entry_is_told_with_value_unit_source_and_what_is_unpublished() -> None:
    usuda = entry_summary("stations", "usuda")
    dish = next(row for row in usuda["facts"] if row["key"] == "dish_m")
    assert (dish["value"], dish["unit"]) == (64.0, "metres") and "JAXA" in dish["source"]
    assert "x_g_t_db_k" in usuda["unpublished"]
    assumed = {row["name"]: row["assumptions"] for row in entry_rows("rover")}
    assert assumed["lupex"] == 10


@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_template_loads_as_it_stands_and_with_everything_uncommented(tmp_path: Path, kind: str) -> None:
    text = template(kind)
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    mine, like = catalogue_entry(kind, "mine.toml", folder=tmp_path), catalogue_entry(kind, TEMPLATES[kind])
    assert mine.values == like.values and mine.name == f"my_{kind}"
    assert set(re.findall(r"^# (\w+) = ", text, re.M)) == set(kind_of(kind).keys)
    stated = re.sub(r"^# (\w+ = (?!.*  # (?:unpublished|not stated);))", r"\1", text, flags=re.M)
    (tmp_path / "mine.toml").write_text(stated.replace(f'like = "{like.name}"\n', ""), encoding="utf-8")
    assert catalogue_entry(kind, "mine.toml", folder=tmp_path).values == like.values


def test_parts_of_a_mission_file_load_as_they_stand_and_with_everything_uncommented(tmp_path: Path) -> None:
    (tmp_path / "my_place_5m.tif").write_bytes(b"")
    (tmp_path / "craters.csv").write_bytes(b"")
    for kind in PARTS:
        text = template(kind)
        whole = re.sub(r"^# (?=\[\[|\w+ = )", "", text, flags=re.MULTILINE)
        for number, said in enumerate((text, whole)):
            path = tmp_path / f"{kind}{number}.toml"
            path.write_text(said, encoding="utf-8")
            mission = load_mission(path)
        (one,) = mission.places + mission.layers
        assert one.name in ("my_place", "My craters")


def test_a_kind_without_a_template_says_which_have_one() -> None:
    with pytest.raises(MissionError, match="no template of kind 'regolith'; known names: station, radio, rover"):
        template("regolith")


def test_published_dems_are_listed_with_what_is_known_of_them() -> None:
    rows = {row["name"]: row for row in entry_rows("dem")}
    assert rows["site01"]["digest"] and rows["site01"]["cell_m"] == 5.0
    found = entry_summary("dems", "lm1")
    facts = {fact["key"]: fact["value"] for fact in found["facts"]}
    assert found["title"] == "Shackleton rim B, 5 m" and facts["url"].endswith("LM1_final_adj_5mpp_surf.tif")
    assert set(found["unpublished"]) == {"bytes", "sha256"}
    with pytest.raises(MissionError, match="did you mean 'haworth'"):
        entry_summary("dem", "haworht")
