"""The mission file: what is right is read, what is wrong is answered in one line."""

import random
import re
from pathlib import Path

import pytest

from lupex.base.errors import MissionError
from lupex.mission import default_mission_text, load_mission
from lupex.mission.load import HEADER
from lupex.mission.mission import SETTINGS
from lupex.model.settings.setting import settings_fields

ROOT = Path(__file__).parents[2]


def written(folder: Path, text: str) -> Path:
    path = folder / "my.toml"
    path.write_text(text, encoding="utf-8")
    return path


def complaint(folder: Path, text: str) -> str:
    with pytest.raises(MissionError) as caught:
        load_mission(written(folder, text))
    message = str(caught.value)
    assert "\n" not in message
    return message.replace(str(folder / "my.toml"), "my.toml")


def test_the_example_is_the_default_mission_letter_by_letter():
    assert (ROOT / "examples" / "lupex.toml").read_text(encoding="utf-8") == default_mission_text()


def test_no_file_means_the_default_mission():
    mission = load_mission(None)
    assert (mission.name, mission.lander_name, mission.rover_name) == ("lupex", "lupex", "lupex")
    assert mission.text_sha256 == load_mission(ROOT / "examples" / "lupex.toml").text_sha256


def test_the_default_mission_spans_2028_to_2030():
    light = load_mission(None).light
    assert (light.start_utc, light.stop_utc) == ("2028-01-01T00:00:00Z", "2031-01-01T00:00:00Z")


def test_the_default_file_states_every_setting_at_its_default():
    mission = load_mission(None)
    for table, kind in SETTINGS.items():
        assert getattr(mission, table) == kind()
        assert {f"{table}.{spec.name}" for spec in settings_fields(kind)} <= set(mission.given)
    assert {f"mission.{key}" for key in HEADER} <= set(mission.given)


def test_an_empty_file_is_the_default_with_nothing_given(tmp_path):
    mission = load_mission(written(tmp_path, ""))
    assert mission.given == ()
    assert (mission.light, mission.lander, mission.rover) == (
        load_mission(None).light,
        load_mission(None).lander,
        load_mission(None).rover,
    )


def test_a_whole_number_will_do_where_a_number_is_wanted(tmp_path):
    mission = load_mission(written(tmp_path, "[sites]\nmax_slope_deg = 8\n"))
    assert mission.sites.max_slope_deg == 8.0
    assert type(mission.sites.max_slope_deg) is float
    assert mission.given == ("sites.max_slope_deg",)


def test_dates_may_be_short_or_toml_dates_and_get_one_spelling(tmp_path):
    text = '[light]\nstart_utc = "2028-03-01"\nstop_utc = 2029-03-01T06:30:00Z\ncycle_start_utc = "2027-01-01 12:00"\n'
    light = load_mission(written(tmp_path, text)).light
    assert light.start_utc == "2028-03-01T00:00:00Z"
    assert light.stop_utc == "2029-03-01T06:30:00Z"
    assert light.cycle_start_utc == "2027-01-01T12:00:00Z"


def test_paths_are_relative_to_the_mission_file(tmp_path):
    (tmp_path / "my_dem.tif").write_bytes(b"")
    mission = load_mission(written(tmp_path, '[terrain]\ndem = "my_dem.tif"\nfar_dem = "none"\n'))
    assert mission.terrain.dem == str(tmp_path / "my_dem.tif")
    assert mission.terrain.far_dem == ("none",)


def test_a_byte_order_mark_is_forgiven(tmp_path):
    (tmp_path / "my.toml").write_bytes(b"\xef\xbb\xbf[study]\nseed = 7\n")
    assert load_mission(tmp_path / "my.toml").study.seed == 7


def test_facts_can_be_overridden_with_or_without_a_source(tmp_path):
    text = (
        '[rover]\nbattery_wh = 5000\nspeed_m_s = { value = 0.1, source = "bench test" }\n[lander]\nbattery_wh = 900\n'
    )
    mission = load_mission(written(tmp_path, text))
    rover = {fact.key: fact for fact in mission.rover}
    assert (rover["battery_wh"].value, rover["battery_wh"].source) == (5000.0, f"given in {tmp_path / 'my.toml'}")
    assert (rover["speed_m_s"].value, rover["speed_m_s"].source) == (0.1, "bench test")
    assert rover["battery_wh"].meaning == "usable energy of a full battery"
    assert {fact.key: fact.value for fact in mission.lander}["battery_wh"] == 900.0


