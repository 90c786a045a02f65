"""lupex dem: what a file holds, and one-line answers to files that are none."""

import json

import pytest
from tests.cli.command import lupex, refused
from tests.cli.files import bad_dems, dem


def test_info_of_the_default_dem_names_its_cell_and_source():
    done = lupex("dem", "info", "default", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert (said["rows"], said["cols"], said["cell_m"], said["pole"]) == (762, 762, 1600.0, "south")
    assert json.loads(lupex("dem", "info", "default", "--pole", "north", "--json").stdout)["pole"] == "north"


def test_info_of_a_file_is_text_or_json(tmp_path):
    path = dem(tmp_path / "hills.tif")
    assert "south" in lupex("dem", "info", path).stdout
    said = json.loads(lupex("dem", "info", path, "--json").stdout)
    assert (said["rows"], said["cell_m"], said["missing_fraction"]) == (64, 100.0, 0.0)
    assert said["agreement"]["cause"]


def test_an_imported_dem_can_be_read_again(tmp_path):
    path = dem(tmp_path / "hills.tif")
    assert "does not show the ground" in refused("dem", "import", path, "--out", tmp_path / "own.tif")
    assert not (tmp_path / "own.tif").exists()
    done = lupex("dem", "import", path, "--out", tmp_path / "own.tif", "--trust-dem")
    assert done.returncode == 0, done.stderr
    assert lupex("dem", "info", tmp_path / "own.tif").returncode == 0


def test_a_window_of_a_dem_can_be_imported(tmp_path):
    done = lupex("dem", "import", "default", "--out", tmp_path / "own.tif", "--around", "-89.5", "222.7", "20")
    assert done.returncode == 0, done.stderr
    said = json.loads(lupex("dem", "info", tmp_path / "own.tif", "--json").stdout)
    assert 24 <= said["rows"] <= 28
    assert said["cell_m"] == 1600.0
    assert said["agreement"]["cause"] == "" and abs(said["agreement"]["offset_m"]) < 1e-3
    assert "offset" in lupex("dem", "info", tmp_path / "own.tif").stdout


@pytest.mark.parametrize("kind", ["empty", "truncated", "text", "html", "vrt", "nodata", "nan", "earth", "folder"])
def test_a_file_that_is_no_dem_is_refused_in_one_line_and_nothing_is_written(tmp_path, kind):
    path = bad_dems(tmp_path)[kind]
    out = tmp_path / "out.tif"
    assert path.name in refused("dem", "import", path, "--out", out)
    assert not out.exists()
    assert not list(tmp_path.glob(".partial*"))


def test_a_raster_that_claims_40_gb_is_refused_at_once(tmp_path):
    path = bad_dems(tmp_path)["huge"]
    assert "huge.tif" in refused("dem", "import", path, "--out", tmp_path / "out.tif", timeout=60)


def test_an_unknown_product_is_answered_with_a_name(tmp_path):
    assert "no_such_product" in refused("dem", "fetch", "no_such_product", "--cache", tmp_path)
