"""When a study need not run again."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lupex.mission import load_mission
from lupex.study.fresh import is_up_to_date, record_run, recorded_summary, study_key
from lupex.study.ground import region_terrain


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


def test_a_record_that_was_changed_or_names_files_elsewhere_is_no_record(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("one")
    record_run(tmp_path, "key", [tmp_path / "report.html"], {"sites": 2})
    whole = json.loads((tmp_path / "run.json").read_text())
    for damage in (
        {"files": [1]}, {"summary": {"sites": 3}}, {"summary": 3}, {"files": {"../x": "0"}}, {"key": 1}, {"sha256": ""},
    ):  # fmt: skip
        (tmp_path / "run.json").write_text(json.dumps(whole | damage))
        assert not is_up_to_date(tmp_path, "key") and recorded_summary(tmp_path) == {}, damage
    (tmp_path / "run.json").write_text(json.dumps(whole))
    assert is_up_to_date(tmp_path, "key")


LABEL = """PDS_VERSION_ID = PDS3
RECORD_BYTES = 40
^IMAGE = "tile.IMG"
TARGET_NAME = MOON
OBJECT = IMAGE
  LINES = 20
  LINE_SAMPLES = 20
  SAMPLE_TYPE = MSB_INTEGER
  SAMPLE_BITS = 16
  UNIT = METER
  SCALING_FACTOR = 1.0
END_OBJECT = IMAGE
OBJECT = IMAGE_MAP_PROJECTION
  MAP_PROJECTION_TYPE = "POLAR STEREOGRAPHIC"
  A_AXIS_RADIUS = 1737.4 <KM>
  B_AXIS_RADIUS = 1737.4 <KM>
  C_AXIS_RADIUS = 1737.4 <KM>
  CENTER_LATITUDE = -90.0 <DEG>
  CENTER_LONGITUDE = 0.0 <DEG>
  MAP_SCALE = 100.0 <METERS/PIXEL>
  SAMPLE_PROJECTION_OFFSET = 9.5 <PIXEL>
  LINE_PROJECTION_OFFSET = 9.5 <PIXEL>
END_OBJECT = IMAGE_MAP_PROJECTION
END
"""


@pytest.mark.parametrize("named", ["tile.LBL", "tile.IMG"])
def test_every_file_the_reader_opens_belongs_to_the_key_whichever_is_named(tmp_path: Path, named: str) -> None:
    label, image = tmp_path / "tile.LBL", tmp_path / "tile.IMG"
    label.write_text(LABEL)
    image.write_bytes(np.arange(400, dtype=">i2").tobytes())
    for table, key in (("terrain", "dem"), ("terrain", "far_dem"), ("ranking", "ice_depth_map")):
        mission = load_mission(None)
        mission = replace(
            mission,
            **{
                table: replace(
                    getattr(mission, table),
                    **{key: (str(tmp_path / named),) if key == "far_dem" else str(tmp_path / named)},
                )
            },
        )
        keys = [study_key(mission)]
        assert study_key(mission) == keys[0]
        label.write_text(LABEL.replace("SCALING_FACTOR = 1.0", "SCALING_FACTOR = 0.5"))
        keys.append(study_key(mission))
        image.write_bytes(np.arange(400, dtype=">i2")[::-1].tobytes())
        keys.append(study_key(mission))
        assert len(set(keys)) == 3, (table, key)
        label.write_text(LABEL)
        image.write_bytes(np.arange(400, dtype=">i2").tobytes())


def test_a_mission_in_a_subfolder_finds_the_dem_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "missions").mkdir()
    (tmp_path / "missions" / "tile.LBL").write_text(LABEL)
    (tmp_path / "missions" / "tile.IMG").write_bytes(np.arange(400, dtype=">i2").tobytes())
    (tmp_path / "missions" / "a.toml").write_text(
        '[mission]\nname = "a"\n[terrain]\ndem = "tile.LBL"\ncheck_dem = "off"\n'
    )
    monkeypatch.chdir(tmp_path)
    mission = load_mission("missions/a.toml")
    assert len(study_key(mission)) == 64
    assert region_terrain(mission.terrain).grid.shape == (20, 20)