def test_another_rover_can_be_chosen_by_name_or_file(tmp_path):
    assert {f.key: f.value for f in load_mission(written(tmp_path, '[mission]\nrover = "viper"\n')).rover}[
        "mass_kg"
    ] == 430.0
    own = 'name = "mine"\ntitle = "Mine"\n[facts.mass_kg]\nvalue = 30.0\nsource = "scales"\nmeaning = "mass"\n'
    (tmp_path / "mine.toml").write_text(own)
    assert load_mission(written(tmp_path, '[mission]\nrover = "mine.toml"\n')).rover[0].value == 30.0


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("[sites]\nmax_slop_deg = 9.0", "my.toml [sites]: unknown name 'max_slop_deg'; did you mean 'max_slope_deg'?"),
        (
            "[sites]\nmax_slope_rad = 0.2",
            "my.toml [sites]: unknown name 'max_slope_rad'; did you mean 'max_slope_deg'? (in degrees, not radians)",
        ),
        (
            "[sites]\nmax_slope = 9.0",
            "my.toml [sites]: unknown name 'max_slope'; did you mean 'max_slope_deg'? (in degrees)",
        ),
        (
            "[sites]\nmaxSlopeDeg = 9.0",
            "my.toml [sites]: unknown name 'maxSlopeDeg'; did you mean 'max_slope_deg'?",
        ),
        (
            "[terrain]\nfine_size_m = 9.0",
            "my.toml [terrain]: unknown name 'fine_size_m'; did you mean 'fine_size_km'? (in kilometres, not metres)",
        ),
        (
            "[sites]\nazimuths = 360",
            "my.toml [sites]: unknown name 'azimuths'; it belongs to [horizon]",
        ),
        (
            "[study]\nmax_slop_deg = 9.0",
            "my.toml [study]: unknown name 'max_slop_deg'; did you mean 'max_slope_deg' of [sites]?",
        ),
        ("[study]\nqqqq = 1", "my.toml [study]: unknown name 'qqqq'; known names: seed, workers"),
        ("[site]\ncount = 3", "my.toml: unknown table 'site'; did you mean 'sites'?"),
        ("count = 3", "my.toml: name 'count' stands outside any table; it belongs to [sites]"),
        ("sites = 3", "my.toml: sites is 3; write a table [sites]"),
        ("[[sites]]\ncount = 3", "my.toml: sites is [{'count': 3}]; write a table [sites]"),
        ("[sites]\ncount = true", "my.toml [sites] count: true is true or false; write a whole number"),
        ("[sites]\ncount = 3.0", "my.toml [sites] count: 3.0 is a number; write a whole number"),
        ("[sites]\nmax_slope_deg = '9'", "my.toml [sites] max_slope_deg: '9' is text; write a number"),
        ("[sites]\nmax_slope_deg = false", "my.toml [sites] max_slope_deg: false is true or false; write a number"),
        ("[sites]\nmax_slope_deg = [9]", "my.toml [sites] max_slope_deg: [9] is a list; write a number"),
        ("[sites]\nmax_slope_deg = {a = 1}", "my.toml [sites] max_slope_deg: {'a': 1} is a table; write a number"),
        ("[terrain]\npole = 1", "my.toml [terrain] pole: 1 is a whole number; write text in quotes"),
        (
            "[terrain]\npole = 'sout'",
            "my.toml [terrain] pole: 'sout' is not one of 'south', 'north'; did you mean 'south'?",
        ),
        (
            "[sites]\nmax_slope_deg = nan",
            "my.toml [sites] max_slope_deg: nan is not a finite number; write an ordinary number",
        ),
        (
            "[sites]\nmax_slope_deg = -inf",
            "my.toml [sites] max_slope_deg: -inf is not a finite number; write an ordinary number",
        ),
        (
            "[sites]\nmax_slope_deg = 90",
            "my.toml [sites] max_slope_deg: 90.0 is above the largest allowed value 60; write a value from 0 to 60",
        ),
        (
            "[sites]\nmin_lit_days = -1",
            "my.toml [sites] min_lit_days: -1.0 is below the smallest allowed value 0; write at least 0",
        ),
        (
            "[light]\ncycle_years = 11",
            "my.toml [light] cycle_years: 11.0 is below the smallest allowed value 18.6; "
            "write a value from 18.6 to 100",
        ),
        (
            "[light]\nstart_utc = '1 March 2028'",
            "my.toml [light] start_utc: '1 March 2028' is not a UTC time; write it like 2028-01-01T00:00:00Z",
        ),
        (
            "[light]\nstart_utc = '2028-03-01T00:00:00+09:00'",
            "my.toml [light] start_utc: '2028-03-01T00:00:00+09:00' has an offset from UTC; "
            "write UTC, like 2028-01-01T00:00:00Z",
        ),
        (
            "[light]\nstart_utc = 2028-03-01",
            'my.toml [light] start_utc: 2028-03-01 does not say that it is UTC; write it like "2028-01-01T00:00:00Z"',
        ),
        (
            "[light]\nstart_utc = 2028",
            'my.toml [light] start_utc: 2028 is a whole number; write UTC in quotes, like "2028-01-01T00:00:00Z"',
        ),
        (
            "[mission]\nrover = 'vipr'",
            "my.toml [mission] rover: unknown rover 'vipr'; did you mean 'viper'? A file of your own ends in .toml",
        ),
        (
            "[rover]\nmas_kg = 3",
            "my.toml [rover]: unknown name 'mas_kg'; did you mean 'mass_kg'?",
        ),
        (
            "[rover]\nmass_kg = -3",
            "my.toml [rover] mass_kg: -3.0 is below the smallest allowed value 0; write at least 0",
        ),
        ("[rover]\nmass_kg = '350'", "my.toml [rover] mass_kg: '350' is text; write a number"),
        (
            "[rover]\nmass_kg = { valu = 3.0 }",
            "my.toml [rover] mass_kg: unknown name 'valu'; did you mean 'value'?",
        ),
        (
            "[mission]\nname = '../../etc'",
            "my.toml [mission] name: '../../etc' cannot name a folder; "
            "use up to 64 letters, digits, '.', '_' and '-', beginning with a letter or digit",
        ),
    ],
)
def test_a_wrong_line_is_answered_with_file_table_key_and_the_right_name(tmp_path, text, answer):
    assert complaint(tmp_path, text) == answer


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("[light]\nstart_utc = '2030-01-01'\nstop_utc = '2029-01-01'", "[light]: stop_utc = 2029-01-01T00:00:00Z does"),
        ("[light]\nstart_utc = '2028-01-01'\nstop_utc = '2028-02-01'", "[light]: a season of season_days = 105 does"),
        ("[light]\nstop_utc = '2060-01-01'", "[light]: the long-term cycle of cycle_years = 18.7 is shorter"),
        (
            "[sites]\nweight_light = 0\nweight_earth = 0\nweight_slope = 0\nweight_psr = 0",
            "[sites]: all four weights are zero",
        ),
        ("[terrain]\nfine_cell_m = 20000.0", "[terrain]: fine_cell_m = 20000 leaves 0.8 cells"),
        ("[terrain]\nfine_cell_m = 1\nfine_size_km = 200", "[terrain]: fine_cell_m = 1 makes 200000 cells a side"),
        ("[terrain]\nfine_slope_baseline_m = 20", "[terrain]: fine_slope_baseline_m = 20 lies outside"),
        (
            "[terrain]\nfine_slope_baseline_m = 75",
            "fine_slope_baseline_m = 75 lies outside two cells of fine_cell_m = 50",
        ),
        ("[terrain]\nslope_baseline_m = 500", "[terrain]: slope_baseline_m = 500 is shorter than two cells of the def"),
        (
            "[ranking]\nweight_ice = 0.1\nweight_touchdown = 0.1\n[thermal]\nmaps = false\n",
            "[ranking]: weight_ice is above 0, but there is no ice_depth_map and [thermal] maps = false; give the path",
        ),
        (
            "[terrain]\nfine_cell_m = 2000\nfine_size_km = 100\nfine_slope_baseline_m = 5000",
            "[terrain]: fine_cell_m = 2000 is coarser than the default DEM; use at most 1600",
        ),
        ("[horizon]\nazimuths = 361", "[horizon]: azimuths = 361 is not a multiple of 8; use 360"),
        ("[sites]\nmin_lit_days = 200", "[sites]: min_lit_days = 200 is longer than season_days = 105"),
        ("[traverse]\nneighbours = 12", "[traverse]: neighbours = 12 is neither 8 nor 16; use 8 or 16"),
        ("[traverse]\nspan_days = 0.1\nstep_minutes = 90", "[traverse]: span_days = 0.1 is shorter than two steps"),
        ("[traverse]\nbegin = 'soon'", "[traverse]: begin = 'soon': "),
        ("[traverse]\nbegin = '2030-12-20'", "leaves start_utc .. stop_utc of [light]; begin inside the mission span"),
        ("[terrain]\ndem = 'no.tif'", "[terrain] dem: no file "),
        ("[terrain]\nfar_dem = 'my.toml'", "[terrain]: far_dem is given but dem is 'default'"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(tmp_path, text, part):
    assert part in complaint(tmp_path, text)


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"[sites]\ncount = \n", "not valid TOML: Invalid value (at line 2, column 9)"),
        (b"[sites]\ncount = 1\ncount = 2\n", "not valid TOML: Cannot overwrite a value (at line 3"),
        (b"[sites]\ntitle = 'caf\xe9'\n", "line 2: not UTF-8 text"),
        (b"II*\0\x08\0\0\0", "not a text file"),
        (b"#" * 2_000_000, "longer than 1000 kB"),
        (b"a = " + b"[" * 5000, "not valid TOML"),
        (b"[study]\nseed = 1" + b"0" * 5000, "not valid TOML"),
    ],
)
def test_a_file_that_is_not_a_mission_is_refused_in_one_line(tmp_path, content, part):
    (tmp_path / "my.toml").write_bytes(content)
    with pytest.raises(MissionError) as caught:
        load_mission(tmp_path / "my.toml")
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path):
    with pytest.raises(MissionError, match="no such file"):
        load_mission(tmp_path / "nothing.toml")
    with pytest.raises(MissionError, match="not a file"):
        load_mission(tmp_path)


