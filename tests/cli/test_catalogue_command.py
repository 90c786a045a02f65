"""lupex catalogue: what it prints, for people and for programs, and what it refuses."""

import json

import pytest
from tests.cli.command import lupex, refused


def test_kinds_entries_and_facts_are_printed_for_people_and_programs() -> None:
    assert lupex("catalogue").stdout.splitlines()[0].split() == ["kind", "entries", "names"]
    names = [line.split()[0] for line in lupex("catalogue", "rovers").stdout.splitlines()]
    assert {"lupex", "viper"} < set(names)
    said = lupex("catalogue", "station", "usuda").stdout
    assert said.startswith("station usuda: Usuda") and "unpublished" in said and "x_g_t_db_k" in said
    held = json.loads(lupex("catalogue", "radio", "slim", "--json").stdout)
    assert {fact["key"]: fact["value"] for fact in held["facts"]}["band"] == "S"
    assert [row["name"] for row in json.loads(lupex("catalogue", "lander", "--json").stdout)][-1] == "lupex"


def test_a_template_is_a_file_the_commands_take(tmp_path) -> None:
    (tmp_path / "mine.toml").write_text(lupex("catalogue", "template", "radio").stdout, encoding="utf-8")
    assert lupex("link", "misasa", tmp_path / "mine.toml").stdout.endswith("the link closes\n")
    assert "my_radio" in lupex("catalogue", "radio", tmp_path / "mine.toml").stdout


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["catalogue", "stattion"], "no kind 'stattion'; did you mean 'station'?"),
        (["catalogue", "station", "misaza"], "unknown station 'misaza'; did you mean 'misasa'?"),
        (["catalogue", "template"], "a template needs a kind; say lupex catalogue template station | radio"),
        (["catalogue", "template", "rovr"], "no kind 'rovr'; did you mean 'rover'?"),
        (["catalogue", "rover", "nowhere.toml"], "rover file nowhere.toml: no such file"),
    ],
)
def test_what_is_not_there_is_answered_in_one_line(words, answer) -> None:
    assert answer in refused(*words)
