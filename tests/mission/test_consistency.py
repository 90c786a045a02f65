"""[ground] and [link] in a mission file: names of antennas and radios, files of the user's own."""

import pytest
from tests.mission.test_load import complaint, written

from lupex.mission import load_mission
from lupex.model.settings.setting import texts


def test_names_of_stations_are_split_at_commas_without_blanks_or_repeats():
    assert texts(" misasa,usuda , misasa,, own.toml ") == ("misasa", "usuda", "own.toml")


def test_the_default_mission_asks_antennas_of_jaxa_isro_and_the_dsn():
    mission = load_mission(None)
    assert mission.ground.stations == (
        "misasa", "usuda", "byalalu32", "byalalu18", "dss14", "dss43", "dss63",
    )  # fmt: skip
    assert mission.ground.radio == "lupex_rover_hga"
    assert mission.link.required_margin_db == 3.0


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ('[ground]\nstations = "misasa, usudo"',
         "[ground]: stations: unknown station 'usudo'; did you mean 'usuda'?"),
        ('[ground]\nstations = "Misassa"', "[ground]: stations: unknown station 'Misassa'; did you mean 'misasa'?"),
        ('[ground]\nstations = ", ,"', "[ground]: stations names none; name one or more, or write 'none'"),
        ('[ground]\nstations = "none, usuda"',
         "[ground]: stations names 'none' and others; write 'none' alone, or leave it out"),
        ("[horizon]\nsearch_radius_km = 5\npanel_height_m = 10",
         "[horizon]: panel_height_m = 10 sees 5.895 km of bare ground, farther than search_radius_km = 5; "
         "lower it, or search farther"),
        ('[ground]\nradio = "lupex_rover_hgb"',
         "[ground]: radio: unknown radio 'lupex_rover_hgb'; did you mean 'lupex_rover_hga'?"),
        ('[traverse]\nstation = "misasas"', "[traverse]: station: unknown station 'misasas'; did you mean 'misasa'?"),
        ("[ground]\nsun_exclusion_deg = -1",
         "[ground] sun_exclusion_deg: -1.0 is below the smallest allowed value 0; "
         "write a value from 0 to 90"),
        ("[link]\nerror_rate = 0", "[link] error_rate: 0.0 is below the smallest allowed value 1e-07; "
         "write a value from 1e-07 to 0.1"),
        ("[link]\nelevation_deg = 3",
         "[link]: unknown name 'elevation_deg'; did you mean 'min_elevation_deg' of [ground]?"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_antennas_is_said_with_what_would_be_right(tmp_path, text, answer):
    assert complaint(tmp_path, text) == f"my.toml {answer}"


def test_no_contacts_at_all_can_be_asked_for(tmp_path):
    assert load_mission(written(tmp_path, '[ground]\nstations = "none"')).ground.stations == ("none",)


def test_a_station_file_is_found_beside_the_mission_file(tmp_path):
    (tmp_path / "own.toml").write_text('like = "misasa"\n')
    text = '[ground]\nstations = "usuda, own.toml"\nradio = "own.toml"\n[traverse]\nstation = "own.toml"\n'
    mission = load_mission(written(tmp_path, text))
    assert mission.ground.stations == ("usuda", str(tmp_path / "own.toml"))
    assert mission.ground.radio == mission.traverse.station == str(tmp_path / "own.toml")


def test_a_station_file_that_is_not_there_is_named(tmp_path):
    said = complaint(tmp_path, '[ground]\nstations = "usuda, mine.toml"')
    assert said.startswith("my.toml [ground] stations: no file") and "mine.toml'" in said