def test_the_examples_of_the_guide_are_good_mission_files(tmp_path):
    (tmp_path / "maps").mkdir()
    for name in ("my_ridge_5m.tif", "plateau_5m.tif"):
        (tmp_path / "maps" / name).write_bytes(b"")
    (tmp_path / "data").mkdir()
    for name in ("iau_features.csv", "artemis3_regions.csv"):
        (tmp_path / "data" / name).write_bytes(b"")
    guide = (ROOT / "docs" / "howto" / "mission_file.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    assert len(examples) == 4
    for example in examples:
        mission = load_mission(written(tmp_path, example))
        assert mission.given or mission.places or mission.layers


def test_the_commented_examples_in_the_default_file_are_right(tmp_path):
    text = re.sub(r"^# (?=\w+ = )", "", default_mission_text(), flags=re.MULTILINE)
    assert {"lander.max_slope_deg", "rover.battery_wh"} <= set(load_mission(written(tmp_path, text)).given)


def test_a_damaged_file_never_gives_more_than_a_mission_error(tmp_path):
    rng = random.Random(11)
    text = default_mission_text()
    pieces = [
        "nan",
        "-1",
        "true",
        '"',
        "[",
        "]",
        "{",
        "=",
        "\n",
        "_rad",
        "1e400",
        "0x",
        "'",
        "[[a]]",
        "é",
        "\t",
        "2028-02-30",
    ]
    good = 0
    for _ in range(400):
        damaged = text
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(damaged))
            damaged = damaged[:at] + rng.choice(pieces) + damaged[at + rng.randint(0, 12) :]
        try:
            load_mission(written(tmp_path, damaged))
            good += 1
        except MissionError as error:
            assert "\n" not in str(error)
    assert good < 400
