"""Every form of lunar DEM gives the same heights at the same places."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
from pyproj import Transformer
from rasterio.transform import Affine

from lupex.base.errors import InputError
from lupex.base.frames import lat_lon_deg, map_xy_m
from lupex.io import crs_wkt, default_terrain, read_terrain, with_far
from lupex.io.crs import lonlat_wkt
from lupex.model import Grid, Terrain

R = 1_737_400.0
GRID = Grid("south", 120, 100, 200.0, -4000.0, 30_000.0)


def expected(terrain: Terrain, relief: Callable[..., np.ndarray]) -> np.ndarray:
    x, y = terrain.grid.xy_m()
    return relief(*lat_lon_deg(x, y, terrain.grid.pole))


def lonlat_axes(rows: int, cols: int, top: float, left: float, step: float) -> tuple[np.ndarray, np.ndarray]:
    lat = top - (np.arange(rows) + 0.5) * step
    lon = left + (np.arange(cols) + 0.5) * step
    return np.meshgrid(lat, lon, indexing="ij")  # type: ignore[return-value]


# --- canonical grids: not touched -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "crs",
    [
        "IAU_2015:30135",
        "ESRI:103878",
        "+proj=stere +lat_0=-90 +lon_0=0 +k=1 +x_0=0 +y_0=0 +R=1737400 +units=m +no_defs",
    ],
)
def test_a_canonical_map_is_read_bit_for_bit(write_tif, on_grid, crs: str) -> None:  # type: ignore[no-untyped-def]
    values = on_grid(GRID).astype(np.float32)
    terrain = read_terrain(write_tif("a.tif", values, crs, Affine(200.0, 0, -4000.0, 0, -200.0, 30_000.0)))
    assert terrain.grid == GRID and terrain.far is None and terrain.synthetic_below_m is None
    np.testing.assert_array_equal(terrain.elevation_m, values)


def test_the_shipped_cap_and_the_file_it_is_made_from_have_one_grid() -> None:
    cap = default_terrain("south")
    assert cap.grid == Grid("south", 762, 762, 1600.0, -609_600.0, 609_600.0)


def test_a_window_is_the_cells_it_touches(polar_tif, on_grid) -> None:  # type: ignore[no-untyped-def]
    path = polar_tif(GRID)
    lat, lon = (float(v) for v in lat_lon_deg(3000.0, 21_000.0, "south"))
    terrain = read_terrain(path, around=(lat, lon, 1000.0))
    assert terrain.grid == Grid("south", 10, 10, 200.0, 2000.0, 22_000.0)
    np.testing.assert_array_equal(terrain.elevation_m, on_grid(GRID).astype(np.float32)[40:50, 30:40])
    odd = read_terrain(path, around=(lat, lon, 1050.0))
    assert odd.grid == Grid("south", 12, 12, 200.0, 1800.0, 22_200.0)


def test_a_window_over_the_edge_is_clipped(polar_tif) -> None:  # type: ignore[no-untyped-def]
    lat, lon = (float(v) for v in lat_lon_deg(-4000.0, 30_000.0, "south"))
    assert read_terrain(polar_tif(GRID), around=(lat, lon, 1000.0)).grid.shape == (5, 5)


def test_the_north_is_read_as_the_north(polar_tif, relief) -> None:  # type: ignore[no-untyped-def]
    grid = Grid("north", 50, 60, 500.0, -3000.0, 9000.0)
    terrain = read_terrain(polar_tif(grid))
    assert terrain.grid == grid
    np.testing.assert_allclose(terrain.elevation_m, expected(terrain, relief), atol=1e-3)


def test_pixel_is_point_files_are_shifted_by_half_a_cell(write_tif, on_grid) -> None:  # type: ignore[no-untyped-def]
    values = on_grid(GRID).astype(np.float32)
    affine = Affine(200.0, 0, -4000.0, 0, -200.0, 30_000.0)
    path = write_tif("p.tif", values, "IAU_2015:30135", affine, tags={"AREA_OR_POINT": "Point"})
    with rasterio.Env(GTIFF_POINT_GEO_IGNORE="TRUE"), rasterio.open(path) as dataset:
        assert (dataset.transform.c, dataset.transform.f) == (-3900.0, 29_900.0)  # what the file holds: a centre
    assert read_terrain(path).grid == GRID


# --- units, scale, nodata ---------------------------------------------------------------------------------------


def test_half_metre_integers_with_scale_and_radius_offset(write_tif, on_grid) -> None:  # type: ignore[no-untyped-def]
    heights = np.round(on_grid(GRID) * 2) / 2
    path = write_tif("i.tif", (heights * 2).astype(np.int16), "IAU_2015:30135", affine_of(GRID))
    for offset in (0.0, 1_737_400.0):
        with rasterio.open(path, "r+") as dataset:
            dataset.scales, dataset.offsets = (0.5,), (offset,)
        np.testing.assert_array_equal(read_terrain(path).elevation_m, heights.astype(np.float32))


def affine_of(grid: Grid) -> Affine:
    return Affine(grid.cell_m, 0.0, grid.left_m, 0.0, -grid.cell_m, grid.top_m)


@pytest.mark.parametrize(
    ("unit", "factor", "radius", "tolerance_m"),
    [
        ("m", 1.0, 0.0, 1e-3),
        ("metre", 1.0, R, 0.07),  # float32 resolves a radius in metres to 0.125 m
        ("km", 1e-3, 0.0, 1e-3),
        ("KILOMETER", 1e-3, R, 0.07),
        (None, 1.0, 0.0, 1e-3),
        (None, 1.0, R, 0.07),
        (None, 1e-3, 0.0, 1e-3),
        (None, 1e-3, R, 0.07),
    ],
)
def test_metres_or_kilometres_height_or_radius(  # type: ignore[no-untyped-def]
    write_tif, on_grid, unit: str | None, factor: float, radius: float, tolerance_m: float
) -> None:
    heights = on_grid(GRID) + np.random.default_rng(3).normal(0.0, 20.0, GRID.shape)
    values = ((heights + radius) * factor).astype(np.float32)
    path = write_tif("u.tif", values, "IAU_2015:30135", affine_of(GRID), unit=unit)
    np.testing.assert_allclose(read_terrain(path).elevation_m, heights, atol=tolerance_m)


def test_a_unit_in_the_tags_counts_as_well(write_tif, on_grid) -> None:  # type: ignore[no-untyped-def]
    values = (on_grid(GRID) / 1e3).astype(np.float32) * 1e-3 + 1.0  # nearly flat: no guess could tell
    path = write_tif("t.tif", values.astype(np.float32), "IAU_2015:30135", affine_of(GRID), tags={"UNITS": "km"})
    np.testing.assert_allclose(read_terrain(path).elevation_m, values * 1e3, atol=1e-3)


def test_flat_small_values_without_unit_are_ambiguous(write_tif) -> None:  # type: ignore[no-untyped-def]
    path = write_tif("f.tif", np.full((20, 20), 1.5, np.float32), "IAU_2015:30135", affine_of(GRID))
    with pytest.raises(InputError, match="m or km"):
        read_terrain(path)


@pytest.mark.parametrize(
    ("kind", "mark", "tag"),
    [
        ("float32", np.nan, None),
        ("float32", np.nan, np.nan),
        ("float32", -3.4028226550889045e38, -3.4028226550889045e38),
        ("float32", -3.4028226550889045e38, None),
        ("float32", -9999.0, -9999.0),
        ("int16", -32768, -32768),
        ("int16", -32768, None),
        ("int16", -9999, -9999),
    ],
)
def test_no_data_becomes_nan(write_tif, on_grid, kind: str, mark: float, tag: float | None) -> None:  # type: ignore[no-untyped-def]
    values = on_grid(GRID).astype(kind)
    values[5, 7] = mark
    terrain = read_terrain(write_tif("n.tif", values, "IAU_2015:30135", affine_of(GRID), nodata=tag))
    assert np.isnan(terrain.elevation_m[5, 7]) and np.isnan(terrain.elevation_m).sum() == 1


def test_the_deepest_place_of_the_moon_is_not_taken_for_no_data(write_tif, on_grid) -> None:  # type: ignore[no-untyped-def]
    values = on_grid(GRID).astype(np.float32)
    values[3, 3] = -9115.0
    assert read_terrain(write_tif("d.tif", values, "IAU_2015:30135", affine_of(GRID))).elevation_m[3, 3] == -9115.0


def test_an_unmarked_minus_9999_is_an_error_and_not_a_guess(write_tif, on_grid) -> None:  # type: ignore[no-untyped-def]
    values = on_grid(GRID).astype(np.float32)
    values[3, 3] = -9999.0
    with pytest.raises(InputError, match="nodata tag"):
        read_terrain(write_tif("d.tif", values, "IAU_2015:30135", affine_of(GRID)))


# --- other projections --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "crs",
    [
        "+proj=stere +lat_0=-90 +lat_ts=-69.3 +lon_0=32.3 +R=1737400 +units=m",
        "+proj=stere +lat_0=-90 +lon_0=180 +k=0.994 +x_0=5000 +y_0=-7000 +R=1737400 +units=m",
        "+proj=stere +lat_0=-88 +lon_0=45 +R=1737400 +units=m",
    ],
)
def test_polar_maps_with_other_parameters_are_resampled_to_the_right_place(write_tif, relief, crs: str) -> None:  # type: ignore[no-untyped-def]
    x0, y0 = Transformer.from_crs(lonlat_wkt(), crs, always_xy=True).transform(40.0, -87.0)
    affine = Affine(100.0, 0.0, x0 - 10_000.0, 0.0, -100.0, y0 + 12_000.0)
    x, y = np.meshgrid(x0 - 10_000.0 + (np.arange(200) + 0.5) * 100, y0 + 12_000.0 - (np.arange(240) + 0.5) * 100)
    lon, lat = Transformer.from_crs(crs, lonlat_wkt(), always_xy=True).transform(x, y)
    terrain = read_terrain(write_tif("s.tif", relief(lat, lon).astype(np.float32), crs, affine))
    assert terrain.grid.pole == "south" and 96.0 <= terrain.grid.cell_m <= 104.0
    inside = np.isfinite(terrain.elevation_m)
    assert inside.mean() > 0.45
    np.testing.assert_allclose(terrain.elevation_m[inside], expected(terrain, relief)[inside], atol=0.2)
    window = read_terrain(write_tif("t.tif", relief(lat, lon).astype(np.float32), crs, affine), (-87.0, 40.0, 3000.0))
    assert np.isfinite(window.elevation_m).all()
    np.testing.assert_allclose(window.elevation_m, expected(window, relief), atol=0.2)


def test_rectangular_and_rotated_cells_are_resampled(write_tif, relief) -> None:  # type: ignore[no-untyped-def]
    turn = Affine.translation(2000.0, 9000.0) @ Affine.rotation(30.0) @ Affine.scale(50.0, -80.0)
    for name, affine in (("r.tif", Affine(50.0, 0, 2000.0, 0, -80.0, 9000.0)), ("t.tif", turn)):
        col, row = np.meshgrid(np.arange(160) + 0.5, np.arange(100) + 0.5)
        x, y = affine.a * col + affine.b * row + affine.c, affine.d * col + affine.e * row + affine.f
        values = relief(*lat_lon_deg(x, y, "south")).astype(np.float32)
        terrain = read_terrain(write_tif(name, values, "IAU_2015:30135", affine))
        assert terrain.grid.cell_m == 80.0
        inside = np.isfinite(terrain.elevation_m)
        np.testing.assert_allclose(terrain.elevation_m[inside], expected(terrain, relief)[inside], atol=0.2)


@pytest.mark.parametrize("left", [-180.0, 0.0, 100.0])
@pytest.mark.parametrize("place", [(-90.0, 0.0), (-88.0, 0.1), (-87.0, 179.95), (-86.0, 280.0), (89.0, -100.2)])
def test_longitude_latitude_maps_have_no_seam_and_no_hole_at_the_pole(  # type: ignore[no-untyped-def]
    write_tif, relief, left: float, place: tuple[float, float]
) -> None:
    lat, lon = lonlat_axes(720, 1440, 90.0, left, 0.25)
    path = write_tif("g.tif", relief(lat, lon).astype(np.float32), lonlat_wkt(), Affine(0.25, 0, left, 0, -0.25, 90.0))
    terrain = read_terrain(path, around=(*place, 60_000.0))
    assert np.isfinite(terrain.elevation_m).all()
    assert terrain.grid.cell_m == pytest.approx(0.25 * np.pi / 180 * R, rel=5e-3)
    # bilinear on 7.6 km posts of this surface; half a post from the pole the nearest row stands in
    np.testing.assert_allclose(terrain.elevation_m, expected(terrain, relief), atol=25.0)


@pytest.mark.parametrize(("lat_ts", "lon_0"), [(0.0, 0.0), (0.0, 180.0), (-84.0, 30.0)])
def test_equirectangular_maps_are_read_with_their_parallel(write_tif, relief, lat_ts: float, lon_0: float) -> None:  # type: ignore[no-untyped-def]
    lat, lon = lonlat_axes(400, 600, -83.0, 20.0, 0.005)
    to_degrees = np.pi / 180 * R
    wide = to_degrees * np.cos(np.radians(lat_ts))
    affine = Affine(0.005 * wide, 0, (20.0 - lon_0) * wide, 0, -0.005 * to_degrees, -83.0 * to_degrees)
    crs = f"+proj=eqc +lat_ts={lat_ts} +lon_0={lon_0} +R=1737400 +units=m"
    path = write_tif("e.tif", relief(lat, lon).astype(np.float32), crs, affine)
    for terrain in (read_terrain(path, around=(-84.0, 21.5, 2000.0)), read_terrain(path)):
        inside = np.isfinite(terrain.elevation_m)
        np.testing.assert_allclose(terrain.elevation_m[inside], expected(terrain, relief)[inside], atol=0.2)
        assert inside.any()


def test_no_data_does_not_bleed_into_resampled_heights(write_tif, relief) -> None:  # type: ignore[no-untyped-def]
    lat, lon = lonlat_axes(400, 600, -83.0, 20.0, 0.005)
    values = relief(lat, lon).astype(np.float32)
    values[200:, :] = -32768.0
    path = write_tif("h.tif", values, lonlat_wkt(), Affine(0.005, 0, 20.0, 0, -0.005, -83.0), nodata=-32768.0)
    terrain = read_terrain(path)
    inside = np.isfinite(terrain.elevation_m)
    x, y = terrain.grid.xy_m()
    assert (lat_lon_deg(x, y, "south")[0][inside] > -84.003).all()
    np.testing.assert_allclose(terrain.elevation_m[inside], expected(terrain, relief)[inside], atol=3.0)


def test_global_maps_ask_for_a_window(write_tif) -> None:  # type: ignore[no-untyped-def]
    path = write_tif("g.tif", np.ones((180, 360), np.int16) * 100, lonlat_wkt(), Affine(1, 0, -180, 0, -1, 90))
    with pytest.raises(InputError, match="window near a pole"):
        read_terrain(path)


# --- planetary formats ----------------------------------------------------------------------------------------------


def pds3(folder: Path, label: str, dn: np.ndarray, name: str = "LDEM_TEST") -> Path:
    (folder / f"{name}.LBL").write_text(label)
    (folder / f"{name}.IMG").write_bytes(dn.tobytes())
    return folder / f"{name}.LBL"


LOLA = Grid("south", 304, 304, 2000.0, -304_000.0, 304_000.0)


def test_a_lola_image_is_read_at_half_metres_from_label_or_image(tmp_path, on_grid, lola_label) -> None:  # type: ignore[no-untyped-def]
    dn = np.round(on_grid(LOLA) * 2).astype("<i2")
    label = pds3(tmp_path, lola_label(rows=304, cols=304), dn)
    for path in (label, label.with_suffix(".IMG")):
        terrain = read_terrain(path)
        assert terrain.grid == LOLA and terrain.source == "LDEM_TEST.LBL LDEM_TEST"
        np.testing.assert_array_equal(terrain.elevation_m, dn.astype(np.float32) / 2)


def test_the_projection_offset_of_the_80s_20m_product_puts_the_pole_on_a_pixel_corner(tmp_path, lola_label) -> None:  # type: ignore[no-untyped-def]
    text = lola_label(rows=30400, cols=30400, map_scale=20, line_offset="15199.5", sample_offset="15199.5")
    label = tmp_path / "LDEM_80S_20M.LBL"
    label.write_text(text.replace("LDEM_TEST.IMG", "LDEM_80S_20M.IMG"))
    with open(tmp_path / "LDEM_80S_20M.IMG", "wb") as stream:  # 1 848 320 000 bytes, all hole
        stream.truncate(30400 * 30400 * 2)
        for row, col, dn in ((15199, 15199, 100), (15199, 15200, 200), (15200, 15199, 300), (15200, 15200, 400)):
            stream.seek((row * 30400 + col) * 2)
            stream.write(np.int16(dn).astype("<i2").tobytes())
    terrain = read_terrain(label, around=(-90.0, 0.0, 40.0))
    assert terrain.grid == Grid("south", 4, 4, 20.0, -40.0, 40.0)
    np.testing.assert_array_equal(terrain.elevation_m[1:3, 1:3], [[50.0, 100.0], [150.0, 200.0]])
    with pytest.raises(InputError, match="924160000|30400 x 30400"):
        read_terrain(label)


def test_our_reading_of_a_label_agrees_with_gdals(tmp_path, on_grid, lola_label) -> None:  # type: ignore[no-untyped-def]
    label = pds3(tmp_path, lola_label(rows=304, cols=304), np.round(on_grid(LOLA) * 2).astype("<i2"))
    with rasterio.open(label, driver="PDS") as theirs:
        assert theirs.bounds == (LOLA.left_m, LOLA.bottom_m, LOLA.right_m, LOLA.top_m)
        np.testing.assert_array_equal(theirs.read(1) / 2, read_terrain(label).elevation_m)


@pytest.mark.parametrize(("kind", "sample_type"), [("<f4", "PC_REAL"), (">f4", "IEEE_REAL"), (">i2", "MSB_INTEGER")])
def test_lola_floats_in_kilometres_and_big_endian_integers(  # type: ignore[no-untyped-def]
    tmp_path, on_grid, lola_label, kind: str, sample_type: str
) -> None:
    heights = on_grid(LOLA)
    if kind.endswith("f4"):
        dn, facts = (heights / 1e3).astype(kind), {"unit": "KILOMETER", "scale": 1.0, "offset": "1737.4", "bits": 32}
    else:
        dn, facts = np.round(heights * 2).astype(kind), {}
    label = pds3(tmp_path, lola_label(rows=304, cols=304, sample_type=sample_type, **facts), dn)
    np.testing.assert_allclose(read_terrain(label).elevation_m, heights, atol=0.26)


def test_an_attached_label_is_read(tmp_path, on_grid, lola_label) -> None:  # type: ignore[no-untyped-def]
    dn = np.round(on_grid(LOLA) * 2).astype("<i2")
    text = lola_label(rows=304, cols=304, pointer="^IMAGE = 9").encode()
    (tmp_path / "A.IMG").write_bytes(text.ljust(8 * 608) + dn.tobytes())
    np.testing.assert_array_equal(read_terrain(tmp_path / "A.IMG").elevation_m, dn.astype(np.float32) / 2)


def test_a_cylindrical_label_counts_longitude_from_its_centre(tmp_path, relief, lola_label) -> None:  # type: ignore[no-untyped-def]
    lat, lon = lonlat_axes(720, 1440, 90.0, 0.0, 0.25)
    text = lola_label(
        rows=720, cols=1440, projection="SIMPLE CYLINDRICAL", lat=0, lon=180, resolution=4, map_scale=7580.8
    )
    label = pds3(tmp_path, text, np.round(relief(lat, lon) * 2).astype("<i2"))
    terrain = read_terrain(label, around=(-86.0, 50.0, 50_000.0))
    np.testing.assert_allclose(terrain.elevation_m, expected(terrain, relief), atol=25.0)


def test_lossless_jpeg_2000_with_its_label_equals_the_image(tmp_path, on_grid, lola_label) -> None:  # type: ignore[no-untyped-def]
    dn = np.round(on_grid(LOLA) * 2).astype("<i2")
    profile = {"driver": "JP2OpenJPEG", "height": 304, "width": 304, "count": 1, "dtype": "int16"}
    with rasterio.open(tmp_path / "LDEM_TEST.JP2", "w", QUALITY="100", REVERSIBLE="YES", **profile) as dataset:
        dataset.write(dn, 1)
    pointer = (
        'OBJECT = COMPRESSED_FILE\n FILE_NAME = "LDEM_TEST.JP2"\n ENCODING_TYPE = "JP2"\nEND_OBJECT = COMPRESSED_FILE\n'
        'OBJECT = UNCOMPRESSED_FILE\n FILE_NAME = "LDEM_TEST.IMG"\n ^IMAGE = "LDEM_TEST.IMG"\n'
        "END_OBJECT = UNCOMPRESSED_FILE"
    )
    (tmp_path / "LDEM_TEST_JP2.LBL").write_text(lola_label(rows=304, cols=304, pointer=pointer))
    for name in ("LDEM_TEST.JP2", "LDEM_TEST_JP2.LBL"):
        terrain = read_terrain(tmp_path / name)
        assert terrain.grid == LOLA
        np.testing.assert_array_equal(terrain.elevation_m, dn.astype(np.float32) / 2)


def test_a_pds4_raster_is_read(tmp_path, on_grid) -> None:  # type: ignore[no-untyped-def]
    values = on_grid(GRID).astype(np.int16)
    profile = {"driver": "PDS4", "height": 120, "width": 100, "count": 1, "dtype": "int16", "crs": crs_wkt("south")}
    with rasterio.open(tmp_path / "d.xml", "w", transform=affine_of(GRID), nodata=-32768, **profile) as dataset:
        dataset.write(values, 1)
    terrain = read_terrain(tmp_path / "d.xml")
    assert terrain.grid == GRID
    np.testing.assert_array_equal(terrain.elevation_m, values.astype(np.float32))


# --- nesting and provenance -------------------------------------------------------------------------------------------


def test_far_terrain_is_attached(polar_tif) -> None:  # type: ignore[no-untyped-def]
    cap = default_terrain("south")
    terrain = read_terrain(polar_tif(GRID), far=cap)
    assert terrain.far is cap and with_far(terrain, None).far is None
    assert [level.grid.cell_m for level in with_far(read_terrain(polar_tif(GRID)), cap).levels()] == [200.0, 1600.0]


def test_the_digest_follows_the_heights_and_their_place(polar_tif) -> None:  # type: ignore[no-untyped-def]
    one, same = read_terrain(polar_tif(GRID)), read_terrain(polar_tif(GRID, name="copy.tif", compress="deflate"))
    assert one.sha256 == same.sha256 and len(one.sha256) == 64
    moved = Grid("south", 120, 100, 200.0, -4200.0, 30_000.0)
    assert read_terrain(polar_tif(moved, name="moved.tif")).sha256 != one.sha256


def test_resampling_the_cap_from_a_copy_in_another_projection_keeps_its_heights(write_tif) -> None:  # type: ignore[no-untyped-def]
    cap = default_terrain("south")
    crs = "+proj=stere +lat_0=-90 +lon_0=90 +R=1737400 +units=m"
    turned = np.rot90(cap.elevation_m).copy()  # lon_0 = 90 turns the map by a quarter
    path = write_tif("q.tif", turned, crs, affine_of(cap.grid))
    back = read_terrain(path, around=(-89.0, 30.0, 20_000.0))
    x, y = back.grid.xy_m()
    rows = (609_600.0 - y) / 1600.0 - 0.5
    cols = (x + 609_600.0) / 1600.0 - 0.5
    assert back.grid.cell_m == 1600.0
    np.testing.assert_allclose(rows - np.round(rows), 0.0, atol=1e-6)
    want = cap.elevation_m[np.round(rows).astype(int), np.round(cols).astype(int)]
    np.testing.assert_allclose(back.elevation_m, want, atol=1e-2)


def test_positions_follow_the_frames_module() -> None:
    x, y = map_xy_m(-84.90229, 31.72665, "south")
    assert (float(x), float(y)) == pytest.approx((81342.01, 131567.0), abs=0.5)
    cap = default_terrain("south")
    row, col = cap.grid.row_col(-84.90229, 31.72665)
    assert cap.elevation_m[row, col] == 5215.0
