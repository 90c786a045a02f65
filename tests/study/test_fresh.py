"""When a study need not run again."""

from dataclasses import replace
from pathlib import Path

from lupex.mission import load_mission
from lupex.study.fresh import is_up_to_date, record_run, recorded_summary, study_key


def test_a_recorded_run_is_current_until_a_file_or_the_key_changes(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("one")
    record_run(tmp_path, "key", [tmp_path / "report.html"], {"sites": 2})
    assert is_up_to_date(tmp_path, "key")
    assert recorded_summary(tmp_path) == {"sites": 2}
    assert not is_up_to_date(tmp_path, "another key")
    (tmp_path / "report.html").write_text("two")
    assert not is_up_to_date(tmp_path, "key")


def test_a_torn_record_is_no_record(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"key": "key", "files"')
    assert not is_up_to_date(tmp_path, "key")
    assert recorded_summary(tmp_path) == {}


def test_the_image_behind_a_label_belongs_to_the_key(tmp_path: Path) -> None:
    label, image = tmp_path / "dem.LBL", tmp_path / "dem.IMG"
    label.write_text("label")
    image.write_bytes(b"one")
    mission = load_mission(None)
    mission = replace(mission, terrain=replace(mission.terrain, dem=str(label)))
    before = study_key(mission)
    assert study_key(mission) == before
    image.write_bytes(b"two")
    assert study_key(mission) != before


def test_a_changed_label_beside_the_image_makes_a_study_stale(tmp_path: Path) -> None:
    for name in ("tile.IMG", "tile.LBL"):
        (tmp_path / name).write_text(name)
    (tmp_path / "a.toml").write_text('[terrain]\ndem = "tile.IMG"\n')
    before = study_key(load_mission(tmp_path / "a.toml"))
    assert before == study_key(load_mission(tmp_path / "a.toml"))
    (tmp_path / "tile.LBL").write_text("SCALING_FACTOR = 0.5")
    assert study_key(load_mission(tmp_path / "a.toml")) != before
