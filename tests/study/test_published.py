"""Published ground by name: nested windows from a server on this machine that holds files of the published form."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from rasterio.io import MemoryFile
from rasterio.transform import from_origin
from tests.io.fetch.range_server import served

from lupex.base.errors import DownloadError, InputError, LupexWarning
from lupex.base.frames import lat_lon_deg
from lupex.catalogue import dem_products, is_published
from lupex.io import default_terrain, read_errors, read_terrain
from lupex.model import TerrainSettings
from lupex.study.ground import fine_terrain, region_terrain
from lupex.study.published import Square, place_levels, published_errors, region_levels
from lupex.terrain.skyline import heights_at

CRS = "+proj=stere +lat_0=-90 +lon_0=0 +k=1 +x_0=0 +y_0=0 +R=1737400 +units=m +no_defs"
MIDDLE = (-12_000.0, -12_000.0)
PRODUCTS = {
    "site01": (5.0, MIDDLE, 2_000.0),
    "80s-20m": (20.0, MIDDLE, 8_000.0),
    "80s-80m": (80.0, MIDDLE, 24_000.0),
    "60s-240m": (240.0, (0.0, 0.0), 120_000.0),
}
"""Name: cell, middle and half the side of the file served (m); published ones are larger, of the same form."""
HERE = Square(*MIDDLE, 500.0)


def _geotiff(heights: np.ndarray, cell_m: float, left_m: float, top_m: float) -> bytes:
    profile = {"driver": "GTiff", "height": heights.shape[0], "width": heights.shape[1], "count": 1, "crs": CRS,
               "dtype": "float32", "tiled": True, "blockxsize": 256, "blockysize": 256, "compress": "deflate",
               "transform": from_origin(left_m, top_m, cell_m, cell_m), "nodata": float("nan")}  # fmt: skip
    with MemoryFile() as memory:
        with memory.open(**profile) as out:
            out.write(heights.astype("float32"), 1)
        return bytes(memory.read())


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, bytes], list[str]]]:
    """A table of a mirror, the files it serves and the names asked for: the cap's heights on finer cells, synthetic."""
    cap = default_terrain("south")
    files: dict[str, bytes] = {}
    table = [f"[{f}]\ncitation = 'c'\nlicence = 'l'\nsource = 's'\npole = 'south'" for f in ("pgda78", "pgda90")]
    asked: list[str] = []
    with served(files, asked) as address:
        for name, (cell, (x, y), half) in PRODUCTS.items():
            at = np.arange(round(2 * half / cell)) * cell + 0.5 * cell - half
            heights = heights_at(cap, *np.meshgrid(x + at, y - at))
            files[f"{name}.tif"] = _geotiff(heights, cell, x - half, y + half)
            extent = [(x - half) / 1e3, (y - half) / 1e3, (x + half) / 1e3, (y + half) / 1e3]
            family = "pgda78" if cell == 5.0 else "pgda90"
            more = f"error_map = 'site01-toterr'\nclones_url = '{address}/clone_NNNN.tif'" if cell == 5.0 else ""
            table.append(f"[[{family}.dem]]\nname = '{name}'\ntitle = 't'\nurl = '{address}/{name}.tif'\n"
                         f"cell_m = {cell}\nextent_km = {extent}\n{more}")  # fmt: skip
        table.append(f"[[pgda78.dem]]\nname = 'site01-toterr'\ntitle = 't'\nurl = '{address}/toterr.tif'\n"
                     "cell_m = 5.0\nshows = 'errors'")  # fmt: skip
        side = round(2 * PRODUCTS["site01"][2] / 5.0)
        corner = (-14_000.0, -10_000.0)
        files["toterr.tif"] = _geotiff(np.full((side, side), 0.4), 5.0, *corner)
        for number in (1, 2):
            files[f"clone_000{number}.tif"] = _geotiff(np.full((side, side), 0.1 * number), 5.0, *corner)
        path = tmp_path_factory.mktemp("mirror") / "mirror.toml"
        path.write_text("\n".join(_by_family(table)), encoding="utf-8")
        yield path, files, asked


def _by_family(parts: list[str]) -> list[str]:
    heads, rest = parts[:2], parts[2:]
    return [one for head, family in zip(heads, ("pgda78", "pgda90"), strict=True)
            for one in (head, *(part for part in rest if part.startswith(f"[[{family}")))]  # fmt: skip


