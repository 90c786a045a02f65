"""One place decides what a path of a mission file is relative to: the folder of that file."""

import os
from pathlib import Path

import pytest

from lupex.base.errors import MissionError
from lupex.mission import load_mission, mission_dict
from lupex.mission.paths import files_named, portable

FACTS = '[facts.max_slope_deg]\nvalue = 8.0\nsource = "own"\nmeaning = "slope"\n'
TEXT = """
[mission]
lander = "lander.toml"
rover = "rover.toml"
[terrain]
dem = "maps/site.tif"
far_dem = ["maps/mid.tif", "../shared/far.tif"]
[sites]
preset = "rules.toml"
[traverse]
station = "dish.toml"
[ground]
stations = ["misasa", "dish.toml"]
radio = "radio.toml"
[ranking]
ice_depth_map = "maps/ice.tif"
"""


@pytest.fixture
def missions(tmp_path: Path) -> Path:
    """A folder with a mission file and everything it names."""
    folder = tmp_path / "missions"
    (folder / "maps").mkdir(parents=True)
    (tmp_path / "shared").mkdir()
    for name in ("maps/site.tif", "maps/mid.tif", "maps/ice.tif", "../shared/far.tif"):
        (folder / name).write_bytes(b"")
    (folder / "dish.toml").write_text('like = "misasa"\n')
    (folder / "radio.toml").write_text('like = "lupex_rover_hga"\n')
    for name in ("lander", "rover", "rules"):
        (folder / f"{name}.toml").write_text(f'name = "{name}"\ntitle = "{name}"\n{FACTS}')
    (folder / "a.toml").write_text(TEXT)
    return folder


def test_a_mission_file_in_another_folder_finds_all_its_files(missions, monkeypatch):
    monkeypatch.chdir(missions.parent)
    mission = load_mission("missions/a.toml")
    monkeypatch.chdir("/")
    assert mission.path == os.path.join("missions", "a.toml")
    named = {(table, key): path for table, key, path in files_named(mission)}
    assert len(list(files_named(mission))) == 8
    assert all(path.is_absolute() and path.is_file() for path in named.values())
    assert mission.terrain.far_dem == (str(missions / "maps" / "mid.tif"), str(missions.parent / "shared" / "far.tif"))
    assert mission.ground.stations == ("misasa", str(missions / "dish.toml"))
    assert (mission.lander_name, mission.rover_name) == (str(missions / "lander.toml"), str(missions / "rover.toml"))
    assert mission.sites.max_slope_deg == 8.0


def test_the_working_folder_has_no_say(missions, monkeypatch):
    first = load_mission(missions / "a.toml")
    monkeypatch.chdir(missions)
    second = load_mission("a.toml")
    assert first.terrain == second.terrain and first.ground == second.ground and first.folder == second.folder


def test_provenance_says_paths_as_the_file_does_so_that_a_moved_folder_gives_the_same(missions, tmp_path):
    before = mission_dict(load_mission(missions / "a.toml"))
    assert before["terrain"]["dem"] == "maps/site.tif"
    assert before["ground"]["stations"] == ["misasa", "dish.toml"]
    assert before["lander_name"] == "lander.toml"
    assert str(missions) not in str({key: value for key, value in before.items() if key != "path"}["terrain"]["dem"])
    moved = tmp_path / "elsewhere"
    missions.rename(moved)
    after = mission_dict(load_mission(moved / "a.toml"))
    assert after["terrain"]["dem"] == before["terrain"]["dem"] and after["ranking"] == before["ranking"]


def test_the_default_mission_names_no_file():
    mission = load_mission(None)
    assert list(files_named(mission)) == [] and mission.folder == ""
    assert portable(mission) is mission


def test_a_tilde_is_the_home_folder(missions, monkeypatch):
    monkeypatch.setenv("HOME", str(missions))
    monkeypatch.setenv("USERPROFILE", str(missions))
    (missions / "b.toml").write_text('[terrain]\ndem = "~/maps/site.tif"\n')
    assert load_mission(missions / "b.toml").terrain.dem == str(missions / "maps" / "site.tif")


def test_a_file_that_is_not_there_is_named_with_what_may_stand_instead(missions):
    (missions / "b.toml").write_text('[terrain]\ndem = "none.tif"\n')
    with pytest.raises(MissionError, match=r"b.toml \[terrain\] dem: no file .*none.tif'; give a path .* or 'default'"):
        load_mission(missions / "b.toml")


def test_one_text_is_one_path_even_with_a_comma(missions):
    (missions / "maps" / "mid.tif").rename(missions / "maps" / "mid, new.tif")
    (missions / "b.toml").write_text('[terrain]\ndem = "maps/site.tif"\nfar_dem = "maps/mid, new.tif"\n')
    assert load_mission(missions / "b.toml").terrain.far_dem == (str(missions / "maps" / "mid, new.tif"),)


@pytest.mark.parametrize("written", ['"misasa, usuda"', '["misasa", "usuda"]', '["misasa", " usuda ", "misasa"]'])
def test_a_list_is_an_array_or_a_text_with_commas(tmp_path, written):
    (tmp_path / "a.toml").write_text(f"[ground]\nstations = {written}\n")
    assert load_mission(tmp_path / "a.toml").ground.stations == ("misasa", "usuda")


@pytest.mark.parametrize("written", ['["misasa", 3]', "3", '[["misasa"]]', '["misasa", ""]'])
def test_a_list_of_anything_but_texts_is_refused(tmp_path, written):
    (tmp_path / "a.toml").write_text(f"[ground]\nstations = {written}\n")
    with pytest.raises(MissionError, match=r"\[ground\] stations: "):
        load_mission(tmp_path / "a.toml")


@pytest.mark.parametrize("path", [r"C:\Users\me\data\site01.tif", r"C:\data\site01.tif", r"C:\new\tile.tif"])
def test_a_windows_path_in_double_quotes_is_explained(tmp_path, path):
    (tmp_path / "a.toml").write_text(f'[mission]\nname = "x"\n[terrain]\ndem = "{path}"\n')
    with pytest.raises(MissionError, match=r"(with /|write /) or.* single quotes"):
        load_mission(tmp_path / "a.toml")
