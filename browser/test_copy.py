"""The copy of the page that needs no server, opened from the disk."""

import json
import subprocess
import sys
from pathlib import Path

import matplotlib.image
import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from browser.conftest import looked_at
from browser.test_page import click_at, go
from lupex.io import read_map
from lupex.web import open_study
from lupex.web.tiles import TileMaker


@pytest.fixture(scope="module")
def copy(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("copies") / "page"
    command = [sys.executable, "-m", "lupex", "serve", str(folder), "--export", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(out / "index.html")
    return out


def test_a_copy_opened_as_a_file_shows_maps_tables_and_the_numbers_of_the_files(
    browser: Browser, folder: Path, copy: Path
) -> None:
    look = looked_at(browser, (copy / "index.html").as_uri())
    expect(look.page.locator("#frozen")).to_have_text("copy without a server")
    assert "drives" in (look.page.locator("#frozen").get_attribute("title") or "")
    expect(look.page.locator("tr[data-site=S1]")).to_be_visible()
    assert look.page.locator("#light-go").is_disabled()
    file, values = read_map(open_study(folder).source("slope_deg", "S1").file.path)
    row, col = 12, 20
    x = file.grid.left_m + (col + 0.5) * file.grid.cell_m
    y = file.grid.top_m - (row + 0.5) * file.grid.cell_m
    look.page.locator("#list input[value=slope_deg]").check()
    go(look, x, y, 8.0)
    look.shot("copy")
    click_at(look, x, y)
    line = look.page.locator("#values tr[data-name=slope_deg]")
    expect(line).to_be_visible(timeout=30_000)
    assert float(line.get_attribute("data-value") or "nan") == float(values[row, col])
    expect(look.page.locator("#page-0")).to_contain_text("copy without a server")
    look.page.locator("#tab-3").click()
    expect(look.page.locator("#passes")).to_be_visible()
    assert look.complaints == []
    look.page.close()


def test_the_pictures_of_a_copy_have_the_colours_of_the_tiles(folder: Path, copy: Path) -> None:
    study = open_study(folder)
    tiles = TileMaker(study)
    told = (copy / "copy.js").read_text(encoding="utf-8")
    pictures = json.loads(told[told.index("{") : told.rindex(";")])["pictures"]
    assert {name: len(found) for name, found in pictures.items()} == {n: len(found) for n, found in study.maps.items()}
    source = study.source("slope_deg", "S1")
    (file,) = (one["file"] for one in pictures["slope_deg"] if one["part"] == "S1")
    shown = np.rint(255.0 * matplotlib.image.imread(copy / file)).astype(int)
    counts = tiles.held(source, 0).counts
    palette = np.frombuffer(tiles.legend("slope_deg").palette, np.uint8).reshape(-1, 3)
    assert (shown[..., :3][counts > 0] == palette[counts[counts > 0]]).all()
    assert ((shown[..., 3] == 255) == (counts > 0)).all()
