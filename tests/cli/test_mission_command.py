"""lupex mission: check, explain, begin a new file."""

import json

from tests.cli.command import lupex, refused

from lupex.mission import default_mission_text, explain, load_mission


def test_explain_prints_every_setting_with_meaning_default_and_source():
    done = lupex("mission", "--explain")
    assert (done.returncode, done.stderr) == (0, "")
    assert max(len(line) for line in done.stdout.splitlines()) <= 100
    words = " ".join(done.stdout.split())
    for row in explain(load_mission(None)):
        assert f"{row.key} = " in words
        assert " ".join(f"{row.meaning} source: {row.source}".split()) in words, row


def test_explain_shows_the_settings_that_hold_a_word():
    said = lupex("mission", "--explain", "slope").stdout
    assert "max_slope_deg = 10  (set by the file)" in said and "fine_slope_baseline_m" in said
    assert "workers" not in said
    assert "[terrain]" in lupex("mission", "--explain", "[terrain]").stdout
    assert refused("mission", "--explain", "zeppelin").startswith("no setting holds 'zeppelin'")


def test_json_holds_the_mission_and_the_rows():
    said = json.loads(lupex("mission", "--json").stdout)
    assert said["mission"]["light"]["start_utc"] == "2028-01-01T00:00:00Z"
    slope = next(r for r in said["settings"] if (r["table"], r["key"]) == ("sites", "max_slope_deg"))
    assert (slope["value"], slope["default"], slope["unit"]) == (10.0, 10.0, "degrees")


def test_the_template_is_the_default_mission():
    assert lupex("mission", "--template").stdout == default_mission_text()


def test_a_good_file_is_called_good(tmp_path):
    (tmp_path / "my.toml").write_text("[sites]\nmax_slope_deg = 8\n")
    done = lupex("mission", "my.toml", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "my.toml is a good mission file; it states 1 settings" in done.stdout


def test_a_wrong_name_is_answered_with_file_table_key_and_the_right_name(tmp_path):
    (tmp_path / "mission.toml").write_text("[sites]\nmax_slop_deg = 8\n")
    for command in ("mission", "study", "sites"):
        assert refused(command, "mission.toml", cwd=tmp_path) == (
            "mission.toml [sites]: unknown name 'max_slop_deg'; did you mean 'max_slope_deg'?"
        )
    assert not (tmp_path / "out").exists()


def test_a_wrong_unit_is_answered_with_the_right_one(tmp_path):
    (tmp_path / "mission.toml").write_text("[light]\nseason_hours = 8\n")
    assert refused("mission", "mission.toml", cwd=tmp_path) == (
        "mission.toml [light]: unknown name 'season_hours'; did you mean 'season_days'? (in days, not hours)"
    )
