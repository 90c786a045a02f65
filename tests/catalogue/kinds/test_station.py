from pathlib import Path

import pytest

from lupex.base.errors import InputError
from lupex.catalogue import station, station_names, stations

MINE = """
name = "mine"
title = "My dish"
[facts]
lat_deg = 36.0
lon_deg = 138.0
height_m = 900.0
country = "JP"
dish_m = 10.0
min_elevation_deg = 5.0
x_g_t_db_k = { value = 40.0, source = "measured" }
"""


def written(folder: Path, text: str) -> str:
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    return "mine.toml"


def test_the_catalogue_holds_the_stations_of_the_mission_and_its_partners() -> None:
    held = set(station_names())
    assert {"misasa", "usuda", "uchinoura34", "uchinoura20", "katsuura", "byalalu32", "byalalu18"} <= held
    assert {"dss14", "dss43", "dss63", "dss26", "dss34", "dss54", "new_norcia", "cebreros", "malargue"} <= held
    assert len(stations()) == len(held)


def test_misasa_has_its_published_radio_and_no_invented_one() -> None:
    misasa, usuda = station("misasa"), station("usuda")
    x = misasa.band("X")
    assert x is not None and x.g_t_db_k == 53.80 and x.eirp_dbw == 112.62 and x.tx_max_hz == 7.235e9
    assert misasa.band("S") is None
    assert usuda.band("X") is not None and usuda.band("X").g_t_db_k is None
    assert "x_g_t_db_k" in usuda.unpublished
    fact = misasa.fact("x_g_t_db_k")
    assert fact is not None and "JAXA" in fact.source


def test_the_independent_survey_of_misasa_is_ten_centimetres_off() -> None:
    x, y, z = station("misasa").itrf_m
    survey = (-3854373.744123, 3427836.338495, 3741812.872551)
    assert sum((a - b) ** 2 for a, b in zip((x, y, z), survey, strict=True)) ** 0.5 < 0.35


def test_an_unknown_station_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(InputError, match="unknown station 'misaza'; did you mean 'misasa'"):
        station("misaza")
    with pytest.raises(InputError, match="did you mean 'dss14'"):
        station("DSS-14")


def test_a_file_of_ones_own_needs_no_sources(tmp_path: Path) -> None:
    mine = station(written(tmp_path, MINE), tmp_path)
    assert mine.dish_m == 10.0 and mine.band("X").g_t_db_k == 40.0
    assert mine.fact("dish_m").source == "given in mine.toml"
    assert mine.fact("x_g_t_db_k").source == "measured"


def test_a_file_can_begin_from_the_catalogue(tmp_path: Path) -> None:
    text = 'like = "usuda"\n[facts]\nx_g_t_db_k = 52.0\nmask_azimuth_deg = [0, 90]\nmask_elevation_deg = [12, 15.5]\n'
    mine = station(written(tmp_path, text), tmp_path)
    assert mine.name == "mine" and mine.dish_m == 64.0 and mine.band("X").g_t_db_k == 52.0
    assert "x_g_t_db_k" not in mine.unpublished and mine.mask_elevation_deg == (12.0, 15.5)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("lat_deg = 36.0\nlon_deg = 138.0", "lat_deg = 138.0\nlon_deg = 36.0", "the two look swapped"),
        ("lon_deg = 138.0", "lon_deg = -138.0", "a sign looks wrong"),
        ("lat_deg = 36.0", "lat_deg = 60.0", "is not in JP"),
        ("dish_m = 10.0", "dish_m = -10.0", r"\[facts.dish_m\]: -10.0 is below the smallest allowed value 0.05"),
        ("dish_m = 10.0", "dich_m = 10.0", "did you mean 'dish_m'"),
        ("dish_m = 10.0", "", "'dish_m' is missing"),
        ("height_m = 900.0", "", "no position, height_m missing"),
        ("height_m = 900.0", "height_m = 900.0\nx_m = 0.0\ny_m = 6.4e6\nz_m = 0.0", "apart; x, y, z is"),
        ("dish_m = 10.0", "dish_m = 10.0\nx_rx_min_hz = 8.5e9\nx_rx_max_hz = 8.4e9", "bandwidth of rx is -1e"),
        ("dish_m = 10.0", "dish_m = 10.0\nmask_azimuth_deg = [0, 90]", "2 azimuths and 0 elevations"),
        ("dish_m = 10.0", 'dish_m = "ten"', "'ten' is text; write a number"),
        ("dish_m = 10.0", 'dish_m = 10.0\nbands = ["Q"]', "unknown band 'Q'"),
        ("[facts]", "[fact]", "unknown name 'fact'"),
        ("[facts]", "[facts", "not valid TOML"),
    ],
)
def test_what_is_wrong_in_a_file_is_said(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in MINE
    with pytest.raises(InputError, match=said):
        station(written(tmp_path, MINE.replace(old, new)), tmp_path)


def test_coordinates_swapped_within_a_complex_are_noticed(tmp_path: Path) -> None:
    text = 'like = "dss43"\n[facts]\nlat_deg = 148.98\nlon_deg = -35.4\nheight_m = 690.0\n'
    with pytest.raises(InputError, match="not in canberra; the two look swapped"):
        station(written(tmp_path, text), tmp_path)


def test_a_missing_file_is_said() -> None:
    with pytest.raises(InputError, match="station file nowhere.toml: no such file"):
        station("nowhere.toml")


SHARED = """
like = "here.toml"
[facts]
lat_deg = 36.2
lon_deg = 138.4
height_m = 1000.0
"""


def test_what_belongs_to_a_place_is_dropped_with_the_place(tmp_path: Path) -> None:
    mask = "mask_azimuth_deg = [0, 90, 180, 270]\nmask_elevation_deg = [10, 40, 40, 40]\n"
    (tmp_path / "here.toml").write_text(f'like = "misasa"\n[facts]\n{mask}', encoding="utf-8")
    (tmp_path / "there.toml").write_text(SHARED, encoding="utf-8")
    here, there = station("here.toml", tmp_path), station("there.toml", tmp_path)
    assert here.mask_elevation_deg == (10.0, 40.0, 40.0, 40.0) and here.complex == "usuda"
    assert there.mask_azimuth_deg == there.mask_elevation_deg == ()
    assert (there.site, there.complex, there.country, there.accuracy_m) == ("", "", "", None)
    assert (there.dish_m, there.bands) == (here.dish_m, here.bands)


def test_an_antenna_moved_abroad_is_in_no_country_until_the_file_says_which(tmp_path: Path) -> None:
    text = 'like = "misasa"\n[facts]\nlat_deg = 78.23\nlon_deg = 15.4\nheight_m = 450.0\n'
    assert station(written(tmp_path, text), tmp_path).country == ""
    assert station(written(tmp_path, text + 'country = "NO"\n'), tmp_path).country == "NO"
    with pytest.raises(InputError, match="is not in SE; it spans"):
        station(written(tmp_path, text + 'country = "SE"\n'), tmp_path)
