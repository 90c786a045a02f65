"""Every unusable file or window is one clear line that names it and says what to do."""

import os
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pyproj import CRS, Transformer
from rasterio.transform import Affine

from lupex.base.errors import InputError
from lupex.io import describe_dem, import_dem, read_terrain, write_cog
from lupex.io.crs import lonlat_wkt, project
from lupex.io.dem.raster import open_raster
from lupex.model import Grid

GRID = Grid("south", 64, 64, 100.0, 0.0, 0.0)
SQUARE = Affine(100.0, 0.0, 0.0, 0.0, -100.0, 0.0)
SOUTH = "IAU_2015:30135"


def refused(path: str | Path, word: str, **how: object) -> None:
    """Both doors refuse the file in one line that names it."""
    for door in (read_terrain, describe_dem):
        if how and door is describe_dem:
            continue
        with pytest.raises(InputError, match=word) as caught:
            door(path, **how)  # type: ignore[operator]
        text = str(caught.value)
        assert "\n" not in text and len(text) < 400
        assert Path(str(path)).name[:40] in text


def test_a_missing_file(tmp_path: Path) -> None:
    refused(tmp_path / "none.tif", "no such file")


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "e.tif").touch()
    refused(tmp_path / "e.tif", "is empty")


def test_a_text_file_named_tif(tmp_path: Path) -> None:
    (tmp_path / "t.tif").write_text("I am a letter.\n" * 100)
    refused(tmp_path / "t.tif", "no raster lupex reads")


def test_a_folder_a_device_and_a_pipe(tmp_path: Path) -> None:
    refused(tmp_path, "is a folder")
    refused("/dev/null", "not an ordinary file")
    os.mkfifo(tmp_path / "p.tif")
    refused(tmp_path / "p.tif", "not an ordinary file")


def test_an_unreadable_file(tmp_path: Path, polar_tif: Callable[..., Path]) -> None:
    path = polar_tif(GRID)
    path.chmod(0)
    if os.geteuid() == 0:  # root may read everything: ask as nobody
        code = (
            "import os, sys; from lupex.io import read_terrain; from lupex.base.errors import InputError\n"
            "import lupex.io.dem.read\n"
            "os.setuid(65534)\n"
            "try: read_terrain(sys.argv[1])\n"
            "except InputError as e: print(e)"
        )
        for folder in (tmp_path, *tmp_path.parents):
            if folder != Path("/") and folder.stat().st_uid == 0 and not folder.stat().st_mode & 0o001:
                folder.chmod(folder.stat().st_mode | 0o001)
        done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
        assert "cannot read (permission denied)" in done.stdout and done.stdout.count("\n") == 1
    else:
        refused(path, "permission denied")


@pytest.mark.parametrize(
    "path", ["https://example.org/a.tif", "/vsicurl/https://example.org/a.tif", "zip://a.zip!b.tif"]
)
def test_network_and_archive_paths(path: str) -> None:
    with pytest.raises(InputError, match="not a file on this machine"):
        read_terrain(path)


def test_a_virtual_raster_named_tif(tmp_path: Path, polar_tif: Callable[..., Path]) -> None:
    real = polar_tif(GRID)
    text = (
        '<VRTDataset rasterXSize="64" rasterYSize="64"><VRTRasterBand dataType="Float32" band="1"><SimpleSource>'
        f"<SourceFilename>{real}</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"
    )
    for name, content in (("v.tif", text), ("w.tif", '<?xml version="1.0"?>\n' + " " * 5000 + text)):
        (tmp_path / name).write_text(content)
        refused(tmp_path / name, "virtual raster|no PDS4 label")


