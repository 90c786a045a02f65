"""lupex thermal and lupex ice: numbers on stdout, one line on stderr for what cannot be."""

import json

import pytest
from tests.cli.command import lupex, refused

KEYS = {
    "surface_max_k",
    "surface_min_k",
    "surface_mean_k",
    "surface_noon_k",
    "surface_midnight_k",
    "depth_m",
    "mean_k",
    "min_k",
    "max_k",
    "drift_k_per_year",
    "heat_imbalance_fraction",
}


def answer(*words):
    done = lupex(*words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_profile_of_the_equator_has_the_keys_promised_and_the_temperatures_of_diviner():
    got = answer("thermal", "profile", "--lat", "0")
    assert set(got) >= KEYS
    assert got["surface_noon_k"] == pytest.approx(385.0, abs=5.0)
    assert got["surface_midnight_k"] == pytest.approx(101.0, abs=5.0)
    assert got["surface_min_k"] == pytest.approx(95.0, abs=5.0)
    assert abs(got["heat_imbalance_fraction"]) < 1e-5
    assert 0.0 <= got["drift_k_per_year"] < 0.02
    assert len(got["depth_m"]) == len(got["mean_k"]) == len(got["min_k"]) == len(got["max_k"])
    assert got["depth_m"][-1] > 1.5
    assert "Keihm" in got["albedo_law"]


def test_a_place_behind_its_skyline_has_the_same_keys():
    got = answer("thermal", "place", "default", "-89.67", "130", "--without-facing")
    assert set(got) >= KEYS
    assert got["surface_min_k"] < got["surface_mean_k"] < got["surface_max_k"] < 300.0
    assert "47 lunations" in got["sun"]


def test_a_slope_to_the_equator_is_warmer_than_one_to_the_pole():
    north, south = (
        answer("thermal", "profile", "--lat", "-70", "--lon", "32", "--slope", "6", "--aspect", aspect)
        for aspect in ("0", "180")
    )
    assert north["surface_max_k"] > south["surface_max_k"] + 30.0


def test_options_of_the_ground_are_taken():
    plain = answer("thermal", "profile", "--lat", "-60")
    bright = answer("thermal", "profile", "--lat", "-60", "--albedo", "0.3", "--constant-albedo")
    assert bright["albedo_law"] == "A = 0.3 at every angle of incidence"
    assert bright["surface_max_k"] < plain["surface_max_k"]
    warm = answer("thermal", "profile", "--lat", "-60", "--heat-flow", "0.05")
    assert warm["deep_flow_w_m2"] == pytest.approx(0.05, rel=1e-3)
    assert answer("thermal", "profile", "--lat", "26.13", "--regolith", "mare")["regolith"] == "mare"
    cold = answer("thermal", "profile", "--lat", "-85", "--regolith", "martinez_siegler")
    assert cold["heat_imbalance_fraction"] == pytest.approx(0.0, abs=1e-6)
    assert cold["mean_k"][-1] > cold["surface_mean_k"] + 15.0


def test_csv_is_one_row_a_depth():
    lines = lupex("thermal", "profile", "--lat", "-90").stdout.splitlines()
    assert lines[0] == "depth_m,mean_k,min_k,max_k"
    assert len(lines) > 20


def test_the_rate_at_110_K_is_the_published_one():
    got = answer("ice", "rate", "--temperature-k", "110")
    assert got["rate_kg_m2_gyr"] == pytest.approx(144.0, rel=0.01)
    assert answer("ice", "rate", "--temperature-k", "60", "--species", "co2")["rate_kg_m2_gyr"] > 1e3


def test_the_depth_of_ice_for_a_column_and_for_one_temperature():
    assert answer("ice", "depth", "--temperature-k", "120")["depth_m"] == pytest.approx(0.013, rel=0.03)
    pole = answer("ice", "depth", "--lat", "-90")
    assert pole["class"] == "surficial"
    # Ice lasts on the surface there: nothing to pump, and the depth is answered all the same.
    pumped = {key: value for key, value in pole.items() if key.startswith("pump_") and key != "pump_model"}
    assert len(pumped) == 4
    assert set(pumped.values()) == {None}
    dry = answer("ice", "depth", "--lat", "-60")
    assert (dry["class"], dry["depth_m"]) == ("dry", None)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["thermal", "profile", "--lat", "-91"], "latitude -91 lies outside -90 .. 90"),
        (["thermal", "profile", "--lat", "-80", "--albedo", "1.2"], "albedo 1.2 lies outside 0 .. 1"),
        (["thermal", "profile", "--lat", "-80", "--albedo", "-0.1"], "albedo -0.1 lies outside 0 .. 1"),
        (["thermal", "profile", "--lat", "-80", "--emissivity", "2"], "emissivity 2 lies outside"),
        (["thermal", "profile", "--lat", "-80", "--emissivity", "-0.5"], "emissivity -0.5 lies outside"),
        (["thermal", "profile", "--lat", "-80", "--albedo", "nan"], "albedo nan lies outside"),
        (["thermal", "profile", "--lat", "-80", "--regolith", "cheese"], "unknown regolith 'cheese'"),
        (["thermal", "profile", "--lat", "nan"], "latitude nan lies outside"),
        (["ice", "rate", "--temperature-k", "5"], "5 K lies outside 25 .. 273.16 K"),
        (["ice", "rate", "--temperature-k", "300"], "300 K lies outside"),
        (["ice", "rate", "--temperature-k", "100", "--species", "xenon"], "unknown species 'xenon'"),
        (["ice", "depth"], "needs either"),
        (["thermal", "place", "no.tif", "-89", "0"], "no file"),
        (["ice", "depth", "--lat", "-80", "--temperature-k", "100"], "needs either"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(words, complaint):
    assert complaint in refused(*words, "--json")
