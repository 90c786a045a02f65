"""Published rules as presets: they load, name their sources, and fill what a mission file leaves out."""

import pytest

from lupex.base.errors import MissionError
from lupex.catalogue import catalogue_names
from lupex.mission import explain, load_mission, preset_limits, site_rules
from lupex.model import NO_LIMIT, SiteSettings

PUBLISHED = {
    "chandrayaan3": {"max_slope_deg": 10.0, "min_lit_days": 10.0, "min_abs_latitude_deg": 60.0,
                     "max_abs_latitude_deg": 70.0},
    "chandrayaan4": {"max_slope_deg": 10.0, "min_lit_days": 11.0, "min_abs_latitude_deg": 84.0},
    "luna25": {"max_slope_deg": 7.0, "min_lit_fraction": 0.4, "min_earth_fraction": 1.0},
    "luna27": {"max_slope_deg": 10.0, "min_lit_fraction": 0.35, "min_earth_fraction": 0.5,
               "min_abs_latitude_deg": 79.0, "max_abs_latitude_deg": 83.0},
    "artemis3": {"min_lit_days": 6.5, "min_abs_latitude_deg": 84.0},
    "viper": {},
}  # fmt: skip


def loaded(folder, text):
    path = folder / "my.toml"
    path.write_text(text, encoding="utf-8")
    return load_mission(path)


def test_every_preset_of_the_catalogue_is_known_here():
    assert catalogue_names("site_rules") == sorted([*PUBLISHED, "lupex"])


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_a_preset_sets_what_is_published_and_no_other_limit(name):
    assert preset_limits(name) == NO_LIMIT | PUBLISHED[name]


@pytest.mark.parametrize("name", [*PUBLISHED, "lupex"])
def test_every_rule_names_its_source_and_what_is_unpublished_is_listed(name):
    entry = site_rules(name)
    assert all(len(fact.source) > 10 and fact.meaning for fact in entry.facts)
    assert "slope_baseline_m" in entry.unpublished or name == "viper"
    assert not {fact.key for fact in entry.facts} & set(entry.unpublished)


def test_lupex_is_the_default_and_says_what_is_assumption():
    assert preset_limits("lupex") == {key: getattr(SiteSettings(), key) for key in NO_LIMIT}
    entry = site_rules("lupex")
    limits = [fact for fact in entry.facts if fact.key in NO_LIMIT]
    assert limits and all(fact.source.startswith("assumption") for fact in limits)


def test_a_preset_fills_only_the_limits_the_file_leaves_out(tmp_path):
    sites = loaded(tmp_path, '[sites]\npreset = "luna25"\nmin_earth_fraction = 0.9\n').sites
    assert (sites.max_slope_deg, sites.min_lit_fraction, sites.min_earth_fraction) == (7.0, 0.4, 0.9)
    assert (sites.min_lit_days, sites.max_psr_distance_km) == (0.0, 10_000.0)
    assert sites.weight_light == SiteSettings().weight_light


def test_explain_shows_the_presets_number_and_source(tmp_path):
    mission = loaded(tmp_path, '[sites]\npreset = "luna27"\nmax_slope_deg = 8\n')
    rows = {row.key: row for row in explain(mission) if row.table == "sites"}
    assert (rows["max_slope_deg"].value, rows["max_slope_deg"].default) == (8.0, 10.0)
    assert "actaastro.2024.06.011" in rows["min_lit_fraction"].source
    assert rows["min_lit_days"].source.startswith("no limit")


def test_a_preset_of_ones_own_is_read_from_a_file(tmp_path):
    (tmp_path / "mine.toml").write_text(
        'name = "mine"\ntitle = "Mine"\n[facts.max_slope_deg]\nvalue = 6.0\nsource = "our legs"\nmeaning = "s"\n'
    )
    assert loaded(tmp_path, '[sites]\npreset = "mine.toml"\n').sites.max_slope_deg == 6.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[sites]\npreset = "luna26"', r"\[sites\] preset: unknown site rule 'luna26'; did you mean 'luna2[57]'"),
        ('[sites]\npreset = "none.toml"', "no file .*none.toml"),
        ("[sites]\npreset = 3", "preset: 3 is a whole number"),
        ("[sites]\nmin_abs_latitude_deg = 86\nmax_abs_latitude_deg = 85", "86 lies above max_abs_latitude_deg = 85"),
        (
            "[ranking]\nweight_touchdown = 0.5",
            r"\[ranking\]: the weights sum to 1.3, not 1; scaled to 1 they are weight_",
        ),
        ("[ranking]\nweight_touchdown = -0.2", "weight_touchdown: -0.2 is below the smallest allowed value 0"),
        ("[ranking]\nweight_touchdown = nan", "weight_touchdown: nan is not a finite number"),
        ('[ranking]\nmethod = "topsi"', "did you mean 'topsis'"),
    ],
)
def test_what_is_wrong_is_answered_in_one_line(tmp_path, text, said):
    with pytest.raises(MissionError, match=said) as error:
        loaded(tmp_path, text)
    assert "\n" not in str(error.value)


def test_a_preset_with_a_limit_out_of_bounds_is_refused(tmp_path):
    (tmp_path / "mine.toml").write_text(
        'name = "mine"\ntitle = "Mine"\n[facts.max_slope_deg]\nvalue = 75.0\nsource = "nobody"\nmeaning = "s"\n'
    )
    with pytest.raises(MissionError, match="site rules 'mine' max_slope_deg: 75.0 is above"):
        loaded(tmp_path, '[sites]\npreset = "mine.toml"\n')
