"""The catalogue: every entry loads, every fact names its source, stand-ins say so."""

import pytest

from lupex.base.errors import MissionError
from lupex.catalogue import catalogue_entry, catalogue_names
from lupex.catalogue.kinds import KINDS

ENTRIES = [(kind, name) for kind in ("landers", "rovers") for name in catalogue_names(kind)]

ROVER_NEEDS = {
    "mass_kg",
    "speed_m_s",
    "max_slope_deg",
    "battery_wh",
    "solar_array_area_m2",
    "solar_array_efficiency_fraction",
    "drive_power_w",
    "hotel_power_w",
    "drill_depth_m",
    "nominal_life_days",
    "traverse_km",
    "survives_night",
}
LANDER_NEEDS = {"wet_mass_kg", "payload_mass_kg", "max_slope_deg", "nominal_life_days", "landing_area_km"}


def test_the_catalogue_holds_lupex_and_peers_to_compare_with():
    assert {"chandrayaan3", "lupex"} <= set(catalogue_names("landers"))
    assert {"lupex", "viper"} <= set(catalogue_names("rovers"))


@pytest.mark.parametrize(("kind", "name"), ENTRIES)
def test_every_fact_has_a_source_and_a_meaning(kind, name):
    entry = catalogue_entry(kind, name)
    assert entry.name == name
    for fact in entry.facts:
        assert len(fact.source) > 8, fact
        assert len(fact.meaning) > 4, fact
        assert fact.key not in entry.unpublished


@pytest.mark.parametrize(("kind", "name"), ENTRIES)
def test_every_entry_has_what_later_work_needs(kind, name):
    keys = {fact.key for fact in catalogue_entry(kind, name).facts}
    assert keys >= (ROVER_NEEDS if kind == "rovers" else LANDER_NEEDS)


def test_the_facts_of_the_lupex_rover_are_the_published_ones():
    facts = {fact.key: fact.value for fact in catalogue_entry("rovers", "lupex").facts}
    published = {
        "mass_kg": 350.0,
        "stowed_length_m": 1.75,
        "stowed_width_m": 1.46,
        "stowed_height_m": 1.50,
        "drill_depth_m": 1.5,
        "traverse_km": 10.0,
        "nominal_life_days": 105.0,
    }
    assert {key: facts[key] for key in published} == published


def test_what_nobody_has_published_about_the_lupex_rover_is_called_an_assumption():
    assumed = {f.key for f in catalogue_entry("rovers", "lupex").facts if f.source.startswith("assumption")}
    assert assumed == {
        "speed_m_s",
        "battery_wh",
        "solar_array_area_m2",
        "solar_array_efficiency_fraction",
        "drive_power_w",
        "hotel_power_w",
        "sleep_power_w",
        "drill_power_w",
        "measure_power_w",
        "array_kind",
    }


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("[facts.mass_kg]\nvalue = -1.0\n", "[facts.mass_kg]: -1.0 is below the smallest"),
        ("[facts.mass_kg]\nsource = 's'\n", "[facts.mass_kg]: 'value' is missing"),
        ("[facts]\nmass_kg = '350'\n", "[facts.mass_kg]: '350' is text; write a number"),
        ("[facts]\nmax_slop_deg = 20\n", "unknown name 'max_slop_deg'; did you mean 'max_slope_deg'?"),
        ("[unpublished]\nbatery_wh = 'x'\n", "[unpublished]: unknown name 'batery_wh'; did you mean 'battery_wh'?"),
        ("fact = 1\n[facts]\n", "unknown name 'fact'; did you mean 'facts'?"),
        ("facts = 3\n", "facts is 3; write a table [facts]"),
        ("like = 'viber'\n", "like: unknown rover 'viber'; did you mean 'viper'?"),
        ("like = 'entry.toml'\n", "like = 'entry.toml' leads back to itself"),
        ('name = "a\\nb"\n', "holds control characters"),
    ],
)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_faulty_entry_says_what_it_lacks_with_a_byte_order_mark_or_without(tmp_path, text, part, mark):
    path = tmp_path / "entry.toml"
    path.write_bytes(mark + text.encode())
    with pytest.raises(MissionError) as caught:
        catalogue_entry("rovers", str(path))
    assert part in str(caught.value) and str(path) in str(caught.value)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.folder)
def test_every_kind_knows_like_and_refuses_loops_and_misspelt_keys(tmp_path, kind):
    base = catalogue_names(kind.noun)[0]
    key = next(f.key for f in catalogue_entry(kind.noun, base).facts)
    (tmp_path / "mine.toml").write_text(f"like = '{base}'\n", encoding="utf-8")
    mine = catalogue_entry(kind.noun, "mine.toml", folder=tmp_path)
    assert (mine.name, mine.values) == ("mine", catalogue_entry(kind.noun, base).values)
    assert mine.files == (tmp_path / "mine.toml",)
    (tmp_path / "one.toml").write_text("like = 'two.toml'\n", encoding="utf-8")
    (tmp_path / "two.toml").write_text("like = './one.toml'\n", encoding="utf-8")
    with pytest.raises(MissionError, match="leads back to itself"):
        catalogue_entry(kind.noun, "one.toml", folder=tmp_path)
    if kind.closed:
        (tmp_path / "mine.toml").write_text(f"like = '{base}'\n[facts]\n{key}x = 1\n", encoding="utf-8")
        with pytest.raises(MissionError, match=f"unknown name '{key}x'; did you mean '{key}'"):
            catalogue_entry(kind.noun, "mine.toml", folder=tmp_path)


def test_a_file_is_like_another_beside_it_wherever_it_is_read_from(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "base.toml").write_text("like = 'viper'\n[facts]\nmass_kg = 400\n", encoding="utf-8")
    (tmp_path / "mine.toml").write_text("like = 'a/base.toml'\n[facts]\nspeed_m_s = 0.1\n", encoding="utf-8")
    mine = catalogue_entry("rover", "mine.toml", folder=tmp_path)
    assert (mine.values["mass_kg"], mine.values["speed_m_s"]) == (400.0, 0.1)
    assert mine.fact("speed_m_s").source == "given in mine.toml"
    assert [path.name for path in mine.files] == ["mine.toml", "base.toml"]


@pytest.mark.parametrize("raw", [b"title = 'Universit\xe9'\n", b"title = 'a\0b'\n"])
def test_text_in_another_encoding_is_refused_in_one_line(tmp_path, raw):
    (tmp_path / "mine.toml").write_bytes(raw)
    with pytest.raises(MissionError, match="mine.toml") as caught:
        catalogue_entry("lander", "mine.toml", folder=tmp_path)
    assert "\n" not in str(caught.value)


def test_an_unknown_kind_gets_the_nearest_name():
    with pytest.raises(MissionError, match="no kind 'statoin'; did you mean 'station'"):
        catalogue_names("statoin")
