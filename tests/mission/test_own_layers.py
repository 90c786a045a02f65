"""[[layer]]: layers of the user's own in a mission file."""

from pathlib import Path

import pytest
from tests.mission.test_load import complaint, written

from lupex.mission import load_mission, mission_dict
from lupex.study import study_key

GOOD = '[[layer]]\nname = "Craters, Head"\nfile = "c.csv"\nkind = "craters"\n'


def test_a_layer_is_read_with_its_path_made_absolute_and_told_as_the_file_says_it(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("name,lat_deg,lon_deg,diameter_km\nA,-89,0,3\n")
    mission = load_mission(written(tmp_path, GOOD))
    (layer,) = mission.layers
    assert (layer.name, layer.kind, layer.file) == ("Craters, Head", "craters", str(tmp_path / "c.csv"))
    assert mission_dict(mission)["layers"][0]["file"] == "c.csv"
    before = study_key(mission)
    (tmp_path / "c.csv").write_text("name,lat_deg,lon_deg,diameter_km\nB,-89,0,3\n")
    assert study_key(mission) != before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[layer]]\nname = "a"\nfile = "c.csv"\n', "'kind' is missing"),
        (GOOD.replace('craters"', 'crater"'), "did you mean 'craters'"),
        (GOOD.replace("c.csv", "none.csv"), "no file"),
        (GOOD.replace("c.csv", "c.shp"), "give a file that ends in"),
        (GOOD + "colour = 'red'\n", "unknown name 'colour'"),
        (GOOD + GOOD, "two layers are named 'Craters, Head'"),
        ('[layer]\nname = "a"\n', "write [[layer]]"),
        (GOOD.replace("Craters, Head", "a/b"), "cannot name a layer"),
    ],
)
def test_a_faulty_layer_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "c.csv").write_text("name,lat_deg,lon_deg,diameter_km\nA,-89,0,3\n")
    assert said in complaint(tmp_path, text)
