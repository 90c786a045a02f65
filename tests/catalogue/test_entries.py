"""The catalogue: every entry loads, every fact names its source, stand-ins say so."""

import pytest

from lupex.base.errors import MissionError
from lupex.catalogue import catalogue_entry, catalogue_names

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
    assert catalogue_names("landers") == ["chandrayaan3", "lupex"]
    assert catalogue_names("rovers") == ["lupex", "viper"]


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
        ("name = 'x'\n", "'title' is missing"),
        ("name = 'x'\ntitle = 'y'\n[facts.mass_kg]\nvalue = 1.0\nmeaning = 'm'\n", "[facts.mass_kg]: 'source' is"),
        ("name = 'x'\ntitle = 'y'\n[facts]\nmass_kg = 1.0\n", "[facts.mass_kg]: 1.0 is not a fact"),
        (
            "name = 'x'\ntitle = 'y'\n[facts.a]\nvalue = -1.0\nsource = 's'\nmeaning = 'm'\n",
            "[facts.a] value: -1.0 is below",
        ),
        ("name = 'x'\ntitle = 'y'\nfact = 1\n[facts]\n", "unknown name 'fact'; did you mean 'facts'?"),
    ],
)
def test_a_faulty_entry_says_what_it_lacks(tmp_path, text, part):
    path = tmp_path / "entry.toml"
    path.write_text(text)
    with pytest.raises(MissionError) as caught:
        catalogue_entry("rovers", str(path))
    assert part in str(caught.value)
