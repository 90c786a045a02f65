import os
import shutil
from pathlib import Path

import pytest

from lupex.base.errors import InputError
from lupex.web import StudyFolder, open_study, records
from lupex.web.ground import Ground
from lupex.web.tiles import TileMaker


def test_maps_are_found_by_their_tags_coarsest_first(study: StudyFolder) -> None:
    assert [source.part for source in study.maps["elevation_m"]] == ["region", "S1", "S2"]
    assert study.maps["elevation_m"][1].file.synthetic == "below 1600 m"
    assert study.problems == []


def test_a_broken_and_a_foreign_file_are_named_and_the_rest_is_shown(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "study"))
    whole = (copy / "maps" / "region_slope_deg.tif").read_bytes()
    (copy / "maps" / "region_slope_deg.tif").write_bytes(whole[:300])
    (copy / "maps" / "holiday.tif").write_bytes(b"not a map at all")
    (copy / "study.json").write_text("[1, 2", encoding="utf-8")
    found = open_study(copy)
    assert [p.split(":")[0] for p in found.problems] == ["study.json", "maps/holiday.tif", "maps/region_slope_deg.tif"]
    assert [source.part for source in found.maps["slope_deg"]] == ["S1", "S2"]
    with pytest.raises(InputError, match="holds no mission"):
        _ = found.mission


def test_a_link_that_leads_out_of_the_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "study"))
    outside = tmp_path / "outside.tif"
    shutil.copy(copy / "maps" / "region_slope_deg.tif", outside)
    (copy / "maps" / "linked.tif").symlink_to(outside)
    assert any("linked.tif: leads out of the folder" in problem for problem in open_study(copy).problems)


def test_a_study_written_anew_or_removed_under_an_open_server_is_said_and_never_mixed(
    folder: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "study"))
    opened = open_study(copy)
    tiles = TileMaker(opened)
    assert not records.overview(opened, tiles)["problems"]
    before = tiles.png("slope_deg", 0, 0, 0)
    slope = copy / "maps" / "region_slope_deg.tif"
    whole = slope.read_bytes()
    slope.unlink()
    slope.write_bytes(whole)  # as a second run does: equal bytes, another file
    os.utime(slope, ns=(1, 1))
    with pytest.raises(InputError, match=r"region_slope_deg.tif: was changed since the server began"):
        TileMaker(opened).png("slope_deg", 0, 0, 0)
    assert tiles.png("slope_deg", 0, 0, 0) == before
    (copy / "study.json").write_text("{}", encoding="utf-8")
    assert any("start the server again" in problem for problem in records.overview(opened, tiles)["problems"])
    shutil.rmtree(copy)
    with pytest.raises(InputError, match="site_S1_elevation_m"):
        Ground(opened).terrain("S1")
    assert records.overview(opened, TileMaker(opened))["layers"] == []


def test_a_folder_that_is_no_study_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no study"):
        open_study(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        open_study(tmp_path / "nowhere")