@pytest.mark.parametrize("share", [0.001, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_truncated_tiffs(tmp_path: Path, polar_tif: Callable[..., Path], share: float) -> None:
    grid = Grid("south", 300, 300, 100.0, 0.0, 0.0)
    whole = polar_tif(grid, compress="deflate", tiled=True, blockxsize=64, blockysize=64).read_bytes()
    cut = tmp_path / "cut.tif"
    cut.write_bytes(whole[: max(1, int(len(whole) * share))])
    with pytest.raises(InputError, match="cut.tif") as caught:
        read_terrain(cut)
    assert "\n" not in str(caught.value)


def test_bytes_flipped_anywhere_never_give_another_kind_of_error(
    tmp_path: Path, polar_tif: Callable[..., Path]
) -> None:
    whole = bytearray(polar_tif(GRID, compress="deflate").read_bytes())
    rng = np.random.default_rng(11)
    for _ in range(60):
        broken = bytearray(whole)
        for place in rng.integers(0, min(len(broken), 800), 3):
            broken[place] ^= int(rng.integers(1, 256))
        (tmp_path / "b.tif").write_bytes(broken)
        try:
            read_terrain(tmp_path / "b.tif")
        except InputError as error:
            assert "\n" not in str(error)


def test_an_image_is_no_dem(write_tif: Callable[..., Path]) -> None:
    refused(write_tif("rgb.tif", np.zeros((3, 8, 8), np.uint8), SOUTH, SQUARE), "3 bands: an image")
    refused(write_tif("grey.tif", np.zeros((8, 8), np.uint8), SOUTH, SQUARE), "uint8: an image")
    refused(write_tif("cplx.tif", np.zeros((8, 8), np.complex64), SOUTH, SQUARE), "complex64")


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_raster_without_place(write_tif: Callable[..., Path]) -> None:
    values = np.full((8, 8), 100.0, np.float32)
    refused(write_tif("a.tif", values), "where on the Moon")
    refused(write_tif("b.tif", values, SOUTH), "where on the Moon")
    refused(write_tif("c.tif", values, None, SQUARE), "where on the Moon")


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3031", "+proj=longlat +R=3396190"])
def test_another_body(write_tif: Callable[..., Path], crs: str) -> None:
    affine = Affine(0.1, 0, 10, 0, -0.1, -80) if crs != "EPSG:3031" else SQUARE
    refused(write_tif("b.tif", np.full((8, 8), 100.0, np.float32), crs, affine), "lies on a body of")


def test_another_size_of_the_moon(write_tif: Callable[..., Path]) -> None:
    crs = "+proj=stere +lat_0=-90 +R=1738000 +units=m"
    refused(write_tif("b.tif", np.full((8, 8), 100.0, np.float32), crs, SQUARE), "heights mean something else")


def test_no_data_at_all_and_infinities(write_tif: Callable[..., Path]) -> None:
    nothing = np.full((8, 8), np.nan, np.float32)
    with pytest.raises(InputError, match="no cell holds data"):
        read_terrain(write_tif("n.tif", nothing, SOUTH, SQUARE))
    assert describe_dem(write_tif("n.tif", nothing, SOUTH, SQUARE)).missing_fraction == 1.0
    one = np.full((8, 8), 300.0, np.float32)
    one[2, 2] = np.inf
    refused(write_tif("i.tif", one, SOUTH, SQUARE), "infinite")


def test_a_window_without_data_in_a_file_with_data(write_tif: Callable[..., Path]) -> None:
    values = np.full((100, 100), np.nan, np.float32)
    values[:50] = 300.0
    path = write_tif("h.tif", values, SOUTH, Affine(100.0, 0, -5000.0, 0, -100.0, 5000.0), unit="m")
    with pytest.raises(InputError, match="no cell holds data here"):
        read_terrain(path, around=(-89.9, 180.0, 500.0))


def test_values_that_are_no_lunar_heights(write_tif: Callable[..., Path]) -> None:
    for values in (np.full((8, 8), 50_000.0, np.float32), np.full((8, 8), -20_000, np.int16)):
        with pytest.raises(InputError, match="the Moon has"):
            read_terrain(write_tif("v.tif", values, SOUTH, SQUARE))
    with pytest.raises(InputError, match="unit of its values is 'feet'"):
        read_terrain(write_tif("f.tif", np.full((8, 8), 5.0, np.float32), SOUTH, SQUARE, unit="feet"))


def test_windows_that_make_no_sense_or_miss_the_dem(polar_tif: Callable[..., Path]) -> None:
    path = polar_tif(GRID)
    for around in (
        (np.nan, 0.0, 100.0),
        (-91.0, 0.0, 100.0),
        (-89.0, np.inf, 100.0),
        (-89.0, 0.0, 0.0),
        (-89.0, 0.0, -5.0),
    ):
        with pytest.raises(InputError, match="window around"):
            read_terrain(path, around=around)
    for around in ((-80.0, 0.0, 100.0), (89.0, 0.0, 100.0)):
        refused(path, "lies outside it", around=around)


def test_a_window_that_misses_a_resampled_dem(write_tif: Callable[..., Path]) -> None:
    crs = "+proj=stere +lat_0=-90 +lon_0=90 +R=1737400 +units=m"
    path = write_tif("r.tif", np.full((20, 20), 100.0, np.float32), crs, SQUARE, unit="m")
    refused(path, "lies outside it", around=(-80.0, 0.0, 500.0))
    refused(path, "too far for a polar map", around=(10.0, 0.0, 500.0))


BOMB = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
from lupex.base.errors import InputError
from lupex.io import describe_dem, read_terrain
path = sys.argv[1]
try:
    read_terrain(path)
except InputError as error:
    print(error)
window = read_terrain(path, around=(-90.0, 0.0, 500.0))
print(window.grid.shape, float(window.elevation_m.max()))
print(describe_dem(path).rows)
"""


def test_a_file_that_claims_40_gb_in_1_mb_is_refused_whole_and_read_by_window(write_tif: Callable[..., Path]) -> None:
    n = 100_000
    options = {"tiled": True, "blockxsize": 512, "blockysize": 512, "compress": "deflate", "SPARSE_OK": True}
    path = write_tif_sparse(write_tif, n, options)
    assert path.stat().st_size < 2_000_000
    done = subprocess.run([sys.executable, "-c", BOMB, str(path)], capture_output=True, text=True, check=True)
    first, second, third = done.stdout.splitlines()
    assert "100000 x 100000 cells, the limit is 64000000; read a window" in first
    assert second == "(100, 100) 55.0" and third == "100000"


def write_tif_sparse(write_tif: Callable[..., Path], n: int, options: dict[str, object]) -> Path:
    """A raster of n x n float32 with data in its middle blocks only."""
    import rasterio
    from rasterio.windows import Window

    path = write_tif("small.tif", np.zeros((8, 8), np.float32), SOUTH, SQUARE).with_name("bomb.tif")
    affine = Affine(10.0, 0, -n * 5.0, 0, -10.0, n * 5.0)
    shape = {"height": n, "width": n, "count": 1, "dtype": "float32", "crs": rasterio.CRS.from_string(SOUTH)}
    with rasterio.open(path, "w", driver="GTiff", transform=affine, nodata=-1.0, **shape, **options) as dataset:
        dataset.set_band_unit(1, "m")
        dataset.write(np.full((512, 512), 55.0, np.float32), 1, window=Window(n // 2 - 256, n // 2 - 256, 512, 512))
    return path


def test_a_tiff_in_one_giant_block_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    n = 60_000
    entries = [
        (256, 4, n),
        (257, 4, n),
        (258, 3, 16),
        (259, 3, 8),
        (262, 3, 1),
        (273, 4, 300),
        (277, 3, 1),
        (278, 4, n),
    ]
    entries += [(279, 4, 100), (339, 3, 2)]
    body = struct.pack("<2sHIH", b"II", 42, 8, len(entries) + 3)
    for tag, kind, value in entries:
        body += struct.pack("<HHII", tag, kind, 1, value)
    geo = 8 + 2 + 12 * (len(entries) + 3) + 4
    body += struct.pack("<HHII", 33550, 12, 3, geo) + struct.pack("<HHII", 33922, 12, 6, geo + 24)
    body += struct.pack("<HHII", 34735, 3, 4, geo + 72) + struct.pack("<I", 0)
    body += struct.pack("<3d6d4H", 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0)
    (tmp_path / "g.tif").write_bytes(body.ljust(400, b"\0"))
    with pytest.raises(InputError, match="60000 x 60000 cells, too large to open"):
        read_terrain(tmp_path / "g.tif")


# --- labels ------------------------------------------------------------------------------------------------------


def label_refused(folder: Path, text: str, word: str, size: int = 304 * 304 * 2) -> None:
    (folder / "LDEM_TEST.LBL").write_text(text)
    with open(folder / "LDEM_TEST.IMG", "wb") as stream:
        stream.truncate(size)
    with pytest.raises(InputError, match=word) as caught:
        read_terrain(folder / "LDEM_TEST.LBL")
    assert "\n" not in str(caught.value)


def test_an_image_shorter_than_its_label_says(tmp_path: Path, lola_label: Callable[..., str]) -> None:
    label_refused(tmp_path, lola_label(rows=304, cols=304), "truncated: 1000 bytes", size=1000)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"target": "MARS"}, "shows MARS"),
        ({"projection": "SINUSOIDAL"}, "map projection 'SINUSOIDAL'"),
        ({"lat": "-80"}, "must be 90 or -90"),
        ({"lat": '"N/A"'}, "a number is needed"),
        ({"rows": -4, "line_offset": 1}, "positive whole number"),
        ({"sample_type": "ASCII"}, "samples are ASCII"),
        ({"bits": 8}, "an image, not a DEM"),
        ({"unit": '"DN"'}, "unit of its values"),
        ({"pointer": '^IMAGE = "../../etc/passwd"'}, "label's own folder"),
        ({"pointer": '^IMAGE = "/vsicurl/http://x/y.img"'}, "label's own folder"),
        ({"pointer": '^IMAGE = "OTHER.IMG"'}, "not beside it"),
        ({"pointer": ""}, "no \\^IMAGE"),
    ],
)
def test_labels_that_cannot_be_used(
    tmp_path: Path, lola_label: Callable[..., str], changes: dict[str, object], word: str
) -> None:
    label_refused(tmp_path, lola_label(**({"rows": 304, "cols": 304} | changes)), word)


def test_a_label_cut_short_names_the_key_it_lacks(tmp_path: Path, lola_label: Callable[..., str]) -> None:
    text = lola_label(rows=304, cols=304)
    for share in np.linspace(0.05, 0.9, 12):
        label_refused(tmp_path, text[: int(len(text) * share)], "LDEM_TEST")


def test_a_pds4_label_may_not_point_elsewhere(tmp_path: Path) -> None:
    head = '<?xml version="1.0"?><Product_Observational xmlns="http://pds.nasa.gov/pds4/pds/v1"><file_name>'
    for name, word in (("../secret.dat", "own folder"), ("/etc/passwd", "own folder"), ("gone.dat", "not beside it")):
        (tmp_path / "p.xml").write_text(f"{head}{name}</file_name></Product_Observational>")
        refused(tmp_path / "p.xml", word)
    (tmp_path / "q.xml").write_text('<?xml version="1.0"?><html><body/></html>')
    refused(tmp_path / "q.xml", "no PDS4 label")


def test_importing_over_the_input_itself(polar_tif: Callable[..., Path]) -> None:
    path = polar_tif(GRID)
    before = path.read_bytes()
    with pytest.raises(InputError, match="input itself"):
        import_dem(path, path)
    assert path.read_bytes() == before


# --- what other entrances knew and this one did not --------------------------------------------------------------


def test_a_projection_named_in_another_encoding_is_said_in_one_line(tmp_path: Path, polar_tif) -> None:  # type: ignore[no-untyped-def]
    path = polar_tif(GRID)
    content = path.read_bytes()
    assert b"Moon (2015)" in content
    path.write_bytes(content.replace(b"Moon (2015)", "Mönd (2015".encode("latin1") + b")"))
    refused(path, "name of its map projection is not UTF-8 text; write the projection anew")


@pytest.mark.parametrize("side", [1e-200, 1e-5, 1e7, 4e85])
def test_cells_of_no_size_or_of_any_size_are_refused(write_tif, side: float) -> None:  # type: ignore[no-untyped-def]
    path = write_tif("c.tif", np.zeros((8, 8), "float32"), "IAU_2015:30135", Affine(side, 0, -4 * side, 0, -side, side))
    refused(path, "no size a map can have|does not say where")


def test_an_overview_is_never_taken_for_the_map(tmp_path: Path, polar_tif) -> None:  # type: ignore[no-untyped-def]
    grid = Grid("south", 1200, 1200, 100.0, -60_000.0, 60_000.0)
    heights = np.where(np.indices(grid.shape).sum(axis=0) % 2 == 0, 5000.0, -4000.0).astype("float32")
    write_cog(tmp_path / "c.tif", grid, heights, name="elevation_m", unit="m", meaning="a chessboard")
    info = describe_dem(tmp_path / "c.tif")
    assert (info.lowest, info.highest) == (-4000.0, 5000.0)
    with open_raster(tmp_path / "c.tif") as raster:
        np.testing.assert_array_equal(raster.values(0, 1200, 0, 1200, 3), heights[::3, ::3])


@pytest.mark.parametrize(
    "crs",
    [
        "+proj=stere +lat_0=-90 +k=1 +R=1737400 +units=km",
        "+proj=eqc +R=1737400 +units=km",
        "+proj=eqc +R=1737400 +units=km +lat_ts=-60 +lon_0=30",
        "+proj=stere +lat_0=-90 +k=1 +R=1737400 +pm=90",
        "+proj=eqc +R=1737400 +pm=-30",
        "+proj=longlat +R=1737400 +pm=45",
    ],
)
def test_units_and_prime_meridian_of_a_map_are_heeded(write_tif, relief, crs: str) -> None:  # type: ignore[no-untyped-def]
    lats, lons = np.linspace(-84.0, -86.0, 201), np.linspace(20.0, 24.0, 201)
    rows, cols = np.meshgrid(lats, lons, indexing="ij")
    xs, ys = (np.array(v).reshape(rows.shape) for v in project(crs, rows.ravel(), cols.ravel()))
    left, right, bottom, top = xs.min(), xs.max(), ys.min(), ys.max()
    side_x, side_y = (right - left) / 400, (top - bottom) / 400
    place = Affine(side_x, 0, left, 0, -side_y, top)
    to_moon = Transformer.from_crs(CRS.from_user_input(crs), CRS.from_wkt(lonlat_wkt()), always_xy=True)
    x, y = np.meshgrid(left + (np.arange(400) + 0.5) * side_x, top - (np.arange(400) + 0.5) * side_y)
    lon, lat = to_moon.transform(x, y)
    path = write_tif("k.tif", relief(lat, lon).astype("float32"), crs, place)
    terrain = read_terrain(path)
    want = relief(*terrain.grid.lat_lon_deg())
    difference = np.abs(terrain.elevation_m - want)
    assert np.isfinite(difference).sum() > 10_000 and np.nanmax(difference) < 1.0


def test_heights_called_metres_that_rise_as_kilometres_do_are_refused(write_tif, on_grid) -> None:  # type: ignore[no-untyped-def]
    path = write_tif("u.tif", (on_grid(GRID) / 200.0).astype("float32"), "IAU_2015:30135", SQUARE, unit="m")
    with pytest.raises(InputError, match=r"u\.tif: called metres, but values from .* rise as kilometres do"):
        read_terrain(path)