@pytest.fixture
def settings(
    mirror: tuple[Path, dict[str, bytes], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> TerrainSettings:
    monkeypatch.setenv("LUPEX_CACHE_DIR", str(tmp_path))
    mirror[2].clear()
    return TerrainSettings(
        dem="pgda", dem_table=str(mirror[0]), fine_cell_m=5.0, fine_size_km=1.0, equatorward_limit_deg=88.0
    )


def test_a_place_stands_on_5_20_80_and_240_m_inside_the_cap(
    mirror: tuple[Path, dict[str, bytes], list[str]], settings: TerrainSettings
) -> None:
    ground = fine_terrain(settings, default_terrain("south"), HERE.x_m, HERE.y_m, (0.0, 0.0), np.random.default_rng(1))
    assert [level.grid.cell_m for level in ground.levels()] == [5.0, 20.0, 80.0, 240.0, 1600.0]
    assert all(ground.levels()[k].grid.left_m > ground.levels()[k + 1].grid.left_m for k in range(4))
    asked = list(mirror[2])
    again = fine_terrain(settings, default_terrain("south"), HERE.x_m, HERE.y_m, (0.0, 0.0), np.random.default_rng(1))
    assert mirror[2] == asked  # out of the cache
    assert again.sha256 == ground.sha256
    assert ground.synthetic_below_m is None


def test_finer_cells_are_averaged_and_products_finer_than_the_mean_are_left_out(settings: TerrainSettings) -> None:
    coarse = TerrainSettings(dem="pgda", dem_table=settings.dem_table, fine_cell_m=40.0, fine_size_km=4.0)
    ground = fine_terrain(coarse, default_terrain("south"), -12_000.0, -12_000.0, (0.0, 0.0), np.random.default_rng(1))
    assert [level.grid.cell_m for level in ground.levels()] == [40.0, 80.0, 240.0, 1600.0]


def test_the_region_is_the_finest_that_covers_it(settings: TerrainSettings) -> None:
    region = region_terrain(settings)
    assert [level.grid.cell_m for level in region.levels()] == [240.0, 1600.0]
    assert region.grid.right_m == pytest.approx(60_700.0, abs=800.0)  # the parallel of 88 S
    lone = TerrainSettings(dem="80s-80m", dem_table=settings.dem_table, far_dem=("none",))
    assert [level.grid.cell_m for level in region_terrain(lone).levels()] == [80.0, 240.0]


def test_windows_partly_without_heights_give_way_to_the_next_product_with_a_note(
    mirror: tuple[Path, dict[str, bytes], list[str]], settings: TerrainSettings
) -> None:
    whole = mirror[1]["site01.tif"]
    with MemoryFile(whole) as memory, memory.open() as dataset:
        heights = dataset.read(1)
    heights[380:420, 380:420] = np.nan
    mirror[1]["site01.tif"] = _geotiff(heights, 5.0, -14_000.0, -10_000.0)
    try:
        with pytest.warns(LupexWarning, match="site01: 4 % .* 80s-20m is taken"):
            found = place_levels(settings, HERE, 5.0)
    finally:
        mirror[1]["site01.tif"] = whole
    assert read_terrain(found.dem).grid.cell_m == 20.0


def test_a_place_that_nothing_covers_and_a_file_that_has_moved_are_said(
    settings: TerrainSettings, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="does not cover"):
        place_levels(settings, Square(500_000.0, 0.0, 500.0))
    with pytest.raises(InputError, match="does not cover"):
        place_levels(TerrainSettings(dem="site01", dem_table=settings.dem_table), Square(0.0, 0.0, 500.0))
    dead = Path(settings.dem_table).read_text(encoding="utf-8").replace("60s-240m.tif", "moved.tif")
    (tmp_path / "dead.toml").write_text(dead, encoding="utf-8")
    with pytest.raises(DownloadError, match="the server answers 404"):
        region_levels(TerrainSettings(dem="pgda", dem_table=str(tmp_path / "dead.toml"), equatorward_limit_deg=88.0))


def test_errors_and_clones_of_the_finest_product_come_by_windows(settings: TerrainSettings) -> None:
    error_map, _ = published_errors(settings, HERE, 0)
    assert read_errors(error_map).elevation_m.max() == pytest.approx(0.4)
    _, clones = published_errors(settings, HERE, 2)
    assert [round(float(read_errors(one).elevation_m.max()), 2) for one in clones] == [0.1, 0.2]
    with pytest.raises(InputError, match="no error clones of it are published"):
        published_errors(TerrainSettings(dem="80s-20m", dem_table=settings.dem_table), HERE, 2)


def test_names_of_the_catalogue_are_told_from_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert is_published("pgda") and is_published("site01") and not is_published("site01-toterr")
    (tmp_path / "site01").touch()
    assert not is_published("site01")


def test_extents_of_the_catalogue_agree_with_the_sizes_of_its_files() -> None:
    """A tile of float32 cells is as large as its extent says, with 20 to 40 kB around them."""
    for product in dem_products().values():
        if product.family == "pgda78" and product.bytes:
            left, bottom, right, top = product.extent_km
            cells = (right - left) * (top - bottom) * 1e6 / product.cell_m**2
            assert 15_000 < product.bytes - 4 * cells < 45_000, product.name
            x, y = 500.0 * (left + right), 500.0 * (bottom + top)
            assert product.covers((x, y, x, y)) and float(lat_lon_deg(x, y, "south")[0]) < -83.0
