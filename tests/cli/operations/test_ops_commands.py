"""lupex ops: what a new user may type, and what is answered."""

import json
from pathlib import Path

import pytest

from lupex.cli.main import main

PLAN = {
    "start_utc": "2028-05-14T00:00:00Z", "duration_s": 600,
    "commands": [{"utc": "2028-05-14T00:01:00Z", "command": "ping"}],
}  # fmt: skip


def test_passes_and_plans_stand_in_the_folder_of_a_server_once(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(PLAN))
    told = ["ops", "yamcs", "init", str(tmp_path / "y"), "--plan", str(tmp_path / "plan.json")]
    assert main([*told, "--plan", str(tmp_path / "plan.json")]) == 0
    items = json.loads((tmp_path / "y/timeline.json").read_text())["items"]
    assert [(one["name"], one["tags"]) for one in items] == [("ping", ["command"])]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["yamcs", "timeline", "."], "timeline"),
        (["simulate", "plan.json", "--files", "10020"], "--files goes with --tm"),
        (["simulate", "plan.json", "--tc", "10020"], "--tc goes with --tm"),
        (["yamcs", "init", "y", "--plan", "nowhere.csv"], "nowhere.csv"),
        (["yamcs", "init", "y", "--first-port", "65533"], "ports"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(PLAN))
    monkeypatch.chdir(tmp_path)
    try:
        code = main(["ops", *arguments])
    except SystemExit as stopped:
        code = int(str(stopped.code))
    text = capsys.readouterr().err
    assert (code, said in text, [one.name for one in tmp_path.iterdir()]) == (2, True, ["plan.json"])
