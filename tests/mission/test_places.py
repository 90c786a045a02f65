"""[[place]]: places of the user's own in a mission file."""

import pytest
from tests.mission.test_load import complaint, written

from lupex.mission import load_mission, mission_dict
from lupex.mission.paths import files_named
from lupex.model.settings.place import MissionPlace

ONE = '[[place]]\nname = "rim"\nlat_deg = -89.5\nlon_deg = 222.7\n'


def test_places_are_read_in_order_with_their_dem(tmp_path):
    (tmp_path / "tile.tif").write_bytes(b"")
    mission = load_mission(
        written(tmp_path, ONE + '[[place]]\nname = "b"\nlat_deg = -88\nlon_deg = 0\ndem = "tile.tif"\n')
    )
    assert mission.places == (
        MissionPlace("rim", -89.5, 222.7),
        MissionPlace("b", -88.0, 0.0, str(tmp_path / "tile.tif")),
    )
    assert [(table, key) for table, key, _ in files_named(mission)] == [("place", "b")]
    assert [place["dem"] for place in mission_dict(mission)["places"]] == ["", "tile.tif"]


def test_a_mission_without_places_has_none():
    assert load_mission(None).places == ()


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (ONE.replace("lat_deg", "lat"), "[[place]] 1: unknown name 'lat'; did you mean 'lat_deg'?"),
        ('[[place]]\nname = "rim"\nlat_deg = 1.0\n', "[[place]] 1: 'lon_deg' is missing"),
        (ONE.replace("-89.5", "-95"), "[[place]] 1 lat_deg: -95.0 is below the smallest allowed value -90"),
        (ONE.replace('"rim"', '"S2"'), "[[place]] 1 name: 'S2' cannot name a site"),
        (ONE.replace('"rim"', '"../x"'), "[[place]] 1 name: '../x' cannot name a site"),
        (ONE + ONE, "[[place]]: two places are named 'rim'; rename one of them"),
        ('[place]\nname = "rim"\n', "place is {'name': 'rim'}; write [[place]]"),
        (ONE + 'dem = "none.tif"\n', "[[place]] 1 dem: no file"),
        ("[[places]]\nname = 'x'\n", "place"),
    ],
)
def test_what_is_wrong_with_a_place_is_said_in_one_line(tmp_path, text, answer):
    assert answer in complaint(tmp_path, text)
